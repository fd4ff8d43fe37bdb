//! Answers between the quoted lines of an invitation: what they say of coming, and what they say of something else.
//!
//! Never overrules a sentence that says so: what is implied speaks only where no vote stands in the piece.

use crate::reading::Attendance;

use super::super::event::mentions;
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

/// "Moi seul", "2", "ni elle ni moi", what one does that day, "aussi" right below the quoted announcement of an event.
pub(super) fn under_quote(page: &Page<'_>, votes: &mut Vec<Vote>) {
    for (index, piece) in page.pieces.iter().enumerate() {
        let Some(quoted) = piece.quoted.as_ref().filter(|q| q.asks == Asks::Coming && !q.events.is_empty()) else {
            continue;
        };
        if votes.iter().any(|v| v.at.0 == index) {
            continue;
        }
        let Some((says, weight, rule)) = says(page, piece, index, votes) else { continue };
        let words = piece.passage.clauses.first().map(|c| c.words.clone()).unwrap_or_default();
        for event in &quoted.events {
            let vote = Vote::implied(*event, true, (index, 0), rule, piece.passage.words_of(words.clone()));
            votes.push(Vote { says, written: says, weight, ..vote });
        }
    }
}

/// What a piece without a vote says of coming, how firmly, and by which rule.
fn says(page: &Page<'_>, piece: &Piece, index: usize, votes: &[Vote]) -> Option<(Attendance, Weight, &'static str)> {
    let first = piece.passage.clauses.first().filter(|c| !c.asked && c.link != "condition")?;
    let sentence: Vec<usize> =
        (0..piece.passage.clauses.len()).filter(|c| sentence_of(piece, *c) == first.sentence).collect();
    // A question below a quoted line is no answer to it.
    if piece.passage.clauses.iter().any(|c| c.asked) {
        return None;
    }
    if let Some(says) = labelled::verdict(page, piece, &[first]) {
        return Some((says, Weight::Bare, "attendance/under-quote"));
    }
    if nobody(piece) {
        return Some((Attendance::No, Weight::Bare, "attendance/under-quote"));
    }
    if unsaid::persons_only(page, piece, first).is_some_and(|p| p.any) {
        return Some((Attendance::Yes, Weight::Bare, "attendance/under-quote"));
    }
    // "Aussi.": what was said of the event quoted before.
    let also = piece
        .scan
        .found
        .iter()
        .any(|f| f.clause == 0 && page.rule(f).is_some_and(|r| r.field == "events" && r.says("is") == "also"));
    if also && first.words.len() <= ALONE {
        let before = votes.iter().rev().find(|v| v.at.0 < index && v.weight > Weight::Weak);
        return before.map(|v| (v.says, Weight::Bare, "attendance/under-quote"));
    }
    busy::tells_of_ones_own(page, piece, &sentence, false).then_some((Attendance::No, Weight::Weak, "attendance/busy"))
}

/// Words of an answer that only carries on: "aussi", "idem pour moi".
const ALONE: usize = 3;

fn sentence_of(piece: &Piece, clause: usize) -> usize {
    piece.passage.clauses.get(clause).map_or(0, |c| c.sentence)
}

/// "0", "zéro, match de hand": a count of nobody opens the answer.
fn nobody(piece: &Piece) -> bool {
    let Some(first) = piece.passage.clauses.first() else { return false };
    piece.passage.count(first.words.start).is_some_and(|(n, end)| n == 0 && end == first.words.end)
}
