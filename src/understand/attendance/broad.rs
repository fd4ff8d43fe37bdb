//! A day on which several events are held, and no word that tells which: "samedi je travaille", of a day that begins with
//! a debate and ends with a concert.
//!
//! Never spreads such words over all of the day: they answer the event the invitation asks about, or make way for what is
//! said of one of them by name.

use super::{Vote, Weight};
use crate::reading::Attendance;
use crate::rules::passage::Clause;
use crate::rules::template::Slot;
use crate::understand::event::mentions;
use crate::understand::page::{Page, Piece};

/// Keeps, of votes on several events of a day, those that the letter means.
pub(super) fn of_the_day(page: &Page<'_>, votes: &mut Vec<Vote>) {
    let Some(asked) = page.config.default_event() else { return };
    let asked = page.config.events.iter().position(|e| e.id == asked.id);
    let broad: Vec<bool> = votes.iter().map(|v| broad(page, v)).collect();
    if asked.is_none() || !broad.contains(&true) {
        return;
    }
    let all = |v: &Vote| votes.iter().zip(&broad).any(|(w, b)| *b && w.event == v.event);
    let narrower = votes.iter().zip(&broad).any(|(v, b)| !b && v.weight > Weight::Weak && all(v));
    let mut at = 0;
    votes.retain(|v| {
        let broad = broad.get(at).copied().unwrap_or_default();
        at += 1;
        // "Samedi je ne peux pas. Peut-être le concert, s'il fini tard": the refusal stands.
        let refused = v.says == Attendance::No && v.weight == Weight::Strong;
        !broad || (Some(v.event) == asked && (!narrower || refused))
    });
}

/// The clause of a vote, or the one it carries on, names several events by their day and nothing else.
fn broad(page: &Page<'_>, vote: &Vote) -> bool {
    let Some(piece) = page.pieces.get(vote.at.0) else { return false };
    let several = piece.about.get(vote.clause).is_some_and(|a| a.events.len() > 1 && a.events.contains(&vote.event));
    let mut before = piece.passage.clauses.iter().take(vote.clause + 1).rev();
    let naming = before.find(|c| !mentions(&piece.passage, c.words.clone(), page.config).is_empty());
    several && naming.is_some_and(|c| by_day(page, piece, c))
}

/// Every name of the clause is a day, one of which is that of several events, and nothing says "all of them".
fn by_day(page: &Page<'_>, piece: &Piece, clause: &Clause) -> bool {
    let notes = || piece.passage.notes.iter().filter(|n| clause.words.contains(&n.words.start));
    let events = || notes().filter(|n| n.slot == Slot::Event);
    let days = events().all(|n| notes().any(|d| d.slot == Slot::Date && d.words == n.words));
    let date = |value: u32| page.config.events.get(value as usize).map(|e| e.start.date());
    let asked = page.config.default_event().map(|e| e.start.date());
    // "Les 4 et 11" are two days, each its event's.
    let shared = events().any(|n| events().any(|o| o.words == n.words && o.value != n.value))
        && events().all(|n| date(n.value).is_some() && date(n.value) == asked);
    let told = piece.scan.found.iter().any(|f| {
        let tells = |what: &str| matches!(what, "all" | "both" | "others" | "other" | "nth" | "evening");
        clause.words.contains(&f.words.start)
            && page.rule(f).is_some_and(|r| r.field == "events" && tells(r.says("is")))
    });
    days && shared && !told
}
