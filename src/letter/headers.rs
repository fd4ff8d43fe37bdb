//! The header fields of a message, whatever their bytes: folded lines joined, raw 8-bit decoded, encoded words on demand.
//!
//! Promises: every field of the top header block in its order, also those that occur twice; bounded in number and
//! length; no control character in anything decoded. Never fails. The fields' grammar is mail-parser's.

use mail_parser::parsers::MessageStream;
use mail_parser::{Address, HeaderValue};

use super::Mailbox;
use super::charset;

/// At most so many fields are kept, each of at most [`LONGEST`] bytes: a real header block is far below.
const MOST: usize = 2_000;
const LONGEST: usize = 64 << 10;

/// One field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Name, lower case.
    pub name: String,
    /// Value, unfolded, trimmed; encoded words as they are.
    pub value: String,
}

/// The top header block.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Headers {
    list: Vec<Header>,
}

impl Headers {
    /// Reads the header block at the start of a message. Lines may end in CR LF, LF or CR.
    pub fn read(message: &[u8]) -> Self {
        let mut list: Vec<Header> = Vec::new();
        let mut rest = message;
        while !rest.is_empty() && list.len() < MOST {
            let (line, after) = split_line(rest);
            rest = after;
            if line.is_empty() {
                break;
            }
            let text = charset::guess(line.get(..line.len().min(LONGEST)).unwrap_or(line));
            if text.starts_with([' ', '\t']) {
                if let Some(last) = list.last_mut()
                    && last.value.len() < LONGEST
                {
                    last.value.push(' ');
                    last.value.push_str(text.trim());
                }
                continue;
            }
            match text.split_once(':') {
                Some((name, value)) if is_name(name.trim_end()) => {
                    list.push(Header { name: name.trim_end().to_ascii_lowercase(), value: value.trim().to_owned() })
                }
                _ if list.is_empty() && text.starts_with("From ") => {} // an mbox separator
                _ if list.is_empty() => break,
                _ => {}
            }
        }
        Self { list }
    }

    /// Every field, in order.
    pub fn list(&self) -> &[Header] {
        &self.list
    }

    /// The first field of that name (lower case), encoded words as they are.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Every field of that name (lower case), topmost first.
    pub fn all<'a, 'b>(&'a self, name: &'b str) -> impl Iterator<Item = &'a str> + use<'a, 'b> {
        self.list.iter().filter(move |h| h.name == name).map(|h| h.value.as_str())
    }

    /// The first field of that name, encoded words decoded, one line.
    pub fn text(&self, name: &str) -> String {
        self.first(name).map(decoded).unwrap_or_default()
    }

    /// The addresses of every field of that name, at most 500.
    pub fn addresses(&self, name: &str) -> Vec<Mailbox> {
        self.all(name).flat_map(addresses).take(500).collect()
    }

    /// The message ids of every field of that name, without angle brackets.
    pub fn ids(&self, name: &str) -> Vec<String> {
        self.all(name).flat_map(ids).take(500).collect()
    }
}

/// A field's value with its encoded words (RFC 2047) decoded: one line, no control characters.
pub fn decoded(value: &str) -> String {
    let line = format!("{value}\n");
    let text = match MessageStream::new(line.as_bytes()).parse_unstructured() {
        HeaderValue::Text(text) => text.into_owned(),
        _ => String::new(),
    };
    one_line(&text)
}

/// Controls and line ends become spaces, runs of spaces one: an encoded word may hold `\r\nBcc: …`.
pub fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let c = if c.is_control() || c == ' ' { ' ' } else { c };
        if c != ' ' || !(out.is_empty() || out.ends_with(' ')) {
            out.push(c);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// A line of a body without control characters.
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c == '\t' || !c.is_control() { c } else { ' ' })
        .filter(|c| !matches!(c, '\u{feff}' | '\u{200b}'))
        .collect()
}

/// The ids in a value: what stands in angle brackets, else its words.
fn ids(value: &str) -> Vec<String> {
    let clean = |s: &str| s.chars().filter(|c| !c.is_whitespace() && !c.is_control()).take(998).collect::<String>();
    let bracketed: Vec<String> =
        value.split('<').skip(1).filter_map(|s| s.split_once('>')).map(|(id, _)| clean(id)).collect();
    let found = if bracketed.is_empty() { value.split_whitespace().map(clean).collect() } else { bracketed };
    found.into_iter().filter(|id| !id.is_empty()).collect()
}

/// The addresses in a value, names decoded.
pub fn addresses(value: &str) -> Vec<Mailbox> {
    let line = format!("{value}\n");
    let HeaderValue::Address(parsed) = MessageStream::new(line.as_bytes()).parse_address() else {
        return Vec::new();
    };
    let list: Vec<_> = match parsed {
        Address::List(list) => list,
        Address::Group(groups) => groups.into_iter().flat_map(|g| g.addresses).collect(),
    };
    list.iter()
        .map(|a| mailbox(a.name.as_deref().unwrap_or(""), a.address.as_deref().unwrap_or("")))
        .filter(|m| !m.address.is_empty())
        .collect()
}

/// Some programs write `Jean Dupont a@b.fr` without brackets: the address is the word that holds the `@`.
fn mailbox(name: &str, address: &str) -> Mailbox {
    let candidate = |text: &str| {
        text.split(|c: char| c.is_whitespace() || "<>()[],;:\"'".contains(c)).find(|w| is_address(w)).map(str::to_owned)
    };
    let found = candidate(address).or_else(|| candidate(name)).unwrap_or_default();
    let said = if name.is_empty() && address.trim() != found {
        address.replace(&found, " ").replace(['<', '>', '"', '(', ')'], " ")
    } else {
        name.to_owned()
    };
    Mailbox { name: one_line(&said).chars().take(200).collect(), address: found.to_lowercase() }
}

/// Exactly one `@`, something on both sides, nothing that cannot stand in an address.
pub fn is_address(word: &str) -> bool {
    let mut sides = word.split('@');
    let (Some(local), Some(domain), None) = (sides.next(), sides.next(), sides.next()) else { return false };
    let fine =
        |s: &str| !s.is_empty() && !s.chars().any(|c| c.is_whitespace() || c.is_control() || "<>,;:\"()".contains(c));
    word.len() <= 320 && fine(local) && fine(domain) && !domain.starts_with('.') && !domain.ends_with('.')
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() < 100 && name.bytes().all(|b| b.is_ascii_graphic() && b != b':')
}

/// What follows the header block.
pub fn body(message: &[u8]) -> &[u8] {
    let mut rest = message;
    while !rest.is_empty() {
        let (line, after) = split_line(rest);
        rest = after;
        if line.is_empty() {
            break;
        }
    }
    rest
}

/// A line without its end, and what follows.
fn split_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let Some(end) = bytes.iter().position(|b| *b == b'\n' || *b == b'\r') else { return (bytes, &[]) };
    let (line, rest) = bytes.split_at(end);
    let skip = if rest.starts_with(b"\r\n") { 2 } else { 1 };
    (line, rest.get(skip..).unwrap_or(&[]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(text: &str) -> Headers {
        Headers::read(text.as_bytes())
    }

    #[test]
    fn an_address_without_brackets_is_found_again() {
        let h = headers("From: Jean Dupont jean.dupont@free.example\n\n");
        let want = Mailbox { name: "Jean Dupont".into(), address: "jean.dupont@free.example".into() };
        assert_eq!(h.addresses("from"), [want]);
    }

    #[test]
    fn no_address_is_made_of_rubbish() {
        for from in ["From: <>\n\n", "From: undisclosed-recipients:;\n\n", "From: Jean\n\n", "From: a@b@c\n\n"] {
            assert_eq!(headers(from).addresses("from"), [], "{from}");
        }
    }

    #[test]
    fn raw_latin_1_in_a_header_reads_as_written() {
        let h = Headers::read(b"Subject: R\xe9union d\xe9j\xe0 pr\xe9vue\r\n\r\n");
        assert_eq!(h.text("subject"), "Réunion déjà prévue");
    }

    #[test]
    fn an_encoded_word_cannot_smuggle_a_line_end() {
        let h = headers("Subject: =?utf-8?q?a=0D=0ABcc:_x@y.example?=\n\n");
        assert_eq!(h.text("subject"), "a Bcc: x@y.example");
    }

    #[test]
    fn ids_are_compared_without_brackets_and_white_space() {
        let h = headers("References: <a@x>\n\t<b@\n y>\n\n");
        assert_eq!(h.ids("references"), ["a@x", "b@y"]);
    }

    #[test]
    fn fields_end_at_the_first_empty_line_whatever_the_line_ends() {
        for end in ["\r\n", "\n", "\r"] {
            let h = headers(&["Subject: a", " b", "X: 1", "", "To: c@d.example"].join(end));
            assert_eq!((h.text("subject").as_str(), h.first("x"), h.first("to")), ("a b", Some("1"), None));
        }
    }
}
