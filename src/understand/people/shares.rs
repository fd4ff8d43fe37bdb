//! Who goes where, told one after the other: "Aline au débat, Igor et Samira au concert, et moi au goûter", "Luc le 8
//! et moi le 9", "pour le loto Huguette et Firmin". Each one's events run up to the next subject; each event sums its own.
//!
//! Never reads a sentence that refuses, doubts or asks, nor one in which a word stands that no rule allows there.

use std::ops::Range;

use crate::reading::Attendance;
use crate::rules::passage::Passage;
use crate::rules::scan::Effect;
use crate::rules::template::{Slot, Words};

use super::super::attendance::Verdict;
use super::super::event::{ALL, hour};
use super::super::page::{Page, Piece};
use super::Count;
use super::MOST;
use super::party::party;

/// How many go to one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Event, by place in the configuration.
    pub event: usize,
    /// How many, `None`: several.
    pub people: Option<u32>,
    /// Piece and sentence.
    pub at: (usize, usize),
    /// The sender's words.
    pub words: String,
}

/// What tells persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    /// The sender alone.
    Me,
    /// A number that nobody's name follows.
    Number,
    /// Nouns and names.
    Named,
}

/// What stands in such a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Item {
    /// Persons: how many, and what tells them.
    Who(Option<u32>, Told),
    /// Events.
    Where(Vec<usize>),
}

/// The count of an event by such a sentence.
pub(super) fn count(shares: &[Share], verdict: &Verdict) -> Option<Count> {
    let ours = shares.iter().find(|s| s.event == verdict.event)?;
    let sure = verdict.says == Attendance::Yes;
    sure.then(|| Count::new(ours.people, "people/shares", ours.words.clone()))
}

/// The shares of every event, of the first sentence that tells them.
pub fn shares(page: &Page<'_>) -> Vec<Share> {
    for (index, piece) in page.pieces.iter().enumerate() {
        let last = piece.passage.clauses.last().map_or(0, |c| c.sentence + 1);
        for sentence in 0..last {
            let words = piece.passage.sentence(sentence);
            let Some(items) = plain(page, piece, sentence).then(|| items(page, piece, words.clone())).flatten() else {
                continue;
            };
            let told = allotted(&items);
            if told.is_empty() {
                continue;
            }
            let text = piece.passage.words_of(words).to_owned();
            let share = |(event, people)| Share { event, people, at: (index, sentence), words: text.clone() };
            return told.into_iter().map(share).collect();
        }
    }
    Vec::new()
}

/// Nothing in the sentence refuses, doubts, asks or takes back.
fn plain(page: &Page<'_>, piece: &Piece, sentence: usize) -> bool {
    let here = |clause: usize| piece.passage.clauses.get(clause).is_some_and(|c| c.sentence == sentence);
    let asked = piece.passage.clauses.iter().any(|c| c.sentence == sentence && c.asked);
    // "Deux le 20, personne le 11": nobody is a number here.
    let nobody = |words: &Range<usize>| words.clone().any(|at| page.pack.listed("nobody-goes", piece.passage.word(at)));
    let operator = piece.scan.operators.iter().chain(&piece.scan.consumed).any(|o| {
        let does = page.pack.rules.get(o.rule).map_or("", |r| r.says("does"));
        matches!(does, "negate" | "cancel" | "doubt" | "condition" | "ask") && here(o.clause) && !nobody(&o.words)
    });
    let refuses = piece.scan.found.iter().filter(|f| here(f.clause) && !nobody(&f.words)).any(|f| {
        let field = page.rule(f).filter(|r| r.field == "attendance");
        field.is_some_and(|r| r.says("attendance") != "yes" || f.is(Effect::Cancelled) || f.is(Effect::Doubted))
    });
    !asked && !operator && !refuses
}

/// The persons and events of a sentence, in order; none where anything else stands among them.
fn items(page: &Page<'_>, piece: &Piece, words: Range<usize>) -> Option<Vec<Item>> {
    let (passage, pack) = (&piece.passage, page.pack);
    let mut out: Vec<Item> = Vec::new();
    let mut at = words.start;
    while at < words.end {
        let word = passage.word(at);
        if let Some((events, end)) = events(page, piece, at) {
            match out.last_mut() {
                Some(Item::Where(before)) => {
                    let new: Vec<usize> = events.into_iter().filter(|e| !before.contains(e)).collect();
                    before.extend(new);
                }
                _ => out.push(Item::Where(events)),
            }
            at = end;
        } else if passage.slot(at, Slot::Date).is_some() {
            return None;
        } else if let Some(end) = place(page, piece, at).or_else(|| aside(passage, at, words.end)) {
            at = end;
        } else if let Some((n, end)) = number_alone(page, piece, at) {
            out.push(Item::Who(Some(n), Told::Number));
            at = end;
        } else if let Some(found) = party(passage, pack, at).filter(|p| p.end <= words.end) {
            // "M. Untel", where the evening is his.
            let whole = at..found.end + usize::from(passage.capital(found.end));
            if let Some(event) = whole.clone().find(|w| passage.slot(*w, Slot::Event).is_some()) {
                at = event;
                continue;
            }
            // "Le 3 mon mari sera avec moi."
            let beside = !found.me && pack.phrase(passage, "comes-with-me", found.end).is_some();
            let people = found.people.map(|n| n + u32::from(beside));
            let again = matches!(out.last(), Some(Item::Who(..)));
            let pronoun = found.keys.is_empty() && !found.me && !found.ours;
            if !(again && pronoun) {
                let alone = found.me && found.people == Some(1);
                out.push(Item::Who(people, if alone { Told::Me } else { Told::Named }));
            }
            at = found.end.max(pack.phrase(passage, "comes-with-me", found.end).unwrap_or(0));
        } else if pack.listed("i", word) && pack.phrase(passage, "share-fill", at).is_none() {
            if !matches!(out.last(), Some(Item::Who(_, Told::Me))) {
                out.push(Item::Who(Some(1), Told::Me));
            }
            at += 1;
        } else if let Some(end) = pack.phrase(passage, "share-fill", at) {
            at = end;
        } else if out.iter().any(|i| matches!(i, Item::Where(_))) {
            return None;
        } else {
            out.clear();
            at += 1;
        }
    }
    Some(out)
}

/// "Au Rio, ma femme …": a name behind "au" is a place's.
fn place(page: &Page<'_>, piece: &Piece, at: usize) -> Option<usize> {
    let led = at.checked_sub(1).is_some_and(|b| page.pack.listed("to-place", piece.passage.word(b)));
    piece.passage.slot(at, Slot::Name).filter(|_| led)
}

/// "Moi le 20 (les enfants ont cirque)": what stands in brackets tells of nobody who goes.
fn aside(passage: &Passage, at: usize, end: usize) -> Option<usize> {
    let closes = || (at + 1..end).find(|w| passage.word(*w) == ")");
    (passage.word(at) == "(").then(closes).flatten().map(|w| w + 1)
}

/// "Trois le 3, un seul à la conférence, personne le 11": a number that nobody's name follows.
fn number_alone(page: &Page<'_>, piece: &Piece, at: usize) -> Option<(u32, usize)> {
    let (passage, pack) = (&piece.passage, page.pack);
    if pack.listed("nobody-goes", passage.word(at)) {
        let of = pack.phrase(passage, "of-us", at + 1);
        return Some((0, of.unwrap_or(at + 1)));
    }
    let count = passage.count(at).or_else(|| passage.number(at));
    let (n, end) = count.filter(|(n, _)| (1..=MOST).contains(n))?;
    if pack.listed("alone", passage.word(end)) {
        return Some((n, end + 1));
    }
    let word = passage.word(end).contains(char::is_alphanumeric);
    let leads = |w: usize| w == end || (word && pack.phrase(passage, "share-fill", end) == Some(w));
    let event = (end..end + 3).any(|w| leads(w) && events(page, piece, w).is_some());
    event.then_some((n, end))
}

/// The events that a word names.
fn events(page: &Page<'_>, piece: &Piece, at: usize) -> Option<(Vec<usize>, usize)> {
    let notes = piece.passage.notes.iter().filter(|n| n.slot == Slot::Event && n.words.start == at);
    let Some(end) = notes.clone().map(|n| n.words.end).max() else { return at_hour(page, piece, at) };
    let all = notes.clone().any(|n| n.value == ALL);
    let named = notes.map(|n| n.value as usize).filter(|e| *e < page.config.events.len());
    Some((if all { (0..page.config.events.len()).collect() } else { named.collect() }, end))
}

/// "Un à 16 h et deux à 19 h 30": the one event that begins at an hour.
fn at_hour(page: &Page<'_>, piece: &Piece, at: usize) -> Option<(Vec<usize>, usize)> {
    piece.passage.slot(at, Slot::Hour)?;
    let (minutes, end) = hour(&piece.passage, page.pack, at);
    let begins = |e: &crate::event::Event| i32::from(e.start.hour()) * 60 + i32::from(e.start.minute());
    let mut then = page.config.events.iter().enumerate().filter(|(_, e)| Some(begins(e)) == minutes);
    let (event, _) = then.next().filter(|_| then.next().is_none())?;
    Some((vec![event], end))
}

/// Each event with the sum of those who go there, when persons and events take turns to the end, at least twice.
fn allotted(items: &[Item]) -> Vec<(usize, Option<u32>)> {
    let mut out: Vec<(usize, Option<u32>)> = Vec::new();
    let mut counted: Vec<usize> = Vec::new();
    let first_where = matches!(items.first(), Some(Item::Where(_)));
    let others = items.iter().any(|i| matches!(i, Item::Who(_, told) if *told != Told::Me));
    let nobody = items.iter().all(|i| !matches!(i, Item::Who(who, _) if *who != Some(0)));
    if items.len() < 4 || !items.len().is_multiple_of(2) || !others || nobody {
        return out;
    }
    for pair in items.chunks(2) {
        let (who, told, place) = match pair {
            [Item::Who(who, told), Item::Where(place)] if !first_where => (who, *told, place),
            [Item::Where(place), Item::Who(who, told)] if first_where => (who, *told, place),
            _ => return Vec::new(),
        };
        for event in place {
            // "Deux au chantier, Luc à la haie et moi au four": names behind a number of theirs add nothing to it.
            if told == Told::Number {
                counted.push(*event);
            } else if counted.contains(event) {
                continue;
            }
            match out.iter_mut().find(|(e, _)| e == event) {
                Some((_, sum)) => *sum = sum.zip(*who).map(|(a, b)| a + b),
                None => out.push((*event, *who)),
            }
        }
    }
    out
}
