//! HTML source → tags and text, one pass.
//!
//! Promises: linear in the source whatever it holds: a search that fails once is not tried again. No tree is built and
//! nothing recurses. Our own rather than a crate: a parser that builds the page's tree (html5ever) repairs what programs
//! write, moves text, and costs twenty crates; the quote elements need only tags in order.

use std::borrow::Cow;

use mail_parser::decoders::html::add_html_token;

use crate::letter::charset;

/// A tag or a piece of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token<'a> {
    /// Text between tags, entities decoded.
    Text(Cow<'a, str>),
    /// `<name attributes>`: the name in lower case, the rest as it is.
    Open(String, &'a str),
    /// `</name>`.
    Close(String),
}

/// Cuts HTML source into tokens. Comments, declarations, styles and scripts are left out.
#[derive(Debug)]
pub struct Tokens<'a> {
    rest: &'a str,
    /// No `>` follows any more; no quoted attribute is closed any more; no comment is.
    no_end: bool,
    no_quote: bool,
    no_comment: bool,
}

impl<'a> Tokens<'a> {
    /// Starts at the beginning.
    pub fn new(source: &'a str) -> Self {
        Self { rest: source, no_end: false, no_quote: false, no_comment: false }
    }

    fn take(&mut self, n: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(n).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// The end of the tag that starts the rest, one past its `>`.
    fn tag_end(&mut self) -> Option<usize> {
        if self.no_end {
            return None;
        }
        if !self.no_quote {
            let mut quote = 0u8;
            for (i, b) in self.rest.bytes().enumerate() {
                match b {
                    b'>' if quote == 0 => return Some(i + 1),
                    b'"' | b'\'' if quote == 0 => quote = b,
                    b if b == quote => quote = 0,
                    _ => {}
                }
            }
            self.no_quote = true;
        }
        let end = self.rest.find('>');
        self.no_end = end.is_none();
        end.map(|i| i + 1)
    }

    fn skip_comment(&mut self) {
        if !self.no_comment {
            if let Some(end) = self.rest.find("-->") {
                self.take(end + 3);
                return;
            }
            self.no_comment = true;
        }
        match self.tag_end() {
            Some(end) => self.take(end),
            None => self.take(4),
        };
    }

    /// Skips what stands in an element whose content is no text, up to its end tag.
    fn skip_content(&mut self, name: &str) {
        let end = self
            .rest
            .match_indices("</")
            .find(|(i, _)| self.rest.get(i + 2..i + 2 + name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name)));
        self.take(end.map_or(self.rest.len(), |(i, _)| i));
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            if self.rest.starts_with("<!--") {
                self.skip_comment();
                continue;
            }
            let second = self.rest.as_bytes().get(1).copied().unwrap_or(0);
            let tag =
                self.rest.starts_with('<') && (second.is_ascii_alphabetic() || matches!(second, b'/' | b'!' | b'?'));
            let end = if tag { self.tag_end() } else { None };
            let Some(end) = end else {
                let from = usize::from(self.rest.starts_with('<'));
                let until = self.rest.get(from..).and_then(|r| r.find('<')).map_or(self.rest.len(), |i| i + from);
                return Some(Token::Text(entities(self.take(until))));
            };
            let inside = self.take(end).trim_start_matches('<').trim_end_matches('>');
            let (name, attributes) = inside.split_once(|c: char| c.is_whitespace()).unwrap_or((inside, ""));
            let name = name.trim_end_matches('/').to_ascii_lowercase();
            if let Some(name) = name.strip_prefix('/') {
                return Some(Token::Close(name.to_owned()));
            }
            if name.starts_with(['!', '?']) {
                continue;
            }
            if matches!(name.as_str(), "style" | "script" | "title" | "template") && !inside.ends_with('/') {
                self.skip_content(&name);
                continue;
            }
            return Some(Token::Open(name, attributes));
        }
    }
}

/// The value of an attribute, lower case, without its quotes; empty when missing.
pub fn attribute(attributes: &str, name: &str) -> String {
    value(attributes, name).to_ascii_lowercase()
}

/// The value of an attribute as it is.
pub fn value<'a>(attributes: &'a str, name: &str) -> &'a str {
    let mut rest = attributes.get(..8_192).unwrap_or(attributes);
    while let Some((key, after)) = rest.split_once('=') {
        let key = key.split_whitespace().next_back().unwrap_or("");
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, next) = match quote {
            Some(q) => after.get(1..).unwrap_or("").split_once(q).unwrap_or((after.get(1..).unwrap_or(""), "")),
            None => after.split_once(|c: char| c.is_whitespace()).unwrap_or((after, "")),
        };
        if key.eq_ignore_ascii_case(name) {
            return value;
        }
        rest = next;
    }
    ""
}

/// Decodes character references. `&#146;` is windows-1252's apostrophe, as every browser shows it.
pub fn entities(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, after) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(before);
        let end = after.bytes().take(34).position(|b| b == b';');
        match end.and_then(|end| after.get(..=end)) {
            Some("&nbsp;") => out.push('\u{a0}'),
            Some(token) => {
                let start = out.len();
                add_html_token(&mut out, token.as_bytes(), false);
                let said = out.split_off(start);
                out.extend(said.chars().map(charset::browser).filter(|c| *c != '\0'));
            }
            None => out.push('&'),
        }
        let used = end.map_or(1, |e| e + 1);
        rest = after.get(used..).unwrap_or("");
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_comments_and_entities_are_told_apart() {
        let source = "<style>p{}</style><!-- x --><P class='a b'>l&#146;&eacute;t&#xe9; &amp; 3 < 4 &nope<br/></p>";
        let got: Vec<Token> = Tokens::new(source).collect();
        let text = |t: &str| Token::Text(Cow::Owned(t.to_owned()));
        let want = [
            Token::Close("style".into()),
            Token::Open("p".into(), "class='a b'"),
            text("l’été & 3 "),
            text("< 4 &nope"),
            Token::Open("br".into(), ""),
            Token::Close("p".into()),
        ];
        assert_eq!(got, want);
    }

    #[test]
    fn attributes_are_found_quoted_or_not() {
        let tag = "dir=ltr CLASS=\"gmail_quote x\" id='a=b'";
        assert_eq!((value(tag, "class"), value(tag, "id"), value(tag, "style")), ("gmail_quote x", "a=b", ""));
    }

    #[test]
    fn what_never_ends_is_text() {
        let text: String = Tokens::new("oui <a href=\"x")
            .map(|t| if let Token::Text(t) = t { t.into_owned() } else { String::new() })
            .collect();
        assert_eq!(text, "oui <a href=\"x");
    }
}
