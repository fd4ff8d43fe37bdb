//! `demo [DIR]`: the whole job on a sample mailbox, without any account or server.
//!
//! An invented association has invited; its answers ship inside the program. They are put into a Maildir and read,
//! understood, recorded, acknowledged and digested by the very code of `run --once`, at a fixed hour. Promises: nothing
//! leaves DIR; a folder that holds anything else is left alone. Never connects to anything.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use include_dir::{Dir, include_dir};
use jiff::Timestamp;

use super::{Context, table};
use crate::config::{Config, Mail};
use crate::daemon::{Association, Clock, Setup};
use crate::digest;
use crate::entry::{Ledger, Sending};
use crate::failure::{Failure, Result};
use crate::letter;
use crate::reading::Kind;
use crate::roster::{self, Roster};
use crate::rules;
use crate::speech::Speech;
use crate::store::Store;

static LETTERS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/command/demo/letters");
const CONFIG: &str = include_str!("demo/config.toml");
const INVITATION: &str = include_str!("demo/invitation.eml");

/// The hour it is in the demo: the morning after the last letter.
const NOW: &str = "2026-05-13T07:45:00+02:00";

/// Runs it in `dir`, or in a new temporary folder.
pub fn run(dir: Option<&Path>) -> Result<ExitCode> {
    let now: Timestamp = NOW.parse().map_err(|e| Failure::fatal("demo/clock").detail(e))?;
    let folder = folder(dir)?;
    let context = Context::new(folder.join("config.toml"));
    let config = Config::parse("config.toml", CONFIG)?;
    let (inbox, sent) = match &config.mail {
        Mail::Maildir { inbox, sent } => (context.beside(inbox), context.beside(sent)),
        _ => return Err(Failure::fatal("check/no-mail")),
    };
    write(&folder.join("config.toml"), CONFIG.as_bytes())?;
    write(&folder.join("invitation.eml"), INVITATION.as_bytes())?;
    let letters = deliver(&context, &config, &inbox)?;
    pass(&context, &config, now)?;

    let speech = context.speech(&config)?;
    let ledger = Store::open(&context.beside(&config.store))?.ledger()?;
    let roster = roster::fold(&ledger, &config, now);
    digests(&folder, &ledger, &roster, now, &config, &speech)?;
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{}\n", speech.say("demo/title", serde_json::json!({ "name": config.association.name })));
    let _ = write!(out, "{}", table::roster(&roster, &speech));
    let _ = writeln!(out, "{}", summary(letters, &ledger, &inbox, &sent, &folder, &speech));
    let _ = writeln!(out, "{}", folder.display());
    Ok(ExitCode::SUCCESS)
}

/// One pass of the daemon, as `run --once` makes it.
fn pass(context: &Context, config: &Config, now: Timestamp) -> Result<()> {
    let mut speeches = BTreeMap::new();
    for language in ["fr", "en"] {
        speeches.insert(language.to_owned(), Speech::new(language, &rules::embedded())?);
    }
    let setup = Setup {
        config: config.clone(),
        rules: Arc::new(context.rules(config)?),
        speeches: Arc::new(speeches),
        us: super::understand::ourselves(context, config)?,
        beside: context.beside(""),
        clock: Clock::at(now),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|e| Failure::fatal("check/no-runtime").with("why", e))?;
    let mut association = Association::open(setup)?;
    runtime.block_on(association.once(|_, _| ()))?;
    Ok(())
}

/// The folder to work in: new, empty, or one of an earlier demo.
fn folder(dir: Option<&Path>) -> Result<PathBuf> {
    let fail = |path: &Path, e: std::io::Error| {
        Failure::fatal("demo/cannot-write").with("file", path.display()).with("why", e)
    };
    let Some(dir) = dir else { return temporary().map_err(|e| fail(&std::env::temp_dir(), e)) };
    fs::create_dir_all(dir).map_err(|e| fail(dir, e))?;
    let ours = fs::read_to_string(dir.join("config.toml")).is_ok_and(|text| text == CONFIG);
    let empty = fs::read_dir(dir).map_err(|e| fail(dir, e))?.next().is_none();
    if !ours && !empty {
        return Err(Failure::fatal("demo/not-empty").with("folder", dir.display()));
    }
    Ok(dir.to_path_buf())
}

/// A new folder that only this user can read.
fn temporary() -> std::io::Result<PathBuf> {
    use std::os::unix::fs::DirBuilderExt;
    let mut number = std::process::id();
    loop {
        let path = std::env::temp_dir().join(format!("astir-rsvp-demo-{number}"));
        match fs::DirBuilder::new().mode(0o700).create(&path) {
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => number = number.wrapping_add(1),
            other => return other.map(|()| path),
        }
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes).map_err(|e| Failure::fatal("demo/cannot-write").with("file", path.display()).with("why", e))
}

/// Puts the letters into the Maildir, each at the hour it was written. How many there are.
fn deliver(context: &Context, config: &Config, inbox: &Path) -> Result<usize> {
    let rules = context.rules(config)?;
    let us = super::understand::ourselves(context, config)?;
    for folder in ["cur", "new", "tmp"] {
        let path = inbox.join(folder);
        fs::create_dir_all(&path)
            .map_err(|e| Failure::fatal("demo/cannot-write").with("file", path.display()).with("why", e))?;
    }
    for file in LETTERS.files() {
        let name = file.path().display().to_string();
        let written = letter::read(file.contents(), &rules, &us).date.unwrap_or_default();
        let path = inbox.join("new").join(format!("{}.{}.demo", written.as_second(), name.trim_end_matches(".eml")));
        write(&path, file.contents())?;
        let _ = File::options().write(true).open(&path).and_then(|f| f.set_modified(written.into()));
    }
    Ok(LETTERS.files().count())
}

/// The digest as the organisers get it, for a browser and for a terminal.
fn digests(
    folder: &Path,
    ledger: &Ledger,
    roster: &Roster,
    now: Timestamp,
    config: &Config,
    speech: &Speech,
) -> Result<()> {
    let facts = digest::Facts { now, since: None, edition: digest::Edition::Daily, last_read: Some(now) };
    let draft = digest::compose(ledger, roster, &facts, config, speech)?;
    write(&folder.join("digest.txt"), draft.text.as_bytes())?;
    write(&folder.join("digest.html"), draft.html.unwrap_or_default().as_bytes())
}

/// The count that closes, and where to look.
fn summary(letters: usize, ledger: &Ledger, inbox: &Path, sent: &Path, folder: &Path, speech: &Speech) -> String {
    let kind = |kind: Kind| ledger.letters.iter().filter(|l| l.kind == kind).count();
    let away = ledger.outgoing.iter().filter(|o| o.sending == Sending::Sent).count();
    speech.say(
        "demo/summary",
        serde_json::json!({
            "delivered": letters,
            "letters": ledger.letters.len(),
            "answers": kind(Kind::Rsvp),
            "questions": kind(Kind::Question),
            "others": kind(Kind::Other),
            "automatic": kind(Kind::Auto),
            "bounces": kind(Kind::Bounce),
            "sent": away,
            "inbox": inbox.display().to_string(),
            "outbox": sent.display().to_string(),
            "folder": folder.display().to_string(),
        }),
    )
}
