//! Which parts of a message are its body, and their text: MIME parts → renditions.
//!
//! Promises: a rendition for the text side and one for the HTML side when the message has both, each in the order of
//! the parts; attachments named, never read. Never fails; bounded by the parser's own nesting limits.

use std::borrow::Cow;

use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::{Encoding, Message, MessagePart, MimeHeaders, PartType};

use super::{Attached, charset, headers, source};

/// One body part, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// HTML source; else plain text.
    pub html: bool,
    /// `format=flowed` (RFC 3676).
    pub flowed: bool,
    /// `delsp=yes` of a flowed part.
    pub delsp: bool,
    /// The text, `\n` line ends, no NUL.
    pub text: String,
}

/// The body in its two forms; equal when the message has only one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Body {
    /// The parts that a program shows when it prefers plain text.
    pub plain: Vec<Part>,
    /// The parts that a program shows when it prefers HTML.
    pub html: Vec<Part>,
}

/// The body parts of a parsed message.
pub fn body(message: &Message<'_>) -> Body {
    let parts = |ids: &[u32]| -> Vec<Part> {
        ids.iter().take(50).filter_map(|id| message.parts.get(*id as usize)).filter_map(|p| part(message, p)).collect()
    };
    let mut body = Body { plain: parts(&message.text_body), html: parts(&message.html_body) };
    if body.plain.is_empty() && body.html.is_empty() {
        // Odd structures (an unknown multipart, a text marked as a file without a name): the first text there is.
        let first =
            message.parts.iter().find(|p| matches!(p.body, PartType::Text(_) | PartType::Html(_)) && !is_file(p));
        body.plain = first.and_then(|p| part(message, p)).into_iter().collect();
    }
    if body.plain.is_empty() {
        body.plain.clone_from(&body.html);
    } else if body.html.is_empty() {
        body.html.clone_from(&body.plain);
    }
    body
}

/// The files of a message, calendar and signature parts included.
pub fn attachments(message: &Message<'_>) -> Vec<Attached> {
    let files = message.attachments.iter().take(200).filter_map(|id| message.parts.get(*id as usize));
    files
        .map(|part| Attached {
            name: headers::one_line(part.attachment_name().unwrap_or("")).chars().take(200).collect(),
            media_type: media_type(part).replace(source::SEALED_MAIL, "message/rfc822"),
        })
        .collect()
}

/// Media type without parameters, lower case; `text/plain` when the part names none.
pub fn media_type(part: &MessagePart<'_>) -> String {
    let declared = part.content_type().map(|t| match t.subtype() {
        Some(sub) => format!("{}/{}", t.ctype(), sub),
        None => t.ctype().to_owned(),
    });
    headers::one_line(&declared.unwrap_or_else(|| "text/plain".to_owned()))
        .to_ascii_lowercase()
        .chars()
        .take(100)
        .collect()
}

fn is_file(part: &MessagePart<'_>) -> bool {
    part.attachment_name().is_some() || part.content_disposition().is_some_and(|d| d.is_attachment())
}

fn part(message: &Message<'_>, part: &MessagePart<'_>) -> Option<Part> {
    let html = match part.body {
        PartType::Text(_) => false,
        PartType::Html(_) => true,
        _ => return None,
    };
    let attribute = |name: &str| part.content_type().and_then(|t| t.attribute(name)).unwrap_or("").to_ascii_lowercase();
    let label = attribute("charset");
    let bytes = raw_text(message, part);
    let mut text = charset::decode(&bytes, (!label.is_empty()).then_some(label.as_str()));
    text.retain(|c| c != '\0');
    if text.contains('\r') {
        text = text.replace("\r\n", "\n").replace('\r', "\n");
    }
    let flowed = !html && attribute("format") == "flowed";
    Some(Part { html, flowed, delsp: flowed && attribute("delsp") == "yes", text })
}

/// The part's bytes with the transfer encoding taken off. The parser's own text is not used: it decodes bytes that are
/// not what their label says into U+FFFD.
fn raw_text<'a>(message: &'a Message<'_>, part: &'a MessagePart<'_>) -> Cow<'a, [u8]> {
    let range = part.offset_body as usize..part.offset_end as usize;
    let raw = message.raw_message.get(range).unwrap_or(&[]);
    let decoded = match part.encoding {
        Encoding::None => Some(Cow::Borrowed(raw)),
        Encoding::QuotedPrintable => quoted_printable_decode(raw).map(Cow::Owned),
        Encoding::Base64 => base64_decode(raw).map(Cow::Owned),
    };
    decoded.unwrap_or_else(|| Cow::Borrowed(part.contents()))
}
