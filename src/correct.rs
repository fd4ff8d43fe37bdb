//! An organiser's lines → entries, and a report of what was done.
//!
//! Promises: what is not understood changes nothing and is said; what fits two people changes neither; everything can be
//! undone, and the report says how. Who may correct is `plan`'s business. Pure: nothing is written here; the words are
//! in `rules/LANG/correct.toml`.

use jiff::Timestamp;

use crate::config::Config;
use crate::draft::{Automatic, Draft};
use crate::entry::{Content, Ledger, Origin, Person};
use crate::failure::Result;
use crate::rules::Rules;
use crate::speech::Speech;

/// An organiser's lines, and what they are about.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    /// The lines, without the digest that is quoted below them.
    pub text: &'a str,
    /// Where the entries will come from: the organiser's letter, or the command line.
    pub origin: Origin,
    /// What is written down so far.
    pub ledger: &'a Ledger,
    /// The configuration.
    pub config: &'a Config,
    /// Reads what is brought ("une quiche") as it does in a letter.
    pub rules: &'a Rules,
    /// The words.
    pub speech: &'a Speech,
    /// When the lines were written.
    pub now: Timestamp,
}

/// One entry to be written, in the order given.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// About whom.
    pub person: Person,
    /// How they are shown.
    pub shown: String,
    /// What it says.
    pub content: Content,
}

/// What became of one line.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The line as written, cleaned.
    pub written: String,
    /// Something was done.
    pub done: bool,
    /// What was done, or what was not understood: sentences.
    pub says: Vec<String>,
    /// The change whose entry undoes the line (`annuler C12`), by its place in [`Outcome::changes`].
    pub change: Option<usize>,
    /// What undoes the line, when it is no entry of its own; empty otherwise.
    pub back: String,
}

/// What the lines come to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outcome {
    /// Entries to be written, in order.
    pub changes: Vec<Change>,
    /// What to report, line by line.
    pub lines: Vec<Line>,
}

/// The mail that the report answers.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Reply {
    /// The one recipient.
    pub to: String,
    /// The organiser's subject.
    pub subject: String,
    /// The organiser's Message-ID, without angle brackets.
    pub message_id: String,
    /// The thread, oldest first, without angle brackets.
    pub references: Vec<String>,
    /// For the other organisers, when the server gives no verdict on the sender: who is said to have written.
    pub on_behalf: String,
}

/// Reads the lines.
pub fn lines(asked: &Asked<'_>) -> Outcome {
    let _ = asked;
    Outcome::default()
}

/// The report as text: for the mail, and for the terminal. `ids` are the rows of the entries written, in the order of
/// [`Outcome::changes`].
pub fn report(outcome: &Outcome, ids: &[i64], on_behalf: &str, speech: &Speech) -> Result<String> {
    let _ = (outcome, ids, on_behalf, speech);
    Ok(String::new())
}

/// The report as a mail in the organiser's thread; `message_id` is left empty.
pub fn draft(
    outcome: &Outcome,
    ids: &[i64],
    reply: &Reply,
    config: &Config,
    speech: &Speech,
    now: Timestamp,
) -> Result<Draft> {
    let mut references = reply.references.clone();
    references.push(reply.message_id.clone());
    references.retain(|r| !r.is_empty());
    Ok(Draft {
        from_name: config.association.short_name.clone(),
        from: config.association.address.clone(),
        to: reply.to.clone(),
        subject: speech.say("correct/subject", serde_json::json!({ "subject": reply.subject })),
        text: report(outcome, ids, &reply.on_behalf, speech)?,
        html: None,
        attachments: Vec::new(),
        message_id: String::new(),
        in_reply_to: (!reply.message_id.is_empty()).then(|| reply.message_id.clone()),
        references,
        automatic: Automatic::Replied,
        date: now,
    })
}
