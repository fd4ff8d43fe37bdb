//! The end: how to correct, what was not sent on purpose, the count that closes, and the small print.
//!
//! Promises: every message received is counted in exactly one class, so that nothing can be lost unseen.

use serde_json::json;

use super::Edition;
use super::attention::reason;
use super::page::{Item, Section};
use super::view::View;
use crate::entry::{Occasion, Outgoing, Sending};
use crate::reading::Kind;

/// Withheld acknowledgements are named up to that many.
const WITHHELD_LINES: usize = 15;

/// How many messages of each kind were received; the sum of the classes is the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// Answers.
    pub rsvp: usize,
    /// Questions and remarks about the events.
    pub question: usize,
    /// Other matters.
    pub other: usize,
    /// Machines.
    pub auto: usize,
    /// Delivery reports and receipts.
    pub bounce: usize,
}

impl Count {
    /// Counts the letters of a ledger: each in one class.
    pub fn of(ledger: &crate::entry::Ledger) -> Self {
        let mut count = Self::default();
        for letter in &ledger.letters {
            match letter.kind {
                Kind::Rsvp => count.rsvp += 1,
                Kind::Question => count.question += 1,
                Kind::Other => count.other += 1,
                Kind::Auto => count.auto += 1,
                Kind::Bounce => count.bounce += 1,
            }
        }
        count
    }

    /// All of them.
    pub fn all(self) -> usize {
        self.rsvp + self.question + self.other + self.auto + self.bounce
    }
}

/// How to correct, with numbers from this very mail.
pub fn correcting(view: &View<'_>) -> Vec<Section> {
    if view.facts.edition == Edition::After {
        return Vec::new();
    }
    let mut section = Section::new(view.words("correct-heading"));
    section.text(view.words("correct-intro"));
    let current = view.current();
    let guest = current.iter().flat_map(|g| g.guests.iter()).next();
    let number = guest.map_or_else(|| "57".to_owned(), |g| g.number.to_string());
    let mut items = vec![Item::plain(view.say("correct-number", json!({ "number": number })))];
    items.push(Item::plain(view.words("correct-name")));
    items.push(Item::plain(view.say("correct-undo", json!({ "number": number }))));
    items.push(Item::plain(view.words("correct-phone")));
    items.push(Item::plain(view.words("correct-event")));
    section.items(items);
    section.text(view.words("correct-report"));
    vec![section]
}

/// What would have been sent while `send = false`, and what was kept back otherwise.
pub fn withheld(view: &View<'_>) -> Vec<Section> {
    let of = |o: &&Outgoing| o.sending == Sending::Withheld && o.occasion == Occasion::Acknowledge;
    let all: Vec<&Outgoing> = view.ledger.outgoing.iter().filter(of).collect();
    let new: Vec<&&Outgoing> = all.iter().filter(|o| view.is_new(o.planned)).collect();
    let off = !view.config.acknowledge.send;
    if new.is_empty() && !(off && view.facts.since.is_none()) {
        return Vec::new();
    }
    let mut section = Section::new(view.say("withheld-heading", json!({ "n": new.len() })));
    section.text(view.say("withheld-why", json!({ "off": off, "all": all.len() })));
    let line = |o: &&&Outgoing| {
        let letter = o.letter.and_then(|id| view.letter(id));
        let name = letter.map_or_else(|| view.name(&o.to), |l| view.name(&l.shown));
        let text = view.say("withheld-line", json!({ "name": name, "why": reason(view, o), "off": off }));
        o.letter.map_or_else(|| Item::plain(text.clone()), |id| Item::numbered(id, text.clone()))
    };
    section.items(new.iter().take(WITHHELD_LINES).map(line).collect());
    if new.len() > WITHHELD_LINES {
        section.text(view.say("more", json!({ "n": new.len() - WITHHELD_LINES })));
    }
    vec![section]
}

/// The count that closes, and how the machine is.
pub fn count(view: &View<'_>) -> Vec<Section> {
    let well = view.ledger.troubles.is_empty();
    let mut section = Section::new(view.say("count-heading", json!({ "well": well })));
    let count = Count::of(view.ledger);
    section.text(view.say(
        "count",
        json!({
            "all": count.all(), "rsvp": count.rsvp, "question": count.question,
            "other": count.other, "auto": count.auto, "bounce": count.bounce,
        }),
    ));
    if count.other + count.auto + count.bounce > 0 {
        section.text(view.words("count-unread"));
    }
    let acknowledgements = |of: &[Sending]| {
        let mine = |o: &&Outgoing| o.occasion == Occasion::Acknowledge && of.contains(&o.sending);
        view.ledger.outgoing.iter().filter(mine).count()
    };
    section.text(view.say(
        "sent",
        json!({
            "sent": acknowledgements(&[Sending::Sent, Sending::Uncertain]),
            "due": acknowledgements(&[Sending::Due, Sending::Frozen]),
            "failed": acknowledgements(&[Sending::Failed]),
        }),
    ));
    section.items(dropped(view));
    if let Some(at) = view.facts.last_read.map(|at| view.local(at)) {
        section.text(view.say("last-read", json!({ "day": view.day(at.date()), "hour": view.hour(at) })));
    }
    vec![section]
}

/// Acknowledgements dropped on purpose since the last digest, by reason.
fn dropped(view: &View<'_>) -> Vec<Item> {
    let mut reasons: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    let new = |o: &&Outgoing| o.sending == Sending::Dropped && o.settled.is_some_and(|at| view.is_new(at));
    for row in view.ledger.outgoing.iter().filter(|o| o.occasion == Occasion::Acknowledge).filter(new) {
        *reasons.entry(reason(view, row)).or_default() += 1;
    }
    let line = |(why, n): (String, usize)| Item::plain(view.say("dropped", json!({ "n": n, "why": why })));
    reasons.into_iter().map(line).collect()
}

/// Who receives this, when it is erased, what not to do with it.
pub fn footer(view: &View<'_>) -> Vec<String> {
    let mut lines = vec![view.say("footer-who", json!({ "to": view.list(view.config.digest.to.iter().cloned()) }))];
    let last = view.roster.gatherings.iter().map(|g| g.event.over().date()).max();
    let days = jiff::Span::new().days(i64::from(view.config.erase_after_days));
    if let Some(date) = last.and_then(|d| d.checked_add(days).ok()) {
        lines.push(view.say("footer-erased", json!({ "date": date.to_string() })));
    }
    if view.facts.edition == Edition::After {
        lines.push(view.words("footer-delete"));
    }
    lines
}
