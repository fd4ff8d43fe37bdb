//! `correct 'LINE'`: the same corrections as organisers send by mail. Exit 1 when something was not understood.

use std::io::Write;
use std::process::ExitCode;

use super::Context;
use super::run::Shared;
use crate::correct::{self, Asked};
use crate::daemon::{Clock, enter_changes};
use crate::entry::Origin;
use crate::failure::Result;
use crate::store::Store;

/// Runs it.
pub fn run(context: &Context, line: &str) -> Result<ExitCode> {
    let setup = Shared::default().setup(context, Clock::System)?;
    let speech = setup.speech()?;
    let mut store = Store::open_existing(&setup.store_path())?;
    let ledger = store.ledger()?;
    let now = setup.clock.now();
    let asked = Asked {
        text: line,
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
    let done = !outcome.lines.is_empty() && outcome.lines.iter().all(|l| l.done);
    Ok(if done { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
