//! The spreadsheet: the ledger and the roster as tables, written as .xlsx, .csv or .json.
//!
//! Promises: every cell of a stranger's text is text, never a formula, and holds no control character; numbers and dates
//! are numbers and dates; headings are the association's words (`[sheet]` of `words.toml`). The only module that names
//! rust_xlsxwriter. Writes no file: it gives bytes.
//!
//! - [`tables`]: what stands in each sheet; [`xlsx`], [`csv`]: how it is written; [`person`]: all about one person.

use crate::config::Config;
use crate::draft::Attachment;
use crate::entry::Ledger;
use crate::failure::Result;
use crate::speech::Speech;
use jiff::Timestamp;
use jiff::civil::DateTime;

mod csv;
pub mod person;
mod tables;
mod xlsx;

pub use csv::csv;
pub use tables::tables;
pub use xlsx::xlsx;

/// One sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Its name, at most 31 characters.
    pub name: String,
    /// Column headings.
    pub head: Vec<String>,
    /// Rows of as many cells.
    pub rows: Vec<Vec<Cell>>,
}

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words.
    Text(String),
    /// A number.
    Number(u32),
    /// Local date and time of the association.
    Moment(DateTime),
}

impl Cell {
    /// Words, cleaned of what a sheet must not hold; nothing when they are empty.
    fn text(words: &str) -> Self {
        let words = crate::digest::clean(words, 1000);
        if words.is_empty() { Self::Empty } else { Self::Text(words) }
    }

    /// A number, when there is one.
    fn number(number: Option<u32>) -> Self {
        number.map_or(Self::Empty, Self::Number)
    }
}

/// The spreadsheet as it goes with a digest.
pub fn attachment(ledger: &Ledger, config: &Config, speech: &Speech, now: Timestamp) -> Result<Attachment> {
    let tables = tables(ledger, config, speech, now);
    let day = now.to_zoned(config.association.timezone.clone()).date();
    Ok(Attachment {
        name: format!("{}-{day}.xlsx", speech.say("sheet/file", ())),
        media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".into(),
        bytes: xlsx(&tables, &speech.say("sheet/notice", ()))?,
    })
}

/// The tables as one JSON object: a list of rows a sheet, keys as headings.
pub fn json(tables: &[Table]) -> serde_json::Value {
    let cell = |cell: &Cell| match cell {
        Cell::Empty => serde_json::Value::Null,
        Cell::Text(words) => words.clone().into(),
        Cell::Number(n) => (*n).into(),
        Cell::Moment(at) => at.to_string().into(),
    };
    let row = |table: &Table, row: &Vec<Cell>| {
        let pairs = table.head.iter().cloned().zip(row.iter().map(cell));
        serde_json::Value::Object(pairs.collect())
    };
    let sheet = |table: &Table| {
        let rows: Vec<serde_json::Value> = table.rows.iter().map(|r| row(table, r)).collect();
        (table.name.clone(), rows.into())
    };
    serde_json::Value::Object(tables.iter().map(sheet).collect())
}
