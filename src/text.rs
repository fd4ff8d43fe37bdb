//! Folded text: what people type, made comparable, with a way back to their own words.
//!
//! Folding lower-cases, drops accents and ligatures, and makes one kind of space, dash, apostrophe and quotation mark.
//! Each folded byte knows the byte of the original it comes from. Never fails; linear in the text.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

mod token;
pub use token::{Clause, Mark, Token, clauses, tokens};

/// A text with its folded form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Folded {
    original: String,
    folded: String,
    /// For each folded byte (and the end), the byte offset in the original.
    origins: Vec<u32>,
}

impl Folded {
    /// Folds a text.
    pub fn new(original: &str) -> Self {
        let mut folded = String::with_capacity(original.len());
        let mut origins = Vec::with_capacity(original.len() + 1);
        for (at, c) in original.char_indices() {
            let before = folded.len();
            fold_char(c, &mut folded);
            origins.extend(std::iter::repeat_n(at as u32, folded.len() - before));
        }
        origins.push(original.len() as u32);
        Self { original: original.to_owned(), folded, origins }
    }

    /// The folded text.
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// The text as it came.
    pub fn original(&self) -> &str {
        &self.original
    }

    /// The sender's own words for a span of the folded text.
    pub fn words(&self, span: Range<usize>) -> &str {
        let at = |i: usize| self.origins.get(i).map_or(self.original.len(), |o| *o as usize);
        let start = at(span.start);
        let end = if span.end > span.start {
            let last = at(span.end - 1);
            self.original.get(last..).and_then(|s| s.chars().next()).map_or(last, |c| last + c.len_utf8())
        } else {
            start
        };
        self.original.get(start..end).unwrap_or("")
    }
}

/// The folded form alone.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|c| fold_char(c, &mut out));
    out
}

fn fold_char(c: char, out: &mut String) {
    match c {
        'a'..='z' | '0'..='9' | ' ' | '\n' => out.push(c),
        'A'..='Z' => out.push(c.to_ascii_lowercase()),
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' | '\u{b4}' | '`' | '\u{2bc}' => out.push('\''),
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '«' | '»' => out.push('"'),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => out.push('-'),
        'œ' | 'Œ' => out.push_str("oe"),
        'æ' | 'Æ' => out.push_str("ae"),
        'ß' => out.push_str("ss"),
        '…' => out.push_str("..."),
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}'
        | '\u{feff}'
        | '\u{fe0f}' => {}
        '\u{1f3fb}'..='\u{1f3ff}' => {} // skin tones of emoji
        c if c.is_ascii() => out.push(if c.is_ascii_control() { ' ' } else { c }),
        c if c.is_whitespace() => out.push(' '),
        c => {
            for d in std::iter::once(c).nfkd() {
                if unicode_normalization::char::is_combining_mark(d) {
                    continue;
                }
                out.extend(d.to_lowercase());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_drops_case_accents_and_typography() {
        assert_eq!(fold("PRÉSENTE à l’œuvre\u{a0}: «\u{202f}Ça\u{202f}»…"), "presente a l'oeuvre : \" ca \"...");
    }

    #[test]
    fn a_folded_span_gives_back_the_senders_own_words() {
        let text = Folded::new("J’apporte un gâteau à l’œuf, 👍🏽 voilà");
        let at = text.folded().find("gateau a l'oeuf").unwrap();
        assert_eq!(text.words(at..at + 15), "gâteau à l’œuf");
        let at = text.folded().find('👍').unwrap();
        assert_eq!(text.words(at..at + 4), "👍");
    }
}
