//! What we understood, told to the one person who wrote: a [`Situation`] → [`Draft`].
//!
//! Promises: states nothing that the reading does not hold; what is doubtful is not printed, or is the one question
//! asked; names nobody but the reader; always says how to correct. The same situation gives the same mail.
//! Never decides whether a mail is due (`plan`) or when it leaves (`release`); never quotes the letter. No French here.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::draft::Draft;
use crate::entry::Said;
use crate::failure::{Failure, Result};
use crate::reading::Kind;
use crate::speech::Speech;

/// One letter that the acknowledgement answers.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Answered {
    /// Its Message-ID, without angle brackets; empty when missing.
    pub message_id: String,
    /// Its thread, oldest first, without angle brackets.
    pub references: Vec<String>,
    /// Its subject, decoded.
    pub subject: String,
}

/// An event whose `.ics` goes with the mail: the first yes or maybe for it, or its data changed since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// [`crate::event::Event::id`].
    pub event: String,
    /// How many times the event's data changed since it was announced (RFC 5545 §3.8.7.4).
    #[serde(default)]
    pub sequence: u32,
}

/// Everything an acknowledgement is written from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Situation {
    /// The moment of writing: the `Date:` header, and which events are over.
    pub now: Timestamp,
    /// Our own Message-ID, from [`message_id`].
    #[serde(default)]
    pub message_id: String,
    /// The one recipient.
    pub to: String,
    /// The name signed with, as written ("Marie", "Jean Dupont"); empty when none.
    #[serde(default)]
    pub signed: String,
    /// The letters answered, oldest first: several merge into one mail, in the thread of the last.
    pub letters: Vec<Answered>,
    /// Language read (`fr`, `en`…), empty when unknown.
    #[serde(default)]
    pub language: String,
    /// What kind of message it is: `rsvp` as soon as one of the letters is.
    pub kind: Kind,
    /// What stands for the person now, these letters included. `review` and `tones` are those of these letters alone.
    pub said: Said,
    /// What we had told them in our last acknowledgement; `None` when this is the first.
    #[serde(default)]
    pub before: Option<Said>,
    /// Events for which somebody else comes in their place ("my daughter will come instead of me").
    #[serde(default)]
    pub in_place: Vec<String>,
    /// The calendar entries that go with it.
    #[serde(default)]
    pub invites: Vec<Invite>,
    /// What is still missing at the shared meal, as a list of words; empty when nothing is to be said.
    #[serde(default)]
    pub missing: Vec<String>,
}

/// The Message-ID of the `number`th acknowledgement of a letter (from 0), without angle brackets: stable over retries.
pub fn message_id(letter_hash: &str, number: u32, our_address: &str) -> String {
    let domain = our_address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let hash: String = letter_hash.chars().filter(char::is_ascii_alphanumeric).take(32).collect();
    format!("ack.{hash}.{number}@{domain}")
}

/// Writes the acknowledgement of a situation. `speech` is in the language of the letter where we have it, else in the
/// association's.
pub fn compose(_situation: &Situation, _config: &Config, _speech: &Speech) -> Result<Draft> {
    Err(Failure::fatal("command/not-yet").with("command", "acknowledge"))
}
