//! Letter + Events + Rules → Reading. Never fails, never panics; pure.
//!
//! One file a field, same names as in `rules/LANG/`. Doubt is a reason in [`Reading::review`], never a guess.

use crate::config::Config;
use crate::letter::Letter;
use crate::reading::Reading;
use crate::rules::Rules;

/// Reads one letter, alone, at any date.
pub fn understand(_letter: &Letter, _config: &Config, _rules: &Rules) -> Reading {
    Reading::default()
}
