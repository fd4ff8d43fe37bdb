//! What words and pairs of words lean to, learnt from labelled replies: `LANG/leaning.tsv`, which no hand writes.
//!
//! A line is a word or two, a tab, and four weights in hundredths: yes, no, perhaps, no answer; the first line, whose word is
//! empty, what every letter begins with. Multinomial logistic regression over what a letter holds, however often.
//! `tests/it/leaning.rs` learns it.

use std::collections::{BTreeSet, HashMap};

use crate::failure::{Failure, Result};

/// What a letter may lean to, in the order of the weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lean {
    /// They come to one event at least.
    Yes,
    /// They come to none.
    No,
    /// Perhaps.
    Maybe,
    /// It answers nothing.
    Nothing,
}

/// In the order of the weights.
pub const LEANS: [Lean; 4] = [Lean::Yes, Lean::No, Lean::Maybe, Lean::Nothing];

/// The weights of every word.
#[derive(Debug, Default)]
pub struct Leanings {
    weights: HashMap<String, [f32; 4]>,
}

impl Leanings {
    /// Reads a file; the failure says which line is none.
    pub fn parse(path: &str, text: &str) -> Result<Self> {
        let mut weights = HashMap::new();
        for (number, line) in text.lines().enumerate().filter(|(_, l)| !l.starts_with('#')) {
            let read = line.split_once('\t').and_then(|(words, told)| Some((words, four(told)?)));
            let (words, told) = read.ok_or_else(|| {
                let why = format!("line {}: a word or two, a tab and four whole numbers are wanted", number + 1);
                Failure::fatal("rules/pattern").with("file", path).with("rule", line).with("why", why)
            })?;
            weights.insert(words.to_owned(), told);
        }
        Ok(Self { weights })
    }

    /// How a letter that holds these leans: the shares of the four, which add up to 1; `None` without weights.
    pub fn shares(&self, words: &BTreeSet<String>) -> Option<[f32; 4]> {
        let mut sums = *self.weights.get("")?;
        for told in words.iter().filter_map(|w| self.weights.get(w)) {
            sums.iter_mut().zip(told).for_each(|(sum, weight)| *sum += weight);
        }
        Some(softmax(sums))
    }

    /// The words that speak most for one of the four, the weightiest first.
    pub fn tell<'w>(&self, words: &'w BTreeSet<String>, lean: Lean, most: usize) -> Vec<&'w str> {
        let mut told: Vec<(f32, &str)> = words
            .iter()
            .filter_map(|w| Some((*self.weights.get(w)?.get(lean as usize)?, w.as_str())))
            .filter(|(weight, _)| *weight > 0.0)
            .collect();
        told.sort_by(|a, b| b.0.total_cmp(&a.0));
        told.into_iter().take(most).map(|(_, w)| w).collect()
    }
}

fn four(told: &str) -> Option<[f32; 4]> {
    let numbers: Vec<f32> =
        told.split(' ').map(|n| n.parse::<i16>().ok().map(|n| f32::from(n) / 100.0)).collect::<Option<_>>()?;
    numbers.try_into().ok()
}

/// Sums as shares that add up to 1.
pub fn softmax(sums: [f32; 4]) -> [f32; 4] {
    let most = sums.iter().copied().fold(f32::MIN, f32::max);
    let powers = sums.map(|s| (s - most).exp());
    let whole: f32 = powers.iter().sum();
    powers.map(|p| p / whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(words: &[&str]) -> BTreeSet<String> {
        words.iter().map(|w| (*w).to_owned()).collect()
    }

    #[test]
    fn words_add_up_to_shares() {
        let leanings = Leanings::parse("fr/leaning.tsv", "\t0 0 0 0\nsorry\t-100 200 0 0\nloudly\t50 0 0 0\n").unwrap();
        let shares = leanings.shares(&held(&["sorry", "unknown"])).unwrap();
        assert!((shares.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        assert!(shares[Lean::No as usize] > 0.7, "{shares:?}");
        assert_eq!(leanings.tell(&held(&["sorry", "loudly"]), Lean::No, 3), ["sorry"]);
    }

    #[test]
    fn a_line_that_is_none_is_named() {
        let failure = Leanings::parse("fr/leaning.tsv", "\t0 0 0 0\nsorry\t1 2 3\n").unwrap_err();
        assert!(format!("{failure:?}").contains("line 2"), "{failure:?}");
    }

    #[test]
    fn without_weights_nothing_leans() {
        assert_eq!(Leanings::default().shares(&held(&["sorry"])), None);
    }
}
