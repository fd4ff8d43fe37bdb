//! What is to be sent, phase by phase: frozen, tried, in doubt, settled. Each phase is committed before the next step.
//!
//! Promises: a mail's bytes do not change once frozen; it is `Uncertain` on disk before its last byte can reach the
//! server, so that no crash makes it look unsent; bytes are gone once it is settled.

use jiff::Timestamp;

use super::{Store, row};
use crate::entry::{Content, Outgoing, Sending};
use crate::failure::{Failure, Result};

impl Store {
    /// From here on nobody knows whether a mail was accepted: committed before the first byte of its content leaves.
    /// Freezes the bytes, counts the attempt, and drops the mails that this one stands for.
    pub fn in_doubt(&mut self, id: i64, bytes: &[u8], merged: &[i64], now: Timestamp) -> Result<()> {
        let fail = |e: rusqlite::Error| super::open::failure(&self.path, &e);
        let transaction = self.connection.transaction().map_err(fail)?;
        let doubt = r#"UPDATE outbox SET bytes = ?2, sending = '"uncertain"', attempts = attempts + 1, attempted = ?3
                       WHERE id = ?1 AND sending IN ('"due"', '"frozen"')"#;
        let at = now.as_millisecond();
        if transaction.execute(doubt, rusqlite::params![id, bytes, at]).map_err(fail)? != 1 {
            // Erased or settled by another command meanwhile: nothing may leave.
            return Err(Failure::permanent("store/gone"));
        }
        let merge = r#"UPDATE outbox SET sending = '"dropped"', reason = 'merged', settled = ?2, bytes = NULL
                       WHERE id = ?1 AND sending IN ('"due"', '"frozen"')"#;
        for other in merged {
            transaction.execute(merge, (other, at)).map_err(fail)?;
        }
        transaction.commit().map_err(fail)
    }

    /// The server said clearly that it did not take the content, or the folder of sent mail does not hold it.
    pub fn not_taken(&mut self, id: i64, again: Timestamp) -> Result<()> {
        let sql = r#"UPDATE outbox SET sending = CASE WHEN bytes IS NULL THEN '"due"' ELSE '"frozen"' END, due = ?2
                     WHERE id = ?1 AND sending = '"uncertain"'"#;
        self.execute(sql, (id, again.as_millisecond())).map(|_| ())
    }

    /// An attempt that ended before any content left.
    pub fn try_later(&mut self, id: i64, again: Timestamp, now: Timestamp) -> Result<()> {
        let sql = r#"UPDATE outbox SET due = ?2, attempts = attempts + 1, attempted = ?3
                     WHERE id = ?1 AND sending IN ('"due"', '"frozen"')"#;
        self.execute(sql, (id, again.as_millisecond(), now.as_millisecond())).map(|_| ())
    }

    /// The end of a mail: sent, failed, dropped or withheld. Its bytes are not kept.
    pub fn settle(&mut self, id: i64, sending: &Sending, reason: &str, now: Timestamp) -> Result<()> {
        let sql = "UPDATE outbox SET sending = ?2, reason = ?3, settled = ?4, bytes = NULL WHERE id = ?1";
        self.execute(sql, (id, row::json(sending), reason, now.as_millisecond())).map(|_| ())
    }

    /// Whether the person of a mail has asked for no more automatic mail.
    pub fn wants_no_mail(&self, mail: &Outgoing) -> Result<bool> {
        Ok(self.view().entries_at(&mail.to)?.iter().any(|e| e.content == Content::NoMoreMail))
    }
}
