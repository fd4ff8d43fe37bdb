//! Refusals that are of the meal beside an event, not of the event: "je viens, donc sans moi pour le repas".
//!
//! Never takes for such a refusal one that stands alone: who says nothing else does not come.

use std::ops::Range;

use super::{Vote, Weight};
use crate::event::SharedMeal;
use crate::reading::Attendance;
use crate::rules::scan::{Effect, Finding};
use crate::rules::template::Slot;
use crate::understand::event::mentions;
use crate::understand::page::{Page, Piece, Place};

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

/// "Puis nous rentrons manger chez nous": an event that is itself a meal, where one does not eat, is left out, unless the
/// words that say so stand beside others by which the sender comes to it.
pub(super) fn eats_elsewhere(page: &Page<'_>, votes: &mut Vec<Vote>) {
    let meals = page.config.events.iter().filter(|e| e.meal != SharedMeal::None).count();
    // Where it is all there is, one may come and not eat.
    let among = page.config.events.len() > 1;
    for (event, _) in page.config.events.iter().enumerate().filter(|(_, e)| among && e.meal == SharedMeal::Itself) {
        let refusal = refusal(page, votes, event, meals == 1);
        let elsewhere = votes.iter().any(|v| v.event != event && v.named && v.says == Attendance::Yes);
        // "Dimanche nous venons. À midi nous mangerons chez nous": said of all that day.
        let all_day = |v: &Vote| v.wide && refusal.as_ref().is_some_and(|r| (v.at, v.clause) < (r.at, r.clause));
        let stands = |v: &Vote| v.event == event && v.weight > Weight::Weak && (v.named || !elsewhere) && !all_day(v);
        if votes.iter().any(stands) {
            continue;
        }
        if let Some(vote) = refusal {
            votes.retain(|v| v.event != event);
            votes.push(vote);
        }
    }
}

/// The words that say the sender does not eat at an event.
fn refusal(page: &Page<'_>, votes: &[Vote], event: usize, only_meal: bool) -> Option<Vote> {
    // "Je viens à la formation du 11, sans le repas": the meal of another day than the event's.
    let day = |e: usize| page.config.events.get(e).map(|e| e.start.date());
    let mut others = votes.iter().filter(|v| v.event != event && v.says == Attendance::Yes).peekable();
    let that_day = others.peek().is_none() || others.any(|v| day(v.event) == day(event));
    page.pieces.iter().enumerate().filter(|(_, p)| p.place == Place::Body).find_map(|(index, piece)| {
        let dated = |words: &Range<usize>| {
            piece.passage.notes.iter().any(|n| n.slot == Slot::Date && words.contains(&n.words.start))
        };
        piece.scan.found.iter().find_map(|f| {
            let rule = page.rule(f).filter(|r| r.field == "meal")?;
            let about = piece.about(f);
            let clause = piece.passage.clauses.get(f.clause)?;
            let named = mentions(&piece.passage, clause.words.clone(), page.config);
            // "Je ne resterai pas au débat": at another one.
            let meant = || about.events.contains(&event) || only_meal;
            let ours = if named.is_empty() { meant() } else { named.contains(&event) };
            let unsure = [Effect::Doubted, Effect::Conditional, Effect::Cancelled].into_iter().any(|e| f.is(e));
            let no = matches!((rule.says("meal"), f.negated()), ("yes", true) | ("no", false));
            let counts = ours
                && (that_day || dated(&clause.words))
                && no
                && !unsure
                && !piece.asked(f)
                && !about.another_matter();
            let own = || !super::subject::somebody_else(page, piece, f);
            (counts && own()).then(|| {
                let vote =
                    Vote::implied(event, true, (index, piece.sentence(f)), "attendance/eats-elsewhere", piece.words(f));
                Vote { says: Attendance::No, written: Attendance::No, clause: f.clause, ..vote }
            })
        })
    })
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
