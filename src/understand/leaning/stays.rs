//! For what part of an event do the words of a letter lean to, and do they lean to a place at its meal?
//!
//! Promises: what the rules read is held against the words, and the likelier is told. Nobody is turned away or sent for by
//! this: it says what to lay the table for.

use super::attendance::features;
use super::{Leaning, likeliest, spoken};
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

/// How often rules read so (a row) where it is so (a column), of replies to which no rule had been fitted; both in the order
/// of the sides.
const READ_PART: [[f32; 3]; 3] = [[0.988, 0.279, 0.333], [0.010, 0.716, 0.208], [0.001, 0.005, 0.459]];
const READ_MEAL: [[f32; 3]; 3] = [[0.964, 0.007, 0.037], [0.004, 0.747, 0.008], [0.032, 0.246, 0.955]];

/// What a letter leans to about one event for which somebody comes.
pub fn leaning<'p>(page: &Page<'p>, event: usize, question: &str) -> Option<Leaning<'p>> {
    spoken(page, event).then(|| Leaning::of(page, question, || features(page, event)))?
}

impl Leaning<'_> {
    /// The part that is likeliest beside the one that the rules read.
    pub fn part(&self, read: Part) -> Part {
        self.likelier(&PARTS, &READ_PART, read)
    }

    /// What is likeliest of the meal beside what the rules read.
    pub fn meal(&self, read: Option<Meal>) -> Option<Meal> {
        self.likelier(&MEALS, &READ_MEAL, read)
    }

    fn likelier<S: Copy + PartialEq>(&self, sides: &[(&str, S)], table: &[[f32; 3]; 3], read: S) -> S {
        let at = sides.iter().position(|(_, side)| *side == read);
        let Some(reads) = at.and_then(|at| table.get(at)) else { return read };
        let (side, _) = likeliest(sides.iter().map(|(name, _)| self.share(name)), reads.iter(), (1.0, 1.0));
        sides.get(side).map_or(read, |(_, side)| *side)
    }
}
