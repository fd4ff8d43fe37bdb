//! Who made a letter, by its marks alone: a mail server, a machine, or a person; before anything it says is read.
//!
//! Promises: one weak mark never silences a person; two found in different ways do.

use std::collections::BTreeSet;

use crate::letter::{Letter, Mark, MarkOf, Strength};

/// Who made a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// A mail server or program reports on a mail: delivery report, read receipt.
    Report,
    /// A machine, certainly.
    Machine,
    /// A mailing list passed it on: a person may have written it.
    List,
    /// A machine, by what it says of itself or by two signs that persons give too.
    Likely,
    /// A machine or a person: one sign that persons give too.
    Unclear,
    /// A person, as far as marks tell.
    Person,
}

/// What the marks say, without regard to marks of ourselves.
pub fn made(letter: &Letter) -> Made {
    let marks = &letter.marks;
    let strong = |of| marks.iter().filter(move |m| m.of == of && m.strength == Strength::Strong);
    let weak = |of| marks.iter().filter(move |m| m.of == of && m.strength == Strength::Weak);
    let says_absent = strong(MarkOf::AutoReply).any(|m| ["subject", "body"].contains(&way(m)));
    // A report says so in its form or its subject; a postmaster's address or an empty sender may also be an absence note's,
    // and "Accusé de réception :" an office's that has received a letter and will see to it.
    let office = strong(MarkOf::AutoReply).any(|m| way(m) == "body");
    let only_titled = strong(MarkOf::Bounce).all(|m| ["sender", "subject"].contains(&way(m)));
    if strong(MarkOf::Bounce).any(|m| way(m) != "sender") && !(office && only_titled) {
        return Made::Report;
    }
    let ways: BTreeSet<&str> = weak(MarkOf::Bounce).map(way).collect();
    if !says_absent && (strong(MarkOf::Bounce).next().is_some() || ways.len() >= 2) {
        return Made::Report;
    }
    let null_sender = marks.iter().any(|m| m.rule == "header/null-sender");
    if null_sender || strong(MarkOf::Bounce).next().is_some() || certain(marks).any(|m| !by_list(m)) {
        return Made::Machine;
    }
    if certain(marks).next().is_some() {
        return Made::List;
    }
    if marks.iter().any(|m| speaks(m) && m.strength == Strength::Strong) {
        return Made::Likely;
    }
    let doubts: BTreeSet<&str> = marks.iter().filter(|m| speaks(m)).map(|m| m.rule.as_str()).collect();
    // An absence note that is all subject: "Absente pour congés", and nothing under it.
    let only_subject = weak(MarkOf::AutoReply).any(|m| way(m) == "subject") && letter.reply_text().trim().is_empty();
    match doubts.len() {
        _ if only_subject => Made::Machine,
        0 if ways.is_empty() => Made::Person,
        0 | 1 => Made::Unclear,
        _ => Made::Likely,
    }
}

/// Strong marks that a machine wrote, found around the text; what stands in the text a person may have written too
/// ("je suis absente du bureau cette semaine, mais je viendrai").
fn certain(marks: &[Mark]) -> impl Iterator<Item = &Mark> {
    marks.iter().filter(|m| speaks(m) && m.strength == Strength::Strong && way(m) != "body")
}

/// Marks that a machine wrote, other than a report.
fn speaks(mark: &Mark) -> bool {
    matches!(mark.of, MarkOf::AutoReply | MarkOf::Bulk | MarkOf::Robot | MarkOf::Spam)
}

/// Marks that a list leaves on what its members write.
fn by_list(mark: &Mark) -> bool {
    ["header/list", "header/precedence", "sender/list-manager"].contains(&mark.rule.as_str())
}

/// How a mark was found: header, sender, subject, part, body, report.
fn way(mark: &Mark) -> &str {
    mark.rule.split('/').next().unwrap_or("")
}
