//! An event meant by what one does there: "on dîne avec vous", "je mangerai avec vous le soir", "à votre table".
//!
//! Promises: of several meals, the one that the words, the day or the hour tell; where none does, none is meant. Where the
//! event spoken of shares a meal of its own, eating means that meal.

use std::ops::Range;

use crate::config::Config;
use crate::event::SharedMeal;
use crate::rules::pack::Pack;
use crate::rules::passage::Passage;
use crate::rules::template::Words;

use super::days::last_moment;
use super::names::Landmarks;

/// How far behind the verb its company may stand.
const NEAR: usize = 5;
/// How far before the verb a moment may stand.
const BESIDE: usize = 4;

/// Adds the events that are meals, where words say that one eats with those who are there.
pub(super) fn eaten(
    passage: &Passage,
    pack: &Pack,
    config: &Config,
    landmarks: &Landmarks,
    notes: &mut Vec<(Range<usize>, u32)>,
) {
    let meals: Vec<u32> =
        (0u32..).zip(&config.events).filter(|(_, event)| event.meal == SharedMeal::Itself).map(|(e, _)| e).collect();
    if meals.is_empty() || config.events.len() < 2 {
        return;
    }
    for at in 0..passage.len() {
        let Some(hours) = pack.value("eats", passage.word(at)) else { continue };
        let taken = notes.iter().any(|(w, _)| w.contains(&at));
        let Some(clause) = passage.clause_at(at).and_then(|c| passage.clauses.get(c)).map(|c| c.words.clone()) else {
            continue;
        };
        // "Je viendrai manger": to the meal, in company.
        let comes = (at.saturating_sub(2)..at).any(|w| pack.listed("comes-to-eat", passage.word(w)));
        if taken || !(comes || in_company(passage, pack, at, clause.end)) {
            continue;
        }
        let near = at.saturating_sub(BESIDE).max(clause.start)..(at + 1 + NEAR).min(clause.end);
        let hours = last_moment(passage, pack, near).unwrap_or(hours / 100..hours % 100);
        if let Some(meal) = meant(config, landmarks, &meals, hours, notes, at) {
            notes.push((at..at + 1, meal));
        }
    }
}

/// "Avec vous", "sur place", behind the verb; and not "avec vous" of another verb.
fn in_company(passage: &Passage, pack: &Pack, at: usize, end: usize) -> bool {
    let company = |from: usize| pack.phrase(passage, "with-those-there", from).is_some_and(|to| to <= end);
    (at + 1..at + 1 + NEAR).any(company) || (at.saturating_sub(2)..at).any(company)
}

/// The one meal of those hours, or of the day named last before, or the one that is asked about.
fn meant(
    config: &Config,
    landmarks: &Landmarks,
    meals: &[u32],
    hours: Range<i64>,
    notes: &[(Range<usize>, u32)],
    at: usize,
) -> Option<u32> {
    let last = notes.iter().filter(|(w, _)| w.end <= at).max_by_key(|(w, _)| w.start).map(|(_, e)| *e);
    let shares = |e: u32| config.events.get(e as usize).is_some_and(|e| e.meal == SharedMeal::Beside);
    let asked = config.asked().and_then(|e| u32::try_from(e).ok());
    if last.or(asked).is_some_and(shares) {
        return None;
    }
    let then = |e: &u32| config.events.get(*e as usize).is_some_and(|e| hours.contains(&i64::from(e.start.hour())));
    let of_hours: Vec<u32> = meals.iter().copied().filter(then).collect();
    if let [one] = of_hours.as_slice() {
        return Some(*one);
    }
    let day = last.and_then(|e| landmarks.day_of(e));
    let of_day: Vec<u32> = of_hours.iter().copied().filter(|e| day.is_some() && landmarks.day_of(*e) == day).collect();
    match of_day.as_slice() {
        [one] => Some(*one),
        _ => asked.filter(|e| last.is_none() && of_hours.contains(e)),
    }
}

/// "Le dimanche : le matin, et le repas", where several events are meals: a word for any meal is that of the day named
/// beside it or before it in its sentence, not of the one event that is called so.
pub(super) fn of_that_day(
    passage: &Passage,
    pack: &Pack,
    config: &Config,
    landmarks: &Landmarks,
    notes: &mut [(Range<usize>, u32)],
) {
    let itself = |e: u32| config.events.get(e as usize).is_some_and(|e| e.meal == SharedMeal::Itself);
    let sentence = |at: usize| passage.clause_at(at).and_then(|c| passage.clauses.get(c)).map(|c| c.sentence);
    let named: Vec<(Range<usize>, u32)> = notes.to_vec();
    for (words, event) in notes.iter_mut().filter(|(w, e)| w.len() == 1 && itself(*e)) {
        if !pack.listed("meal-nouns", passage.word(words.start)) {
            continue;
        }
        let clause = passage.clause_at(words.start);
        let other = |(w, e): &&(Range<usize>, u32)| w != words && landmarks.day_of(*e).is_some();
        let behind = named.iter().filter(other).filter(|(w, _)| w.start > words.start && w.start < words.end + NEAR);
        let behind = behind.filter(|(w, _)| passage.clause_at(w.start) == clause).min_by_key(|(w, _)| w.start);
        let before = named.iter().filter(other).filter(|(w, _)| w.end <= words.start);
        let before = before.filter(|(w, _)| sentence(w.start) == sentence(words.start)).max_by_key(|(w, _)| w.start);
        let Some(day) = behind.or(before).and_then(|(_, e)| landmarks.day_of(*e)) else { continue };
        let meals: Vec<u32> =
            (0u32..).take(config.events.len()).filter(|e| itself(*e) && landmarks.day_of(*e) == Some(day)).collect();
        if let [one] = meals.as_slice() {
            *event = *one;
        }
    }
}
