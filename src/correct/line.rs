//! One line: undo, done, a change of the event, or something about a person.

use serde_json::json;

use super::clause::{self, Asks};
use super::who::{self, Head, Someone};
use super::work::Work;
use super::{announced, apply, when};
use crate::entry::{Content, Origin, Person};
use crate::roster::{self, Number};
use crate::text::fold;

/// Does what the line asks; sentences for the report, and what undoes it when that is no entry of its own.
pub fn read(work: &mut Work<'_>, text: &str) -> (Vec<String>, String) {
    if text.contains('?') {
        return (vec![work.say("question", json!({}))], String::new());
    }
    for (key, undo) in [("line/undo", true), ("line/redo", false)] {
        if let Some(rest) = work.grammar.after(key, text)
            && let Some(numbers) = who::numbers(rest.trim_start_matches([':', ' ']), &work.grammar)
        {
            return reverse(work, &numbers, undo);
        }
    }
    if let Some(rest) = work.grammar.after("line/handled", text)
        && let Some(numbers) = who::numbers(rest.trim_start_matches([':', ' ']), &work.grammar)
    {
        return (numbers.into_iter().map(|n| handled(work, n)).collect(), String::new());
    }
    let (head, rest) = split(text);
    if let (Some(after), Some(payload)) = (work.grammar.after("line/event", head), rest) {
        return (event(work, after.to_owned(), payload), String::new());
    }
    let taken = match rest {
        Some(rest) => Some((who::head(head, &work.grammar), rest.to_owned())),
        None => without_colon(work, text),
    };
    let Some((head, payload)) = taken else { return (vec![work.say("not-understood", json!({}))], String::new()) };
    (about(work, &head, &payload, text), String::new())
}

/// At the first colon that is not inside an hour.
fn split(text: &str) -> (&str, Option<&str>) {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    for (at, _) in text.match_indices(':') {
        let (before, after) = (text.get(..at).unwrap_or(""), text.get(at + 1..).unwrap_or(""));
        if !(digit(before.chars().next_back()) && digit(after.chars().next())) {
            return (before.trim(), Some(after.trim()));
        }
    }
    (text, None)
}

/// "Dupont absent", "60 vient quand même": the shortest name after which everything is understood.
fn without_colon(work: &Work<'_>, text: &str) -> Option<(Head, String)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let events = work.events();
    for length in 1..words.len().min(6) {
        let (name, rest) = words.split_at(length);
        let rest = rest.join(" ");
        let asks = clause::read(&rest, &work.grammar, &events, &work.is_thing());
        let head = who::head(&name.join(" "), &work.grammar);
        let named = !head.numbers.is_empty() || !head.name.is_empty();
        if asks.unknown.is_empty() && !asks.asks.is_empty() && named {
            return Some((head, rest));
        }
    }
    None
}

fn about(work: &mut Work<'_>, head: &Head, payload: &str, written: &str) -> Vec<String> {
    let asks = clause::read(payload, &work.grammar, &work.events(), &work.is_thing());
    let mut says = Vec::new();
    if asks.asks.is_empty() {
        says.push(work.say("not-understood", json!({})));
        return says;
    }
    for someone in meant(work, head, &mut says) {
        says.extend(apply::apply(work, &someone, &asks, written));
    }
    says.extend(left(work, &asks));
    says
}

fn left(work: &Work<'_>, asks: &Asks) -> Option<String> {
    (!asks.unknown.is_empty()).then(|| work.say("left", json!({ "words": asks.unknown })))
}

/// Whom the head means; what cannot be told is said.
fn meant(work: &Work<'_>, head: &Head, says: &mut Vec<String>) -> Vec<Someone> {
    let mut people = Vec::new();
    for number in &head.numbers {
        match who::numbered(*number, &work.ledger) {
            Some(someone) => people.push(someone),
            None => says.push(work.say("no-such-number", json!({ "number": number.to_string() }))),
        }
    }
    if !head.numbers.is_empty() {
        return people;
    }
    if head.name.is_empty() {
        says.push(work.say("not-understood", json!({})));
        return people;
    }
    let everybody = who::everybody(&work.ledger, work.now());
    let found = who::named(&head.name, &everybody);
    match found.as_slice() {
        [one] if !head.by_phone || one.person.address.is_empty() => vec![one.clone()],
        [] if head.by_phone => vec![Someone {
            person: Person { address: String::new(), name: fold(&head.shown) },
            shown: head.shown.clone(),
            number: Number::Correction(0),
            letter: None,
        }],
        [] => {
            says.push(work.say("nobody", json!({ "name": head.shown })));
            people
        }
        several => {
            let list =
                |s: &Someone| json!({ "name": crate::digest::clean(&s.shown, 60), "number": s.number.to_string() });
            let list: Vec<serde_json::Value> = several.iter().take(8).map(list).collect();
            says.push(work.say("several", json!({ "name": head.shown, "people": list, "phone": head.by_phone })));
            people
        }
    }
}

/// "vu 57".
fn handled(work: &mut Work<'_>, number: Number) -> String {
    let key = number.to_string();
    let Number::Letter(id) = number else { return work.say("no-such-number", json!({ "number": key })) };
    let Some(letter) = work.ledger.letters.iter().find(|l| l.id == id).cloned() else {
        return work.say("no-such-number", json!({ "number": key }));
    };
    work.change(&letter.person, &letter.shown, Content::Handled(id));
    work.say("handled", json!({ "number": key }))
}

/// "annuler 57", "rétablir 57".
fn reverse(work: &mut Work<'_>, numbers: &[Number], undo: bool) -> (Vec<String>, String) {
    let mut says = Vec::new();
    let mut done = Vec::new();
    for number in numbers {
        let targets = if undo { standing(work, *number) } else { taken_back(work, *number) };
        let key = match (targets.is_empty(), undo) {
            (true, true) => "nothing-to-undo",
            (true, false) => "nothing-to-redo",
            (false, true) => "undone",
            (false, false) => "redone",
        };
        let name = who::numbered(*number, &work.ledger).map(|s| s.shown).unwrap_or_default();
        let values = json!({ "number": number.to_string(), "name": crate::digest::clean(&name, 60) });
        says.push(work.say(key, values));
        if !targets.is_empty() {
            done.push(number.to_string());
        }
        for (id, person, shown) in targets {
            work.change(&person, &shown, Content::Undo(id));
        }
    }
    let back = if done.is_empty() {
        String::new()
    } else {
        work.say(if undo { "say-redo" } else { "say-undo" }, json!({ "numbers": done.join(" ") }))
    };
    (says, back)
}

/// The entries under a number that count.
fn standing(work: &Work<'_>, number: Number) -> Vec<(i64, Person, String)> {
    let live = roster::live(&work.ledger, work.now());
    let mine = live.into_iter().filter(|e| under(e, number));
    mine.map(|e| (e.id, e.person.clone(), e.shown.clone())).collect()
}

fn under(entry: &crate::entry::Entry, number: Number) -> bool {
    match number {
        Number::Letter(id) => entry.origin == Origin::Letter(id) && matches!(entry.content, Content::Said(_)),
        Number::Correction(id) => entry.id == id && !matches!(entry.origin, Origin::Letter(_)),
    }
}

/// The undoing entries that hold back what stands under a number.
fn taken_back(work: &Work<'_>, number: Number) -> Vec<(i64, Person, String)> {
    let undone = roster::undone(&work.ledger, work.now());
    let of = |id: i64| work.ledger.entries.iter().any(|e| e.id == id && under(e, number));
    let holding =
        |e: &&crate::entry::Entry| !undone.contains(&e.id) && matches!(e.content, Content::Undo(target) if of(target));
    work.ledger.entries.iter().filter(holding).map(|e| (e.id, e.person.clone(), e.shown.clone())).collect()
}

/// "événement du 27 février : salle B".
fn event(work: &mut Work<'_>, named: String, payload: &str) -> Vec<String> {
    let events = work.events();
    let chosen = when::event_in(&named, &work.grammar, &events);
    let event = match chosen {
        Some((id, _)) => events.into_iter().find(|e| e.id == id),
        None if super::normal(&named).is_empty() => work.default_event(),
        None => None,
    };
    let Some(event) = event else {
        return vec![work.say("no-such-event", json!({ "words": crate::digest::clean(&named, 80) }))];
    };
    let changed = announced::read(payload, &event, &work.grammar);
    let mut says = announced::apply(work, &event, &changed);
    if !changed.unknown.is_empty() {
        let key = if changed.fields.is_empty() { "left-all" } else { "left" };
        says.push(work.say(key, json!({ "words": changed.unknown })));
    }
    says
}
