//! `demo [DIR]`: the whole job on a sample mailbox, without any account or server.
//!
//! An invented association has invited; its answers ship inside the program. Each morning of some fixed days, those
//! that came since are put into a Maildir, and read, understood, recorded, acknowledged and digested by the very code of
//! `run --once`. Promises: nothing leaves DIR; a folder that holds anything else is left alone. Never connects.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use include_dir::{Dir, include_dir};
use jiff::Timestamp;

use super::run::Shared;
use super::{Context, table};
use crate::config::{Config, Mail};
use crate::daemon::{Association, Clock, Setup};
use crate::digest;
use crate::entry::{Ledger, Sending};
use crate::failure::{Failure, Result};
use crate::letter;
use crate::reading::Kind;
use crate::roster::{self, Roster};
use crate::speech::Speech;
use crate::store::Store;

static LETTERS: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/command/demo/letters");
const CONFIG: &str = include_str!("demo/config.toml");
const INVITATION: &str = include_str!("demo/invitation.eml");

/// When the mailbox is looked at: the mornings after the invitation, the last one after the last letter.
const MORNINGS: [&str; 4] = [
    "2026-05-10T07:45:00+02:00",
    "2026-05-11T07:45:00+02:00",
    "2026-05-12T07:45:00+02:00",
    "2026-05-13T07:45:00+02:00",
];

/// Runs it in `dir`, or in a new temporary folder.
pub fn run(dir: Option<&Path>) -> Result<ExitCode> {
    let folder = folder(dir)?;
    let context = Context::new(folder.join("config.toml"));
    let config = Config::parse("config.toml", CONFIG)?;
    let (inbox, sent) = match &config.mail {
        Mail::Maildir { inbox, sent } => (context.beside(inbox), context.beside(sent)),
        _ => return Err(Failure::fatal("check/no-mail")),
    };
    write(&folder.join("config.toml"), CONFIG.as_bytes())?;
    write(&folder.join("invitation.eml"), INVITATION.as_bytes())?;
    let now = days(&context, &inbox)?;

    let speech = context.speech(&config)?;
    let ledger = Store::open(&context.beside(&config.store))?.ledger()?;
    let roster = roster::fold(&ledger, &config, now);
    digests(&folder, &ledger, &roster, now, &config, &speech)?;
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{}\n", speech.say("demo/title", serde_json::json!({ "name": config.association.name })));
    let _ = write!(out, "{}", table::roster(&roster, &speech));
    let _ = writeln!(out, "{}", summary(&ledger, &inbox, &sent, &folder, &speech));
    let _ = writeln!(out, "{}", folder.display());
    Ok(ExitCode::SUCCESS)
}

/// Every morning: what was written since is in the mailbox, and the daemon makes one pass. The last morning.
fn days(context: &Context, inbox: &Path) -> Result<Timestamp> {
    let clock = Clock::at(Timestamp::UNIX_EPOCH);
    let setup = Shared::default().setup(context, clock.clone())?;
    let letters = letters(&setup);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|e| Failure::fatal("check/no-runtime").with("why", e))?;
    let mut association = None;
    for morning in MORNINGS {
        let now: Timestamp = morning.parse().map_err(|e| Failure::fatal("demo/clock").detail(e))?;
        clock.set(now);
        letters.iter().filter(|(written, ..)| *written <= now).try_for_each(|letter| deliver(letter, inbox))?;
        let association = match &mut association {
            Some(association) => association,
            none => none.insert(Association::open(setup.clone())?),
        };
        runtime.block_on(association.once(|_, _| ()))?;
    }
    Ok(clock.now())
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

/// A letter that ships inside the program: when it was written, its name, its bytes.
type Sample = (Timestamp, String, &'static [u8]);

fn letters(setup: &Setup) -> Vec<Sample> {
    let sample = |file: &'static include_dir::File<'static>| {
        let written = letter::read(file.contents(), &setup.rules, &setup.us).date.unwrap_or_default();
        (written, file.path().display().to_string(), file.contents())
    };
    LETTERS.files().map(sample).collect()
}

/// Puts a letter into the Maildir, at the hour it was written.
fn deliver((written, name, bytes): &Sample, inbox: &Path) -> Result<()> {
    for folder in ["cur", "new", "tmp"] {
        let path = inbox.join(folder);
        fs::create_dir_all(&path)
            .map_err(|e| Failure::fatal("demo/cannot-write").with("file", path.display()).with("why", e))?;
    }
    let name = name.trim_end_matches(".eml");
    write(&inbox.join("new").join(format!("{}.{name}.demo", written.as_second())), bytes)
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
    // The one that was sent this morning does not count as the last.
    let mut before = ledger.clone();
    before.outgoing.retain(|mail| mail.planned < now);
    let since = digest::since(&before);
    let facts = digest::Facts { now, since, edition: digest::Edition::Daily, last_read: Some(now) };
    let draft = digest::compose(ledger, roster, &facts, config, speech)?;
    write(&folder.join("digest.txt"), draft.text.as_bytes())?;
    write(&folder.join("digest.html"), draft.html.unwrap_or_default().as_bytes())
}

/// The count that closes, and where to look.
fn summary(ledger: &Ledger, inbox: &Path, sent: &Path, folder: &Path, speech: &Speech) -> String {
    let kind = |kind: Kind| ledger.letters.iter().filter(|l| l.kind == kind).count();
    let away = ledger.outgoing.iter().filter(|o| o.sending == Sending::Sent).count();
    speech.say(
        "demo/summary",
        serde_json::json!({
            "delivered": LETTERS.files().count(),
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
