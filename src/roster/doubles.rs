//! Answers that may count the same people, or the same dish, twice. Listed for a person, never merged.
//!
//! A pair disappears when an organiser marks the later letter as dealt with, or takes one of the two off.

use std::collections::BTreeSet;

use super::fold::{number, said};
use super::{Double, Gathering, Guest, Number, Resemblance};
use crate::entry::{Entry, Person};
use crate::reading::{Attendance, Sort, Tone};
use crate::text::fold;

/// All likely doubles, by event: each answer once, with the earlier one it resembles most.
pub fn doubles(live: &[&Entry], gatherings: &[Gathering], handled: &BTreeSet<i64>) -> Vec<Double> {
    let mut doubles = Vec::new();
    for gathering in gatherings {
        let mut coming: Vec<Seen<'_>> = gathering
            .guests
            .iter()
            .filter(|g| g.attendance == Attendance::Yes)
            .map(|guest| Seen::new(guest, live))
            .collect();
        coming.sort_by_key(|s| s.guest.said);
        for (i, second) in coming.iter().enumerate() {
            // One line for each answer is enough to make a person look.
            let match_of = |first: &Seen<'_>| alike(first, second).map(|why| (why, first.guest.number));
            let closest = coming.iter().take(i).filter_map(match_of).min();
            let first = coming.iter().take(i).find(|s| closest.is_some_and(|(_, n)| s.guest.number == n));
            if let (Some((why, _)), Some(first)) = (closest, first) {
                doubles.push(double(gathering, first.guest, second.guest, why));
            }
        }
    }
    doubles.extend(replaced(live, gatherings));
    let dealt_with = |n: Number| matches!(n, Number::Letter(id) if handled.contains(&id));
    doubles.retain(|d| !dealt_with(d.second.0));
    doubles
}

fn double(gathering: &Gathering, first: &Guest, second: &Guest, why: Resemblance) -> Double {
    Double {
        event: gathering.event.id.clone(),
        first: (first.number, first.shown.clone()),
        second: (second.number, second.shown.clone()),
        why,
    }
}

/// A guest with what is compared.
struct Seen<'a> {
    guest: &'a Guest,
    name: Vec<String>,
    words: Vec<String>,
    several: bool,
}

impl<'a> Seen<'a> {
    fn new(guest: &'a Guest, live: &[&Entry]) -> Self {
        let words = said(live).filter(|(e, _)| e.person == guest.person).flat_map(|(_, s)| s.words.iter());
        Self {
            guest,
            name: name(&guest.shown),
            words: words.flat_map(|w| split(w)).collect(),
            several: guest.people.is_none_or(|n| n > 1),
        }
    }

    /// Whether their words name the other: first and family name side by side, or the first name where they come
    /// with somebody.
    fn names(&self, other: &Seen<'_>) -> bool {
        let Some(first) = other.name.first() else { return false };
        let whole = other.name.len() > 1 && self.words.windows(other.name.len()).any(|w| *w == *other.name);
        let alone = first.chars().count() > 2 && self.words.contains(first) && !self.name.contains(first);
        self.several && (whole || alone)
    }
}

fn alike(a: &Seen<'_>, b: &Seen<'_>) -> Option<Resemblance> {
    let family = |s: &Seen<'_>| s.name.last().filter(|n| s.name.len() > 1 && n.chars().count() > 2).cloned();
    let organisation = |s: &Seen<'_>| s.guest.organisation.as_deref().map(fold);
    let many = |s: &Seen<'_>| s.guest.people.is_some_and(|n| n > 2);
    let several = a.several || b.several;
    if a.name.len() > 1 && a.name == b.name {
        return Some(Resemblance::SameName);
    }
    if several && !a.guest.person.address.is_empty() && a.guest.person.address == b.guest.person.address {
        return Some(Resemblance::SameAddress);
    }
    if a.names(b) || b.names(a) {
        return Some(Resemblance::Named);
    }
    if several && family(a).is_some() && family(a) == family(b) {
        return Some(Resemblance::SameFamily);
    }
    if (many(a) || many(b)) && organisation(a).is_some() && organisation(a) == organisation(b) {
        return Some(Resemblance::SameOrganisation);
    }
    None
}

fn split(text: &str) -> Vec<String> {
    fold(text).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// The words of a name; an address stands for no name.
fn name(shown: &str) -> Vec<String> {
    if shown.contains('@') { Vec::new() } else { split(shown) }
}

/// Dishes of one person where a correction names a new one and the old one still stands.
fn replaced(live: &[&Entry], gatherings: &[Gathering]) -> Vec<Double> {
    let corrected: BTreeSet<(&Person, Number)> =
        said(live).filter(|(_, s)| s.tones.contains(&Tone::Correction)).map(|(e, _)| (&e.person, number(e))).collect();
    let mut doubles = Vec::new();
    for gathering in gatherings {
        let dishes: Vec<_> = gathering.brought().filter(|g| g.contribution.kind == Sort::Food).collect();
        for (i, second) in dishes.iter().enumerate() {
            let earlier = dishes.iter().take(i).find(|f| f.person == second.person && f.number != second.number);
            if let Some(first) = earlier
                && corrected.contains(&(&second.person, second.number))
            {
                doubles.push(Double {
                    event: gathering.event.id.clone(),
                    first: (first.number, first.contribution.what.clone()),
                    second: (second.number, second.contribution.what.clone()),
                    why: Resemblance::Replaced,
                });
            }
        }
    }
    doubles
}
