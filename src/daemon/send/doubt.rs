//! Mails of which nobody knows whether the server took them: the folder of sent mail decides.
//!
//! Promises: found there, it was sent. Not found where the provider files what it sends: sent once more, after ten
//! minutes. Where nothing can be said, an acknowledgement is left in doubt and told to the organisers, a report is
//! sent once more.

use jiff::SignedDuration;

use super::super::office::off;
use super::{LOOK_AGAIN, Round};
use crate::entry::{Occasion, Outgoing, Sending};
use crate::failure::Result;
use crate::mailbox::Filed;

/// How long sent mail may take to show up in its folder.
const FILING: SignedDuration = SignedDuration::from_mins(10);
/// Attempts that may end in doubt.
const ATTEMPTS: u32 = 2;

impl Round<'_> {
    pub(super) async fn settle_doubt(&mut self, row: Outgoing) -> Result<()> {
        let now = self.now();
        let filed = match self.sent() {
            Ok(sent) => sent.sent_contains(&row.message_id).await,
            Err(failure) => Err(failure),
        };
        let ripe = row.attempted.is_none_or(|at| now.duration_since(at) >= FILING);
        match filed {
            Ok(Filed::Yes) => self.settle(&row, Sending::Sent, "").await,
            // A Maildir holds what was written to it, and a second writing replaces the first.
            Ok(Filed::No) if self.office.setup.on_disk() => self.once_more(row).await,
            Ok(Filed::No | Filed::Unknown) if !ripe => {
                self.wait(row.attempted.unwrap_or(now).saturating_add(FILING).unwrap_or(now))
            }
            Ok(Filed::No) if row.attempts < ATTEMPTS => self.once_more(row).await,
            Ok(Filed::Unknown) if row.occasion != Occasion::Acknowledge && row.attempts < ATTEMPTS => {
                self.once_more(row).await
            }
            Ok(Filed::No | Filed::Unknown) => self.settle(&row, Sending::Uncertain, "uncertain").await,
            Err(failure) => {
                tracing::info!(mail = row.id, "sent mail cannot be looked at, still in doubt: {failure}");
                self.wait(now.saturating_add(LOOK_AGAIN).unwrap_or(now))
            }
        }
    }

    async fn once_more(&mut self, mut row: Outgoing) -> Result<()> {
        let (id, now) = (row.id, self.now());
        off(self.office, move |o| o.outbox().not_taken(id, now)).await?;
        row.sending = Sending::Frozen;
        row.due = now;
        if let Some(known) = self.recent.iter_mut().find(|o| o.id == id) {
            *known = row.clone();
        }
        self.decide(row).await
    }
}
