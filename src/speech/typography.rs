//! The spaces and apostrophes of a printed page, from the `[typography]` table of a language's `words.toml`, so that
//! templates are typed with ordinary ones.
//!
//! Promises: changes spaces into no-break spaces and straight apostrophes into curved ones, nothing else; a language
//! without the table is left as it is. Doing it twice changes nothing.

use std::collections::BTreeMap;

/// Width of a letter's space, never broken.
const NO_BREAK: char = '\u{a0}';
/// Narrow, never broken.
const NARROW: char = '\u{202f}';

/// The typography of one language.
#[derive(Debug, Clone, Default)]
pub struct Typography {
    narrow: String,
    before: String,
    after: String,
    apostrophe: Option<char>,
    /// Words after a number that are not what it counts; `None`: numbers are left alone.
    no_units: Option<Vec<String>>,
}

impl Typography {
    /// `table` is `[typography]`.
    pub fn new(table: &BTreeMap<String, String>) -> Self {
        let get = |key: &str| table.get(key).cloned().unwrap_or_default();
        Self {
            narrow: get("narrow-before"),
            before: get("space-before"),
            after: get("space-after"),
            apostrophe: get("apostrophe").chars().next(),
            no_units: table.get("no-unit").map(|w| w.split_whitespace().map(str::to_owned).collect()),
        }
    }

    /// Sets the spaces around marks, and the apostrophes between letters.
    pub fn set(&self, text: &str) -> String {
        let chars: Vec<char> = text.chars().collect();
        let at = |i: usize| chars.get(i).copied();
        let mut out = String::with_capacity(text.len() + 16);
        for (i, c) in chars.iter().copied().enumerate() {
            let (last, next) = (i.checked_sub(1).and_then(at), at(i + 1));
            out.push(match c {
                ' ' if last.is_some_and(|l| self.after.contains(l)) => NO_BREAK,
                ' ' if last.is_some_and(|l| !l.is_whitespace()) && self.mark(next) && ends(at(i + 2)) => {
                    self.space(next)
                }
                ' ' if self.unit(last, chars.get(i + 1..).unwrap_or_default()) => NO_BREAK,
                '\'' if last.is_some_and(char::is_alphabetic) && next.is_some_and(char::is_alphabetic) => {
                    self.apostrophe.unwrap_or(c)
                }
                _ => c,
            });
        }
        out
    }

    /// A number and what it counts, or a day and its month, stay on one line.
    fn unit(&self, last: Option<char>, after: &[char]) -> bool {
        let Some(no_units) = self.no_units.as_ref().filter(|_| last.is_some_and(|l| l.is_ascii_digit())) else {
            return false;
        };
        let word: String = after.iter().take_while(|c| c.is_alphabetic()).collect();
        !word.is_empty() && !no_units.contains(&word)
    }

    fn mark(&self, next: Option<char>) -> bool {
        next.is_some_and(|m| self.narrow.contains(m) || self.before.contains(m))
    }

    fn space(&self, mark: Option<char>) -> char {
        match mark {
            Some(m) if self.narrow.contains(m) => NARROW,
            _ => NO_BREAK,
        }
    }
}

/// A mark ends something when a space, the end or another mark follows it: not in an address or a smiley.
fn ends(after: Option<char>) -> bool {
    after.is_none_or(|c| c.is_whitespace() || c == '<' || c == '\u{bb}' || c == '?' || c == '!' || c == '.' || c == ',')
}
