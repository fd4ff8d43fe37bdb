//! `purge`: does now what retention would do by itself; before its time it says when that is, and erases nothing.

use std::io::Write;
use std::process::ExitCode;

use super::Context;
use super::run::Shared;
use crate::daemon::{Clock, retention};
use crate::failure::Result;
use crate::roster;
use crate::store::Store;

/// Runs it.
pub fn run(context: &Context) -> Result<ExitCode> {
    let setup = Shared::default().setup(context, Clock::System)?;
    let speech = setup.speech()?;
    let mut store = Store::open_existing(&setup.store_path())?;
    let now = setup.clock.now();
    let events = roster::events(&store.view().event_changes()?, &setup.config, now);
    let day = retention::day(&events, &setup.config).map(|d| d.at(0, 0, 0, 0).to_string());
    let sentence = match retention::apply(&mut store, &setup)? {
        Some(erased) => speech.say("purge/done", serde_json::json!({ "erased": erased })),
        None if retention::due(&events, &setup.config, now) => speech.say("purge/nothing", ()),
        None => speech.say("purge/not-yet", serde_json::json!({ "day": day })),
    };
    let _ = writeln!(std::io::stdout(), "{}", sentence.trim());
    Ok(ExitCode::SUCCESS)
}
