//! `check`: configuration, rules, password, mailbox, sending, clock, permissions: one line each, ok or what to do.
//!
//! Promises: exit 1 if anything is wrong; what can still be checked is checked. Sends nothing, marks nothing, creates
//! nothing; a password is never shown. `--offline` skips the servers.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use jiff::Timestamp;

use super::Context;
use crate::config::{Config, Mail, Server};
use crate::failure::{Failure, Result};
use crate::mailbox::{Mailbox, Probe};
use crate::speech::Speech;
use crate::submit::Submission;

/// No clock is right that shows an earlier time: this program did not exist.
const BORN: &str = "2026-01-01T00:00:00Z";

/// Of wrong examples in the rules, how many are shown.
const EXAMPLES: usize = 5;

/// Prints each line as soon as it is known, and remembers whether anything is wrong.
struct Report<'a> {
    speech: &'a Speech,
    wrong: bool,
}

impl Report<'_> {
    fn line(&mut self, mark: &str, sentence: &str) {
        let mark = self.speech.say(mark, ());
        let _ = writeln!(std::io::stdout(), "{mark} {sentence}");
    }

    fn fine(&mut self, key: &str, values: serde_json::Value) {
        let sentence = self.speech.say(key, values);
        self.line("check/ok", &sentence);
    }

    fn note(&mut self, key: &str, values: serde_json::Value) {
        let sentence = self.speech.say(key, values);
        self.line("check/note", &sentence);
    }

    fn wrong(&mut self, failure: &Failure) {
        self.wrong = true;
        let sentence = self.speech.failure(failure);
        self.line("check/wrong", &sentence);
    }

    /// The line of a check that went well or not.
    fn result<T>(&mut self, result: Result<T>, key: &str, values: impl FnOnce(&T) -> serde_json::Value) {
        match result {
            Ok(value) => self.fine(key, values(&value)),
            Err(failure) => self.wrong(&failure),
        }
    }
}

/// Checks everything that can be checked.
pub fn run(context: &Context, offline: bool) -> Result<ExitCode> {
    let config = context.config()?;
    let speech = context.speech(&config)?;
    let mut report = Report { speech: &speech, wrong: false };
    let file = context.path().display().to_string();
    report.fine("check/config", serde_json::json!({ "file": file, "events": config.events.len() }));
    check_rules(context, &config, &mut report);
    check_passwords(context, &config, &mut report);
    check_clock(context, &config, &mut report);
    check_store(context, &config, &mut report);
    if offline {
        report.note("check/offline", serde_json::json!({}));
    } else {
        check_servers(context, &config, &mut report)?;
    }
    let state = if config.acknowledge.send { "check/sends" } else { "check/silent" };
    report.note(state, serde_json::json!({}));
    Ok(if report.wrong { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn check_rules(context: &Context, config: &Config, report: &mut Report<'_>) {
    let rules = match context.rules(config) {
        Ok(rules) => rules,
        Err(failure) => return report.wrong(&failure),
    };
    let wrong = rules.check();
    wrong.iter().take(EXAMPLES).for_each(|failure| report.wrong(failure));
    if wrong.is_empty() {
        let (rules, examples) = rules.size();
        report.fine("check/rules", serde_json::json!({ "rules": rules, "examples": examples }));
    }
}

/// A password file that is named must be there, and be nobody else's to read.
fn check_passwords(context: &Context, config: &Config, report: &mut Report<'_>) {
    let Mail::Servers { imap, smtp } = &config.mail else { return };
    let named = |server: &Server| (!server.password_file.is_empty()).then(|| context.beside(&server.password_file));
    let mut files: Vec<PathBuf> = [imap, smtp].into_iter().filter_map(|s| named(s)).collect();
    files.dedup();
    for file in files {
        report.result(
            password(&file),
            "check/password",
            |()| serde_json::json!({ "file": file.display().to_string() }),
        );
    }
}

fn password(file: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let fail = |says| Failure::fatal(says).with("file", file.display());
    let data = std::fs::metadata(file).map_err(|e| fail("check/password-missing").with("why", e))?;
    if data.permissions().mode() & 0o077 != 0 {
        return Err(fail("check/password-open"));
    }
    Ok(())
}

/// A small computer without a battery starts in the past: quiet hours and dates would all be wrong.
fn check_clock(context: &Context, config: &Config, report: &mut Report<'_>) {
    let now = Timestamp::now();
    let local = now.to_zoned(config.association.timezone.clone()).datetime();
    let born: Timestamp = BORN.parse().unwrap_or_default();
    let written = std::fs::metadata(context.path()).and_then(|m| m.modified()).ok();
    let written = written.and_then(|t| Timestamp::try_from(t).ok()).unwrap_or(born);
    let shown = local.to_string();
    if now < born.max(written) {
        report.wrong(&Failure::fatal("check/clock-wrong").with("now", &shown));
    } else {
        report.fine("check/clock", serde_json::json!({ "now": shown }));
    }
    if config.events.is_empty() {
        report.wrong(&Failure::fatal("check/no-event"));
    } else if config.events.iter().all(|e| e.over() < local) {
        report.note("check/over", serde_json::json!({}));
    }
}

/// The database can be written where the configuration puts it. Its folder may not be there yet: the service makes it.
fn check_store(context: &Context, config: &Config, report: &mut Report<'_>) {
    let path = context.beside(&config.store);
    let values = serde_json::json!({ "file": path.display().to_string() });
    let fail = |why: std::io::Error| Failure::fatal("check/store-closed").with("file", path.display()).with("why", why);
    if path.exists() {
        let opened = std::fs::OpenOptions::new().read(true).write(true).open(&path).map(drop);
        report.result(opened.map_err(fail), "check/store", |()| values);
    } else if path.parent().is_some_and(Path::is_dir) {
        report.fine("check/store-new", values);
    } else {
        report.note("check/store-later", values);
    }
}

fn check_servers(context: &Context, config: &Config, report: &mut Report<'_>) -> Result<()> {
    let beside = context.beside("");
    let none = matches!(config.mail, Mail::None);
    if none {
        report.wrong(&Failure::fatal("check/no-mail"));
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|e| Failure::fatal("check/no-runtime").with("why", e))?;
    let probe = runtime.block_on(async { Mailbox::open(&config.mail, &beside)?.probe().await });
    let known = match &config.mail {
        Mail::Servers { imap, .. } => imap.authserv_id.clone(),
        _ => String::new(),
    };
    match probe {
        Ok(probe) => received(&probe, &known, report),
        Err(failure) => report.wrong(&failure),
    }
    let sent = runtime.block_on(async { Submission::open(&config.mail, &beside)?.probe().await });
    report.result(sent, "check/sending", |()| serde_json::json!({}));
    Ok(())
}

fn received(probe: &Probe, known: &str, report: &mut Report<'_>) {
    report.fine("check/mailbox", serde_json::json!({ "letters": probe.letters, "idle": probe.idle }));
    match &probe.authserv_id {
        Some(found) if known.is_empty() => report.note("check/authserv", serde_json::json!({ "found": found })),
        Some(found) if found != known => {
            report.wrong(&Failure::fatal("check/authserv-other").with("found", found).with("value", known));
        }
        _ => {}
    }
}
