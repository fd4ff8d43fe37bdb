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
use crate::wire::Deadlines;

mod imap;
mod maildir;

/// A mailbox: opened once, connected when first asked, reconnected when needed.
#[derive(Debug)]
pub struct Mailbox(Source);

#[derive(Debug)]
enum Source {
    Imap(Box<imap::Imap>),
    Maildir(maildir::Maildir),
}

/// How much is taken at a time. The defaults are for real mailboxes; tests shorten them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Letters in a batch.
    pub letters: usize,
    /// Bytes in a batch; a letter above it goes alone.
    pub bytes: u64,
    /// Above this size in bytes only the beginning is taken.
    pub whole: u32,
    /// How many bytes the beginning has.
    pub beginning: u32,
    /// Days looked back at when a folder was renumbered.
    pub rescan_days: u16,
}

impl Default for Limits {
    fn default() -> Self {
        Self { letters: 500, bytes: 4 << 20, whole: 10 << 20, beginning: 1 << 20, rescan_days: 60 }
    }
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
    /// It is not there (yet), and what we send is filed there by the server.
    No,
    /// Nothing can be said: no such folder, or nothing of ours was ever filed in it.
    Unknown,
}

impl Mailbox {
    /// For one association; `beside` is the folder of its configuration file. Connects to nothing yet.
    pub fn open(mail: &Mail, beside: &Path) -> Result<Self> {
        match mail {
            Mail::None => Err(Failure::fatal("mail/none")),
            Mail::Servers { imap, .. } => Ok(Self(Source::Imap(Box::new(imap::Imap::new(imap, beside))))),
            Mail::Maildir { inbox, .. } => Ok(Self(Source::Maildir(maildir::Maildir::new(beside.join(inbox))))),
        }
    }

    /// With other deadlines and limits than those for real servers.
    #[must_use]
    pub fn with(mut self, deadlines: Deadlines, limits: Limits) -> Self {
        match &mut self.0 {
            Source::Imap(imap) => imap.tune(deadlines, limits),
            Source::Maildir(maildir) => maildir.tune(deadlines, limits),
        }
        self
    }

    /// The folder that letters are read from, as [`Position::folder`] names it.
    pub fn folder(&self) -> &str {
        match &self.0 {
            Source::Imap(imap) => imap.folder(),
            Source::Maildir(_) => "",
        }
    }

    /// The next letters after `position`, or `None` when there are none. To be called again, with the position of the
    /// batch just kept, until `None`. `known`, for a Maildir only: the `Location::key` of every letter already kept
    /// (an IMAP mailbox ignores it). The folder read is the one that `position` names.
    pub async fn next(&mut self, position: &Position, known: &HashSet<String>) -> Result<Option<Batch>> {
        match &mut self.0 {
            Source::Imap(imap) => imap.next(position).await,
            Source::Maildir(maildir) => maildir.next(position, known),
        }
    }

    /// Waits until the folder last read has news, at most `within` (and at most five minutes: IDLE, our own timer;
    /// one minute where there is no IDLE). May be dropped at any point: the connection is then made anew.
    pub async fn wait(&mut self, within: Duration) -> Result<Woken> {
        match &mut self.0 {
            Source::Imap(imap) => imap.wait(within).await,
            Source::Maildir(maildir) => Ok(maildir.wait(within).await),
        }
    }

    /// Whether the folder of sent mail holds a mail of ours, by its Message-ID (without angle brackets). With a Maildir
    /// the answer is `No`: sending there again is no risk, a mail that is there already is not written twice.
    pub async fn sent_contains(&mut self, message_id: &str) -> Result<Filed> {
        match &mut self.0 {
            Source::Imap(imap) => imap.sent_contains(message_id).await,
            Source::Maildir(_) => Ok(Filed::No),
        }
    }

    /// Whether a person answered one of these letters (Message-IDs without angle brackets): a sent mail that names
    /// one of them and is not ours. `false` where there is no folder of sent mail.
    pub async fn answered_by_hand(&mut self, message_ids: &[String]) -> Result<bool> {
        match &mut self.0 {
            Source::Imap(imap) => imap.answered_by_hand(message_ids).await,
            Source::Maildir(_) => Ok(false),
        }
    }

    /// Logs in and looks around, for `check`.
    pub async fn probe(&mut self) -> Result<Probe> {
        match &mut self.0 {
            Source::Imap(imap) => imap.probe().await,
            Source::Maildir(maildir) => maildir.probe(),
        }
    }

    /// Says goodbye to the server; waits two seconds at most.
    pub async fn close(&mut self) {
        if let Source::Imap(imap) = &mut self.0 {
            imap.close().await;
        }
    }
}
