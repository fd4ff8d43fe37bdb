//! A calendar message (iTIP, RFC 5546 over mail, RFC 6047) in a letter: what it answers, and how.
//!
//! Promises: attached messages are not entered (a forwarded answer is not the forwarder's); a broken line loses that
//! line only; a reply whose instances disagree, or whose MIME method is another one, has no `partstat`.
//! Our own reader of RFC 5545, because strangers' calendars break its grammar (no VERSION, unfolded text, stray lines)
//! and a parser that refuses the whole for one bad line would lose the answer with it.

use mail_parser::{Message, MessagePart, PartType};

use super::{Calendar, Letter};

mod line;

use line::{Property, properties};

/// A calendar bigger than this is no answer.
const LARGEST: usize = 256 * 1024;

/// The calendar message of a letter, if it has one. `letter` holds at least the sender.
pub fn find(message: &Message<'_>, letter: &Letter) -> Option<Calendar> {
    let from = letter.from.as_ref().map_or("", |m| m.address.as_str());
    message
        .parts
        .iter()
        .filter_map(|part| {
            let method = calendar_method(part)?;
            let text = match &part.body {
                PartType::Text(text) | PartType::Html(text) => std::borrow::Cow::Borrowed(text.as_ref()),
                PartType::Binary(bytes) | PartType::InlineBinary(bytes) => String::from_utf8_lossy(bytes),
                _ => return None,
            };
            (text.len() <= LARGEST).then(|| read(&text, &method, from)).flatten()
        })
        // Google sends the same calendar twice, once as a part and once as a file; a part with a method is the message.
        .max_by_key(|c| u8::from(!c.partstat.is_empty()) + u8::from(!c.method.is_empty()))
}

/// For a part that is a calendar: the method its media type names, upper case, empty when it names none.
fn calendar_method(part: &MessagePart<'_>) -> Option<String> {
    let header = part.headers.iter().rev().find(|h| h.name.as_str().eq_ignore_ascii_case("content-type"))?;
    let kind = header.value.as_content_type()?;
    let is = |main: &str, sub: &str| {
        kind.ctype().eq_ignore_ascii_case(main) && kind.subtype().is_some_and(|s| s.eq_ignore_ascii_case(sub))
    };
    (is("text", "calendar") || is("application", "ics"))
        .then(|| kind.attribute("method").unwrap_or("").trim().to_ascii_uppercase())
}

/// Reads a calendar. `mime_method` is upper case, empty when the media type names none; `from` is the sender's address.
fn read(text: &str, mime_method: &str, from: &str) -> Option<Calendar> {
    let properties: Vec<Property> = properties(text).collect();
    let mut calendar = Calendar { method: mime_method.to_owned(), ..Calendar::default() };
    let mut depth: Vec<String> = Vec::new();
    let mut answers: Vec<String> = Vec::new();
    let mut attendees: Vec<&Property> = Vec::new();
    let mut is_calendar = false;
    for property in &properties {
        match property.name.as_str() {
            "BEGIN" => depth.push(property.value.trim().to_ascii_uppercase()),
            "END" => {
                if depth.pop().as_deref() == Some("VEVENT") {
                    take_attendee(&mut calendar, &attendees, from, &mut answers);
                    attendees.clear();
                }
            }
            name => match depth.last().map(String::as_str) {
                Some("VCALENDAR") if name == "METHOD" => {
                    is_calendar = true;
                    agree(&mut calendar.method, property.value.trim());
                }
                Some("VEVENT") if name == "ATTENDEE" => attendees.push(property),
                Some("VEVENT") => take(&mut calendar, property),
                _ => {}
            },
        }
        is_calendar |= depth.last().is_some_and(|d| d == "VEVENT");
    }
    answers.dedup();
    calendar.partstat = match answers.as_slice() {
        [one] => one.clone(),
        _ => String::new(),
    };
    is_calendar.then_some(calendar)
}

/// The method that the calendar names, unless its media type says another: then none.
fn agree(method: &mut String, named: &str) {
    let named = named.to_ascii_uppercase();
    if method.is_empty() {
        *method = named;
    } else if *method != named {
        method.clear();
    }
}

/// A property of the event; of several instances the first one that says something counts.
fn take(calendar: &mut Calendar, property: &Property) {
    let field = match property.name.as_str() {
        "UID" => &mut calendar.uid,
        "SUMMARY" => &mut calendar.summary,
        "DTSTART" => &mut calendar.start,
        "COMMENT" => &mut calendar.comment,
        _ => return,
    };
    if field.is_empty() {
        *field = match property.name.as_str() {
            "DTSTART" => start(&property.value),
            "UID" => property.value.trim().to_owned(),
            _ => property.text(),
        };
    }
}

/// The attendee who answers: the only one, or the one who sent the letter.
fn take_attendee(calendar: &mut Calendar, attendees: &[&Property], from: &str, answers: &mut Vec<String>) {
    let address = |p: &Property| {
        let value = p.value.trim();
        let value = value
            .get(..7)
            .filter(|s| s.eq_ignore_ascii_case("mailto:"))
            .map_or(value, |_| value.get(7..).unwrap_or(""));
        value.trim().to_lowercase()
    };
    let one = match attendees {
        [one] => Some(one),
        many => many.iter().find(|p| address(p) == from),
    };
    let Some(one) = one else { return };
    calendar.attendee = address(one);
    if let Some(partstat) = one.parameter("PARTSTAT") {
        answers.push(partstat.trim().to_ascii_uppercase());
    }
    calendar.guests = calendar.guests.or_else(|| one.parameter("X-NUM-GUESTS")?.trim().parse().ok());
    if calendar.comment.is_empty() {
        calendar.comment = one.parameter("X-RESPONSE-COMMENT").map(line::unescape).unwrap_or_default();
    }
}

/// `20180303T090000Z` → `2018-03-03T09:00:00Z`; `20180303` → `2018-03-03`; empty when it is no date.
fn start(value: &str) -> String {
    let value = value.trim();
    let (date, time) = value.split_once(['T', 't']).map_or((value, None), |(d, t)| (d, Some(t)));
    let digits = |s: &str, n: usize| s.len() == n && s.bytes().all(|b| b.is_ascii_digit());
    let cut = |s: &str, from: usize, to: usize| s.get(from..to).unwrap_or("").to_owned();
    if !digits(date, 8) {
        return String::new();
    }
    let day = format!("{}-{}-{}", cut(date, 0, 4), cut(date, 4, 6), cut(date, 6, 8));
    let Some(time) = time else { return day };
    let (clock, utc) = time.strip_suffix(['Z', 'z']).map_or((time, ""), |t| (t, "Z"));
    if !digits(clock, 6) {
        return day;
    }
    format!("{day}T{}:{}:{}{utc}", cut(clock, 0, 2), cut(clock, 2, 4), cut(clock, 4, 6))
}

#[cfg(test)]
mod tests;
