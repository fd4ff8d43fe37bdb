//! The text of the configuration file → [`Config`]; every option with its default.
//!
//! Promises: unknown keys are refused with line, column and the nearest known key; nothing is read from disk here.
//! The keys are stable: scripts outside the repository rely on them.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::event::Event;
use crate::failure::Result;

mod raw;
mod value;

/// The whole configuration of one association.
#[derive(Debug, Clone)]
pub struct Config {
    /// Who we are.
    pub association: Association,
    /// Where letters come from and go to.
    pub mail: Mail,
    /// The database file, as written (relative to the configuration's folder).
    pub store: String,
    /// Acknowledgements.
    pub acknowledge: Acknowledge,
    /// The digest.
    pub digest: Digest,
    /// Days after the last event until personal data are erased.
    pub erase_after_days: u32,
    /// What was announced, in the order of the file.
    pub events: Vec<Event>,
}

/// Who we are.
#[derive(Debug, Clone)]
pub struct Association {
    /// Full name.
    pub name: String,
    /// Short name, as people say it.
    pub short_name: String,
    /// Our address, lower-cased.
    pub address: String,
    /// Other addresses that are ours, lower-cased: never answered.
    pub aliases: Vec<String>,
    /// May correct by mail, lower-cased.
    pub organisers: Vec<String>,
    /// File with the invitation, as written; empty when none.
    pub invitation: String,
    /// The association's zone.
    pub timezone: TimeZone,
    /// Language of what we say (`fr`, `en`).
    pub language: String,
    /// Folder of the association's own rules, as written; empty when none.
    pub rules_dir: String,
}

/// Where letters come from and go to.
#[derive(Debug, Clone)]
pub enum Mail {
    /// Nothing configured: enough for `understand`.
    None,
    /// Real servers.
    Servers {
        /// Receiving.
        imap: Box<Server>,
        /// Sending.
        smtp: Box<Server>,
    },
    /// Folders on disk: the embedded default.
    Maildir {
        /// Read from.
        inbox: String,
        /// Written to.
        sent: String,
    },
}

/// One server and how to log in.
#[derive(Debug, Clone, Default)]
pub struct Server {
    /// Host name.
    pub host: String,
    /// Port.
    pub port: u16,
    /// How the connection is secured.
    pub security: Security,
    /// User name.
    pub user: String,
    /// File with the password, as written.
    pub password_file: String,
    /// Command that prints the password.
    pub password_command: String,
    /// Password or OAuth2.
    pub auth: Auth,
    /// Command that prints an access token (`auth = "xoauth2"`).
    pub token_command: String,
    /// Whose Authentication-Results count.
    pub authserv_id: String,
    /// Nothing older is looked at.
    pub since: Option<Date>,
    /// Folder to read.
    pub folder: String,
    /// An extra certificate authority, as written.
    pub ca_file: String,
}

/// How a connection is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// TLS from the first byte (RFC 8314).
    #[default]
    Tls,
    /// STARTTLS, required.
    Starttls,
    /// None: only to the loopback.
    None,
}

/// How to log in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Auth {
    /// User and password.
    #[default]
    Password,
    /// SASL XOAUTH2 with a token.
    Xoauth2,
}

/// What to do with mail that was there before the first start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Backlog {
    /// Record it, answer nothing.
    #[default]
    Record,
    /// Record and answer it.
    Answer,
}

/// Acknowledgements.
#[derive(Debug, Clone)]
pub struct Acknowledge {
    /// `false`: the digest shows what would have been sent.
    pub send: bool,
    /// Wait this many seconds; several mails of one person within it get one answer.
    pub delay_seconds: u32,
    /// Mail from before the first start.
    pub backlog: Backlog,
    /// Ceiling per sender and day.
    pub per_sender_per_day: u32,
    /// Ceiling per hour, all senders.
    pub per_hour: u32,
    /// Nothing is sent between these local times; `None`: always allowed.
    pub quiet: Option<(Time, Time)>,
    /// Tell invitees what is still missing at the meal.
    pub missing_line: bool,
}

/// When the spreadsheet goes with the digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Attach {
    /// With every digest.
    Daily,
    /// With the last one before an event.
    #[default]
    Eve,
    /// Never.
    Never,
}

/// The digest.
#[derive(Debug, Clone)]
pub struct Digest {
    /// Recipients, lower-cased.
    pub to: Vec<String>,
    /// Local time of day.
    pub at: Time,
    /// The spreadsheet.
    pub attach: Attach,
}

impl Config {
    /// Reads a configuration file's text. `file` is the name to say in failures.
    pub fn parse(file: &str, text: &str) -> Result<Self> {
        let raw: raw::Raw = toml::from_str(text).map_err(|e| raw::failure(file, text, &e))?;
        value::config(file, text, raw)
    }

    /// The event that an answer means when it names none: the default one, else the first.
    pub fn default_event(&self) -> Option<&Event> {
        self.events.get(self.asked()?)
    }

    /// Where that event stands.
    pub fn asked(&self) -> Option<usize> {
        self.events.iter().position(|e| e.default).or((!self.events.is_empty()).then_some(0))
    }

    /// Every address that is ours.
    pub fn own_addresses(&self) -> Vec<String> {
        std::iter::once(self.association.address.clone()).chain(self.association.aliases.iter().cloned()).collect()
    }
}
