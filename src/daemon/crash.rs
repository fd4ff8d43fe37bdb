//! Places where a test ends the process as a power cut would. Nothing of it is in a release build.
//!
//! `ASTIR_CRASH=N` aborts at the N-th place passed, counted from 1; `ASTIR_CRASH_COUNT=FILE` writes at the end how many
//! were passed, so that a test knows that it tested something.

/// A place between two steps that must not depend on each other.
#[cfg(debug_assertions)]
pub fn point(name: &str) {
    use std::sync::atomic::{AtomicU64, Ordering};
    static PASSED: AtomicU64 = AtomicU64::new(0);
    let here = PASSED.fetch_add(1, Ordering::SeqCst) + 1;
    if std::env::var("ASTIR_CRASH").is_ok_and(|n| n.parse() == Ok(here)) {
        tracing::warn!(name, here, "ending as asked");
        std::process::abort();
    }
    if let Ok(file) = std::env::var("ASTIR_CRASH_COUNT") {
        let _ = std::fs::write(file, here.to_string());
    }
}

/// A place between two steps that must not depend on each other.
#[cfg(not(debug_assertions))]
pub fn point(_name: &str) {}
