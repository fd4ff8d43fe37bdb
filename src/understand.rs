//! Letter + Events + Rules → Reading. Never fails, never panics; pure.
//!
//! One file a field, same names as in `rules/LANG/`. Doubt is a reason in [`Reading::review`], never a guess.
//!
//! - [`page`] lays the letter out: pieces, clauses, what fired, and which event each clause is about ([`event`]).

use crate::config::Config;
use crate::letter::Letter;
use crate::reading::Reading;
use crate::rules::Rules;

pub mod event;
pub mod page;

/// Reads one letter, alone, at any date.
pub fn understand(letter: &Letter, config: &Config, rules: &Rules) -> Reading {
    let Some(pack) = rules.packs.iter().find(|p| p.language == "fr") else { return Reading::default() };
    let _page = page::Page::new(letter, config, pack);
    Reading::default()
}
