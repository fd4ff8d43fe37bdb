//! For what part of an event do the words of a letter lean to, and do they lean to a place at its meal?
//!
//! Promises: what the rules read is held against the words, and the likelier is told; no person is asked, for this only says
//! what to lay the table for. A few words never tell against a rule.

use std::collections::BTreeSet;

use super::{Leaning, attendance, most, spoken, together};
use crate::reading::{Meal, Part};
use crate::understand::page::Page;

/// What weights are asked: the part of it, the meal.
pub const PART: &str = "part";
pub const MEAL: &str = "meal";

/// The side that says nothing of the meal.
pub const NOTHING: &str = "nothing";

/// The sides of the two questions.
pub const PARTS: [(&str, Part); 3] = [("full", Part::Full), ("partial", Part::Partial), ("meal_only", Part::MealOnly)];
pub const MEALS: [(&str, Option<Meal>); 3] = [("yes", Some(Meal::Yes)), ("no", Some(Meal::No)), (NOTHING, None)];

/// How often rules read so (a column) where it is so (a row), of replies to which no rule had been fitted; both in the order
/// of the sides.
const RULES_READ_PART: [[f32; 3]; 3] = [[0.988, 0.010, 0.001], [0.279, 0.716, 0.005], [0.333, 0.208, 0.459]];
const RULES_READ_MEAL: [[f32; 3]; 3] = [[0.964, 0.004, 0.032], [0.007, 0.747, 0.246], [0.037, 0.008, 0.955]];

/// What both questions are asked of; `None` of an event that the letter says too little of.
pub fn features(page: &Page<'_>, event: usize) -> Option<BTreeSet<String>> {
    spoken(page, event).then(|| attendance::features(page, event))
}

/// What a letter with these features leans to; `None` of one of a few words.
pub fn leaning<'p>(page: &Page<'p>, features: &BTreeSet<String>, question: &str) -> Option<Leaning<'p>> {
    Leaning::of(page, question, || features.clone()).filter(|l| !l.slight())
}

impl Leaning<'_> {
    /// The part that is likeliest beside the one that the rules read, and its side; where no meal is shared (`meal`) nobody
    /// comes for that alone.
    pub fn part(&self, read: Part, meal: bool) -> (Part, &'static str) {
        let fits = |part: Part| meal || part != Part::MealOnly;
        self.likelier(&PARTS, &RULES_READ_PART, read, fits)
    }

    /// What is likeliest of the meal beside what the rules read, and its side.
    pub fn meal(&self, read: Option<Meal>) -> (Option<Meal>, &'static str) {
        self.likelier(&MEALS, &RULES_READ_MEAL, read, |_| true)
    }

    fn likelier<S: Copy + PartialEq>(
        &self,
        sides: &[(&'static str, S)],
        table: &[[f32; 3]; 3],
        read: S,
        fits: impl Fn(S) -> bool,
    ) -> (S, &'static str) {
        let Some(column) = sides.iter().position(|(_, side)| *side == read) else { return (read, "") };
        let reads = table.iter().map(|row| row.get(column).copied().unwrap_or(1.0));
        let words = sides.iter().map(|(name, side)| if fits(*side) { self.share(name) } else { 0.0 });
        let side = sides.get(most(&together(words, reads, (1.0, 1.0))));
        side.map_or((read, ""), |(name, side)| (*side, name))
    }
}
