//! `backup FILE`: a consistent copy of the database while the daemon runs. Never overwrites a file.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use super::Context;
use crate::failure::Result;
use crate::store::Store;

/// Runs it.
pub fn run(context: &Context, file: &Path) -> Result<ExitCode> {
    let config = context.config()?;
    let speech = context.speech(&config)?;
    Store::open_existing(&context.beside(&config.store))?.backup(file)?;
    let values = serde_json::json!({ "file": file.display().to_string() });
    let _ = writeln!(std::io::stdout(), "{}", speech.say("backup/done", values));
    Ok(ExitCode::SUCCESS)
}
