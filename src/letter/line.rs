//! The body as lines: text, how deep it is quoted, and what the HTML around it says.
//!
//! Promises: both forms of a body (plain text, HTML) become the same lines, so that one reading serves both; quote
//! marks are taken off and counted; `format=flowed` paragraphs are joined (RFC 3676). Linear; never fails.

use super::body::Part;

/// What the HTML says of a line besides its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hint {
    /// A mail program's own line above a quote (`gmail_attr`, `moz-cite-prefix`).
    Attribution,
    /// In the mail program's signature element.
    Signature,
    /// In a quote element that programs use for indenting, too: quote if an attribution stands above.
    Indented,
    /// A header block follows and everything below is quoted (`divRplyFwdMsg`, Outlook's border).
    HeadersBelow,
    /// A horizontal rule.
    Rule,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Line {
    /// Its text without quote marks, end trimmed.
    pub text: String,
    /// How many quote marks or quote elements it stands under.
    pub depth: u16,
    /// What the HTML says.
    pub hint: Option<Hint>,
    /// The wrapper around a quote (Gmail, Proton) that it stands in directly, by number from 1: the program's line, the
    /// answers between the quotes, or a whole forwarded mail.
    pub wrap: u32,
    /// Exactly `-- `, the signature delimiter of RFC 3676.
    pub delimiter: bool,
}

impl Line {
    /// Nothing to read on it.
    pub fn blank(&self) -> bool {
        self.text.is_empty() && self.hint.is_none()
    }
}

/// The lines of a plain text part.
pub fn plain(part: &Part) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut open = false; // the line before was soft-broken
    let mut armour = Armour::default();
    for raw in part.text.split('\n') {
        if armour.holds(raw, &part.text) {
            continue;
        }
        let (depth, rest) = marks(raw);
        let rest = if part.flowed { rest.strip_prefix(' ').unwrap_or(rest) } else { rest };
        let delimiter = matches!(rest, "-- " | "--\u{a0}");
        let soft = part.flowed && rest.ends_with(' ') && !delimiter;
        let text = if soft && part.delsp { rest.get(..rest.len() - 1).unwrap_or(rest) } else { rest };
        match lines.last_mut() {
            // A paragraph that grows without end is no paragraph.
            Some(last) if open && last.depth == depth && !delimiter && last.text.len() < 20_000 => {
                last.text.push_str(text);
            }
            _ => lines.push(Line { text: text.to_owned(), depth, delimiter, ..Line::default() }),
        }
        open = soft;
    }
    finish(&mut lines);
    lines
}

/// What a program wraps around or puts into plain text: a PGP signature, a file in uuencode.
#[derive(Default)]
struct Armour {
    until: Option<&'static str>,
    /// An end was missing: what looks like a beginning is text.
    off: bool,
}

impl Armour {
    fn holds(&mut self, raw: &str, whole: &str) -> bool {
        let line = raw.trim_end();
        if let Some(end) = self.until {
            if line == end {
                self.until = None;
            }
            return true;
        }
        if self.off || !line.starts_with(['-', 'b']) {
            return false;
        }
        self.until = match line {
            "-----BEGIN PGP SIGNATURE-----" => Some("-----END PGP SIGNATURE-----"),
            "-----BEGIN PGP PUBLIC KEY BLOCK-----" => Some("-----END PGP PUBLIC KEY BLOCK-----"),
            // Its `Hash:` lines end at the first empty one.
            "-----BEGIN PGP SIGNED MESSAGE-----" => Some(""),
            _ if uuencoded(line) => Some("end"),
            _ => None,
        };
        self.off = self.until.is_some_and(|end| !whole.contains(&format!("\n{end}")));
        if self.off {
            self.until = None;
        }
        self.until.is_some()
    }
}

/// `begin 644 name`.
fn uuencoded(line: &str) -> bool {
    let mut words = line.split(' ');
    let begins = words.next() == Some("begin");
    let mode = words.next().is_some_and(|m| m.len() == 3 && m.bytes().all(|b| b.is_ascii_digit()));
    begins && mode && words.next().is_some()
}

/// Trims each line; one mark before a line that begins with "From " is an mbox file's, not a quote.
pub fn finish(lines: &mut [Line]) {
    for i in 0..lines.len() {
        let near = |j: Option<usize>| j.and_then(|j| lines.get(j)).is_some_and(|l| l.depth > 0);
        let alone = !near(i.checked_sub(1)) && !near(i.checked_add(1));
        if let Some(line) = lines.get_mut(i) {
            let end = line.text.trim_end_matches(is_space).len();
            line.text.truncate(end);
            if line.depth == 1 && alone && line.text.starts_with("From ") {
                line.depth = 0;
            }
        }
    }
}

/// White space of any kind, and the invisible marks that programs leave in empty lines.
pub fn is_space(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{ad}' | '\u{2060}' | '\u{202a}'..='\u{202e}')
}

/// The quote marks at the start of a line: how many, and the rest. `> > x`, `>>x`, ` > x`.
pub fn marks(raw: &str) -> (u16, &str) {
    let mut depth = 0u16;
    let mut rest = raw;
    loop {
        let inner = rest.strip_prefix(' ').unwrap_or(rest);
        match inner.strip_prefix('>') {
            Some(after) if depth < 100 => {
                depth += 1;
                rest = after;
            }
            _ => break,
        }
    }
    if depth == 0 {
        return (0, raw);
    }
    (depth, rest.strip_prefix(' ').unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, flowed: bool) -> Vec<(u16, String)> {
        let part = Part { html: false, flowed, delsp: false, text: text.to_owned() };
        plain(&part).into_iter().map(|l| (l.depth, l.text)).collect()
    }

    #[test]
    fn quote_marks_are_counted_however_they_are_spaced() {
        for quoted in [">> x", "> > x", " > >x", ">>x"] {
            assert_eq!(lines(quoted, false), [(2, "x".to_owned())], "{quoted}");
        }
    }

    #[test]
    fn a_flowed_paragraph_is_one_line_and_keeps_its_delimiter_apart() {
        let text = "Nous serons \nquatre samedi.\n-- \nJean";
        let want = [(0, "Nous serons quatre samedi."), (0, "--"), (0, "Jean")].map(|(d, t)| (d, t.to_owned()));
        assert_eq!(lines(text, true), want);
    }

    #[test]
    fn armour_and_files_in_the_text_are_left_out() {
        let text = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\noui\nbegin 644 a.jpg\nM1234\nend\nnous deux\n\
            -----BEGIN PGP SIGNATURE-----\n\niQEz\n-----END PGP SIGNATURE-----";
        assert_eq!(lines(text, false), [(0, "oui".to_owned()), (0, "nous deux".to_owned())]);
    }

    #[test]
    fn a_mark_that_an_mbox_file_added_is_no_quote() {
        assert_eq!(lines("a\n>From my heart\nb", false).get(1), Some(&(0, "From my heart".to_owned())));
        assert_eq!(lines("> a\n>From my heart\n> b", false).get(1), Some(&(1, "From my heart".to_owned())));
    }
}
