//! The announced events as organisers changed them since.
//!
//! A change names a key of the configuration (`title`, `start`, `end`, `place`, `address`, `bring`, `wanted.main`) and its
//! value as written there; dates and times as `2018-03-03T09:30:00`. What cannot be read leaves what was announced.

use jiff::Timestamp;
use jiff::civil::DateTime;

use super::fold::live;
use crate::config::Config;
use crate::entry::{Content, Ledger};
use crate::event::Event;

/// The events at `now`, in the order of the configuration.
pub fn events(ledger: &Ledger, config: &Config, now: Timestamp) -> Vec<Event> {
    let mut events = config.events.clone();
    for entry in live(ledger, now) {
        let Content::EventChanged { event, fields } = &entry.content else { continue };
        let Some(event) = events.iter_mut().find(|e| e.id == *event) else { continue };
        // The end is judged against the new start.
        let (start, rest): (Vec<_>, Vec<_>) = fields.iter().partition(|(key, _)| *key == "start");
        for (key, value) in start.into_iter().chain(rest) {
            change(event, key, value);
        }
    }
    events
}

fn change(event: &mut Event, key: &str, value: &str) {
    match key {
        "title" => event.title = value.to_owned(),
        "place" => event.place = value.to_owned(),
        "address" => event.address = value.to_owned(),
        "bring" => event.bring = value.to_owned(),
        "start" => {
            if let Ok(start) = value.parse::<DateTime>() {
                event.start = start;
                event.end = event.end.filter(|end| *end > start);
            }
        }
        "end" if value.is_empty() => event.end = None,
        "end" => event.end = value.parse::<DateTime>().ok().filter(|end| *end > event.start).or(event.end),
        _ => {
            if let Some(course) = key.strip_prefix("wanted.")
                && let Ok(n) = value.parse()
            {
                event.wanted.insert(course.to_owned(), n);
            }
        }
    }
}
