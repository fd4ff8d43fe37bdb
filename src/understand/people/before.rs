//! Persons named before, whom a pronoun means: "je viens avec eux", "je les amène", "il mange aussi".
//!
//! Never reaches back further than two sentences, and never means the sender.

use crate::rules::passage::Passage;
use crate::rules::template::Words;

use super::super::page::{Page, Piece};
use super::party::{Party, party};

/// "J'ai mes deux neveux, je viens avec eux", "je viens avec les deux": the persons named last, in this sentence or the
/// two before it.
pub(super) fn pronoun(page: &Page<'_>, piece: &Piece, at: usize) -> Option<Party> {
    let (passage, pack) = (&piece.passage, page.pack);
    let end = pack.phrase(passage, "these-persons", at)?;
    let number = (at..end).find_map(|w| passage.count(w)).map(|(n, _)| n);
    let last = antecedent(page, piece, at, number)?;
    Some(Party { people: number.or(last.people), end, ..last })
}

/// The persons named last before a word, in its sentence or the two before it; so many of them, when a number is said.
pub(super) fn antecedent(page: &Page<'_>, piece: &Piece, at: usize, number: Option<u32>) -> Option<Party> {
    let own = |w: usize| page.pack.listed("own-determiners", piece.passage.word(w));
    let last = last(page, piece, at, 2, |w, p| p.people > Some(1) || own(w) && !p.names && p.people.is_none())?;
    (number.is_none() || last.people.is_none() || last.people == number).then_some(last)
}

/// The last party before a word, in its sentence or so many before it, that is not the sender's and fits.
fn last(
    page: &Page<'_>,
    piece: &Piece,
    at: usize,
    sentences: usize,
    fits: impl Fn(usize, &Party) -> bool,
) -> Option<Party> {
    let (passage, pack) = (&piece.passage, page.pack);
    let sentence = passage.clauses.get(passage.clause_at(at)?)?.sentence;
    let mut last = None;
    let mut w = passage.sentence(sentence.saturating_sub(sentences)).start;
    while w < at {
        let begin = w;
        let found = party(passage, pack, w).filter(|p| p.end <= at);
        w = found.as_ref().map_or(w + 1, |p| p.end.max(w + 1));
        last = found.filter(|p| !p.me && fits(begin, p)).or(last);
    }
    last
}

/// "Mon frère m'emmène, il mange aussi": the one person named last, in this sentence or the two before it.
pub(super) fn singular(page: &Page<'_>, piece: &Piece, at: usize) -> Option<Party> {
    let (passage, pack) = (&piece.passage, page.pack);
    let way = |name: &str| pack.phrase(passage, name, at + 1);
    // "Mon gendre m'amène et il reste."
    let stays = || way("stays-too").filter(|e| closed(page, piece, *e));
    let comes = way("comes-too").or_else(|| way("a-assigned")).or_else(stays);
    let end = comes.filter(|_| pack.listed("they", passage.word(at)))?;
    let sentence = passage.clauses.get(passage.clause_at(at)?)?.sentence;
    let from = passage.sentence(sentence.saturating_sub(2)).start;
    let one = |p: &Party| p.people == Some(1) && !p.me && !p.keys.is_empty() && p.end <= at;
    let known = |w: usize, p: &Party| p.names || pack.listed("own-determiners", passage.word(w));
    let last = (from..at).rev().find_map(|w| party(passage, pack, w).filter(|p| one(p) && known(w, p)))?;
    Some(Party { end, ..last })
}

/// Nothing more is said in the clause.
fn closed(page: &Page<'_>, piece: &Piece, end: usize) -> bool {
    let passage = &piece.passage;
    let word = passage.word(end);
    !word.starts_with(char::is_alphanumeric)
        || passage.clause_at(end).is_none_or(|c| passage.clause_at(end - 1) != Some(c))
        || page.pack.listed("party-joints", word)
}

/// "Ma mère veut venir, je l'accompagne": those whom the sender goes along with, and the sender.
pub(super) fn accompanied(page: &Page<'_>, piece: &Piece, at: usize) -> Option<Party> {
    let (passage, pack) = (&piece.passage, page.pack);
    let end = pack.phrase(passage, "a-goes-with-them", at)?;
    let led = |w: usize| w.checked_sub(1).is_some_and(|b| pack.listed("no-subject-before", passage.word(b)));
    let known = |w: usize, p: &Party| p.names || pack.listed("own-determiners", passage.word(w));
    let last = last(page, piece, at, 1, |w, p| !led(w) && !p.keys.is_empty() && known(w, p))?;
    Some(Party { people: last.people.map(|n| n + 1), me: true, end, members: 2, loose: false, ..last })
}

/// The names of those whom a number counts: "deux d'entre nous viendront, Aïcha et Omar", in its sentence or the next.
pub(super) fn called(page: &Page<'_>, passage: &Passage, found: &Party) -> Vec<String> {
    let counted = found.people.is_some_and(|n| n > 1) && !found.names && !found.me;
    let Some(clause) = found.end.checked_sub(1).and_then(|w| passage.clause_at(w)).filter(|_| counted) else {
        return Vec::new();
    };
    let sentence = passage.clauses.get(clause).map_or(0, |c| c.sentence);
    let next = passage.sentence(sentence + 1);
    let sign = |w: usize| w == next.start || matches!(passage.word(w - 1), ":" | "(" | "," | "-" | "\u{2013}");
    let listed = |p: &Party| p.names && !p.me && p.people == found.people;
    let mut lists =
        (found.end..next.end).filter(|w| sign(*w)).filter_map(|w| party(passage, page.pack, w).filter(listed));
    lists.next().map_or(Vec::new(), |p| p.keys)
}
