//! How much of the event they attend: all, a part, only the meal.

use crate::event::SharedMeal;
use crate::reading::{Attendance, Part};
use crate::rules::scan::Effect;

use super::attendance::Verdict;
use super::page::Page;

/// The part attended, with the rule and the words.
pub fn part(page: &Page<'_>, verdict: &Verdict) -> (Part, String, String) {
    let full = (Part::Full, String::new(), String::new());
    if verdict.says == Attendance::No {
        return full;
    }
    let Some(event) = page.config.events.get(verdict.event) else { return full };
    let mut found = full;
    for (piece, finding, rule) in page.findings("attending") {
        let about = piece.about(finding);
        let counts = about.events.contains(&verdict.event) && !about.another_matter();
        let taken_back = finding.is(Effect::Cancelled) || finding.is(Effect::Doubted) || finding.negated();
        if !counts || taken_back || piece.asked(finding) {
            continue;
        }
        let part = match rule.says("part") {
            "meal_only" if event.meal == SharedMeal::Beside => Part::MealOnly,
            "partial" => Part::Partial,
            _ => continue,
        };
        // "Je vous rejoins pour le repas vers 13 h": the hour does not make it less than the meal.
        if found.0 != Part::MealOnly {
            found = (part, rule.name(), piece.words(finding).to_owned());
        }
    }
    found
}
