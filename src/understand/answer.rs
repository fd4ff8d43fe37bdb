//! What is told of an event that a letter answers: every field of its answer, by the rules or by what words make likelier.
//!
//! Promises: each field leaves in the evidence what it rests on. Whether the event is answered at all was decided before.

use super::attendance::{self, Verdict};
use super::contributions::Offer;
use super::leaning::{Leaning, heads, stays};
use super::page::Page;
use super::people::{self, Census};
use super::{attending, courtesy, meal, workshops};
use crate::event::{Event, SharedMeal};
use crate::reading::{Answer, Attendance, Evidence, Meal, Part, Reading, Review};

/// Leaves in the evidence what a field rests on.
pub(super) fn note(reading: &mut Reading, field: &str, rule: &str, words: &str, note: &str) {
    let (field, rule, words, note) = (field.into(), rule.into(), words.into(), note.into());
    reading.evidence.push(Evidence { field, rule, words, note });
}

/// Completes the answer about one event.
pub(super) fn answer(page: &Page<'_>, verdict: &Verdict, census: &Census, offers: &[Offer], reading: &mut Reading) {
    let Some(event) = page.config.events.get(verdict.event) else { return };
    let id = &event.id;
    for vote in &verdict.votes {
        note(reading, &format!("attendance {id}"), &vote.rule, &vote.words, &vote.note);
    }
    if verdict.votes.iter().all(|v| !v.named) {
        reading.inferred.push(id.clone());
    }
    if verdict.contradiction {
        reading.review.push(Review::Contradiction);
    }
    let leaves = verdict.says == Attendance::No && courtesy::parts(page);
    let known = reading.review.contains(&Review::LowCoverage);
    if verdict.weight == attendance::Weight::Weak && !verdict.backed() && !verdict.sure && !leaves && !known {
        // Only a reason or a place elsewhere: probably so, but nobody said it.
        reading.review.push(Review::LowCoverage);
    }
    let mut answer = Answer {
        event: id.clone(),
        attendance: verdict.says,
        people: Some(0),
        meal: None,
        workshops: Vec::new(),
        part: Part::Full,
    };
    if verdict.says != Attendance::No {
        let features = stays::features(page, verdict.event);
        let leaning = |question: &str| stays::leaning(page, features.as_ref()?, question);
        answer.people = heads_of(page, event, verdict, census, reading);
        answer.part = part_of(page, event, verdict, leaning, reading);
        answer.meal = meal_of(page, event, verdict, (answer.part, offers), leaning, reading);
        answer.workshops = workshops::workshops(page, verdict.event);
    }
    reading.answers.push(answer);
}

/// How many come to one event: what the rules count, or the number that words make likelier; a person reads where they
/// overrule, and where neither is likely.
fn heads_of(page: &Page<'_>, event: &Event, verdict: &Verdict, census: &Census, reading: &mut Reading) -> Option<u32> {
    let count = people::people(page, census, verdict);
    let field = format!("people {}", event.id);
    let leaning = heads::leaning(page, verdict.event);
    let judged = leaning.as_ref().map(|l| (l.counted(count.people), l));
    match judged.filter(|(judged, _)| judged.overrules) {
        Some((judged, leaning)) => note(reading, &field, "leaning/heads", &leaning.words(judged.side), ""),
        None => note(reading, &field, &count.rule, &count.words, ""),
    }
    let doubted = judged.filter(|(judged, _)| judged.doubtful());
    if let Some((judged, leaning)) = doubted {
        note(reading, "review", "leaning/heads", &leaning.words(judged.side), "");
    }
    if (count.unsure || doubted.is_some()) && !reading.review.contains(&Review::HeadCount) {
        reading.review.push(Review::HeadCount);
    }
    judged.map_or(count.people, |(judged, _)| judged.people)
}

/// The part of an event that they come for: what the rules read, or what words make likelier.
fn part_of<'p>(
    page: &Page<'_>,
    event: &Event,
    verdict: &Verdict,
    leaning: impl Fn(&str) -> Option<Leaning<'p>>,
    reading: &mut Reading,
) -> Part {
    let (read, rule, words) = attending::part(page, verdict);
    let field = format!("part {}", event.id);
    // Words know no hours: "je repars à 17 h", when it ends, is all of it.
    let whole = read == Part::Full && !rule.is_empty();
    let leaning = (!whole).then(|| leaning(stays::PART)).flatten();
    let judged = leaning.as_ref().map(|l| (l.part(read, event.meal == SharedMeal::Beside), l));
    if let Some(((part, side), leaning)) = judged.filter(|((part, _), _)| *part != read) {
        note(reading, &field, "leaning/part", &leaning.words(side), "");
        return part;
    }
    if !rule.is_empty() {
        note(reading, &field, &rule, &words, "");
    }
    read
}

/// Whether they stay for its meal, in the same way, given the part they come for and what is brought; who comes to an event
/// that is itself the meal is there.
fn meal_of<'p>(
    page: &Page<'_>,
    event: &Event,
    verdict: &Verdict,
    (part, offers): (Part, &[Offer]),
    leaning: impl Fn(&str) -> Option<Leaning<'p>>,
    reading: &mut Reading,
) -> Option<Meal> {
    let read = meal::meal(page, verdict, part, offers);
    let field = format!("meal {}", event.id);
    let told = read.as_ref().map(|(meal, ..)| *meal);
    let asked = event.meal == SharedMeal::Beside && part != Part::MealOnly;
    let leaning = asked.then(|| leaning(stays::MEAL)).flatten();
    let judged = leaning.as_ref().map(|l| (l.meal(told), l));
    if let Some(((meal, side), leaning)) = judged.filter(|((meal, _), _)| *meal != told) {
        note(reading, &field, "leaning/meal", &leaning.words(side), "");
        return meal;
    }
    let (meal, rule, words) = read?;
    note(reading, &field, &rule, &words, "");
    Some(meal)
}
