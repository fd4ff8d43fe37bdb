//! What time it is for an association: the system's clock, or one that a demonstration or a test sets.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

use super::whole;

/// A clock.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    /// The system's.
    #[default]
    System,
    /// One that stands still until it is set: milliseconds since 1970.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at a moment.
    pub fn at(now: Timestamp) -> Self {
        Self::Set(Arc::new(AtomicI64::new(now.as_millisecond())))
    }

    /// Sets a clock that stands; the system's is left alone.
    pub fn set(&self, now: Timestamp) {
        if let Self::Set(ms) = self {
            ms.store(now.as_millisecond(), Ordering::Relaxed);
        }
    }

    /// Now, in whole milliseconds.
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => whole(Timestamp::now()),
            Self::Set(ms) => Timestamp::from_millisecond(ms.load(Ordering::Relaxed)).unwrap_or_default(),
        }
    }
}
