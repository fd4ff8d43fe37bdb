//! A draft to the bytes that are frozen and sent.
//!
//! Promises: a complete message (RFC 5322, 2045, 3834) in ASCII with CRLF, lines of 78 characters wherever a line can
//! be broken and never above 998. Never: a header that a name, a subject or a stranger's Message-ID slipped in.

use std::time::SystemTime;

use lettre::address::{Address, Envelope};
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, Message, MessageBuilder, MultiPart, SinglePart};

use crate::draft::{Automatic, Draft, MARK};
use crate::failure::{Failure, Result};

/// Ids kept of a long thread: the first, and the last ones (RFC 5322 §3.6.4 wants the first and the parent).
const LAST_IDS: usize = 19;
/// No longer Message-ID is passed on.
const LONGEST_ID: usize = 250;

/// The bytes of a draft.
pub(super) fn render(draft: &Draft) -> Result<Vec<u8>> {
    let failed =
        |e: &dyn std::fmt::Display| Failure::permanent("submit/compose").with("why", e).detail("composing failed");
    let builder = headers(draft)?;
    let message = match content(draft, &failed)? {
        Content::Single(part) => builder.singlepart(part),
        Content::Multi(part) => builder.multipart(part),
    };
    let bytes = fold_names(&message.map_err(|e| failed(&e))?.formatted());
    match bytes.split(|b| *b == b'\n').any(|line| line.len() > 999) {
        true => Err(failed(&"a line is too long")),
        false => Ok(bytes),
    }
}

/// lettre breaks a long name between its encoded words and leaves the address on the last line, however long it gets.
fn fold_names(bytes: &[u8]) -> Vec<u8> {
    const BREAK: &[u8] = b"?= <";
    let mut out = Vec::with_capacity(bytes.len() + 8);
    let mut head = true;
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        head = head && line != b"\r\n";
        let at = line.windows(BREAK.len()).position(|w| w == BREAK).filter(|_| head && line.len() > 80);
        match at.and_then(|at| line.split_at_checked(at + 2)) {
            Some((name, address)) => out.extend([name, b"\r\n", address].concat()),
            None => out.extend_from_slice(line),
        }
    }
    out
}

fn headers(draft: &Draft) -> Result<MessageBuilder> {
    let from = Mailbox::new(name(&draft.from_name), address(&draft.from)?);
    let (automatic, mark) = match draft.automatic {
        Automatic::Replied => ("auto-replied", "acknowledgement"),
        Automatic::Generated => ("auto-generated", "digest"),
    };
    let to = address(&draft.to)?;
    // Given, because lettre would make it by reading the header back, more strictly than it wrote it.
    let envelope = Envelope::new(None, vec![to.clone()])
        .map_err(|e| Failure::permanent("submit/address").with("to", &draft.to).detail(e))?;
    let mut builder = Message::builder()
        .envelope(envelope)
        .date(SystemTime::from(draft.date))
        .from(from)
        .to(Mailbox::new(None, to))
        .subject(one_line(&draft.subject));
    // lettre writes ids as they are given: the brackets are ours (RFC 5322 §3.6.4).
    let id = plain(&draft.message_id).ok_or_else(|| Failure::permanent("submit/compose").with("why", "Message-ID"))?;
    builder = builder.raw_header(raw("Message-ID", &format!("<{id}>")));
    if let Some(id) = draft.in_reply_to.as_deref().and_then(plain) {
        builder = builder.raw_header(raw("In-Reply-To", &format!("<{id}>")));
    }
    let references = thread(&draft.references);
    if !references.is_empty() {
        builder = builder.raw_header(raw("References", &references));
    }
    Ok(builder
        .raw_header(raw("Auto-Submitted", automatic))
        .raw_header(raw("X-Auto-Response-Suppress", "All"))
        .raw_header(raw(MARK, mark)))
}

enum Content {
    Single(SinglePart),
    Multi(MultiPart),
}

fn content(draft: &Draft, failed: &dyn Fn(&dyn std::fmt::Display) -> Failure) -> Result<Content> {
    let text = written(ContentType::TEXT_PLAIN, &draft.text);
    let body = match &draft.html {
        None => Content::Single(text),
        Some(html) => {
            let both = MultiPart::alternative().singlepart(text);
            Content::Multi(both.singlepart(written(ContentType::TEXT_HTML, html)))
        }
    };
    if draft.attachments.is_empty() {
        return Ok(body);
    }
    let mut mixed = match body {
        Content::Single(part) => MultiPart::mixed().singlepart(part),
        Content::Multi(part) => MultiPart::mixed().multipart(part),
    };
    for file in &draft.attachments {
        let media = ContentType::parse(&one_line(&file.media_type)).map_err(|e| failed(&e))?;
        mixed = mixed.singlepart(Attachment::new(one_line(&file.name)).body(file.bytes.clone(), media));
    }
    Ok(Content::Multi(mixed))
}

/// Quoted-printable always: it survives every relay, and no line is too long.
fn written(media: ContentType, text: &str) -> SinglePart {
    SinglePart::builder().header(media).header(ContentTransferEncoding::QuotedPrintable).body(text.to_owned())
}

/// A header whose value holds printable ASCII and our own folds only.
fn raw(header: &'static str, value: &str) -> HeaderValue {
    let unfolded = value.replace("\r\n", "");
    HeaderValue::dangerous_new_pre_encoded(HeaderName::new_from_ascii_str(header), unfolded, value.to_owned())
}

/// The first id of the thread and the last ones, one a line.
fn thread(references: &[String]) -> String {
    let ids: Vec<&str> = references.iter().filter_map(|id| plain(id)).collect();
    let last = ids.len().saturating_sub(LAST_IDS).max(1);
    let kept = ids.iter().take(1).chain(ids.iter().skip(last));
    kept.map(|id| format!("<{id}>")).collect::<Vec<_>>().join("\r\n ")
}

/// A Message-ID that can be written as it is; strangers' ids hold anything.
fn plain(id: &str) -> Option<&str> {
    let fine = |b: u8| b.is_ascii_graphic() && b != b'<' && b != b'>';
    (!id.is_empty() && id.len() <= LONGEST_ID && id.bytes().all(fine)).then_some(id)
}

fn name(shown: &str) -> Option<String> {
    let shown = one_line(shown);
    (!shown.is_empty()).then_some(shown)
}

fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.trim().to_owned()
}

/// An address as the envelope and the header take it. Addresses that the standards forbid and providers gave out
/// all the same (`a..b@`, `a.@`) pass; what could break out of a command or a header does not.
pub(super) fn address(text: &str) -> Result<Address> {
    let refuse = || Failure::permanent("submit/address").with("to", text).detail("unusable address");
    let strange = |c: char| c.is_control() || c.is_whitespace() || "<>()[],;:\\\"@".contains(c) || !c.is_ascii();
    match text.split_once('@') {
        Some((local, domain)) if !local.is_empty() && domain.len() > 1 && !local.contains(strange) => {
            if domain.contains(strange) || text.len() > 254 {
                return Err(refuse());
            }
            Ok(Address::new_dangerous(local, domain))
        }
        _ => Err(refuse()),
    }
}

#[cfg(test)]
mod tests;
