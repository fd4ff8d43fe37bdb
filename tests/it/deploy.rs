//! What is installed: the unit is valid and hardened, the commented configuration is complete and true.
//!
//! The keys of the parser are read from its source, so that a new option without its explanation fails here.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use astir_rsvp::config::{Backlog, Config, Mail};

fn path(inside: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(inside)
}

fn read(inside: &str) -> String {
    std::fs::read_to_string(path(inside)).unwrap()
}

/// Without the `#` of options left at their default (`#key = …`, `#[maildir]`); explanations keep theirs.
fn uncommented(text: &str) -> String {
    let option =
        |line: &&str| line.starts_with('#') && line[1..].starts_with(|c: char| c.is_ascii_lowercase() || c == '[');
    text.lines().map(|l| if option(&l) { &l[1..] } else { l }).collect::<Vec<_>>().join("\n")
}

/// The part about folders, which stands instead of `[imap]` and `[smtp]`.
fn without_folders(text: &str) -> String {
    let folders = |line: &&str| ["[maildir]", "inbox =", "sent ="].iter().any(|k| line.starts_with(k));
    text.lines().filter(|l| !folders(l)).collect::<Vec<_>>().join("\n")
}

/// Keys by the structure they belong to, as the parser's source declares them.
fn keys_of_the_parser(source: &str) -> BTreeSet<String> {
    let field = regex::Regex::new(r"(?m)^\s+pub ([a-z_]+): ").unwrap();
    field.captures_iter(source).map(|c| c[1].to_owned()).collect()
}

fn keys_of(value: &toml::Value, keys: &mut BTreeSet<String>) {
    match value {
        toml::Value::Table(table) => {
            for (key, value) in table {
                keys.insert(key.clone());
                keys_of(value, keys);
            }
        }
        toml::Value::Array(values) => values.iter().for_each(|v| keys_of(v, keys)),
        _ => {}
    }
}

#[test]
fn the_commented_configuration_is_accepted_as_it_stands_and_sends_nothing() {
    let config = Config::parse("config.toml", &read("deploy/config.toml")).unwrap();
    assert!(!config.acknowledge.send);
    assert_eq!(config.acknowledge.backlog, Backlog::Record);
    assert!(matches!(config.mail, Mail::Servers { .. }));
    assert_eq!(config.events.len(), 2);
}

#[test]
fn every_option_left_at_its_default_is_written_with_that_default() {
    let text = read("deploy/config.toml");
    let written = Config::parse("config.toml", &without_folders(&uncommented(&text))).unwrap();
    let silent = Config::parse("config.toml", &text).unwrap();
    assert_eq!(format!("{:?}", written.acknowledge), format!("{:?}", silent.acknowledge));
    assert_eq!(format!("{:?}", written.digest), format!("{:?}", silent.digest));
    assert_eq!((written.store, written.erase_after_days), (silent.store, silent.erase_after_days));
    assert_eq!(written.association.language, silent.association.language);
    let (Mail::Servers { imap: a, smtp: b }, Mail::Servers { imap: c, smtp: d }) = (written.mail, silent.mail) else {
        panic!("two servers in both")
    };
    assert_eq!((a.port, a.security, a.auth, &a.folder), (c.port, c.security, c.auth, &c.folder));
    assert_eq!((b.port, b.security), (d.port, d.security));
}

#[test]
fn every_option_of_the_parser_is_explained() {
    let text = uncommented(&read("deploy/config.toml"));
    let mut explained = BTreeSet::new();
    keys_of(&toml::Value::Table(text.parse().unwrap()), &mut explained);
    let known = keys_of_the_parser(&read("src/config/raw.rs"));
    assert!(known.contains("per_sender_per_day") && known.contains("shared_meal"), "the parser's source is understood");
    let missing: Vec<&String> = known.difference(&explained).collect();
    assert!(missing.is_empty(), "not in deploy/config.toml: {missing:?}");
}

#[test]
fn systemd_finds_nothing_to_say_about_the_unit() {
    let output = Command::new("systemd-analyze").arg("verify").arg(path("deploy/astir-rsvp.service")).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    assert!(output.status.success());
}

#[test]
fn the_unit_is_hardened() {
    let unit = path("deploy/astir-rsvp.service");
    let output =
        Command::new("systemd-analyze").args(["security", "--offline=true", "--no-pager"]).arg(unit).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find(|l| l.contains("Overall exposure level")).unwrap();
    let score = regex::Regex::new(r"(\d+\.\d+)").unwrap().captures(line).unwrap()[1].parse::<f64>().unwrap();
    assert!(score <= 1.5, "{line}");
    let unit = read("deploy/astir-rsvp.service");
    for needed in ["Type=notify", "WatchdogSec=", "LoadCredential=imap-password:", "DynamicUser=yes"] {
        assert!(unit.lines().any(|l| l.starts_with(needed)), "{needed}");
    }
}
