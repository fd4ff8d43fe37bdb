//! `digest [--preview [--html]] [--send]`: the next digest, printed (the default) or sent out of turn.

use std::io::Write;
use std::process::ExitCode;

use super::Context;
use super::run::Shared;
use crate::daemon::{self, Clock};
use crate::digest::{self, Edition, Facts};
use crate::failure::{Failure, Result};
use crate::roster;
use crate::store::Store;

/// Runs it.
pub fn run(context: &Context, html: bool, send: bool) -> Result<ExitCode> {
    if send { post(context) } else { preview(context, html) }
}

/// Looks, changes nothing.
fn preview(context: &Context, html: bool) -> Result<ExitCode> {
    let config = context.config()?;
    let speech = context.speech(&config)?;
    let ledger = Store::open_existing(&context.beside(&config.store))?.ledger()?;
    let now = jiff::Timestamp::now();
    let roster = roster::fold(&ledger, &config, now);
    let edition = digest::due(now, &config, &ledger).map_or(Edition::Daily, |due| due.edition);
    let facts = Facts { now, since: digest::since(&ledger), edition, last_read: None };
    let draft = digest::compose(&ledger, &roster, &facts, &config, &speech)?;
    let mut out = std::io::stdout().lock();
    let written = if html {
        write!(out, "{}", draft.html.unwrap_or_default())
    } else {
        let subject = speech.say("digest/preview", serde_json::json!({ "subject": draft.subject }));
        write!(out, "{}\n\n{}", subject.trim_end(), draft.text)
    };
    let _ = written;
    Ok(ExitCode::SUCCESS)
}

fn post(context: &Context) -> Result<ExitCode> {
    let setup = Shared::default().setup(context, Clock::System)?;
    let speech = context.speech(&setup.config)?;
    let to = setup.config.digest.to.clone();
    if to.is_empty() {
        return Err(Failure::fatal("digest/nobody"));
    }
    Store::open_existing(&setup.store_path())?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(4)
        .build()
        .map_err(|e| Failure::fatal("run/runtime").with("why", e))?;
    let pass = runtime.block_on(daemon::digest_now(setup))?;
    let key = if pass.is_some() { "digest/posted" } else { "digest/handed-over" };
    let _ = writeln!(std::io::stdout(), "{}", speech.say(key, serde_json::json!({ "to": to })));
    Ok(ExitCode::SUCCESS)
}
