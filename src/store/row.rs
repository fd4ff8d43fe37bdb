//! Values to columns and back. A column that cannot be read is an error of SQLite's, never a made-up value.

use jiff::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Error, Result, Row};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::entry::{Entry, LetterRecord, Outgoing, Person};

/// Columns of [`letter`], in its order.
pub(super) const LETTER: &str = "id, hash, received, read, address, name, shown, signed, language, kind, review,
    needs_human, refusal, message_id, refs, subject, excerpt, backlog, about";

/// Columns of [`entry`], in its order.
pub(super) const ENTRY: &str = "id, at, said, origin, address, name, shown, content";

/// Columns of [`outgoing`], in its order.
pub(super) const OUTGOING: &str = "id, occasion, letter, recipient, address, name, planned, due, sending, attempts,
    attempted, message_id, reason, settled";

/// JSON of a value; the types written here always have one.
pub(super) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn wrong(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
}

fn read<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> Result<T> {
    let text: String = row.get(column)?;
    serde_json::from_str(&text).map_err(|e| wrong(column, e))
}

fn moment(row: &Row<'_>, column: usize) -> Result<Timestamp> {
    Timestamp::from_millisecond(row.get(column)?).map_err(|e| wrong(column, e))
}

fn moment_or_none(row: &Row<'_>, column: usize) -> Result<Option<Timestamp>> {
    let value: Option<i64> = row.get(column)?;
    value.map(|v| Timestamp::from_millisecond(v).map_err(|e| wrong(column, e))).transpose()
}

pub(super) fn letter(row: &Row<'_>) -> Result<LetterRecord> {
    Ok(LetterRecord {
        id: row.get(0)?,
        hash: row.get(1)?,
        received: moment(row, 2)?,
        read: moment(row, 3)?,
        person: Person { address: row.get(4)?, name: row.get(5)? },
        shown: row.get(6)?,
        signed: row.get(7)?,
        language: row.get(8)?,
        kind: read(row, 9)?,
        review: read(row, 10)?,
        needs_human: row.get(11)?,
        refusal: row.get(12)?,
        message_id: row.get(13)?,
        references: read(row, 14)?,
        subject: row.get(15)?,
        excerpt: row.get(16)?,
        backlog: row.get(17)?,
        about: row.get(18)?,
    })
}

pub(super) fn entry(row: &Row<'_>) -> Result<Entry> {
    Ok(Entry {
        id: row.get(0)?,
        at: moment(row, 1)?,
        said: moment(row, 2)?,
        origin: read(row, 3)?,
        person: Person { address: row.get(4)?, name: row.get(5)? },
        shown: row.get(6)?,
        content: read(row, 7)?,
    })
}

/// Without its bytes.
pub(super) fn outgoing(row: &Row<'_>) -> Result<Outgoing> {
    Ok(Outgoing {
        id: row.get(0)?,
        occasion: read(row, 1)?,
        letter: row.get(2)?,
        to: row.get(3)?,
        person: Person { address: row.get(4)?, name: row.get(5)? },
        planned: moment(row, 6)?,
        due: moment(row, 7)?,
        sending: read(row, 8)?,
        attempts: row.get(9)?,
        attempted: moment_or_none(row, 10)?,
        message_id: row.get(11)?,
        reason: row.get(12)?,
        settled: moment_or_none(row, 13)?,
        bytes: None,
    })
}
