//! A reading completed by what we know of the person: what they told us before, and what we told them.
//!
//! Promises: only what the letter leaves open is completed; what it says itself is never changed. Where what is known
//! and what is read do not fit, nothing is taken over: [`Review::DoesNotFit`] or [`Review::WhichEvent`], and a person
//! reads. The roster does the rest: a field that a later letter does not speak of keeps its value, a no frees dishes.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Case;
use super::person::Sender;
use crate::config::Config;
use crate::entry::{Content, Entry, Ledger};
use crate::event::Event;
use crate::reading::{Answer, Attendance, Evidence, Kind, Part, Reading, Review, Tone};
use crate::roster;

/// More people than that are not an answer to "how many will you be?".
const PARTY: u32 = 30;
/// Rules of `people` that count without a number being said.
const UNSAID: [&str; 2] = ["people/one", "people/plural"];

/// What stands for a person about events to come, by event.
pub type Standing = BTreeMap<String, Answer>;

/// The reading of a case, completed.
pub(super) fn complete(case: &Case<'_>, sender: &Sender) -> Reading {
    let standing = standing(case, sender);
    if standing.is_empty() || !matches!(case.reading.kind, Kind::Rsvp | Kind::Question) {
        return case.reading.clone();
    }
    let to_us = case.known.acknowledgements.iter().any(|a| case.letter.references.contains(&a.message_id));
    completed(case.reading, &standing, case.events, to_us, &case.letter.reply_text())
}

/// What the person told us in letters written before this one, of events that are not over.
fn standing(case: &Case<'_>, sender: &Sender) -> Standing {
    let earlier = |e: &&Entry| match e.content {
        Content::Said(_) => e.person == sender.person && e.said < case.arrival.received,
        _ => false,
    };
    let entries = case.known.entries.iter().filter(earlier).cloned().collect();
    let config = Config { events: case.events.to_vec(), ..case.config.clone() };
    let roster = roster::fold(&Ledger { entries, ..Ledger::default() }, &config, Timestamp::MAX);
    let local = case.now.to_zoned(case.config.association.timezone.clone()).datetime();
    let mut out = Standing::new();
    for gathering in roster.gatherings.iter().filter(|g| g.event.over() >= local) {
        for guest in gathering.guests.iter().filter(|g| g.person == sender.person) {
            let answer = Answer {
                event: gathering.event.id.clone(),
                attendance: guest.attendance,
                people: guest.people,
                meal: guest.meal,
                workshops: guest.workshops.clone(),
                part: guest.part,
            };
            out.insert(answer.event.clone(), answer);
        }
    }
    out
}

/// A reading completed by what stands. `to_us`: it replies to one of our acknowledgements. `text`: what was written.
pub fn completed(reading: &Reading, standing: &Standing, events: &[Event], to_us: bool, text: &str) -> Reading {
    let mut reading = reading.clone();
    if number_alone(&mut reading, standing, to_us, text) {
        return reading;
    }
    if others_do_not_fit(&reading, standing) {
        return doubted(reading, Review::DoesNotFit);
    }
    match targets(&reading, standing, to_us) {
        Targets::Unclear => return doubted(reading, Review::WhichEvent),
        Targets::These(ids) => redirect(&mut reading, standing, events, &ids),
        Targets::AsRead => {}
    }
    keep_numbers(&mut reading, standing);
    reading
}

/// "3": the answer to the one question that we asked, how many they will be.
fn number_alone(reading: &mut Reading, standing: &Standing, to_us: bool, text: &str) -> bool {
    let open: Vec<&Answer> =
        standing.values().filter(|a| a.attendance != Attendance::No && a.people.is_none()).collect();
    let [answer] = open.as_slice() else { return false };
    let first = text.lines().map(str::trim).find(|l| !l.is_empty()).unwrap_or_default();
    let number = first.trim_end_matches(['.', '!', ' ']).parse::<u32>().ok().filter(|n| (1..=PARTY).contains(n));
    let (Some(people), true, true) = (number, to_us, reading.answers.is_empty()) else { return false };
    reading.kind = Kind::Rsvp;
    reading.answers.push(Answer { people: Some(people), ..(*answer).clone() });
    note(reading, "people", "memory/number-alone", first);
    true
}

/// It speaks of others only ("my husband will not come", "my sister comes too") where the sender has said that they
/// come: who is counted now, nobody can tell but a person.
fn others_do_not_fit(reading: &Reading, standing: &Standing) -> bool {
    let comes = |a: &Answer| standing.get(&a.event).is_some_and(|s| s.attendance != Attendance::No);
    // "Ma fille viendra aussi" counts the daughter alone; "nous serons 3" counts everybody.
    let total = |a: &Answer| {
        let field = format!("people {}", a.event);
        reading.evidence.iter().any(|e| e.field == field && e.rule.starts_with("people/total"))
    };
    let counted = |a: &Answer| a.attendance != Attendance::No && total(a);
    reading.tones.contains(&Tone::InPlace) && reading.answers.iter().any(|a| comes(a) && !counted(a))
}

enum Targets {
    /// The reading stands as it is.
    AsRead,
    /// What it says of one event, it says of these.
    These(Vec<String>),
    /// Nothing tells which.
    Unclear,
}

/// "We will be three after all", naming no event, is about the events they said yes or maybe to.
fn targets(reading: &Reading, standing: &Standing, to_us: bool) -> Targets {
    let [answer] = reading.answers.as_slice() else { return Targets::AsRead };
    let about_ours = to_us || reading.tones.contains(&Tone::Correction);
    if !reading.inferred.contains(&answer.event) || !about_ours {
        return Targets::AsRead;
    }
    let coming = standing.values().filter(|a| a.attendance != Attendance::No);
    let coming: Vec<String> = coming.map(|a| a.event.clone()).collect();
    let itself = coming.contains(&answer.event);
    let refused = standing.get(&answer.event).is_some_and(|s| s.attendance == Attendance::No);
    let number = said_number(reading, &answer.event);
    match answer.attendance {
        _ if coming.is_empty() || (itself && coming.len() == 1) => Targets::AsRead,
        Attendance::No => Targets::These(coming),
        // A no for one event and a yes for another, then "we will be three": it may be either.
        _ if refused && number => Targets::Unclear,
        _ if refused => Targets::AsRead,
        _ if number || !itself => Targets::These(coming),
        _ => Targets::AsRead,
    }
}

fn redirect(reading: &mut Reading, standing: &Standing, events: &[Event], ids: &[String]) {
    let Some(read) = reading.answers.pop() else { return };
    for event in events.iter().filter(|e| ids.contains(&e.id)) {
        let own = event.id == read.event;
        let keep = standing.get(&event.id);
        reading.answers.push(Answer {
            event: event.id.clone(),
            attendance: read.attendance,
            people: read.people,
            meal: read.meal.filter(|_| own),
            workshops: if own { read.workshops.clone() } else { Vec::new() },
            part: if own { read.part } else { keep.map_or(Part::Full, |k| k.part) },
        });
        if !own && said_number(reading, &read.event) {
            let words = read.people.map(|n| n.to_string()).unwrap_or_default();
            note(reading, &format!("people {}", event.id), "memory/same-number", &words);
        }
        note(reading, &format!("event {}", event.id), "memory/said-before", "");
    }
}

/// "I come, and bring a cake" after "we will be two": one that was only taken for granted does not undo a number.
fn keep_numbers(reading: &mut Reading, standing: &Standing) {
    let unsaid: Vec<String> =
        reading.answers.iter().filter(|a| !said_number(reading, &a.event)).map(|a| a.event.clone()).collect();
    for answer in reading.answers.iter_mut().filter(|a| unsaid.contains(&a.event)) {
        let known = standing.get(&answer.event).filter(|s| s.attendance != Attendance::No).and_then(|s| s.people);
        if answer.attendance != Attendance::No && known.is_some() {
            answer.people = None;
        }
    }
}

/// Whether the letter says how many, rather than the count resting on "I" or "we".
fn said_number(reading: &Reading, event: &str) -> bool {
    let field = format!("people {event}");
    let rule = reading.evidence.iter().rev().find(|e| e.field == field).map(|e| e.rule.as_str());
    rule.is_some_and(|r| !r.is_empty() && !UNSAID.contains(&r))
}

/// Nothing is taken over; a person reads it.
fn doubted(mut reading: Reading, why: Review) -> Reading {
    reading.answers.clear();
    reading.contributions.clear();
    reading.needs_human = true;
    if !reading.review.contains(&why) {
        reading.review.push(why);
    }
    reading
}

fn note(reading: &mut Reading, field: &str, rule: &str, words: &str) {
    let (field, rule, words) = (field.to_owned(), rule.to_owned(), words.to_owned());
    reading.evidence.push(Evidence { field, rule, words, note: String::new() });
}

#[cfg(test)]
mod tests;
