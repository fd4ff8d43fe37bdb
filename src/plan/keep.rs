//! What is kept of a letter: the facts, a few of its words, never the mail.
//!
//! Promises: of `other` without a reason to read it, `auto` and `bounce` only identity, kind and date (for a bounce,
//! which of our mails it concerns): people in need write to this mailbox too. Nothing at all of somebody erased.

use super::person::Sender;
use super::{Case, Refusal};
use crate::entry::{LetterRecord, Person};
use crate::letter::Letter;
use crate::reading::{Kind, Reading, Review};

/// How many words of the sender an excerpt holds at most.
const WORDS: usize = 20;
/// How many thread ids are kept: enough to find our own.
const REFERENCES: usize = 50;

/// The row of a letter.
pub(super) fn record(case: &Case<'_>, sender: &Sender, refusal: Option<Refusal>, corrects: bool) -> LetterRecord {
    let (letter, reading) = (case.letter, case.reading);
    let erased = refusal == Some(Refusal::Forgotten);
    let about_events = matches!(reading.kind, Kind::Rsvp | Kind::Question);
    let named = !erased && (about_events || corrects || (reading.kind == Kind::Other && !reading.review.is_empty()));
    let when = |keep: bool, text: &str| if keep { text.to_owned() } else { String::new() };
    let bounced = letter.bounced.as_ref().filter(|_| !erased);
    LetterRecord {
        id: 0,
        hash: letter.hash.clone(),
        received: case.arrival.received,
        read: case.now,
        person: if named { sender.person.clone() } else { Person { address: String::new(), name: String::new() } },
        shown: when(named, &sender.shown),
        kind: reading.kind,
        review: if named { reading.review.clone() } else { Vec::new() },
        message_id: when(!erased, &letter.message_id),
        references: if named { letter.references.iter().take(REFERENCES).cloned().collect() } else { Vec::new() },
        subject: when(named && about_events, &letter.subject),
        excerpt: when(named && about_events, &excerpt(letter, reading)),
        signed: when(named, &sender.signed),
        language: when(named, &reading.language),
        needs_human: named && reading.needs_human,
        refusal: refusal.map(Refusal::key).unwrap_or_default(),
        backlog: case.known.first_start.is_some_and(|start| case.arrival.received < start),
        about: bounced.map(|b| b.message_id.clone()).unwrap_or_default(),
    }
}

/// At most 20 of the sender's words: the first question where one is asked, else how the letter begins.
fn excerpt(letter: &Letter, reading: &Reading) -> String {
    let text = letter.reply_text();
    let sentences = sentences(&text);
    let asks = reading.review.iter().any(|r| matches!(r, Review::Question | Review::Request | Review::OfferToConfirm));
    // A greeting alone says nothing: the first sentence of more than three words does.
    let first = sentences.iter().position(|s| s.split_whitespace().count() > 3).unwrap_or(0);
    let question = sentences.iter().position(|s| s.ends_with('?')).filter(|_| asks);
    // "… si quelqu'un peut m'emmener. Est-ce possible ?": the sentence before tells what is asked; a short letter, all.
    let short = sentences.iter().skip(first).flat_map(|s| s.split_whitespace()).count() <= WORDS;
    let from = question.filter(|_| !short).map_or(first, |q| q.saturating_sub(1).max(first));
    let words: Vec<&str> = sentences.iter().skip(from).flat_map(|s| s.split_whitespace()).collect();
    let mut out = String::new();
    if from > first {
        out.push_str("… ");
    }
    out.push_str(&words.iter().take(WORDS).copied().collect::<Vec<_>>().join(" "));
    if words.len() > WORDS {
        out.push_str(" …");
    }
    out.chars().filter(|c| !c.is_control()).take(300).collect()
}

fn sentences(text: &str) -> Vec<&str> {
    text.split_inclusive(['.', '?', '!', '\n'])
        .map(str::trim)
        .filter(|s| s.chars().any(char::is_alphanumeric))
        .collect()
}
