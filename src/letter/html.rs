//! HTML → the same lines as plain text, with what the elements say: quoted, program's own, signature.
//!
//! Promises: every visible word is kept, in order; `<br>`, `<div>`, `<p>` end lines; a quote element deepens its lines.
//! Elements are known by the names that mail programs give them ([`effect`]). Linear; nothing recurses.

use super::body::Part;
use super::line::{self, Hint, Line};

mod effect;
mod token;

use effect::Effect;
use token::{Token, Tokens, value};

/// Elements open at one time beyond which new ones count for nothing.
const DEEPEST: usize = 200;

/// The lines of an HTML part.
pub fn lines(part: &Part) -> Vec<Line> {
    let mut page = Page::default();
    for token in Tokens::new(&part.text) {
        match token {
            Token::Text(text) => page.text(&text),
            Token::Open(name, attributes) => page.open(&name, attributes),
            Token::Close(name) => page.close(&name),
        }
    }
    page.end_line();
    let mut lines = page.lines;
    for line in &mut lines {
        let (marks, rest) = line::marks(&line.text);
        if marks > 0 {
            line.text = rest.to_owned();
            line.depth = line.depth.saturating_add(marks);
        }
    }
    line::finish(&mut lines);
    lines
}

#[derive(Default)]
struct Page {
    lines: Vec<Line>,
    current: Line,
    started: bool,
    open: Vec<(String, Effect)>,
    overflow: usize,
    depth: u16,
    hidden: usize,
    pre: usize,
    wraps: Vec<u32>,
    wrap_count: u32,
}

impl Page {
    fn text(&mut self, text: &str) {
        if self.hidden > 0 {
            return;
        }
        if self.pre > 0 {
            for (i, piece) in text.split('\n').enumerate() {
                if i > 0 {
                    self.break_line();
                }
                self.write(piece.trim_end_matches('\r'));
            }
            return;
        }
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            if c.is_ascii_whitespace() {
                let start = out.is_empty() && (self.current.text.is_empty() || self.current.text.ends_with(' '));
                if !start && !out.ends_with(' ') {
                    out.push(' ');
                }
            } else {
                out.push(c);
            }
        }
        self.write(&out);
    }

    fn write(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if !self.started {
            self.started = true;
            self.current.depth = self.depth;
            self.current.hint = self.open.iter().rev().find_map(|(_, e)| e.hint());
            self.current.wrap = self.wraps.last().copied().unwrap_or(0);
        }
        self.current.text.push_str(text);
    }

    /// Ends the line if there is anything on it.
    fn end_line(&mut self) {
        if self.started && !self.current.text.trim_matches(line::is_space).is_empty() {
            self.push();
        }
        self.current = Line::default();
        self.started = false;
    }

    /// Ends the line, empty or not.
    fn break_line(&mut self) {
        if self.current.text.trim_matches(line::is_space).is_empty() {
            self.current = Line { depth: self.depth, ..Line::default() };
        }
        self.push();
    }

    fn push(&mut self) {
        let mut line = std::mem::take(&mut self.current);
        line.delimiter = matches!(line.text.as_str(), "-- " | "--\u{a0}");
        self.lines.push(line);
        self.started = false;
    }

    fn blank_after(&mut self) {
        self.end_line();
        if self.lines.last().is_some_and(|l| !l.blank()) {
            self.lines.push(Line { depth: self.depth, ..Line::default() });
        }
    }

    fn open(&mut self, name: &str, attributes: &str) {
        match name {
            "br" => self.break_line(),
            "hr" => {
                self.end_line();
                let hint = if effect::divides(attributes) { Hint::HeadersBelow } else { Hint::Rule };
                self.lines.push(Line { depth: self.depth, hint: Some(hint), ..Line::default() });
            }
            "img" => self.picture(attributes),
            "td" | "th" if self.started => self.write(" "),
            "li" => {
                self.end_line();
                self.write("- ");
            }
            "p" if !effect::tight(attributes) => self.blank_after(),
            _ if breaks(name) => self.end_line(),
            _ => {}
        }
        if !carries(name) {
            return;
        }
        if self.open.len() >= DEEPEST {
            self.overflow += 1;
            return;
        }
        let effect = effect::of(name, attributes);
        self.pre += usize::from(name == "pre");
        self.enter(effect);
        self.open.push((name.to_owned(), effect));
    }

    fn close(&mut self, name: &str) {
        if name == "p" {
            // Margins are the program's business; a closing tag alone does not tell. The opening one did.
            self.end_line();
        } else if breaks(name) {
            self.end_line();
        }
        if !carries(name) {
            return;
        }
        if self.overflow > 0 {
            self.overflow -= 1;
            return;
        }
        let Some(back) = self.open.iter().rev().take(40).position(|(n, _)| n == name) else { return };
        for _ in 0..=back {
            if let Some((name, effect)) = self.open.pop() {
                self.pre -= usize::from(name == "pre").min(self.pre);
                self.leave(effect);
            }
        }
    }

    fn enter(&mut self, effect: Effect) {
        match effect {
            Effect::Quote => self.depth = self.depth.saturating_add(1),
            Effect::Wrap => {
                self.wrap_count += 1;
                self.wraps.push(self.wrap_count);
            }
            Effect::Hidden => self.hidden += 1,
            Effect::Hint(_) | Effect::None => {}
        }
    }

    fn leave(&mut self, effect: Effect) {
        match effect {
            Effect::Quote => self.depth = self.depth.saturating_sub(1),
            Effect::Wrap => {
                self.wraps.pop();
            }
            Effect::Hidden => self.hidden = self.hidden.saturating_sub(1),
            Effect::Hint(_) | Effect::None => {}
        }
    }

    /// Gmail and Outlook send emoji as pictures; their text stands in `alt`.
    fn picture(&mut self, attributes: &str) {
        let alt = value(attributes, "alt");
        if !alt.is_empty() && alt.chars().count() <= 4 && !alt.is_ascii() {
            self.text(&token::entities(alt));
        }
    }
}

fn breaks(name: &str) -> bool {
    matches!(
        name,
        "div"
            | "p"
            | "blockquote"
            | "table"
            | "tr"
            | "ul"
            | "ol"
            | "li"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "pre"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "center"
            | "address"
            | "dl"
            | "dt"
            | "dd"
            | "body"
            | "form"
            | "fieldset"
            | "hr"
    )
}

/// Elements that can carry an effect, so that their ends are counted.
fn carries(name: &str) -> bool {
    matches!(name, "div" | "blockquote" | "span" | "pre" | "table" | "td" | "section" | "article")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str) -> Vec<(u16, String)> {
        let part = Part { html: true, flowed: false, delsp: false, text: html.to_owned() };
        lines(&part).into_iter().map(|l| (l.depth, l.text)).collect()
    }

    #[test]
    fn blocks_and_breaks_end_lines_and_spaces_fold() {
        let got = read(
            "<div>Bonjour,</div><div><br></div><div>nous\n  serons <b>4</b><br>à midi</div><ul><li>une tarte</ul>",
        );
        let want = ["Bonjour,", "", "nous serons 4", "à midi", "- une tarte"].map(|t| (0, t.to_owned()));
        assert_eq!(got, want);
    }

    #[test]
    fn a_quote_element_deepens_its_lines_whatever_stray_ends_stand_in_it() {
        let got = read(
            "oui<blockquote type=cite></td><div>a<blockquote type=cite>b</blockquote>c</span></div></blockquote>d",
        );
        assert_eq!(got, [(0, "oui"), (1, "a"), (2, "b"), (1, "c"), (0, "d")].map(|(d, t)| (d, t.to_owned())));
    }

    #[test]
    fn an_indenting_blockquote_is_no_quote_by_itself() {
        let got =
            read("<blockquote style=\"margin:0 0 0 40px;border:none;padding:0px\"><div>une quiche</div></blockquote>");
        assert_eq!(got, [(0, "une quiche".to_owned())]);
    }

    #[test]
    fn hidden_text_is_not_read_and_pictures_of_emoji_are() {
        let got = read("<div style=\"display: none\">promo</div>d'accord <img alt=\"👍\" src=x>");
        assert_eq!(got, [(0, "d'accord 👍".to_owned())]);
    }
}
