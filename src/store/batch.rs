//! Letters and everything that follows from them, in one transaction with the position that they move.
//!
//! Promises: all or nothing; each letter once, by its content; one acknowledgement a letter, held by an index. What a
//! letter means must be known before: nothing is parsed or understood while the write lock is held.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::read::View;
use super::{open, row};
use crate::entry::{Content, LetterRecord, Location, Occasion, Origin, Person, Position, Sending};
use crate::failure::Result;
use crate::plan::person;

/// An open transaction. Dropped without [`Batch::commit`], nothing of it stands.
#[derive(Debug)]
pub struct Batch<'a> {
    transaction: Transaction<'a>,
    path: &'a Path,
}

/// A letter to be kept. `id` of the record is not looked at.
#[derive(Debug, Clone)]
pub struct Kept<'a> {
    /// Which mailbox.
    pub account: &'a str,
    /// Where in it.
    pub location: &'a Location,
    /// What is kept of it.
    pub record: &'a LetterRecord,
    /// Its bytes, only when it could not be read.
    pub quarantined: Option<&'a [u8]>,
}

/// A line for the ledger.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEntry {
    /// When it is written down.
    pub at: Timestamp,
    /// When the words were written.
    pub said: Timestamp,
    /// Where it comes from.
    pub origin: Origin,
    /// Whom it is about.
    pub person: Person,
    /// How they are shown.
    pub shown: String,
    /// What it says.
    pub content: Content,
}

/// A mail for the outbox.
#[derive(Debug, Clone, PartialEq)]
pub struct NewMail {
    /// Why.
    pub occasion: Occasion,
    /// The letter that causes it.
    pub letter: Option<i64>,
    /// The one recipient.
    pub to: String,
    /// The person meant.
    pub person: Person,
    /// When it is planned.
    pub planned: Timestamp,
    /// Not before.
    pub due: Timestamp,
    /// `Due`, `Frozen` (with bytes) or `Withheld`.
    pub sending: Sending,
    /// Our Message-ID, without angle brackets; a second mail of the same one is not taken.
    pub message_id: String,
    /// Why it is withheld; empty otherwise.
    pub reason: String,
    /// The bytes, when they are rendered already.
    pub bytes: Option<Vec<u8>>,
}

impl<'a> Batch<'a> {
    pub(super) fn begin(connection: &'a mut Connection, path: &'a Path) -> Result<Self> {
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|e| open::failure(path, &e))?;
        Ok(Self { transaction, path })
    }

    /// What is written so far, this transaction included.
    pub fn view(&self) -> View<'_> {
        View { connection: &self.transaction, path: self.path }
    }

    /// Keeps a letter. `None`: it is recorded already, and only its place is noted.
    pub fn keep(&self, kept: &Kept<'_>) -> Result<Option<i64>> {
        let l = kept.record;
        let sql = "INSERT INTO letter (hash, received, read, address, name, folded, shown, signed, language, kind,
                       review, needs_human, refusal, message_id, refs, subject, excerpt, backlog, about)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
                   ON CONFLICT (hash) DO NOTHING";
        let values = rusqlite::params![
            l.hash,
            l.received.as_millisecond(),
            l.read.as_millisecond(),
            l.person.address,
            l.person.name,
            person::compared(&l.person.address),
            l.shown,
            l.signed,
            l.language,
            row::json(&l.kind),
            row::json(&l.review),
            l.needs_human,
            l.refusal,
            l.message_id,
            row::json(&l.references),
            l.subject,
            l.excerpt,
            l.backlog,
            l.about,
        ];
        let new = self.execute(sql, values)? == 1;
        let id: i64 = self
            .transaction
            .prepare_cached("SELECT id FROM letter WHERE hash = ?1")
            .and_then(|mut s| s.query_row([&l.hash], |r| r.get(0)))
            .map_err(|e| open::failure(self.path, &e))?;
        self.seen(kept.account, kept.location, id)?;
        if let (true, Some(bytes)) = (new, kept.quarantined) {
            self.execute("INSERT INTO quarantine (letter, bytes) VALUES (?1, ?2)", rusqlite::params![id, bytes])?;
        }
        Ok(new.then_some(id))
    }

    /// Notes one more place of a letter that is recorded already.
    pub fn again(&self, account: &str, location: &Location, hash: &str) -> Result<()> {
        match self.view().letter_by_hash(hash)? {
            Some(letter) => self.seen(account, location, letter.id),
            None => Ok(()),
        }
    }

    /// Notes where a copy lies, and that the work on it is done.
    fn seen(&self, account: &str, at: &Location, letter: i64) -> Result<()> {
        let sql = "INSERT INTO sighting (account, folder, validity, key, letter) VALUES (?1, ?2, ?3, ?4, ?5)
                   ON CONFLICT DO NOTHING";
        self.execute(sql, (account, &at.folder, at.uid_validity, &at.key, letter))?;
        let sql = "DELETE FROM attempt WHERE account = ?1 AND folder = ?2 AND validity = ?3 AND key = ?4";
        self.execute(sql, (account, &at.folder, at.uid_validity, &at.key)).map(|_| ())
    }

    /// Adds a line to the ledger; returns its number.
    pub fn enter(&self, e: &NewEntry) -> Result<i64> {
        let sql = "INSERT INTO entry (at, said, origin, address, name, folded, shown, content)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let values = (
            e.at.as_millisecond(),
            e.said.as_millisecond(),
            row::json(&e.origin),
            &e.person.address,
            &e.person.name,
            person::compared(&e.person.address),
            &e.shown,
            row::json(&e.content),
        );
        self.execute(sql, values)?;
        Ok(self.transaction.last_insert_rowid())
    }

    /// Puts a mail into the outbox. `None`: one of that Message-ID, or an acknowledgement of that letter, is there.
    pub fn post(&self, m: &NewMail) -> Result<Option<i64>> {
        let sql = "INSERT INTO outbox (occasion, letter, recipient, address, name, folded, planned, due, sending,
                       message_id, reason, bytes)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
                   ON CONFLICT DO NOTHING";
        let values = rusqlite::params![
            row::json(&m.occasion),
            m.letter,
            m.to,
            m.person.address,
            m.person.name,
            person::compared(&m.to),
            m.planned.as_millisecond(),
            m.due.as_millisecond(),
            row::json(&m.sending),
            m.message_id,
            m.reason,
            m.bytes,
        ];
        let new = self.execute(sql, values)? == 1;
        Ok(new.then(|| self.transaction.last_insert_rowid()))
    }

    /// As [`super::Store::secret_name`].
    pub fn secret_name(&self, words: &[&str]) -> Result<String> {
        super::secret_name(&self.transaction, words).map_err(|e| open::failure(self.path, &e))
    }

    /// A small fact that stands or falls with the rest.
    pub fn set_mark(&self, key: &str, value: &str) -> Result<()> {
        self.execute("INSERT OR REPLACE INTO mark (key, value) VALUES (?1, ?2)", [key, value]).map(|_| ())
    }

    /// Moves the position of a folder. Writes nothing when it stands there already.
    pub fn position(&self, account: &str, p: &Position) -> Result<()> {
        let sql = "INSERT INTO position (account, folder, validity, next) VALUES (?1, ?2, ?3, ?4)
                   ON CONFLICT DO UPDATE SET validity = excluded.validity, next = excluded.next
                   WHERE (validity, next) IS NOT (excluded.validity, excluded.next)";
        self.execute(sql, (account, &p.folder, p.uid_validity, p.next_uid)).map(|_| ())
    }

    /// Everything stands, on disk, or nothing does.
    pub fn commit(self) -> Result<()> {
        self.transaction.commit().map_err(|e| open::failure(self.path, &e))
    }

    fn execute(&self, sql: &str, parameters: impl rusqlite::Params) -> Result<usize> {
        self.transaction
            .prepare_cached(sql)
            .and_then(|mut s| s.execute(parameters))
            .map_err(|e| open::failure(self.path, &e))
    }
}
