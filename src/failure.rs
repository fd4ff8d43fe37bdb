//! Errors, classed by what the program will do about them, and said in words kept outside the code.
//!
//! A failure names a sentence of `rules/LANG/terminal.toml` (`says`) and the values that fill it (`with`); the
//! sentence tells a volunteer what is wrong, where, and what to do. `detail` is for the log: plain English, no name,
//! no address, no text of a message.

use std::collections::BTreeMap;
use std::fmt;

/// What the program will do about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Consequence {
    /// Wait and try again: network, server busy, disk full.
    Transient,
    /// Never try this one again; go on with the others: a refused recipient, an unreadable file.
    Permanent,
    /// Stop and tell a person: configuration, rules, credentials, a damaged database.
    Fatal,
}

/// Something went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What will be done about it.
    pub then: Consequence,
    /// Key of the sentence in `rules/LANG/terminal.toml`.
    pub says: &'static str,
    /// Values for the sentence.
    pub with: BTreeMap<&'static str, String>,
    /// For the log, in English, at most 300 characters.
    pub detail: String,
}

impl Failure {
    /// A failure to wait out.
    pub fn transient(says: &'static str) -> Self {
        Self::new(Consequence::Transient, says)
    }
    /// A failure that concerns one item for good.
    pub fn permanent(says: &'static str) -> Self {
        Self::new(Consequence::Permanent, says)
    }
    /// A failure that only a person can mend.
    pub fn fatal(says: &'static str) -> Self {
        Self::new(Consequence::Fatal, says)
    }
    fn new(then: Consequence, says: &'static str) -> Self {
        Self { then, says, with: BTreeMap::new(), detail: String::new() }
    }
    /// Adds a value for the sentence. Control characters become spaces, long values are cut at 300 characters.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl fmt::Display) -> Self {
        self.with.insert(key, cut(&value.to_string()));
        self
    }
    /// Adds what the log should say.
    #[must_use]
    pub fn detail(mut self, detail: impl fmt::Display) -> Self {
        self.detail = cut(&detail.to_string());
        self
    }
}

/// Foreign text (a server's answer, a parser's error that repeats its input) is never passed on whole.
fn cut(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect()
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.says)?;
        if !self.detail.is_empty() {
            write!(f, ": {}", self.detail)?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}

/// The result of anything that can fail.
pub type Result<T> = std::result::Result<T, Failure>;
