//! A sum that stands by itself: "Luc, Anna, leur fils et moi : quatre.", "Il y va si j'y vais. Deux, donc.", "Faites le
//! compte : six."
//!
//! Never takes a number of things, and none where nobody was counted before it.

use std::ops::Range;

use crate::rules::passage::{Clause, Passage};
use crate::rules::template::Words;

use super::super::page::{Page, Piece, Place};
use super::party::party;
use super::totals::{self, Heard};
use super::{CORRECTED, Count, MOST, WHOLE};

/// Every such sum of the letter.
pub fn summed(page: &Page<'_>) -> Vec<Heard> {
    let body = page.pieces.iter().enumerate().filter(|(_, p)| p.place == Place::Body && p.quoted.is_none());
    body.flat_map(|(index, piece)| found(page, index, piece)).collect()
}

fn found(page: &Page<'_>, index: usize, piece: &Piece) -> Vec<Heard> {
    let passage = &piece.passage;
    let mut out = Vec::new();
    for (c, clause) in passage.clauses.iter().enumerate().filter(|(_, c)| !c.asked) {
        let sentence = passage.sentence(clause.sentence);
        let Some((n, words)) = alone(page, passage, clause, &sentence) else { continue };
        let colon = clause.words.start > sentence.start && passage.word(clause.words.start - 1) == ":";
        let whole = clause.words.start == sentence.start;
        let before = if whole {
            clause.sentence.checked_sub(1).map_or(0..0, |s| passage.sentence(s))
        } else {
            sentence.start..words.start
        };
        let reckons = before.clone().any(|w| page.pack.listed("reckoning", passage.word(w)));
        let marked = sentence.clone().any(|w| page.pack.listed("so-then", passage.word(w)));
        let counted = several(page, piece, &before);
        let rank = match () {
            () if reckons && (colon || whole) => CORRECTED,
            () if colon && counted => WHOLE,
            () if whole && (marked || counted) && folk(page, piece, &before) => WHOLE - 1,
            () => continue,
        };
        let about = piece.about.get(c).cloned().unwrap_or_default();
        let count = Count::new(Some(n), "people/summed", passage.words_of(words.clone()).to_owned());
        let at = (index, clause.sentence);
        let (doubted, announced, superseded) = (false, false, false);
        out.push(Heard { count, rank, at, words, clause: c, about, doubted, announced, superseded });
    }
    out
}

/// The number, when its clause and all behind it in the sentence hold nothing else but little words.
fn alone(page: &Page<'_>, passage: &Passage, clause: &Clause, sentence: &Range<usize>) -> Option<(u32, Range<usize>)> {
    let little = |w: usize| {
        let word = passage.word(w);
        !word.starts_with(char::is_alphanumeric) || ["so-then", "heads-nouns"].iter().any(|l| page.pack.listed(l, word))
    };
    let start = (clause.words.start..clause.words.end).find(|w| !little(*w))?;
    let (n, end) = passage.count(start).filter(|(n, _)| (2..=MOST).contains(n))?;
    let rest = (end..sentence.end).all(little);
    (rest && !passage.taken(start)).then_some((n, start..end))
}

/// Two persons at least are told there.
fn several(page: &Page<'_>, piece: &Piece, words: &Range<usize>) -> bool {
    let told = words.clone().filter_map(|w| party(&piece.passage, page.pack, w));
    told.filter(|p| p.end <= words.end).any(|p| p.members > 1 || p.people > Some(1))
}

/// Persons are told there, or "nous" and "je"; and nothing is brought.
fn folk(page: &Page<'_>, piece: &Piece, words: &Range<usize>) -> bool {
    let brings = piece
        .scan
        .found
        .iter()
        .any(|f| words.contains(&f.words.start) && page.rule(f).is_some_and(|r| r.field == "contributions"));
    let said = |w: usize| ["we-pronouns", "i", "me"].iter().any(|l| page.pack.listed(l, piece.passage.word(w)));
    !brings
        && (several(page, piece, words) || words.clone().any(said))
        && !words.clone().any(|w| totals::others(page, piece, w))
}
