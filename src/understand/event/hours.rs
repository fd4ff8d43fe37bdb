//! Events told by the hour at which they begin: "samedi 16 h", "celle de 19 h 30", "- 9 h : oui".
//!
//! Promises: the hour is exactly the one announced, and no other event of those days begins then. Where words say that
//! somebody leaves, or comes before or after it, it names none.

use std::ops::Range;

use crate::config::Config;
use crate::rules::pack::Pack;
use crate::rules::passage::Passage;
use crate::rules::template::{Slot, Words};

use super::days::hour;
use super::names::Landmarks;

/// How far before an hour a word may stand that says it is not the beginning.
const LED: usize = 3;

/// Adds the events that an hour tells; of a day with several, it is the one that begins then.
pub(super) fn beginning(
    passage: &Passage,
    pack: &Pack,
    config: &Config,
    landmarks: &Landmarks,
    notes: &mut Vec<(Range<usize>, u32)>,
) {
    if config.events.len() < 2 {
        return;
    }
    let hours: Vec<usize> = passage.notes.iter().filter(|n| n.slot == Slot::Hour).map(|n| n.words.start).collect();
    for at in hours {
        let (Some(minutes), end) = hour(passage, pack, at) else { continue };
        let then = |e: &u32| {
            let start = config.events.get(*e as usize).map(|e| &e.start);
            start.is_some_and(|s| i32::from(s.hour()) * 60 + i32::from(s.minute()) == minutes)
        };
        let lead = at.checked_sub(1).filter(|b| pack.listed("hour-lead", passage.word(*b)));
        let from = lead.unwrap_or(at);
        let left = (from.saturating_sub(LED)..from).any(|b| pack.listed("leaves", passage.word(b)));
        let dated = notes.iter().find(|(w, _)| w.end == from && date(passage, w)).map(|(w, _)| w.clone());
        if let Some(words) = dated.filter(|_| !left) {
            of_day(&words, end, then, notes);
        } else if told(passage, pack, at, end) {
            let all: Vec<u32> = (0u32..).take(config.events.len()).filter(then).collect();
            let last = notes.iter().filter(|(w, _)| w.end <= at).max_by_key(|(w, _)| w.start);
            let day = last.and_then(|(_, e)| landmarks.day_of(*e));
            let of_day: Vec<u32> = all.iter().copied().filter(|e| landmarks.day_of(*e) == day).collect();
            let found = if of_day.is_empty() { all } else { of_day };
            if let ([one], false) = (found.as_slice(), notes.iter().any(|(w, _)| w.contains(&at))) {
                notes.push((at..end, *one));
            }
        }
    }
}

/// "Samedi à 16 h": of the events of that day, the one that begins then; the hour is part of its name.
fn of_day(words: &Range<usize>, end: usize, then: impl Fn(&u32) -> bool, notes: &mut Vec<(Range<usize>, u32)>) {
    let here: Vec<u32> = notes.iter().filter(|(w, _)| w == words).map(|(_, e)| *e).collect();
    let kept: Vec<u32> = here.iter().copied().filter(then).collect();
    if let ([one], true) = (kept.as_slice(), here.len() > 1) {
        notes.retain(|(w, _)| w != words);
        notes.push((words.start..end, *one));
    }
}

fn date(passage: &Passage, words: &Range<usize>) -> bool {
    passage.notes.iter().any(|n| n.slot == Slot::Date && n.words == *words)
}

/// "La réunion de 16 h", "celle de 9 h", and an hour at the beginning of a line, before an answer.
fn told(passage: &Passage, pack: &Pack, at: usize, end: usize) -> bool {
    let listed = |list: &str, at: usize| pack.listed(list, passage.word(at));
    let noun = |at: usize| ["any-events", "event-nouns", "the-one-of"].iter().any(|list| listed(list, at));
    let named = at.checked_sub(2).is_some_and(|n| noun(n) && (listed("of", n + 1) || listed("hour-lead", n + 1)));
    let clause = passage.clause_at(at).and_then(|c| passage.clauses.get(c));
    let opens = clause.is_some_and(|c| {
        let start = passage.sentence(c.sentence).start;
        start == at || (start + 1 == at && listed("hour-lead", start))
    });
    named || (opens && listed("short-answers", end))
}
