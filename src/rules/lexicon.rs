//! Words by meaning: which list of a `[lexicon]` a word, or several in a row, stands in.
//!
//! Promises: singular and plural are one word; the longest entry wins; a lookup costs one hash. A word unknown to the
//! language may be found by one slip of the keyboard, only when every candidate agrees. Knows no language.

use std::collections::HashMap;

use super::template::Words;
use crate::text::{fold, tokens};

/// The lists of one language, indexed by the first word of each entry.
#[derive(Debug, Default)]
pub struct Lexicon {
    names: Vec<String>,
    entries: HashMap<String, Vec<Entry>>,
}

#[derive(Debug)]
struct Entry {
    /// The words after the first, without plurals.
    rest: Vec<String>,
    list: usize,
    /// The first word as written, to prefer it to one that differs by its plural ("pâté", "pâtes").
    first: String,
}

/// An entry found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit<'a> {
    /// Where it ends.
    pub end: usize,
    /// Written as in the list, its plural included.
    pub exact: bool,
    /// Its list.
    pub list: &'a str,
}

/// Words shorter than this are never taken for a slip of another.
const SHORTEST_SLIP: usize = 5;

/// A word without the mark of its plural.
fn stem(word: &str) -> &str {
    match word.strip_suffix(['s', 'x']) {
        Some(stem) if stem.len() >= 3 => stem,
        _ => word,
    }
}

impl Lexicon {
    /// Adds the entries of a list.
    pub fn add(&mut self, name: &str, list: &[String]) {
        let list_id = self.names.iter().position(|n| n == name).unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        });
        for entry in list {
            let mut words = tokens(&fold(entry)).into_iter().map(|t| t.word);
            if let Some(first) = words.next() {
                let rest = words.map(|w| stem(&w).to_owned()).collect();
                let entries = self.entries.entry(stem(&first).to_owned()).or_default();
                entries.push(Entry { rest, list: list_id, first });
            }
        }
    }

    /// Every entry that begins at a word and ends at or before `limit`.
    pub fn at<'a>(&'a self, words: &'a dyn Words, at: usize, limit: usize) -> impl Iterator<Item = Hit<'a>> + 'a {
        let entries = if at < limit { self.entries.get(stem(words.word(at))) } else { None };
        entries.into_iter().flatten().filter_map(move |entry| {
            let end = at + 1 + entry.rest.len();
            let same = end <= limit && entry.rest.iter().enumerate().all(|(i, w)| stem(words.word(at + 1 + i)) == w);
            let list = self.names.get(entry.list).map_or("", String::as_str);
            same.then(|| Hit { end, exact: entry.first == words.word(at), list })
        })
    }

    /// The name of a list, if there is one, for as long as the lexicon lives.
    pub fn name(&self, list: &str) -> Option<&str> {
        self.names.iter().map(String::as_str).find(|n| *n == list)
    }

    /// Where the longest entry of one list that begins at a word ends.
    pub fn end(&self, words: &dyn Words, at: usize, limit: usize, list: &str) -> Option<usize> {
        self.at(words, at, limit).filter(|h| h.list == list).map(|h| h.end).max()
    }

    /// The longest entry that begins at a word, among some lists.
    pub fn longest<'a>(
        &'a self,
        words: &'a dyn Words,
        at: usize,
        limit: usize,
        among: impl Fn(&str) -> bool,
    ) -> Option<Hit<'a>> {
        self.at(words, at, limit).filter(|h| among(h.list)).max_by_key(|h| (h.end, h.exact))
    }

    /// The list of a single word that differs from an unknown one by one letter, when all such words agree.
    pub fn near(&self, word: &str, among: impl Fn(&str) -> bool) -> Option<&str> {
        let word = stem(word);
        if word.len() < SHORTEST_SLIP || !word.is_ascii() {
            return None;
        }
        let mut found = None;
        for (known, entries) in &self.entries {
            if known.len().abs_diff(word.len()) > 1 || known.as_bytes().first() != word.as_bytes().first() {
                continue;
            }
            if !one_slip(known.as_bytes(), word.as_bytes()) {
                continue;
            }
            for entry in entries.iter().filter(|e| e.rest.is_empty()) {
                let name = self.names.get(entry.list).map_or("", String::as_str);
                if !among(name) {
                    continue;
                }
                match found {
                    Some(other) if other != name => return None,
                    _ => found = Some(name),
                }
            }
        }
        found
    }
}

/// One letter more, fewer, other, or two swapped.
fn one_slip(a: &[u8], b: &[u8]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let same = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let tail = |s: &[u8], from: usize| s.get(from..).map(<[u8]>::to_vec).unwrap_or_default();
    if long.len() > short.len() {
        return tail(short, same) == tail(long, same + 1);
    }
    let swapped = short.get(same) == long.get(same + 1) && short.get(same + 1) == long.get(same);
    tail(short, same + 1) == tail(long, same + 1) || (swapped && tail(short, same + 2) == tail(long, same + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_is_one_letter_more_fewer_other_or_two_swapped() {
        for slip in ["tabule", "tabooule", "tabolue", "taboula"] {
            assert!(one_slip(b"taboule", slip.as_bytes()), "{slip}");
        }
        assert!(!one_slip(b"taboule", b"tambour"));
    }
}
