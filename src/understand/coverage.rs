//! What may be an answer and that no rule explains: such a letter goes to a person, whatever else was understood of it.
//!
//! Promises: never decides anything; only doubts. Which words look like an answer is data (`rules/LANG/coverage.toml`), loose
//! on purpose: beside a rule that fires, or where that answer was read anyway, a cue is harmless.

use std::ops::Range;

use crate::reading::{Attendance, Reading};
use crate::rules::pack::Rule;
use crate::rules::passage::Note;
use crate::rules::scan::{Effect, Finding};
use crate::rules::template::{Slot, Words};
use crate::text::fold;

use super::attendance::table;
use super::page::{Page, Piece, Place};
use super::{courtesy, event, workshops};

/// A rule's name, and the sender's words that nothing explains.
pub type Doubt = (String, String);

/// Fields whose rules, when they fire in a clause, explain its cues.
const EXPLAINS: [&str; 9] =
    ["attendance", "attending", "diets", "kind", "meal", "people", "polite", "question", "workshops"];

/// What a letter that answers nothing may answer after all.
pub fn overlooked(page: &Page<'_>) -> Option<Doubt> {
    // "Vous m'aviez notée absente, bonne nouvelle…": what takes an answer back gives another.
    let taken_back =
        page.findings("attendance").any(|(piece, f, _)| piece.place == Place::Body && f.is(Effect::Cancelled));
    let empty = taken_back || !courtesy::only_courtesy(page);
    let nothing = || empty.then(|| ("coverage/no-answer".into(), String::new()));
    cue(page, &Reading::default()).or_else(nothing)
}

/// The first reason to doubt that the reading is the whole of the letter; none when every cue is explained.
pub fn doubt(page: &Page<'_>, reading: &Reading) -> Option<Doubt> {
    if reading.answers.is_empty() {
        return Some(("coverage/no-answer".into(), String::new()));
    }
    cue(page, reading).or_else(|| unanswered(page, reading)).or_else(|| against(page, reading))
}

/// Words that mean events by their place among the others ("les deux derniers", "celui du milieu") where three are announced
/// or more, and that nothing resolves. However sure the rest is, a person reads which ones are meant.
pub fn unresolved(page: &Page<'_>) -> Option<Doubt> {
    if page.config.events.len() < 3 {
        return None;
    }
    page.pieces.iter().filter(|p| p.place == Place::Body).find_map(|piece| {
        let passage = &piece.passage;
        let noted = |words: &Range<usize>| {
            let event = |n: &Note| n.slot == Slot::Event && n.words.start < words.end && words.start < n.words.end;
            passage.notes.iter().any(event)
        };
        let pointed = (0..passage.len()).filter_map(|at| Some(at..page.pack.phrase(passage, "points-at-events", at)?));
        let words = pointed.into_iter().find(|words| !noted(words))?;
        Some(("coverage/which".into(), passage.words_of(words).to_owned()))
    })
}

/// Words that look like another answer than the one read, in a clause where no rule fired.
fn cue(page: &Page<'_>, reading: &Reading) -> Option<Doubt> {
    let read = |wanted: &[Attendance]| reading.answers.iter().any(|a| wanted.contains(&a.attendance));
    let fits = |means: &str| match means {
        "yes" => read(&[Attendance::Yes, Attendance::Maybe]),
        "no" => read(&[Attendance::No, Attendance::Maybe]),
        // Somewhere else: beside any answer, its reason or its company.
        "any" => !reading.answers.is_empty(),
        _ => read(&[Attendance::Maybe]),
    };
    page.findings("coverage").filter(|(piece, _, _)| piece.place == Place::Body).find_map(|(piece, cue, rule)| {
        // What an operator has turned, it has explained.
        let turned = [Effect::Cancelled, Effect::Conditional, Effect::Doubted].into_iter().any(|e| cue.is(e));
        // A lone "oui" or "non" carries on the sentence it stands in.
        let lone = rule.says("within") == "sentence";
        let beside = |f: &Finding| f.clause == cue.clause || lone && piece.sentence(f) == piece.sentence(cue);
        let explained = turned || piece.scan.found.iter().any(|f| beside(f) && explains(page, f));
        (!explained && !fits(rule.says("cue"))).then(|| (rule.name(), piece.words(cue).to_owned()))
    })
}

fn explains(page: &Page<'_>, finding: &Finding) -> bool {
    page.rule(finding).is_some_and(|r| EXPLAINS.contains(&r.field.as_str()))
}

/// An event that a clause names beside the answered ones: "Le mercredi soir, chorale".
fn unanswered(page: &Page<'_>, reading: &Reading) -> Option<Doubt> {
    let answered = |event: usize| {
        let id = page.config.events.get(event).map(|e| &e.id);
        reading.answers.iter().any(|a| Some(&a.event) == id)
    };
    page.pieces.iter().filter(|p| p.place == Place::Body).find_map(|piece| {
        piece.passage.clauses.iter().enumerate().find_map(|(c, clause)| {
            let named = event::mentions(&piece.passage, clause.words.clone(), page.config);
            let named = if in_a_reason(page, piece, c) { Vec::new() } else { named };
            // "Je repartirai avant le repas", of the day that is spoken of: no other event.
            let meant = |e: &usize| piece.about.get(c).is_none_or(|a| a.events.contains(e));
            let unsaid = !named.is_empty() && named.iter().all(|e| meant(e) && !answered(*e));
            // A reason names no event that waits for its answer: "puisque je travaille le jeudi".
            let reason = clause.link == "cause";
            let open =
                unsaid && !reason && !courteous(page, piece, c) && !only_a_place(page, piece, clause.words.clone());
            open.then(|| ("coverage/event".into(), piece.passage.words_of(clause.words.clone()).to_owned()))
        })
    })
}

/// "Je suis sur un chantier": every name in the clause is part of what keeps them away.
fn in_a_reason(page: &Page<'_>, piece: &Piece, clause: usize) -> bool {
    let Some(words) = piece.passage.clauses.get(clause).map(|c| &c.words) else { return false };
    let reason = |f: &&Finding| {
        let weak = |r: &Rule| r.says("attendance") == "no" && r.says("strength") == "weak";
        f.clause == clause && f.plain() && page.rule(f).is_some_and(|r| r.field == "attendance" && weak(r))
    };
    piece.passage.notes.iter().filter(|n| n.slot == Slot::Event && words.contains(&n.words.start)).all(|n| {
        let dated = piece.passage.notes.iter().any(|d| d.slot == Slot::Date && d.words == n.words);
        !dated && piece.scan.found.iter().filter(reason).any(|f| f.words.contains(&n.words.start))
    })
}

/// "Je suis étudiante à Valence": a place alone may be the sender's own.
pub(super) fn only_a_place(page: &Page<'_>, piece: &Piece, words: Range<usize>) -> bool {
    let places = || page.config.events.iter().map(|e| fold(&e.place));
    piece.passage.notes.iter().filter(|n| n.slot == Slot::Event && words.contains(&n.words.start)).all(|n| {
        let said = fold(piece.passage.words_of(n.words.clone()));
        let dated = piece.passage.notes.iter().any(|d| d.slot == Slot::Date && d.words == n.words);
        !dated && places().any(|p| p.contains(&said))
    })
}

fn courteous(page: &Page<'_>, piece: &Piece, clause: usize) -> bool {
    let field = |f: &Finding| page.rule(f).is_some_and(|r| matches!(r.field.as_str(), "polite" | "question"));
    piece.scan.found.iter().any(|f| f.clause == clause && field(f))
}

/// Whoever is absent everywhere chooses no workshop, is not counted, and stays for no meal: perhaps somebody else comes.
fn against(page: &Page<'_>, reading: &Reading) -> Option<Doubt> {
    if reading.answers.iter().any(|a| a.attendance != Attendance::No) {
        return None;
    }
    page.pieces.iter().filter(|p| p.place == Place::Body).find_map(|piece| {
        piece.scan.found.iter().filter(|f| f.plain() && !piece.asked(f)).find_map(|f| {
            let rule = page.rule(f)?;
            let comes = match rule.field.as_str() {
                // "J'étais inscrite à l'atelier 3": what was chosen before is given up with the rest.
                "workshops" if matches!(rule.says("is"), "earlier" | "drop" | "not-it") => false,
                "workshops" => piece.about(f).events.iter().any(|e| !workshops::workshops(page, *e).is_empty()),
                "meal" => rule.says("meal") == "yes",
                "attending" => !rule.says("part").is_empty(),
                _ => false,
            };
            let refused = table::refused(page, piece, f);
            (comes && !refused && !piece.about(f).another_matter()).then(|| (rule.name(), piece.words(f).to_owned()))
        })
    })
}
