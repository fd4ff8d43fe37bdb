//! What each person brings, lends or does, and what is free again because they cancelled.
//!
//! Promises: a cancelled person's things are free, unless the letter that cancels still sends them ("I cannot come but
//! my sister brings the cake"); when they come after all, the things are to be confirmed, not taken for granted. A
//! contribution of quantity 0, which only organisers write, takes a thing off the list.

use std::collections::BTreeMap;

use super::Gift;
use super::fold::{number, said};
use crate::config::Config;
use crate::entry::{Entry, Person, Said};
use crate::event::{Event, SharedMeal};
use crate::reading::{Attendance, Contribution, Sort};
use crate::text::fold;

/// Gifts with the event they are for, in the order they were said.
pub fn gifts(live: &[&Entry], config: &Config, events: &[Event]) -> Vec<(String, Gift)> {
    let mut gifts: Vec<(String, Gift)> = Vec::new();
    let mut stands: BTreeMap<(Person, String), Attendance> = BTreeMap::new();
    for (entry, said) in said(live) {
        for answer in &said.answers {
            let key = (entry.person.clone(), answer.event.clone());
            let before = stands.insert(key, answer.attendance);
            let theirs =
                gifts.iter_mut().filter(|(e, g)| *e == answer.event && g.person == entry.person).map(|(_, g)| g);
            match (before, answer.attendance) {
                (_, Attendance::No) => theirs.for_each(|g| g.free = true),
                (Some(Attendance::No), _) => theirs.for_each(|g| {
                    g.contribution.tentative = true;
                    g.free = false;
                }),
                _ => {}
            }
        }
        for contribution in &said.contributions {
            if let Some(event) = place(contribution, said, &entry.person, &stands, config, events) {
                put(&mut gifts, event, entry, contribution);
            }
        }
    }
    gifts
}

/// Adds one thing, in the place of the same thing said before.
fn put(gifts: &mut Vec<(String, Gift)>, event: &str, entry: &Entry, contribution: &Contribution) {
    let off = contribution.quantity == Some(0);
    let what = fold(&contribution.what);
    let mut theirs = gifts.iter_mut().filter(|(e, g)| e == event && g.person == entry.person).map(|(_, g)| g);
    let same = |g: &&mut Gift| {
        let known = fold(&g.contribution.what);
        known == what || (off && contains(&known, &what))
    };
    if off {
        theirs.filter(same).for_each(|g| g.free = true);
        return;
    }
    let gift = Gift {
        person: entry.person.clone(),
        shown: entry.shown.clone(),
        number: number(entry),
        said: entry.said,
        contribution: contribution.clone(),
        free: false,
    };
    match theirs.find(same) {
        Some(known) => *known = gift,
        None => gifts.push((event.to_owned(), gift)),
    }
}

/// Whether the words of `part` stand in `whole` ("tarte" in "tarte aux pommes").
fn contains(whole: &str, part: &str) -> bool {
    let words = |t: &str| t.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>();
    let (whole, part) = (words(whole), words(part));
    !part.is_empty() && whole.windows(part.len()).any(|w| w == part)
}

/// Which event a thing is for: among those this letter answers, else those the person answered before, else all; a dish
/// goes to one with a meal; the default event first; one they come to before one they do not.
fn place<'a>(
    contribution: &Contribution,
    said: &Said,
    person: &Person,
    stands: &BTreeMap<(Person, String), Attendance>,
    config: &Config,
    events: &'a [Event],
) -> Option<&'a str> {
    let edible = matches!(contribution.kind, Sort::Food | Sort::Drink | Sort::Tableware);
    let stand = |e: &Event| stands.get(&(person.clone(), e.id.clone())).copied();
    let answered = |e: &Event| said.answers.iter().any(|a| a.event == e.id);
    let default = config.default_event().map(|e| e.id.as_str());
    let rank = |e: &&Event| {
        (
            edible && e.meal == SharedMeal::None,
            !answered(e),
            stand(e).is_none(),
            stand(e) == Some(Attendance::No),
            default != Some(e.id.as_str()),
        )
    };
    events.iter().min_by_key(rank).map(|e| e.id.as_str())
}
