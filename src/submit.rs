//! A frozen mail to the SMTP server or a Maildir; a draft to the bytes that get frozen.
//!
//! Promises: one recipient a mail; the same bytes at each attempt; the phase of a failure is known: before the end of
//! the data it was surely not sent, after it nobody knows ([`Outcome::Uncertain`]). A deadline on every step, a fresh
//! connection after any error. Never: plaintext to anything but the loopback, a connection reused out of step.

use std::path::{Path, PathBuf};

use crate::config::Mail;
use crate::draft::Draft;
use crate::failure::{Failure, Result};
use crate::wire::Deadlines;

mod compose;
mod maildir;
mod smtp;
mod stream;
mod verdict;

/// Whom a mail goes to and comes from, as the server is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The sender; `None` is the null sender `<>` (RFC 3834 §3.3).
    pub from: Option<String>,
    /// The one recipient.
    pub to: String,
    /// The mail's own Message-ID, without angle brackets: names the file in a Maildir, so that a retry replaces it.
    pub message_id: String,
}

/// What became of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The server took it.
    Sent,
    /// Surely not sent; try again later: network, 4xx, a failure before the end of the data.
    Transient(Failure),
    /// Refused for good, this mail or this recipient alone.
    Permanent(Failure),
    /// The end of the data was sent and no answer came: accepted or not, nobody knows. Look in the folder of sent
    /// mail; never send again blindly.
    Uncertain(Failure),
    /// Surely not sent, and no other would be: log-in refused, daily limit, relaying denied. Pause the queue.
    Paused(Failure),
}

/// The way out: opened once, connected when first needed, kept for a batch.
#[derive(Debug)]
pub struct Submission(Way);

#[derive(Debug)]
enum Way {
    Smtp(Box<smtp::Smtp>),
    Maildir(PathBuf),
}

/// The bytes of a draft (RFC 5322, CRLF), to be frozen: rendered once, sent as they are at each attempt.
pub fn render(draft: &Draft) -> Result<Vec<u8>> {
    compose::render(draft)
}

impl Submission {
    /// For one association; `beside` is the folder of its configuration file. Connects to nothing yet.
    pub fn open(mail: &Mail, beside: &Path) -> Result<Self> {
        match mail {
            Mail::None => Err(Failure::fatal("mail/none")),
            Mail::Servers { smtp, .. } => Ok(Self(Way::Smtp(Box::new(smtp::Smtp::new(smtp, beside))))),
            Mail::Maildir { sent, .. } => Ok(Self(Way::Maildir(beside.join(sent)))),
        }
    }

    /// With other deadlines than those for real servers.
    #[must_use]
    pub fn with(mut self, deadlines: Deadlines) -> Self {
        if let Way::Smtp(smtp) = &mut self.0 {
            smtp.deadlines = deadlines;
        }
        self
    }

    /// Sends one mail. `before_data` is called once at most, after the recipient was accepted and before the first
    /// byte of the content leaves: there the caller commits that from now on the mail may have been sent. If it fails,
    /// nothing is sent.
    pub async fn send(
        &mut self,
        envelope: &Envelope,
        bytes: &[u8],
        before_data: impl FnOnce() -> Result<()>,
    ) -> Outcome {
        match &mut self.0 {
            Way::Smtp(smtp) => smtp.send(envelope, bytes, before_data).await,
            Way::Maildir(root) => maildir::deliver(root, &envelope.message_id, bytes, before_data),
        }
    }

    /// Logs in and out, for `check`; sends nothing.
    pub async fn probe(&mut self) -> Result<()> {
        match &mut self.0 {
            Way::Smtp(smtp) => smtp.probe().await,
            Way::Maildir(root) => maildir::prepare(root).map_err(|e| maildir::refused(root, &e)),
        }
    }

    /// Says goodbye to the server after a batch; waits two seconds at most.
    pub async fn close(&mut self) {
        if let Way::Smtp(smtp) = &mut self.0 {
            smtp.close().await;
        }
    }
}
