//! The configuration exactly as written, with defaults; refuses unknown keys.
//!
//! Never judges values: `value` does.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Attach, Auth, Backlog, Security};
use crate::failure::Failure;

type Spanned<T> = toml::Spanned<T>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Raw {
    pub association: RawAssociation,
    pub imap: Option<RawServer>,
    pub smtp: Option<RawServer>,
    pub maildir: Option<RawMaildir>,
    #[serde(default)]
    pub store: RawStore,
    #[serde(default)]
    pub acknowledge: RawAcknowledge,
    #[serde(default)]
    pub digest: RawDigest,
    #[serde(default)]
    pub privacy: RawPrivacy,
    #[serde(default)]
    pub event: Vec<RawEvent>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawAssociation {
    pub name: String,
    #[serde(default)]
    pub short_name: String,
    pub address: String,
    #[serde(default)]
    pub aliases: Vec<String>,
    #[serde(default)]
    pub organisers: Vec<String>,
    #[serde(default)]
    pub invitation: String,
    #[serde(default = "paris")]
    pub timezone: String,
    #[serde(default = "french")]
    pub language: String,
    #[serde(default)]
    pub rules_dir: String,
}

fn paris() -> String {
    "Europe/Paris".into()
}
fn french() -> String {
    "fr".into()
}
fn inbox() -> String {
    "INBOX".into()
}
fn written(text: &str) -> Spanned<String> {
    Spanned::new(0..0, text.into())
}
fn nothing() -> Spanned<String> {
    written("")
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawServer {
    pub host: String,
    pub port: Option<u16>,
    #[serde(default)]
    pub security: Security,
    pub user: String,
    #[serde(default)]
    pub password_file: String,
    #[serde(default)]
    pub password_command: String,
    #[serde(default)]
    pub auth: Auth,
    #[serde(default)]
    pub token_command: String,
    #[serde(default)]
    pub authserv_id: String,
    #[serde(default = "nothing")]
    pub since: Spanned<String>,
    #[serde(default = "inbox")]
    pub folder: String,
    #[serde(default)]
    pub ca_file: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawMaildir {
    pub inbox: String,
    pub sent: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawStore {
    pub path: String,
}
impl Default for RawStore {
    fn default() -> Self {
        Self { path: "/var/lib/astir-rsvp/rsvp.sqlite".into() }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawAcknowledge {
    pub send: bool,
    pub delay: Spanned<String>,
    pub backlog: Backlog,
    pub per_sender_per_day: u32,
    pub per_hour: u32,
    pub quiet: Spanned<String>,
    pub missing_line: bool,
}
impl Default for RawAcknowledge {
    fn default() -> Self {
        Self {
            send: false,
            delay: written("5m"),
            backlog: Backlog::Record,
            per_sender_per_day: 4,
            per_hour: 60,
            quiet: written("22:00-07:00"),
            missing_line: false,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawDigest {
    pub to: Vec<String>,
    pub at: Spanned<String>,
    pub attach: Attach,
}
impl Default for RawDigest {
    fn default() -> Self {
        Self { to: Vec::new(), at: written("07:30"), attach: Attach::Eve }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawPrivacy {
    pub erase_after_days: u32,
}
impl Default for RawPrivacy {
    fn default() -> Self {
        Self { erase_after_days: 60 }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEvent {
    pub id: String,
    pub title: String,
    pub start: Spanned<toml::value::Datetime>,
    pub end: Option<Spanned<toml::value::Datetime>>,
    #[serde(default)]
    pub place: String,
    #[serde(default)]
    pub address: String,
    #[serde(default)]
    pub shared_meal: RawMeal,
    #[serde(default)]
    pub default: bool,
    #[serde(default)]
    pub bring: String,
    #[serde(default)]
    pub words: Vec<String>,
    #[serde(default)]
    pub workshop: Vec<RawWorkshop>,
    #[serde(default)]
    pub wanted: BTreeMap<String, u32>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum RawMeal {
    Flag(bool),
    Word(String),
}
impl Default for RawMeal {
    fn default() -> Self {
        Self::Flag(false)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWorkshop {
    pub number: u32,
    pub title: String,
}

/// A TOML error in words: an unknown key names the nearest known one.
pub(super) fn failure(file: &str, text: &str, error: &toml::de::Error) -> Failure {
    let (line, column) = place(text, error.span().map_or(0, |s| s.start));
    let base = |says| Failure::fatal(says).with("file", file).with("line", line).with("column", column);
    let message = error.message();
    // The names stand between backquotes: the offending key first, then those that are known.
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    if message.starts_with("unknown field")
        && let Some((key, known)) = quoted.split_first()
    {
        let close = |k: &str| strsim::jaro_winkler(key, k);
        let near = known.iter().max_by(|a, b| close(a).total_cmp(&close(b)));
        return base("config/unknown-key").with("key", key).with("near", near.unwrap_or(&""));
    }
    if message.starts_with("missing field")
        && let Some(key) = quoted.first()
    {
        return base("config/missing-key").with("key", key);
    }
    base("config/syntax").with("why", message)
}

/// Line and column, counted from 1.
pub(super) fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or("");
    (before.matches('\n').count() + 1, before.rsplit('\n').next().unwrap_or("").chars().count() + 1)
}
