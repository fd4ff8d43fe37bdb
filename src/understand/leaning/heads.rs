//! How many do the words of a letter lean to, and is what the rules count likely beside that?

use std::collections::BTreeSet;

use super::{Account, Leaning, Telling, likeliest, runs, spoken};
use crate::understand::page::Page;

/// What weights are asked.
pub const QUESTION: &str = "heads";

/// Names beyond this many are all alike.
const NAMES: usize = 4;
/// Likeliness above which a count is not doubted.
const LIKELY: f32 = 0.8;
/// So many heads or more are all alike.
const MANY: u32 = 4;

/// Every side: a few are told one by one.
pub const SIDES: [&str; 5] = ["one", "two", "three", "many", "unknown"];

/// How often rules count so (a column) where it is so (a row), of replies to which no rule had been fitted; both as `SIDES`.
const RULES_COUNT: [[f32; 5]; 5] = [
    [0.949, 0.025, 0.002, 0.005, 0.020],
    [0.097, 0.841, 0.028, 0.012, 0.022],
    [0.003, 0.032, 0.930, 0.017, 0.017],
    [0.021, 0.021, 0.011, 0.936, 0.011],
    [0.371, 0.014, 0.014, 0.014, 0.586],
];

/// The side that a count is on.
pub fn side(people: Option<u32>) -> &'static str {
    place(people).and_then(|at| SIDES.get(at)).copied().unwrap_or_default()
}

fn place(people: Option<u32>) -> Option<usize> {
    match people {
        None => SIDES.len().checked_sub(1),
        Some(n) => Some(n.clamp(1, MANY) as usize - 1),
    }
}

/// What rules and words come to together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counted {
    /// The likeliest head count; `None`: several, nobody knows.
    pub people: Option<u32>,
    /// It is not what the rules count.
    pub parts: bool,
    /// How likely it is, of 1.
    pub share: f32,
}

impl Counted {
    /// A person reads: words and rules part, or a number is not likely enough. Who comes with nobody knows how many is told
    /// so to the organisers anyway.
    pub fn doubtful(&self) -> bool {
        self.parts || self.people.is_some() && self.share <= LIKELY
    }
}

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
/// clause; the same of the clauses about that event, with a sign, and once more where persons are all alike; which events are
/// named, and how many names stand in it.
pub fn features(page: &Page<'_>, event: usize) -> BTreeSet<String> {
    let account = Account::of(page, event, Telling { number, persons: false });
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
    for (words, mine) in &Account::of(page, event, Telling { number, persons: true }).clauses {
        let ended: Vec<&str> = words.iter().copied().chain(["."]).collect();
        let somebody = |run: &String| run.contains("<person") || run.contains("<name>");
        features.extend(runs("~", &ended, 3).filter(somebody));
        if *mine {
            features.extend(runs("~+", &ended, 2).filter(somebody));
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
    /// What it comes to beside what the rules count. Words tell no number of four or more: there the rules' own stands,
    /// however unlikely it is.
    pub fn counted(&self, people: Option<u32>) -> Counted {
        let Some(read) = place(people) else { return Counted { people, parts: false, share: 0.0 } };
        let reads: Vec<f32> = RULES_COUNT.iter().filter_map(|of| of.get(read)).copied().collect();
        let shares = || SIDES.iter().map(|name| self.share(name));
        let (side, share) = likeliest(shares(), reads.iter(), (1.0, 1.0));
        let told = [Some(1), Some(2), Some(3), people, None];
        if side == read {
            return Counted { people, parts: false, share };
        }
        match SIDES.get(side).zip(told.get(side)) {
            Some((name, told)) if *name != "many" => Counted { people: *told, parts: true, share },
            _ => Counted { people, parts: false, share: 1.0 - share },
        }
    }
}
