//! A list that is numbered as the events are: "1. oui / 2. non / 3. oui".
//!
//! Promises: as many items as events, from 1 on, each with an answer in it that nothing turns, and none that names another event.

use super::resolve::Ground;
use super::{in_order, mentions};
use crate::rules::pack::Pack;
use crate::rules::passage::Passage;
use crate::rules::scan::{Finding, Scan};
use crate::rules::template::Words;
use crate::understand::page::About;

/// "1. oui / 2. oui, à deux / 3. non, je garde mes petits-fils", of three events: each item is about its own, in the order of
/// their days, where each answers and none names another.
pub(super) fn itemised(passage: &Passage, scan: &Scan, ground: &Ground<'_>, about: &mut [About]) {
    let config = ground.config;
    let count = config.events.len();
    // Of two, they may be workshops; nobody answers three of those with "oui" or "non".
    let others = count < 3 && config.events.iter().any(|e| !e.workshops.is_empty());
    let Some(starts) = items(passage, count).filter(|_| count > 1 && !others) else { return };
    let order = in_order(config);
    let of = |c: usize| {
        let at = passage.clauses.get(c)?.words.start;
        starts.iter().rposition(|start| *start <= at)
    };
    let answers =
        |item: usize| scan.found.iter().any(|f| of(f.clause) == Some(item) && f.plain() && attends(ground.pack, f));
    let own = |c: usize| {
        let named = passage.clauses.get(c).map(|c| mentions(passage, c.words.clone(), config)).unwrap_or_default();
        named.is_empty() || of(c).and_then(|item| order.get(item)).is_none_or(|event| named.contains(event))
    };
    if !(0..count).all(answers) || !(0..about.len()).all(own) {
        return;
    }
    for (c, here) in about.iter_mut().enumerate() {
        if let Some(event) = of(c).and_then(|item| order.get(item)) {
            *here = About { events: vec![*event], named: true, ..About::default() };
        }
    }
}

fn attends(pack: &Pack, finding: &Finding) -> bool {
    pack.rules.get(finding.rule).is_some_and(|r| r.field == "attendance")
}

/// Where the items of a list begin that is numbered from 1 to so many: "1." that begins a line, "1)" anywhere.
fn items(passage: &Passage, count: usize) -> Option<Vec<usize>> {
    let mut starts = Vec::new();
    for at in 0..passage.len() {
        let next = u32::try_from(starts.len() + 1).ok()?;
        let number = passage.number(at) == Some((next, at + 1));
        let opens = at.checked_sub(1).is_none_or(|b| passage.words_of(b..at + 1).contains('\n'));
        let sign = passage.word(at + 1);
        if number && (sign == ")" || opens && matches!(sign, "." | "-" | ":" | "/")) {
            starts.push(at);
        }
    }
    (starts.len() == count).then_some(starts)
}
