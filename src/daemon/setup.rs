//! What an association needs to start: configuration, rules, words, and what is known of itself. Read once.

use std::path::PathBuf;
use std::sync::Arc;

use super::Clock;
use crate::config::{Config, Mail};
use crate::failure::{Failure, Result};
use crate::letter::Ourselves;
use crate::rules::Rules;
use crate::speech::Speech;

/// Everything that does not change while an association runs.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The configuration.
    pub config: Config,
    /// The rules; associations without rules of their own share them.
    pub rules: Arc<Rules>,
    /// Words, the association's language first, then every other that there are words for.
    pub speeches: Arc<[Speech]>,
    /// What is known of ourselves when a letter is read.
    pub us: Ourselves,
    /// The configuration's folder.
    pub beside: PathBuf,
    /// What time it is.
    pub clock: Clock,
}

impl Setup {
    /// The database file.
    pub fn store_path(&self) -> PathBuf {
        super::beside(&self.beside, &self.config.store)
    }

    /// The words of the association's language.
    pub fn speech(&self) -> Result<&Speech> {
        self.speeches.first().ok_or_else(|| Failure::fatal("rules/missing-file").with("file", "words.toml"))
    }

    /// The words of a language, else of the association's.
    pub fn speech_in(&self, language: &str) -> Result<&Speech> {
        self.speeches.iter().find(|s| s.language == language).map_or_else(|| self.speech(), Ok)
    }

    /// The name of the mailbox in the database.
    pub fn account(&self) -> String {
        match &self.config.mail {
            Mail::None => String::new(),
            Mail::Servers { imap, .. } => format!("{}@{}", imap.user, imap.host),
            Mail::Maildir { inbox, .. } => super::beside(&self.beside, inbox).display().to_string(),
        }
    }

    /// Letters lie in a folder on this disk.
    pub fn on_disk(&self) -> bool {
        matches!(self.config.mail, Mail::Maildir { .. })
    }
}
