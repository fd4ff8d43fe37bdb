//! What is to be sent, phase by phase: frozen, tried, in doubt, settled. Each phase is committed before the next step.
//!
//! Promises: a mail's bytes do not change once frozen; it is `Uncertain` on disk before its last byte can reach the
//! server, so that no crash makes it look unsent; bytes are gone once it is settled.

use jiff::Timestamp;

use super::{Store, row};
use crate::entry::{Content, Outgoing, Sending};
use crate::failure::Result;

impl Store {
    /// Freezes the bytes of a waiting mail; the mails that it stands for are dropped in the same transaction.
    pub fn freeze(&mut self, id: i64, bytes: &[u8], merged: &[i64], now: Timestamp) -> Result<()> {
        let fail = |e: rusqlite::Error| super::open::failure(&self.path, &e);
        let transaction = self.connection.transaction().map_err(fail)?;
        let freeze = r#"UPDATE outbox SET bytes = ?2, sending = '"frozen"' WHERE id = ?1 AND sending = '"due"'"#;
        transaction.execute(freeze, rusqlite::params![id, bytes]).map_err(fail)?;
        let merge = r#"UPDATE outbox SET sending = '"dropped"', reason = 'merged', settled = ?2, bytes = NULL
                       WHERE id = ?1 AND sending IN ('"due"', '"frozen"')"#;
        for other in merged {
            transaction.execute(merge, (other, now.as_millisecond())).map_err(fail)?;
        }
        transaction.commit().map_err(fail)
    }

    /// Counts an attempt before it is made.
    pub fn trying(&mut self, id: i64, now: Timestamp) -> Result<()> {
        self.execute(
            "UPDATE outbox SET attempts = attempts + 1, attempted = ?2 WHERE id = ?1",
            (id, now.as_millisecond()),
        )
        .map(|_| ())
    }

    /// From here on nobody knows whether it was accepted: committed before the message itself is sent. Also counts the
    /// attempt, so that a mail costs two commits.
    pub fn in_doubt(&mut self, id: i64, now: Timestamp) -> Result<()> {
        let sql = r#"UPDATE outbox SET sending = '"uncertain"', attempts = attempts + 1, attempted = ?2 WHERE id = ?1"#;
        self.execute(sql, (id, now.as_millisecond())).map(|_| ())
    }

    /// The server said clearly that it did not take it, or it never got that far: as before the attempt.
    pub fn not_taken(&mut self, id: i64, again: Timestamp) -> Result<()> {
        let sql = r#"UPDATE outbox SET sending = '"frozen"', due = ?2 WHERE id = ?1 AND bytes IS NOT NULL"#;
        self.execute(sql, (id, again.as_millisecond())).map(|_| ())
    }

    /// The end of a mail: sent, failed, dropped or withheld. Its bytes are not kept.
    pub fn settle(&mut self, id: i64, sending: &Sending, reason: &str, now: Timestamp) -> Result<()> {
        let sql = "UPDATE outbox SET sending = ?2, reason = ?3, settled = ?4, bytes = NULL WHERE id = ?1";
        self.execute(sql, (id, row::json(sending), reason, now.as_millisecond())).map(|_| ())
    }

    /// Not before that time.
    pub fn postpone(&mut self, id: i64, due: Timestamp) -> Result<()> {
        self.execute("UPDATE outbox SET due = ?2 WHERE id = ?1 AND due <> ?2", (id, due.as_millisecond())).map(|_| ())
    }

    /// Whether the person of a mail has asked for no more automatic mail.
    pub fn wants_no_mail(&self, mail: &Outgoing) -> Result<bool> {
        Ok(self.view().entries_at(&mail.to)?.iter().any(|e| e.content == Content::NoMoreMail))
    }
}
