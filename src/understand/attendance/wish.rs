//! Wishes that what follows disappoints: "j'aimerais venir, mais je travaille", "mais ma voiture me lâche".
//!
//! Never touches a wish that nothing stands against, nor one that goes on to say how they come ("mais vers 11 h").

use super::{Vote, Weight};
use crate::reading::Attendance;
use crate::rules::scan::Finding;
use crate::understand::page::Page;

/// Fields that, behind a "mais", say how they come rather than why not.
const GOES_ON: [&str; 7] = ["attendance", "attending", "diets", "meal", "people", "question", "workshops"];

/// A reason in the sentence of a wish refuses; a "mais" that no rule explains leaves it open.
pub(super) fn unfulfilled(page: &Page<'_>, votes: &mut Vec<Vote>) {
    let wishes: Vec<Vote> = votes.iter().filter(|v| v.says != Attendance::No && wish(page, v)).cloned().collect();
    // "J'aimerais venir mais je n'ai pas de voiture, quelqu'un passe-t-il par ici ?": who asks for help still hopes.
    let asks = page.findings("question").next().is_some();
    for hope in &wishes {
        let against = |v: &Vote| {
            let behind = v.event == hope.event && v.at == hope.at && v.clause > hope.clause;
            behind && v.says == Attendance::No && !v.other
        };
        let reasons = votes.iter().any(against);
        // "On voudrait venir, mais mon mari travaille peut-être, il saura lundi": what somebody else waits for.
        let waits = votes.iter().any(|v| {
            let behind = v.event == hope.event && v.at == hope.at && v.clause > hope.clause;
            behind && v.says == Attendance::Maybe && v.other
        });
        if reasons && !asks {
            for reason in votes.iter_mut().filter(|v| against(v)) {
                (reason.weight, reason.that_day) = (Weight::Strong, true);
            }
            votes.retain(|v| v.rule != hope.rule || v.event != hope.event || v.at != hope.at);
        } else if reasons || waits || left_open(page, hope) {
            let mine = |v: &&mut Vote| v.rule == hope.rule && v.event == hope.event && v.at == hope.at;
            votes.iter_mut().filter(mine).for_each(|v| v.says = Attendance::Maybe);
        }
    }
}

fn wish(page: &Page<'_>, vote: &Vote) -> bool {
    let rules = page.pack.rules.iter().filter(|r| r.field == "attendance" && r.says("firm") == "wish");
    rules.map(|r| r.name()).any(|name| name == vote.rule)
}

/// Behind the wish stands a "mais" of whose clause, and those after it, no rule says anything.
fn left_open(page: &Page<'_>, hope: &Vote) -> bool {
    let Some(piece) = page.pieces.get(hope.at.0) else { return false };
    let clauses = &piece.passage.clauses;
    let behind = |c: usize| c > hope.clause && clauses.get(c).is_some_and(|c| c.sentence == hope.at.1);
    let turn = (hope.clause + 1..clauses.len())
        .find(|c| behind(*c) && clauses.get(*c).is_some_and(|c| c.link == "contrast" && !c.asked));
    let Some(turn) = turn else { return false };
    let explains = |f: &Finding| {
        f.clause >= turn && behind(f.clause) && page.rule(f).is_some_and(|r| GOES_ON.contains(&r.field.as_str()))
    };
    !piece.scan.found.iter().any(explains)
}
