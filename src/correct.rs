//! An organiser's lines → entries, and a report of what was done.
//!
//! Promises: what is not understood changes nothing and is said; what fits two people changes neither; everything can be
//! undone, and the report says how. Who may correct is `plan`'s business. Pure: nothing is written here; the words are
//! in `rules/LANG/correct.toml`.
//!
//! - [`line`]: one line; [`who`] it is about, [`clause`] by clause; [`apply`] to a person, [`announced`] to an event
//! - [`grammar`]: turns of phrase; [`when`]: dates and hours; [`work`]: what is written so far

use jiff::Timestamp;
use serde_json::json;

use crate::config::Config;
use crate::digest::clean;
use crate::draft::{Automatic, Draft};
use crate::entry::{Content, Ledger, Origin, Person};
use crate::failure::Result;
use crate::roster::Number;
use crate::rules::Rules;
use crate::speech::Speech;

mod announced;
mod apply;
mod clause;
mod grammar;
mod line;
mod when;
mod who;
mod work;

use grammar::{Grammar, normal};
use work::Work;

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
    /// The changes whose entries are taken back to undo the line (`C12`), by their places in [`Outcome::changes`].
    pub changes: Vec<usize>,
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

/// More lines than that are no correction.
const LINES: usize = 60;

/// Reads the lines.
pub fn lines(asked: &Asked<'_>) -> Outcome {
    let mut work = Work::new(asked);
    let mut lines = Vec::new();
    let name = match asked.origin {
        Origin::Organiser { letter } => asked.ledger.letters.iter().find(|l| l.id == letter).map(|l| l.shown.clone()),
        _ => None,
    };
    for written in asked.text.lines().take(LINES) {
        if written.trim_end() == "--" {
            break;
        }
        let text = written.trim().trim_start_matches(['-', '*', '\u{2022}', '\u{b7}']).trim();
        if written.trim_start().starts_with('>') || idle(&work.grammar, text, name.as_deref()) {
            continue;
        }
        let before = work.changes.len();
        let (says, back) = line::read(&mut work, text);
        let done = work.changes.len() > before;
        let own = |i: &usize| work.changes.get(*i).is_some_and(|c| !matches!(c.content, Content::Undo(_)));
        let changes = (before..work.changes.len()).filter(own).collect();
        lines.push(Line { written: clean(text, 200), done, says, changes, back });
    }
    Outcome { changes: work.changes, lines }
}

/// A line that asks nothing: empty, a courtesy, the organiser's own name.
fn idle(grammar: &Grammar<'_>, text: &str, name: Option<&str>) -> bool {
    let bare = normal(text);
    let signed = |name: &str| {
        let name = normal(name);
        let words: Vec<&str> = name.split(' ').collect();
        bare.split(' ').all(|w| words.contains(&w))
    };
    bare.is_empty() || grammar.is("line/skip", text) || name.is_some_and(signed)
}

/// The report as text: for the mail, and for the terminal. `ids` are the rows of the entries written, in the order of
/// [`Outcome::changes`]. `on_behalf`: who is said to have written, in the copy for the other organisers; else empty.
pub fn report(outcome: &Outcome, ids: &[i64], on_behalf: &str, speech: &Speech) -> Result<String> {
    told(outcome, ids, on_behalf, false, speech)
}

/// `greeting`: it is a mail.
fn told(outcome: &Outcome, ids: &[i64], on_behalf: &str, greeting: bool, speech: &Speech) -> Result<String> {
    let line = |l: &Line| {
        let numbers: Vec<String> =
            l.changes.iter().filter_map(|i| ids.get(*i)).map(|id| Number::Correction(*id).to_string()).collect();
        let undo = match (l.back.is_empty(), numbers.is_empty()) {
            (false, _) => speech.say("correct/back", json!({ "back": l.back })),
            (true, false) => speech.say("correct/undo", json!({ "numbers": numbers })),
            (true, true) => String::new(),
        };
        json!({ "written": l.written, "done": l.done, "says": l.says, "undo": undo })
    };
    let lines: Vec<serde_json::Value> = outcome.lines.iter().map(line).collect();
    let text = speech
        .render("report.txt", json!({ "lines": lines, "on_behalf": clean(on_behalf, 120), "greeting": greeting }))?;
    Ok(crate::digest::wrap(text.trim_start_matches('\n')))
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
        text: told(outcome, ids, &reply.on_behalf, true, speech)?,
        html: None,
        attachments: Vec::new(),
        message_id: String::new(),
        in_reply_to: (!reply.message_id.is_empty()).then(|| reply.message_id.clone()),
        references,
        automatic: Automatic::Replied,
        date: now,
    })
}
