//! What is kept: the ledger's letters, entries and outbox rows, as values.
//!
//! The ledger is append-only: a correction is a new entry, an undo is a new entry. `store` reads and writes these;
//! `plan`, `roster`, `release` and `digest` only look at them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::reading::{Answer, Contribution, Kind, Review, Tone};

/// A person: an address and, where several share one, the signed name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Person {
    /// Lower-cased address; empty for someone an organiser entered who has none.
    pub address: String,
    /// What tells apart people who share an address (folded signed name); empty when the address is one person's.
    pub name: String,
}

/// One letter, kept once, whatever folder or UID it shows up under again.
#[derive(Debug, Clone, PartialEq)]
pub struct LetterRecord {
    /// Row number; the number an organiser quotes in a correction.
    pub id: i64,
    /// Hash of the content without trace headers, hex: its identity.
    pub hash: String,
    /// When the server received it.
    pub received: Timestamp,
    /// When we read it.
    pub read: Timestamp,
    /// Who wrote it; empty address when unclear.
    pub person: Person,
    /// How the sender is shown: the signed name, else the display name, else the address.
    pub shown: String,
    /// Its kind. Of `other` without a review, `auto` and `bounce` no person, name, subject or excerpt is kept.
    pub kind: Kind,
    /// Why a person should read it.
    pub review: Vec<Review>,
    /// Its Message-ID, without angle brackets.
    pub message_id: String,
    /// Its thread, oldest first, without angle brackets.
    pub references: Vec<String>,
    /// Subject; empty for `other`, `auto` and `bounce`.
    pub subject: String,
    /// The sender's words that the digest may show (12 to 20 words); empty for `other`, `auto` and `bounce`.
    pub excerpt: String,
    /// The name signed with, as written (`Marie`, `Jean Dupont`); empty when none is told apart.
    pub signed: String,
    /// Language read (`fr`, `en`…), empty when unknown.
    pub language: String,
    /// A person must read it.
    pub needs_human: bool,
    /// Why no acknowledgement is due (a key of `refusal/…` in `words.toml`); empty when one is.
    pub refusal: String,
    /// It was in the mailbox before the first start.
    pub backlog: bool,
    /// For a bounce of one of our mails: the Message-ID it is about.
    pub about: String,
}

/// Where an entry comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// A letter, by [`LetterRecord::id`].
    Letter(i64),
    /// An organiser's correction by mail: the letter it came in, and who.
    Organiser {
        /// The organiser's letter.
        letter: i64,
    },
    /// Typed on the command line.
    Command,
}

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Row number, ascending in time.
    pub id: i64,
    /// When it was written down.
    pub at: Timestamp,
    /// When the words were written (received date of the letter): orders answers of one person.
    pub said: Timestamp,
    /// Where it comes from.
    pub origin: Origin,
    /// Whom it is about.
    pub person: Person,
    /// How they are shown.
    pub shown: String,
    /// What it says.
    pub content: Content,
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// A person's answer, as read or as an organiser put it.
    Said(Said),
    /// The entry of that number does not count any more.
    Undo(i64),
    /// An organiser has dealt with that letter.
    Handled(i64),
    /// No more automatic mail to this person.
    NoMoreMail,
    /// A note of an organiser about the announced event, JSON of the changed fields.
    EventChanged {
        /// Which event.
        event: String,
        /// Changed keys, as in the configuration.
        fields: std::collections::BTreeMap<String, String>,
    },
}

/// An answer with the words it rests on.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Said {
    /// Answers, one an event.
    pub answers: Vec<Answer>,
    /// What they bring, lend, do.
    pub contributions: Vec<Contribution>,
    /// In whose name.
    pub organisation: Option<String>,
    /// Diets and allergies, in their words.
    pub diets: Vec<String>,
    /// Tone, for the acknowledgement.
    pub tones: Vec<Tone>,
    /// The words the answer rests on.
    pub words: Vec<String>,
    /// Why it should be read by a person.
    pub review: Vec<Review>,
}

/// Why something is to be sent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Occasion {
    /// Acknowledge these letters (several merge into one mail) of one person.
    Acknowledge,
    /// The digest of a local day (`2018-02-20`), to one organiser.
    Digest(String),
    /// The report on an organiser's corrections.
    Report,
    /// Trouble that cannot wait for the digest, at most one a day of each sort.
    Alert(String),
}

/// Where an outgoing mail stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sending {
    /// Waits for its due time.
    Due,
    /// Bytes are frozen; attempts may have been made.
    Frozen,
    /// Written down just before the message itself is sent, so that it outlives a crash: accepted or not, nobody knows.
    Uncertain,
    /// Accepted by the server.
    Sent,
    /// Refused for good, or given up.
    Failed,
    /// Not sent on purpose; the reason is kept.
    Dropped,
    /// `send = false`: would have been sent.
    Withheld,
}

/// One row of the outbox.
#[derive(Debug, Clone, PartialEq)]
pub struct Outgoing {
    /// Row number.
    pub id: i64,
    /// Why.
    pub occasion: Occasion,
    /// The letter that caused it, when one did.
    pub letter: Option<i64>,
    /// To whom, one address.
    pub to: String,
    /// The person meant (for ceilings and merging).
    pub person: Person,
    /// When it was planned.
    pub planned: Timestamp,
    /// Not before.
    pub due: Timestamp,
    /// Where it stands.
    pub sending: Sending,
    /// Attempts made, counted before each.
    pub attempts: u32,
    /// The last attempt.
    pub attempted: Option<Timestamp>,
    /// Our Message-ID, without angle brackets; stable.
    pub message_id: String,
    /// Why dropped, withheld or failed (a key of `reason/…` in `words.toml`), empty otherwise.
    pub reason: String,
    /// When it was sent, failed or dropped.
    pub settled: Option<Timestamp>,
    /// The frozen bytes (RFC 5322), from the first attempt until it is settled.
    pub bytes: Option<Vec<u8>>,
}

/// Where the mailbox holds a letter: unique in one mailbox, and unchanged as long as `uid_validity` is.
///
/// It says which letter was looked at, not what it is: the same letter may show up again elsewhere, and is then
/// recognised by its content ([`LetterRecord::hash`]).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Location {
    /// The folder: an IMAP name as the server writes it; empty for a Maildir.
    pub folder: String,
    /// UIDVALIDITY (RFC 3501 §2.3.1.1); 0 for a Maildir.
    pub uid_validity: u32,
    /// The UID in decimal; for a Maildir the unique part of the file name, before `:`.
    pub key: String,
}

/// How far a folder has been read. Kept in the same transaction as the letters it passed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Position {
    /// The folder, as in [`Location::folder`].
    pub folder: String,
    /// The UIDVALIDITY that `next_uid` belongs to; 0 before the first start, and always for a Maildir.
    pub uid_validity: u32,
    /// Every UID below it is kept or proven absent; 0 before the first start. A Maildir has none: there each
    /// [`Location::key`] already kept is handed to the reader instead.
    pub next_uid: u32,
}

/// How much of a letter came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// All of it.
    Whole,
    /// Only its beginning (the first MiB of a letter above 10 MiB): to be marked for a person.
    Truncated,
    /// Nothing that could be used: the server or the disk failed on this letter again and again; `bytes` is empty.
    Unreadable,
}

/// A letter as the mailbox gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// Where it was found.
    pub location: Location,
    /// When the server received it (INTERNALDATE; for a Maildir the seconds its file name starts with, else the file's
    /// time of last change).
    pub received: Timestamp,
    /// Its size on the server, in bytes.
    pub size: u64,
    /// Its bytes (RFC 5322), as far as `extent` says.
    pub bytes: Vec<u8>,
    /// How much of it came.
    pub extent: Extent,
}

/// Everything the store holds that the roster and the digest are computed from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ledger {
    /// Every letter received.
    pub letters: Vec<LetterRecord>,
    /// Every entry, oldest first.
    pub entries: Vec<Entry>,
    /// Every outgoing mail, oldest first; without bytes.
    pub outgoing: Vec<Outgoing>,
    /// When the association first started: mail from before is backlog.
    pub first_start: Option<Timestamp>,
    /// Totals that were kept when personal data were erased.
    pub totals: Vec<Total>,
    /// What troubles the program now, since when (`imap-down`, `auth`…: a key of `trouble/…` in `words.toml`).
    pub troubles: Vec<(String, Timestamp)>,
}

/// A figure that outlives the personal data it was counted from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    /// When it was counted.
    pub at: Timestamp,
    /// Which event; empty for figures about the mailbox.
    pub event: String,
    /// What was counted (`people`, `yes`, `letters`…).
    pub name: String,
    /// How many.
    pub value: i64,
}
