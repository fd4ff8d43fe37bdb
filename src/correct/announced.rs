//! `événement : salle B, 9 h 30` → what changes about an announced event. Those who said yes are listed, not mailed.
//!
//! Promises: words that are neither a place, a day, an hour nor a wish change nothing ("cancelled" is no place).

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use serde_json::json;

use super::grammar::{Grammar, normal};
use super::when;
use super::work::Work;
use crate::digest::clean;
use crate::entry::{Content, Person};
use crate::event::Event;
use crate::reading::Attendance;

/// What a line changes, as keys of the configuration, and the clauses that were not understood.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Keys and values, as `roster::events` reads them.
    pub fields: BTreeMap<String, String>,
    /// As written.
    pub unknown: Vec<String>,
}

const WANTED: [&str; 8] = ["starter", "main", "side", "cheese", "bread", "dessert", "snack", "drink"];

/// Reads the part of the line after the colon.
pub fn read(text: &str, event: &Event, grammar: &Grammar<'_>) -> Changed {
    let mut changed = Changed::default();
    let (mut date, mut hours): (Option<Date>, Option<(Time, Option<Time>)>) = (None, None);
    let mut last = "";
    for clause in text.split([',', ';']).map(str::trim).filter(|c| !normal(c).is_empty()) {
        if let Some(day) = whole_day(clause, event, grammar) {
            date = Some(day);
        } else if let Some(found) = when::hours(clause, grammar) {
            hours = Some(found);
        } else if let Some((course, n)) = wanted(clause, grammar) {
            changed.fields.insert(format!("wanted.{course}"), n.to_string());
        } else if let Some((key, value)) = words(clause, grammar) {
            // "salle B, Maison de quartier": one place of two parts.
            let place = changed.fields.entry(key.to_owned()).or_default();
            *place = if place.is_empty() { value } else { format!("{place}, {value}") };
            last = key;
            continue;
        } else if last == "address" && !clause.contains(':') {
            // "adresse : 12 rue du Port, 26100 Romans"
            if let Some(address) = changed.fields.get_mut("address") {
                *address = format!("{address}, {}", clean(clause, 120));
            }
        } else {
            changed.unknown.push(clause.to_owned());
        }
    }
    moment(event, date, hours, &mut changed);
    changed
}

/// New start and end: what is not said stays; the length of the event too when only its day moves.
fn moment(event: &Event, date: Option<Date>, hours: Option<(Time, Option<Time>)>, changed: &mut Changed) {
    if date.is_none() && hours.is_none() {
        return;
    }
    let day = date.unwrap_or_else(|| event.start.date());
    let start = day.to_datetime(hours.map_or(event.start.time(), |(start, _)| start));
    let end = match hours.and_then(|(_, end)| end) {
        Some(end) => Some(day.to_datetime(end)),
        None => event.end.map(|end| {
            let days = event.start.date().until(end.date()).unwrap_or_default();
            day.saturating_add(days).to_datetime(end.time())
        }),
    };
    changed.fields.insert("start".into(), start.to_string());
    changed.fields.insert("end".into(), end.filter(|e| *e > start).map_or_else(String::new, |e| e.to_string()));
}

/// A clause that is a day and nothing else.
fn whole_day(clause: &str, event: &Event, grammar: &Grammar<'_>) -> Option<Date> {
    let rest = grammar.after("event/before-date", clause).unwrap_or(clause);
    let words: Vec<&str> = rest.split_whitespace().collect();
    let (day, length) = when::day(&words, grammar)?;
    let alone = length == words.len() && (day.month.is_some() || length > 1);
    alone.then(|| day.near(event.start.date())).flatten()
}

/// "8 plats", "prévoir 6 entrées".
fn wanted(clause: &str, grammar: &Grammar<'_>) -> Option<(&'static str, u32)> {
    let rest = grammar.after("event/wanted", clause).unwrap_or(clause).trim();
    let (number, what) = rest.split_once(' ')?;
    let n = grammar.number(number)?;
    WANTED.into_iter().find(|course| grammar.is(&format!("event/{course}"), what)).map(|course| (course, n))
}

/// "lieu : …", "salle B", "adresse : …", "titre : …".
fn words(clause: &str, grammar: &Grammar<'_>) -> Option<(&'static str, String)> {
    let value = |rest: &str| clean(rest.trim().trim_start_matches([':', '=']), 120);
    for (key, turn) in [("place", "event/place-name"), ("address", "event/address"), ("title", "event/title")] {
        if let Some(rest) = grammar.after(turn, clause) {
            return Some((key, value(rest))).filter(|(_, v)| !v.is_empty());
        }
    }
    if let Some(rest) = grammar.after("event/bring", clause) {
        return Some(("bring", value(rest))).filter(|(_, v)| !v.is_empty());
    }
    let named = grammar.after("event/place", clause).filter(|rest| !normal(rest).is_empty());
    (named.is_some() || grammar.ends("event/place-last", clause)).then(|| ("place", value(clause)))
}

/// Does it; sentences say what was done, and whom to tell.
pub fn apply(work: &mut Work<'_>, event: &Event, changed: &Changed) -> Vec<String> {
    if changed.fields.is_empty() {
        return Vec::new();
    }
    let nobody = Person { address: String::new(), name: String::new() };
    let content = Content::EventChanged { event: event.id.clone(), fields: changed.fields.clone() };
    work.change(&nobody, "", content);
    let after = work.roster();
    let Some(gathering) = after.gathering(&event.id) else { return Vec::new() };
    let now = &gathering.event;
    let wanted: Vec<String> = now
        .wanted
        .iter()
        .filter(|(k, _)| changed.fields.contains_key(&format!("wanted.{k}")))
        .map(|(k, n)| work.speech.say(&format!("digest/lack-{k}"), json!({ "n": n })))
        .collect();
    let values = json!({
        "title": now.title, "start": now.start.to_string(), "end": now.end.map(|e| e.to_string()),
        "place": now.place, "address": now.address, "bring": now.bring, "wanted": wanted,
        "changed": changed.fields.keys().collect::<Vec<_>>(),
    });
    let mut says = vec![work.say("event", values)];
    let told = |g: &&crate::roster::Guest| g.attendance != Attendance::No;
    let names: Vec<String> = gathering.guests.iter().filter(told).map(|g| clean(&g.shown, 60)).collect();
    let announced = changed.fields.keys().any(|k| !k.starts_with("wanted."));
    if announced && !names.is_empty() {
        says.push(work.say("event-tell", json!({ "names": names })));
    }
    says
}
