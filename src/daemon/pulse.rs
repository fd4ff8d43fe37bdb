//! What systemd hears of us: ready, status, and a heartbeat that only real progress feeds.
//!
//! Promises: the watchdog is fed only when the receiving and the sending loop of every association both moved since
//! the last time; a loop that waits for a server moves as long as its deadlines run, one that hangs does not.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sd_notify::NotifyState;

use crate::failure::{Failure, Result};

/// A step of any loop ends by its own deadlines well before that.
const LONGEST_STEP: Duration = Duration::from_secs(20 * 60);
/// How long a loop naps between two looks when nothing asks for more.
const NAP: Duration = Duration::from_secs(300);

/// One loop's sign of life.
#[derive(Debug, Clone)]
pub struct Pulse {
    beats: Arc<AtomicU64>,
    nap: Duration,
}

impl Default for Pulse {
    fn default() -> Self {
        let every = sd_notify::watchdog_enabled().map_or(NAP, |w| w / 4);
        Self { beats: Arc::default(), nap: every.min(NAP).max(Duration::from_millis(50)) }
    }
}

impl Pulse {
    /// The loop moved.
    pub fn beat(&self) {
        self.beats.fetch_add(1, Ordering::Relaxed);
    }

    /// The longest wait without a beat.
    pub fn nap(&self) -> Duration {
        self.nap
    }

    /// Waits, beating.
    pub async fn rest(&self, length: Duration) {
        let mut left = length;
        while !left.is_zero() {
            let nap = left.min(self.nap);
            tokio::time::sleep(nap).await;
            self.beat();
            left = left.saturating_sub(nap);
        }
    }

    /// Lets a step run; beats while it waits for a server or a disk, but not for ever.
    pub async fn watch<T>(&self, step: impl Future<Output = Result<T>>) -> Result<T> {
        let mut step = std::pin::pin!(step);
        let begun = tokio::time::Instant::now();
        loop {
            match tokio::time::timeout(self.nap, &mut step).await {
                Ok(done) => {
                    self.beat();
                    return done;
                }
                Err(_) if begun.elapsed() < LONGEST_STEP => self.beat(),
                Err(_) => return Err(Failure::transient("run/stuck")),
            }
        }
    }
}

/// Tells systemd that we are ready; without systemd, nobody.
pub fn ready(status: &str) {
    let _ = sd_notify::notify(&[NotifyState::Ready, NotifyState::Status(&line(status))]);
}

/// Tells systemd in words how things stand.
pub fn status(status: &str) {
    let _ = sd_notify::notify(&[NotifyState::Status(&line(status))]);
}

/// Tells systemd that we are ending.
pub fn stopping() {
    let _ = sd_notify::notify(&[NotifyState::Stopping]);
}

/// A line end would be a message of its own to systemd.
fn line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect()
}

/// Feeds the watchdog for ever, as long as every loop moves.
pub async fn feed(pulses: Vec<Pulse>) {
    let Some(limit) = sd_notify::watchdog_enabled() else { return std::future::pending().await };
    let read = |pulses: &[Pulse]| -> Vec<u64> { pulses.iter().map(|p| p.beats.load(Ordering::Relaxed)).collect() };
    let mut last = read(&pulses);
    let _ = sd_notify::notify(&[NotifyState::Watchdog]);
    loop {
        tokio::time::sleep(limit / 8).await;
        let now = read(&pulses);
        if now.iter().zip(&last).all(|(now, last)| now > last) {
            let _ = sd_notify::notify(&[NotifyState::Watchdog]);
            last = now;
        }
    }
}
