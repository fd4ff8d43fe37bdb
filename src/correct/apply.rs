//! What is asked about one person → an entry that is whole: what the organiser does not speak of stays as it was.

use std::collections::BTreeMap;

use serde_json::json;

use super::clause::{Asks, What};
use super::who::Someone;
use super::work::Work;
use crate::digest::{clean, state};
use crate::entry::{Content, Said};
use crate::event::{Event, SharedMeal};
use crate::reading::{Answer, Attendance, Contribution, Course, Meal, Part, Sort};
use crate::roster::Gift;
use crate::text::fold;

/// Does what is asked; sentences say what was done. Empty: nothing changed.
pub fn apply(work: &mut Work<'_>, someone: &Someone, asks: &Asks, written: &str) -> Vec<String> {
    let before = work.roster();
    let mut says = Vec::new();
    let mut answers: BTreeMap<String, Answer> = BTreeMap::new();
    let mut said = Said { words: vec![clean(written, 200)], ..Said::default() };
    let (mut entry, mut silent, mut handled) = (false, false, false);
    for (event, what) in &asks.asks {
        match what {
            What::NoMail => silent = true,
            What::Handled => handled = true,
            What::Diet(words) => said.diets.push(clean(words, 80)),
            What::Bring(items) => said.contributions.extend(work.things(items)),
            What::BringOnly(items) => {
                let others = theirs(&before, someone).map(|g| off(&g.contribution.what));
                said.contributions.extend(others);
                said.contributions.extend(work.things(items));
            }
            What::Drop(item) => match dropped(work, &before, someone, item) {
                Some(gift) => said.contributions.push(off(&gift.contribution.what)),
                None => says.push(work.say("not-brought", json!({ "name": someone.shown, "what": clean(item, 80) }))),
            },
            attending => {
                let Some(event) = work.event_of(someone, event.as_deref()) else { continue };
                let known = before.guest(&someone.person, &event.id);
                let answer = answers.entry(event.id.clone()).or_insert_with(|| current(known, &event));
                set(answer, attending, known.is_some(), &event);
            }
        }
        entry |= !matches!(what, What::NoMail | What::Handled);
    }
    said.answers = answers.into_values().collect();
    if entry && (!said.answers.is_empty() || !said.contributions.is_empty() || !said.diets.is_empty()) {
        work.change(&someone.person, &someone.shown, Content::Said(said.clone()));
        says.extend(compared(work, &before, someone, &said));
    }
    if silent {
        work.change(&someone.person, &someone.shown, Content::NoMoreMail);
        says.push(work.say("no-more-mail", json!({ "name": someone.shown })));
    }
    let waits = someone.letter.filter(|id| before.waiting.contains(id));
    if let Some(letter) = waits.filter(|_| handled || !says.is_empty()) {
        work.change(&someone.person, &someone.shown, Content::Handled(letter));
        says.push(work.say("handled", json!({ "number": letter })));
    } else if handled && says.is_empty() {
        says.push(work.say("handled-already", json!({ "number": someone.number.to_string() })));
    }
    says
}

fn theirs<'r>(roster: &'r crate::roster::Roster, someone: &'r Someone) -> impl Iterator<Item = &'r Gift> {
    let all = roster.gatherings.iter().flat_map(|g| g.gifts.iter());
    all.filter(|g| g.person == someone.person && !g.free)
}

/// The thing an organiser means by a few of its words.
fn dropped(work: &Work<'_>, roster: &crate::roster::Roster, someone: &Someone, item: &str) -> Option<Gift> {
    let bare = fold(work.grammar.after("what/article", item.trim()).unwrap_or(item).trim());
    let word = |t: &str| t.split(|c: char| !c.is_alphanumeric()).map(|w| w.trim_end_matches('s').to_owned()).collect();
    let wanted: Vec<String> = word(&bare);
    let fits = |g: &&Gift| {
        let words: Vec<String> = word(&fold(&g.contribution.what));
        !wanted.is_empty() && words.windows(wanted.len()).any(|w| w == wanted)
    };
    let mut found = theirs(roster, someone).filter(fits);
    found.next().filter(|_| found.next().is_none()).cloned()
}

/// A thing taken off the list.
fn off(what: &str) -> Contribution {
    Contribution {
        kind: Sort::Food,
        what: what.to_owned(),
        course: None,
        quantity: Some(0),
        own: false,
        tentative: false,
    }
}

fn current(known: Option<&crate::roster::Guest>, event: &Event) -> Answer {
    let Some(guest) = known else {
        let meal = (event.meal == SharedMeal::Itself).then_some(Meal::Yes);
        let attendance = Attendance::Yes;
        return Answer { event: event.id.clone(), attendance, people: None, meal, workshops: vec![], part: Part::Full };
    };
    Answer {
        event: event.id.clone(),
        attendance: guest.attendance,
        people: guest.people,
        meal: guest.meal,
        workshops: guest.workshops.clone(),
        part: guest.part,
    }
}

fn set(answer: &mut Answer, what: &What, known: bool, event: &Event) {
    let comes = |answer: &mut Answer| {
        if answer.attendance == Attendance::No {
            answer.attendance = Attendance::Yes;
            answer.people = None;
        }
    };
    match what {
        What::Yes => {
            comes(answer);
            answer.attendance = Attendance::Yes;
            answer.people = answer.people.or(Some(1));
        }
        What::No => {
            *answer = Answer {
                attendance: Attendance::No,
                people: Some(0),
                meal: None,
                workshops: Vec::new(),
                part: Part::Full,
                event: answer.event.clone(),
            };
        }
        What::Maybe => {
            if answer.attendance == Attendance::No || !known {
                answer.people = None;
            }
            answer.attendance = Attendance::Maybe;
        }
        What::People(n) => {
            comes(answer);
            answer.people = Some(*n);
        }
        What::Meal(stays) if event.meal != SharedMeal::None => {
            comes(answer);
            answer.meal = Some(if *stays { Meal::Yes } else { Meal::No });
        }
        What::MealOnly => {
            comes(answer);
            answer.meal = Some(Meal::Yes);
            answer.part = Part::MealOnly;
        }
        What::Partial => {
            comes(answer);
            answer.part = Part::Partial;
        }
        What::Workshops(list) => {
            comes(answer);
            answer.workshops.clone_from(list);
        }
        _ => {}
    }
}

/// What changed, in words: each event before and after, what is brought besides, what is not any more.
fn compared(work: &Work<'_>, before: &crate::roster::Roster, someone: &Someone, said: &Said) -> Vec<String> {
    let after = work.roster();
    let mut says = Vec::new();
    for answer in &said.answers {
        let Some(gathering) = after.gathering(&answer.event) else { continue };
        let Some(now) = after.guest(&someone.person, &answer.event) else { continue };
        let was = before.guest(&someone.person, &answer.event).map(|g| state(work.speech, g, gathering));
        let now = state(work.speech, now, gathering);
        let date = gathering.event.start.date().to_string();
        let values = json!({ "name": someone.shown, "date": date, "before": was, "now": now });
        says.push(work.say("answer", values));
    }
    let held = |roster: &crate::roster::Roster| -> Vec<String> {
        theirs(roster, someone).filter(|g| !g.contribution.own).map(|g| quantity(&g.contribution)).collect()
    };
    let (was, now) = (held(before), held(&after));
    let only = |a: &[String], b: &[String]| a.iter().filter(|t| !b.contains(t)).cloned().collect::<Vec<String>>();
    let (more, less) = (only(&now, &was), only(&was, &now));
    if !more.is_empty() || !less.is_empty() {
        says.push(work.say("brings", json!({ "name": someone.shown, "more": more, "less": less })));
    }
    for words in &said.diets {
        says.push(work.say("diet", json!({ "name": someone.shown, "words": words })));
    }
    says
}

fn quantity(contribution: &Contribution) -> String {
    let what = clean(&contribution.what, 80);
    match contribution.quantity {
        Some(n) if n > 1 => format!("{n} {what}"),
        _ => what,
    }
}

/// A thing that the rules do not know, as it is written.
pub fn plain(words: &str) -> Contribution {
    Contribution {
        kind: Sort::Food,
        what: words.to_owned(),
        course: None::<Course>,
        quantity: None,
        own: false,
        tentative: false,
    }
}
