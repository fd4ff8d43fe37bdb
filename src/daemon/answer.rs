//! What an acknowledgement is written from: the part of the ledger about one address, and what the meal lacks.
//!
//! Promises: computed from the ledger at the moment of writing, so that a correction made meanwhile is in it; looks at
//! one address only, so that nobody else's answer can slip in. Blocking.

use jiff::Timestamp;

use super::Setup;
use crate::acknowledge::{Situation, gather};
use crate::config::Config;
use crate::entry::{Content, Ledger, Origin, Outgoing, Said};
use crate::failure::Result;
use crate::reading::Attendance;
use crate::roster;
use crate::store::View;

/// The situation of a mail that is about to leave, with the configuration as organisers changed it. `None` when its
/// letters are gone (erased).
pub(super) fn situation(
    view: View<'_>,
    row: &Outgoing,
    merged: &[&Outgoing],
    setup: &Setup,
    now: Timestamp,
) -> Result<Option<(Situation, Config)>> {
    let ledger = ledger(view, &row.to)?;
    let config = gather::announced(&ledger, &setup.config, now);
    let letters: Vec<i64> = merged.iter().filter_map(|m| m.letter).chain(row.letter).collect();
    let Some(mut situation) = gather::gather(&ledger, &config, row, &letters, now) else { return Ok(None) };
    if config.acknowledge.missing_line {
        situation.missing = missing(view, &situation, &config, now)?;
    }
    Ok(Some((situation, config)))
}

/// What concerns one address, and what organisers changed about the events.
fn ledger(view: View<'_>, address: &str) -> Result<Ledger> {
    let mut ledger = view.ledger_at(address)?;
    for entry in view.event_changes()?.entries {
        if !ledger.entries.iter().any(|e| e.id == entry.id) {
            ledger.entries.push(entry);
        }
    }
    ledger.entries.sort_by_key(|e| e.id);
    Ok(ledger)
}

/// Courses that the meals they come to still lack, the most wanting first: from everybody's answers, but without a name.
fn missing(view: View<'_>, situation: &Situation, config: &Config, now: Timestamp) -> Result<Vec<String>> {
    let roster = roster::fold(&view.ledger()?, config, now);
    let comes = |id: &str| situation.said.answers.iter().any(|a| a.event == id && a.attendance != Attendance::No);
    let meals = roster.gatherings.iter().filter(|g| comes(&g.event.id));
    let mut needs: Vec<_> = meals.flat_map(crate::digest::needs).filter(|n| n.missing() > 0).collect();
    needs.sort_by_key(|n| std::cmp::Reverse(n.missing()));
    let mut missing: Vec<String> = Vec::new();
    for need in needs {
        if !missing.iter().any(|m| m == need.what) {
            missing.push(need.what.to_owned());
        }
    }
    Ok(missing)
}

/// Every event that a letter answers is over; one that answers none is about them all.
pub(super) fn over(view: View<'_>, row: &Outgoing, config: &Config, now: Timestamp) -> Result<bool> {
    let ledger = ledger(view, &row.to)?;
    let events = roster::events(&ledger, config, now);
    let local = now.to_zoned(config.association.timezone.clone()).datetime();
    let said: Vec<&Said> = ledger
        .entries
        .iter()
        .filter(|e| row.letter.is_some_and(|l| e.origin == Origin::Letter(l)))
        .filter_map(|e| if let Content::Said(s) = &e.content { Some(s) } else { None })
        .collect();
    let answers = |id: &str| said.iter().any(|s| s.answers.iter().any(|a| a.event == id));
    let some = events.iter().any(|e| answers(&e.id));
    let mut about = events.iter().filter(|e| !some || answers(&e.id)).peekable();
    Ok(about.peek().is_some() && about.all(|e| e.over() < local))
}
