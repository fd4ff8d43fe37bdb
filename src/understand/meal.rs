//! The shared meal: do they stay? What is brought to share says yes, unless they say they do not stay.

use std::ops::Range;

use crate::event::SharedMeal;
use crate::reading::{Attendance, Meal, Part, Sort};
use crate::rules::scan::{Effect, Finding};
use crate::rules::template::Words;

use super::attendance::{Verdict, table};
use super::attending;
use super::contributions::Offer;
use super::page::{Page, Piece};

/// Whether those who come to the event stay for its meal; `None` when nothing is said. With the rule and the words.
pub fn meal(page: &Page<'_>, verdict: &Verdict, part: Part, offers: &[Offer]) -> Option<(Meal, String, String)> {
    let event = page.config.events.get(verdict.event)?;
    if verdict.says == Attendance::No || event.meal == SharedMeal::None {
        return None;
    }
    let said = said(page, verdict.event, verdict.says);
    if let Some(found) = said {
        return Some(found);
    }
    if event.meal == SharedMeal::Itself {
        let meal = if attending::after_the_meal(page, verdict) { Meal::No } else { Meal::Yes };
        return Some((meal, "meal/itself".into(), String::new()));
    }
    if part == Part::MealOnly {
        return Some((Meal::Yes, "meal/only".into(), String::new()));
    }
    // "Je repars à midi", though a dish be left.
    if attending::before_the_meal(page, verdict) {
        return Some((Meal::No, "meal/gone".into(), String::new()));
    }
    let meals = page.config.events.iter().filter(|e| e.meal != SharedMeal::None).count();
    let early = for_the_morning(page, offers);
    let shared = offers.iter().zip(early).filter(|(_, early)| !early).map(|(o, _)| o).find(|o| {
        // What is brought is for the one meal, even where the clause speaks of another event.
        let ours = meals == 1 || o.about.events.is_empty() || o.about.events.contains(&verdict.event);
        let shared_sort = matches!(o.contribution.kind, Sort::Food | Sort::Drink | Sort::Tableware);
        let below = page.pieces.get(o.piece).is_some_and(|p| beneath(p, verdict.event));
        shared_sort && (ours || below)
    });
    shared.map(|o| (Meal::Yes, "meal/brings".into(), o.contribution.what.clone()))
}

/// For each offer: said to be for the welcome in the morning ("l'accueil du matin : thé et biscuits"), not for the meal.
fn for_the_morning(page: &Page<'_>, offers: &[Offer]) -> Vec<bool> {
    let said = |piece: &Piece, words: Range<usize>| {
        words.clone().any(|at| page.pack.lexicon.end(&piece.passage, at, words.end, "for-morning").is_some())
    };
    let next_to = |a: &Offer, b: &Offer| a.piece == b.piece && b.words.start <= a.words.end + 1;
    let mut early: Vec<bool> = Vec::new();
    for (index, offer) in offers.iter().enumerate() {
        let Some(piece) = page.pieces.get(offer.piece) else {
            early.push(false);
            continue;
        };
        let sentence = piece.passage.clauses.get(offer.clause).map_or(0, |c| c.sentence);
        let bounds = piece.passage.sentence(sentence);
        let here = |o: &&Offer| o.piece == offer.piece && bounds.contains(&o.words.start);
        let before = index.checked_sub(1).and_then(|i| offers.get(i)).filter(here);
        let after = offers.get(index + 1).filter(here);
        let end = after.map_or(bounds.end, |o| o.words.start).max(offer.words.end);
        let first = before.is_none() && said(piece, bounds.start..offer.words.start);
        early.push(first || said(piece, offer.words.end..end));
    }
    // "du café et des brioches": what is said of the one is said of the other.
    for index in 1..offers.len() {
        let listed = matches!((offers.get(index - 1), offers.get(index)), (Some(a), Some(b)) if next_to(a, b));
        if let (true, Some([a, b])) = (listed, early.get_mut(index - 1..=index)) {
            *b |= *a;
        }
    }
    for index in (1..offers.len()).rev() {
        let listed = matches!((offers.get(index - 1), offers.get(index)), (Some(a), Some(b)) if next_to(a, b));
        if let (true, Some([a, b])) = (listed, early.get_mut(index - 1..=index)) {
            *a |= *b;
        }
    }
    early
}

/// It stands right below the quoted line about the event's meal.
fn beneath(piece: &Piece, event: usize) -> bool {
    piece.under_the_meal() && piece.quoted.as_ref().is_some_and(|q| q.events.contains(&event))
}

/// "Oui", "donc non", "sans moi", "je rentre" right below the quoted line about the meal: what the piece says of it.
pub fn below(page: &Page<'_>, piece: &Piece) -> Option<(Meal, String, String)> {
    if !piece.under_the_meal() {
        return None;
    }
    let plain = piece.scan.found.iter().filter(|f| f.plain() && !piece.asked(f));
    let told = plain.filter_map(|f| {
        let rule = page.rule(f)?;
        let meal = match (rule.field.as_str(), rule.says("meal"), rule.says("attendance"), rule.says("strength")) {
            ("under", "yes", ..) | ("attendance", _, "yes", "bare") => Meal::Yes,
            ("under", ..) => Meal::No,
            // "Non merci", and no more; "garde à l'hôpital" is a reason.
            ("attendance", _, "no", strength) if strength != "weak" || alone(piece, f) => Meal::No,
            _ => return None,
        };
        // What is said of coming says more than the words that stand only here.
        Some((rule.field == "attendance", (meal, rule.name(), piece.words(f).to_owned())))
    });
    told.max_by_key(|(said, _)| *said).map(|(_, told)| told)
}

/// Its words are a whole clause.
fn alone(piece: &Piece, finding: &Finding) -> bool {
    piece.passage.clauses.get(finding.clause).is_some_and(|c| c.words == finding.words)
}

/// What is said in so many words; the last word wins, a group of which some stay stays.
fn said(page: &Page<'_>, event: usize, attendance: Attendance) -> Option<(Meal, String, String)> {
    let meals = page.config.events.iter().filter(|e| e.meal != SharedMeal::None).count();
    let beside = page.config.events.get(event).is_some_and(|e| e.meal == SharedMeal::Beside);
    let unnamed = |p: &Piece| p.quoted.as_ref().is_some_and(|q| q.events.is_empty());
    let mut below = page.pieces.iter().filter(|p| beneath(p, event) || unnamed(p)).filter_map(|p| below(page, p));
    let mut out = below.next_back();
    for (piece, finding, rule) in page.findings("meal") {
        let about = piece.about(finding);
        // One meal among the events: "le repas" is that one, whatever the clause is about.
        let ours = about.events.contains(&event) || meals == 1 || beneath(piece, event);
        if !ours || finding.is(Effect::Cancelled) || piece.asked(finding) || about.another_matter() {
            continue;
        }
        let unsure = finding.is(Effect::Doubted) || (finding.is(Effect::Conditional) && attendance == Attendance::Yes);
        let meal = match (rule.says("meal"), finding.negated()) {
            _ if unsure => continue,
            ("yes", false) | ("no", true) => Meal::Yes,
            ("yes", true) | ("no", false) => Meal::No,
            // "Sans moi pour le repas".
            ("mention", _) if table::refused(page, piece, finding) => Meal::No,
            ("mention", _) if beside && denied(page, piece, finding) => Meal::No,
            _ => continue,
        };
        out = Some((meal, rule.name(), piece.words(finding).to_owned()));
    }
    out
}

/// The clause that speaks of the meal says no there, though no rule does: "je ne partagerai pas votre table". Not where it
/// speaks of food ("pas de porc au repas"), nor where the sender does not know.
fn denied(page: &Page<'_>, piece: &Piece, meal: &Finding) -> bool {
    let (passage, pack) = (&piece.passage, page.pack);
    let rules = |found: &'_ [Finding]| -> Vec<usize> {
        found.iter().filter(|f| f.clause == meal.clause).map(|f| f.rule).collect()
    };
    let (mut operators, said) = (rules(&piece.scan.operators), rules(&piece.scan.found));
    operators.extend(rules(&piece.scan.consumed));
    let does = |sort: &str| operators.iter().filter_map(|r| pack.rules.get(*r)).any(|r| r.says("does") == sort);
    let says = |field: &str, value: &str| {
        said.iter().filter_map(|r| pack.rules.get(*r)).any(|r| r.field == field && r.says(field) == value)
    };
    let eaten = || {
        let clause = passage.clauses.get(meal.clause).map_or(0..0, |c| c.words.clone());
        let food = |list: &str| list.starts_with("food") || list.starts_with("drink");
        let mut others = clause.filter(|w| !meal.words.contains(w));
        others.any(|w| pack.lexicon.longest(passage, w, passage.len(), food).is_some())
    };
    let unsure = ["doubt", "condition", "ask", "cancel"].into_iter().any(does) || says("attendance", "maybe");
    let told = says("meal", "yes") || says("meal", "no");
    does("negate") && !unsure && !told && !eaten()
}
