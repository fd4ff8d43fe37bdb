//! Erasure: one person on demand, or everybody after the retention period. The one exception to the append-only ledger.
//!
//! Promises: gone from letters, entries, outbox and quarantine, overwritten on disk, copies made before migrations
//! removed. A letter's hash, kind and date stay, so that the count of messages closes and a rescan of the mailbox
//! brings nobody back; of an erased address only a salted hash stays. Figures are kept, names are not.

use jiff::Timestamp;
use rusqlite::Transaction;

use super::{Store, hashed, open};
use crate::entry::Total;
use crate::failure::Result;
use crate::plan::person;

/// What an erasure found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Erased {
    /// Letters that do not tell any more who wrote them.
    pub letters: usize,
    /// Lines of the ledger removed.
    pub entries: usize,
    /// Mails whose recipient and text are gone.
    pub mails: usize,
}

const LETTERS: &str = "UPDATE letter SET address = '', name = '', folded = '', shown = '', signed = '', language = '',
    review = '[]', needs_human = 0, refusal = 'forgotten', message_id = '', refs = '[]', subject = '', excerpt = '',
    about = ''";
const OUTBOX: &str = r#"UPDATE outbox SET recipient = '', address = '', name = '', folded = '', bytes = NULL,
    settled = coalesce(settled, ?1),
    reason = CASE WHEN sending IN ('"due"', '"frozen"') THEN 'forgotten' ELSE reason END,
    sending = CASE WHEN sending IN ('"due"', '"frozen"') THEN '"dropped"'
                   WHEN sending = '"uncertain"' THEN '"failed"' ELSE sending END"#;
/// Digests and reports that wait may name the person: they are rendered anew.
const ANEW: &str = r#"UPDATE outbox SET bytes = NULL, sending = '"due"'
    WHERE occasion LIKE '{"digest"%' AND sending = '"frozen"'"#;

impl Store {
    /// Erases everything about the people at an address, and remembers not to take up again what they wrote before.
    pub fn forget(&mut self, address: &str, now: Timestamp) -> Result<Erased> {
        let salt = self.salt()?;
        let folded = person::compared(address);
        let at = now.as_millisecond();
        let erased = self.erasing(|t| {
            let quarantine = "DELETE FROM quarantine WHERE letter IN (SELECT id FROM letter WHERE folded = ?1)";
            t.execute(quarantine, [&folded])?;
            let letters = t.execute(&format!("{LETTERS} WHERE folded = ?1"), [&folded])?;
            let entries = t.execute("DELETE FROM entry WHERE folded = ?1", [&folded])?;
            let mails = t.execute(&format!("{OUTBOX} WHERE folded = ?2"), (at, &folded))?;
            t.execute(ANEW, [])?;
            let tombstone = "INSERT OR REPLACE INTO forgotten (hash, at) VALUES (?1, ?2)";
            t.execute(tombstone, (hashed(&salt, &folded), at))?;
            Ok(Erased { letters, entries, mails })
        })?;
        self.vanish()?;
        Ok(erased)
    }

    /// Erases everybody; keeps the figures given, and the count of letters by kind.
    pub fn purge(&mut self, totals: &[Total], now: Timestamp) -> Result<Erased> {
        let at = now.as_millisecond();
        let erased = self.erasing(|t| {
            let kept = "INSERT INTO total (at, event, name, value) VALUES (?1, ?2, ?3, ?4)";
            for total in totals {
                t.execute(kept, (total.at.as_millisecond(), &total.event, &total.name, total.value))?;
            }
            t.execute("DELETE FROM quarantine", [])?;
            let letters = t.execute(&format!("{LETTERS} WHERE folded <> '' OR shown <> '' OR message_id <> ''"), [])?;
            let entries = t.execute("DELETE FROM entry", [])?;
            let mails = t.execute(&format!("{OUTBOX} WHERE recipient <> ''"), [at])?;
            t.execute("DELETE FROM forgotten", [])?;
            let mark = "INSERT OR REPLACE INTO mark (key, value) VALUES ('erased-before', ?1)";
            t.execute(mark, [at.to_string()])?;
            Ok(Erased { letters, entries, mails })
        })?;
        self.vanish()?;
        Ok(erased)
    }

    fn erasing(&mut self, work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<Erased>) -> Result<Erased> {
        let path = self.path.clone();
        let fail = |e: rusqlite::Error| open::failure(&path, &e);
        let transaction = self.connection.transaction().map_err(fail)?;
        let erased = work(&transaction).map_err(fail)?;
        transaction.commit().map_err(fail)?;
        Ok(erased)
    }

    /// Old pages of the log and copies still hold what was erased.
    fn vanish(&self) -> Result<()> {
        open::remove_copies(&self.path)?;
        self.checkpoint()
    }
}
