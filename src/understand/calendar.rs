//! A calendar answer (iTIP REPLY) and the announced events → what it answers, to which event.
//!
//! Promises: an answer only for an event of ours, found by UID, else by name and day; what a person forwards, a request,
//! a cancellation or a counter-proposal answers nothing. The attendee's own words are text like any
//! other: [`words`] hands them out, [`beside`] sets the answer beside what they say.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use crate::config::Config;
use crate::event::{Event, SharedMeal};
use crate::letter::{Block, Calendar, Letter, MarkOf, Writer};
use crate::reading::{Answer, Attendance, Evidence, Meal, Part, Reading, Review};
use crate::text::fold;

/// What a letter's calendar means for our events.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Outcome {
    /// No calendar, or one that a person passes on.
    #[default]
    None,
    /// It answers one of our events.
    Answered(Box<Answer>),
    /// It is about one of our events, but answers nothing that can be used: instances that differ, no attendee.
    Unclear,
    /// Somebody proposes another time for one of our events.
    Counter,
    /// A request, a cancellation, or an answer to somebody else's event.
    Elsewhere,
}

/// What the calendar of a letter means.
pub fn outcome(letter: &Letter, config: &Config) -> Outcome {
    let Some(calendar) = letter.calendar.as_ref().filter(|_| !letter.forwards) else { return Outcome::None };
    let Some(event) = config.events.iter().find(|e| is_about(calendar, e, config)) else { return Outcome::Elsewhere };
    match calendar.method.as_str() {
        "REPLY" => answer(calendar, event).map_or(Outcome::Unclear, |a| Outcome::Answered(Box::new(a))),
        "COUNTER" => Outcome::Counter,
        _ => Outcome::Elsewhere,
    }
}

/// What the attendee added in words; empty when nothing.
pub fn comment(letter: &Letter) -> &str {
    letter.calendar.as_ref().map_or("", |c| c.comment.as_str())
}

/// A calendar answer with the attendee's own words for its text: the comment, else what they wrote in the mail; the text
/// that an agenda composes ("Marie a accepté…", sent with `Auto-Submitted`) is nobody's words.
pub fn words(letter: &Letter) -> Letter {
    let comment = comment(letter).to_owned();
    let composed = letter.marks.iter().any(|m| m.of == MarkOf::AutoReply);
    let blocks = match (comment.is_empty(), composed) {
        (true, false) => letter.blocks.clone(),
        _ => vec![Block { by: Writer::Sender, text: comment }],
    };
    Letter { subject: String::new(), blocks, ..letter.clone() }
}

/// The answer that the agenda gives, beside what the attendee's words say: they may add to it; where they say otherwise
/// a person reads both.
pub fn beside(mut words: Reading, answer: Answer) -> Reading {
    let same = words.answers.iter().find(|a| a.event == answer.event);
    if same.is_some_and(|a| a.attendance != answer.attendance) {
        words.review.push(Review::CalendarDiffers);
    }
    let told = same.filter(|a| a.attendance == answer.attendance).cloned();
    words.answers.retain(|a| a.event != answer.event);
    let people = told.as_ref().and_then(|t| t.people).filter(|n| *n > 1).or(answer.people);
    let field = format!("attendance {}", answer.event);
    words.evidence.push(Evidence { field, rule: "calendar".into(), words: String::new(), note: String::new() });
    words.answers.push(Answer { people, ..told.unwrap_or(answer) });
    words
}

/// Whether the one who answers is the one who wrote: an acknowledgement goes to nobody else.
pub fn is_from_attendee(letter: &Letter) -> bool {
    let attendee = letter.calendar.as_ref().map_or("", |c| c.attendee.as_str());
    !attendee.is_empty() && letter.from.as_ref().is_some_and(|f| f.address == attendee)
}

fn answer(calendar: &Calendar, event: &Event) -> Option<Answer> {
    let attendance = match calendar.partstat.as_str() {
        "ACCEPTED" => Attendance::Yes,
        "DECLINED" => Attendance::No,
        "TENTATIVE" => Attendance::Maybe,
        _ => return None,
    };
    // More guests than this is no count of people.
    let guests = calendar.guests.filter(|g| *g < 1_000).unwrap_or(0);
    let people = if attendance == Attendance::No { 0 } else { guests + 1 };
    let eats = event.meal == SharedMeal::Itself && attendance != Attendance::No;
    let meal = eats.then_some(Meal::Yes);
    Some(Answer {
        event: event.id.clone(),
        attendance,
        people: Some(people),
        meal,
        workshops: Vec::new(),
        part: Part::Full,
    })
}

/// By UID (`ID@…`, as in the calendar file we send), else by name on the same day.
fn is_about(calendar: &Calendar, event: &Event, config: &Config) -> bool {
    if calendar.uid.strip_prefix(&event.id).is_some_and(|rest| rest.is_empty() || rest.starts_with('@')) {
        return true;
    }
    let Some((date, time)) = start(&calendar.start, config) else { return false };
    if date != event.start.date() {
        return false;
    }
    let same_time = time.is_none_or(|t| t == event.start);
    let (named, title) = (cut(&calendar.summary), cut(&event.title));
    if named.is_empty() {
        return time == Some(event.start);
    }
    // Programs put "Accepted: " before a name, and cut long ones.
    let inside = |a: &[String], b: &[String]| !a.is_empty() && b.windows(a.len()).any(|w| w == a);
    named == title
        || same_time && (inside(&title, &named) || named.len() > 1 && inside(&named, &title))
        || event.words.iter().any(|w| inside(&cut(w), &named))
}

/// The day in the association's zone, and the local time when one is given.
fn start(written: &str, config: &Config) -> Option<(Date, Option<DateTime>)> {
    let zone = &config.association.timezone;
    if written.ends_with('Z') {
        let local = written.parse::<Timestamp>().ok()?.to_zoned(zone.clone()).datetime();
        return Some((local.date(), Some(local)));
    }
    if written.contains('T') {
        let local = written.parse::<DateTime>().ok()?;
        return Some((local.date(), Some(local)));
    }
    written.parse::<Date>().ok().map(|day| (day, None))
}

fn cut(text: &str) -> Vec<String> {
    fold(text).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
