//! How much of the event they attend: all, a part, only the meal.

use std::ops::Range;

use jiff::civil::Time;

use crate::event::{Event, SharedMeal};
use crate::reading::{Attendance, Part};
use crate::rules::passage::{Note, Passage};
use crate::rules::scan::{Effect, Finding};

use super::attendance::Verdict;
use super::event::{SPAN, hour};
use super::page::{Page, Piece};

/// The part attended, with the rule and the words; a rule may say that it is all of it.
pub fn part(page: &Page<'_>, verdict: &Verdict) -> (Part, String, String) {
    let full = (Part::Full, String::new(), String::new());
    if verdict.says == Attendance::No {
        return full;
    }
    let Some(event) = page.config.events.get(verdict.event) else { return full };
    if let Some(vote) = verdict.votes.iter().find(|v| v.for_the_meal) {
        return (Part::MealOnly, vote.rule.clone(), vote.words.clone());
    }
    let mut found = full.clone();
    let mut all = None;
    for (piece, finding, rule) in page.findings("attending") {
        if !counts(piece, finding, verdict.event) {
            continue;
        }
        // "De 10 h à 14 h", of a day with several events: which ones, and all of each.
        let spans = |n: &Note| n.rule == SPAN && n.words.start < finding.words.end && finding.words.start < n.words.end;
        let within = || inside(page, piece, finding, event);
        if piece.passage.notes.iter().any(spans) && !within() {
            continue;
        }
        let part = match rule.says("part") {
            // "Les ateliers sans moi, mais j'arrive pour le repas": what else they say tells that they eat.
            "meal_only" if rule.says("needs") == "meal" && !eats(page, verdict.event) => continue,
            // "Lucie part avant, Patrice et moi restons": not all of them come for a part.
            "full" => return (Part::Full, rule.name(), piece.words(finding).to_owned()),
            "meal_only" if event.meal == SharedMeal::Beside => Part::MealOnly,
            // "Je serai là de 9 h à 13 h": the hours of all of it, whatever comes after.
            "partial" if whole(page, piece, finding, event) => {
                let told = (Part::Full, rule.name(), piece.words(finding).to_owned());
                if all_of_it(page, piece, finding, event) {
                    return told;
                }
                all = Some(told);
                continue;
            }
            // "Ensuite je file, pas de concert": off before what comes next that day.
            "partial" if rule.says("hours") == "then" && goes_on(page, verdict.event) => continue,
            "partial" => Part::Partial,
            _ => continue,
        };
        // "Je vous rejoins pour le repas vers 13 h": the hour does not make it less than the meal.
        if found.0 != Part::MealOnly {
            found = (part, rule.name(), piece.words(finding).to_owned());
        }
    }
    if found.0 == Part::Full { all.unwrap_or(full) } else { found }
}

/// They say, in a clause of its own, that they stay or come for its meal.
fn eats(page: &Page<'_>, event: usize) -> bool {
    page.findings("meal").any(|(piece, f, rule)| {
        let ours = piece.about(f).events.contains(&event) && !piece.asked(f);
        ours && f.plain() && matches!(rule.says("meal"), "yes" | "mention")
    })
}

/// From when it begins to when it ends, by the hours said.
fn all_of_it(page: &Page<'_>, piece: &Piece, finding: &Finding, event: &Event) -> bool {
    let said = page.rule(finding).map_or("", |r| r.says("hours"));
    said == "to" && hours(page, &piece.passage, &finding.words, event).len() > 1
}

/// They come after it began or go before it ends, and are there at no other hour: "nettoyage, de 9 h à 10 h 30".
fn inside(page: &Page<'_>, piece: &Piece, finding: &Finding, event: &Event) -> bool {
    let hours = hours(page, &piece.passage, &finding.words, event);
    let end = event.end.filter(|e| e.date() == event.start.date()).map(|e| minutes(e.time()));
    let (Some(first), Some(last), Some(end)) = (hours.first(), hours.last(), end) else { return false };
    let start = minutes(event.start.time());
    hours.len() > 1 && start <= *first && *last <= end && (start < *first || *last < end)
}

/// Another event follows on the same day.
fn goes_on(page: &Page<'_>, event: usize) -> bool {
    let after = |e: &Event| e.start.date();
    let this = page.config.events.get(event);
    this.is_some_and(|this| page.config.events.iter().any(|e| after(e) == after(this) && e.start > this.start))
}

/// They come so late to an event that is itself the meal that it is over: two hours and a half after it began.
pub fn after_the_meal(page: &Page<'_>, verdict: &Verdict) -> bool {
    let Some(event) = page.config.events.get(verdict.event) else { return false };
    let over = minutes(event.start.time()) + 150;
    page.findings("attending").any(|(piece, finding, rule)| {
        let hours = hours(page, &piece.passage, &finding.words, event);
        let late = rule.says("hours") == "from" && hours.first().is_some_and(|h| *h >= over);
        late && counts(piece, finding, verdict.event)
    })
}

/// They leave about noon, when the meal begins, an event that goes on.
pub fn before_the_meal(page: &Page<'_>, verdict: &Verdict) -> bool {
    let Some(event) = page.config.events.get(verdict.event) else { return false };
    let noon = AFTERNOON + 30;
    let around = minutes(event.start.time()) < AFTERNOON - 60
        && event.end.is_none_or(|e| e.date() != event.start.date() || minutes(e.time()) > noon);
    around
        && page.findings("attending").any(|(piece, finding, rule)| {
            let leaves = rule.says("hours") == "to" && counts(piece, finding, verdict.event);
            let hours = hours(page, &piece.passage, &finding.words, event);
            leaves
                && !whole(page, piece, finding, event)
                && hours.last().is_some_and(|h| (AFTERNOON - 15..=noon).contains(h))
        })
}

/// Said of that event, and neither denied, doubted, cancelled nor asked.
fn counts(piece: &Piece, finding: &Finding, event: usize) -> bool {
    let about = piece.about(finding);
    let taken_back = finding.is(Effect::Cancelled) || finding.is(Effect::Doubted) || finding.negated();
    about.events.contains(&event) && !about.another_matter() && !taken_back && !piece.asked(finding)
}

/// By the hours that they say they miss nothing: there when it begins ("j'arrive à 8 h pour les tables"), gone when it
/// ends, or off from home ("je pars à 8 h 15").
fn whole(page: &Page<'_>, piece: &Piece, finding: &Finding, event: &Event) -> bool {
    let start = minutes(event.start.time());
    let ends = |h: i32| event.end.is_some_and(|end| end.date() == event.start.date() && h >= minutes(end.time()));
    let said = page.rule(finding).map_or("", |r| r.says("hours"));
    // All of it is in that half of the day.
    match said {
        "morning" => return ends(LUNCH),
        "afternoon" => return start >= AFTERNOON,
        _ => {}
    }
    let hours = hours(page, &piece.passage, &finding.words, event);
    let (Some(first), Some(last)) = (hours.first(), hours.last()) else { return false };
    match said {
        "from" => *last <= start,
        "to" if hours.len() > 1 => *first <= start && ends(*last),
        "to" => *last <= start || ends(*last),
        _ => false,
    }
}

/// Noon, and an hour by which what is of the morning has ended, in minutes of the day.
const AFTERNOON: i32 = 12 * 60;
const LUNCH: i32 = AFTERNOON + 90;
/// From then on an event is of the evening.
const EVENING: i32 = 17 * 60;

fn minutes(time: Time) -> i32 {
    i32::from(time.hour()) * 60 + i32::from(time.minute())
}

/// The hours within some words, in minutes of the day; in the evening if the event is: "vers 8 h" of a concert is 20 h.
fn hours(page: &Page<'_>, passage: &Passage, words: &Range<usize>, event: &Event) -> Vec<i32> {
    let start = i32::from(event.start.time().hour()) * 60;
    let evening = |m: i32| start >= EVENING && m < AFTERNOON && m + AFTERNOON >= start;
    let mut out = Vec::new();
    let mut at = words.start;
    while at < words.end {
        let (hour, end) = hour(passage, page.pack, at);
        out.extend(hour.map(|m| if evening(m) { m + AFTERNOON } else { m }));
        at = end;
    }
    out
}
