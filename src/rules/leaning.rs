//! What words and runs of words lean to, learnt from labelled replies: `LANG/leaning-QUESTION.tsv`, which no hand writes.
//!
//! The first line that is no comment (`#`) names the sides of the question, with a tab before them. Every other line is a
//! feature (words, with a sign before them where they are an event's own), a tab, and whole numbers in hundredths: how rare it
//! is, then what it weighs for each side; the line whose feature is empty is what every reply begins with. Multinomial logistic
//! regression over rarities brought to a length of one, so that a long letter weighs no more than a short one (Salton and
//! Buckley 1988).
//! `tests/it/leaning.rs` learns it.

use std::collections::{BTreeSet, HashMap};

use crate::failure::{Failure, Result};

/// The weights of every feature for one question.
#[derive(Debug, Default)]
pub struct Leanings {
    sides: Vec<String>,
    start: Vec<f32>,
    /// Where a feature's numbers stand in `numbers`.
    features: HashMap<Box<str>, usize>,
    /// Of each feature its rarity, then a weight for each side, in hundredths.
    numbers: Vec<i16>,
}

/// What one feature says.
struct Weights<'l> {
    rarity: f32,
    sides: &'l [i16],
}

impl Leanings {
    /// Reads a file; the failure says which line is none.
    pub fn parse(path: &str, text: &str) -> Result<Self> {
        let mut read = Self::default();
        for (number, line) in text.lines().enumerate() {
            if read.sides.is_empty() && line.starts_with('#') {
                continue;
            }
            let none = |wanted: String| {
                let why = format!("line {}: {wanted}", number + 1);
                Failure::fatal("rules/pattern").with("file", path).with("rule", line).with("why", why)
            };
            let Some((feature, told)) = line.split_once('\t') else {
                return Err(none("a feature and a tab are wanted".into()));
            };
            if read.sides.is_empty() {
                read.sides = told.split(' ').map(str::to_owned).collect();
                continue;
            }
            let numbers: Vec<i16> = told.split(' ').filter_map(|n| n.parse().ok()).collect();
            if numbers.len() != read.sides.len() + 1 {
                return Err(none(format!("{} whole numbers are wanted after the tab", read.sides.len() + 1)));
            }
            if feature.is_empty() {
                read.start = numbers.iter().skip(1).map(|n| f32::from(*n) / 100.0).collect();
            } else {
                read.features.insert(feature.into(), read.numbers.len());
                read.numbers.extend(numbers);
            }
        }
        if read.start.len() != read.sides.len() {
            let why = "the line of what every reply begins with is wanted";
            return Err(Failure::fatal("rules/pattern").with("file", path).with("rule", "").with("why", why));
        }
        Ok(read)
    }

    /// What the question may lean to.
    pub fn sides(&self) -> &[String] {
        &self.sides
    }

    /// How a reply that has these features leans: a share for each side, which add up to 1; nothing without weights.
    pub fn shares(&self, features: &BTreeSet<String>) -> Vec<f32> {
        let known = || features.iter().filter_map(|f| self.weights(f));
        let length = known().map(|w| w.rarity * w.rarity).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        let mut sums = self.start.clone();
        for weights in known() {
            let share = weights.rarity / length / 100.0;
            sums.iter_mut().zip(weights.sides).for_each(|(sum, weight)| *sum += share * f32::from(*weight));
        }
        softmax(&sums)
    }

    /// The features that speak most for a side, the weightiest first.
    pub fn tell<'w>(&self, features: &'w BTreeSet<String>, side: usize, most: usize) -> Vec<&'w str> {
        let weight = |f: &str| {
            let weights = self.weights(f)?;
            weights.sides.get(side).map(|w| weights.rarity * f32::from(*w)).filter(|w| *w > 0.0)
        };
        let mut told: Vec<(f32, &str)> = features.iter().filter_map(|f| Some((weight(f)?, f.as_str()))).collect();
        told.sort_by(|a, b| b.0.total_cmp(&a.0));
        told.into_iter().take(most).map(|(_, f)| f).collect()
    }

    fn weights(&self, feature: &str) -> Option<Weights<'_>> {
        let at = *self.features.get(feature)?;
        let (rarity, sides) = self.numbers.get(at..=at + self.sides.len())?.split_first()?;
        Some(Weights { rarity: f32::from(*rarity) / 100.0, sides })
    }
}

/// Sums as shares that add up to 1.
pub fn softmax(sums: &[f32]) -> Vec<f32> {
    let most = sums.iter().copied().fold(f32::MIN, f32::max);
    let powers: Vec<f32> = sums.iter().map(|s| (s - most).exp()).collect();
    let whole: f32 = powers.iter().sum();
    powers.into_iter().map(|p| p / whole).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(features: &[&str]) -> BTreeSet<String> {
        features.iter().map(|f| (*f).to_owned()).collect()
    }

    const FILE: &str = "\tstay go\n\t0 0 0\nsorry\t200 -100 300\nloudly\t100 50 0\n";
    const GO: usize = 1;

    #[test]
    fn words_add_up_to_shares() {
        let leanings = Leanings::parse("fr/leaning-test.tsv", FILE).unwrap();
        assert_eq!(leanings.sides(), ["stay", "go"]);
        let shares = leanings.shares(&held(&["sorry", "unknown"]));
        assert!((shares.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        assert!(shares[GO] > 0.95, "{shares:?}");
        assert_eq!(leanings.tell(&held(&["sorry", "loudly"]), GO, 3), ["sorry"]);
    }

    #[test]
    fn what_is_said_beside_it_weighs_a_word_less() {
        let leanings = Leanings::parse("fr/leaning-test.tsv", FILE).unwrap();
        let go = |features: &[&str]| leanings.shares(&held(features))[GO];
        assert!(go(&["sorry"]) > go(&["sorry", "loudly"]));
        assert!((go(&[]) - 0.5).abs() < 1e-5, "nothing known: nothing leans");
    }

    #[test]
    fn a_line_that_is_none_is_named() {
        let failure = Leanings::parse("fr/leaning-test.tsv", "\tstay go\n\t0 0 0\nsorry\t1 2\n").unwrap_err();
        assert!(format!("{failure:?}").contains("line 3"), "{failure:?}");
        assert!(Leanings::parse("fr/leaning-test.tsv", "\tstay go\nsorry\t1 2 3\n").is_err(), "nothing to begin with");
    }

    #[test]
    fn without_weights_nothing_leans() {
        assert!(Leanings::default().shares(&held(&["sorry"])).is_empty());
    }
}
