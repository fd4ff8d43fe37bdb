//! What the rules of `rules/mail/{quotes,signatures}.toml` say of a line: one look, remembered as flags.
//!
//! Promises: at most [`LOOKS`] lines and [`BYTES`] bytes of a message are looked at, and only the first [`LONGEST`] bytes
//! of a line, so that no message costs more than its length allows; a line is folded once. No word of any language stands here.

use std::cell::Cell;

use crate::rules::Rules;
use crate::rules::lines::LineRules;
use crate::text::fold;

/// Lines are looked at up to here: what a program writes is shorter.
const LONGEST: usize = 700;
/// Looks at one message: a letter that a person wrote has fewer lines.
const LOOKS: usize = 4_000;

/// Bytes looked at in one message: gibberish is dearer to match than words.
const BYTES: usize = 128 << 10;

/// What a line is or holds.
pub type Flags = u32;
/// A date that a machine wrote.
pub const DATE: Flags = 1;
/// A time of day.
pub const TIME: Flags = 1 << 1;
/// A mail address.
pub const ADDRESS: Flags = 1 << 2;
/// Any of the three.
pub const EVIDENCE: Flags = DATE | TIME | ADDRESS;
/// An attribution line, known by the word it starts with; by what it ends with; one that needs a date or time; one that
/// needs no evidence.
const ATTRIBUTION: Flags = 1 << 3;
const ATTRIBUTION_LOOSE: Flags = 1 << 21;
const ATTRIBUTION_DATED: Flags = 1 << 4;
const ATTRIBUTION_SURE: Flags = 1 << 5;
/// The title of a quoted mail; of a forwarded one.
pub const TITLE: Flags = 1 << 6;
/// The title of a forwarded mail.
pub const FORWARD: Flags = 1 << 7;
/// Labels of a header block.
pub const FROM: Flags = 1 << 8;
/// `Date:`, `Envoyé :`.
pub const WHEN: Flags = 1 << 9;
/// `To:`.
pub const TO: Flags = 1 << 10;
/// `Subject:`.
pub const SUBJECT: Flags = 1 << 11;
/// `Cc:` and others.
pub const MORE: Flags = 1 << 12;
/// Any label.
pub const LABEL: Flags = FROM | WHEN | TO | SUBJECT | MORE;
/// A phone's or program's footer.
pub const CLIENT: Flags = 1 << 13;
/// A legal notice or an antivirus line.
pub const NOTICE: Flags = 1 << 14;
/// A mailing list's footer.
pub const LIST: Flags = 1 << 15;
/// A mail server's warning.
pub const BANNER: Flags = 1 << 16;
/// A closing word.
pub const SIGNOFF: Flags = 1 << 17;
/// A postscript.
pub const POSTSCRIPT: Flags = 1 << 18;
/// A person speaks.
pub const OWN: Flags = 1 << 19;
/// A telephone number, an address.
pub const CONTACT: Flags = 1 << 20;

/// A whole header block on one line.
pub const GLUED: Flags = 1 << 22;
/// An attribution line of a program that always marks what it quotes.
pub const MARKS: Flags = 1 << 23;

/// An attribution line if a marked line stands right below it.
pub const ATTRIBUTION_BELOW: Flags = 1 << 24;

/// A line looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Seen {
    /// Folded text, decoration taken off, one space at a time.
    pub folded: String,
    /// What it is.
    pub flags: Flags,
}

impl Seen {
    /// Any of these flags.
    pub fn is(&self, flags: Flags) -> bool {
        self.flags & flags != 0
    }

    /// A mail program's line above a quote, with the evidence that it needs.
    pub fn attributes(&self) -> bool {
        self.starts()
            || self.is(ATTRIBUTION_LOOSE) && self.is(DATE | ADDRESS)
            || self.is(ATTRIBUTION_DATED) && self.is(DATE | TIME)
    }

    /// The same, and its first word is the program's: nothing before it was swallowed.
    pub fn starts(&self) -> bool {
        self.is(ATTRIBUTION_SURE) || self.is(ATTRIBUTION) && self.is(DATE | ADDRESS)
    }
}

/// The rules, and how many looks are left.
#[derive(Debug)]
pub struct Sight<'r> {
    quotes: Option<&'r LineRules>,
    signatures: Option<&'r LineRules>,
    left: Cell<usize>,
    bytes: Cell<usize>,
}

impl<'r> Sight<'r> {
    /// For one message.
    pub fn new(rules: &'r Rules) -> Self {
        Self {
            quotes: rules.lines("quotes").ok(),
            signatures: rules.lines("signatures").ok(),
            left: Cell::new(LOOKS),
            bytes: Cell::new(BYTES),
        }
    }

    /// Looks at a line, or at several joined by a space.
    pub fn look(&self, text: &str) -> Seen {
        let folded = plain(text);
        if !self.spend(folded.len()) {
            return Seen { folded, flags: 0 };
        }
        let mut flags = 0;
        for rules in [self.quotes, self.signatures].into_iter().flatten() {
            for rule in rules.find(&folded) {
                let said = |key: &str| rule.says.get(key).map_or("", String::as_str);
                let how = said(if rule.says.contains_key("starts") { "starts" } else { "evidence" });
                flags |= flag(said("is"), said("of"), how);
                flags |= if said("marks") == "yes" { MARKS } else { 0 };
            }
        }
        if flags & ADDRESS != 0 && flags & FROM != 0 && self.quotes.is_some_and(|q| q.place(&folded) == Some(0)) {
            flags |= GLUED;
        }
        Seen { folded, flags }
    }

    fn spend(&self, bytes: usize) -> bool {
        let (Some(left), Some(bytes)) = (self.left.get().checked_sub(1), self.bytes.get().checked_sub(bytes)) else {
            return false;
        };
        self.left.set(left);
        self.bytes.set(bytes);
        true
    }

    /// Where a header glued to the text before it starts, as bytes of the original line.
    pub fn split(&self, text: &str) -> Option<usize> {
        if text.len() < 40 || !text.contains(':') || !self.spend(text.len().min(LONGEST)) {
            return None;
        }
        let folded = crate::text::Folded::new(head(text));
        let at = self.quotes?.place(folded.folded()).filter(|at| *at > 0)?;
        let before = folded.words(0..at).len();
        (text.is_char_boundary(before) && before > 0).then_some(before)
    }
}

fn flag(is: &str, of: &str, how: &str) -> Flags {
    match (is, of) {
        ("evidence", "date") => DATE,
        ("evidence", "time") => TIME,
        ("evidence", "address") => ADDRESS,
        ("attribution", _) => match how {
            "anyhow" => ATTRIBUTION_LOOSE,
            "below" => ATTRIBUTION_BELOW,
            "own" => ATTRIBUTION_SURE,
            "date" => ATTRIBUTION_DATED,
            _ => ATTRIBUTION,
        },
        ("title", "forward") => TITLE | FORWARD,
        ("title", _) => TITLE,
        ("label", "from") => FROM,
        ("label", "date") => WHEN,
        ("label", "to") => TO,
        ("label", "subject") => SUBJECT,
        ("label", _) => MORE,
        ("client", _) => CLIENT,
        ("notice", _) => NOTICE,
        ("list", _) => LIST,
        ("banner", _) => BANNER,
        ("signoff", _) => SIGNOFF,
        ("postscript", _) => POSTSCRIPT,
        ("own", _) => OWN,
        ("contact", _) => CONTACT,
        _ => 0,
    }
}

fn head(text: &str) -> &str {
    let mut end = text.len().min(LONGEST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

/// Folded, bold stars, quote marks and the addresses of links taken off, runs of white space one space.
pub fn plain(text: &str) -> String {
    let folded = without_links(fold(head(text)));
    let mut out = String::with_capacity(folded.len());
    for c in folded.chars() {
        match c {
            '*' => {}
            ' ' | '\n' => {
                if !(out.is_empty() || out.ends_with(' ')) {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
    let start = out.len() - out.trim_start_matches(['>', '|', ' ']).len();
    let mut out = out.split_off(start);
    out.truncate(out.trim_end().len());
    out
}

/// "Sent from Mail<https://…> for Windows": the address of a link says nothing, unless it is all there is.
fn without_links(folded: String) -> String {
    if !folded.contains("<http") {
        return folded;
    }
    let mut out = String::with_capacity(folded.len());
    for (i, piece) in folded.split("<http").enumerate() {
        match piece.split_once('>') {
            Some((_, after)) if i > 0 => out.push_str(after),
            _ => out.push_str(piece),
        }
    }
    if out.trim().is_empty() { folded } else { out }
}

/// A line of dashes, underscores or equal signs and nothing else.
pub fn is_rule(text: &str) -> bool {
    let mut n = 0;
    text.chars().all(|c| {
        n += usize::from(!c.is_whitespace());
        c.is_whitespace()
            || matches!(c, '-' | '_' | '=' | '~' | '*' | '#' | '\u{2010}'..='\u{2015}' | '\u{2500}'..='\u{257f}')
    }) && n >= 3
}
