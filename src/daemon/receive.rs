//! New letters, batch by batch, to the end of the mailbox; then waiting for more.

use std::sync::Arc;

use tokio::sync::Notify;

use super::office::{Office, off};
use super::pause::Pause;
use super::pulse::Pulse;
use super::{Pass, keep};
use crate::failure::Result;
use crate::mailbox::Mailbox;

/// Receives everything that is new. Each batch is recorded before the next is asked for.
pub(super) async fn pass(
    office: &Arc<Office>,
    mailbox: &mut Mailbox,
    pass: &mut Pass,
    mut progress: impl FnMut(usize, usize),
) -> Result<()> {
    let folder = mailbox.folder().to_owned();
    let mut known = off(office, Office::known_keys).await?;
    let mut done = 0;
    loop {
        let at = folder.clone();
        let position = off(office, move |o| o.position(&at)).await?;
        let Some(batch) = mailbox.next(&position, &known).await? else { break };
        done += batch.letters.len();
        if office.setup.on_disk() {
            known.extend(batch.letters.iter().map(|l| l.location.key.clone()));
        }
        let remaining = batch.remaining;
        let tally: keep::Tally = off(office, move |o| o.keep(&batch)).await?;
        if tally.recorded > 0 {
            tracing::info!(letters = tally.recorded, answers = tally.answers, remaining, "recorded");
        }
        pass.recorded += tally.recorded;
        pass.answers += tally.answers;
        pass.to_read += tally.to_read;
        pass.unreadable += tally.unreadable;
        pass.withheld += tally.withheld;
        progress(done, remaining);
    }
    office.read_to_the_end();
    Ok(())
}

/// Receives for ever. Failures are waited out, and said when they begin and when they end.
pub(super) async fn for_ever(office: Arc<Office>, mut mailbox: Mailbox, news: Arc<Notify>, pulse: Pulse) {
    let mut pause = Pause::new("imap");
    loop {
        let mut done = Pass::default();
        let work = async {
            pass(&office, &mut mailbox, &mut done, |_, _| pulse.beat()).await?;
            pause.over(&office).await;
            pulse.beat();
            if done.recorded > 0 {
                news.notify_one();
            }
            mailbox.wait(pulse.nap()).await.map(|_| ())
        };
        let outcome = pulse.watch(work).await;
        if done.recorded > 0 {
            news.notify_one();
        }
        if let Err(failure) = outcome {
            pause.after(&office, &failure).await;
            pulse.rest(pause.length(&failure)).await;
        }
    }
}
