//! What we had told them, and what stands now: the differences that a person should see.
//!
//! Promises: only values that were known before and are known now, and differ; what is merely added is no change.
//! An event that is over, or that we had not spoken of, is left alone.

use jiff::civil::DateTime;
use serde::Serialize;

use super::own_words::{Thing, own_words};
use super::statement::{Label, label, upcoming};
use crate::config::Config;
use crate::entry::Said;
use crate::event::{Event, SharedMeal};
use crate::reading::{Answer, Attendance, Contribution, Meal, Part};
use crate::text::fold;

/// One value that changed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// The event.
    pub label: Label,
    /// From what to what.
    #[serde(flatten)]
    pub what: What,
}

/// Before and after of one field.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "what", rename_all = "lowercase")]
pub enum What {
    /// Coming or not.
    Attendance {
        /// What we had told them.
        before: Attendance,
        /// What stands now.
        after: Attendance,
    },
    /// How many.
    People {
        /// What we had told them.
        before: u32,
        /// What stands now.
        after: u32,
    },
    /// The shared meal.
    Meal {
        /// What we had told them.
        before: Meal,
        /// What stands now.
        after: Meal,
    },
    /// All of it or a part.
    Part {
        /// What we had told them.
        before: Part,
        /// What stands now.
        after: Part,
    },
    /// The workshops chosen.
    Workshops {
        /// What we had told them.
        before: Vec<u32>,
        /// What stands now.
        after: Vec<u32>,
    },
}

/// Everything that changed between two states.
pub fn changes(before: &Said, after: &Said, config: &Config, now: DateTime) -> Vec<Change> {
    let earlier = upcoming(before, config, now);
    let mut out = Vec::new();
    for (event, new) in upcoming(after, config, now) {
        if let Some((_, old)) = earlier.iter().find(|(e, _)| e.id == event.id) {
            out.extend(
                differences(event, old, new).into_iter().map(|what| Change { label: label(event, config), what }),
            );
        }
    }
    out
}

fn differences(event: &Event, old: &Answer, new: &Answer) -> Vec<What> {
    let mut out = Vec::new();
    if old.attendance != new.attendance {
        out.push(What::Attendance { before: old.attendance, after: new.attendance });
    }
    if old.attendance == Attendance::No || new.attendance == Attendance::No {
        return out;
    }
    let known = |n: Option<u32>| n.filter(|n| *n > 0);
    if let (Some(before), Some(after)) = (known(old.people), known(new.people))
        && before != after
    {
        out.push(What::People { before, after });
    }
    if event.meal == SharedMeal::Beside
        && let (Some(before), Some(after)) = (old.meal, new.meal)
        && before != after
    {
        out.push(What::Meal { before, after });
    }
    if old.part != new.part && event.meal != SharedMeal::Itself {
        out.push(What::Part { before: old.part, after: new.part });
    }
    let announced =
        |list: &[u32]| -> Vec<u32> { event.workshops.iter().map(|w| w.number).filter(|n| list.contains(n)).collect() };
    let (before, after) = (announced(&old.workshops), announced(&new.workshops));
    if before != after && !before.is_empty() && !after.is_empty() {
        out.push(What::Workshops { before, after });
    }
    out
}

/// What they were to bring to share, lend or do, and now are not: their own words.
pub fn dropped(before: &Said, after: &Said) -> Vec<Thing> {
    let same = |a: &Contribution, b: &Contribution| a.kind == b.kind && fold(&a.what) == fold(&b.what);
    let gone = before.contributions.iter().filter(|c| !c.own && !after.contributions.iter().any(|n| same(c, n)));
    gone.filter_map(|c| {
        Some(Thing { quantity: c.quantity.filter(|n| (2..=999).contains(n)), what: own_words(&c.what)? })
    })
    .collect()
}
