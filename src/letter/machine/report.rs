//! A delivery report: who could not be reached, by which of our mails, and whether it may still arrive.
//!
//! Reads RFC 3464 fields first, then what servers without them write (Exim, Gmail, qmail, Exchange). A read receipt
//! (RFC 8098) and a notice of success are reports of no failure: nothing comes back for them.

use mail_parser::{Message, MessagePart, PartType};

use super::super::headers::Headers;
use super::super::{Bounced, Letter, Mark, Ourselves};
use super::ourselves::is_ours;
use super::text_of;

/// What the report is about; `None` when it reports no failure, or says nothing of whose.
pub(super) fn bounced(
    message: &Message<'_>,
    headers: &Headers,
    letter: &Letter,
    marks: &[Mark],
    us: &Ourselves,
) -> Option<Bounced> {
    if marks.iter().any(|m| m.rule.ends_with("/receipt")) {
        return None;
    }
    let text = message.body_text(0).unwrap_or_default();
    let status: String = message
        .parts
        .iter()
        .filter(|p| is_type(p, "message", &["delivery-status", "global-delivery-status"]))
        .map(|p| text_of(&p.body).into_owned() + "\n\n")
        .collect();
    let status = if status.is_empty() { text.to_string() } else { status };
    let actions: Vec<String> = fields(&status, "action").map(|a| a.trim().to_ascii_lowercase()).collect();
    let failed = actions.iter().any(|a| a.starts_with("failed"));
    let told_delayed = actions.iter().any(|a| a.starts_with("delayed"));
    if !failed && !told_delayed && actions.iter().any(|a| ["delivered", "relayed", "expanded"].contains(&a.as_str())) {
        return None;
    }
    let delayed = !failed && (told_delayed || marks.iter().any(|m| m.rule == "report/delayed"));
    let recipient = recipient(headers, &status, &text, us);
    let message_id = message_id(message, letter, &text, us);
    (!recipient.is_empty() || !message_id.is_empty()).then_some(Bounced { recipient, message_id, delayed })
}

fn is_type(part: &MessagePart<'_>, main: &str, subs: &[&str]) -> bool {
    let header = part.headers.iter().rev().find(|h| h.name.as_str().eq_ignore_ascii_case("content-type"));
    header.and_then(|h| h.value.as_content_type()).is_some_and(|t| {
        t.ctype().eq_ignore_ascii_case(main)
            && t.subtype().is_some_and(|s| subs.iter().any(|x| s.eq_ignore_ascii_case(x)))
    })
}

/// The values of a field ("Final-Recipient: rfc822; x@y"), names without case, in order.
fn fields<'a>(text: &'a str, name: &'a str) -> impl Iterator<Item = &'a str> {
    text.lines().filter_map(move |line| {
        let (key, value) = line.split_once(':')?;
        key.trim().eq_ignore_ascii_case(name).then_some(value)
    })
}

/// The address that we wrote to comes first: the final one may be a forwarding that we never heard of.
fn recipient(headers: &Headers, status: &str, text: &str, us: &Ourselves) -> String {
    let of_field = |name| {
        fields(status, name).filter_map(|v| address(v.rsplit(';').next().unwrap_or(v))).find(|a| !is_ours(a, us))
    };
    let header = || headers.first("x-failed-recipients").and_then(address);
    of_field("original-recipient")
        .or_else(|| of_field("final-recipient"))
        .or_else(header)
        .or_else(|| text.split_whitespace().take(400).filter_map(address).find(|a| !is_ours(a, us)))
        .unwrap_or_default()
}

/// The first address in a piece of text, lower-cased.
fn address(text: &str) -> Option<String> {
    let outside = |c: char| c.is_whitespace() || "<>()[]\",;:".contains(c);
    text.split(outside).find_map(|word| {
        let word = word.trim_matches(['.', '\'', '*', '?', '!']);
        let (user, domain) = word.split_once('@')?;
        let good = !user.is_empty() && domain.contains('.') && !domain.contains('@') && word.len() < 255;
        good.then(|| word.to_lowercase())
    })
}

/// The Message-ID of the mail that failed: one of ours wherever it is named, else that of the returned copy.
fn message_id(message: &Message<'_>, letter: &Letter, text: &str, us: &Ourselves) -> String {
    let returned = message.parts.iter().find_map(|part| match &part.body {
        PartType::Message(copy) => copy.message_id().map(str::to_owned),
        body if is_type(part, "text", &["rfc822-headers"]) || is_type(part, "message", &["rfc822", "global"]) => {
            fields(&text_of(body), "message-id").find_map(id)
        }
        _ => None,
    });
    let ours = |id: &&String| us.message_ids.contains(id);
    returned
        .iter()
        .find(ours)
        .or_else(|| letter.references.iter().find(ours))
        .cloned()
        .or_else(|| us.message_ids.iter().find(|id| !id.is_empty() && text.contains(id.as_str())).cloned())
        .or(returned)
        .or_else(|| fields(text, "message-id").find_map(id))
        .unwrap_or_default()
}

/// A Message-ID without its angle brackets.
fn id(value: &str) -> Option<String> {
    let id = value.trim().trim_start_matches('<').split('>').next().unwrap_or("").trim();
    (id.contains('@') && !id.contains(char::is_whitespace)).then(|| id.to_owned())
}
