//! What is written down, as values: the whole ledger, one letter, one sender. Writes nothing.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, Params, Row};

use super::{hashed, mark, open, row};
use crate::entry::{Entry, Ledger, LetterRecord, Occasion, Outgoing, Person, Total};
use crate::failure::Result;
use crate::letter::Letter;
use crate::plan::{Known, person};

/// A look at what is committed, or at what a transaction has written so far.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    pub(super) connection: &'a Connection,
    pub(super) path: &'a Path,
}

/// Marks whose key starts so say what is in trouble, since when.
pub(super) const TROUBLE: &str = "trouble/";

impl View<'_> {
    /// Everything that the roster and the digest are computed from.
    pub fn ledger(&self) -> Result<Ledger> {
        let letter = format!("SELECT {} FROM letter ORDER BY id", row::LETTER);
        Ok(Ledger {
            letters: self.rows(&letter, [], row::letter)?,
            entries: self.entries("TRUE", [])?,
            outgoing: self.outgoing("TRUE", [])?,
            first_start: self.moment("first-start")?,
            totals: self.totals()?,
            troubles: self.troubles()?,
        })
    }

    /// One letter by its number.
    pub fn letter(&self, id: i64) -> Result<Option<LetterRecord>> {
        let sql = format!("SELECT {} FROM letter WHERE id = ?1", row::LETTER);
        Ok(self.rows(&sql, [id], row::letter)?.pop())
    }

    /// One letter by its content hash.
    pub fn letter_by_hash(&self, hash: &str) -> Result<Option<LetterRecord>> {
        let sql = format!("SELECT {} FROM letter WHERE hash = ?1", row::LETTER);
        Ok(self.rows(&sql, [hash], row::letter)?.pop())
    }

    /// Entries of everybody at an address, oldest first, with those that were undone.
    pub fn entries_at(&self, address: &str) -> Result<Vec<Entry>> {
        self.entries("folded = ?1 AND folded <> ''", [person::compared(address)])
    }

    /// Letters of everybody at an address, oldest first.
    pub fn letters_at(&self, address: &str) -> Result<Vec<LetterRecord>> {
        let sql = format!("SELECT {} FROM letter WHERE folded = ?1 AND folded <> '' ORDER BY id", row::LETTER);
        self.rows(&sql, [person::compared(address)], row::letter)
    }

    /// Mails to an address, oldest first.
    pub fn outgoing_to(&self, address: &str) -> Result<Vec<Outgoing>> {
        self.outgoing("folded = ?1 AND folded <> ''", [person::compared(address)])
    }

    /// Message-IDs of every mail of ours, without angle brackets.
    pub fn our_message_ids(&self) -> Result<Vec<String>> {
        self.rows("SELECT message_id FROM outbox ORDER BY id", [], |r| r.get(0))
    }

    /// What `plan` needs to know about a letter's sender and thread.
    pub fn known(&self, letter: &Letter) -> Result<Known> {
        let address = letter.from.as_ref().map_or("", |f| f.address.as_str());
        let ledger = self.ledger_at(address)?;
        let entries = crate::roster::live(&ledger, Timestamp::MAX).into_iter().cloned().collect();
        let mut acknowledgements = ledger.outgoing.clone();
        acknowledgements.retain(|o| o.occasion == Occasion::Acknowledge);
        Ok(Known {
            recorded: !letter.hash.is_empty() && self.letter_by_hash(&letter.hash)?.is_some(),
            entries,
            signers: self.signers(address)?,
            acknowledgements,
            replies_to_digest: self.digest_in_thread(&letter.references)?,
            about_others: false,
            first_start: self.moment("first-start")?,
            sending_since: self.moment("sending-since")?,
            forgotten: self.forgotten(address)?,
        })
    }

    fn signers(&self, address: &str) -> Result<Vec<(String, Person)>> {
        let sql = "SELECT signed, address, name FROM letter WHERE folded = ?1 AND folded <> ''
                   GROUP BY signed, address, name ORDER BY min(id)";
        self.rows(sql, [person::compared(address)], |r| Ok((r.get(0)?, Person { address: r.get(1)?, name: r.get(2)? })))
    }

    fn digest_in_thread(&self, references: &[String]) -> Result<bool> {
        for id in references {
            let found = self.outgoing("message_id = ?1", [id])?;
            if found.iter().any(|o| matches!(o.occasion, Occasion::Digest(_) | Occasion::Report)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Up to when what this address wrote was erased: on demand, or with everybody's.
    fn forgotten(&self, address: &str) -> Result<Option<Timestamp>> {
        let everybody = self.moment("erased-before")?;
        let salt = self.mark("salt")?.unwrap_or_default();
        let hash = hashed(&salt, &person::compared(address));
        let one: Option<i64> = self.rows("SELECT at FROM forgotten WHERE hash = ?1", [hash], |r| r.get(0))?.pop();
        Ok(everybody.max(one.and_then(|ms| Timestamp::from_millisecond(ms).ok())))
    }

    fn totals(&self) -> Result<Vec<Total>> {
        self.rows("SELECT at, event, name, value FROM total ORDER BY id", [], |r| {
            let at = Timestamp::from_millisecond(r.get(0)?).unwrap_or_default();
            Ok(Total { at, event: r.get(1)?, name: r.get(2)?, value: r.get(3)? })
        })
    }

    /// What is in trouble, since when.
    pub fn troubles(&self) -> Result<Vec<(String, Timestamp)>> {
        let sql = "SELECT substr(key, length(?1) + 1), value FROM mark WHERE key LIKE ?1 || '%' ORDER BY key";
        self.rows(sql, [TROUBLE], |r| {
            let at: String = r.get(1)?;
            let at = at.parse().ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
            Ok((r.get(0)?, at.unwrap_or_default()))
        })
    }

    pub(super) fn outgoing(&self, condition: &str, parameters: impl Params) -> Result<Vec<Outgoing>> {
        let sql = format!("SELECT {} FROM outbox WHERE {condition} ORDER BY id", row::OUTGOING);
        self.rows(&sql, parameters, row::outgoing)
    }

    /// Mails that still wait, or whose fate is unknown; oldest first.
    pub fn open_mail(&self) -> Result<Vec<Outgoing>> {
        self.outgoing(r#"sending IN ('"due"', '"frozen"') OR sending = '"uncertain"' AND settled IS NULL"#, [])
    }

    /// Mails planned since a moment, and all that still wait.
    pub fn recent_mail(&self, since: Timestamp) -> Result<Vec<Outgoing>> {
        let condition = r#"planned >= ?1 OR settled >= ?1 OR sending IN ('"due"', '"frozen"', '"uncertain"')"#;
        self.outgoing(condition, [since.as_millisecond()])
    }

    /// What organisers changed about the events, with what was undone: all that `roster::events` looks at.
    pub fn event_changes(&self) -> Result<Ledger> {
        let condition = "content LIKE '{\"event-changed\":%' OR content LIKE '{\"undo\":%'";
        Ok(Ledger { entries: self.entries(condition, [])?, ..Ledger::default() })
    }

    /// What concerns one address: its letters and entries, with everything that was undone.
    pub fn ledger_at(&self, address: &str) -> Result<Ledger> {
        let condition = "folded = ?1 AND folded <> '' OR content LIKE '{\"undo\":%'";
        Ok(Ledger {
            letters: self.letters_at(address)?,
            entries: self.entries(condition, [person::compared(address)])?,
            outgoing: self.outgoing_to(address)?,
            first_start: self.moment("first-start")?,
            ..Ledger::default()
        })
    }

    /// The frozen bytes of a mail.
    pub fn bytes(&self, id: i64) -> Result<Option<Vec<u8>>> {
        Ok(self.rows("SELECT bytes FROM outbox WHERE id = ?1", [id], |r| r.get(0))?.pop().flatten())
    }

    /// A small fact.
    pub fn mark(&self, key: &str) -> Result<Option<String>> {
        mark(self.connection, key).map_err(|e| open::failure(self.path, &e))
    }

    /// A moment among the small facts.
    pub fn moment(&self, key: &str) -> Result<Option<Timestamp>> {
        let value = self.mark(key)?.and_then(|v| v.parse().ok());
        Ok(value.and_then(|ms| Timestamp::from_millisecond(ms).ok()))
    }

    fn entries(&self, condition: &str, parameters: impl Params) -> Result<Vec<Entry>> {
        let sql = format!("SELECT {} FROM entry WHERE {condition} ORDER BY id", row::ENTRY);
        self.rows(&sql, parameters, row::entry)
    }

    pub(super) fn rows<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let all = || -> rusqlite::Result<Vec<T>> {
            self.connection.prepare_cached(sql)?.query_map(parameters, read)?.collect()
        };
        all().map_err(|e| open::failure(self.path, &e))
    }
}
