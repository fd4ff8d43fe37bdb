//! One message decoded: bytes + rules → [`Letter`]. Never fails, never panics, linear in the size of the message.
//!
//! What cannot be decoded is a Letter with little in it and a [`Trouble`]. Nothing here judges what the words mean.

use jiff::Timestamp;
use mail_parser::{DateTime, Message, MessageParser};
use sha2::{Digest, Sha256};

use crate::rules::Rules;

pub mod body;
pub mod calendar;
pub mod charset;
mod footer;
mod header_block;
pub mod headers;
pub mod html;
pub mod line;
pub mod machine;
pub mod verified;
mod ours;
mod quote;
mod rescue;
mod signature;
mod sight;
mod source;
pub mod subject;
mod thread;

use headers::Headers;

/// No more of a message is read: the text of an answer stands before its photographs.
const LONGEST: usize = 30 << 20;

/// A mail address as written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mailbox {
    /// Display name, decoded, controls removed; may be empty.
    pub name: String,
    /// Address, lower-cased; exactly one `@`.
    pub address: String,
}

/// A piece of the body, in the order of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Who wrote it.
    pub by: Writer,
    /// The text, `\n` line ends, quote marks removed.
    pub text: String,
}

/// Who wrote a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writer {
    /// The sender, now.
    Sender,
    /// Somebody before: a quote or a forwarded text.
    Quoted,
    /// The mail program or server: attribution lines, phone footers, legal notices, virus lines.
    Program,
}

/// Evidence that a machine wrote the message (RFC 3834, 3464, 8098, 2369 and what programs really do).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// What it is evidence of.
    pub of: MarkOf,
    /// How much it weighs alone.
    pub strength: Strength,
    /// The rule's id or the header's name.
    pub rule: String,
    /// The words or header value, at most 100 characters.
    pub words: String,
}

/// What a mark is evidence of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MarkOf {
    /// A delivery report or read receipt.
    Bounce,
    /// An absence note or "we have received your message".
    AutoReply,
    /// A list, newsletter or mass mailing.
    Bulk,
    /// A notification by a web service, a no-reply sender.
    Robot,
    /// Spam.
    Spam,
    /// Our own mail come back.
    Ourselves,
    /// A request not to be answered automatically, by a person's own program.
    NoAnswerWanted,
}

/// How much a mark weighs alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Needs a second sign of another kind.
    Weak,
    /// Enough alone.
    Strong,
}

/// A calendar message (iTIP, RFC 5546) found in the letter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    /// `REPLY`, `REQUEST`, `COUNTER`, `CANCEL`…, upper case.
    pub method: String,
    /// The event's UID.
    pub uid: String,
    /// The event's summary.
    pub summary: String,
    /// Start as written: `YYYY-MM-DDTHH:MM:SS` in local time, the same with `Z` in UTC, or `YYYY-MM-DD`.
    pub start: String,
    /// The answering attendee's address.
    pub attendee: String,
    /// `ACCEPTED`, `DECLINED`, `TENTATIVE`…, upper case; empty when none is said or several are.
    pub partstat: String,
    /// Guests besides the attendee (`X-NUM-GUESTS`).
    pub guests: Option<u32>,
    /// The attendee's comment.
    pub comment: String,
}

/// What the receiving server says of the sender (RFC 8601), only from the configured authserv-id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Verified {
    /// No verdict, or none that counts.
    #[default]
    Unknown,
    /// DKIM or SPF aligned, or DMARC passes.
    Pass,
    /// All that were tried fail.
    Fail,
}

/// What could not be decoded, or is not as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trouble {
    /// No header and body could be told apart, or nothing at all.
    Unparsable,
    /// Only the first part of a big message was read.
    Truncated,
    /// No sender address with exactly one `@`.
    NoSender,
    /// Several sender addresses.
    SeveralSenders,
    /// Encrypted, or a format that only one mail program reads (TNEF).
    Opaque,
}

/// A file attached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// File name, may be empty.
    pub name: String,
    /// Media type without parameters, lower case.
    pub media_type: String,
}

/// One message decoded.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Letter {
    /// SHA-256 of the content without trace headers, hex: the letter's identity.
    pub hash: String,
    /// Without angle brackets; empty when missing.
    pub message_id: String,
    /// In-Reply-To and References together, oldest first, without angle brackets, no repeats.
    pub references: Vec<String>,
    /// The sender.
    pub from: Option<Mailbox>,
    /// Reply-To.
    pub reply_to: Vec<Mailbox>,
    /// To and Cc together.
    pub recipients: Vec<Mailbox>,
    /// Return-Path: `Some("")` for the null sender.
    pub return_path: Option<String>,
    /// The `Date:` header, when it is a real date.
    pub date: Option<Timestamp>,
    /// Subject, decoded, one line, at most 300 characters.
    pub subject: String,
    /// Body in order.
    pub blocks: Vec<Block>,
    /// The closing and contact lines, when told apart from the text.
    pub signature: String,
    /// The sender forwards a message of somebody else (not our invitation).
    pub forwards: bool,
    /// The quoted text is our invitation or our own mail.
    pub quotes_us: bool,
    /// It answers a mail of ours, by its thread.
    pub answers_us: bool,
    /// Files.
    pub attachments: Vec<Attached>,
    /// Evidence of machines.
    pub marks: Vec<Mark>,
    /// For a bounce: the failed recipient, lower-cased, and the Message-ID of the mail it is about.
    pub bounced: Option<Bounced>,
    /// A calendar message.
    pub calendar: Option<Calendar>,
    /// What the receiving server says of the sender.
    pub verified: Verified,
    /// What is wrong with it.
    pub troubles: Vec<Trouble>,
}

/// What a delivery report is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bounced {
    /// The address that could not be reached; empty if not said.
    pub recipient: String,
    /// The Message-ID of the mail that failed, without angle brackets; empty if not said.
    pub message_id: String,
    /// Only a delay: it may still arrive.
    pub delayed: bool,
}

/// What is known of ourselves when a letter is read.
#[derive(Debug, Clone, Default)]
pub struct Ourselves {
    /// Our address and aliases, lower-cased.
    pub addresses: Vec<String>,
    /// Texts that we sent: the invitation, our acknowledgements. Any block that matches is quote.
    pub texts: Vec<String>,
    /// Message-IDs of the invitation and of what we sent, without angle brackets.
    pub message_ids: Vec<String>,
    /// Whose Authentication-Results count; empty: the topmost.
    pub authserv_id: String,
}

/// Decodes one message. Never fails: what cannot be read is a [`Letter`] with a [`Trouble`].
pub fn read(bytes: &[u8], rules: &Rules, us: &Ourselves) -> Letter {
    let mut letter = Letter::default();
    let bytes = match bytes.get(..LONGEST) {
        Some(start) => {
            letter.troubles.push(Trouble::Truncated);
            start
        }
        None => bytes,
    };
    let headers = Headers::read(bytes);
    identity(&mut letter, &headers);
    letter.hash = hash(&headers, bytes);
    if headers.list().is_empty() {
        letter.troubles.push(Trouble::Unparsable);
    }
    // The parser is fuzzed, but strangers write what it reads: one letter must not stop those behind it.
    let known = letter.clone();
    let content = std::panic::AssertUnwindSafe(|| content(known, bytes, &headers, rules, us));
    if let Some(full) = std::panic::catch_unwind(content).ok().flatten() {
        return full;
    }
    if !letter.troubles.contains(&Trouble::Unparsable) {
        letter.troubles.push(Trouble::Unparsable);
    }
    letter
}

fn content(mut letter: Letter, bytes: &[u8], headers: &Headers, rules: &Rules, us: &Ourselves) -> Option<Letter> {
    let (bytes, cut) = source::source(bytes);
    let message = MessageParser::default().parse(bytes.as_ref())?;
    if cut {
        letter.troubles.push(Trouble::Truncated);
    }
    thread::text(&mut letter, &message, rules, us);
    machines(&mut letter, &message, headers, rules, us);
    Some(letter)
}

/// What machines wrote: marks, delivery reports, calendar, the receiving server's verdict.
/// `message` is the parsed MIME tree, `headers` the top header block in order, every field of a name included.
fn machines(letter: &mut Letter, message: &Message<'_>, headers: &Headers, rules: &Rules, us: &Ourselves) {
    letter.answers_us = letter.references.iter().any(|id| us.message_ids.contains(id));
    letter.calendar = calendar::find(message, letter);
    letter.verified = verified::verdict(headers, letter, us);
    (letter.marks, letter.bounced) = machine::marks(message, headers, letter, rules, us);
}

fn identity(letter: &mut Letter, headers: &Headers) {
    letter.message_id = headers.ids("message-id").pop().unwrap_or_default();
    for id in headers.ids("references").into_iter().chain(headers.ids("in-reply-to")) {
        if !letter.references.contains(&id) {
            letter.references.push(id);
        }
        if letter.references.len() >= 100 {
            break;
        }
    }
    let from = headers.addresses("from");
    match from.len() {
        0 => letter.troubles.push(Trouble::NoSender),
        1 => {}
        _ => letter.troubles.push(Trouble::SeveralSenders),
    }
    letter.from = from.into_iter().next();
    letter.reply_to = headers.addresses("reply-to");
    letter.recipients = headers.addresses("to").into_iter().chain(headers.addresses("cc")).collect();
    letter.return_path = headers.first("return-path").map(|v| {
        let inside = v.trim().trim_start_matches('<').trim_end_matches('>').trim().to_lowercase();
        if headers::is_address(&inside) { inside } else { String::new() }
    });
    letter.date = headers
        .first("date")
        .and_then(DateTime::parse_rfc822)
        .filter(DateTime::is_valid)
        .and_then(|d| Timestamp::from_second(d.to_timestamp()).ok());
    letter.subject = headers.text("subject").chars().take(300).collect();
}

/// What makes a message the same message wherever it is copied: its own fields and its body, not the traces of its way.
fn hash(headers: &Headers, bytes: &[u8]) -> String {
    const OWN: [&str; 8] = ["from", "to", "cc", "subject", "date", "message-id", "in-reply-to", "references"];
    let mut sha = Sha256::new();
    for name in OWN {
        for value in headers.all(name) {
            sha.update(name);
            value.split_whitespace().for_each(|word| sha.update(word));
            sha.update([0]);
        }
    }
    headers::body(bytes).split(|b| *b == b'\r' || *b == b'\n').filter(|l| !l.is_empty()).for_each(|line| {
        sha.update(line.trim_ascii_end());
        sha.update(b"\n");
    });
    sha.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

/// Adds the invitation (a mail file, or a plain text) to what is known of ourselves: its text and its Message-ID.
pub fn know_invitation(us: &mut Ourselves, bytes: &[u8]) {
    thread::know(us, bytes);
}

impl Letter {
    /// What the sender newly wrote, blocks joined by an empty line; never the subject.
    pub fn reply_text(&self) -> String {
        let mut out = String::new();
        for block in self.blocks.iter().filter(|b| b.by == Writer::Sender) {
            if !out.is_empty() {
                out.push_str("\n\n");
            }
            out.push_str(block.text.trim_matches('\n'));
        }
        out
    }

    /// Each piece that the sender wrote with the quoted text right above it (empty when none): inline answers.
    pub fn pieces(&self) -> Vec<(&str, &str)> {
        let mut above = "";
        let mut out = Vec::new();
        for block in &self.blocks {
            match block.by {
                Writer::Quoted => above = &block.text,
                Writer::Sender => {
                    out.push((above, block.text.as_str()));
                    above = "";
                }
                Writer::Program => {}
            }
        }
        out
    }
}
