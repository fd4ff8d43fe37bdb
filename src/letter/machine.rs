//! Evidence that a machine wrote the message: headers, envelope, parts, sender, subject and words → [`Mark`]s.
//!
//! Promises: every occurrence of every header is looked at, names without case, comments as RFC 3834 and 5322 have
//! them; linear in the message; the rules are data (`rules/mail/machines.toml`, `machine-words.toml`).
//! Never decides what kind of message it is (`understand::kind` does), never looks into an attached message: what a
//! person forwards is not what they send.

use mail_parser::{Message, PartType};

use super::headers::Headers;
use super::{Bounced, Letter, Mark, MarkOf, Ourselves, Strength, Writer};
use crate::rules::Rules;
use crate::rules::lines::{LineRule, LineRules};
use crate::text::fold;

mod header;
mod ourselves;
mod report;

/// How much of a text is looked at: machines say what they are at the top, mass mailings also at the end.
const HEAD: usize = 2_000;
const TAIL: usize = 1_000;
/// A server's report may show its own header first.
const REPORT: usize = 4_000;

/// Every mark of a message, and for a delivery report whom and which of our mails it is about. `letter` holds at least
/// the addresses, the subject and the blocks.
pub fn marks(
    message: &Message<'_>,
    headers: &Headers,
    letter: &Letter,
    rules: &Rules,
    us: &Ourselves,
) -> (Vec<Mark>, Option<Bounced>) {
    let mut marks = ourselves::marks(headers, letter, us);
    if let (Ok(around), Ok(words)) = (rules.lines("machines"), rules.lines("machine-words")) {
        for line in header::lines(headers, letter) {
            look(around, line.place, &line.text, &mut marks);
        }
        for part in parts(message) {
            look(around, "part", &part, &mut marks);
        }
        for paragraph in paragraphs(&own_text(letter), HEAD, TAIL) {
            look(words, "body", &paragraph, &mut marks);
        }
        for paragraph in paragraphs(&message.body_text(0).unwrap_or_default(), REPORT, 0) {
            look(words, "report", &paragraph, &mut marks);
        }
    }
    let bounced =
        marks.iter().any(|m| m.of == MarkOf::Bounce).then(|| report::bounced(message, headers, letter, &marks, us));
    (marks, bounced.flatten())
}

/// Adds the marks that the rules find in one line of a place, each rule once a message.
fn look(rules: &LineRules, place: &str, line: &str, marks: &mut Vec<Mark>) {
    for rule in rules.find(&fold(line)) {
        let says = |key| rule.says.get(key).map_or("", String::as_str);
        if says("where") != place || marks.iter().any(|m| m.rule == rule.id) {
            continue;
        }
        if let Some(of) = of(says("of")) {
            let strength = if says("strength") == "strong" { Strength::Strong } else { Strength::Weak };
            marks.push(Mark { of, strength, rule: rule.id.clone(), words: cut(line) });
        }
    }
}

/// What a rule is evidence of, by the word it is written with.
fn of(word: &str) -> Option<MarkOf> {
    Some(match word {
        "bounce" => MarkOf::Bounce,
        "auto-reply" => MarkOf::AutoReply,
        "bulk" => MarkOf::Bulk,
        "robot" => MarkOf::Robot,
        "spam" => MarkOf::Spam,
        "no-answer-wanted" => MarkOf::NoAnswerWanted,
        _ => return None,
    })
}

/// Whether a rule of these files is written so that it can ever count.
pub fn well_formed(rule: &LineRule) -> bool {
    let says = |key| rule.says.get(key).map_or("", String::as_str);
    ["header", "sender", "subject", "part", "body", "report"].contains(&says("where"))
        && ["strong", "weak"].contains(&says("strength"))
        && of(says("of")).is_some()
}

/// One line a part: "part: multipart/report; report-type=delivery-status". Attached messages are not entered.
fn parts(message: &Message<'_>) -> Vec<String> {
    message
        .parts
        .iter()
        .filter_map(|part| {
            let value = part.headers.iter().rev().find(|h| h.name.as_str().eq_ignore_ascii_case("content-type"))?;
            let kind = value.value.as_content_type()?;
            let report = kind.attribute("report-type").map(|r| format!("; report-type={r}")).unwrap_or_default();
            Some(format!("part: {}/{}{report}", kind.ctype(), kind.subtype().unwrap_or("")))
        })
        .collect()
}

/// All that is not somebody else's: an absence note may have been taken for a footer.
fn own_text(letter: &Letter) -> String {
    let blocks = letter.blocks.iter().filter(|b| b.by != Writer::Quoted).map(|b| b.text.as_str());
    let text = blocks.chain([letter.signature.as_str()]).collect::<Vec<_>>().join("\n\n");
    text.lines().filter(|l| !l.trim_start().starts_with('>')).collect::<Vec<_>>().join("\n")
}

/// The paragraphs of the first `head` and last `tail` bytes, each on one line: mail programs wrap where they like.
fn paragraphs(text: &str, head: usize, tail: usize) -> Vec<String> {
    let (first, rest) = split(text, head);
    let from = (0..=rest.len().saturating_sub(tail)).rev().find(|i| rest.is_char_boundary(*i)).unwrap_or(0);
    let last = if tail == 0 { "" } else { rest.get(from..).unwrap_or("") };
    [first, last]
        .iter()
        .flat_map(|t| t.replace('\r', "").split("\n\n").map(join).collect::<Vec<_>>())
        .filter(|p| !p.is_empty())
        .collect()
}

fn join(paragraph: &str) -> String {
    paragraph.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn split(text: &str, at: usize) -> (&str, &str) {
    let at = (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    text.split_at(at)
}

/// The evidence kept of a line, at most 100 characters.
fn cut(line: &str) -> String {
    line.chars().take(100).collect()
}

/// The text of a part, as it can be read.
fn text_of<'a>(body: &'a PartType<'_>) -> std::borrow::Cow<'a, str> {
    match body {
        PartType::Text(text) | PartType::Html(text) => std::borrow::Cow::Borrowed(text),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => String::from_utf8_lossy(bytes),
        _ => std::borrow::Cow::Borrowed(""),
    }
}

#[cfg(test)]
mod tests;
