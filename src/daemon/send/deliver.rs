//! One mail through the server: rendered, in doubt on disk before its content leaves, then settled.

use std::sync::atomic::{AtomicBool, Ordering};

use jiff::{SignedDuration, Timestamp};

use super::super::pause::growing;
use super::super::{answer, crash};
use super::{Round, for_a_person};
use crate::acknowledge;
use crate::digest::{Due, Edition};
use crate::draft::Draft;
use crate::entry::{Occasion, Outgoing, Sending};
use crate::failure::{Failure, Result};
use crate::submit::{Envelope, Outcome, render};

use super::super::Office;
use super::super::office::off;

/// So many failures in a row are the server's, not the mails'.
const ENOUGH: u32 = 3;

impl Round<'_> {
    /// Sends one mail, with those that it stands for.
    pub(super) async fn deliver(&mut self, row: Outgoing) -> Result<()> {
        let merged = self.merged(&row);
        let (mail, others, now) = (row.clone(), merged.clone(), self.now());
        let bytes = match off(self.office, move |o| rendered(o, &mail, &others, now)).await {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return self.settle(&row, Sending::Dropped, "forgotten").await,
            Err(failure) => {
                // A template that fails must not hold up the mails behind it.
                tracing::warn!(mail = row.id, "cannot be rendered: {failure}");
                self.pass.troubled += 1;
                return self.later(&row, false).await;
            }
        };
        let config = &self.office.setup.config;
        let envelope = Envelope {
            from: Some(config.association.address.clone()),
            to: row.to.clone(),
            message_id: row.message_id.clone(),
        };
        let ids: Vec<i64> = merged.iter().map(|m| m.id).collect();
        let doubted = AtomicBool::new(false);
        let office = self.office;
        crash::point("mail rendered");
        let before_data = || {
            office.outbox().in_doubt(row.id, &bytes, &ids, now)?;
            doubted.store(true, Ordering::Relaxed);
            crash::point("mail in doubt");
            Ok(())
        };
        let outcome = self.submission.send(&envelope, &bytes, before_data).await;
        crash::point("mail handed over");
        let doubted = doubted.into_inner();
        if doubted {
            self.note(row.id, Sending::Uncertain, now);
            ids.iter().for_each(|id| self.note(*id, Sending::Dropped, now));
        }
        self.settle_outcome(&row, outcome, doubted).await
    }

    async fn settle_outcome(&mut self, row: &Outgoing, outcome: Outcome, doubted: bool) -> Result<()> {
        match outcome {
            Outcome::Sent => {
                self.failures = 0;
                let acknowledgement = row.occasion == Occasion::Acknowledge;
                self.pass.acknowledged += usize::from(acknowledgement);
                self.pass.reported += usize::from(!acknowledgement);
                self.settle(row, Sending::Sent, "").await
            }
            Outcome::Uncertain(failure) => {
                tracing::warn!(mail = row.id, "in doubt: {failure}");
                self.failed(failure)
            }
            Outcome::Permanent(failure) if failure.says == "store/gone" => Ok(()),
            Outcome::Permanent(failure) => {
                tracing::warn!(mail = row.id, "refused: {failure}");
                self.pass.troubled += 1;
                self.settle(row, Sending::Failed, "refused").await
            }
            Outcome::Transient(failure) => {
                tracing::info!(mail = row.id, attempts = row.attempts + 1, "not sent yet: {failure}");
                self.later(row, doubted).await?;
                self.failed(failure)
            }
            Outcome::Paused(failure) => {
                if doubted {
                    let (id, now) = (row.id, self.now());
                    off(self.office, move |o| o.outbox().not_taken(id, now)).await?;
                }
                self.pass.troubled += 1;
                self.stopped = Some(for_a_person(failure));
                Ok(())
            }
        }
    }

    /// Counts a failure of the server's; so many in a row end the round.
    fn failed(&mut self, failure: Failure) -> Result<()> {
        self.pass.troubled += 1;
        self.failures += 1;
        self.failure = Some(failure.clone());
        if self.failures >= ENOUGH || failure.then == crate::failure::Consequence::Fatal {
            self.stopped = Some(failure);
        }
        Ok(())
    }

    /// Another attempt, later each time: from 5 minutes to an hour.
    async fn later(&mut self, row: &Outgoing, doubted: bool) -> Result<()> {
        let now = self.now();
        let wait = growing(300.0, 3600.0, row.attempts + 1);
        let again = SignedDuration::try_from(wait).ok().and_then(|w| now.checked_add(w).ok()).unwrap_or(now);
        let id = row.id;
        off(self.office, move |o| {
            let mut store = o.outbox();
            if doubted { store.not_taken(id, again) } else { store.try_later(id, again, now) }
        })
        .await?;
        if let Some(known) = self.recent.iter_mut().find(|o| o.id == id) {
            known.sending = if doubted { Sending::Frozen } else { row.sending.clone() };
            known.due = again;
        }
        self.wait(again)
    }
}

/// The bytes of a mail: the frozen ones, else written now.
fn rendered(office: &Office, row: &Outgoing, merged: &[Outgoing], now: Timestamp) -> Result<Option<Vec<u8>>> {
    let store = office.outbox();
    if let Some(bytes) = store.view().bytes(row.id)? {
        return Ok(Some(bytes));
    }
    let draft: Option<Draft> = match &row.occasion {
        Occasion::Acknowledge => {
            let merged: Vec<&Outgoing> = merged.iter().collect();
            match answer::situation(store.view(), row, &merged, &office.setup, now)? {
                Some((situation, config)) => {
                    let speech = office.setup.speech_in(&situation.language)?;
                    Some(acknowledge::compose(&situation, &config, speech)?)
                }
                None => None,
            }
        }
        // Its bytes were taken away because a person in it was erased.
        Occasion::Digest(day) => {
            let mut ledger = store.ledger()?;
            ledger.outgoing.retain(|o| o.planned < row.planned);
            let due = Due { day: day.clone(), edition: Edition::Daily };
            let draft = office.digest_draft(&ledger, &due, now)?;
            Some(Draft { to: row.to.clone(), message_id: row.message_id.clone(), ..draft })
        }
        Occasion::Report | Occasion::Alert(_) => None,
    };
    drop(store);
    draft.map(|d| render(&d)).transpose()
}
