//! `understand PATH…`: reads message files and prints what it understands. Touches nothing.
//!
//! A folder is read recursively, every file but `.json .txt .tsv .toml .md`, in the order of the names; each file gets
//! one line, an unreadable one as `other` with a review. Exit 1 only if a named PATH cannot be opened.

use std::io::{BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::Context;
use crate::config::Config;
use crate::failure::{Failure, Result};
use crate::letter::{self, Letter, Ourselves};
use crate::reading::{Kind, Reading, Review};
use crate::rules::Rules;
use crate::speech::Speech;

/// Options of the command.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
    /// Each field with the rule's id and the words it rests on.
    #[arg(long)]
    explain: bool,
    /// Message files, or folders of them.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
}

/// Runs it.
pub fn run(context: &Context, options: &Options) -> Result<ExitCode> {
    let config = context.config()?;
    let rules = context.rules(&config)?;
    let speech = context.speech(&config)?;
    let us = ourselves(context, &config)?;
    let mut code = ExitCode::SUCCESS;
    let mut files = Vec::new();
    for path in &options.paths {
        if let Err(e) = list(path, &mut files) {
            context.complain(&Failure::fatal("understand/cannot-open").with("path", path.display()).with("why", e));
            code = ExitCode::FAILURE;
        }
    }
    let mut out = BufWriter::new(std::io::stdout().lock());
    let progress = files.len() > 50 && std::io::stderr().is_terminal();
    for (i, file) in files.iter().enumerate() {
        if progress && i % 50 == 0 {
            let values = serde_json::json!({ "done": i, "all": files.len() });
            let _ = write!(std::io::stderr(), "\r{}", speech.say("understand/progress", values));
        }
        let (letter, reading) = one(file, &config, &rules, &us);
        let written = if options.json {
            writeln!(out, "{}", json(file, &letter, &reading))
        } else {
            writeln!(out, "{}", plain(file, &letter, &reading, &speech))
        };
        if written.is_err() {
            break; // the reader of the pipe has gone
        }
        if options.explain {
            let _ = explain(&mut out, &reading);
        }
    }
    if progress {
        let _ = writeln!(std::io::stderr(), "\r{:60}\r", "");
    }
    let _ = out.flush();
    Ok(code)
}

/// What is known of ourselves when a letter is read: addresses, and the invitation when the configuration names it.
pub fn ourselves(context: &Context, config: &Config) -> Result<Ourselves> {
    let mut us = Ourselves { addresses: config.own_addresses(), ..Ourselves::default() };
    if let crate::config::Mail::Servers { imap, .. } = &config.mail {
        us.authserv_id.clone_from(&imap.authserv_id);
    }
    if !config.association.invitation.is_empty() {
        let path = context.beside(&config.association.invitation);
        let bytes = std::fs::read(&path)
            .map_err(|e| Failure::fatal("config/invitation").with("file", path.display()).with("why", e))?;
        letter::know_invitation(&mut us, &bytes);
    }
    Ok(us)
}

fn list(path: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if !path.is_dir() {
        std::fs::File::open(path)?;
        files.push(path.to_path_buf());
        return Ok(());
    }
    let mut entries: Vec<PathBuf> = std::fs::read_dir(path)?.filter_map(|e| e.ok().map(|e| e.path())).collect();
    entries.sort();
    for entry in entries {
        let skip = entry.extension().is_some_and(|e| ["json", "txt", "tsv", "toml", "md"].iter().any(|s| e == *s));
        if entry.is_dir() {
            // A folder inside that cannot be opened is not a named PATH.
            let _ = list(&entry, files);
        } else if !skip {
            files.push(entry);
        }
    }
    Ok(())
}

fn one(file: &Path, config: &Config, rules: &Rules, us: &Ourselves) -> (Letter, Reading) {
    let unreadable = || Reading { kind: Kind::Other, review: vec![Review::Unreadable], ..Reading::default() };
    let Ok(bytes) = std::fs::read(file) else { return (Letter::default(), unreadable()) };
    // A panic in a parser of strangers' mail must not stop the letters behind it.
    let read = std::panic::catch_unwind(|| {
        let letter = letter::read(&bytes, rules, us);
        let reading = crate::understand::understand(&letter, config, rules);
        (letter, reading)
    });
    read.unwrap_or_else(|_| (Letter::default(), unreadable()))
}

fn json(file: &Path, letter: &Letter, reading: &Reading) -> String {
    let mut value = serde_json::to_value(reading).unwrap_or_default();
    if let Some(object) = value.as_object_mut() {
        object.insert("file".into(), file.display().to_string().into());
        object.insert("reply_text".into(), letter.reply_text().into());
        object.insert("signature".into(), letter.signature.clone().into());
    }
    value.to_string()
}

fn plain(file: &Path, letter: &Letter, reading: &Reading, speech: &Speech) -> String {
    let values =
        serde_json::json!({ "file": file.display().to_string(), "subject": letter.subject, "reading": reading });
    speech.say("understand/line", values)
}

fn explain(out: &mut impl Write, reading: &Reading) -> std::io::Result<()> {
    for line in &reading.trace {
        writeln!(out, "    {line}")?;
    }
    for e in &reading.evidence {
        writeln!(out, "  {:28} {:36} «{}» {}", e.field, e.rule, e.words, e.note)?;
    }
    Ok(())
}
