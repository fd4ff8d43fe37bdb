//! What is told of an event that a letter answers: every field of its answer, by the rules or by what words make likelier.
//!
//! Promises: each field leaves in the evidence what it rests on. Whether the event is answered at all was decided before.

use super::attendance::{self, Verdict};
use super::contributions::Offer;
use super::leaning::{heads, stays};
use super::page::Page;
use super::people::{self, Census};
use super::{attending, courtesy, meal, workshops};
use crate::event::SharedMeal;
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
    let parts = verdict.says == Attendance::No && courtesy::parts(page);
    let known = reading.review.contains(&Review::LowCoverage);
    if verdict.weight == attendance::Weight::Weak && !verdict.backed() && !verdict.sure && !parts && !known {
        // Only a reason or a place elsewhere: probably so, but nobody said it.
        reading.review.push(Review::LowCoverage);
    }
    let people = if verdict.says == Attendance::No { Some(0) } else { count(page, verdict, census, reading) };
    let part = part(page, verdict, reading);
    let meal = dines(page, verdict, part, offers, reading);
    let workshops = if verdict.says == Attendance::No { Vec::new() } else { workshops::workshops(page, verdict.event) };
    reading.answers.push(Answer { event: id.clone(), attendance: verdict.says, people, meal, workshops, part });
}

/// How many come to one event: what the rules count, or the number that words make likelier; a person reads where the two
/// part, and where neither is likely.
fn count(page: &Page<'_>, verdict: &Verdict, census: &Census, reading: &mut Reading) -> Option<u32> {
    let count = people::people(page, census, verdict);
    let field = format!("people {}", page.config.events.get(verdict.event).map_or("", |e| e.id.as_str()));
    // "Oui, nous restons": a few words tell no number.
    let leaning = heads::leaning(page, verdict.event).filter(|l| !l.slight());
    let judged = leaning.as_ref().map(|l| (l.counted(count.people), l));
    match judged.filter(|(judged, _)| judged.parts) {
        Some((_, leaning)) => note(reading, &field, "leaning/heads", &leaning.words(leaning.likeliest()), ""),
        None => note(reading, &field, &count.rule, &count.words, ""),
    }
    let doubted = judged.filter(|(judged, _)| judged.doubtful());
    if let Some((_, leaning)) = doubted {
        note(reading, "review", "leaning/heads", &leaning.words(leaning.likeliest()), "");
    }
    if (count.unsure || doubted.is_some()) && !reading.review.contains(&Review::HeadCount) {
        reading.review.push(Review::HeadCount);
    }
    judged.map_or(count.people, |(judged, _)| judged.people)
}

/// The part of an event that they come for: what the rules read, or what words make likelier.
fn part(page: &Page<'_>, verdict: &Verdict, reading: &mut Reading) -> Part {
    let (read, rule, words) = attending::part(page, verdict);
    let Some(event) = page.config.events.get(verdict.event) else { return read };
    let field = format!("part {}", event.id);
    // Words know no hours: "je repars à 17 h", when it ends, is all of it.
    let whole = read == Part::Full && !rule.is_empty();
    let asked = verdict.says != Attendance::No && !whole;
    let leaning = stays::leaning(page, verdict.event, stays::PART).filter(|_| asked);
    let likelier = leaning.as_ref().map(|l| (l.part(read), l)).filter(|(part, _)| *part != read);
    // Where no meal is shared nobody comes for it alone.
    match likelier.filter(|(part, _)| *part != Part::MealOnly || event.meal == SharedMeal::Beside) {
        Some((part, leaning)) => {
            note(reading, &field, "leaning/part", &leaning.words(leaning.likeliest()), "");
            part
        }
        None if rule.is_empty() => read,
        None => {
            note(reading, &field, &rule, &words, "");
            read
        }
    }
}

/// Whether they stay for its meal, in the same way; who comes to an event that is itself the meal is there.
fn dines(page: &Page<'_>, verdict: &Verdict, part: Part, offers: &[Offer], reading: &mut Reading) -> Option<Meal> {
    let read = meal::meal(page, verdict, part, offers);
    let event = page.config.events.get(verdict.event)?;
    let field = format!("meal {}", event.id);
    let told = read.as_ref().map(|(meal, ..)| *meal);
    let asked = event.meal == SharedMeal::Beside && verdict.says != Attendance::No && part != Part::MealOnly;
    let leaning = stays::leaning(page, verdict.event, stays::MEAL).filter(|_| asked);
    let likelier = leaning.as_ref().map(|l| (l.meal(told), l)).filter(|(meal, _)| *meal != told);
    if let Some((meal, leaning)) = likelier {
        note(reading, &field, "leaning/meal", &leaning.words(leaning.likeliest()), "");
        return meal;
    }
    let (meal, rule, words) = read?;
    note(reading, &field, &rule, &words, "");
    Some(meal)
}
