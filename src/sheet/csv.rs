//! A table as a French spreadsheet program opens it by a double click: `;` between cells, UTF-8 with its mark, CRLF.
//!
//! Promises: a cell that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`) begins with an
//! apostrophe; a cell with `;`, quotes or line ends is quoted (RFC 4180).

use super::{Cell, Table};

/// UTF-8's byte order mark: without it, Excel reads accents as Windows-1252.
const MARK: &str = "\u{feff}";

/// One table; the other sheets need the .xlsx.
pub fn csv(table: &Table) -> String {
    let mut out = String::from(MARK);
    let head: Vec<Cell> = table.head.iter().map(|h| Cell::Text(h.clone())).collect();
    for row in std::iter::once(&head).chain(&table.rows) {
        let cells: Vec<String> = row.iter().map(cell).collect();
        out.push_str(&cells.join(";"));
        out.push_str("\r\n");
    }
    out
}

fn cell(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Number(n) => n.to_string(),
        Cell::Moment(at) => at.strftime("%d/%m/%Y %H:%M").to_string(),
        Cell::Text(words) => quoted(&tamed(words)),
    }
}

fn tamed(words: &str) -> String {
    // Full-width forms are taken for their ASCII twins by some programs.
    let formula = ['=', '+', '-', '@', '\t', '\r', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    if words.starts_with(formula) { format!("'{words}") } else { words.to_owned() }
}

fn quoted(words: &str) -> String {
    if words.contains([';', '"', '\n', '\r', ',']) {
        format!("\"{}\"", words.replace('"', "\"\""))
    } else {
        words.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_tamed_and_separators_quoted() {
        let text = |t: &str| Cell::Text(t.into());
        let rows = vec![vec![text("=HYPERLINK(\"http://x\";\"y\")"), text("a;b"), Cell::Number(3), Cell::Empty]];
        let table = Table { name: "R".into(), head: vec!["A".into(); 4], rows };
        let expected = "\u{feff}A;A;A;A\r\n\"'=HYPERLINK(\"\"http://x\"\";\"\"y\"\")\";\"a;b\";3;\r\n";
        assert_eq!(csv(&table), expected);
    }
}
