//! Whom a line is about: a number of the list, or a name.
//!
//! Promises: a name that fits nobody, or two people, changes nobody; somebody new is entered only when the line says how
//! their word came (by telephone, on paper).

use std::collections::BTreeMap;

use super::grammar::{Grammar, normal};
use crate::digest::clean;
use crate::entry::{Ledger, Origin, Person};
use crate::roster::{self, Number};

/// A line taken apart: whom, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The words before the colon, as written.
    pub written: String,
    /// Numbers, when it begins with one.
    pub numbers: Vec<Number>,
    /// The name without titles and remarks, folded; empty when there are numbers.
    pub name: Vec<String>,
    /// How a new person is shown.
    pub shown: String,
    /// The line says how the word came: the person may be new.
    pub by_phone: bool,
}

/// Somebody who is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Someone {
    /// Who.
    pub person: Person,
    /// How they are shown.
    pub shown: String,
    /// The number they are listed under.
    pub number: Number,
    /// The letter that was quoted by its number.
    pub letter: Option<i64>,
}

/// Numbers as organisers write them: `57`, `n° 57`, `[57]`, `C12`, `57 et 58`.
pub fn numbers(text: &str, grammar: &Grammar<'_>) -> Option<Vec<Number>> {
    let text = text.replace(['[', ']', '(', ')', '#'], " ");
    let bare = grammar.after("who/number", text.trim()).unwrap_or(&text).to_owned();
    let parts = bare.split([' ', ',', '&', '+']).filter(|p| !normal(p).is_empty() && !grammar.is("number/and", p));
    let numbers: Option<Vec<Number>> = parts.map(number).collect();
    numbers.filter(|n| !n.is_empty())
}

fn number(text: &str) -> Option<Number> {
    let text = normal(text);
    match text.strip_prefix('c') {
        Some(digits) => digits.parse().ok().map(Number::Correction),
        None => text.trim_start_matches("n\u{b0}").parse().ok().map(Number::Letter),
    }
}

/// The part before the colon.
pub fn head(text: &str, grammar: &Grammar<'_>) -> Head {
    let written = clean(text, 80);
    let (outside, inside) = match text.split_once('(') {
        Some((before, rest)) => {
            let (inside, after) = rest.split_once(')').unwrap_or((rest, ""));
            (format!("{before} {after}"), inside.to_owned())
        }
        None => (text.to_owned(), String::new()),
    };
    let mut by_phone = grammar.is("who/phone", &inside);
    let mut names = Vec::new();
    for part in outside.split(',') {
        if grammar.is("who/phone", part) {
            by_phone = true;
            continue;
        }
        match grammar.around("who/phone-loose", part).filter(|(_, after)| normal(after).is_empty()) {
            Some((name, _)) => {
                by_phone = true;
                names.push(name.to_owned());
            }
            None => names.push(part.trim().to_owned()),
        }
    }
    let shown = clean(names.join(" ").trim(), 60);
    let numbers = numbers(&shown, grammar)
        .or_else(|| {
            let first = shown.split_whitespace().next().unwrap_or("");
            numbers(first, grammar).filter(|_| first.contains(|c: char| c.is_ascii_digit()))
        })
        .unwrap_or_default();
    let words = normal(&shown);
    let mut name: Vec<String> =
        words.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect();
    name.retain(|w| !grammar.is("who/titles", w));
    Head { written, numbers, name, shown, by_phone }
}

/// Kinds of message of which nobody's name is kept.
fn nobody(person: &Person) -> bool {
    person.address.is_empty() && person.name.is_empty()
}

/// Everybody the ledger names, with the latest number of each.
pub fn everybody(ledger: &Ledger, now: jiff::Timestamp) -> Vec<Someone> {
    let mut known: BTreeMap<Person, Someone> = BTreeMap::new();
    for letter in &ledger.letters {
        if !nobody(&letter.person) {
            let (person, shown) = (letter.person.clone(), letter.shown.clone());
            known.insert(person.clone(), Someone { person, shown, number: Number::Letter(letter.id), letter: None });
        }
    }
    for entry in roster::live(ledger, now) {
        if !nobody(&entry.person) {
            let number = match entry.origin {
                Origin::Letter(id) => Number::Letter(id),
                _ => Number::Correction(entry.id),
            };
            let (person, shown) = (entry.person.clone(), entry.shown.clone());
            known.insert(person.clone(), Someone { person, shown, number, letter: None });
        }
    }
    known.into_values().collect()
}

/// Who is listed under a number.
pub fn numbered(number: Number, ledger: &Ledger) -> Option<Someone> {
    match number {
        Number::Letter(id) => {
            let letter = ledger.letters.iter().find(|l| l.id == id)?;
            let (person, shown) = (letter.person.clone(), letter.shown.clone());
            (!nobody(&person)).then_some(Someone { person, shown, number, letter: Some(id) })
        }
        Number::Correction(id) => {
            let entry = ledger.entries.iter().find(|e| e.id == id && !matches!(e.origin, Origin::Letter(_)))?;
            let (person, shown) = (entry.person.clone(), entry.shown.clone());
            (!nobody(&person)).then_some(Someone { person, shown, number, letter: None })
        }
    }
}

/// Everybody whose shown name holds all the words of a name.
pub fn named(name: &[String], everybody: &[Someone]) -> Vec<Someone> {
    let fits = |someone: &&Someone| {
        let shown = normal(&someone.shown);
        let words: Vec<&str> = shown.split(|c: char| !c.is_alphanumeric()).collect();
        !name.is_empty() && name.iter().all(|n| words.contains(&n.as_str()))
    };
    everybody.iter().filter(fits).cloned().collect()
}
