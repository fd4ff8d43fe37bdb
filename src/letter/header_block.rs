//! Header blocks: `De :`, `Envoyé :`, `À :`, `Objet :` above a quote that nothing marks (Outlook, SFR, La Poste, Yahoo…).
//!
//! Promises: never a block at a lone label: two different ones with a sender among them, and evidence that a machine
//! wrote them. Labels may be wrapped, spaced by an empty line, in any order.

use super::quote::Cut;
use super::sight;

/// Lines that a block may have.
const LONGEST: usize = 30;

/// One past the last line of the header block that starts at `i`. `least` different labels are asked for: under a title
/// one is enough, without any title a sender must be among two.
pub fn end(cut: &Cut, i: usize, least: u32) -> Option<usize> {
    let first = cut.seen(i);
    // After the label a person speaks, and no machine shows.
    if !first.is(sight::LABEL) || (first.is(sight::FROM) && first.is(sight::OWN) && !first.is(sight::EVIDENCE)) {
        return None;
    }
    let mut labels = 0;
    let mut evidence = 0;
    let mut end = i;
    let mut j = i;
    while j < i + LONGEST {
        let seen = cut.seen(j);
        if cut.text(j).is_some() && seen.is(sight::LABEL) && !cut.marked(j) {
            labels |= seen.flags & sight::LABEL;
            evidence |= seen.flags & sight::EVIDENCE;
            end = j + 1;
            j += 1;
        } else if let Some(next) = continues(cut, j) {
            // The lines between are a label's: a long list of addresses, an address on a line of its own.
            (j..next).for_each(|k| evidence |= cut.seen(k).flags & sight::EVIDENCE);
            j = next;
        } else {
            break;
        }
    }
    let different = labels.count_ones();
    let sure = if least > 1 {
        labels & sight::FROM != 0 && different >= least && (evidence != 0 || different >= 4)
    } else {
        different >= least
    };
    sure.then_some(end)
}

/// The next label within a few lines of `j`: over one empty line, or over the lines that a program wrapped.
fn continues(cut: &Cut, j: usize) -> Option<usize> {
    let blank = cut.text(j).is_none();
    for next in j + 1..j + 5 {
        let text = cut.text(next);
        if text.is_some() && cut.seen(next).is(sight::LABEL) && !cut.marked(next) {
            return Some(next);
        }
        // Over empty lines, only to a label; over text, not across an empty line.
        if text.is_some() == blank || (blank && next > j + 2) {
            return None;
        }
    }
    None
}

/// An element says that headers follow: believed when a label or evidence stands in its first lines.
pub fn trusted(cut: &Cut, i: usize) -> bool {
    (i..i + 10).any(|j| cut.seen(j).is(sight::LABEL | sight::EVIDENCE))
}
