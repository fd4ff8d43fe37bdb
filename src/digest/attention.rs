//! What comes first: trouble of the program, then what a person must read, then answers that may be counted twice.
//!
//! Promises: each line carries its number, the person's own words and, in words, why it is there. What was already shown
//! is repeated in short until somebody marks it as dealt with.

use serde_json::json;

use super::page::{Item, Section, clean};
use super::view::{EXCERPT, View};
use crate::entry::{LetterRecord, Occasion, Outgoing, Sending};
use crate::reading::{Kind, Review};

/// Letters already shown are named in one line each, at most that many; the rest is counted.
const OLD_LINES: usize = 12;

/// New letters are quoted up to that many: a first pass over a full mailbox must still make a mail.
const NEW_LINES: usize = 40;

/// Likely doubles are listed up to that many.
const DOUBLES: usize = 12;

/// What keeps the program from working, now.
pub fn trouble(view: &View<'_>) -> Vec<Section> {
    let mut section = Section::new(view.words("trouble-heading"));
    section.urgent = true;
    let mut items = Vec::new();
    for (key, since) in &view.ledger.troubles {
        let at = view.local(*since);
        let known = format!("trouble/{key}");
        let known = if view.speech.knows(&known) { known } else { "trouble/other".to_owned() };
        let what = view.sentence(&known, json!({ "key": key }));
        let values = json!({ "what": what, "day": view.day(at.date()), "hour": view.hour(at) });
        items.push(Item::plain(view.say("trouble-line", values)));
    }
    for row in failed(view).filter(|r| matches!(r.occasion, Occasion::Digest(_) | Occasion::Report)) {
        let values = json!({ "to": clean(&row.to, 80), "why": reason(view, row) });
        items.push(Item::plain(view.say("digest-failed", values)));
    }
    if items.is_empty() {
        return Vec::new();
    }
    section.items(items);
    vec![section]
}

/// Mails of ours that were given up since the last digest.
fn failed<'a>(view: &'a View<'_>) -> impl Iterator<Item = &'a Outgoing> {
    view.ledger.outgoing.iter().filter(|o| o.sending == Sending::Failed && o.settled.is_some_and(|at| view.is_new(at)))
}

/// Why a mail was not sent, in words.
pub fn reason(view: &View<'_>, row: &Outgoing) -> String {
    let key = format!("reason/{}", row.reason.trim_start_matches("reason/"));
    let key = if view.speech.knows(&key) { key } else { "reason/unknown".to_owned() };
    view.sentence(&key, json!({}))
}

/// What a person must read.
pub fn to_read(view: &View<'_>) -> Vec<Section> {
    let letters: Vec<&LetterRecord> = view.roster.waiting.iter().filter_map(|id| view.letter(*id)).collect();
    let (new, old): (Vec<&LetterRecord>, Vec<&LetterRecord>) = letters.into_iter().partition(|l| view.is_new(l.read));
    let lost: Vec<Item> = unreached(view);
    let count = new.len() + old.len() + lost.len();
    let mut section = Section::new(view.say("read-heading", json!({ "n": count })));
    section.urgent = count > 0;
    if count == 0 {
        section.text(view.words("read-nothing"));
        return vec![section];
    }
    section.items(new.iter().take(NEW_LINES).map(|l| item(view, l)).collect());
    if new.len() > NEW_LINES {
        section.text(view.say("more", json!({ "n": new.len() - NEW_LINES })));
    }
    section.items(lost);
    if !old.is_empty() {
        section.text(view.say("read-old", json!({ "n": old.len() })));
        section.items(old.iter().take(OLD_LINES).map(|l| brief(view, l)).collect());
        if old.len() > OLD_LINES {
            section.text(view.say("read-more", json!({ "n": old.len() - OLD_LINES })));
        }
        let example = old.first().map_or(0, |l| l.id);
        section.text(view.say("read-how", json!({ "number": example })));
    } else if let Some(first) = new.first() {
        section.text(view.say("read-how", json!({ "number": first.id })));
    }
    vec![section]
}

fn item(view: &View<'_>, letter: &LetterRecord) -> Item {
    let mut item = Item::numbered(
        letter.id,
        view.say(
            "read-line",
            json!({
                "name": view.name(&letter.shown),
                "day": view.day(view.local(letter.received).date()),
                "excerpt": clean(&letter.excerpt, EXCERPT),
            }),
        ),
    );
    item.note = view.say("read-why", json!({ "why": why(letter, view.speech), "subject": clean(&letter.subject, 80) }));
    item
}

fn brief(view: &View<'_>, letter: &LetterRecord) -> Item {
    let day = view.short_day(view.local(letter.received).date());
    let values = json!({ "name": view.name(&letter.shown), "day": day, "why": why(letter, view.speech) });
    Item::numbered(letter.id, view.say("read-brief", values))
}

/// The reasons in words, each once, at most three.
pub fn why(letter: &LetterRecord, speech: &crate::speech::Speech) -> String {
    let mut keys: Vec<String> = letter.review.iter().map(|r| key(*r)).collect();
    if keys.is_empty() && letter.kind == Kind::Question {
        keys.push(key(Review::Question));
    }
    if keys.is_empty() {
        keys.push("unsure".to_owned());
    }
    keys.dedup();
    let words: Vec<String> = keys.iter().take(3).map(|k| speech.say(&format!("review/{k}"), json!({}))).collect();
    speech.typography().set(&speech.say("digest/list", json!({ "items": words })))
}

/// The serialised name of a reason, which is its key in `[review]`.
fn key(review: Review) -> String {
    serde_json::to_value(review).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Acknowledgements that came back, or never left: the person does not know that we have their answer.
fn unreached(view: &View<'_>) -> Vec<Item> {
    let mut items = Vec::new();
    for bounce in view.ledger.letters.iter().filter(|l| !l.about.is_empty() && view.is_new(l.read)) {
        let ours = view.ledger.outgoing.iter().find(|o| o.message_id == bounce.about);
        if let Some(row) = ours.filter(|o| o.occasion == Occasion::Acknowledge) {
            items.push(unreached_line(view, row, "read-bounced"));
        }
    }
    for row in failed(view).filter(|r| r.occasion == Occasion::Acknowledge) {
        items.push(unreached_line(view, row, "read-failed"));
    }
    items
}

fn unreached_line(view: &View<'_>, row: &Outgoing, key: &str) -> Item {
    let letter = row.letter.and_then(|id| view.letter(id));
    let name = letter.map_or_else(|| view.name(&row.to), |l| view.name(&l.shown));
    let text = view.say(key, json!({ "name": name, "why": reason(view, row) }));
    match row.letter {
        Some(id) => Item::numbered(id, text),
        None => Item::plain(text),
    }
}

/// Answers that may be counted twice.
pub fn doubles(view: &View<'_>) -> Vec<Section> {
    if view.roster.doubles.is_empty() {
        return Vec::new();
    }
    let mut section = Section::new(view.say("doubles-heading", json!({ "n": view.roster.doubles.len() })));
    section.text(view.words("doubles-intro"));
    let mut items = Vec::new();
    for double in view.roster.doubles.iter().take(DOUBLES) {
        let values = json!({
            "first": view.name(&double.first.1), "first_number": double.first.0.to_string(),
            "second": view.name(&double.second.1), "second_number": double.second.0.to_string(),
        });
        items.push(Item::numbered(double.second.0, view.sentence(double.why.key(), values)));
    }
    section.items(items);
    if view.roster.doubles.len() > DOUBLES {
        section.text(view.say("more", json!({ "n": view.roster.doubles.len() - DOUBLES })));
    }
    if let Some(double) = view.roster.doubles.first() {
        section.text(view.say("doubles-how", json!({ "number": double.second.0.to_string() })));
    }
    vec![section]
}
