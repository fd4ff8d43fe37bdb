//! `rules [DIR]`: checks every rule against its own examples. Exit 1 if any example is wrong.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use super::Context;
use super::context::read_folder;
use crate::failure::Result;
use crate::rules::{self, Rules};
use crate::speech::Speech;

/// `dir`: a folder added to the rules inside the program; without it the association's own, when a configuration is
/// there to name one.
pub fn run(context: &Context, dir: Option<&Path>) -> Result<ExitCode> {
    let mut folders = match (dir, context.config()) {
        (None, Ok(config)) => context.rule_files(&config)?,
        _ => vec![rules::embedded()],
    };
    if let Some(dir) = dir {
        folders.push(read_folder(dir)?);
    }
    let language = context.config().map_or_else(|_| "fr".to_owned(), |c| c.association.language);
    let speech = Speech::new(&language, &rules::embedded())?;
    let rules = Rules::load(&folders)?;
    let wrong = rules.check();
    let mut out = std::io::stdout().lock();
    for failure in &wrong {
        let _ = writeln!(out, "{}", speech.failure(failure));
    }
    let (count, examples) = rules.size();
    let key = if wrong.is_empty() { "rules/fine" } else { "rules/wrong" };
    let values = serde_json::json!({ "rules": count, "examples": examples, "wrong": wrong.len() });
    let _ = writeln!(out, "{}", speech.say(key, values));
    Ok(if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
