//! An outbox row, the time, what is known → send now, wait until, drop and why.
//!
//! Promises: pure; nothing at night, nothing above the ceilings, one mail for several letters of one person, nothing
//! where a volunteer has answered. What could not leave for 48 hours (a digest: 5 days) is given up, and said.
//!
//! - [`quiet`]: the hours in which nothing is sent, in the association's zone.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::config::Acknowledge;
use crate::entry::{Occasion, Outgoing, Sending};
use crate::plan::belts::IN_AN_HOUR;
use crate::plan::person::compared;

pub mod quiet;

/// An acknowledgement later than that only puzzles.
pub const GIVE_UP: SignedDuration = SignedDuration::from_hours(48);
/// A digest, a report or an alert is worth a longer try.
pub const GIVE_UP_REPORT: SignedDuration = SignedDuration::from_hours(5 * 24);
/// Acknowledgements a day, all senders: providers cut at 500 recipients, and digests must still pass.
pub const A_DAY: usize = 280;
/// A person who keeps writing postpones the answer at most so many delays.
const PATIENCE: i64 = 3;

/// What is to become of a waiting mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Now.
    Send,
    /// Not before.
    Wait(Timestamp),
    /// Never; the reason is a key of `[reason]` in `words.toml`.
    Drop(&'static str),
    /// Kept as what would have been sent.
    Withhold(&'static str),
}

/// What is known when a mail is due.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The configuration's ceilings and quiet hours.
    pub acknowledge: &'a Acknowledge,
    /// The association's zone.
    pub zone: &'a TimeZone,
    /// The outbox of the last days, of any state; may hold the row itself.
    pub others: &'a [Outgoing],
    /// A person of the association has written in the thread since.
    pub answered_by_hand: bool,
    /// The person wants no more automatic mail.
    pub no_more_mail: bool,
    /// Every event that the answer is about is over.
    pub over: bool,
}

/// Decides about one row that is `Due` or `Frozen`.
pub fn release(row: &Outgoing, facts: &Facts<'_>, now: Timestamp) -> Decision {
    let acknowledgement = row.occasion == Occasion::Acknowledge;
    if acknowledgement && !facts.acknowledge.send {
        return Decision::Withhold("sending-off");
    }
    let limit = if acknowledgement { GIVE_UP } else { GIVE_UP_REPORT };
    if now.duration_since(row.planned) > limit {
        return Decision::Drop("gave-up");
    }
    if !acknowledgement {
        return if row.due > now { Decision::Wait(row.due) } else { Decision::Send };
    }
    let wait = [Some(due(row, facts, now)), quiet::ends(facts.acknowledge.quiet, facts.zone, now), ceiling(facts, now)];
    match (wait.into_iter().flatten().filter(|until| *until > now).max(), unwanted(row, facts, now)) {
        (Some(until), _) => Decision::Wait(until),
        (None, Some(reason)) => Decision::Drop(reason),
        (None, None) => Decision::Send,
    }
}

/// The waiting mails of the same person that this one stands for, oldest first; empty unless it is the newest.
pub fn merged<'a>(row: &Outgoing, others: &'a [Outgoing]) -> Vec<&'a Outgoing> {
    let same = |o: &&Outgoing| o.id != row.id && waits(o) && o.person == row.person;
    let mut waiting: Vec<&Outgoing> = others.iter().filter(same).collect();
    if waiting.iter().any(|o| o.id > row.id) {
        return Vec::new();
    }
    waiting.sort_by_key(|o| o.id);
    waiting
}

fn waits(o: &Outgoing) -> bool {
    o.occasion == Occasion::Acknowledge && matches!(o.sending, Sending::Due | Sending::Frozen)
}

/// Reasons to send it neither now nor later.
fn unwanted(row: &Outgoing, facts: &Facts<'_>, now: Timestamp) -> Option<&'static str> {
    let to = compared(&row.to);
    let within = |hours: i64| sent(facts.others, now, hours).filter(|o| compared(&o.to) == to).count();
    let per_day = usize::try_from(facts.acknowledge.per_sender_per_day).unwrap_or(usize::MAX);
    let checks = [
        (facts.no_more_mail, "no-more-mail"),
        (facts.answered_by_hand, "answered-by-hand"),
        (facts.over, "over"),
        (within(1) >= IN_AN_HOUR, "loop"),
        (within(24) >= per_day, "ceiling"),
    ];
    checks.into_iter().find_map(|(holds, reason)| holds.then_some(reason))
}

/// When it is due: a later letter of the same person takes its place, and waits its own time.
fn due(row: &Outgoing, facts: &Facts<'_>, now: Timestamp) -> Timestamp {
    let later = |at: Timestamp, seconds: i64| at.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(at);
    if row.sending == Sending::Frozen {
        return row.due; // the time of the next attempt
    }
    let newest =
        facts.others.iter().filter(|o| waits(o) && o.person == row.person && o.id > row.id).max_by_key(|o| o.id);
    if let Some(newest) = newest {
        // The newest goes first and takes this one with it; until then this one never leaves.
        return newest.due.max(row.due).max(later(now, 1));
    }
    let patience = i64::from(facts.acknowledge.delay_seconds) * PATIENCE;
    let oldest = merged(row, facts.others).first().map_or(row.due, |o| later(o.due, patience));
    row.due.min(oldest)
}

/// Acknowledgements that left, or may have, within the last hours.
fn sent(others: &[Outgoing], now: Timestamp, hours: i64) -> impl Iterator<Item = &Outgoing> {
    let since = now - SignedDuration::from_hours(hours);
    others.iter().filter(move |o| {
        o.occasion == Occasion::Acknowledge
            && matches!(o.sending, Sending::Sent | Sending::Uncertain)
            && o.settled.or(o.attempted).is_some_and(|at| at > since)
    })
}

/// When the ceilings of all senders let one more through; `None`: now.
fn ceiling(facts: &Facts<'_>, now: Timestamp) -> Option<Timestamp> {
    let per_hour = usize::try_from(facts.acknowledge.per_hour).unwrap_or(usize::MAX);
    let room = |hours: i64, limit: usize| {
        let mut times: Vec<Timestamp> =
            sent(facts.others, now, hours).filter_map(|o| o.settled.or(o.attempted)).collect();
        times.sort();
        let full = times.len().checked_sub(limit)?;
        // Nothing at all may be sent: look again later.
        let first = times.get(full).copied().unwrap_or(now);
        first.checked_add(SignedDuration::from_hours(hours)).ok()
    };
    room(1, per_hour).max(room(24, A_DAY))
}
