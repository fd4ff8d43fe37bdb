//! Roster + last digest → Draft of the digest: what the organisers read once a day.
//!
//! Promises: what a person must do comes first; every figure is counted from the list in the same mail; every message
//! received is in exactly one class of the count that closes; text and HTML say the same. Never names a total over
//! events, never quotes what is not about the events. Pure: `now` is an argument.
//!
//! - [`due`]: when one is to be sent.

use jiff::Timestamp;

use crate::config::Config;
use crate::draft::{Automatic, Draft};
use crate::entry::Ledger;
use crate::failure::Result;
use crate::roster::Roster;
use crate::speech::Speech;

mod due;

pub use due::{Due, Edition, due, since};

/// What the digest knows besides ledger and roster.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Now.
    pub now: Timestamp,
    /// When the last digest was planned ([`since`]); `None` before the first.
    pub since: Option<Timestamp>,
    /// Which one it is.
    pub edition: Edition,
    /// When the mailbox was last read to its end.
    pub last_read: Option<Timestamp>,
}

/// Composes the digest. `to` and `message_id` are left empty: each recipient gets a mail of their own. The spreadsheet is
/// attached by the caller when [`wants_sheet`] says so.
pub fn compose(_ledger: &Ledger, _roster: &Roster, facts: &Facts, config: &Config, _speech: &Speech) -> Result<Draft> {
    Ok(Draft {
        from_name: config.association.short_name.clone(),
        from: config.association.address.clone(),
        to: String::new(),
        subject: String::new(),
        text: String::new(),
        html: None,
        attachments: Vec::new(),
        message_id: String::new(),
        in_reply_to: None,
        references: Vec::new(),
        automatic: Automatic::Generated,
        date: facts.now,
    })
}

/// Whether the spreadsheet goes with this edition.
pub fn wants_sheet(edition: Edition, config: &Config) -> bool {
    use crate::config::Attach;
    match config.digest.attach {
        Attach::Daily => true,
        Attach::Eve => edition == Edition::Eve,
        Attach::Never => false,
    }
}
