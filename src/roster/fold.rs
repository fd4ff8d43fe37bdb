//! Which entries count, and what each person's last word on each event is.
//!
//! A later letter that says nothing of a field leaves what an earlier one said ("we will be three after all" keeps the
//! workshop). An organiser's word is whole: it replaces all of it. After a no, everything starts afresh.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Diet, Guest, Number};
use crate::entry::{Content, Entry, Ledger, Origin, Person, Said};
use crate::event::{Event, SharedMeal};
use crate::reading::{Answer, Attendance, Kind, Meal, Part, Tone};

/// Guests by person and event.
pub type Guests = BTreeMap<(Person, String), Guest>;

/// The entries that count at `now`, in the order their words were written. An undo can be undone in its turn; undoing a
/// later entry, or itself, means nothing.
pub fn live(ledger: &Ledger, now: Timestamp) -> Vec<&Entry> {
    let undone = undone(ledger, now);
    let mut known: Vec<&Entry> = ledger.entries.iter().filter(|e| e.at <= now).collect();
    known.retain(|e| !undone.contains(&e.id) && !matches!(e.content, Content::Undo(_)));
    known.sort_by_key(|e| (e.said, e.id));
    known
}

/// The entries that were undone, undoing ones among them.
pub fn undone(ledger: &Ledger, now: Timestamp) -> BTreeSet<i64> {
    let mut known: Vec<&Entry> = ledger.entries.iter().filter(|e| e.at <= now).collect();
    known.sort_by_key(|e| e.id);
    let mut undone = BTreeSet::new();
    for entry in known.iter().rev() {
        if let Content::Undo(id) = entry.content
            && id < entry.id
            && !undone.contains(&entry.id)
        {
            undone.insert(id);
        }
    }
    undone
}

/// How an organiser calls an entry.
pub fn number(entry: &Entry) -> Number {
    match entry.origin {
        Origin::Letter(id) => Number::Letter(id),
        Origin::Organiser { .. } | Origin::Command => Number::Correction(entry.id),
    }
}

/// What people said, with the entry that holds it.
pub fn said<'a>(live: &[&'a Entry]) -> impl Iterator<Item = (&'a Entry, &'a Said)> {
    let of = |e: &'a Entry| if let Content::Said(said) = &e.content { Some((e, said)) } else { None };
    live.iter().copied().filter_map(of)
}

/// The last word of each person on each event that is still in the configuration.
pub fn guests(live: &[&Entry], events: &[Event]) -> Guests {
    let mut guests = Guests::new();
    for (entry, said) in said(live) {
        for answer in &said.answers {
            let Some(event) = events.iter().find(|e| e.id == answer.event) else { continue };
            let key = (entry.person.clone(), answer.event.clone());
            let guest = heard(guests.get(&key), entry, said, answer, event);
            guests.insert(key, guest);
        }
        // "In the name of …" may come in a letter of its own.
        for guest in guests.values_mut().filter(|g| g.person == entry.person) {
            if said.organisation.is_some() {
                guest.organisation.clone_from(&said.organisation);
            }
        }
    }
    guests
}

fn heard(before: Option<&Guest>, entry: &Entry, said: &Said, answer: &Answer, event: &Event) -> Guest {
    let corrected = !matches!(entry.origin, Origin::Letter(_));
    let comes = answer.attendance != Attendance::No;
    let mut guest = Guest {
        person: entry.person.clone(),
        shown: entry.shown.clone(),
        number: number(entry),
        entry: entry.id,
        said: entry.said,
        corrected,
        attendance: answer.attendance,
        people: if comes { answer.people } else { Some(0) },
        meal: if comes { answer.meal } else { None },
        workshops: if comes { answer.workshops.clone() } else { Vec::new() },
        part: if comes { answer.part } else { Part::Full },
        organisation: said.organisation.clone(),
    };
    if let Some(before) = before {
        if guest.organisation.is_none() {
            guest.organisation.clone_from(&before.organisation);
        }
        if comes && before.attendance != Attendance::No && !corrected {
            guest.people = guest.people.or(before.people);
            guest.meal = guest.meal.or(before.meal);
            if guest.workshops.is_empty() {
                guest.workshops.clone_from(&before.workshops);
            }
            if guest.part == Part::Full && !said.tones.contains(&Tone::Correction) {
                guest.part = before.part;
            }
        }
    }
    if comes && event.meal == SharedMeal::Itself {
        guest.meal = guest.meal.or(Some(Meal::Yes));
    }
    if event.meal == SharedMeal::None {
        guest.meal = None;
    }
    guest
}

/// Diets of everyone who did not say no to everything they answered; each said once.
pub fn diets(live: &[&Entry], guests: &Guests) -> Vec<Diet> {
    let mut diets: Vec<Diet> = Vec::new();
    for (entry, said) in said(live) {
        let mut answers = guests.values().filter(|g| g.person == entry.person).peekable();
        if answers.peek().is_some() && answers.all(|g| g.attendance == Attendance::No) {
            continue;
        }
        for words in &said.diets {
            let same = |d: &Diet| d.person == entry.person && crate::text::fold(&d.words) == crate::text::fold(words);
            if !diets.iter().any(same) {
                let (person, shown) = (entry.person.clone(), entry.shown.clone());
                diets.push(Diet { person, shown, number: number(entry), words: words.clone() });
            }
        }
    }
    diets
}

/// Letters that an organiser has dealt with.
pub fn handled(live: &[&Entry]) -> BTreeSet<i64> {
    let of = |e: &&Entry| if let Content::Handled(letter) = e.content { Some(letter) } else { None };
    live.iter().filter_map(of).collect()
}

/// Letters that a person should still read.
pub fn waiting(ledger: &Ledger, handled: &BTreeSet<i64>, now: Timestamp) -> Vec<i64> {
    let answerable = |kind: Kind| matches!(kind, Kind::Rsvp | Kind::Question);
    let mut waiting: Vec<i64> = ledger
        .letters
        .iter()
        .filter(|l| l.read <= now && !handled.contains(&l.id))
        .filter(|l| !l.review.is_empty() || (l.needs_human && answerable(l.kind)))
        .map(|l| l.id)
        .collect();
    waiting.sort_unstable();
    waiting
}

/// People who want no more automatic mail.
pub fn silent(live: &[&Entry]) -> BTreeSet<Person> {
    let asks = |e: &&&Entry| match &e.content {
        Content::NoMoreMail => true,
        Content::Said(said) => said.tones.contains(&Tone::NoMoreMail),
        _ => false,
    };
    live.iter().filter(asks).map(|e| e.person.clone()).collect()
}
