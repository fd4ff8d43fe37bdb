//! Mail of our own that came back, and mail that was not written to us.
//!
//! Promises: an address is ours however its provider lets it be written (`+tag` anywhere; dots at Gmail).

use super::super::headers::Headers;
use super::super::{Letter, Mark, MarkOf, Ourselves, Strength};
use crate::draft::MARK;

/// Marks of ourselves: our address as sender, our marker header, one of our Message-IDs; and a weak wish not to be
/// answered when none of our addresses is among the recipients (RFC 3834 §2: only what is addressed to us).
pub(super) fn marks(headers: &Headers, letter: &Letter, us: &Ourselves) -> Vec<Mark> {
    let mut marks = Vec::new();
    let mut add = |of, strength, rule: &str, words: &str| {
        marks.push(Mark { of, strength, rule: rule.to_owned(), words: words.chars().take(100).collect() });
    };
    let any_ours = |name: &str| headers.addresses(name).iter().any(|m| is_ours(&m.address, us));
    if headers.first(&MARK.to_ascii_lowercase()).is_some() {
        add(MarkOf::Ourselves, Strength::Strong, "ourselves/marker", MARK);
    }
    if let Some(name) = ["from", "sender"].iter().find(|n| any_ours(n)) {
        add(MarkOf::Ourselves, Strength::Strong, "ourselves/address", name);
    }
    if !letter.message_id.is_empty() && us.message_ids.contains(&letter.message_id) {
        add(MarkOf::Ourselves, Strength::Strong, "ourselves/message-id", &letter.message_id);
    }
    let addressed = ["to", "cc", "resent-to", "resent-cc", "apparently-to"].iter().any(|n| any_ours(n));
    if !addressed && !us.addresses.is_empty() {
        add(MarkOf::NoAnswerWanted, Strength::Weak, "recipient/not-addressed", "");
    }
    marks
}

/// Whether an address is one of ours.
pub(super) fn is_ours(address: &str, us: &Ourselves) -> bool {
    let address = plain(address);
    us.addresses.iter().any(|ours| plain(ours) == address)
}

/// An address as its provider sees it: without case, without `+tag`, at Gmail without dots.
fn plain(address: &str) -> String {
    let address = address.trim().to_lowercase();
    let Some((user, domain)) = address.rsplit_once('@') else { return address };
    let user = user.split('+').next().unwrap_or(user);
    match domain {
        "gmail.com" | "googlemail.com" => format!("{}@gmail.com", user.replace('.', "")),
        _ => format!("{user}@{domain}"),
    }
}
