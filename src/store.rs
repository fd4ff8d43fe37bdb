//! SQLite: the ledger, the outbox, how far the mailbox was read. The only module that names rusqlite.
//!
//! Promises: what is committed is never lost, whatever is killed whenever; a letter, its entries and its answer-to-be
//! are one transaction; the ledger is only added to (erasure excepted). Never recreates a damaged database, never
//! keeps raw mail (quarantined letters excepted). Blocking: the daemon calls it from its one blocking thread.
//!
//! - [`batch`]: letters and what follows from them, in one transaction
//! - [`outbox`]: what is to be sent, phase by phase
//! - [`read`]: the ledger, and what is known of one sender
//! - [`erase`]: one person, or everybody after the retention period
//! - `open`, `copy`, `lock`, `row`: file, backup, single instance, values to columns and back

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};

use crate::entry::{Ledger, Location, Position};
use crate::failure::{Failure, Result};

pub mod batch;
mod copy;
pub mod erase;
mod lock;
mod open;
pub mod outbox;
pub mod read;
mod row;

pub use batch::{Batch, Kept, NewEntry, NewMail};
pub use lock::{Lock, lock};
pub use read::View;

/// The database of one association.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    path: PathBuf,
}

impl Store {
    /// Opens the database, or creates it; checks its health, and brings it up to this program's version.
    pub fn open(path: &Path) -> Result<Self> {
        Ok(Self { connection: open::open(path)?, path: path.to_path_buf() })
    }

    /// Opens the database for a command that has nothing to do without one.
    pub fn open_existing(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Err(Failure::fatal("store/missing").with("file", path.display()));
        }
        Self::open(path)
    }

    /// Whether anything personal is left.
    pub fn holds_people(&self) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM entry) OR EXISTS (SELECT 1 FROM quarantine)
                       OR EXISTS (SELECT 1 FROM letter WHERE folded <> '' OR shown <> '' OR message_id <> '')
                       OR EXISTS (SELECT 1 FROM outbox WHERE recipient <> '')";
        Ok(self.rows(sql, [], |r| r.get(0))?.pop().unwrap_or(false))
    }

    /// Everything that the roster and the digest are computed from.
    pub fn ledger(&self) -> Result<Ledger> {
        self.view().ledger()
    }

    /// Looks at what is committed.
    pub fn view(&self) -> View<'_> {
        View { connection: &self.connection, path: &self.path }
    }

    /// Opens a transaction for letters and what follows from them.
    pub fn begin(&mut self) -> Result<Batch<'_>> {
        Batch::begin(&mut self.connection, &self.path)
    }

    /// How far each folder of the account was read.
    pub fn positions(&self, account: &str) -> Result<Vec<Position>> {
        let sql = "SELECT folder, validity, next FROM position WHERE account = ?1 ORDER BY folder";
        self.rows(sql, [account], |r| Ok(Position { folder: r.get(0)?, uid_validity: r.get(1)?, next_uid: r.get(2)? }))
    }

    /// Every place of the account where a letter was already seen and kept.
    pub fn sightings(&self, account: &str) -> Result<Vec<Location>> {
        let sql = "SELECT folder, validity, key FROM sighting WHERE account = ?1 ORDER BY folder, validity, key";
        self.rows(sql, [account], |r| Ok(Location { folder: r.get(0)?, uid_validity: r.get(1)?, key: r.get(2)? }))
    }

    /// Raises the count of attempts of letters about to be worked on, and commits it; returns the counts with this one.
    pub fn attempt(&mut self, account: &str, letters: &[Location]) -> Result<Vec<u32>> {
        let fail = |e: rusqlite::Error| open::failure(&self.path, &e);
        let transaction = self.connection.transaction().map_err(fail)?;
        let mut counts = Vec::with_capacity(letters.len());
        {
            let sql = "INSERT INTO attempt (account, folder, validity, key, count) VALUES (?1, ?2, ?3, ?4, 1)
                       ON CONFLICT DO UPDATE SET count = count + 1 RETURNING count";
            let mut statement = transaction.prepare_cached(sql).map_err(fail)?;
            for l in letters {
                let count = statement.query_row((account, &l.folder, l.uid_validity, &l.key), |r| r.get(0));
                counts.push(count.map_err(fail)?);
            }
        }
        transaction.commit().map_err(fail)?;
        Ok(counts)
    }

    /// Letters that were in work when the program ended without finishing them, with their counts of attempts.
    pub fn unfinished(&self, account: &str) -> Result<Vec<(Location, u32)>> {
        let sql = "SELECT folder, validity, key, count FROM attempt WHERE account = ?1 ORDER BY folder, validity, key";
        self.rows(sql, [account], |r| {
            Ok((Location { folder: r.get(0)?, uid_validity: r.get(1)?, key: r.get(2)? }, r.get(3)?))
        })
    }

    /// Takes the counts back: the work ended in good order without being done (disk full, shutdown).
    pub fn unattempt(&mut self, account: &str) -> Result<()> {
        self.execute("DELETE FROM attempt WHERE account = ?1", [account]).map(|_| ())
    }

    /// A small fact.
    pub fn mark(&self, key: &str) -> Result<Option<String>> {
        self.view().mark(key)
    }

    /// Writes a small fact down; `None` removes it. Writes nothing when it stands so already.
    pub fn set_mark(&mut self, key: &str, value: Option<&str>) -> Result<()> {
        if self.mark(key)?.as_deref() == value {
            return Ok(());
        }
        match value {
            None => self.execute("DELETE FROM mark WHERE key = ?1", [key]),
            Some(v) => self.execute("INSERT OR REPLACE INTO mark (key, value) VALUES (?1, ?2)", [key, v]),
        }
        .map(|_| ())
    }

    /// A moment among the small facts.
    pub fn moment(&self, key: &str) -> Result<Option<Timestamp>> {
        self.view().moment(key)
    }

    /// Writes a moment down.
    pub fn set_moment(&mut self, key: &str, at: Option<Timestamp>) -> Result<()> {
        self.set_mark(key, at.map(|t| t.as_millisecond().to_string()).as_deref())
    }

    /// A name that nobody outside can guess, the same each time for the same words: the left part of Message-IDs.
    pub fn secret_name(&self, words: &[&str]) -> Result<String> {
        secret_name(&self.connection, words).map_err(|e| open::failure(&self.path, &e))
    }

    /// A consistent copy, while the daemon runs.
    pub fn backup(&self, to: &Path) -> Result<()> {
        copy::copy(&self.path, &self.connection, to)
    }

    /// Empties the write-ahead log into the database file; once a day, and after each erasure.
    pub fn checkpoint(&self) -> Result<()> {
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        self.connection.query_row(sql, [], |_| Ok(())).map_err(|e| open::failure(&self.path, &e))
    }

    /// Drawn once a database, so that hashes of addresses cannot be looked up in a table made elsewhere.
    fn salt(&self) -> Result<String> {
        salt(&self.connection).map_err(|e| open::failure(&self.path, &e))
    }

    fn execute(&self, sql: &str, parameters: impl rusqlite::Params) -> Result<usize> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut s| s.execute(parameters))
            .map_err(|e| open::failure(&self.path, &e))
    }

    fn rows<T>(
        &self,
        sql: &str,
        parameters: impl rusqlite::Params,
        read: impl FnMut(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        self.view().rows(sql, parameters, read)
    }
}

/// A salted hash, hex.
fn hashed(salt: &str, words: &str) -> String {
    let digest = Sha256::new().chain_update(salt).chain_update("\n").chain_update(words).finalize();
    digest.iter().map(|b| format!("{b:02x}")).collect()
}

/// The value of a mark on a connection or transaction.
fn mark(connection: &Connection, key: &str) -> rusqlite::Result<Option<String>> {
    connection.prepare_cached("SELECT value FROM mark WHERE key = ?1")?.query_row([key], |r| r.get(0)).optional()
}

fn salt(connection: &Connection) -> rusqlite::Result<String> {
    let sql = "INSERT OR IGNORE INTO mark (key, value) VALUES ('salt', hex(randomblob(32)))";
    if let Some(salt) = mark(connection, "salt")? {
        return Ok(salt);
    }
    connection.execute(sql, [])?;
    Ok(mark(connection, "salt")?.unwrap_or_default())
}

fn secret_name(connection: &Connection, words: &[&str]) -> rusqlite::Result<String> {
    Ok(hashed(&salt(connection)?, &words.join("\n")).chars().take(32).collect())
}
