//! What stands between the members of a party and names nobody: an aside in brackets, an adjective, a relative clause, what
//! a person belongs to, a thing in the list.
//!
//! Never goes past a verb of somebody else, or to another subject.

use crate::rules::pack::Pack;
use crate::rules::passage::Passage;
use crate::rules::template::{Slot, Words};

use super::party::{joint, member, party_within};

/// Words that may tell of a person before the list goes on.
const MODIFIED: usize = 9;
/// Words that an aside may hold.
const ASIDE: usize = 14;

/// A bracket that holds no persons, where the list goes on behind it.
pub(super) fn aside(passage: &Passage, pack: &Pack, at: usize, limit: usize) -> Option<usize> {
    let open = passage.word(at) == "(" && party_within(passage, pack, at + 1, limit).is_none();
    let close = (at + 1..limit.min(at + ASIDE)).find(|w| passage.word(*w) == ")").filter(|_| open)?;
    let next = joint(passage, pack, close + 1).filter(|e| *e <= limit)?;
    member(passage, pack, next, limit).map(|_| close + 1)
}

/// "Mon petit de six mois dans la poussette et mon parrain": past what tells of the person just named, to the joint of the
/// next one. Never past a verb or another subject; and a name that begins no list stands beside another in vain.
pub(super) fn modified(passage: &Passage, pack: &Pack, end: usize, limit: usize) -> Option<usize> {
    if let Some(past) = described(passage, pack, end, limit) {
        return Some(past);
    }
    if !pack.listed("modifies", passage.word(end)) {
        return None;
    }
    let clause = passage.clause_at(end).filter(|c| passage.clause_at(end - 1) == Some(*c))?;
    let stops = ["i", "we-pronouns", "they", "relatives", "me"];
    for at in end + 1..limit.min(end + MODIFIED) {
        let word = passage.word(at);
        // "Ivan au loto, moi au concert" are two matters.
        let stop = passage.clause_at(at) != Some(clause)
            || passage.slot(at, Slot::Event).is_some()
            || stops.iter().any(|l| pack.listed(l, word))
            || ["one-does", "comes", "a-verb"].iter().any(|p| pack.phrase(passage, p, at).is_some());
        if stop {
            return None;
        }
        let Some(next) = joint(passage, pack, at).filter(|e| *e < limit) else { continue };
        let named = (end..at).any(|w| passage.slot(w, Slot::Name).is_some());
        let next = member(passage, pack, next, limit).filter(|n| !n.names || !named)?;
        let own = next.me
            || next.names
            || ["own-determiners", "their"]
                .iter()
                .any(|l| joint(passage, pack, at).is_some_and(|j| pack.listed(l, passage.word(j))));
        return own.then_some(at);
    }
    None
}

/// "Une ado boudeuse et un petit", "un lycéen qui traînera les pieds et deux jumelles": past an adjective or a relative
/// clause, to a joint behind which a person of their own stands who does nothing else.
fn described(passage: &Passage, pack: &Pack, end: usize, limit: usize) -> Option<usize> {
    let relative = pack.listed("relatives", passage.word(end));
    let adjective = pack.ends_like("adjective-endings", passage.word(end));
    let last = if relative { end + MODIFIED } else { end + 2 };
    if !(relative || adjective) || passage.clause_at(end) != passage.clause_at(end.checked_sub(1)?) {
        return None;
    }
    for at in end + 1..limit.min(last) {
        let stop = ["i", "we-pronouns", "me"].iter().any(|l| pack.listed(l, passage.word(at)))
            || passage.slot(at, Slot::Event).is_some();
        if stop {
            return None;
        }
        let Some(start) = joint(passage, pack, at).filter(|e| *e < limit) else { continue };
        let lead = passage.count(start).is_some()
            || ["own-determiners", "their"].iter().any(|l| pack.listed(l, passage.word(start)));
        let next = member(passage, pack, start, limit).filter(|n| lead && !n.me && !n.names && !n.keys.is_empty())?;
        let acts = future(passage, pack, next.end, limit) || pack.phrase(passage, "one-does", next.end).is_some();
        return (!acts).then_some(at);
    }
    None
}

/// Somebody's verb follows, told by its ending: "ma fille gardera".
pub(super) fn future(passage: &Passage, pack: &Pack, at: usize, limit: usize) -> bool {
    at < limit && !passage.capital(at) && pack.ends_like("one-does-endings", passage.word(at))
}

/// Past something that is no person, where the list goes on with one behind it.
pub(super) fn beyond(passage: &Passage, pack: &Pack, at: usize, limit: usize) -> Option<usize> {
    if !pack.listed("determiners", passage.word(at)) {
        return None;
    }
    let stop = (at + 2..at + 4).find(|w| joint(passage, pack, *w).is_some_and(|e| e <= limit))?;
    let next = member(passage, pack, joint(passage, pack, stop)?, limit)?;
    let does = if next.me { "i-do" } else { "one-does" };
    pack.phrase(passage, does, next.end).is_none().then_some(stop)
}
