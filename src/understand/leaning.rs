//! A second reader, who knows no sentence: what the words of a whole letter lean to (`rules/LANG/leaning.tsv`).
//!
//! Never answers against the rules, and never makes anybody come: it settles which side of a contradiction is told to the
//! person who reads it, takes for a refusal what no rule explains and a person reads, and where it is all but sure that the
//! rules misread, asks for that person.

use std::collections::BTreeSet;

use super::page::Page;
use crate::reading::{Answer, Attendance};
use crate::rules::leaning::{LEANS, Lean};

/// Share above which it is all but sure.
const SURE: f32 = 0.9;
/// Share above which it is more likely than all else together.
const LIKELY: f32 = 0.5;
/// Words that are told to whoever asks why.
const TOLD: usize = 4;

/// What a letter leans to.
#[derive(Debug, Clone)]
pub struct Leaning {
    /// Which of the four.
    pub to: Lean,
    /// How much, of 1.
    pub share: f32,
    /// The words that speak most for it.
    pub words: String,
}

/// The words of a letter, and each two that follow each other, as the weights know them: numbers are all alike.
pub fn words(page: &Page<'_>) -> BTreeSet<String> {
    let mut held = BTreeSet::new();
    for piece in &page.pieces {
        let telling = |w: &str| w.starts_with(char::is_alphanumeric) || matches!(w, "?" | "!");
        let word = |w: &str| if w.starts_with(|c: char| c.is_ascii_digit()) { "#".to_owned() } else { w.to_owned() };
        let words: Vec<String> =
            piece.passage.tokens.iter().filter(|t| telling(&t.word)).map(|t| word(&t.word)).collect();
        held.extend(words.windows(2).map(|two| two.join(" ")));
        held.extend(words);
    }
    held
}

/// What the letter leans to; `None` in a language without weights.
pub fn leaning(page: &Page<'_>) -> Option<Leaning> {
    let words = words(page);
    let shares = page.pack.leanings.shares(&words)?;
    let (to, share) = LEANS.into_iter().zip(shares).max_by(|a, b| a.1.total_cmp(&b.1))?;
    let words = page.pack.leanings.tell(&words, to, TOLD).join(", ");
    Some(Leaning { to, share, words })
}

impl Leaning {
    /// For evidence.
    pub fn rule(&self) -> &'static str {
        match self.to {
            Lean::Yes => "leaning/yes",
            Lean::No => "leaning/no",
            Lean::Maybe => "leaning/maybe",
            Lean::Nothing => "leaning/nothing",
        }
    }

    /// Which side of a contradiction it takes.
    pub fn settles(&self) -> Option<Attendance> {
        match self.to {
            Lean::Yes if self.share > LIKELY => Some(Attendance::Yes),
            Lean::No if self.share > LIKELY => Some(Attendance::No),
            _ => None,
        }
    }

    /// A letter that no rule explains refuses.
    pub fn refuses(&self) -> bool {
        self.to == Lean::No && self.share > LIKELY
    }

    /// It is all but sure of something else than these answers.
    pub fn contradicts(&self, answers: &[Answer]) -> bool {
        let says = |what: Attendance| answers.iter().any(|a| a.attendance == what);
        let agrees = match self.to {
            Lean::Yes => says(Attendance::Yes),
            Lean::No => !says(Attendance::Yes) && !says(Attendance::Maybe),
            Lean::Maybe => !says(Attendance::Yes) && says(Attendance::Maybe),
            Lean::Nothing => false,
        };
        !answers.is_empty() && !agrees && self.share > SURE
    }
}
