//! When a digest is to be sent, and which.
//!
//! Promises: at most one for each local day, at the hour set or as soon after it as the machine is awake; missed days are
//! not made up for. Local time is the association's, so daylight-saving changes neither skip nor repeat one.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use crate::config::Config;
use crate::entry::{Content, Ledger, Occasion, Origin, Sending};
use crate::event::Event;
use crate::reading::Kind;

/// Which digest it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    /// Something changed or waits.
    Daily,
    /// Nothing new: a sign of life, once a week.
    Weekly,
    /// The day before an event: complete, to print.
    Eve,
    /// After the last event: the last one, with the date of erasure.
    After,
}

/// A digest that is to be sent now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Its local day, as in [`Occasion::Digest`].
    pub day: String,
    /// Which one.
    pub edition: Edition,
}

/// A letter waits that many days for a person before it stops being a reason for a digest; it is still listed in each.
const PATIENCE_DAYS: i64 = 7;

/// When the last digest was planned; what came later is new. One that was refused for good, or dropped, told nobody.
pub fn since(ledger: &Ledger) -> Option<Timestamp> {
    digests(ledger).map(|(_, at)| at).max()
}

fn digests(ledger: &Ledger) -> impl Iterator<Item = (&str, Timestamp)> {
    ledger.outgoing.iter().filter_map(|o| match &o.occasion {
        Occasion::Digest(day) if !matches!(o.sending, Sending::Failed | Sending::Dropped) => {
            Some((day.as_str(), o.planned))
        }
        _ => None,
    })
}

/// Whether a digest is to be sent now, and which.
pub fn due(now: Timestamp, config: &Config, ledger: &Ledger) -> Option<Due> {
    let zone = &config.association.timezone;
    let today = now.to_zoned(zone.clone()).date();
    let hour = today.to_datetime(config.digest.at).to_zoned(zone.clone()).ok()?.timestamp();
    let last = since(ledger).filter(|at| *at <= now);
    let day = today.to_string();
    if now < hour || last.is_some_and(|at| at >= hour) || digests(ledger).any(|(d, at)| d == day && at >= hour) {
        return None;
    }
    let edition = edition(now, today, hour, last, config, ledger)?;
    Some(Due { day, edition })
}

fn edition(
    now: Timestamp,
    today: Date,
    hour: Timestamp,
    last: Option<Timestamp>,
    config: &Config,
    ledger: &Ledger,
) -> Option<Edition> {
    let zone = &config.association.timezone;
    let events = crate::roster::events(ledger, config, now);
    let local = now.to_zoned(zone.clone()).datetime();
    let day_of = |at: Timestamp| at.to_zoned(zone.clone()).date();
    let last_day = last.map(day_of);
    let over = |e: &Event| e.over() < local;
    let eve = events.iter().any(|e| {
        let before = e.start.date().checked_sub(1.day()).unwrap_or(e.start.date());
        // On the day itself only if the machine slept through the day before.
        before == today || (e.start.date() == today && e.start > local && last_day.is_none_or(|d| d < before))
    });
    if eve {
        return Some(Edition::Eve);
    }
    if !events.is_empty() && events.iter().all(over) {
        let end = events.iter().map(|e| e.over().date()).max()?;
        let told = last_day?;
        return if told <= end && today > end {
            Some(Edition::After)
        } else {
            changed(last, ledger).then_some(Edition::Daily)
        };
    }
    let Some(last) = last else {
        // The first: when it was running at the hour; installed later in the day, it waits for the next morning.
        let ran = ledger.first_start.is_some_and(|at| at <= hour);
        return (ran || now < hour.saturating_add(1.hour()).unwrap_or(hour)).then_some(Edition::Daily);
    };
    if changed(Some(last), ledger) || waits(now, ledger, config) {
        return Some(Edition::Daily);
    }
    let week = day_of(last).checked_add(7.days()).is_ok_and(|d| today >= d);
    week.then_some(Edition::Weekly)
}

/// Whether anything that organisers want to know of happened since.
fn changed(since: Option<Timestamp>, ledger: &Ledger) -> bool {
    let new = |at: Timestamp| since.is_none_or(|s| at > s);
    let entry = |c: &Content, o: &Origin| !matches!((c, o), (Content::Handled(_), _));
    ledger.entries.iter().any(|e| new(e.at) && entry(&e.content, &e.origin))
        || ledger.letters.iter().any(|l| {
            new(l.read)
                && (matches!(l.kind, Kind::Rsvp | Kind::Question) || !l.review.is_empty() || !l.about.is_empty())
        })
        || ledger.outgoing.iter().any(|o| o.sending == Sending::Failed && o.settled.is_some_and(new))
        || ledger.troubles.iter().any(|(_, at)| new(*at))
}

/// Whether a letter of the last days waits for a person.
fn waits(now: Timestamp, ledger: &Ledger, config: &Config) -> bool {
    let limit = now.saturating_sub((24 * PATIENCE_DAYS).hours()).unwrap_or(now);
    let waiting = crate::roster::fold(ledger, config, now).waiting;
    ledger.letters.iter().any(|l| l.read > limit && waiting.contains(&l.id))
}
