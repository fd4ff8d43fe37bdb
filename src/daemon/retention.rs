//! When personal data go: so many days after the last event is over; the figures stay.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};

use super::Setup;
use crate::config::Config;
use crate::entry::Total;
use crate::event::Event;
use crate::failure::Result;
use crate::reading::Kind;
use crate::roster;
use crate::store::Store;
use crate::store::erase::Erased;

/// The local day from whose first minute on everything personal is erased; `None` without an event.
pub fn day(events: &[Event], config: &Config) -> Option<Date> {
    let last = events.iter().map(Event::over).max()?;
    last.date().checked_add(i64::from(config.erase_after_days).saturating_add(1).days()).ok()
}

/// Whether that day has come.
pub fn due(events: &[Event], config: &Config, now: Timestamp) -> bool {
    let today = now.to_zoned(config.association.timezone.clone()).date();
    day(events, config).is_some_and(|day| today >= day)
}

/// Erases what has had its time. `None`: it is not the time yet, or nothing is left.
pub fn apply(store: &mut Store, setup: &Setup) -> Result<Option<Erased>> {
    let (config, now) = (&setup.config, setup.clock.now());
    let events = roster::events(&store.view().event_changes()?, config, now);
    if !due(&events, config, now) || !store.holds_people()? {
        return Ok(None);
    }
    let totals = totals(store, config, now)?;
    store.purge(&totals, now).map(Some)
}

/// The figures that stay.
fn totals(store: &Store, config: &Config, now: Timestamp) -> Result<Vec<Total>> {
    let ledger = store.ledger()?;
    let roster = roster::fold(&ledger, config, now);
    let total = |event: &str, name: &str, value: u64| Total {
        at: now,
        event: event.to_owned(),
        name: name.to_owned(),
        value: i64::try_from(value).unwrap_or(i64::MAX),
    };
    let mut totals = Vec::new();
    for gathering in &roster.gatherings {
        let figures = gathering.totals();
        let id = gathering.event.id.as_str();
        totals.push(total(id, "answers-yes", figures.coming.answers as u64));
        totals.push(total(id, "people", figures.coming.people));
        totals.push(total(id, "answers-maybe", figures.maybe.answers as u64));
        totals.push(total(id, "answers-no", figures.absent as u64));
        totals.push(total(id, "meal", figures.meal.people));
    }
    let kinds = [
        ("letters-rsvp", Kind::Rsvp),
        ("letters-question", Kind::Question),
        ("letters-other", Kind::Other),
        ("letters-auto", Kind::Auto),
        ("letters-bounce", Kind::Bounce),
    ];
    for (name, kind) in kinds {
        totals.push(total("", name, ledger.letters.iter().filter(|l| l.kind == kind).count() as u64));
    }
    totals.retain(|t| t.value > 0);
    Ok(totals)
}
