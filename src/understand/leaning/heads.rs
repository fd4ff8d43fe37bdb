//! How many do the words of a letter lean to, and is that likelier than what the rules count?
//!
//! Promises: it tells one, two, three or nobody knows; from four on the number is the rules' own, likely or not.

use std::collections::BTreeSet;

use super::{Account, Leaning, Telling, most, runs, spoken, together};
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
    SIDES.get(place(people)).copied().unwrap_or_default()
}

fn place(people: Option<u32>) -> usize {
    people.map_or(SIDES.len() - 1, |n| n.clamp(1, MANY) as usize - 1)
}

/// What rules and words come to together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Counted {
    /// The likeliest head count; `None`: several, nobody knows.
    pub people: Option<u32>,
    /// The side that it is on.
    pub side: &'static str,
    /// It is not what the rules count.
    pub overrules: bool,
    /// How likely it is, of 1.
    pub share: f32,
}

impl Counted {
    /// A person reads: words overrule, or a number is not likely enough. Who comes with nobody knows how many is told so to
    /// the organisers anyway.
    pub fn doubtful(&self) -> bool {
        self.overrules || self.people.is_some() && self.share <= LIKELY
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

/// What the letter leans to; `None` of an event that it says too little of, and of a few words: "oui, nous restons".
pub fn leaning<'p>(page: &Page<'p>, event: usize) -> Option<Leaning<'p>> {
    let leaning = spoken(page, event).then(|| Leaning::of(page, QUESTION, || features(page, event)))?;
    leaning.filter(|l| !l.slight())
}

impl Leaning<'_> {
    /// What it comes to beside what the rules count.
    pub fn counted(&self, people: Option<u32>) -> Counted {
        let read = place(people);
        let reads = RULES_COUNT.iter().map(|of| of.get(read).copied().unwrap_or(1.0));
        let shares = together(SIDES.iter().map(|name| self.share(name)), reads, (1.0, 1.0));
        let likeliest = most(&shares);
        // Of four or more words tell no number.
        let told = [Some(Some(1)), Some(Some(2)), Some(Some(3)), None, Some(None)].get(likeliest).copied().flatten();
        let overruled = told.filter(|_| likeliest != read);
        let at = if overruled.is_some() { likeliest } else { read };
        Counted {
            people: overruled.unwrap_or(people),
            side: SIDES.get(at).copied().unwrap_or_default(),
            overrules: overruled.is_some(),
            share: shares.get(at).copied().unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::leaning::Leanings;

    /// Words that lean to two, or to many.
    const FILE: &str = "\tone two three many unknown\n\t0 0 0 0 0 0\nboth\t100 0 900 0 0 0\ncrowd\t100 0 0 0 900 0\n";

    fn counted(word: &str, people: Option<u32>) -> Counted {
        let leanings = Leanings::parse("fr/leaning-heads.tsv", FILE).unwrap();
        let features: BTreeSet<String> = [word.to_owned()].into();
        let shares = leanings.shares(&features);
        Leaning { leanings: &leanings, shares, features, of: 20 }.counted(people)
    }

    #[test]
    fn the_likelier_number_is_told_and_a_person_reads_where_it_is_not_the_rules_own() {
        let both = counted("both", Some(1));
        assert_eq!((both.people, both.side, both.overrules, both.doubtful()), (Some(2), "two", true, true));
        let agreed = counted("both", Some(2));
        assert_eq!((agreed.people, agreed.overrules, agreed.doubtful()), (Some(2), false, false));
    }

    #[test]
    fn of_many_words_tell_no_number_but_a_count_that_they_do_not_bear_out_is_doubted() {
        assert_eq!((counted("crowd", Some(7)).people, counted("crowd", Some(7)).doubtful()), (Some(7), false));
        assert_eq!((counted("crowd", Some(1)).people, counted("crowd", Some(1)).doubtful()), (Some(1), true));
        assert_eq!((counted("nothing known", None).people, counted("nothing known", None).doubtful()), (None, false));
    }
}
