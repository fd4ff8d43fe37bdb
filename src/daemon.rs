//! The loop of one association: receive, record, send what is due; back-off, the digest's hour, shutdown.
//!
//! Promises: nothing is sent that was not committed before; a letter that breaks the program is set aside and shown,
//! and never stops those behind it; every network failure is waited out and said once. The same code serves `run`,
//! `run --once` and `demo`. Logs hold no name, no address, no text.
//!
//! - [`setup`]: what an association needs to start, [`clock`]: its idea of now
//! - [`office`]: what happens on the blocking thread; `read`, `keep`: a letter to its rows
//! - `receive`, `send`: the two loops; `answer`, `report`: what is rendered; `pause`: back-off; `pulse`: systemd
//! - [`crash`]: places where a test ends the process (debug builds only)

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use crate::failure::Result;
use crate::mailbox::Mailbox;
use crate::store::{Lock, lock};
use crate::submit::Submission;

mod answer;
pub mod clock;
pub mod crash;
mod keep;
pub mod office;
mod pause;
pub mod pulse;
mod read;
mod receive;
mod report;
pub mod retention;
mod run;
mod send;
pub mod setup;

pub use clock::Clock;
pub use keep::enter_changes;
pub use office::Office;
pub use run::run;
pub use setup::Setup;

/// What one pass did, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Pass {
    /// Letters recorded for the first time.
    pub recorded: usize,
    /// Of these: answers and questions about the events.
    pub answers: usize,
    /// Of these: letters that a person should read.
    pub to_read: usize,
    /// Of these: letters that could not be read at all.
    pub unreadable: usize,
    /// Acknowledgements that left.
    pub acknowledged: usize,
    /// Digests, reports and alerts that left.
    pub reported: usize,
    /// Mails that wait for their hour.
    pub waiting: usize,
    /// Acknowledgements that are only written down (`send = false`).
    pub withheld: usize,
    /// Mails that could not be sent this time.
    pub troubled: usize,
}

/// One association, its database open and its mailbox not yet asked.
#[derive(Debug)]
pub struct Association {
    office: Arc<Office>,
    mailbox: Mailbox,
    submission: Submission,
    _lock: Lock,
}

impl Association {
    /// Takes the lock of its database and opens it. Connects to nothing.
    pub fn open(setup: Setup) -> Result<Self> {
        let path = setup.store_path();
        let lock = lock(&path)?;
        let mailbox = Mailbox::open(&setup.config.mail, &setup.beside)?;
        let submission = Submission::open(&setup.config.mail, &setup.beside)?;
        let office = Arc::new(Office::open(setup, &path)?);
        Ok(Self { office, mailbox, submission, _lock: lock })
    }

    /// What happens on the blocking thread.
    pub fn office(&self) -> &Arc<Office> {
        &self.office
    }

    /// One pass: receives to the end of the mailbox, then sends what is due. `progress` hears of each batch: letters
    /// done, letters still to come.
    pub async fn once(&mut self, progress: impl FnMut(usize, usize)) -> Result<Pass> {
        let mut pass = Pass::default();
        receive::pass(&self.office, &mut self.mailbox, &mut pass, progress).await?;
        let sent = send::pass(&self.office, &mut self.submission, &mut pass).await;
        self.submission.close().await;
        if let Some(failure) = sent? {
            return Err(failure);
        }
        Ok(pass)
    }
}

/// Writes a digest out of turn and sends what is due. `None`: a daemon is running, and will send it.
pub async fn digest_now(setup: Setup) -> Result<Option<Pass>> {
    let path = setup.store_path();
    let lock = match lock(&path) {
        Ok(lock) => Some(lock),
        Err(failure) if failure.says == "store/locked" => None,
        Err(failure) => return Err(failure),
    };
    let mut submission = Submission::open(&setup.config.mail, &setup.beside)?;
    let office = Arc::new(Office::open(setup, &path)?);
    office.post_digest_now(&mut office.store())?;
    if lock.is_none() {
        return Ok(None);
    }
    let mut pass = Pass::default();
    let sent = send::pass(&office, &mut submission, &mut pass).await;
    submission.close().await;
    sent?.map_or(Ok(Some(pass)), Err)
}

/// The moment as it is kept: whole milliseconds.
pub(crate) fn whole(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

/// A path named in a configuration: relative ones are beside it.
pub(crate) fn beside(folder: &Path, path: &str) -> std::path::PathBuf {
    folder.join(path)
}
