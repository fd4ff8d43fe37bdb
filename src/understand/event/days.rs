//! Which announced events a day means: in any form, a stretch of days, a weekend, a weekday that several events share, and
//! the moment that tells two events of one day apart.
//!
//! Never takes a weekday for events of several weeks: the one named before is meant, else the one that is asked about.

use std::ops::Range;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::config::Config;
use crate::rules::pack::Pack;
use crate::rules::passage::Passage;
use crate::rules::template::{Slot, Words};

use super::names::Landmarks;
use super::{ALL, ELSEWHERE};

/// "Du 10 au 20 juin", "jusqu'au 20": the announced events that fall within, with the words that say so.
pub(super) fn stretches(
    passage: &Passage,
    pack: &Pack,
    landmarks: &Landmarks,
    sent: Option<Timestamp>,
) -> Vec<(Range<usize>, Vec<u32>)> {
    let listed = |list: &str, at: usize| pack.listed(list, passage.word(at));
    let days: Vec<Range<usize>> =
        passage.notes.iter().filter(|n| n.slot == Slot::Date).map(|n| n.words.clone()).collect();
    let mut out = Vec::new();
    for last in &days {
        let to = listed("stretch-to", last.start);
        let led = to && last.start.checked_sub(1).is_some_and(|before| listed("stretch-until", before));
        let open = led || listed("stretch-until", last.start);
        let first = days.iter().find(|d| to && !open && d.end == last.start && listed("stretch-from", d.start));
        if !open && first.is_none() {
            continue;
        }
        let Some((to, month)) = day_of_month(passage, pack, last) else { continue };
        let from = first.and_then(|words| day_of_month(passage, pack, words));
        let mut events = Vec::new();
        for (date, event) in &landmarks.days {
            let end = Date::new(date.year(), month.unwrap_or(date.month()), to);
            let start = match from {
                Some((day, own)) => Date::new(date.year(), own.or(month).unwrap_or(date.month()), day).ok(),
                None => sent.filter(|_| open).map(|t| t.to_zoned(jiff::tz::TimeZone::UTC).date()),
            };
            let (Ok(end), Some(start)) = (end, start) else { continue };
            // "Du 28 au 5 mars" begins in the month before.
            let start = if start > end { start.saturating_sub(jiff::Span::new().months(1)) } else { start };
            let within = start <= *date && *date <= end;
            events.extend(u32::try_from(*event).ok().filter(|_| within));
        }
        if !events.is_empty() {
            out.push((first.map_or(last.start, |f| f.start)..last.end, events));
        }
    }
    out
}

/// The day and, when said, the month of a date's words.
fn day_of_month(passage: &Passage, pack: &Pack, words: &Range<usize>) -> Option<(i8, Option<i8>)> {
    let day = words.clone().find_map(|at| passage.number(at)).and_then(|(n, _)| i8::try_from(n).ok())?;
    let month = words.clone().find_map(|at| pack.value("months", passage.word(at)));
    Some((day, month.and_then(|m| i8::try_from(m).ok())))
}

/// What the words of a day say of it.
#[derive(Default)]
struct Said {
    number: Option<i64>,
    month: Option<i64>,
    weekday: Option<i64>,
    year: Option<i64>,
}

fn said(passage: &Passage, pack: &Pack, words: &Range<usize>, rule: &str) -> Said {
    let mut said = Said::default();
    let mut counted = words.start;
    for at in words.clone() {
        let word = passage.word(at);
        // "Le dix-sept" is no 10 September.
        if at < counted {
            continue;
        }
        counted = passage.number(at).map_or(at, |(_, end)| end);
        if let Some(value) = pack.value("weekdays", word).filter(|_| said.weekday.is_none() && at == words.start) {
            said.weekday = Some(value);
        } else if let Some(value) = pack.value("months", word).filter(|_| said.number.is_some() || rule == "day-month")
        {
            said.month = said.month.or(Some(value));
        } else if let Some((value, _)) = passage.number(at) {
            match said.number {
                None => said.number = Some(i64::from(value)),
                Some(_) if value >= 1900 => said.year = Some(i64::from(value)),
                Some(_) if rule == "figures" => said.month = said.month.or(Some(i64::from(value))),
                Some(_) => {}
            }
        }
    }
    said
}

/// What a day means: an event, or somewhere else.
pub(super) fn day(
    passage: &Passage,
    pack: &Pack,
    config: &Config,
    landmarks: &Landmarks,
    words: &Range<usize>,
    rule: &str,
    sent: Option<Timestamp>,
) -> Vec<u32> {
    if rule == "the-numbers" {
        return days(passage, pack, landmarks, words);
    }
    if let Some(part) = part_of_week(rule) {
        return in_week(passage, pack, config, landmarks, words, part, sent);
    }
    let Said { number, month, weekday, year } = said(passage, pack, words, rule);
    let date = sent.map(|t| t.to_zoned(config.association.timezone.clone()).date());
    if rule == "relative" {
        let offset = pack.value("relative-days", passage.word(words.start)).unwrap_or(0);
        let meant = date.and_then(|d| d.checked_add(jiff::Span::new().days(offset)).ok());
        let found: Vec<u32> = events_on(landmarks, |d| Some(d) == meant);
        return if found.is_empty() { vec![ELSEWHERE] } else { found };
    }
    let fits = |d: Date| {
        number.is_none_or(|n| n == i64::from(d.day()))
            && month.is_none_or(|m| m == i64::from(d.month()))
            && year.is_none_or(|y| y == i64::from(d.year()))
            && weekday.is_none_or(|w| w == i64::from(d.weekday().to_monday_one_offset()))
    };
    if number.is_none() && weekday.is_none() {
        return Vec::new();
    }
    // "Samedi dernier" is over.
    let gone = |at: usize| pack.value("ordinals", passage.word(at)) == Some(LAST);
    if number.is_none() && words.end.checked_sub(1).is_some_and(|at| at > words.start && gone(at)) {
        return vec![ELSEWHERE];
    }
    let mut found = events_on(landmarks, fits);
    // A slip in the weekday ("dimanche 3 mars") is still that day when the month is said or the number is telling.
    if found.is_empty() && number.is_some() && weekday.is_some() {
        found = events_on(landmarks, |d| {
            number == Some(i64::from(d.day()))
                && month.is_none_or(|m| m == i64::from(d.month()))
                && year.is_none_or(|y| y == i64::from(d.year()))
        });
    }
    let habit = number.is_none() && words.start.checked_sub(1).is_some_and(|at| pack.listed("each", passage.word(at)));
    // "Je les vois chaque mardi": a habit.
    if found.is_empty() || (habit && found.len() == 1) {
        return vec![ELSEWHERE];
    }
    found
}

/// "Les 3 et 4 mars", "les 20 et 27": the events on those days.
fn days(passage: &Passage, pack: &Pack, landmarks: &Landmarks, words: &Range<usize>) -> Vec<u32> {
    // "Les 25 mai et 6 juin", "les 3 et 4 mars": the month that is said next.
    let month = |from: usize| (from..words.end).find_map(|at| pack.value("months", passage.word(at)));
    let fits = |day: i64, month: Option<i64>, d: Date| {
        day == i64::from(d.day()) && month.is_none_or(|m| m == i64::from(d.month()))
    };
    let numbers = words.clone().filter_map(|at| passage.number(at)).map(|(n, end)| (i64::from(n), month(end)));
    let found: Vec<u32> = numbers.flat_map(|(n, m)| events_on(landmarks, |d| fits(n, m, d))).collect();
    if found.is_empty() { vec![ELSEWHERE] } else { found }
}

fn events_on(landmarks: &Landmarks, fits: impl Fn(Date) -> bool) -> Vec<u32> {
    landmarks.days.iter().filter(|(d, _)| fits(*d)).filter_map(|(_, e)| u32::try_from(*e).ok()).collect()
}

/// The weekdays that a rule for a part of the week means, Monday being 1.
fn part_of_week(rule: &str) -> Option<std::ops::RangeInclusive<i8>> {
    match rule {
        "weekend" => Some(6..=7),
        "working-days" => Some(1..=5),
        "whole-week" => Some(1..=7),
        _ => None,
    }
}

/// Value of an ordinal that means the last one.
const LAST: i64 = 99;
/// How many days ahead "ce week-end" may mean.
const SOON: i32 = 9;

/// "Tout le week-end", "en semaine": the events on those days of one week; "toute la semaine" is that of a series.
fn in_week(
    passage: &Passage,
    pack: &Pack,
    config: &Config,
    landmarks: &Landmarks,
    words: &Range<usize>,
    part: std::ops::RangeInclusive<i8>,
    sent: Option<Timestamp>,
) -> Vec<u32> {
    let found: Vec<(Date, u32)> = events_on(landmarks, |d| part.contains(&d.weekday().to_monday_one_offset()))
        .into_iter()
        .filter_map(|e| Some((landmarks.day_of(e)?, e)))
        .collect();
    let Some(week) = nearest(config, &found, sent).map(monday) else { return Vec::new() };
    let of_week: Vec<u32> = found.iter().filter(|(d, _)| monday(*d) == week).map(|(_, e)| *e).collect();
    // "Ce week-end" is the next one, unless the words say "ce week-end-là".
    let this = pack.listed("this", passage.word(words.start)) && !pack.listed("that-one", passage.word(words.end));
    let sent = sent.map(|t| t.to_zoned(config.association.timezone.clone()).date());
    let far = |e: &u32| match (sent, landmarks.day_of(*e)) {
        (Some(sent), Some(day)) => (day - sent).get_days() > SOON,
        _ => false,
    };
    if (this && of_week.iter().all(far)) || (part == (1..=7) && of_week.len() < 3) {
        return Vec::new();
    }
    of_week
}

fn monday(date: Date) -> Date {
    let since = i64::from(date.weekday().to_monday_zero_offset());
    date.saturating_sub(jiff::Span::new().days(since))
}

/// Of several days, that of the event the invitation asks about, else the first one to come.
fn nearest(config: &Config, found: &[(Date, u32)], sent: Option<Timestamp>) -> Option<Date> {
    let asked = config.default_event().map(|e| e.start.date());
    if let Some((day, _)) = found.iter().find(|(d, _)| Some(*d) == asked) {
        return Some(*day);
    }
    let sent = sent.map(|t| t.to_zoned(config.association.timezone.clone()).date());
    let coming = found.iter().map(|(d, _)| *d).filter(|d| sent.is_none_or(|sent| sent <= *d)).min();
    coming.or_else(|| found.iter().map(|(d, _)| *d).min())
}

/// "Samedi", of several: that of the event named last before, else of the one asked about, else the first to come.
/// "Le 7 au soir", of two events on one day: the one of that moment.
pub(super) fn one_of(
    passage: &Passage,
    pack: &Pack,
    config: &Config,
    landmarks: &Landmarks,
    sent: Option<Timestamp>,
    notes: &mut Vec<(Range<usize>, u32)>,
) {
    let weekdays = passage.notes.iter().filter(|n| n.slot == Slot::Date);
    let days: Vec<(Range<usize>, bool)> = weekdays.map(|n| (n.words.clone(), n.rule == "weekday")).collect();
    for (words, bare) in days {
        let here: Vec<(Date, u32)> =
            notes.iter().filter(|(w, _)| *w == words).filter_map(|(_, e)| Some((landmarks.day_of(*e)?, *e))).collect();
        let mut kept: Vec<u32> = here.iter().map(|(_, e)| *e).collect();
        let several = here.iter().any(|(d, _)| here.first().is_some_and(|(first, _)| first != d));
        if bare && several {
            let before = notes.iter().filter(|(w, v)| w.end <= words.start && (*v as usize) < config.events.len());
            let alone = before.filter(|(w, v)| !notes.iter().any(|(o, other)| o == w && other != v));
            let last = alone.max_by_key(|(w, _)| w.end).and_then(|(_, e)| landmarks.day_of(*e));
            // "Le samedi suivant": the first one after the day named last.
            let next = words.clone().any(|at| pack.listed("following", passage.word(at)));
            let among = |day: &Date| here.iter().any(|(d, _)| d == day);
            let told = match last {
                Some(last) if next => here.iter().map(|(d, _)| *d).filter(|d| *d > last).min(),
                last => last.filter(among),
            };
            if let Some(day) = told.or_else(|| nearest(config, &here, sent)) {
                kept = here.iter().filter(|(d, _)| *d == day).map(|(_, e)| *e).collect();
            }
        }
        if kept.len() > 1 {
            let near = words.start.saturating_sub(3)..words.end + 3;
            kept = at_moment(passage, pack, config, near, kept);
        }
        notes.retain(|(w, e)| *w != words || kept.contains(e) || *e == ELSEWHERE || *e == ALL);
    }
}

/// "Samedi soir": of the events that a day means, those of the moment it says itself.
pub(super) fn of_moment(passage: &Passage, pack: &Pack, config: &Config, notes: &mut Vec<(Range<usize>, u32)>) {
    let days: Vec<Range<usize>> =
        passage.notes.iter().filter(|n| n.slot == Slot::Date).map(|n| n.words.clone()).collect();
    for words in days {
        let here: Vec<u32> = notes.iter().filter(|(w, _)| *w == words).map(|(_, e)| *e).collect();
        if here.len() > 1 {
            let kept = at_moment(passage, pack, config, words.clone(), here);
            notes.retain(|(w, e)| *w != words || kept.contains(e));
        }
    }
}

/// "Le lendemain", "la veille" of the event named last before, else of the one that is asked about: the events of that day,
/// or of its moment ("la veille au soir").
pub(super) fn from_another(
    passage: &Passage,
    pack: &Pack,
    config: &Config,
    landmarks: &Landmarks,
    notes: &mut Vec<(Range<usize>, u32)>,
) {
    for at in 1..passage.len() {
        let Some(days) = pack.value("days-from", passage.word(at)) else { continue };
        let led = ["the", "at-the"].iter().any(|list| pack.listed(list, passage.word(at - 1)));
        // Behind a day that is no event's, it is counted from that one.
        let other = notes.iter().any(|(w, e)| w.end <= at && *e == ELSEWHERE);
        let asked = config.asked().and_then(|e| u32::try_from(e).ok()).filter(|_| !other);
        let before = notes.iter().filter(|(w, e)| w.end <= at && landmarks.day_of(*e).is_some());
        let last = before.max_by_key(|(w, _)| w.start).map(|(_, e)| *e).or(asked).and_then(|e| landmarks.day_of(e));
        let Some(day) = last.filter(|_| led).and_then(|d| d.checked_add(jiff::Span::new().days(days)).ok()) else {
            continue;
        };
        let events = events_on(landmarks, |d| d == day);
        // "Le lendemain à la rivière": the one that is named there.
        let clause = passage.clause_at(at);
        let named = notes.iter().any(|(w, e)| {
            w.start > at && w.start < at + 12 && passage.clause_at(w.start) == clause && events.contains(e)
        });
        if !named {
            let little = usize::from(pack.listed("hour-lead", passage.word(at + 1)));
            let end = moment(passage, pack, at + 1 + little).map_or(at + 1, |(_, end)| end);
            let events = at_moment(passage, pack, config, at - 1..end, events);
            notes.extend(events.into_iter().map(|e| (at - 1..end, e)));
        }
    }
}

/// "Du samedi 16 h au dimanche midi": all from the first to the last.
pub(super) fn between(passage: &Passage, pack: &Pack, config: &Config, notes: &mut Vec<(Range<usize>, u32)>) {
    let led = |list: &str, w: &Range<usize>| w.start.checked_sub(1).is_some_and(|b| pack.listed(list, passage.word(b)));
    let start = |e: u32| config.events.get(e as usize).map(|e| e.start);
    let mut found: Vec<(Range<usize>, Vec<u32>)> = Vec::new();
    for (first, from) in notes.iter().filter(|(w, _)| led("stretch-from", w)) {
        let here = |w: &Range<usize>| w.start == first.end + 1 && led("stretch-to", w);
        for (last, to) in notes.iter().filter(|(w, _)| here(w)) {
            let within = |e: &u32| start(*from) <= start(*e) && start(*e) <= start(*to) && start(*from).is_some();
            found.push((first.start..last.end, (0u32..).take(config.events.len()).filter(within).collect()));
        }
    }
    if let Some((words, events)) = found.into_iter().max_by_key(|(_, events)| events.len()).filter(|(_, e)| e.len() > 1)
    {
        notes.retain(|(w, _)| w.start < words.start || w.end > words.end);
        notes.extend(events.into_iter().map(|e| (words.clone(), e)));
    }
}

/// "Intéressé par le 30", where no workshop has such a number: the day.
pub(super) fn no_workshop(
    passage: &Passage,
    pack: &Pack,
    config: &Config,
    landmarks: &Landmarks,
    notes: &mut Vec<(Range<usize>, u32)>,
) {
    let Some(last) = config.events.iter().flat_map(|e| &e.workshops).map(|w| w.number).max() else { return };
    let timed = |at: usize| {
        let mut hours = passage.notes.iter().filter(|n| n.slot == Slot::Hour && n.words.contains(&at));
        hours.any(|n| hour(passage, pack, n.words.start).0.is_some())
    };
    let ends = |at: usize| {
        let word = passage.word(at);
        !word.contains(char::is_alphanumeric) || ["goes-on", "after-name"].iter().any(|list| pack.listed(list, word))
    };
    for at in (1..passage.len()).filter(|at| pack.listed("day-articles", passage.word(at - 1)) && !timed(*at)) {
        let Some((number, end)) = passage.number(at).filter(|(n, end)| *n > last && ends(*end)) else { continue };
        let days = events_on(landmarks, |d| i64::from(d.day()) == i64::from(number));
        let taken = notes.iter().any(|(w, _)| w.contains(&at));
        notes.extend(days.into_iter().filter(|_| !taken).map(|e| (at..end, e)));
    }
}

/// "3 octobre : ok" on one line, "17 : on verra" on another: the day that a line begins with, where others begin with one.
pub(super) fn lined(passage: &Passage, pack: &Pack, landmarks: &Landmarks, notes: &mut Vec<(Range<usize>, u32)>) {
    let count = passage.clauses.last().map_or(0, |c| c.sentence + 1);
    let mut starts: Vec<usize> = (0..count).map(|s| passage.sentence(s).start).collect();
    // "3 octobre : oui ; 17 : non", on one line.
    starts.extend((1..passage.len()).filter(|at| pack.listed("row-signs", passage.word(at - 1))));
    let dated = |at: usize| passage.notes.iter().any(|n| n.slot == Slot::Date && n.words.contains(&at));
    let named = |at: usize| dated(at) && notes.iter().any(|(w, e)| w.contains(&at) && landmarks.day_of(*e).is_some());
    let lines = starts.iter().any(|at| named(*at));
    let answered = |at: usize| {
        let told = ["short-answers", "goes-on"].iter().any(|list| pack.listed(list, passage.word(at)));
        lines && told && passage.clause_at(at).is_some()
    };
    // "27 à Valence": what is on that day.
    let beside = |at: usize, event: u32| notes.iter().any(|(w, e)| *e == event && (at..at + 3).contains(&w.start));
    let mut more = Vec::new();
    for at in starts.into_iter().filter(|at| !dated(*at)) {
        let Some((number, end)) = passage.number(at) else { continue };
        let day = events_on(landmarks, |d| i64::from(d.day()) == i64::from(number));
        let meant = day.into_iter().filter(|e| answered(end) || beside(end, *e));
        more.extend(meant.map(|e| (at..end, e)));
    }
    notes.extend(more);
}

/// Of events on one day, those of the moment that words name ("le soir"); all of them where they name none, or all.
pub(super) fn at_moment(
    passage: &Passage,
    pack: &Pack,
    config: &Config,
    words: Range<usize>,
    events: Vec<u32>,
) -> Vec<u32> {
    let clause = passage.clause_at(words.end.saturating_sub(4).max(words.start));
    let start = words.clone().find(|at| passage.clause_at(*at) == clause).unwrap_or(words.end);
    let Some(from_to) = last_moment(passage, pack, start..words.end) else { return events };
    let then = |e: &u32| config.events.get(*e as usize).is_some_and(|e| from_to.contains(&i64::from(e.start.hour())));
    let kept: Vec<u32> = events.iter().copied().filter(then).collect();
    if kept.is_empty() { events } else { kept }
}

/// The hour that begins at a word, in minutes of the day ("midi", "10 h 30"), and where what stands there ends.
pub fn hour(passage: &Passage, pack: &Pack, at: usize) -> (Option<i32>, usize) {
    let note = passage.notes.iter().find(|n| n.slot == Slot::Hour && n.words.start == at);
    let end = note.map_or(at + 1, |n| n.words.end);
    if let Some(hour) = pack.value("hours", passage.word(at)) {
        return (i32::try_from(hour).ok().map(|h| h * 60), end);
    }
    let Some((hour, after)) = passage.number(at).filter(|_| note.is_some()) else { return (None, end) };
    let clock = hour < 25 && pack.listed("o-clock", passage.word(after));
    let past = passage.number(after + 1).filter(|_| after + 1 < end).map_or(0, |(m, _)| m.min(59));
    let minutes = i32::try_from(hour).ok().filter(|_| clock).map(|h| h * 60 + past.cast_signed());
    (minutes, end)
}

/// The hours, from and to, of the moment of a day that begins at a word ("soir", "après-midi"), and its end.
pub(super) fn moment(passage: &Passage, pack: &Pack, at: usize) -> Option<(Range<i64>, usize)> {
    let two = pack.value("moments", &format!("{} {}", passage.word(at), passage.word(at + 1)));
    // Hours from and to, written together: 1218.
    let hours = two.or_else(|| pack.value("moments", passage.word(at)))?;
    Some((hours / 100..hours % 100, at + 1 + usize::from(two.is_some())))
}

/// The hours of the last moment among some words.
pub(super) fn last_moment(passage: &Passage, pack: &Pack, words: Range<usize>) -> Option<Range<i64>> {
    let (mut at, mut last) = (words.start, None);
    while at < words.end {
        let found = moment(passage, pack, at);
        at = found.as_ref().map_or(at + 1, |(_, end)| *end);
        last = found.map(|(hours, _)| hours).or(last);
    }
    last
}
