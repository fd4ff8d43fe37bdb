//! Wishes that what follows disappoints: "j'aimerais venir, mais je travaille".
//!
//! Never touches a wish that nothing stands against.

use super::Vote;
use crate::reading::Attendance;
use crate::understand::page::Page;

/// Drops a wish behind which its own sentence gives a reason not to come.
pub(super) fn unfulfilled(page: &Page<'_>, votes: &mut Vec<Vote>) {
    let wish = |v: &Vote| {
        page.pack.rules.iter().any(|r| r.field == "attendance" && r.says("firm") == "wish" && r.name() == v.rule)
    };
    let against: Vec<(usize, (usize, usize), usize)> =
        votes.iter().filter(|v| v.says == Attendance::No && !v.other).map(|v| (v.event, v.at, v.clause)).collect();
    votes.retain(|v| {
        let disappointed = |(event, at, clause): &(usize, (usize, usize), usize)| {
            *event == v.event && *at == v.at && *clause > v.clause
        };
        v.says == Attendance::No || !against.iter().any(disappointed) || !wish(v)
    });
}
