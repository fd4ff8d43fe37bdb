//! Entries → Roster: who comes to what with what. Computed, never stored; pure, the same ledger gives the same roster.
//!
//! Promises: the last word of a person on an event wins, by the time it was written; what was undone does not count;
//! when a person cancels, what they were to bring is free again; likely doubles are listed, never merged. Totals are
//! counted from the very list that is printed. Never invents: a number that was not said is counted apart.
//!
//! - [`fold`]: entries that count, answers merged field by field; [`gifts`]: what is brought and what is free again;
//!   [`doubles`]: who may be counted twice; [`totals`]: the figures; [`events`]: what organisers changed.

use std::collections::BTreeSet;
use std::fmt;

use jiff::Timestamp;

use crate::config::Config;
use crate::entry::{Ledger, Person};
use crate::event::Event;
use crate::reading::{Attendance, Contribution, Meal, Part};

mod doubles;
mod events;
mod fold;
mod gifts;
mod totals;

pub use events::events;
pub use fold::{live, undone};
pub use totals::{Tally, Totals};

/// How an organiser calls an answer: the letter it came in, or the correction that made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Number {
    /// [`crate::entry::LetterRecord::id`].
    Letter(i64),
    /// [`crate::entry::Entry::id`] of a correction; written with a `C` in front.
    Correction(i64),
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Letter(id) => write!(f, "{id}"),
            Self::Correction(id) => write!(f, "C{id}"),
        }
    }
}

/// What stands about one person and one event.
#[derive(Debug, Clone, PartialEq)]
pub struct Guest {
    /// Who.
    pub person: Person,
    /// How they are shown; a stranger's text.
    pub shown: String,
    /// The last entry's number.
    pub number: Number,
    /// The last entry's row.
    pub entry: i64,
    /// When the last word was written.
    pub said: Timestamp,
    /// An organiser put it so.
    pub corrected: bool,
    /// Will they come?
    pub attendance: Attendance,
    /// How many; 0 for a no; `None` when it was not said.
    pub people: Option<u32>,
    /// The shared meal; `None` when nothing is said.
    pub meal: Option<Meal>,
    /// Workshops chosen.
    pub workshops: Vec<u32>,
    /// How much of it.
    pub part: Part,
    /// In whose name.
    pub organisation: Option<String>,
}

/// One thing that a person brings, lends or does.
#[derive(Debug, Clone, PartialEq)]
pub struct Gift {
    /// Who.
    pub person: Person,
    /// How they are shown; a stranger's text.
    pub shown: String,
    /// The entry's number.
    pub number: Number,
    /// When it was written.
    pub said: Timestamp,
    /// What; a stranger's text.
    pub contribution: Contribution,
    /// It will not come after all: the person cancelled, or an organiser took it off.
    pub free: bool,
}

/// A diet or an allergy of somebody who comes, or may come.
#[derive(Debug, Clone, PartialEq)]
pub struct Diet {
    /// Who.
    pub person: Person,
    /// How they are shown; a stranger's text.
    pub shown: String,
    /// The entry's number.
    pub number: Number,
    /// In their own words.
    pub words: String,
}

/// Everything that stands about one event.
#[derive(Debug, Clone, PartialEq)]
pub struct Gathering {
    /// The event, as organisers changed it.
    pub event: Event,
    /// Who answered, by name.
    pub guests: Vec<Guest>,
    /// What is brought, in the order it was said; what is free again included.
    pub gifts: Vec<Gift>,
}

/// Why two answers may be about the same people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Resemblance {
    /// The same name under two addresses.
    SameName,
    /// Two people of one address, one of whom counts several.
    SameAddress,
    /// The same family name, one of whom counts several.
    SameFamily,
    /// One names the other.
    Named,
    /// Several people of one organisation in one answer, and another answer in its name.
    SameOrganisation,
    /// A correction brings something new: instead of what was said before, or beside it?
    Replaced,
}

impl Resemblance {
    /// The key of its sentence, in `[double]` of `words.toml`.
    pub fn key(self) -> &'static str {
        match self {
            Self::SameName => "double/same-name",
            Self::SameAddress => "double/same-address",
            Self::SameFamily => "double/same-family",
            Self::Named => "double/named",
            Self::SameOrganisation => "double/same-organisation",
            Self::Replaced => "double/replaced",
        }
    }
}

/// Two answers that may count the same people, or the same dish, twice. For a person to judge.
#[derive(Debug, Clone, PartialEq)]
pub struct Double {
    /// Which event.
    pub event: String,
    /// The earlier: its number and name.
    pub first: (Number, String),
    /// The later: its number and name.
    pub second: (Number, String),
    /// Why they look alike.
    pub why: Resemblance,
}

/// Who comes to what with what.
#[derive(Debug, Clone, PartialEq)]
pub struct Roster {
    /// As of when.
    pub at: Timestamp,
    /// One for each event, in the order of the configuration.
    pub gatherings: Vec<Gathering>,
    /// Diets and allergies of those who come or may come.
    pub diets: Vec<Diet>,
    /// Likely doubles.
    pub doubles: Vec<Double>,
    /// Letters that a person should read and nobody has marked as dealt with, oldest first.
    pub waiting: Vec<i64>,
    /// People who want no more automatic mail.
    pub silent: BTreeSet<Person>,
}

/// Folds what was written down until `now`.
pub fn fold(ledger: &Ledger, config: &Config, now: Timestamp) -> Roster {
    let live = fold::live(ledger, now);
    let events = events::events(ledger, config, now);
    let guests = fold::guests(&live, &events);
    let gifts = gifts::gifts(&live, config, &events);
    let diets = fold::diets(&live, &guests);
    let mut gatherings: Vec<Gathering> = Vec::new();
    for event in events {
        let mine = guests.iter().filter(|((_, e), _)| *e == event.id).map(|(_, g)| g.clone());
        let mut mine: Vec<Guest> = mine.collect();
        mine.sort_by_cached_key(|g| (crate::text::fold(&g.shown), g.number));
        let gifts = gifts.iter().filter(|(e, _)| *e == event.id).map(|(_, g)| g.clone()).collect();
        gatherings.push(Gathering { event, guests: mine, gifts });
    }
    let handled = fold::handled(&live);
    let doubles = doubles::doubles(&live, &gatherings, &handled);
    let waiting = fold::waiting(ledger, &handled, now);
    let silent = fold::silent(&live);
    Roster { at: now, gatherings, diets, doubles, waiting, silent }
}

impl Roster {
    /// What stands about one event.
    pub fn gathering(&self, event: &str) -> Option<&Gathering> {
        self.gatherings.iter().find(|g| g.event.id == event)
    }

    /// What stands about one person and one event.
    pub fn guest(&self, person: &Person, event: &str) -> Option<&Guest> {
        self.gathering(event)?.guests.iter().find(|g| g.person == *person)
    }
}

impl Gathering {
    /// The figures, counted from the guests that are listed.
    pub fn totals(&self) -> Totals {
        Totals::of(&self.guests)
    }

    /// What is really brought: not what is free again, not what is only for themselves.
    pub fn brought(&self) -> impl Iterator<Item = &Gift> {
        self.gifts.iter().filter(|g| !g.free && !g.contribution.own)
    }

    /// Whether the giver of a gift said they come, may come, or do not; `None` when they did not say.
    pub fn attendance(&self, gift: &Gift) -> Option<Attendance> {
        self.guests.iter().find(|g| g.person == gift.person).map(|g| g.attendance)
    }
}
