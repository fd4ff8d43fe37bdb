//! What mail programs, phones, scanners and servers add to the sender's text: dropped wherever it stands.
//!
//! Promises: only whole lines that a rule names; the text below a phone's footer stays; a notice takes its paragraph
//! with it and no more. Rules and empty lines at the edges of the text are dropped, those inside it stay.

use super::quote::{Cut, Tag};
use super::sight::{self, Sight};

/// Lines that a list's footer may have.
const LIST_LINES: usize = 15;

/// Tags the program's lines among the sender's.
pub fn footers(cut: &mut Cut, sight: &Sight<'_>) {
    let mut i = 0;
    while i < cut.lines.len() {
        if cut.tag(i) != Some(Tag::Sender) || cut.text(i).is_none() {
            i += 1;
            continue;
        }
        let (flags, end) = footer(cut, i, sight);
        if flags & sight::CLIENT != 0 {
            cut.set(i..end, Tag::Program);
        } else if flags & sight::NOTICE != 0 {
            let end = paragraph_end(cut, end);
            cut.set(i..end, Tag::Program);
        } else if flags & sight::LIST != 0
            && (i..cut.lines.len()).filter(|j| cut.text(*j).is_some()).count() <= LIST_LINES
        {
            let end = run_end(cut, i);
            cut.set(i..end, Tag::Program);
        } else if flags & sight::BANNER != 0 && cut.written().next().is_none_or(|(first, _)| first >= i) {
            let end = paragraph_end(cut, end).min(i + 4);
            cut.set(i..end, Tag::Program);
        }
        i = end.max(i + 1);
    }
    edges(cut);
}

/// What the line at `i` is, alone or wrapped over two or three lines; one past its last line.
fn footer(cut: &Cut, i: usize, sight: &Sight<'_>) -> (sight::Flags, usize) {
    const ALL: sight::Flags = sight::CLIENT | sight::NOTICE | sight::LIST | sight::BANNER;
    let alone = cut.seen(i).flags & ALL;
    if alone != 0 {
        return (alone, if alone & sight::CLIENT != 0 { wrapped(cut, i, sight) } else { i + 1 });
    }
    let mut joined = cut.text(i).unwrap_or("").to_owned();
    for next in i + 1..i + 3 {
        // A program wraps at 72 or so: a shorter line was ended by a person.
        let before = cut.text(next - 1).map_or(0, |t| t.chars().count());
        let Some(text) = cut.text(next).filter(|_| (45..90).contains(&before) && cut.tag(next) == Some(Tag::Sender))
        else {
            break;
        };
        joined.push(' ');
        joined.push_str(text);
        let flags = sight.look(&joined).flags & ALL;
        if flags != 0 && cut.seen(next).flags & sight::OWN == 0 {
            return (flags, next + 1);
        }
    }
    (0, i + 1)
}

/// One past the footer at `i`, when its last word or two were wrapped onto a line of their own.
fn wrapped(cut: &Cut, i: usize, sight: &Sight<'_>) -> usize {
    let line = cut.text(i).unwrap_or("");
    let rest = cut.text(i + 1).unwrap_or("");
    let last =
        rest.starts_with(char::is_lowercase) && rest.split_whitespace().count() <= 2 && cut.text(i + 2).is_none();
    let open = line.chars().count() >= 45 && !line.ends_with(['.', '!']) && !cut.seen(i + 1).is(sight::OWN);
    let whole = last && open && sight.look(&format!("{line} {rest}")).is(sight::CLIENT);
    if whole { i + 2 } else { i + 1 }
}

fn paragraph_end(cut: &Cut, i: usize) -> usize {
    (i..cut.lines.len()).find(|j| cut.text(*j).is_none() || cut.tag(*j) != Some(Tag::Sender)).unwrap_or(cut.lines.len())
}

/// One past the last line of the sender's run that holds `i`.
pub fn run_end(cut: &Cut, i: usize) -> usize {
    let foreign = |j: &usize| cut.text(*j).is_some() && !matches!(cut.tag(*j), Some(Tag::Sender | Tag::Program));
    (i..cut.lines.len()).find(foreign).unwrap_or(cut.lines.len())
}

/// Rules (`____`, `----`) at the start or the end of a run of the sender's lines.
fn edges(cut: &mut Cut) {
    let senders = |cut: &Cut, i: usize| cut.text(i).is_some() && cut.tag(i) == Some(Tag::Sender);
    let rule = |cut: &Cut, i: usize| senders(cut, i) && cut.text(i).is_some_and(sight::is_rule);
    for forward in [true, false] {
        let mut inside = false;
        let n = cut.lines.len();
        for k in 0..n {
            let i = if forward { k } else { n - 1 - k };
            // The delimiter of a signature is found before it is dropped.
            let delimiter = cut.lines.get(i).is_some_and(|l| l.delimiter || l.text == "--");
            if senders(cut, i) && !rule(cut, i) {
                inside = true;
            } else if cut.text(i).is_some() && !senders(cut, i) {
                inside = false;
            } else if rule(cut, i) && !inside && !delimiter {
                cut.set(i..i + 1, Tag::Program);
            }
        }
    }
}
