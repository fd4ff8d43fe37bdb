//! What the sender will bring, lend or do for the shared time.

use crate::reading::{Contribution, Evidence};

use super::page::{About, Page};

/// One thing offered, with what it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// The thing.
    pub contribution: Contribution,
    /// What it rests on.
    pub evidence: Evidence,
    /// Which events it is for.
    pub about: About,
    /// It stands in a question ("Dois-je apporter… ?").
    pub asked: bool,
    /// It hangs on a condition.
    pub conditional: bool,
}

/// Everything offered, in order.
pub fn contributions(_page: &Page<'_>) -> Vec<Offer> {
    Vec::new()
}
