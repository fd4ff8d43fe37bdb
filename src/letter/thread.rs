//! The body of a letter and its place in the thread: text or HTML, what is fresh, what is quoted, what is passed on.
//!
//! Of a mail's two forms the one is taken in which the quote is told by marks or elements rather than by shape; the HTML
//! when both are as good, because programs wrap the other's lines; the plain text when the HTML lacks a word of it.
//! Never returns nothing when either form holds words of the sender.

use mail_parser::{Message, MessageParser, PartType};

use super::body::{self, Part};
use super::headers::Headers;
use super::line::{self, Line};
use super::ours::Known;
use super::quote::{self, Cut, Means, Tag};
use super::sight::Sight;
use super::{Block, Letter, Ourselves, Trouble, Writer, footer, html, signature, source};
use crate::rules::Rules;

/// Fills what the body says: blocks, signature, attachments, forwards, whom it quotes.
pub fn text(letter: &mut Letter, message: &Message<'_>, rules: &Rules, us: &Ourselves) {
    let known = Known::new(us.texts.iter().map(String::as_str), &us.addresses);
    let sender = letter.from.as_ref().map(|m| format!("{} {}", m.name, m.address)).unwrap_or_default();
    let read = |parts: &[Part]| {
        let sight = Sight::new(rules);
        let mut cut = quote::cut(lines(parts), &sight, &known);
        footer::footers(&mut cut, &sight);
        signature::signatures(&mut cut, &sender);
        cut
    };
    let body = body::body(message);
    let cut = if body.plain == body.html { read(&body.plain) } else { better(read(&body.plain), read(&body.html)) };
    letter.signature = signature::text(&cut);
    letter.blocks = blocks(&cut);
    letter.attachments = body::attachments(message);
    letter.quotes_us = quotes_us(&cut, letter, us);
    letter.forwards = forwards(&cut, letter, message, rules, us);
    opaque(letter, message);
}

fn lines(parts: &[Part]) -> Vec<Line> {
    let mut out: Vec<Line> = Vec::new();
    for part in parts {
        if out.last().is_some_and(|l| !l.blank()) {
            out.push(Line::default());
        }
        out.extend(if part.html { html::lines(part) } else { line::plain(part) });
    }
    out
}

/// The better reading of a mail's two forms.
fn better(plain: Cut, html: Cut) -> Cut {
    let words = |cut: &Cut| cut.written().map(|(_, t)| t.split_whitespace().count()).sum::<usize>();
    let (in_plain, in_html) = (words(&plain), words(&html));
    if in_plain == 0 || in_html == 0 {
        return if in_html == 0 && in_plain > 0 { plain } else { html };
    }
    if plain.means != html.means {
        return if plain.means > html.means { plain } else { html };
    }
    if missing(&plain, &html) { plain } else { html }
}

/// Whether the plain text holds a word of the sender that is nowhere in the HTML.
fn missing(plain: &Cut, html: &Cut) -> bool {
    let clean = |w: &str| w.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let there: std::collections::HashSet<String> =
        html.lines.iter().flat_map(|l| l.text.split_whitespace()).map(clean).collect();
    plain
        .written()
        .flat_map(|(_, t)| t.split_whitespace())
        .map(clean)
        .any(|w| w.len() > 2 && !there.contains(&w) && !w.contains("http"))
}

fn blocks(cut: &Cut) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    let mut blank = 0;
    for (line, tag) in cut.lines.iter().zip(&cut.tags) {
        let by = match tag {
            Tag::Sender => Writer::Sender,
            Tag::Quoted => Writer::Quoted,
            Tag::Program => Writer::Program,
            Tag::Signature => continue,
        };
        if line.text.is_empty() {
            blank += 1;
            continue;
        }
        let text = super::headers::printable(&line.text);
        match out.last_mut().filter(|b| b.by == by) {
            Some(block) => {
                block.text.push_str(if blank > 0 { "\n\n" } else { "\n" });
                block.text.push_str(&text);
            }
            None => out.push(Block { by, text }),
        }
        blank = 0;
    }
    out
}

fn quotes_us(cut: &Cut, letter: &Letter, us: &Ourselves) -> bool {
    if cut.ours {
        return true;
    }
    let quoted = letter.blocks.iter().filter(|b| b.by != Writer::Sender).map(|b| b.text.as_str());
    let named =
        quoted.map(str::to_lowercase).any(|t| us.addresses.iter().any(|a| !a.is_empty() && t.contains(a.as_str())));
    let in_thread = letter.references.iter().any(|id| us.message_ids.contains(id));
    named || (in_thread && cut.means > Means::None)
}

/// Somebody else's mail is passed on: by its title, by its header block under a forward's subject, or as a file.
fn forwards(cut: &Cut, letter: &Letter, message: &Message<'_>, rules: &Rules, us: &Ourselves) -> bool {
    let subject = rules.lines("quotes").is_ok_and(|quotes| {
        quotes
            .find(&crate::text::fold(&letter.subject))
            .iter()
            .any(|r| r.says.get("is").is_some_and(|is| is == "subject"))
    });
    if cut.forward || (subject && cut.means != Means::None) {
        // What counts is who wrote the mail passed on, not what that one quotes: an answer to us quotes us.
        let author = cut.author().filter(|a| a.contains('@')).map(str::to_lowercase);
        return !author.map_or(letter.quotes_us, |a| us.addresses.iter().any(|own| a.contains(own.as_str())));
    }
    let report = message.parts.first().is_some_and(|p| body::media_type(p) == "multipart/report");
    !report && message.parts.iter().take(50).any(|p| attached_mail(p, us))
}

/// A mail attached that is not ours.
fn attached_mail(part: &mail_parser::MessagePart<'_>, us: &Ourselves) -> bool {
    let PartType::Message(inner) = &part.body else { return body::media_type(part) == source::SEALED_MAIL };
    let from: Vec<String> = inner
        .parts
        .first()
        .and_then(|p| inner.raw_message.get(p.offset_header as usize..p.offset_body as usize))
        .map(|raw| Headers::read(raw).addresses("from").into_iter().map(|m| m.address).collect())
        .unwrap_or_default();
    !from.iter().any(|a| us.addresses.contains(a))
}

/// Encrypted, or in a form that one program alone reads, and nothing else to read.
fn opaque(letter: &mut Letter, message: &Message<'_>) {
    let types: Vec<String> = message.parts.iter().take(50).map(body::media_type).collect();
    let sealed = types.iter().any(|t| {
        matches!(
            t.as_str(),
            "application/ms-tnef" | "application/pkcs7-mime" | "application/x-pkcs7-mime" | "multipart/encrypted"
        )
    });
    let text = letter.blocks.iter().find(|b| b.by == Writer::Sender).map_or("", |b| b.text.as_str());
    if text.starts_with("-----BEGIN PGP MESSAGE-----") || (sealed && text.is_empty()) {
        letter.troubles.push(Trouble::Opaque);
    }
}

/// Adds an invitation (a mail file, or a plain text) to what is known of ourselves.
pub fn know(us: &mut Ourselves, bytes: &[u8]) {
    let headers = Headers::read(bytes);
    let mail = headers.first("from").is_some() || headers.first("mime-version").is_some();
    let (bytes, _) = source::source(bytes);
    let message = if mail { MessageParser::default().parse(bytes.as_ref()) } else { None };
    let Some(message) = message else {
        us.texts.push(super::charset::guess(&bytes));
        return;
    };
    us.message_ids.extend(headers.ids("message-id"));
    let body = body::body(&message);
    let forms = if body.plain == body.html { vec![body.plain] } else { vec![body.plain, body.html] };
    for parts in forms {
        let texts: Vec<String> = lines(&parts).into_iter().map(|l| l.text).collect();
        us.texts.push(texts.join("\n"));
    }
}
