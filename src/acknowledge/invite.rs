//! The `.ics` of an event: what a calendar needs to note the date, and nothing that makes it answer.
//!
//! Promises: `METHOD:PUBLISH` in the file as in the media type (Outlook refuses a file where they differ), no `ATTENDEE`
//! and no RSVP (a phone would send us a machine's answer), the same `UID` for everyone and for ever, a `VTIMEZONE` with
//! the offsets in force around the event (RFC 5545 §3.6.5). Reads no clock: the stamp is given.

use icalendar::{Calendar, Component, Event as Entry, EventLike, Property};
use jiff::civil::{DateTime, Time};
use jiff::tz::{Dst, Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use crate::config::Association;
use crate::draft::Attachment;
use crate::event::Event;

const LINE: &str = "\r\n";

/// The attachment for one event. `sequence` counts the changes of its data; `name` is the file's name without suffix.
pub fn attachment(event: &Event, sequence: u32, ours: &Association, now: Timestamp, name: &str) -> Attachment {
    Attachment {
        name: format!("{}.ics", ascii(name)),
        media_type: "text/calendar; method=PUBLISH; charset=utf-8".to_owned(),
        bytes: calendar(event, sequence, ours, now).into_bytes(),
    }
}

/// The `UID` of an event: ours for ever.
pub fn uid(event: &Event, our_address: &str) -> String {
    let domain = our_address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    format!("{}@{domain}", event.id)
}

fn calendar(event: &Event, sequence: u32, ours: &Association, now: Timestamp) -> String {
    let mut calendar = Calendar::empty();
    for (key, value) in [
        ("VERSION", "2.0"),
        ("PRODID", "-//astir-rsvp//astir-rsvp//FR"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
    ] {
        calendar.append_property(Property::new(key, value));
    }
    calendar.push(entry(event, sequence, ours, now));
    let text = calendar.to_string();
    let zone = zone(event, &ours.timezone);
    match text.split_once("BEGIN:VEVENT") {
        Some((head, rest)) if !all_day(event) => format!("{head}{zone}BEGIN:VEVENT{rest}"),
        _ => text,
    }
}

/// The library's own components would add a stamp and an id of their own to a `VTIMEZONE`; the event's are given.
fn entry(event: &Event, sequence: u32, ours: &Association, now: Timestamp) -> Entry {
    let mut entry = Entry::new();
    entry.uid(&uid(event, &ours.address));
    entry.add_property("DTSTAMP", now.strftime("%Y%m%dT%H%M%SZ").to_string());
    entry.sequence(sequence);
    entry.summary(&plain(&event.title));
    entry.append_property(moment("DTSTART", event.start, event, &ours.timezone));
    if let Some(end) = event.end {
        entry.append_property(moment("DTEND", end, event, &ours.timezone));
    }
    let place: Vec<String> =
        [&event.place, &event.address].into_iter().map(|p| plain(p)).filter(|p| !p.is_empty()).collect();
    if !place.is_empty() {
        entry.location(&place.join(", "));
    }
    let name = plain(&ours.name).replace('"', "'");
    let organiser = Property::new("ORGANIZER", format!("mailto:{}", ours.address)).add_parameter("CN", &name).done();
    entry.append_property(organiser);
    entry.add_property("TRANSP", "OPAQUE");
    entry.done()
}

/// No hour was announced.
fn all_day(event: &Event) -> bool {
    event.start.time() == Time::midnight() && event.end.is_none()
}

fn moment(key: &str, at: DateTime, event: &Event, zone: &TimeZone) -> Property {
    if all_day(event) {
        return Property::new(key, at.strftime("%Y%m%d").to_string()).add_parameter("VALUE", "DATE").done();
    }
    let name = zone.iana_name().unwrap_or("UTC");
    Property::new(key, at.strftime("%Y%m%dT%H%M%S").to_string()).add_parameter("TZID", name).done()
}

/// The observances in force from the last change of offset before the event to the first one after it.
fn zone(event: &Event, zone: &TimeZone) -> String {
    let name = zone.iana_name().unwrap_or("UTC");
    let Ok(start) = zone.to_timestamp(event.start) else { return String::new() };
    let mut observances = Vec::new();
    if let Some(change) = zone.preceding(start.saturating_add(SignedDuration::from_secs(1)).unwrap_or(start)).next() {
        observances.push(observance(change.timestamp(), zone));
    } else {
        let fixed = zone.to_offset(start);
        observances.push(block("STANDARD", DateTime::constant(1970, 1, 1, 0, 0, 0, 0), fixed, fixed));
    }
    if let Some(change) = zone.following(start).next() {
        observances.push(observance(change.timestamp(), zone));
    }
    format!("BEGIN:VTIMEZONE{LINE}TZID:{name}{LINE}{}END:VTIMEZONE{LINE}", observances.concat())
}

/// One change of offset; its onset is written in the local time before it (RFC 5545 §3.6.5).
fn observance(at: Timestamp, zone: &TimeZone) -> String {
    let before = zone.to_offset(at.saturating_sub(SignedDuration::from_secs(1)).unwrap_or(at));
    let after = zone.to_offset_info(at);
    let kind = if after.dst() == Dst::Yes { "DAYLIGHT" } else { "STANDARD" };
    block(kind, before.to_datetime(at), before, after.offset())
}

fn block(kind: &str, onset: DateTime, from: Offset, to: Offset) -> String {
    let onset = onset.strftime("%Y%m%dT%H%M%S");
    let (from, to) = (offset(from), offset(to));
    format!("BEGIN:{kind}{LINE}DTSTART:{onset}{LINE}TZOFFSETFROM:{from}{LINE}TZOFFSETTO:{to}{LINE}END:{kind}{LINE}")
}

/// `+0100`; RFC 5545 allows seconds, which only offsets of the nineteenth century have.
fn offset(offset: Offset) -> String {
    let seconds = offset.seconds();
    let (sign, minutes) = (if seconds < 0 { '-' } else { '+' }, seconds.abs() / 60);
    format!("{sign}{:02}{:02}", minutes / 60, minutes % 60)
}

fn plain(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}

/// A file name that every mail program shows as it is.
fn ascii(name: &str) -> String {
    let folded = crate::text::fold(name);
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
    words.collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn config(zone: &str, start: &str, end: &str) -> Config {
        let text = format!(
            "[association]\nname = \"Les Amis, d'ici\"\naddress = \"Bonjour@example.org\"\ntimezone = \"{zone}\"\n\
             [[event]]\nid = \"fete\"\ntitle = \"Grande f\u{ea}te ; de la musique, des jeux et un tr\u{e8}s long titre pour plier la ligne\"\n\
             place = \"Salle B, Die\"\nstart = {start}\n{end}"
        );
        Config::parse("test.toml", &text).unwrap()
    }

    fn ics(config: &Config) -> String {
        let now = "2018-02-08T10:00:00Z".parse().unwrap();
        let file = attachment(&config.events[0], 2, &config.association, now, "Fête du 3 mars");
        assert_eq!(file.name, "fete-du-3-mars.ics");
        assert!(file.media_type.contains("method=PUBLISH"));
        String::from_utf8(file.bytes).unwrap()
    }

    #[test]
    fn it_is_published_to_nobody_in_particular_with_a_stable_id() {
        let text = ics(&config("Europe/Paris", "2018-03-03T09:00:00", "end = 2018-03-03T13:00:00"));
        for line in [
            "METHOD:PUBLISH",
            "UID:fete@example.org",
            "SEQUENCE:2",
            "DTSTAMP:20180208T100000Z",
            "DTSTART;TZID=Europe/Paris:20180303T090000",
            "DTEND;TZID=Europe/Paris:20180303T130000",
            "LOCATION:Salle B\\, Die",
            "TZOFFSETTO:+0100",
            "TZOFFSETTO:+0200",
        ] {
            assert!(text.lines().any(|l| l == line), "{line} in\n{text}");
        }
        assert!(!text.contains("ATTENDEE") && !text.contains("RSVP") && !text.contains("REQUEST"));
        assert!(text.lines().all(|l| l.len() <= 75), "{text}");
        assert!(text.split_inclusive('\n').all(|l| l.ends_with("\r\n")));
    }

    #[test]
    fn winter_and_summer_have_the_offset_of_their_day() {
        let summer = ics(&config("Europe/Paris", "2018-07-14T12:00:00", ""));
        let first = summer.split("TZOFFSETTO:").nth(1).unwrap();
        assert!(first.starts_with("+0200"), "{summer}");
        assert!(summer.contains("BEGIN:DAYLIGHT\r\nDTSTART:20180325T020000\r\nTZOFFSETFROM:+0100"), "{summer}");
        let fixed = ics(&config("Africa/Abidjan", "2018-07-14T12:00:00", ""));
        assert!(fixed.contains("TZOFFSETTO:+0000"), "{fixed}");
    }

    #[test]
    fn a_date_without_an_hour_takes_the_whole_day() {
        let text = ics(&config("Europe/Paris", "2018-07-14", ""));
        assert!(text.contains("DTSTART;VALUE=DATE:20180714") && !text.contains("VTIMEZONE"), "{text}");
    }
}
