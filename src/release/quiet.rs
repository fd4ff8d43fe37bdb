//! The hours in which nothing is sent, in the association's zone, across midnight and changes of clock.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// When the quiet hours that hold `now` end; `None` outside of them.
pub fn ends(quiet: Option<(Time, Time)>, zone: &TimeZone, now: Timestamp) -> Option<Timestamp> {
    let (from, to) = quiet.filter(|(from, to)| from != to)?;
    let local = now.to_zoned(zone.clone());
    let time = local.time();
    let (inside, tomorrow) =
        if from < to { (from <= time && time < to, false) } else { (time >= from || time < to, time >= from) };
    if !inside {
        return None;
    }
    let date = local.date();
    let date = if tomorrow { date.checked_add(1.day()).ok()? } else { date };
    // An hour that the clock skips is taken as the first moment after it.
    let end = date.to_datetime(to).to_zoned(zone.clone()).ok()?.timestamp();
    (end > now).then_some(end)
}
