//! `init`: writes a first configuration by asking six questions.
//!
//! Promises: what is written is the commented configuration of `deploy/`, with the answers in it, and the parser accepts
//! it; sending stays off. Never overwrites a file, never leaves half of one, never asks for a password.

use std::collections::BTreeMap;
use std::io::{BufRead, Write};
use std::path::Path;
use std::process::ExitCode;

use jiff::civil::{Date, DateTime};

use super::Context;
use crate::config::Config;
use crate::failure::{Failure, Result};
use crate::rules;
use crate::speech::Speech;
use crate::text::fold;

/// What an answer is written into.
const COMMENTED: &str = include_str!("../../deploy/config.toml");
const SERVERS: &str = include_str!("init/servers.toml");

/// The language that the questions are asked in: there is no configuration yet that could name one.
const LANGUAGE: &str = "fr";

/// The six answers.
#[derive(Debug, Clone, PartialEq)]
struct Answers {
    name: String,
    address: String,
    receiving: String,
    digest: String,
    title: String,
    start: DateTime,
}

/// Asks on the terminal (or reads the answers from a pipe, one a line) and writes the file.
pub fn run(context: &Context) -> Result<ExitCode> {
    let speech = Speech::new(LANGUAGE, &rules::embedded())?;
    let path = context.path();
    if path.exists() {
        return Err(Failure::fatal("init/exists").with("file", path.display()));
    }
    let mut dialogue = Dialogue { speech: &speech, input: std::io::stdin().lock(), output: std::io::stdout().lock() };
    dialogue.say("init/welcome", path)?;
    let answers = dialogue.ask_all()?;
    let text = filled(&answers);
    Config::parse(&path.display().to_string(), &text)?;
    write_new(path, &text)?;
    dialogue.say("init/done", path)?;
    Ok(ExitCode::SUCCESS)
}

/// Questions and answers.
struct Dialogue<'a, I, O> {
    speech: &'a Speech,
    input: I,
    output: O,
}

impl<I: BufRead, O: Write> Dialogue<'_, I, O> {
    fn say(&mut self, key: &str, path: &Path) -> Result<()> {
        let folder = path.parent().map(|p| p.display().to_string()).unwrap_or_default();
        let values = serde_json::json!({ "file": path.display().to_string(), "folder": folder });
        writeln!(self.output, "{}", self.speech.say(key, values)).map_err(ended)
    }

    /// Asks until the answer can be used; an empty one takes the proposal, where there is one.
    fn ask<T>(&mut self, key: &str, proposal: &str, read: impl Fn(&str) -> Option<T>) -> Result<T> {
        loop {
            let values = serde_json::json!({ "proposal": proposal });
            write!(self.output, "{} ", self.speech.say(&format!("init/{key}"), values)).map_err(ended)?;
            self.output.flush().map_err(ended)?;
            let mut line = String::new();
            if self.input.read_line(&mut line).map_err(ended)? == 0 {
                let _ = writeln!(self.output);
                return Err(Failure::fatal("init/ended"));
            }
            let line: String = line.trim().chars().filter(|c| !c.is_control()).collect();
            let answer = if line.is_empty() { proposal } else { &line };
            match read(answer) {
                Some(value) => return Ok(value),
                None => {
                    writeln!(self.output, "{}", self.speech.say(&format!("init/{key}-again"), ())).map_err(ended)?
                }
            }
        }
    }

    fn ask_all(&mut self) -> Result<Answers> {
        let name = self.ask("name", "", something)?;
        let address = self.ask("address", "", address)?;
        let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
        let receiving = self.ask("server", &servers(domain).0, host)?;
        let digest = self.ask("digest", &address, self::address)?;
        let title = self.ask("title", "", something)?;
        let start = self.ask("start", "", moment)?;
        Ok(Answers { name, address, receiving, digest, title, start })
    }
}

fn ended(error: std::io::Error) -> Failure {
    Failure::fatal("init/ended").detail(error)
}

fn something(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

/// Close enough for a question; the parser has the last word.
fn address(text: &str) -> Option<String> {
    let (local, domain) = text.split_once('@')?;
    let fine = |s: &str| !s.is_empty() && !s.contains(|c: char| c.is_whitespace() || "<>@,;\"".contains(c));
    (fine(local) && fine(domain) && domain.contains('.')).then(|| text.to_lowercase())
}

fn host(text: &str) -> Option<String> {
    let fine = text.contains('.') && text.chars().all(|c| c.is_ascii_alphanumeric() || ".-:".contains(c));
    fine.then(|| text.to_lowercase())
}

/// `23/05/2026 10:00`, `23/05/2026 à 10h`, `2026-05-23 10:00`.
fn moment(text: &str) -> Option<DateTime> {
    let numbers: Vec<i16> = text.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect();
    let (date, clock) = numbers.split_at_checked(3)?;
    let [a, month, b] = date.try_into().ok()?;
    let (year, day) = if a > 31 { (a, b) } else { (b, a) };
    let small = |n: i16| i8::try_from(n).ok();
    let (hour, minute) = match clock {
        [hour] => (*hour, 0),
        [hour, minute, ..] => (*hour, *minute),
        [] => return None,
    };
    let date = Date::new(year, small(month)?, small(day)?).ok().filter(|d| d.year() > 2000)?;
    let time = jiff::civil::Time::new(small(hour)?, small(minute)?, 0, 0).ok()?;
    Some(date.to_datetime(time))
}

/// Receiving and sending server of a domain.
fn servers(domain: &str) -> (String, String) {
    let known: BTreeMap<String, String> = toml::from_str(SERVERS).unwrap_or_default();
    match known.get(domain).and_then(|both| both.split_once(' ')) {
        Some((receiving, sending)) => (receiving.to_owned(), sending.to_owned()),
        None => (format!("imap.{domain}"), format!("smtp.{domain}")),
    }
}

/// The server that sends for one that receives: of the same provider, else of the same name.
fn sending(receiving: &str) -> String {
    let known: BTreeMap<String, String> = toml::from_str(SERVERS).unwrap_or_default();
    let same = known.values().filter_map(|both| both.split_once(' ')).find(|(r, _)| *r == receiving);
    match (same, receiving.strip_prefix("imap.")) {
        (Some((_, sending)), _) => sending.to_owned(),
        (None, Some(domain)) => format!("smtp.{domain}"),
        (None, None) => receiving.to_owned(),
    }
}

/// The commented configuration with the answers in it; what was not asked becomes a comment.
fn filled(answers: &Answers) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let id = format!("{}-{}", slug(&answers.title), answers.start.date());
    let values: BTreeMap<(&str, &str), String> = BTreeMap::from([
        (("[association]", "name"), quoted(&answers.name)),
        (("[association]", "short_name"), String::new()),
        (("[association]", "address"), quoted(&answers.address)),
        (("[association]", "organisers"), format!("[{}]", quoted(&answers.digest))),
        (("[imap]", "host"), quoted(&answers.receiving)),
        (("[imap]", "user"), quoted(&answers.address)),
        (("[smtp]", "host"), quoted(&sending(&answers.receiving))),
        (("[smtp]", "user"), quoted(&answers.address)),
        (("[digest]", "to"), format!("[{}]", quoted(&answers.digest))),
        (("[[event]]", "id"), quoted(&id)),
        (("[[event]]", "title"), quoted(&answers.title)),
        (("[[event]]", "start"), format!("{}T{}", answers.start.date(), answers.start.time())),
        (("[[event]]", "default"), "true".to_owned()),
    ]);
    let kept = ["password_file", "send"];
    let (mut table, mut events, mut out) = ("", 0, String::new());
    for line in COMMENTED.lines() {
        if line.starts_with('[') {
            table = line;
            events += usize::from(line == "[[event]]");
        }
        let key = line.split_once(" = ").map(|(key, _)| key).filter(|key| !key.starts_with('#'));
        let example = events > 1 || table == "[[event.workshop]]";
        match key {
            _ if example && (key.is_some() || line.starts_with('[')) => out.push_str(&format!("#{line}")),
            Some(key) if kept.contains(&key) => out.push_str(line),
            Some(key) => match values.get(&(table, key)).filter(|v| !v.is_empty()) {
                Some(value) => out.push_str(&format!("{key} = {value}")),
                None => out.push_str(&format!("#{line}")),
            },
            None => out.push_str(line),
        }
        out.push('\n');
    }
    out
}

/// A short name without spaces or accents.
fn slug(text: &str) -> String {
    let folded = fold(text);
    let words = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
    words.take(5).collect::<Vec<_>>().join("-")
}

/// Writes a file that was not there; whole or not at all.
fn write_new(path: &Path, text: &str) -> Result<()> {
    let fail = |e: std::io::Error| match e.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::fatal("init/exists").with("file", path.display()),
        _ => Failure::fatal("init/cannot-write").with("file", path.display()).with("why", e),
    };
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(fail)?;
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    let temporary = path.with_file_name(name);
    let written = std::fs::write(&temporary, text).and_then(|()| std::fs::hard_link(&temporary, path));
    let _ = std::fs::remove_file(&temporary);
    written.map_err(fail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(start: &str) -> Answers {
        Answers {
            name: "Les \"Amis\" du Pré".into(),
            address: "lesamis@laposte.net".into(),
            receiving: "imap.laposte.net".into(),
            digest: "anne@exemple.fr".into(),
            title: "Fête de l'été".into(),
            start: moment(start).unwrap(),
        }
    }

    #[test]
    fn the_answers_stand_in_a_configuration_that_is_accepted() {
        let config = Config::parse("c", &filled(&answers("23/05/2026 10h30"))).unwrap();
        assert_eq!(config.association.name, "Les \"Amis\" du Pré");
        assert_eq!(config.digest.to, ["anne@exemple.fr"]);
        assert_eq!(config.events.len(), 1);
        assert_eq!(config.events[0].id, "fete-de-l-ete-2026-05-23");
        assert_eq!(config.events[0].start.to_string(), "2026-05-23T10:30:00");
        assert!(!config.acknowledge.send);
        let crate::config::Mail::Servers { imap, smtp } = config.mail else { panic!("servers") };
        assert_eq!((imap.host.as_str(), smtp.host.as_str()), ("imap.laposte.net", "smtp.laposte.net"));
    }

    #[test]
    fn nothing_of_the_example_association_is_left() {
        let text = filled(&answers("2026-05-23 10:00"));
        let live: Vec<&str> = text.lines().filter(|l| !l.starts_with('#')).collect();
        assert!(!live.iter().any(|l| l.contains("avoir") || l.contains("fontaine")), "{live:?}");
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        for text in ["23/05/2026 10:00", "23/05/2026 à 10h", "23.5.2026 10 h 00", "2026-05-23T10:00"] {
            assert_eq!(moment(text).unwrap().to_string(), "2026-05-23T10:00:00", "{text}");
        }
        for text in ["", "23/05", "31/02/2026 10h", "samedi à 10h", "23/05/2026"] {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
