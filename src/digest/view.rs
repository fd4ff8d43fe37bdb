//! What every section looks at, and how it finds its words.
//!
//! Promises: French stands in `[digest]` of `words.toml`, each sentence filled here by one call; strangers' texts pass
//! through [`clean`] on their way in.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde_json::{Value, json};

use super::Facts;
use super::page::clean;
use crate::config::Config;
use crate::entry::{Ledger, LetterRecord};
use crate::reading::{Attendance, Sort};
use crate::roster::{Gathering, Gift, Guest, Roster, Tally};
use crate::speech::Speech;

/// A name is shown up to that many characters.
pub const NAME: usize = 60;
/// A dish or a diet is shown up to that many characters.
pub const THING: usize = 80;
/// Words of a letter are shown up to that many characters.
pub const EXCERPT: usize = 200;

/// Everything a section needs.
pub struct View<'a> {
    /// What was written down.
    pub ledger: &'a Ledger,
    /// Who comes with what, now.
    pub roster: &'a Roster,
    /// The same at the last digest; empty before the first.
    pub before: Option<Roster>,
    /// What else is known.
    pub facts: &'a Facts,
    /// The configuration.
    pub config: &'a Config,
    /// The words.
    pub speech: &'a Speech,
}

impl<'a> View<'a> {
    /// The sentence `digest/KEY`, filled.
    pub fn say(&self, key: &str, values: Value) -> String {
        self.sentence(&format!("digest/{key}"), values)
    }

    /// A sentence of another table, by `table/key`, with the spaces and apostrophes of the language.
    pub fn sentence(&self, key: &str, values: Value) -> String {
        self.speech.typography().set(&self.speech.say(key, values))
    }

    /// The sentence `digest/KEY`, with nothing to fill.
    pub fn words(&self, key: &str) -> String {
        self.say(key, json!({}))
    }

    /// Local date and time of the association.
    pub fn local(&self, at: Timestamp) -> DateTime {
        at.to_zoned(self.config.association.timezone.clone()).datetime()
    }

    /// Today, where the association is.
    pub fn today(&self) -> Date {
        self.local(self.facts.now).date()
    }

    /// A day in words: `samedi 3 mars`.
    pub fn day(&self, date: Date) -> String {
        self.say("day", json!({ "date": date.to_string() }))
    }

    /// A day without the day of the week: `3 mars`.
    pub fn short_day(&self, date: Date) -> String {
        self.say("short-day", json!({ "date": date.to_string() }))
    }

    /// A time of day in words: `9 h 30`.
    pub fn hour(&self, at: DateTime) -> String {
        self.say("hour", json!({ "at": at.to_string() }))
    }

    /// Days from today to a day; negative when it is past.
    pub fn days_to(&self, date: Date) -> i64 {
        self.today().until(date).map_or(0, |span| i64::from(span.get_days()))
    }

    /// Whether an event is over.
    pub fn over(&self, gathering: &Gathering) -> bool {
        gathering.event.over() < self.local(self.facts.now)
    }

    /// Events by their day.
    pub fn by_day(&self) -> Vec<&'a Gathering> {
        let mut all: Vec<&Gathering> = self.roster.gatherings.iter().collect();
        all.sort_by_key(|g| g.event.start);
        all
    }

    /// Events whose details are still of use. The last digest has figures only: fewer copies of who came.
    pub fn current(&self) -> Vec<&'a Gathering> {
        self.by_day().into_iter().filter(|g| !self.over(g)).collect()
    }

    /// A heading that says which event a section is about, where there are several.
    pub fn heading(&self, key: &str, gathering: &Gathering) -> String {
        let day = self.short_day(gathering.event.start.date());
        let several = self.roster.gatherings.len() > 1;
        self.say(key, json!({ "day": day, "several": several, "first": self.facts.since.is_none() }))
    }

    /// Whether something is newer than the last digest.
    pub fn is_new(&self, at: Timestamp) -> bool {
        self.facts.since.is_none_or(|since| at > since)
    }

    /// A letter by its number.
    pub fn letter(&self, id: i64) -> Option<&'a LetterRecord> {
        self.ledger.letters.iter().find(|l| l.id == id)
    }

    /// A name as shown; an unknown sender has a word of their own.
    pub fn name(&self, shown: &str) -> String {
        let name = clean(shown, NAME);
        if name.is_empty() { self.words("nameless") } else { name }
    }

    /// A name with the organisation in whose name they write.
    pub fn who(&self, guest: &Guest) -> String {
        let organisation = guest.organisation.as_deref().map(|o| clean(o, NAME)).unwrap_or_default();
        self.say("who", json!({ "name": self.name(&guest.shown), "organisation": organisation }))
    }

    /// A tally in words: `42 personnes (27 réponses)`.
    pub fn tally(&self, tally: Tally) -> String {
        self.say("tally", json!({ "answers": tally.answers, "people": tally.people, "unnumbered": tally.unnumbered }))
    }

    /// What a guest answered, in words: `vient à 3, au repas, ateliers 1 et 3`.
    pub fn state(&self, guest: &Guest, gathering: &Gathering) -> String {
        state(self.speech, guest, gathering)
    }

    /// A thing with its number and its doubt: `2 tartes aux pommes (à confirmer)`.
    pub fn thing(&self, gift: &Gift) -> String {
        let c = &gift.contribution;
        let quantity = c.quantity.filter(|n| *n > 1);
        self.say("thing", json!({ "what": clean(&c.what, THING), "quantity": quantity, "tentative": c.tentative }))
    }

    /// Things that are brought, and what is done to help, apart.
    pub fn brings<'g>(&self, gifts: impl Iterator<Item = &'g Gift>) -> (String, String) {
        let (helps, brings): (Vec<&Gift>, Vec<&Gift>) = gifts.partition(|g| g.contribution.kind == Sort::Help);
        (self.things(brings.into_iter()), self.things(helps.into_iter()))
    }

    /// Several things in words.
    pub fn things<'g>(&self, gifts: impl Iterator<Item = &'g Gift>) -> String {
        self.list(gifts.map(|g| self.thing(g)))
    }

    /// `a, b et c`.
    pub fn list(&self, items: impl Iterator<Item = String>) -> String {
        self.say("list", json!({ "items": items.collect::<Vec<String>>() }))
    }

    /// A figure's change since the last digest, in words; empty when there is none.
    pub fn change(&self, before: Option<u64>, now: u64) -> String {
        let Some(before) = before else { return String::new() };
        if before == now {
            return String::new();
        }
        self.say("change", json!({ "more": now > before, "n": now.abs_diff(before) }))
    }

    /// The gathering of the same event at the last digest.
    pub fn was(&self, gathering: &Gathering) -> Option<&Gathering> {
        self.before.as_ref()?.gathering(&gathering.event.id)
    }
}

/// What a guest answered, in words.
pub fn state(speech: &Speech, guest: &Guest, gathering: &Gathering) -> String {
    let attendance = match guest.attendance {
        Attendance::Yes => "yes",
        Attendance::Maybe => "maybe",
        Attendance::No => "no",
    };
    let itself = gathering.event.meal == crate::event::SharedMeal::Itself;
    let workshops: Vec<String> = guest.workshops.iter().map(u32::to_string).collect();
    let values = json!({
        "attendance": attendance,
        "people": guest.people,
        "meal": if itself && guest.meal == Some(crate::reading::Meal::Yes) { None } else { guest.meal },
        "workshops": speech.say("digest/list", json!({ "items": workshops })),
        "many": guest.workshops.len() > 1,
        "part": guest.part,
    });
    speech.typography().set(&speech.say("digest/state", values))
}

/// Gifts of each person, in order.
pub fn by_person<'g>(gifts: impl Iterator<Item = &'g Gift>) -> BTreeMap<&'g crate::entry::Person, Vec<&'g Gift>> {
    let mut all: BTreeMap<&crate::entry::Person, Vec<&Gift>> = BTreeMap::new();
    for gift in gifts {
        all.entry(&gift.person).or_default().push(gift);
    }
    all
}
