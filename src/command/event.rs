//! `event [CHANGE…]`: shows the announced events as they stand, or changes them as an organiser's mail would.
//!
//! Promises: the daemon takes a change up without a restart (it is a line of the ledger); what is not understood
//! changes nothing and exits 1. The configuration file is never written.

use std::io::Write;
use std::process::ExitCode;

use super::Context;
use super::run::Shared;
use crate::correct::{self, Asked};
use crate::daemon::{Clock, Setup, enter_changes};
use crate::entry::Origin;
use crate::event::SharedMeal;
use crate::failure::Result;
use crate::roster;
use crate::store::Store;

/// Runs it.
pub fn run(context: &Context, change: &[String]) -> Result<ExitCode> {
    let setup = Shared::default().setup(context, Clock::System)?;
    let mut store = Store::open(&setup.store_path())?;
    if change.is_empty() { show(&setup, &store) } else { apply(&setup, &mut store, &change.join(" ")) }
}

fn show(setup: &Setup, store: &Store) -> Result<ExitCode> {
    let speech = setup.speech()?;
    let events = roster::events(&store.view().event_changes()?, &setup.config, setup.clock.now());
    for event in &events {
        let values = serde_json::json!({
            "id": event.id,
            "title": event.title,
            "start": event.start.to_string(),
            "end": event.end.map(|e| e.to_string()),
            "place": event.place,
            "address": event.address,
            "meal": event.meal != SharedMeal::None,
            "default": event.default,
            "wanted": event.wanted,
            "workshops": event.workshops.iter().map(|w| format!("{}. {}", w.number, w.title)).collect::<Vec<_>>(),
        });
        let _ = writeln!(std::io::stdout(), "{}", speech.say("event/shown", values).trim_end());
    }
    Ok(ExitCode::SUCCESS)
}

fn apply(setup: &Setup, store: &mut Store, change: &str) -> Result<ExitCode> {
    let speech = setup.speech()?;
    let line = speech.say("event/line", serde_json::json!({ "change": change }));
    let ledger = store.ledger()?;
    let now = setup.clock.now();
    let asked = Asked {
        text: &line,
        origin: Origin::Command,
        ledger: &ledger,
        config: &setup.config,
        rules: &setup.rules,
        speech,
        now,
    };
    let outcome = correct::lines(&asked);
    let batch = store.begin()?;
    let ids = enter_changes(&batch, &outcome, &Origin::Command, now)?;
    batch.commit()?;
    let _ = writeln!(std::io::stdout(), "{}", correct::report(&outcome, &ids, "", speech)?.trim_end());
    let done = !outcome.changes.is_empty() && outcome.lines.iter().all(|l| l.done);
    Ok(if done { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
