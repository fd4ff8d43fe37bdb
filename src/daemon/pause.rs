//! How long to wait after a failure, and how often to speak of it.
//!
//! Promises: a trouble is said when it begins and when it ends, not each time; it is written down with its beginning,
//! so that the digest can tell. Waiting grows from 2 seconds to 5 minutes, after a refused log-in or anything that
//! only a person can mend from 5 minutes to an hour; never twice the same, so that many mailboxes do not knock at once.

use std::sync::Arc;
use std::time::Duration;

use super::office::{Office, off};
use crate::failure::{Consequence, Failure};

/// The waiting of one loop.
#[derive(Debug)]
pub(super) struct Pause {
    /// `imap`, `smtp` or `store`: which trouble it is, as the database and the digest call it.
    of: &'static str,
    failures: u32,
    said: Option<(&'static str, Consequence)>,
    /// What an earlier process wrote down of this part is not known to be over.
    stale: bool,
}

impl Pause {
    pub(super) fn new(of: &'static str) -> Self {
        Self { of, failures: 0, said: None, stale: true }
    }

    /// The trouble's name: `imap-down` is waited out, `imap-stopped` needs a person.
    fn trouble(&self, failure: &Failure) -> String {
        let end = if failure.then == Consequence::Transient { "down" } else { "stopped" };
        format!("{}-{end}", self.of)
    }

    /// Notes a failure.
    pub(super) async fn after(&mut self, office: &Arc<Office>, failure: &Failure) {
        self.failures = self.failures.saturating_add(1);
        if self.said == Some((failure.says, failure.then)) {
            return;
        }
        self.said = Some((failure.says, failure.then));
        tracing::warn!(part = self.of, "{failure}");
        let name = self.trouble(failure);
        let sentence = office.setup.speech().map(|s| s.failure(failure)).unwrap_or_default();
        super::pulse::status(&sentence);
        // A database in trouble cannot be told so; the log was.
        let _ = off(office, move |o| o.in_trouble(&name)).await;
    }

    /// All is well again.
    pub(super) async fn over(&mut self, office: &Arc<Office>) {
        if self.failures == 0 && !self.stale {
            return;
        }
        if self.failures > 0 {
            tracing::info!(part = self.of, failures = self.failures, "well again");
        }
        self.stale = false;
        self.failures = 0;
        self.said = None;
        let of = self.of;
        let _ = off(office, move |o| o.out_of_trouble(of)).await;
    }

    /// How long to wait now.
    pub(super) fn length(&self, failure: &Failure) -> Duration {
        let (first, last) = match failure.then {
            Consequence::Transient => (2.0, 300.0),
            Consequence::Permanent | Consequence::Fatal => (300.0, 3600.0),
        };
        growing(first, last, self.failures)
    }
}

/// `first` seconds, doubled each time up to `last`, give or take a fifth.
pub(super) fn growing(first: f64, last: f64, failures: u32) -> Duration {
    let doubled = first * 2_f64.powi(i32::try_from(failures.saturating_sub(1).min(30)).unwrap_or(30));
    Duration::from_secs_f64(doubled.min(last) * (0.8 + 0.4 * chance()))
}

/// Between 0 and 1, different each time: the seed of a hash map is drawn by the system.
fn chance() -> f64 {
    use std::hash::{BuildHasher, Hasher};
    let drawn = std::hash::RandomState::new().build_hasher().finish();
    #[expect(clippy::cast_precision_loss, reason = "a fraction, not a count")]
    let fraction = (drawn >> 11) as f64 / (1_u64 << 53) as f64;
    fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_from_two_seconds_to_five_minutes_and_is_never_exact() {
        let seconds = |n| growing(2.0, 300.0, n).as_secs_f64();
        assert!((1.6..=2.4).contains(&seconds(1)), "{}", seconds(1));
        assert!((6.4..=9.6).contains(&seconds(3)), "{}", seconds(3));
        assert!((240.0..=360.0).contains(&seconds(40)), "{}", seconds(40));
        let drawn: Vec<f64> = (0..8).map(|_| seconds(1)).collect();
        assert!(drawn.iter().any(|s| (s - drawn[0]).abs() > f64::EPSILON), "no jitter: {drawn:?}");
    }
}
