//! Which announced event words are about: by day in any form, weekday, place, title, the words people use, "both".
//!
//! Everything it knows of an event comes from the configuration. A day that is no event's is somewhere else.

mod context;
mod days;
mod eaten;
mod hours;
mod items;
mod names;
mod resolve;

use std::ops::Range;

use jiff::Timestamp;

use crate::config::Config;
use crate::event::SharedMeal;
use crate::letter::Letter;
use crate::rules::pack::Pack;
use crate::rules::passage::{Note, Passage};
use crate::rules::template::{Slot, Words};
use crate::text::fold;

pub use context::{NOT_BEFORE, REFUSED, SPAN};
pub use days::hour;
pub use names::Landmarks;
pub use resolve::{Ground, bare_name, resolve};

/// Value of an event note that means every announced event.
pub const ALL: u32 = u32::MAX;
/// Value of a day that is no announced event's.
pub const ELSEWHERE: u32 = u32::MAX - 1;
/// Rule of an event note that rests on a word for such things, not on what the event is called.
pub const KIN: &str = "kin";
/// Rule of an event note that holds the noun before a name as well: "film sur Calais", "celle du 3".
pub const WHOLE: &str = "whole";
/// The same, in another language than the invitation's: it calls the event by what it is.
pub const TRANSLATED: &str = "translated";

/// The subject, when the sender wrote it: not one that repeats the invitation's.
pub fn own_subject(letter: &Letter) -> &str {
    let reply = fold(&letter.subject);
    let prefixed = ["re:", "re :", "r:", "rep:", "aw:", "sv:"];
    // What was passed on has the subject of whoever wrote it first.
    let passed_on = ["tr:", "tr :", "fwd:", "fw:"];
    if passed_on.iter().any(|p| reply.trim_start().starts_with(p)) {
        return "";
    }
    let threaded = !letter.references.is_empty() || letter.quotes_us;
    if threaded && prefixed.iter().any(|p| reply.trim_start().starts_with(p)) { "" } else { &letter.subject }
}

/// The events that the thread's subject names, whoever wrote it: "Re: balade du 20".
pub fn in_subject(letter: &Letter, pack: &Pack, config: &Config, landmarks: &Landmarks) -> Vec<usize> {
    let mut passage = Passage::new(&letter.subject, pack);
    note_events(&mut passage, pack, config, landmarks, letter.date);
    mentions(&passage, 0..passage.len(), config)
}

/// Annotates the events that a passage names.
pub fn note_events(
    passage: &mut Passage,
    pack: &Pack,
    config: &Config,
    landmarks: &Landmarks,
    sent: Option<Timestamp>,
) {
    let mut notes: Vec<(Range<usize>, u32)> = Vec::new();
    for note in passage.notes.iter().filter(|n| n.slot == Slot::Date) {
        for value in days::day(passage, pack, config, landmarks, &note.words, &note.rule, sent) {
            notes.push((note.words.clone(), value));
        }
    }
    for (words, events) in days::stretches(passage, pack, landmarks, sent) {
        notes.retain(|(w, value)| *value != ELSEWHERE || !words.contains(&w.start));
        // Of several events within, the one that the invitation asks about is meant.
        let asked = config.asked().and_then(|e| u32::try_from(e).ok()).filter(|e| events.contains(e));
        match asked {
            Some(event) => notes.push((words, event)),
            None => notes.extend(events.into_iter().map(|e| (words.clone(), e))),
        }
    }
    let mut kin = Vec::new();
    let mut at = 0;
    while at < passage.len() {
        let Some(named) = landmarks.at(passage, pack, at) else {
            at += 1;
            continue;
        };
        if named.kin {
            kin.push(at);
        }
        notes.extend(named.events.iter().filter_map(|e| u32::try_from(*e).ok()).map(|e| (at..named.end, e)));
        at = named.end;
    }
    days::of_moment(passage, pack, config, &mut notes);
    named_beside(passage, &mut notes, config.events.len());
    part_of(passage, pack, config, &mut notes);
    kind_of(passage, pack, config, &mut notes);
    days::one_of(passage, pack, config, landmarks, sent, &mut notes);
    days::from_another(passage, pack, config, landmarks, &mut notes);
    hours::beginning(passage, pack, config, landmarks, &mut notes);
    days::between(passage, pack, config, &mut notes);
    days::no_workshop(passage, pack, config, landmarks, &mut notes);
    days::lined(passage, pack, landmarks, &mut notes);
    eaten::eaten(passage, pack, config, landmarks, &mut notes);
    eaten::of_that_day(passage, pack, config, landmarks, &mut notes);
    let told = context::Context { passage, pack, config, landmarks }.read(&mut notes);
    for (words, value) in notes {
        let slot = if value == ELSEWHERE { Slot::Date } else { Slot::Event };
        if slot == Slot::Event {
            let told = told.iter().find(|(at, _)| *at == words.start).map_or("", |(_, rule)| *rule);
            let abroad = pack.language != config.association.language;
            let such = if abroad { TRANSLATED } else { KIN };
            let rule = if kin.contains(&words.start) { such } else { told };
            passage.note(words, Slot::Event, value, rule);
        } else if let Some(note) = passage.notes.iter_mut().find(|n| n.slot == Slot::Date && n.words == words) {
            note.value = ELSEWHERE;
        }
    }
    with_noun(passage, pack);
}

/// "Le film sur Calais", "celle du 3", "la soirée à Valence": the name with the noun before it is a name as well.
fn with_noun(passage: &mut Passage, pack: &Pack) {
    let notes = passage.notes.iter().filter(|n| n.slot == Slot::Event);
    let whole = |n: &Note| {
        let before = |at: usize, n: usize| at.checked_sub(n);
        let listed = |list: &str, at: Option<usize>| at.is_some_and(|at| pack.listed(list, passage.word(at)));
        let start = n.words.start;
        // "Du 3" holds its own joint.
        let joined = listed("name-joints", Some(start)) && n.words.len() > 1;
        let article = usize::from(listed("the", before(start, 1)));
        let joint = listed("name-joints", before(start, article + 1)).then_some(article + 2);
        let noun = if joined { before(start, 1) } else { before(start, joint?) }?;
        let one = listed("event-nouns", Some(noun)) && passage.clause_at(noun) == passage.clause_at(start);
        one.then_some((noun..n.words.end, n.value))
    };
    let more: Vec<(Range<usize>, u32)> = notes.filter_map(whole).collect();
    for (words, value) in more {
        let known = |n: &Note| n.slot == Slot::Event && n.words == words && n.value == value;
        if !passage.notes.iter().any(known) {
            passage.note(words, Slot::Event, value, WHOLE);
        }
    }
}

/// "Le déjeuner de la formation", where a meal is shared: of that event, though another one is a meal.
fn part_of(passage: &Passage, pack: &Pack, config: &Config, notes: &mut Vec<(Range<usize>, u32)>) {
    let meal = |e: u32| config.events.get(e as usize).map(|e| e.meal);
    let whole = |words: &Range<usize>| {
        let of = pack.listed("of", passage.word(words.end));
        let from = words.end + 1 + usize::from(pack.listed("the", passage.word(words.end + 1)));
        of && notes.iter().any(|(w, e)| w.start == from && meal(*e) == Some(SharedMeal::Beside))
    };
    let drop: Vec<Range<usize>> = notes
        .iter()
        .filter(|(w, e)| meal(*e) == Some(SharedMeal::Itself) && whole(w))
        .map(|(w, _)| w.clone())
        .collect();
    notes.retain(|(w, e)| !drop.contains(w) || meal(*e) != Some(SharedMeal::Itself));
}

/// "La réunion des familles", "la réunion du 21", where another meeting is called just that: the one that is named behind.
fn kind_of(passage: &Passage, pack: &Pack, config: &Config, notes: &mut Vec<(Range<usize>, u32)>) {
    let titled = |event: u32, word: &str| {
        config.events.get(event as usize).is_some_and(|e| names::split(&e.title).iter().any(|w| w == word))
    };
    let told = |words: &Range<usize>, event: u32| {
        let of = pack.listed("of", passage.word(words.end));
        let little = |at: usize| usize::from(pack.listed("the", passage.word(at)));
        let from = words.end + usize::from(of);
        let from = words.end..=from + little(from);
        let here: Vec<u32> = notes.iter().filter(|(w, _)| from.contains(&w.start)).map(|(_, e)| *e).collect();
        words.len() == 1 && !here.contains(&event) && here.iter().any(|e| titled(*e, passage.word(words.start)))
    };
    let drop: Vec<(Range<usize>, u32)> = notes.iter().filter(|(w, e)| told(w, *e)).cloned().collect();
    notes.retain(|note| !drop.contains(note));
}

/// "Au repas le samedi suivant", of two Saturdays: the day that its clause names by another word.
fn named_beside(passage: &Passage, notes: &mut Vec<(Range<usize>, u32)>, count: usize) {
    let several = |words: &Range<usize>| notes.iter().filter(|(w, _)| w == words).count() > 1;
    let clause = |words: &Range<usize>| passage.clause_at(words.start);
    let mut drop: Vec<(Range<usize>, u32)> = Vec::new();
    for (words, value) in notes.iter().filter(|(w, value)| (*value as usize) < count && several(w)) {
        let beside: Vec<u32> =
            notes.iter().filter(|(w, _)| w != words && clause(w) == clause(words)).map(|(_, v)| *v).collect();
        let here = notes.iter().filter(|(w, _)| w == words).any(|(_, v)| beside.contains(v));
        if here && !beside.contains(value) {
            drop.push((words.clone(), *value));
        }
    }
    notes.retain(|note| !drop.contains(note));
}

/// Every event, in the order of their days.
fn in_order(config: &Config) -> Vec<usize> {
    let mut all: Vec<usize> = (0..config.events.len()).collect();
    all.sort_by_key(|e| config.events.get(*e).map(|e| e.start));
    all
}

/// The events named within a range of words.
pub fn mentions(passage: &Passage, words: Range<usize>, config: &Config) -> Vec<usize> {
    let mut out = Vec::new();
    let inside = || passage.notes.iter().filter(|n| n.slot == Slot::Event && words.contains(&n.words.start));
    let several = |n: &Note| inside().any(|o| o.words == n.words && o.value != n.value);
    let alone = |n: &Note| n.value != ALL && !several(n);
    let date = |n: &Note| passage.notes.iter().any(|d| d.slot == Slot::Date && d.words == n.words);
    // "Samedi je viens à l'assemblée": of all that day, what is named beside it.
    let beside = |n: &Note| {
        let told = |o: &Note| !date(o) && inside().any(|d| d.words == n.words && d.value == o.value);
        date(n)
            && several(n)
            && inside().any(|o| alone(o) && told(o))
            && !inside().any(|o| alone(o) && o.value == n.value)
    };
    for note in inside() {
        if note.value == ALL {
            out.extend(0..config.events.len());
        } else if !beside(note) {
            out.push(note.value as usize);
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}
