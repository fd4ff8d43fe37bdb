//! What stands in each sheet: answers, meal, workshops, letters to read, journal.
//!
//! Promises: what counts and what does not any more are told apart; addresses stand in the answers alone.

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde_json::json;

use super::{Cell, Table};
use crate::config::Config;
use crate::entry::{Content, Entry, Ledger, Origin};
use crate::roster::{self, Gathering, Gift, Guest, Roster};
use crate::speech::Speech;

/// What every sheet looks at.
struct Maker<'a> {
    ledger: &'a Ledger,
    config: &'a Config,
    speech: &'a Speech,
    roster: Roster,
}

/// All sheets, in order.
pub fn tables(ledger: &Ledger, config: &Config, speech: &Speech, now: Timestamp) -> Vec<Table> {
    let roster = roster::fold(ledger, config, now);
    let maker = Maker { ledger, config, speech, roster };
    vec![maker.answers(), maker.meal(), maker.workshops(), maker.to_read(), maker.journal(now)]
}

impl Maker<'_> {
    fn word(&self, key: &str) -> String {
        self.speech.say(&format!("sheet/{key}"), ())
    }

    /// A word as a cell; nothing for an empty key.
    fn cell(&self, key: &str) -> Cell {
        if key.is_empty() { Cell::Empty } else { Cell::text(&self.word(key)) }
    }

    fn local(&self, at: Timestamp) -> DateTime {
        at.to_zoned(self.config.association.timezone.clone()).datetime()
    }

    fn table(&self, name: &str, head: &[&str], rows: Vec<Vec<Cell>>) -> Table {
        Table { name: self.word(name), head: head.iter().map(|h| self.word(h)).collect(), rows }
    }

    /// A word of a value's own name ("yes", "meal_only").
    fn named(&self, value: impl serde::Serialize) -> Cell {
        let name = serde_json::to_value(value).ok();
        name.as_ref().and_then(|v| v.as_str()).map_or(Cell::Empty, |key| self.cell(key))
    }

    fn answers(&self) -> Table {
        let head = [
            "number",
            "event",
            "day",
            "name",
            "organisation",
            "address",
            "answer",
            "people",
            "at-meal",
            "workshops-chosen",
            "part",
            "brings",
            "helps",
            "diet",
            "written",
            "by-us",
        ];
        let rows = self.roster.gatherings.iter().flat_map(|g| g.guests.iter().map(|guest| self.answer(g, guest)));
        self.table("answers", &head, rows.collect())
    }

    fn answer(&self, gathering: &Gathering, guest: &Guest) -> Vec<Cell> {
        let theirs = || gathering.brought().filter(|g| g.person == guest.person);
        let helps = |g: &&Gift| g.contribution.kind == crate::reading::Sort::Help;
        let list = |gifts: Vec<&Gift>| {
            let things: Vec<String> = gifts.iter().map(|g| self.thing(g)).collect();
            Cell::text(&things.join(", "))
        };
        let diets: Vec<&str> =
            self.roster.diets.iter().filter(|d| d.person == guest.person).map(|d| d.words.as_str()).collect();
        let workshops: Vec<String> = guest.workshops.iter().map(u32::to_string).collect();
        vec![
            Cell::text(&guest.number.to_string()),
            Cell::text(&gathering.event.title),
            Cell::Moment(gathering.event.start),
            Cell::text(&guest.shown),
            Cell::text(guest.organisation.as_deref().unwrap_or_default()),
            Cell::text(&guest.person.address),
            self.named(guest.attendance),
            Cell::number(guest.people),
            guest.meal.map_or(Cell::Empty, |meal| self.named(meal)),
            Cell::text(&workshops.join(", ")),
            self.named(guest.part),
            list(theirs().filter(|g| !helps(g)).collect()),
            list(theirs().filter(helps).collect()),
            Cell::text(&self.speech.say("digest/joined", json!({ "items": diets }))),
            Cell::Moment(self.local(guest.said)),
            self.cell(if guest.corrected { "yes" } else { "" }),
        ]
    }

    fn thing(&self, gift: &Gift) -> String {
        let c = &gift.contribution;
        let values = json!({ "what": c.what, "quantity": c.quantity.filter(|n| *n > 1), "tentative": c.tentative });
        self.speech.say("digest/thing", values)
    }

    fn meal(&self) -> Table {
        let head = [
            "number",
            "event",
            "name",
            "sort",
            "course",
            "what",
            "quantity",
            "to-confirm",
            "for-themselves",
            "not-any-more",
        ];
        let mut rows = Vec::new();
        for gathering in &self.roster.gatherings {
            for gift in &gathering.gifts {
                let c = &gift.contribution;
                let flag = |on: bool| self.cell(if on { "yes" } else { "" });
                rows.push(vec![
                    Cell::text(&gift.number.to_string()),
                    Cell::text(&gathering.event.title),
                    Cell::text(&gift.shown),
                    self.named(c.kind),
                    c.course.map_or(Cell::Empty, |course| self.named(course)),
                    Cell::text(&c.what),
                    Cell::number(c.quantity),
                    flag(c.tentative),
                    flag(c.own),
                    flag(gift.free),
                ]);
            }
        }
        self.table("meal", &head, rows)
    }

    fn workshops(&self) -> Table {
        let mut rows = Vec::new();
        for gathering in &self.roster.gatherings {
            for workshop in &gathering.event.workshops {
                let chose = |g: &&Guest| {
                    g.attendance != crate::reading::Attendance::No && g.workshops.contains(&workshop.number)
                };
                for guest in gathering.guests.iter().filter(chose) {
                    rows.push(vec![
                        Cell::text(&gathering.event.title),
                        Cell::Number(workshop.number),
                        Cell::text(&workshop.title),
                        Cell::text(&guest.shown),
                        self.named(guest.attendance),
                        Cell::number(guest.people),
                        Cell::text(&guest.number.to_string()),
                    ]);
                }
            }
        }
        let head = ["event", "workshop", "workshop-title", "name", "answer", "people", "number"];
        self.table("workshops", &head, rows)
    }

    fn to_read(&self) -> Table {
        let waiting = self.roster.waiting.iter().filter_map(|id| self.ledger.letters.iter().find(|l| l.id == *id));
        let row = |letter: &crate::entry::LetterRecord| {
            vec![
                Cell::text(&letter.id.to_string()),
                Cell::text(&letter.shown),
                Cell::text(&letter.person.address),
                Cell::Moment(self.local(letter.received)),
                Cell::text(&letter.subject),
                Cell::text(&letter.excerpt),
                Cell::text(&crate::digest::why(letter, self.speech)),
            ]
        };
        let head = ["number", "name", "address", "written", "subject", "words", "why"];
        self.table("to-read", &head, waiting.map(row).collect())
    }

    fn journal(&self, now: Timestamp) -> Table {
        let undone = roster::undone(self.ledger, now);
        let row = |entry: &Entry| {
            let origin = match &entry.origin {
                Origin::Letter(id) => json!({ "letter": id, "kind": "letter" }),
                Origin::Organiser { letter } => json!({ "letter": letter, "kind": "organiser" }),
                Origin::Command => json!({ "letter": 0, "kind": "command" }),
            };
            vec![
                Cell::text(&entry.id.to_string()),
                Cell::Moment(self.local(entry.at)),
                Cell::Moment(self.local(entry.said)),
                Cell::text(&self.speech.say("sheet/origin", origin)),
                Cell::text(&entry.shown),
                Cell::text(&self.said(entry)),
                self.cell(if undone.contains(&entry.id) { "undone" } else { "" }),
            ]
        };
        let head = ["entry", "noted", "written", "from", "name", "says", "state"];
        self.table("journal", &head, self.ledger.entries.iter().map(row).collect())
    }

    /// An entry in one line.
    fn said(&self, entry: &Entry) -> String {
        let say = |key: &str, values: serde_json::Value| self.speech.say(&format!("sheet/{key}"), values);
        match &entry.content {
            Content::Said(said) => {
                let title = |id: &str| {
                    let event = self.config.events.iter().find(|e| e.id == id);
                    event.map_or_else(|| id.to_owned(), |e| e.title.clone())
                };
                let answer = |a: &crate::reading::Answer| json!({ "event": title(&a.event), "attendance": a.attendance, "people": a.people, "meal": a.meal });
                let answers: Vec<_> = said.answers.iter().map(answer).collect();
                let things: Vec<&str> = said.contributions.iter().map(|c| c.what.as_str()).collect();
                say("said", json!({ "answers": answers, "things": things, "diets": said.diets }))
            }
            Content::Undo(id) => say("undo", json!({ "entry": id })),
            Content::Handled(id) => say("handled", json!({ "letter": id })),
            Content::NoMoreMail => say("no-more-mail", json!({})),
            Content::EventChanged { fields, .. } => say("event-changed", json!({ "fields": fields })),
        }
    }
}
