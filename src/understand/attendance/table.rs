//! Refusals that are of the meal beside an event, not of the event: "je viens, donc sans moi pour le repas".
//!
//! Never takes for such a refusal one that stands alone: who says nothing else does not come.

use super::{Vote, Weight};
use crate::event::SharedMeal;
use crate::reading::Attendance;
use crate::rules::scan::{Effect, Finding};
use crate::understand::page::{Page, Piece};

/// Drops what refuses the meal of an event to which the sender comes by other words.
pub(super) fn leaves_out(page: &Page<'_>, votes: &mut Vec<Vote>) {
    let of_the_meal = |v: &Vote| {
        let piece = page.pieces.get(v.at.0);
        v.says == Attendance::No
            && piece.is_some_and(|p| p.scan.found.iter().any(|f| f.clause == v.clause && speaks(page, f)))
    };
    for (event, announced) in page.config.events.iter().enumerate() {
        let comes = |v: &Vote| v.event == event && !v.other && v.says == Attendance::Yes && v.weight > Weight::Weak;
        if announced.meal == SharedMeal::Beside && votes.iter().any(comes) {
            votes.retain(|v| v.event != event || !of_the_meal(v));
        }
    }
}

fn speaks(page: &Page<'_>, finding: &Finding) -> bool {
    page.rule(finding).is_some_and(|r| r.field == "meal")
}

/// Words that may stand between a refusal and what it refuses.
const NEAR: usize = 4;

/// The clause in which the meal is spoken of refuses, in the sender's own name.
pub(in crate::understand) fn refused(page: &Page<'_>, piece: &Piece, meal: &Finding) -> bool {
    let here = || piece.scan.found.iter().filter(|f| f.clause == meal.clause && !piece.asked(f));
    // "J'avais dit non pour le repas": no longer.
    if here().any(|f| f.is(Effect::Cancelled)) {
        return false;
    }
    let near = |f: &Finding| f.words.start < meal.words.end + NEAR && meal.words.start < f.words.end + NEAR;
    here().filter(|f| near(f)).any(|f| {
        let Some(rule) = page.rule(f).filter(|r| r.field == "attendance" && r.says("strength") != "weak") else {
            return false;
        };
        let unsure = [Effect::Doubted, Effect::Conditional, Effect::Cancelled].into_iter().any(|e| f.is(e));
        let no = (rule.says("attendance") == "no") != f.negated() && rule.says("attendance") != "maybe";
        let counts = rule.says("counts") != "negated" || f.negated();
        no && counts
            && !unsure
            && rule.says("attendance") != "nothing"
            && !super::subject::somebody_else(page, piece, f)
    })
}
