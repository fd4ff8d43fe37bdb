//! What one finding says of coming once the operators have acted, and how much it weighs.
//!
//! Never lets what is said of the meal, of a workshop, of another day or out of courtesy speak for coming.

use std::ops::Range;

use crate::event::SharedMeal;
use crate::reading::Attendance;
use crate::rules::pack::Rule;
use crate::rules::scan::{Effect, Finding};
use crate::rules::template::Slot;

use super::super::event::bare_name;
use super::super::page::{Page, Piece};
use super::super::people;
use super::Weight;

/// What a finding says once the operators have acted, and what it said before; `None` when it says nothing.
pub(super) fn weigh(
    page: &Page<'_>,
    piece: &Piece,
    finding: &Finding,
    rule: &Rule,
    elsewhere: bool,
) -> Option<(Attendance, Attendance, Weight)> {
    let written = match rule.says("attendance") {
        "yes" => Attendance::Yes,
        "no" => Attendance::No,
        "maybe" => Attendance::Maybe,
        _ => return None,
    };
    // "Pas d'atelier 2 pour moi": of a workshop, not of coming.
    if refuses_workshop(page, piece, finding) {
        return None;
    }
    let mut weight = match rule.says("strength") {
        "weak" => Weight::Weak,
        "bare" => Weight::Bare,
        _ => Weight::Strong,
    };
    if finding.is(Effect::Cancelled) || (weight < Weight::Strong && courteous(page, piece, finding, weight)) {
        return None;
    }
    let registering = rule.says("asked") == "counts";
    if (piece.asked(finding) || finding.is(Effect::Asked)) && !registering {
        return None;
    }
    if rule.says("counts") == "negated" && !finding.negated() {
        return None;
    }
    // "Je viens avec ma nièce si elle finit à temps": the niece's coming hangs on it.
    let another = || people::companion_hangs(page, piece, finding) || hangs_elsewhere(page, piece, finding);
    let conditional = finding.is(Effect::Conditional) && !another();
    let unsure = finding.is(Effect::Doubted) || conditional;
    let says = match (written, finding.negated(), unsure) {
        (Attendance::Yes, true, true) => Attendance::Maybe,
        (Attendance::Yes, true, false) if weight == Weight::Bare => return None,
        (Attendance::Yes, true, false) => Attendance::No,
        (Attendance::Yes, false, true) => Attendance::Maybe,
        (Attendance::Yes, false, false) => Attendance::Yes,
        // "Ce n'est pas impossible", "je ne suis pas absent": too fine to act on.
        (Attendance::No, true, _) if weight == Weight::Weak => return None,
        (Attendance::No, true, _) => Attendance::Maybe,
        (Attendance::No, false, true) if weight == Weight::Weak => return None,
        (Attendance::No, false, true) => Attendance::Maybe,
        (Attendance::No, false, false) => Attendance::No,
        (Attendance::Maybe, _, _) => Attendance::Maybe,
    };
    if about_the_meal(page, piece, finding, written, says) || beneath_the_meal(page, piece, finding, weight) {
        return None;
    }
    // A day that is no event's is another matter; a reason may be one.
    let reason = says == Attendance::No && weight == Weight::Weak;
    let another_day = rule.says("day") == "same" && piece.about(finding).another_matter();
    if reason && (another_day || names_it(piece, finding)) {
        return None;
    }
    // "Pris le 3 par le conseil municipal": what keeps them from the event is another matter, and names its day.
    let kept_away = says == Attendance::No && written == Attendance::No && names_a_day(piece, finding);
    if elsewhere && !reason && !kept_away && says != Attendance::Maybe {
        return None;
    }
    if finding.is(Effect::Aside) {
        weight = Weight::Weak;
    }
    Some((says, written, weight))
}

/// "Non", "je rentre" right below the quoted line about the meal.
fn beneath_the_meal(page: &Page<'_>, piece: &Piece, finding: &Finding, weight: Weight) -> bool {
    let below = |f: &Finding| page.rule(f).is_some_and(|r| r.field == "under") && f.clause == finding.clause;
    piece.under_the_meal() && (weight == Weight::Bare || piece.scan.found.iter().any(below))
}

/// "La soupe sans hésiter, le concert si mon fils me ramène": the condition is behind the name of another event.
fn hangs_elsewhere(page: &Page<'_>, piece: &Piece, finding: &Finding) -> bool {
    let clauses = &piece.passage.clauses;
    let sentence = piece.sentence(finding);
    let mut behind = clauses.iter().enumerate().skip(finding.clause + 1).take_while(|(_, c)| c.sentence == sentence);
    let Some((condition, _)) = behind.find(|(_, c)| c.link == "condition") else { return false };
    let before = condition - 1;
    let named =
        clauses.get(before).filter(|c| before > finding.clause && bare_name(&piece.passage, page.pack, &c.words));
    let mine = &piece.about(finding).events;
    named.is_some() && piece.about.get(before).is_some_and(|a| a.named && a.events.iter().all(|e| !mine.contains(e)))
}

/// The words hold the day of an event.
fn names_a_day(piece: &Piece, finding: &Finding) -> bool {
    let notes = || piece.passage.notes.iter().filter(|n| finding.words.contains(&n.words.start));
    notes().any(|n| n.slot == Slot::Event && notes().any(|d| d.slot == Slot::Date && d.words == n.words))
}

/// "Je passe à l'AG", announced: the event's own name is no engagement elsewhere.
pub(super) fn names_it(piece: &Piece, finding: &Finding) -> bool {
    let notes = &piece.passage.notes;
    let dated = |words: &Range<usize>| notes.iter().any(|d| d.slot == Slot::Date && d.words == *words);
    notes.iter().any(|n| {
        let last = n.words.contains(&(finding.words.end.saturating_sub(1)));
        n.slot == Slot::Event && last && finding.words.contains(&n.words.start) && !dated(&n.words)
    })
}

/// "Super affiche", "je la partage 👍": a lone word of assent that is part of a courtesy, or beside what was done with
/// the invitation, answers nothing; nor does a reason in the very clause that says what was done with it.
fn courteous(page: &Page<'_>, piece: &Piece, finding: &Finding, weight: Weight) -> bool {
    let courtesy = |f: &Finding| {
        page.rule(f).is_some_and(|r| r.field == "polite" && (r.says("is") == "courtesy" || r.says("parts") == "true"))
    };
    let around = |f: &Finding| {
        f.words.start <= finding.words.start && finding.words.end <= f.words.end && f.words != finding.words
    };
    if piece.scan.found.iter().any(|f| around(f) && courtesy(f)) {
        return true;
    }
    match weight {
        Weight::Bare => passed_on(page, piece, piece.sentence(finding)),
        _ => piece.scan.found.iter().any(|f| f.clause == finding.clause && passes_on(page, f)),
    }
}

/// A sentence says what was done with the invitation.
pub(super) fn passed_on(page: &Page<'_>, piece: &Piece, sentence: usize) -> bool {
    piece.scan.found.iter().any(|f| passes_on(page, f) && piece.sentence(f) == sentence)
}

fn passes_on(page: &Page<'_>, finding: &Finding) -> bool {
    page.rule(finding).is_some_and(|r| r.field == "polite" && r.says("passes") == "true")
}

/// The words overlap those that refuse a workshop, or waver between two.
fn refuses_workshop(page: &Page<'_>, piece: &Piece, finding: &Finding) -> bool {
    if page.config.events.iter().all(|e| e.workshops.is_empty()) {
        return false;
    }
    piece.scan.found.iter().any(|f| {
        let over = f.words.start < finding.words.end && f.words.end > finding.words.start;
        over && page.rule(f).is_some_and(|r| r.field == "workshops" && !r.says("refuses").is_empty())
    })
}

/// A refusal of the meal is no refusal to come, and a doubt about it no doubt about coming.
fn about_the_meal(page: &Page<'_>, piece: &Piece, finding: &Finding, written: Attendance, says: Attendance) -> bool {
    let sentence = piece.sentence(finding);
    let fires = |field: &str, whole: bool| {
        piece.scan.found.iter().any(|f| {
            let here = if whole { piece.sentence(f) == sentence } else { f.clause == finding.clause };
            here && f.words != finding.words && page.rule(f).is_some_and(|r| r.field == field)
        })
    };
    // "Pour le déjeuner, ne comptez pas sur moi": part of what is said of the meal.
    let within = |f: &Finding| {
        f.words.start <= finding.words.start && finding.words.end <= f.words.end && f.words != finding.words
    };
    let refuses = |f: &Finding| within(f) && page.rule(f).is_some_and(|r| r.field == "meal" && r.says("meal") == "no");
    let beside = |e: &usize| page.config.events.get(*e).is_some_and(|e| e.meal == SharedMeal::Beside);
    if says == Attendance::No && piece.about(finding).events.iter().any(beside) && piece.scan.found.iter().any(refuses)
    {
        return true;
    }
    match written {
        Attendance::Yes => says == Attendance::No && fires("meal", false),
        Attendance::No => {
            let strength = page.rule(finding).map_or("", |r| r.says("strength"));
            let slight = strength == "weak" || (strength == "bare" && piece.about(finding).events.iter().any(beside));
            says == Attendance::No && slight && fires("meal", false)
        }
        Attendance::Maybe => {
            let vague = page.rule(finding).is_some_and(|r| r.says("about") == "anything");
            let a_part = vague && piece.about(finding).events.iter().any(beside);
            a_part && (fires("meal", false) || (fires("meal", true) && !decided(page, piece, sentence)))
        }
    }
}

/// The sentence says elsewhere whether they come.
fn decided(page: &Page<'_>, piece: &Piece, sentence: usize) -> bool {
    piece.scan.found.iter().any(|f| {
        let rule = page.rule(f).filter(|r| r.field == "attendance" && r.says("counts").is_empty());
        rule.is_some_and(|r| r.says("attendance") != "maybe") && piece.sentence(f) == sentence
    })
}
