//! An outgoing mail before it has a connection: values only, no bytes.

use jiff::Timestamp;

/// The header that marks a mail as written by this program: `acknowledgement` or `digest`. Mail without it, in the
/// folder of sent mail, was written by a person.
pub const MARK: &str = "X-Astir-Rsvp";

/// Why the mail is automatic (RFC 3834 §5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Automatic {
    /// It answers a message (`Auto-Submitted: auto-replied`).
    Replied,
    /// It is a report of our own (`Auto-Submitted: auto-generated`).
    Generated,
}

/// A file that goes with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// File name, ASCII.
    pub name: String,
    /// Media type with parameters (`text/calendar; method=PUBLISH; charset=utf-8`).
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A mail to be sent, to one recipient.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// Our own name as shown.
    pub from_name: String,
    /// Our own address.
    pub from: String,
    /// The one recipient's address.
    pub to: String,
    /// Subject, decoded, one line.
    pub subject: String,
    /// The text part, UTF-8, `\n` line ends.
    pub text: String,
    /// The HTML part, when there is one.
    pub html: Option<String>,
    /// Files.
    pub attachments: Vec<Attachment>,
    /// Our Message-ID, without angle brackets; stable over retries.
    pub message_id: String,
    /// The letter answered, without angle brackets.
    pub in_reply_to: Option<String>,
    /// The thread, oldest first, without angle brackets.
    pub references: Vec<String>,
    /// Replied or generated.
    pub automatic: Automatic,
    /// The `Date:` header; fixed when the draft is frozen.
    pub date: Timestamp,
}
