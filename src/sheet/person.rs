//! Everything that is held about one address, for the person who asks (RGPD art. 15), as JSON.
//!
//! Promises: letters, entries and mails of that address, nothing of anybody else; what is held, not what is inferred.

use serde_json::{Value, json};

use crate::entry::{Content, Ledger};
use crate::plan::person::compared;

/// All that the ledger holds about an address. `None` when it holds nothing.
pub fn everything(ledger: &Ledger, address: &str) -> Option<Value> {
    let wanted = compared(address);
    let theirs = |a: &str| !a.is_empty() && compared(a) == wanted;
    let letters: Vec<&crate::entry::LetterRecord> =
        ledger.letters.iter().filter(|l| theirs(&l.person.address)).collect();
    let known: Vec<i64> = letters.iter().map(|l| l.id).collect();
    let about = |content: &Content| matches!(content, Content::Handled(id) if known.contains(id));
    let entries: Vec<Value> = ledger
        .entries
        .iter()
        .filter(|e| theirs(&e.person.address) || about(&e.content))
        .map(|e| {
            json!({
                "number": e.id, "noted": e.at.to_string(), "written": e.said.to_string(), "from": e.origin,
                "name": e.shown, "content": e.content,
            })
        })
        .collect();
    let mails: Vec<Value> = ledger
        .outgoing
        .iter()
        .filter(|o| theirs(&o.to) || theirs(&o.person.address))
        .map(|o| {
            json!({
                "number": o.id, "occasion": o.occasion, "to": o.to, "planned": o.planned.to_string(),
                "state": o.sending, "settled": o.settled.map(|at| at.to_string()), "reason": o.reason,
            })
        })
        .collect();
    if letters.is_empty() && entries.is_empty() && mails.is_empty() {
        return None;
    }
    let letters: Vec<Value> = letters
        .iter()
        .map(|l| {
            json!({
                "number": l.id, "received": l.received.to_string(), "name": l.shown, "signed": l.signed,
                "kind": l.kind, "review": l.review, "subject": l.subject, "excerpt": l.excerpt,
                "message_id": l.message_id, "language": l.language,
            })
        })
        .collect();
    Some(json!({ "address": address, "letters": letters, "entries": entries, "mails": mails }))
}
