//! Letter + Reading + what we already told them → steps: plan as data, decided before anything happens.
//!
//! Promises: nothing is acknowledged that is not understood to want it; every refusal has a name that the digest can
//! count; the same input gives the same steps. Pure: no clock, no database. Doubt means silence and a person.

use jiff::Timestamp;

use crate::config::Config;
use crate::entry::{Content, Entry, Outgoing, Person};
use crate::letter::Letter;
use crate::reading::Reading;

/// How a letter came to us.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrival {
    /// When the server received it.
    pub received: Timestamp,
    /// It lay in the junk folder: shown to a person, never acknowledged.
    pub junk: bool,
}

/// What the store tells about the sender and about us when a letter is planned.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Known {
    /// This letter is recorded already.
    pub recorded: bool,
    /// What stands in the ledger about people at the sender's address, oldest first; undone entries are left out.
    pub entries: Vec<Entry>,
    /// Names signed at this address so far, with the person each was taken for.
    pub signers: Vec<(String, Person)>,
    /// Acknowledgements to the sender's address, of whatever state, oldest first.
    pub acknowledgements: Vec<Outgoing>,
    /// The letter's thread holds one of our digests or reports.
    pub replies_to_digest: bool,
    /// When the association first started.
    pub first_start: Option<Timestamp>,
    /// Since when acknowledgements are sent; `None` while `send = false`.
    pub sending_since: Option<Timestamp>,
    /// The sender asked to be erased at that time: what is older is not taken up again.
    pub forgotten: Option<Timestamp>,
}

/// One thing to do. Nothing is done that is not a step.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Write this into the ledger.
    Enter {
        /// About whom.
        person: Person,
        /// How they are shown.
        shown: String,
        /// What it says.
        content: Content,
    },
    /// Tell the sender what was understood, not before `due`.
    Acknowledge {
        /// The one recipient.
        to: String,
        /// Whom it is about.
        person: Person,
        /// Not before.
        due: Timestamp,
        /// It is written down and not sent (`send = false`, or older than the moment it was turned on).
        withheld: bool,
    },
    /// No acknowledgement, and why.
    Refuse(Refusal),
    /// Take the letter as an organiser's corrections, and report to them.
    Correct {
        /// The organiser.
        organiser: String,
        /// The receiving server gives no verdict on the sender: the other organisers are told too.
        tell_others: bool,
    },
}

/// Why a letter gets no acknowledgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Refusal {
    /// The message itself wants none: machine, other matter, doubtful.
    NotWanted,
}

/// Decides what to do about one letter.
pub fn plan(
    _letter: &Letter,
    _reading: &Reading,
    _arrival: &Arrival,
    _known: &Known,
    _config: &Config,
    _now: Timestamp,
) -> Vec<Step> {
    Vec::new()
}
