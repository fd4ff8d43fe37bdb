//! How many do the words of a letter lean to, and is what the rules count likely beside that?

use std::collections::BTreeSet;

use super::{Account, Leaning, runs, spoken};
use crate::understand::page::Page;

/// What weights are asked.
pub const QUESTION: &str = "heads";

/// Names beyond this many are all alike.
const NAMES: usize = 4;
/// A count that has less than this share of what words lean to is doubted.
const UNLIKELY: f32 = 0.1;

/// The side that a count is on: a few are told one by one.
pub fn side(people: Option<u32>) -> &'static str {
    match people {
        None => "unknown",
        Some(0 | 1) => "one",
        Some(2) => "two",
        Some(3) => "three",
        Some(_) => "many",
    }
}

/// Every side.
pub const SIDES: [&str; 5] = ["one", "two", "three", "many", "unknown"];

/// A number in digits: the few that are told one by one, or any.
fn number(value: Option<u32>) -> &'static str {
    match value {
        Some(1) => "<1>",
        Some(2) => "<2>",
        Some(3) => "<3>",
        Some(4) => "<4>",
        _ => "<n>",
    }
}

/// The features of a letter about how many come to one event: its words, and each two or three that follow each other in a
/// clause; the same of the clauses about that event, with a sign; which events are named, and how many names stand in it.
pub fn features(page: &Page<'_>, event: usize) -> BTreeSet<String> {
    let account = Account::of(page, event, number);
    let mut features: BTreeSet<String> = account.frame(page, event).into();
    let mut names = 0;
    for (words, mine) in &account.clauses {
        names += words.iter().filter(|w| **w == "<name>").count();
        let ended: Vec<&str> = words.iter().copied().chain(["."]).collect();
        features.extend(runs("", &ended, 3));
        if *mine {
            features.extend(runs("+", &ended, 2));
        }
    }
    features.insert(format!("=names {}", names.min(NAMES)));
    features
}

/// What the letter leans to; `None` of an event that it says too little of.
pub fn leaning<'p>(page: &Page<'p>, event: usize) -> Option<Leaning<'p>> {
    spoken(page, event).then(|| Leaning::of(page, QUESTION, || features(page, event)))?
}

impl Leaning<'_> {
    /// Words hardly ever lean so far from what is counted, if anything is.
    pub fn doubts(&self, people: Option<u32>) -> bool {
        people.is_some() && self.share(side(people)) < UNLIKELY
    }
}
