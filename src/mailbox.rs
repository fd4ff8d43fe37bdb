//! New letters from IMAP or a Maildir; looks, never marks.
//!
//! Promises: a letter is passed over only when the server proved, by a tagged OK, that it was handed over or is gone;
//! every step has a deadline; memory stays bounded by one batch. Any failure drops the connection, and the next call
//! makes a new one: the caller waits ([`Consequence::Transient`](crate::failure::Consequence)), or tells a person
//! (`Fatal`: refused log-in, missing folder, untrusted certificate) and tries again much later.
//! Never: sets a flag, moves or deletes anything (`EXAMINE`, `BODY.PEEK[]`; a Maildir file is never renamed).

use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

use crate::config::Mail;
use crate::entry::{Arrived, Position};
use crate::failure::{Failure, Result};

/// A mailbox: opened once, connected when first asked, reconnected when needed.
#[derive(Debug)]
pub struct Mailbox {
    folder: String,
}

/// Some letters in the mailbox's order, and how far they bring us.
#[derive(Debug)]
pub struct Batch {
    /// The letters, by ascending UID (Maildir: by time); may be empty when what was there has gone.
    pub letters: Vec<Arrived>,
    /// To be kept in the same transaction as the letters.
    pub position: Position,
    /// The folder was renumbered (new UIDVALIDITY, or UIDNEXT went down): what comes is a window of the last 60 days
    /// in which most letters are known already, by their content.
    pub rescan: bool,
    /// How many letters are still to come in this pass, for a progress line.
    pub remaining: usize,
}

/// Why waiting ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Woken {
    /// The mailbox changed: ask for letters.
    News,
    /// Time is up. Ask for letters all the same: servers forget to tell.
    Quiet,
}

/// What `check` learns of a mailbox.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Probe {
    /// Letters in the folder.
    pub letters: usize,
    /// The server tells of new mail by itself (IDLE); otherwise we ask once a minute.
    pub idle: bool,
    /// Sent mail is filed in a folder that can be searched.
    pub sent_folder: bool,
    /// Who wrote the topmost Authentication-Results of recent letters, when they agree.
    pub authserv_id: Option<String>,
}

/// Whether a mail of ours is in the folder of sent mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filed {
    /// It is there: it was sent.
    Yes,
    /// The folder was searched; it is not there (yet).
    No,
    /// There is no such folder.
    NoFolder,
}

impl Mailbox {
    /// For one association; `beside` is the folder of its configuration file. Connects to nothing yet.
    pub fn open(mail: &Mail, beside: &Path) -> Result<Self> {
        let _ = (mail, beside);
        Ok(Self { folder: String::new() })
    }

    /// The folder that letters are read from, as [`Position::folder`] names it.
    pub fn folder(&self) -> &str {
        &self.folder
    }

    /// The next letters after `position`, or `None` when there are none. To be called again, with the position of the
    /// batch just kept, until `None`. `known`, for a Maildir only: the `Location::key` of every letter already kept
    /// (an IMAP mailbox ignores it).
    pub async fn next(&mut self, position: &Position, known: &HashSet<String>) -> Result<Option<Batch>> {
        let _ = (position, known);
        Err(Failure::fatal("command/not-yet").with("command", "mailbox"))
    }

    /// Waits until the folder last read has news, at most `within` (and at most five minutes: IDLE, our own timer;
    /// one minute where there is no IDLE). May be dropped at any point: the connection is then made anew.
    pub async fn wait(&mut self, within: Duration) -> Result<Woken> {
        let _ = within;
        Err(Failure::fatal("command/not-yet").with("command", "mailbox"))
    }

    /// Whether the folder of sent mail holds a mail of ours, by its Message-ID (without angle brackets).
    pub async fn sent_contains(&mut self, message_id: &str) -> Result<Filed> {
        let _ = message_id;
        Ok(Filed::NoFolder)
    }

    /// Whether a person answered one of these letters (Message-IDs without angle brackets): a sent mail that names
    /// one of them and is not ours.
    pub async fn answered_by_hand(&mut self, message_ids: &[String]) -> Result<bool> {
        let _ = message_ids;
        Ok(false)
    }

    /// Logs in and looks around, for `check`.
    pub async fn probe(&mut self) -> Result<Probe> {
        Err(Failure::fatal("command/not-yet").with("command", "mailbox"))
    }
}
