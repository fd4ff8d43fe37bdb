//! `forget ADDRESS`: erases a person for good; a later rescan of the mailbox does not bring them back.
//!
//! Promises: says how much was erased, and that the messages themselves stay in the association's mailbox. Nothing is
//! asked: the address is typed on purpose. Exit 1 when the address is none.

use std::io::Write;
use std::process::ExitCode;

use super::Context;
use crate::failure::{Failure, Result};
use crate::store::Store;

/// Runs it.
pub fn run(context: &Context, address: &str) -> Result<ExitCode> {
    let config = context.config()?;
    let speech = context.speech(&config)?;
    let address = address.trim().trim_matches(['<', '>']).to_lowercase();
    if address.split('@').filter(|part| !part.is_empty()).count() != 2 || address.contains(char::is_whitespace) {
        return Err(Failure::fatal("forget/address").with("address", address));
    }
    let mut store = Store::open_existing(&context.beside(&config.store))?;
    let erased = store.forget(&address, jiff::Timestamp::now())?;
    let values = serde_json::json!({ "address": address, "erased": erased });
    let _ = writeln!(std::io::stdout(), "{}", speech.say("forget/done", values).trim());
    Ok(ExitCode::SUCCESS)
}
