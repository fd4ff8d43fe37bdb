//! The corrections in the making: what is written down so far, with the lines before this one already counted.

use serde_json::Value;

use super::grammar::Grammar;
use super::who::Someone;
use super::{Asked, Change, apply};
use crate::config::Config;
use crate::entry::{Content, Entry, Ledger, Origin, Person};
use crate::event::Event;
use crate::letter::{Block, Letter, Mailbox, Writer};
use crate::reading::{Contribution, Kind};
use crate::roster::{self, Roster};
use crate::rules::Rules;
use crate::speech::Speech;
use crate::understand::understand;

/// Ledger, words and changes so far.
pub struct Work<'a> {
    /// The ledger with the changes so far; their rows are provisional.
    pub ledger: Ledger,
    /// What is to be written.
    pub changes: Vec<Change>,
    /// The organisers' turns of phrase.
    pub grammar: Grammar<'a>,
    /// The words.
    pub speech: &'a Speech,
    config: &'a Config,
    rules: &'a Rules,
    origin: Origin,
    now: jiff::Timestamp,
}

impl<'a> Work<'a> {
    /// Before the first line.
    pub fn new(asked: &Asked<'a>) -> Self {
        Self {
            ledger: asked.ledger.clone(),
            changes: Vec::new(),
            grammar: Grammar::new(asked.speech),
            speech: asked.speech,
            config: asked.config,
            rules: asked.rules,
            origin: asked.origin.clone(),
            now: asked.now,
        }
    }

    /// The moment of the corrections.
    pub fn now(&self) -> jiff::Timestamp {
        self.now
    }

    /// Who comes with what, the changes so far counted.
    pub fn roster(&self) -> Roster {
        roster::fold(&self.ledger, self.config, self.now)
    }

    /// The events as they stand.
    pub fn events(&self) -> Vec<Event> {
        roster::events(&self.ledger, self.config, self.now)
    }

    /// Notes one change.
    pub fn change(&mut self, person: &Person, shown: &str, content: Content) {
        let id = self.ledger.entries.iter().map(|e| e.id).max().unwrap_or(0) + 1;
        self.ledger.entries.push(Entry {
            id,
            at: self.now,
            said: self.now,
            origin: self.origin.clone(),
            person: person.clone(),
            shown: shown.to_owned(),
            content: content.clone(),
        });
        self.changes.push(Change { person: person.clone(), shown: shown.to_owned(), content });
    }

    /// A sentence of `[correct]`.
    pub fn say(&self, key: &str, values: Value) -> String {
        self.speech.typography().set(&self.speech.say(&format!("correct/{key}"), values))
    }

    /// The event that a line is about: the one named, else the one the quoted letter answers, else the only one the
    /// person answered, else the default one.
    pub fn event_of(&self, someone: &Someone, named: Option<&str>) -> Option<Event> {
        let events = self.events();
        let find = |id: &str| events.iter().find(|e| e.id == id).cloned();
        if let Some(id) = named {
            return find(id);
        }
        let live = roster::live(&self.ledger, self.now);
        let theirs = |only: Option<i64>| -> Vec<String> {
            let mine = live.iter().filter(|e| e.person == someone.person);
            let mine = mine.filter(|e| only.is_none_or(|id| e.origin == Origin::Letter(id)));
            let said = mine.filter_map(|e| if let Content::Said(s) = &e.content { Some(s) } else { None });
            let mut ids: Vec<String> = said.flat_map(|s| s.answers.iter().map(|a| a.event.clone())).collect();
            ids.sort();
            ids.dedup();
            ids
        };
        for ids in [someone.letter.map(|id| theirs(Some(id))).unwrap_or_default(), theirs(None)] {
            if let [only] = ids.as_slice() {
                return find(only);
            }
        }
        self.default_event()
    }

    /// The default event, or the next one when it is over.
    pub fn default_event(&self) -> Option<Event> {
        let events = self.events();
        let local = self.now.to_zoned(self.config.association.timezone.clone()).datetime();
        let default = self.config.default_event().map(|e| e.id.clone());
        let chosen = events.iter().find(|e| Some(&e.id) == default.as_ref()).filter(|e| e.over() > local);
        let next = || events.iter().filter(|e| e.over() > local).min_by_key(|e| e.start);
        chosen.or_else(next).or_else(|| events.first()).cloned()
    }

    /// What the rules that read letters make of "une quiche, du pain".
    fn read(&self, items: &str) -> Vec<Contribution> {
        let text = self.speech.say("correct-what/as-letter", serde_json::json!({}));
        let text = text.replace("{items}", items);
        let letter = Letter {
            from: Some(Mailbox { name: String::new(), address: "organiser@localhost".into() }),
            blocks: vec![Block { by: Writer::Sender, text }],
            ..Letter::default()
        };
        let reading = understand(&letter, self.config, self.rules);
        if reading.kind == Kind::Auto { Vec::new() } else { reading.contributions }
    }

    /// Things named after "apporte": as the rules read them, else as they are written.
    pub fn things(&self, items: &str) -> Vec<Contribution> {
        let items = crate::digest::clean(items, 80);
        let mut read = self.read(&items);
        read.iter_mut().for_each(|c| c.tentative = false);
        if read.is_empty() {
            let bare = self.grammar.after("what/article", &items).unwrap_or(&items).trim();
            read.push(apply::plain(bare));
        }
        read
    }

    /// Whether loose words are something to bring.
    pub fn is_thing(&self) -> impl Fn(&str) -> bool + '_ {
        |words| !self.read(words).is_empty()
    }
}
