//! What we know we sent settles what shape cannot: our words are quote wherever they stand, and text among them that is
//! not ours is the sender's.
//!
//! Promises: never takes a line from the sender that is not wholly ours; gives lines back to the sender only beside our
//! own words, or when nothing else was written and the program marks what it quotes.

use super::ours::{Known, Share};
use super::quote::{Cut, Means, Tag};
use super::sight;

/// Our words in a quote beyond which we know the whole quoted text.
const ENOUGH: u32 = 25;

/// An answer typed below a header is not longer, in bytes; a quoted mail is.
const LONGEST_ANSWER: usize = 1_500;

/// Uses what we sent.
pub fn known(cut: &mut Cut, known: &Known) {
    let shares = known.shares(&cut.lines);
    cut.ours = shares.iter().any(|s| s.ours > 0);
    if !cut.ours {
        return;
    }
    for (i, share) in shares.iter().enumerate() {
        if share.whole() && cut.tag(i) == Some(Tag::Sender) {
            cut.set(i..i + 1, Tag::Quoted);
            cut.means = cut.means.max(Means::Headers);
        }
    }
    let ours = |i: usize| shares.get(i).is_some_and(|s| s.ours > 0);
    if let Some((_, start)) = cut.tail.filter(|_| by_us(cut, known)) {
        let end = (start + 1..cut.lines.len())
            .find(|i| cut.marked(*i) || cut.seen(*i).is(sight::TITLE) || cut.seen(*i).attributes())
            .unwrap_or(cut.lines.len());
        // What stands between the header and our first words is the header's.
        let start = (start..end).find(|i| ours(*i)).unwrap_or(end);
        answers_among(cut, &shares, start, end);
    }
    if cut.written().next().is_none() {
        // Some programs mark what is typed inside a quote, too.
        let end = cut.lines.len();
        let depth = (0..end).find(|i| ours(*i));
        let depth = depth.and_then(|i| cut.lines.get(i)).map_or(0, |l| l.depth);
        if depth > 0 {
            let (start, end) = span(&shares);
            let others: Vec<usize> =
                (start..end).filter(|i| cut.lines.get(*i).is_some_and(|l| l.depth == depth)).collect();
            for i in others {
                answers_among(cut, &shares, i, i + 1);
            }
        }
    }
}

/// The mail quoted below is not somebody else's, as far as its header says.
fn by_us(cut: &Cut, known: &Known) -> bool {
    !cut.forward && cut.author().is_none_or(|a| !a.contains('@') || known.named(a))
}

/// First line and one past the last line that hold our words.
fn span(shares: &[Share]) -> (usize, usize) {
    let first = shares.iter().position(|s| s.ours > 0).unwrap_or(0);
    let last = shares.iter().rposition(|s| s.ours > 0).unwrap_or(0);
    (first, last + 1)
}

/// Lines without a word of ours, where our words are known around them: the sender's.
fn answers_among(cut: &mut Cut, shares: &[Share], start: usize, end: usize) {
    let ours: u32 = shares.iter().map(|s| s.ours).sum();
    if ours < ENOUGH {
        return;
    }
    for i in start..end {
        let foreign = shares.get(i).is_some_and(|s| s.words > 0 && s.ours == 0);
        let picture = cut.text(i).is_some_and(|t| t.starts_with('[') || t.starts_with('<'));
        let seen = cut.seen(i);
        if foreign && !picture && !seen.is(sight::LABEL | sight::TITLE) && !seen.attributes() {
            cut.set(i..i + 1, Tag::Sender);
        }
    }
}

/// Nothing above, nothing marked: the sender cleared the quote and typed below its header. So it is when the program
/// marks what it quotes, or when it names us and we know that this is not what we sent.
pub fn below(cut: &mut Cut, known: &Known) {
    let Some((_, start)) = cut.tail else { return };
    let nothing_else = cut.written().next().is_none() && !(0..cut.lines.len()).any(|i| cut.marked(i));
    let named = !known.is_empty() && cut.author().is_some_and(|a| known.named(a));
    if !nothing_else || cut.ours || cut.forward || !(cut.marks || named) {
        return;
    }
    let length: usize = (start..cut.lines.len()).filter_map(|i| cut.text(i)).map(str::len).sum();
    if length < LONGEST_ANSWER {
        cut.set(start..cut.lines.len(), Tag::Sender);
    }
}
