//! Dates, hours and names of events in an organiser's line.
//!
//! Promises: a day that is no announced event's day names none; a month that does not fit is not overlooked.

use jiff::civil::{Date, Time};

use super::grammar::{Grammar, normal};
use crate::event::Event;

/// A day as written: its number, its month when it is said, its year when it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// 1 to 31.
    pub day: i8,
    /// 1 to 12.
    pub month: Option<i8>,
    /// Four digits.
    pub year: Option<i16>,
}

impl Day {
    /// The date meant, near another.
    pub fn near(self, date: Date) -> Option<Date> {
        Date::new(self.year.unwrap_or(date.year()), self.month.unwrap_or(date.month()), self.day).ok()
    }
}

/// A day at the beginning of words: `3`, `3 mars`, `samedi 3 mars 2018`, `3/3`; and how many words it takes.
pub fn day(words: &[&str], grammar: &Grammar<'_>) -> Option<(Day, usize)> {
    let mut at = 0;
    let word = |i: usize| words.get(i).map(|w| normal(w)).unwrap_or_default();
    if grammar.turns("event/weekdays").contains(&word(0)) {
        at = 1;
    }
    let named_month = |word: &str| {
        let place = grammar.turns("event/months").iter().position(|m| m == word)?;
        // Short forms follow the twelve names.
        i8::try_from(place % 12 + 1).ok()
    };
    // "March 3"
    let first = named_month(&word(at));
    at += usize::from(first.is_some());
    let number = word(at);
    let small = |t: &str| t.parse::<i8>().ok();
    if let Some((day, month)) = number.split_once('/') {
        let day = Day { day: small(day)?, month: Some(small(month)?), year: None };
        return Some((day, at + 1)).filter(|(d, _)| (1..=31).contains(&d.day));
    }
    let endings = grammar.turns("event/ordinal");
    let number = endings.iter().find_map(|e| number.strip_suffix(e.as_str())).unwrap_or(&number);
    let mut day = Day { day: small(number).filter(|d| (1..=31).contains(d))?, month: first, year: None };
    at += 1;
    if first.is_none()
        && let Some(month) = named_month(&word(at))
    {
        day.month = Some(month);
        at += 1;
    }
    if day.month.is_some()
        && let Some(year) = word(at).parse::<i16>().ok().filter(|y| (2000..2200).contains(y))
    {
        day.year = Some(year);
        at += 1;
    }
    Some((day, at))
}

/// The event a clause names by its day or by what people call it, and the clause without those words.
pub fn event_in(clause: &str, grammar: &Grammar<'_>, events: &[Event]) -> Option<(String, String)> {
    let words: Vec<&str> = clause.split_whitespace().collect();
    let before = grammar.turns("event/before-date");
    for at in 0..words.len() {
        let here = words.get(at..).unwrap_or(&[]);
        let named = named(here, events);
        let dated = day(here, grammar).filter(|(d, n)| {
            // A bare number is a day only after "le", "pour le", or with its month.
            let article = at > 0 && words.get(at - 1).is_some_and(|w| before.contains(&normal(w)));
            (d.month.is_some() || *n > 1 || article) && on(*d, events).is_some()
        });
        let found = named.or_else(|| dated.and_then(|(d, n)| on(d, events).map(|e| (e, n))));
        let Some((event, length)) = found else { continue };
        let mut start = at;
        while start > 0 && words.get(start - 1).is_some_and(|w| before.contains(&normal(w))) {
            start -= 1;
        }
        let rest = words.iter().take(start).chain(words.iter().skip(at + length)).copied().collect::<Vec<_>>();
        return Some((event.id.clone(), rest.join(" ")));
    }
    None
}

/// The one event on a day.
fn on(day: Day, events: &[Event]) -> Option<&Event> {
    let mut all = events.iter().filter(|e| day.near(e.start.date()) == Some(e.start.date()));
    all.next().filter(|_| all.next().is_none())
}

/// The event whose word stands at the beginning, and how many words it takes.
fn named<'e>(words: &[&str], events: &'e [Event]) -> Option<(&'e Event, usize)> {
    for event in events {
        for name in event.words.iter().chain(std::iter::once(&event.title)) {
            let name = normal(name);
            let length = name.split(' ').count();
            let here: Vec<String> = words.iter().take(length).map(|w| normal(w)).collect();
            if !name.is_empty() && here.join(" ") == name {
                return Some((event, length));
            }
        }
    }
    None
}

/// An hour alone: `9 h 30`, `9h`, `9:30`, `9.30`, `midi`, `9 heures`, `3 h de l'après-midi`.
pub fn hour(text: &str, grammar: &Grammar<'_>) -> Option<Time> {
    let text = normal(text);
    if grammar.is("event/noon", &text) {
        return Time::new(12, 0, 0, 0).ok();
    }
    let half = ["event/morning", "event/afternoon"].into_iter().find_map(|key| {
        let turns = grammar.turns(key);
        turns.iter().find_map(|t| text.strip_suffix(t.as_str())).map(|rest| (rest.trim(), key == "event/afternoon"))
    });
    let (text, afternoon) = half.map_or((text.as_str(), None), |(rest, afternoon)| (rest, Some(afternoon)));
    let mut text = text.replace(' ', "");
    for mark in grammar.turns("event/o-clock") {
        text = text.replace(&mark, "h");
    }
    let (hour, minute) = match text.split_once(['h', ':', '.']) {
        Some(parts) => parts,
        None if afternoon.is_some() => (text.as_str(), ""),
        None => return None,
    };
    let minute = if minute.is_empty() { "0" } else { minute };
    let hour: i8 = hour.parse().ok()?;
    let hour = match afternoon {
        Some(true) if hour < 12 => hour + 12,
        Some(false) if hour == 12 => 0,
        _ => hour,
    };
    Time::new(hour, minute.parse().ok()?, 0, 0).ok()
}

/// `de 9 h à 13 h`, `9h-13h`, `à 9 h 30`.
pub fn hours(text: &str, grammar: &Grammar<'_>) -> Option<(Time, Option<Time>)> {
    let bare = grammar.after("event/before-date", text).unwrap_or(text).trim();
    if let Some(start) = hour(bare, grammar) {
        return Some((start, None));
    }
    let (from, to) = grammar.around("event/to", bare).or_else(|| bare.split_once(['-', '\u{2013}']))?;
    Some((hour(from, grammar)?, Some(hour(to, grammar)?)))
}
