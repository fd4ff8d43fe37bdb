//! The subject of a mail without what mail programs put before it.
//!
//! Never looks at what the subject says.

use crate::text::fold;

/// What mail programs put before a subject, folded: replies and forwards in French, English, German, Dutch, Swedish,
/// Italian and Portuguese, and what answering machines add.
const PREFIXES: &[&str] =
    &["re", "rep", "reponse", "ref", "tr", "fw", "fwd", "aw", "wg", "sv", "antw", "rv", "enc", "r", "i", "auto"];

/// The base subject (RFC 5256, section 2.1), in more languages: `RE: TR : Re[2]: x` → `x`.
pub fn base(subject: &str) -> &str {
    let mut rest = subject.trim();
    while let Some((head, tail)) = rest.split_once(':') {
        let word = fold(head.trim());
        let word = word.split(['[', '(']).next().unwrap_or_default().trim();
        if !PREFIXES.contains(&word) {
            break;
        }
        rest = tail.trim_start();
    }
    rest
}
