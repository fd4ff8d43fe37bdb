//! The sender's closing and contact lines, told apart from the text.
//!
//! Promises: by a delimiter, the mail program's signature element, or a closing word with short lines under it; never a
//! line in which a person speaks, never a postscript; a body that is nothing but its closing keeps it.

use super::footer::run_end;
use super::headers::one_line;
use super::line::Hint;
use super::quote::{Cut, Tag};
use super::sight;

/// Lines that a signature may have.
const LONGEST: usize = 14;

/// Tags the signatures; `sender` is the name and address in the From field.
pub fn signatures(cut: &mut Cut, sender: &str) {
    let before: Vec<Tag> = cut.tags.clone();
    let mut i = 0;
    let mut soft = true; // nothing but a closing word says that it is one
    while i < cut.lines.len() {
        if cut.tag(i) != Some(Tag::Sender) {
            i += 1;
            continue;
        }
        let end = run_end(cut, i);
        element(cut, i, end);
        if let Some(start) = delimiter(cut, i, end) {
            take(cut, start, end);
            if let Some(above) = closing(cut, i, start) {
                take(cut, above, start);
            }
            soft = false;
        } else if let Some(start) = closing(cut, i, end).or_else(|| initials(cut, i, end, sender)) {
            take(cut, start, end);
        } else if let Some(start) = contacts(cut, i, end) {
            take(cut, start, end);
        }
        i = end.max(i + 1);
    }
    if soft
        && cut.written().next().is_none()
        && !cut.tags.iter().enumerate().any(|(i, t)| *t == Tag::Signature && hinted(cut, i))
    {
        cut.tags = before;
    }
}

fn hinted(cut: &Cut, i: usize) -> bool {
    cut.lines.get(i).is_some_and(|l| l.hint == Some(Hint::Signature))
}

/// Lines of the run with text that are still the sender's.
fn texts(cut: &Cut, start: usize, end: usize) -> Vec<usize> {
    (start..end).filter(|i| cut.text(*i).is_some() && cut.tag(*i) == Some(Tag::Sender)).collect()
}

/// Tags a signature from `start` on, paragraph by paragraph: a postscript or a person's words end it.
fn take(cut: &mut Cut, start: usize, end: usize) {
    let mut i = start;
    while i < end {
        let stop = (i..end).find(|j| cut.text(*j).is_none()).unwrap_or(end);
        let speaks = (i..stop).any(|j| cut.seen(j).is(sight::POSTSCRIPT) || (j > start && speaks(cut, j)));
        if speaks && i > start {
            return;
        }
        for j in i..stop {
            if cut.seen(j).is(sight::POSTSCRIPT) {
                return;
            }
            if cut.tag(j) == Some(Tag::Sender) {
                cut.set(j..j + 1, Tag::Signature);
            }
        }
        i = stop + 1;
    }
}

/// A person speaks, and it is no motto in quotation marks.
fn speaks(cut: &Cut, i: usize) -> bool {
    let text = cut.text(i).unwrap_or("");
    cut.seen(i).is(sight::OWN) && !text.starts_with(['"', '«', '“', '\u{201e}'])
}

/// The mail program's signature element; what a person says in it stays text.
fn element(cut: &mut Cut, start: usize, end: usize) {
    for i in texts(cut, start, end) {
        if hinted(cut, i) && !speaks(cut, i) {
            cut.set(i..i + 1, Tag::Signature);
        }
    }
}

/// A `-- ` line, or `--` alone, with a few short lines under it.
fn delimiter(cut: &Cut, start: usize, end: usize) -> Option<usize> {
    let lines = texts(cut, start, end);
    let exact = lines.iter().find(|i| cut.lines.get(**i).is_some_and(|l| l.delimiter));
    let bare = lines.iter().find(|i| {
        let text = cut.text(**i).unwrap_or("");
        is_delimiter(text) || (sight::is_rule(text) && text.len() >= 10)
    });
    let at = *exact.or(bare)?;
    let after: Vec<usize> = lines.iter().copied().filter(|i| *i > at).collect();
    let first_speaks = after.first().is_some_and(|i| speaks(cut, *i));
    let long = after.iter().take(6).any(|i| cut.text(*i).is_some_and(|t| t.chars().count() > 100));
    let rule = !cut.lines.get(at).is_some_and(|l| l.delimiter);
    // A rule inside the text is no delimiter: something of a signature must stand under it.
    let signs = after.iter().any(|i| cut.seen(*i).is(sight::CONTACT | sight::SIGNOFF)) || after.len() <= 3;
    let fits =
        after.len() <= LONGEST && !first_speaks && !(rule && (long || !signs || after.iter().any(|i| speaks(cut, *i))));
    fits.then_some(at)
}

/// Two or three dashes.
fn is_delimiter(text: &str) -> bool {
    matches!(text.trim(), "--" | "\u{2014}" | "\u{2013}" | "---")
}

/// The last closing word of the run with only short lines under it, up to a postscript. Text without that name may
/// stand below a closing that is signed.
fn closing(cut: &Cut, start: usize, end: usize) -> Option<usize> {
    let lines = texts(cut, start, end);
    let mut below = 0;
    let mut spoken = false;
    for (k, i) in lines.iter().enumerate().rev() {
        let seen = cut.seen(*i);
        let next = lines.get(k + 1).copied();
        if seen.is(sight::SIGNOFF) && below <= 8 {
            let signed = next.is_some_and(|n| !speaks(cut, n) && !cut.seen(n).is(sight::POSTSCRIPT));
            let greets = k == 0 && next.is_some();
            // A closing word right above a line that speaks is part of the text.
            let glued = next.is_some_and(|n| speaks(cut, n) && n == i + 1);
            return (!greets && !glued && (!spoken || signed)).then_some(*i);
        }
        if seen.is(sight::POSTSCRIPT) {
            below = 0;
        } else if speaks(cut, *i) || cut.text(*i).is_some_and(|t| t.chars().count() > 80) {
            below = 0;
            spoken = true;
        } else {
            below += 1;
        }
    }
    None
}

/// `- Paul`, `-Paul Durand`, `/Paul` as the last line: initials or a name after a dash.
fn initials(cut: &Cut, start: usize, end: usize, sender: &str) -> Option<usize> {
    let lines = texts(cut, start, end);
    let last = *lines.last()?;
    let text = cut.text(last)?;
    let name = text.strip_prefix(['-', '/', '\u{2013}', '\u{2014}'])?.trim().trim_end_matches(['.', ',']);
    let words: Vec<&str> = name.split_whitespace().collect();
    let capital = words.iter().all(|w| w.starts_with(char::is_uppercase) || matches!(*w, "de" | "van" | "von"));
    let sender = sight::plain(sender);
    let senders = words.iter().any(|w| w.len() > 2 && sender.contains(&sight::plain(w)));
    let before = lines.iter().rev().nth(1).and_then(|i| cut.text(*i)).unwrap_or("");
    let list = before.ends_with([':', ',', ';']) || before.starts_with(['-', '*', '•']);
    let alone = last.checked_sub(1).is_some_and(|i| cut.text(i).is_none());
    let fits = !list && alone && !words.is_empty() && words.len() <= 4 && lines.len() > 1;
    (fits && (senders || (capital && (words.len() >= 2 || text.starts_with('/'))))).then_some(last)
}

/// A last paragraph of contact lines under a name.
fn contacts(cut: &Cut, start: usize, end: usize) -> Option<usize> {
    let lines = texts(cut, start, end);
    let last = *lines.last()?;
    let first = (start..=last).rev().take_while(|i| cut.text(*i).is_some()).last()?;
    let block: Vec<usize> = (first..=last).collect();
    let short = block.iter().all(|i| cut.text(*i).is_some_and(|t| t.chars().count() <= 80) && !speaks(cut, *i));
    let contacts = block.iter().filter(|i| cut.seen(**i).is(sight::CONTACT)).count();
    let fits = first > start && short && (2..=8).contains(&block.len()) && contacts >= 1;
    (fits && lines.first().is_some_and(|f| *f < first)).then_some(first)
}

/// The signature as text, one line a line.
pub fn text(cut: &Cut) -> String {
    let lines = cut.tags.iter().enumerate().filter(|(_, t)| **t == Tag::Signature);
    let texts: Vec<String> = lines
        .filter_map(|(i, _)| cut.text(i))
        .filter(|t| !sight::is_rule(t) && !is_delimiter(t))
        .map(one_line)
        .collect();
    texts.join("\n")
}
