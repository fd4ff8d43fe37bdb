//! The daemon: the two loops of each association, until a signal asks to end.
//!
//! Promises: ready as soon as configuration and database are, whatever the network does; a signal lets the mail in hand
//! be finished or parked within 20 seconds; a second instance never starts on the same database.

use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use super::pulse::{self, Pulse};
use super::{Association, receive, send};
use crate::failure::{Failure, Result};

/// How long the mail in hand may take to end after a signal.
const GRACE: Duration = Duration::from_secs(20);

/// Runs every association until SIGTERM or SIGINT. `ready` is what systemd shows as status.
pub async fn run(associations: Vec<Association>, ready: &str) -> Result<()> {
    let failed = |e: std::io::Error| Failure::fatal("run/signals").detail(e);
    let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(failed)?;
    let (stop, stopped) = watch::channel(false);
    let (mut receivers, mut senders, mut pulses) = (JoinSet::new(), JoinSet::new(), Vec::new());
    let mut locks = Vec::new();
    for association in associations {
        let Association { office, mailbox, submission, _lock } = association;
        locks.push(_lock);
        let news = Arc::new(Notify::new());
        let (receiving, sending) = (Pulse::default(), Pulse::default());
        pulses.extend([receiving.clone(), sending.clone()]);
        receivers.spawn(receive::for_ever(Arc::clone(&office), mailbox, Arc::clone(&news), receiving));
        senders.spawn(send::for_ever(office, submission, news, sending, stopped.clone()));
    }
    pulse::ready(ready);
    tracing::info!(associations = locks.len(), "ready");
    let ended = tokio::select! {
        _ = terminate.recv() => Ok(()),
        _ = interrupt.recv() => Ok(()),
        end = receivers.join_next() => lost(end),
        end = senders.join_next() => lost(end),
        () = pulse::feed(pulses) => Ok(()),
    };
    pulse::stopping();
    let _ = stop.send(true);
    // Receiving may stop anywhere: what is not recorded is asked for again.
    receivers.abort_all();
    let _ = tokio::time::timeout(GRACE, async { while senders.join_next().await.is_some() {} }).await;
    tracing::info!("ended");
    ended
}

/// A loop that ends by itself is a defect: better to be started again than to go on without it.
fn lost(end: Option<std::result::Result<(), tokio::task::JoinError>>) -> Result<()> {
    match end {
        Some(Err(e)) => Err(Failure::fatal("run/panic").detail(e)),
        _ => Err(Failure::fatal("run/panic")),
    }
}
