//! Answers between the quoted lines of an invitation: what they say of coming, and what they say of something else.
//!
//! Never overrules a sentence that says so: what is implied speaks only where no vote stands in the piece. Who refuses below
//! the day and accepts below its meal comes for the meal.

use crate::event::SharedMeal;
use crate::reading::{Attendance, Meal};
use crate::rules::scan::Finding;
use crate::rules::template::{Slot, Words};

use super::super::event::mentions;
use super::super::meal;
use super::super::page::{Page, Piece};
use super::super::quoted::Asks;
use super::{Vote, Weight, busy, labelled, unsaid};

/// "Sans moi" below the line about the meal, "ni l'une ni l'autre" below a workshop: no word of coming, unless an event
/// is named with it.
pub(super) fn of_something_else(page: &Page<'_>, votes: &mut Vec<Vote>) {
    votes.retain(|v| {
        let Some(piece) = page.pieces.get(v.at.0) else { return true };
        let named = || {
            let words = piece.passage.clauses.get(v.clause).map(|c| c.words.clone()).unwrap_or_default();
            !mentions(&piece.passage, words, page.config).is_empty()
        };
        match piece.quoted.as_ref().map(|q| q.asks) {
            Some(Asks::Meal) => v.says == Attendance::Yes || named(),
            Some(Asks::Workshop(..)) => (v.weight == Weight::Strong && v.says == Attendance::Yes) || named(),
            _ => true,
        }
    });
}

/// "Impossible, je fais cours" below the day, "c'est là que j'arrive", "oui" below its meal: they come, for that. Said of a
/// meal that is no event by itself.
pub(super) fn for_the_meal(page: &Page<'_>, votes: &mut Vec<Vote>) {
    for (event, announced) in page.config.events.iter().enumerate() {
        let asks = |index: usize| {
            let quoted = page.pieces.get(index).and_then(|p| p.quoted.as_ref());
            quoted.filter(|q| q.events.contains(&event)).map(|q| q.asks)
        };
        let below = |v: &&Vote| v.event == event && asks(v.at.0) == Some(Asks::Coming);
        let mut coming = votes.iter().filter(below).peekable();
        let refuses = coming.peek().is_some() && coming.all(|v| v.says == Attendance::No);
        let eats = |(index, piece): &(usize, &Piece)| {
            let comes = votes.iter().any(|v| v.event == event && v.at.0 == *index && v.says == Attendance::Yes);
            asks(*index) == Some(Asks::Meal) && (comes || meal::below(page, piece).is_some_and(|t| t.0 == Meal::Yes))
        };
        let eaten = page.pieces.iter().enumerate().find(eats);
        let Some((index, piece)) = eaten.filter(|_| refuses && announced.meal == SharedMeal::Beside) else { continue };
        let words = piece.passage.clauses.first().map(|c| piece.passage.words_of(c.words.clone())).unwrap_or_default();
        let vote = Vote::implied(event, true, (index, 0), "attendance/for-the-meal", words);
        votes.retain(|v| !below(&v));
        let mut said = votes.iter_mut().filter(|v| v.event == event && v.at.0 == index).peekable();
        if said.peek().is_none() {
            votes.push(Vote { for_the_meal: true, ..vote });
        } else {
            said.for_each(|v| v.for_the_meal = true);
        }
    }
}

/// "Moi seul", "2", "ni elle ni moi", what one does that day, "aussi" right below the quoted announcement of an event.
pub(super) fn under_quote(page: &Page<'_>, votes: &mut Vec<Vote>) {
    for (index, piece) in page.pieces.iter().enumerate() {
        let Some(quoted) = piece.quoted.as_ref().filter(|q| q.asks == Asks::Coming && !q.events.is_empty()) else {
            continue;
        };
        if votes.iter().any(|v| v.at.0 == index) {
            continue;
        }
        let Some((says, weight, same_as)) = says(page, piece, index, votes) else { continue };
        let rule = if weight == Weight::Weak { "attendance/busy" } else { "attendance/under-quote" };
        let words = piece.passage.clauses.first().map(|c| c.words.clone()).unwrap_or_default();
        for event in &quoted.events {
            let vote = Vote::implied(*event, true, (index, 0), rule, piece.passage.words_of(words.clone()));
            votes.push(Vote { says, written: says, weight, same_as, ..vote });
        }
    }
}

/// What a piece without a vote says of coming, how firmly, and of which other event it says the same.
fn says(page: &Page<'_>, piece: &Piece, index: usize, votes: &[Vote]) -> Option<(Attendance, Weight, Option<usize>)> {
    let first = piece.passage.clauses.first().filter(|c| c.link != "condition")?;
    // A question below a quoted line is no answer to it.
    if piece.passage.clauses.iter().any(|c| c.asked) {
        return None;
    }
    // "Aussi.", "même réponse": what was said of the event quoted before.
    let carries_on =
        |f: &Finding| f.clause == 0 && page.rule(f).is_some_and(|r| r.field == "events" && r.says("is") == "also");
    if first.words.len() <= ALONE && piece.scan.found.iter().any(carries_on) {
        let before = votes.iter().rev().find(|v| v.at.0 < index && v.weight > Weight::Weak)?;
        return Some((before.says, Weight::Bare, Some(before.event)));
    }
    if let Some(says) = labelled::verdict(page, piece, &[first]) {
        return Some((says, Weight::Bare, None));
    }
    if unsaid::persons_only(page, piece, first).is_some_and(|p| p.any) {
        return Some((Attendance::Yes, Weight::Bare, None));
    }
    // "9 h tapantes".
    if piece.passage.slot(first.words.start, Slot::Hour).is_some() {
        return Some((Attendance::Yes, Weight::Bare, None));
    }
    let sentence: Vec<usize> =
        (0..piece.passage.clauses.len()).filter(|c| sentence_of(piece, *c) == first.sentence).collect();
    busy::tells_of_ones_own(page, piece, &sentence).then_some((Attendance::No, Weight::Weak, None))
}

/// Words of an answer that only carries on: "aussi", "idem pour moi".
const ALONE: usize = 3;

fn sentence_of(piece: &Piece, clause: usize) -> usize {
    piece.passage.clauses.get(clause).map_or(0, |c| c.sentence)
}
