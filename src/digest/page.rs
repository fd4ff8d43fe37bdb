//! What a digest is made of: sections of plain blocks, which both templates lay out.
//!
//! Promises: one value per sentence, so that text and HTML cannot differ in words. Holds no markup; a stranger's text is
//! cleaned by [`clean`] before it comes here, and escaped by the HTML template.

use serde::Serialize;

/// The whole digest, as the templates see it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page {
    /// The subject line.
    pub subject: String,
    /// Language of the text (`fr`).
    pub language: String,
    /// Before everything.
    pub greeting: String,
    /// Said first.
    pub opening: String,
    /// In order.
    pub sections: Vec<Section>,
    /// Small print, one paragraph each.
    pub footer: Vec<String>,
}

/// One section.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub struct Section {
    /// Its heading.
    pub heading: String,
    /// It asks for something to be done: shown with a mark, in words and frame, never by colour alone.
    pub urgent: bool,
    /// In order.
    pub blocks: Vec<Block>,
}

/// One block of a section.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "block", rename_all = "lowercase")]
pub enum Block {
    /// A paragraph.
    Text {
        /// Its words.
        text: String,
    },
    /// A list.
    Items {
        /// Its lines.
        items: Vec<Item>,
    },
    /// A table; the first column names the row.
    Table {
        /// Column headings; empty when the rows speak for themselves.
        head: Vec<String>,
        /// Rows, as many cells as the widest.
        rows: Vec<Vec<String>>,
        /// The same, aligned with spaces for the text part.
        lines: Vec<String>,
    },
    /// A long table: number, name, answer.
    Rows {
        /// Column headings.
        head: Vec<String>,
        /// Rows of as many cells.
        rows: Vec<Vec<String>>,
    },
    /// Bars beside their figures; the picture says nothing that the words do not.
    Bars {
        /// One each.
        bars: Vec<Bar>,
    },
}

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Default)]
pub struct Item {
    /// What an organiser quotes in a correction; empty when there is nothing to correct.
    pub number: String,
    /// What it says.
    pub text: String,
    /// A second line below it; may be empty.
    pub note: String,
}

/// One bar.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bar {
    /// What is counted.
    pub label: String,
    /// The figure in words.
    pub text: String,
    /// Pixels of the full part, 0 to 120.
    pub full: u64,
    /// Pixels of the empty part, to the target or to the longest.
    pub rest: u64,
    /// The label padded for the text part.
    pub padded: String,
}

/// The longest bar, in pixels: fits beside label and figure on a telephone.
pub const BAR_PIXELS: u64 = 120;

impl Section {
    /// An empty section.
    pub fn new(heading: String) -> Self {
        Self { heading, ..Self::default() }
    }
    /// Adds a paragraph.
    pub fn text(&mut self, text: String) {
        self.blocks.push(Block::Text { text });
    }
    /// Adds a list, unless it is empty.
    pub fn items(&mut self, items: Vec<Item>) {
        if !items.is_empty() {
            self.blocks.push(Block::Items { items });
        }
    }
    /// Adds a table, unless it is empty.
    pub fn table(&mut self, head: Vec<String>, rows: Vec<Vec<String>>) {
        if !rows.is_empty() {
            let lines = aligned(&head, &rows);
            self.blocks.push(Block::Table { head, rows, lines });
        }
    }
    /// Adds a long table, which the text part prints row by row.
    pub fn rows(&mut self, head: Vec<String>, rows: Vec<Vec<String>>) {
        if !rows.is_empty() {
            self.blocks.push(Block::Rows { head, rows });
        }
    }
    /// Adds bars, unless there are none: label, figure in words, value, target.
    pub fn bars(&mut self, bars: Vec<(String, String, u64, u64)>) {
        let longest = bars.iter().map(|(_, _, value, target)| (*value).max(*target)).max().unwrap_or(0).max(1);
        let width = bars.iter().map(|(label, ..)| label.chars().count()).max().unwrap_or(0);
        let bars: Vec<Bar> = bars
            .into_iter()
            .map(|(label, text, value, target)| Bar {
                padded: pad(&label, width),
                full: (value * BAR_PIXELS).div_ceil(longest),
                rest: (target.saturating_sub(value) * BAR_PIXELS) / longest,
                label,
                text,
            })
            .collect();
        if !bars.is_empty() {
            self.blocks.push(Block::Bars { bars });
        }
    }
}

impl Item {
    /// A line that carries a number.
    pub fn numbered(number: impl ToString, text: String) -> Self {
        Self { number: number.to_string(), text, note: String::new() }
    }
    /// A line without.
    pub fn plain(text: String) -> Self {
        Self { text, ..Self::default() }
    }
}

fn pad(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(text.chars().count());
    format!("{text}{}", " ".repeat(missing))
}

/// Rows with their cells under each other.
fn aligned(head: &[String], rows: &[Vec<String>]) -> Vec<String> {
    let all = || (!head.is_empty()).then_some(head).into_iter().chain(rows.iter().map(Vec::as_slice));
    let columns = all().map(<[String]>::len).max().unwrap_or(0);
    let cell = |row: &[String], i: usize| row.get(i).cloned().unwrap_or_default();
    let widths: Vec<usize> =
        (0..columns).map(|i| all().map(|row| cell(row, i).chars().count()).max().unwrap_or(0)).collect();
    let line = |row: &[String]| {
        let cells: Vec<String> = widths.iter().enumerate().map(|(i, w)| pad(&cell(row, i), *w)).collect();
        cells.join("  ").trim_end().to_owned()
    };
    all().map(line).collect()
}

/// A stranger's text on one line: no control, no direction mark, no invisible character, at most `most` characters.
pub fn clean(text: &str, most: usize) -> String {
    let mut out = String::new();
    let mut count = 0;
    let visible = |c: char| {
        !matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
    };
    let mut space = false;
    for c in text.chars().filter(|c| visible(*c)) {
        if c.is_control() || c.is_whitespace() && c != '\u{a0}' && c != '\u{202f}' {
            space = !out.is_empty();
            continue;
        }
        if count >= most {
            out.push('…');
            break;
        }
        if space {
            out.push(' ');
            count += 1;
            space = false;
        }
        out.push(c);
        count += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strangers_text_stays_on_one_line_and_within_its_length() {
        assert_eq!(clean(" Jean\r\nBcc: x\u{202e}\u{200b}\tD. ", 60), "Jean Bcc: x D.");
        assert_eq!(clean(&"a".repeat(10_000), 60).chars().count(), 61);
    }

    #[test]
    fn table_cells_stand_under_each_other_whatever_their_accents() {
        let rows = vec![vec!["été".into(), "1".into()], vec!["printemps".into(), "22".into()]];
        assert_eq!(aligned(&[], &rows), ["été        1", "printemps  22"]);
    }
}
