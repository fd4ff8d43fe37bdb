//! The spreadsheet.
