//! Tables as one .xlsx: typed cells, frozen heading, filters, widths, one page wide when printed.
//!
//! Promises: text is written as text whatever it begins with; a name of a sheet that the format refuses is shortened.

use jiff::civil::DateTime;
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::{Cell, Table};
use crate::failure::{Failure, Result};

/// Columns are that wide at most, in characters; longer text is wrapped.
const WIDEST: usize = 50;

/// The bytes of the workbook. `notice` is printed at the foot of each page.
pub fn xlsx(tables: &[Table], notice: &str) -> Result<Vec<u8>> {
    let fail = |e: XlsxError| Failure::permanent("export/sheet").detail(e);
    let mut workbook = Workbook::new();
    for table in tables {
        let sheet = workbook.add_worksheet();
        fill(sheet, table).map_err(fail)?;
        // "&" begins a code in a footer.
        sheet.set_footer(format!("&L{}&R&P/&N", notice.replace('&', "&&")));
    }
    workbook.save_to_buffer().map_err(fail)
}

fn fill(sheet: &mut Worksheet, table: &Table) -> std::result::Result<(), XlsxError> {
    let name: String = table.name.chars().filter(|c| !"[]:*?/\\".contains(*c)).take(31).collect();
    sheet.set_name(name)?;
    let bold = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let top = Format::new().set_align(FormatAlign::Top);
    let moment = Format::new().set_num_format("dd/mm/yyyy hh:mm").set_align(FormatAlign::Top);
    for (column, head) in (0u16..).zip(&table.head) {
        sheet.write_string_with_format(0, column, head, &bold)?;
        sheet.set_column_width(column, width(table, usize::from(column)))?;
    }
    for (row, cells) in (1u32..).zip(&table.rows) {
        for (column, cell) in (0u16..).zip(cells) {
            match cell {
                Cell::Empty => continue,
                Cell::Text(words) => sheet.write_string_with_format(row, column, words, &wrapped)?,
                Cell::Number(n) => sheet.write_with_format(row, column, *n, &top)?,
                Cell::Moment(at) => sheet.write_datetime_with_format(row, column, &excel(*at)?, &moment)?,
            };
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, 0)?;
    let last = u16::try_from(table.head.len().saturating_sub(1)).unwrap_or(0);
    let rows = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
    sheet.autofilter(0, 0, rows, last)?;
    Ok(())
}

fn excel(at: DateTime) -> std::result::Result<ExcelDateTime, XlsxError> {
    let small = |n: i8| u8::try_from(n).unwrap_or(0);
    let year = u16::try_from(at.year()).unwrap_or(1900);
    ExcelDateTime::from_ymd(year, small(at.month()), small(at.day()))?.and_hms(
        u16::try_from(at.hour()).unwrap_or(0),
        small(at.minute()),
        f64::from(at.second()),
    )
}

/// As wide as the longest cell, within reason.
fn width(table: &Table, column: usize) -> f64 {
    let length = |cell: Option<&Cell>| match cell {
        Some(Cell::Text(words)) => words.chars().count(),
        Some(Cell::Moment(_)) => 16,
        Some(Cell::Number(_)) => 6,
        _ => 0,
    };
    let head = table.head.get(column).map_or(0, |h| h.chars().count() + 3);
    let longest = table.rows.iter().map(|row| length(row.get(column))).max().unwrap_or(0).max(head);
    f64::from(u32::try_from(longest.clamp(6, WIDEST)).unwrap_or(6)) + 1.0
}
