//! The figures of one event, counted from the guests that are listed. Never a total over events.

use super::Guest;
use crate::reading::{Attendance, Meal, Part};

/// Answers and the people they stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// How many answers.
    pub answers: usize,
    /// How many people they said, all together.
    pub people: u64,
    /// Answers that did not say how many: not in `people`.
    pub unnumbered: usize,
}

impl Tally {
    fn add(&mut self, people: Option<u32>) {
        self.answers += 1;
        match people {
            Some(n) => self.people = self.people.saturating_add(n.into()),
            None => self.unnumbered += 1,
        }
    }
}

/// The figures of one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Totals {
    /// Who comes.
    pub coming: Tally,
    /// Who may come.
    pub maybe: Tally,
    /// Answers of those who do not come.
    pub absent: usize,
    /// Of those who come: who stays for the meal.
    pub meal: Tally,
    /// Of those who come: who said nothing about the meal.
    pub meal_unsaid: Tally,
    /// Of those who come: who does not stay for it.
    pub meal_skipped: Tally,
    /// Of those who come: for part of it only (late, leaving early, only the meal).
    pub partial: Tally,
}

impl Totals {
    /// Counts a list of guests.
    pub fn of(guests: &[Guest]) -> Self {
        let mut totals = Self::default();
        for guest in guests {
            match guest.attendance {
                Attendance::No => totals.absent += 1,
                Attendance::Maybe => totals.maybe.add(guest.people),
                Attendance::Yes => {
                    totals.coming.add(guest.people);
                    match guest.meal {
                        Some(Meal::Yes) => totals.meal.add(guest.people),
                        Some(Meal::No) => totals.meal_skipped.add(guest.people),
                        None => totals.meal_unsaid.add(guest.people),
                    }
                    if guest.part != Part::Full {
                        totals.partial.add(guest.people);
                    }
                }
            }
        }
        totals
    }
}
