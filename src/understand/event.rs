//! Which announced event words are about: by day in any form, weekday, place, title, the words people use, "both".
//!
//! Everything it knows of an event comes from the configuration. A day that is no event's is somewhere else.

mod names;
mod resolve;

use std::ops::Range;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::config::Config;
use crate::letter::Letter;
use crate::rules::pack::Pack;
use crate::rules::passage::Passage;
use crate::rules::template::{Slot, Words};
use crate::text::fold;

pub use names::Landmarks;
pub use resolve::{Ground, bare_name, resolve};

/// Value of an event note that means every announced event.
pub const ALL: u32 = u32::MAX;
/// Value of a day that is no announced event's.
pub const ELSEWHERE: u32 = u32::MAX - 1;
/// Value of an ordinal that means the last one.
const LAST: i64 = 99;
/// Rule of an event note that rests on a word for such things, not on what the event is called.
pub const KIN: &str = "kin";

/// The subject, when the sender wrote it: not one that repeats the invitation's.
pub fn own_subject(letter: &Letter) -> &str {
    let reply = fold(&letter.subject);
    let prefixed = ["re:", "re :", "r:", "tr:", "tr :", "fwd:", "fw:", "rep:", "aw:", "sv:"];
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
        for value in day(passage, pack, config, landmarks, &note.words, &note.rule, sent) {
            notes.push((note.words.clone(), value));
        }
    }
    for (words, events) in stretches(passage, pack, landmarks, sent) {
        notes.retain(|(w, value)| *value != ELSEWHERE || !words.contains(&w.start));
        // Of several events within, the one that the invitation asks about is meant.
        let asked = config.default_event().and_then(|d| config.events.iter().position(|e| e.id == d.id));
        let asked = asked.and_then(|e| u32::try_from(e).ok()).filter(|e| events.contains(e));
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
    named_beside(passage, &mut notes, config.events.len());
    for (words, value) in notes {
        let slot = if value == ELSEWHERE { Slot::Date } else { Slot::Event };
        if slot == Slot::Event {
            let rule = if kin.contains(&words.start) { KIN } else { "" };
            passage.note(words, Slot::Event, value, rule);
        } else if let Some(note) = passage.notes.iter_mut().find(|n| n.slot == Slot::Date && n.words == words) {
            note.value = ELSEWHERE;
        }
    }
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

/// "Du 10 au 20 juin", "jusqu'au 20": the announced events that fall within, with the words that say so.
fn stretches(
    passage: &Passage,
    pack: &Pack,
    landmarks: &Landmarks,
    sent: Option<Timestamp>,
) -> Vec<(Range<usize>, Vec<u32>)> {
    let listed = |list: &str, at: usize| pack.listed(list, passage.word(at));
    let days: Vec<Range<usize>> =
        passage.notes.iter().filter(|n| n.slot == Slot::Date).map(|n| n.words.clone()).collect();
    let mut out = Vec::new();
    for last in &days {
        let to = listed("stretch-to", last.start);
        let led = to && last.start.checked_sub(1).is_some_and(|before| listed("stretch-until", before));
        let open = led || listed("stretch-until", last.start);
        let first = days.iter().find(|d| to && !open && d.end == last.start && listed("stretch-from", d.start));
        if !open && first.is_none() {
            continue;
        }
        let Some((to, month)) = day_of_month(passage, pack, last) else { continue };
        let from = first.and_then(|words| day_of_month(passage, pack, words));
        let mut events = Vec::new();
        for (date, event) in &landmarks.days {
            let end = Date::new(date.year(), month.unwrap_or(date.month()), to);
            let start = match from {
                Some((day, own)) => Date::new(date.year(), own.or(month).unwrap_or(date.month()), day).ok(),
                None => sent.filter(|_| open).map(|t| t.to_zoned(jiff::tz::TimeZone::UTC).date()),
            };
            let (Ok(end), Some(start)) = (end, start) else { continue };
            // "Du 28 au 5 mars" begins in the month before.
            let start = if start > end { start.saturating_sub(jiff::Span::new().months(1)) } else { start };
            let within = start <= *date && *date <= end;
            events.extend(u32::try_from(*event).ok().filter(|_| within));
        }
        if !events.is_empty() {
            out.push((first.map_or(last.start, |f| f.start)..last.end, events));
        }
    }
    out
}

/// The day and, when said, the month of a date's words.
fn day_of_month(passage: &Passage, pack: &Pack, words: &Range<usize>) -> Option<(i8, Option<i8>)> {
    let day = words.clone().find_map(|at| passage.number(at)).and_then(|(n, _)| i8::try_from(n).ok())?;
    let month = words.clone().find_map(|at| pack.value("months", passage.word(at)));
    Some((day, month.and_then(|m| i8::try_from(m).ok())))
}

/// The events that a text names; used for the quoted lines above an inline answer.
pub fn events_in(
    text: &str,
    pack: &Pack,
    config: &Config,
    landmarks: &Landmarks,
    sent: Option<Timestamp>,
) -> Vec<usize> {
    if text.is_empty() {
        return Vec::new();
    }
    // The last lines stand right above the answer.
    let tail: Vec<&str> = text.lines().rev().take(4).collect();
    let text: String = tail.into_iter().rev().collect::<Vec<_>>().join("\n");
    let mut passage = Passage::new(&text, pack);
    note_events(&mut passage, pack, config, landmarks, sent);
    mentions(&passage, 0..passage.len(), config)
}

/// What a day means: an event, or somewhere else.
fn day(
    passage: &Passage,
    pack: &Pack,
    config: &Config,
    landmarks: &Landmarks,
    words: &Range<usize>,
    rule: &str,
    sent: Option<Timestamp>,
) -> Vec<u32> {
    if rule == "the-numbers" {
        return days(passage, pack, landmarks, words);
    }
    let mut number = None;
    let mut month = None;
    let mut weekday = None;
    let mut year = None;
    for at in words.clone() {
        let word = passage.word(at);
        if let Some(value) = pack.value("weekdays", word).filter(|_| weekday.is_none() && at == words.start) {
            weekday = Some(value);
        } else if let Some(value) = pack.value("months", word).filter(|_| number.is_some() || rule == "day-month") {
            month = month.or(Some(value));
        } else if let Some((value, _)) = passage.number(at) {
            match number {
                None => number = Some(i64::from(value)),
                Some(_) if value >= 1900 => year = Some(i64::from(value)),
                Some(_) if rule == "figures" => month = month.or(Some(i64::from(value))),
                Some(_) => {}
            }
        }
    }
    let date = sent.map(|t| t.to_zoned(config.association.timezone.clone()).date());
    if rule == "relative" {
        let offset = pack.value("relative-days", passage.word(words.start)).unwrap_or(0);
        let meant = date.and_then(|d| d.checked_add(jiff::Span::new().days(offset)).ok());
        let found: Vec<u32> = events_on(landmarks, |d| Some(d) == meant);
        return if found.is_empty() { vec![ELSEWHERE] } else { found };
    }
    let fits = |d: Date| {
        number.is_none_or(|n| n == i64::from(d.day()))
            && month.is_none_or(|m| m == i64::from(d.month()))
            && year.is_none_or(|y| y == i64::from(d.year()))
            && weekday.is_none_or(|w| w == i64::from(d.weekday().to_monday_one_offset()))
    };
    if number.is_none() && weekday.is_none() {
        return Vec::new();
    }
    // "Samedi dernier" is over.
    let gone = |at: usize| pack.value("ordinals", passage.word(at)) == Some(LAST);
    if number.is_none() && words.end.checked_sub(1).is_some_and(|at| at > words.start && gone(at)) {
        return vec![ELSEWHERE];
    }
    let mut found = events_on(landmarks, fits);
    // A slip in the weekday ("dimanche 3 mars") is still that day when the month is said or the number is telling.
    if found.is_empty() && number.is_some() && weekday.is_some() {
        found = events_on(landmarks, |d| {
            number == Some(i64::from(d.day()))
                && month.is_none_or(|m| m == i64::from(d.month()))
                && year.is_none_or(|y| y == i64::from(d.year()))
        });
    }
    if found.is_empty() {
        return vec![ELSEWHERE];
    }
    found
}

/// "Les 3 et 4 mars", "les 20 et 27": the events on those days.
fn days(passage: &Passage, pack: &Pack, landmarks: &Landmarks, words: &Range<usize>) -> Vec<u32> {
    let month = words.clone().find_map(|at| pack.value("months", passage.word(at)));
    let fits = |day: i64, d: Date| day == i64::from(d.day()) && month.is_none_or(|m| m == i64::from(d.month()));
    let numbers = words.clone().filter_map(|at| passage.number(at)).map(|(n, _)| i64::from(n));
    let found: Vec<u32> = numbers.flat_map(|n| events_on(landmarks, |d| fits(n, d))).collect();
    if found.is_empty() { vec![ELSEWHERE] } else { found }
}

fn events_on(landmarks: &Landmarks, fits: impl Fn(Date) -> bool) -> Vec<u32> {
    landmarks.days.iter().filter(|(d, _)| fits(*d)).filter_map(|(_, e)| u32::try_from(*e).ok()).collect()
}

/// The events named within a range of words.
pub fn mentions(passage: &Passage, words: Range<usize>, config: &Config) -> Vec<usize> {
    let mut out = Vec::new();
    let inside = passage.notes.iter().filter(|n| n.slot == Slot::Event && words.contains(&n.words.start));
    for note in inside {
        if note.value == ALL {
            out.extend(0..config.events.len());
        } else {
            out.push(note.value as usize);
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}
