//! What is due leaves: decided by `release`, in doubt on disk before its content does, settled by what the server says.
//!
//! Promises: a volunteer's own answer in the thread stops ours; where that cannot be looked up, the mail waits. A mail
//! in doubt is never sent again blindly (`doubt`). A server that fails again and again is left alone for a while.
//!
//! - `deliver`: one mail through the server; `doubt`: what becomes of those nobody knows of

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{Notify, watch};

use super::office::{Office, off};
use super::pause::Pause;
use super::pulse::Pulse;
use super::{Pass, answer};
use crate::entry::{Occasion, Outgoing, Sending};
use crate::failure::{Consequence, Failure, Result};
use crate::mailbox::Mailbox;
use crate::release::{Decision, Facts, release};
use crate::submit::Submission;

mod deliver;
mod doubt;

/// The longest sleep between two looks at the outbox.
const LOOK: SignedDuration = SignedDuration::from_mins(1);
/// Ceilings look back a day.
const RECENT: SignedDuration = SignedDuration::from_hours(25);
/// When the folder of sent mail cannot be reached.
const LOOK_AGAIN: SignedDuration = SignedDuration::from_mins(2);

/// One round through the outbox.
struct Round<'a> {
    office: &'a Arc<Office>,
    submission: &'a mut Submission,
    /// The folder of sent mail; connected when first needed, let go after the round.
    sent: Option<Mailbox>,
    /// Recent mails of any state, kept up to date.
    recent: Vec<Outgoing>,
    /// Failures in a row.
    failures: u32,
    /// The last of them.
    failure: Option<Failure>,
    /// Why the round ended early.
    stopped: Option<Failure>,
    /// When the first of those that wait is due.
    next: Option<Timestamp>,
    pass: &'a mut Pass,
}

/// How a round ended.
struct Ended {
    next: Option<Timestamp>,
    stopped: Option<Failure>,
    failure: Option<Failure>,
}

/// Sends what is due. `Err`: the database; `Ok(Some)`: the server did not take everything that was due.
pub(super) async fn pass(
    office: &Arc<Office>,
    submission: &mut Submission,
    pass: &mut Pass,
) -> Result<Option<Failure>> {
    let (_, open) = watch::channel(false);
    round(office, submission, pass, &open).await.map(|ended| ended.stopped.or(ended.failure))
}

async fn round(
    office: &Arc<Office>,
    submission: &mut Submission,
    pass: &mut Pass,
    stop: &watch::Receiver<bool>,
) -> Result<Ended> {
    let (rows, recent) = off(office, |o| {
        let mut store = o.outbox();
        o.chores(&mut store)?;
        o.plan_digest(&mut store)?;
        o.plan_alerts(&mut store)?;
        let rows = store.view().open_mail()?;
        let recent =
            if rows.is_empty() { Vec::new() } else { store.view().recent_mail(o.setup.clock.now() - RECENT)? };
        Ok((rows, recent))
    })
    .await?;
    let mut round =
        Round { office, submission, sent: None, recent, failures: 0, failure: None, stopped: None, next: None, pass };
    for row in rows {
        if round.stopped.is_some() || *stop.borrow() {
            break;
        }
        round.consider(row).await?;
    }
    if let Some(sent) = &mut round.sent {
        sent.close().await;
    }
    let open = |o: &&Outgoing| matches!(o.sending, Sending::Due | Sending::Frozen);
    round.pass.waiting = round.recent.iter().filter(open).count();
    Ok(Ended { next: round.next, stopped: round.stopped, failure: round.failure })
}

impl Round<'_> {
    fn now(&self) -> Timestamp {
        self.office.setup.clock.now()
    }

    /// What is to become of one open row.
    async fn consider(&mut self, row: Outgoing) -> Result<()> {
        // An earlier row of this round may have taken it along, or settled it.
        let Some(row) = self.recent.iter().find(|o| o.id == row.id).cloned() else { return Ok(()) };
        match row.sending {
            Sending::Uncertain => self.settle_doubt(row).await,
            Sending::Due | Sending::Frozen => self.decide(row).await,
            _ => Ok(()),
        }
    }

    async fn decide(&mut self, row: Outgoing) -> Result<()> {
        let now = self.now();
        let asked = row.clone();
        let (no_more_mail, over) = off(self.office, move |o| {
            if asked.occasion != Occasion::Acknowledge || asked.due > now {
                return Ok((false, false));
            }
            let store = o.outbox();
            Ok((store.wants_no_mail(&asked)?, answer::over(store.view(), &asked, &o.setup.config, now)?))
        })
        .await?;
        let mut answered_by_hand = false;
        loop {
            let config = &self.office.setup.config;
            let facts = Facts {
                acknowledge: &config.acknowledge,
                zone: &config.association.timezone,
                others: &self.recent,
                answered_by_hand,
                no_more_mail,
                over,
            };
            match release(&row, &facts, now) {
                Decision::Wait(until) => return self.wait(until),
                Decision::Drop(reason) => return self.settle(&row, Sending::Dropped, reason).await,
                Decision::Withhold(reason) => return self.settle(&row, Sending::Withheld, reason).await,
                Decision::Send if row.occasion != Occasion::Acknowledge || answered_by_hand => {
                    return self.deliver(row).await;
                }
                Decision::Send => match self.answered_by_hand(&row).await {
                    Ok(true) => answered_by_hand = true,
                    Ok(false) => return self.deliver(row).await,
                    Err(failure) => {
                        tracing::info!(mail = row.id, "sent mail cannot be looked at, waiting: {failure}");
                        return self.wait(now.saturating_add(LOOK_AGAIN).unwrap_or(now));
                    }
                },
            }
        }
    }

    fn wait(&mut self, until: Timestamp) -> Result<()> {
        self.next = Some(self.next.map_or(until, |next| next.min(until)));
        Ok(())
    }

    /// The folder of sent mail.
    fn sent(&mut self) -> Result<&mut Mailbox> {
        if self.sent.is_none() {
            self.sent = Some(Mailbox::open(&self.office.setup.config.mail, &self.office.setup.beside)?);
        }
        self.sent.as_mut().ok_or_else(|| Failure::transient("run/stuck"))
    }

    async fn answered_by_hand(&mut self, row: &Outgoing) -> Result<bool> {
        let letters: Vec<i64> = self.merged(row).iter().filter_map(|o| o.letter).chain(row.letter).collect();
        let ids = off(self.office, move |o| {
            let store = o.outbox();
            let mut ids = Vec::new();
            for letter in letters {
                ids.extend(store.view().letter(letter)?.map(|l| l.message_id).filter(|id| !id.is_empty()));
            }
            Ok(ids)
        })
        .await?;
        if ids.is_empty() { Ok(false) } else { self.sent()?.answered_by_hand(&ids).await }
    }

    fn merged(&self, row: &Outgoing) -> Vec<Outgoing> {
        if row.occasion != Occasion::Acknowledge {
            return Vec::new();
        }
        crate::release::merged(row, &self.recent).into_iter().cloned().collect()
    }

    /// Ends a mail, on disk and in what this round knows.
    async fn settle(&mut self, row: &Outgoing, sending: Sending, reason: &'static str) -> Result<()> {
        let (id, now, state) = (row.id, self.now(), sending.clone());
        off(self.office, move |o| o.outbox().settle(id, &state, reason, now)).await?;
        super::crash::point("mail settled");
        tracing::info!(mail = id, to = ?sending, reason, "mail settled");
        self.note(id, sending, now);
        Ok(())
    }

    fn note(&mut self, id: i64, sending: Sending, now: Timestamp) {
        if let Some(row) = self.recent.iter_mut().find(|o| o.id == id) {
            row.settled = (!matches!(sending, Sending::Due | Sending::Frozen | Sending::Uncertain)).then_some(now);
            row.attempted = Some(now);
            row.sending = sending;
        }
    }
}

/// Sends for ever, woken by new letters; ends after the mail in hand when asked to.
pub(super) async fn for_ever(
    office: Arc<Office>,
    mut submission: Submission,
    news: Arc<Notify>,
    pulse: Pulse,
    mut stop: watch::Receiver<bool>,
) {
    let (mut smtp, mut store) = (Pause::new("smtp"), Pause::new("store"));
    while !*stop.borrow() {
        let mut done = Pass::default();
        let outcome = pulse.watch(round(&office, &mut submission, &mut done, &stop)).await;
        submission.close().await;
        let sleep = match outcome {
            Err(failure) => {
                store.after(&office, &failure).await;
                store.length(&failure)
            }
            Ok(Ended { stopped: Some(failure), .. }) => {
                store.over(&office).await;
                smtp.after(&office, &failure).await;
                smtp.length(&failure)
            }
            Ok(Ended { next, .. }) => {
                store.over(&office).await;
                if done.acknowledged + done.reported > 0 {
                    smtp.over(&office).await;
                }
                let now = office.setup.clock.now();
                let until = next.map_or(LOOK, |next| next.duration_since(now).clamp(SignedDuration::ZERO, LOOK));
                until.unsigned_abs()
            }
        };
        tokio::select! {
            () = pulse.rest(sleep) => {}
            () = news.notified() => {}
            _ = stop.changed() => {}
        }
    }
}

/// A pause that only a person can end is a long one.
fn for_a_person(mut failure: Failure) -> Failure {
    failure.then = Consequence::Fatal;
    failure
}
