//! Persons named before, whom a pronoun means: "je viens avec eux", "je les amène", "il mange aussi".

use crate::rules::template::Words;

use super::super::page::{Page, Piece};
use super::party::{Party, party, phrase};

/// "J'ai mes deux neveux, je viens avec eux", "je viens avec les deux": the persons named last, in this sentence or the
/// two before it.
pub(super) fn pronoun(page: &Page<'_>, piece: &Piece, at: usize) -> Option<Party> {
    let (passage, pack) = (&piece.passage, page.pack);
    let end = phrase(passage, pack, "these-persons", at)?;
    let number = (at..end).find_map(|w| passage.count(w)).map(|(n, _)| n);
    let last = antecedent(page, piece, at, number)?;
    Some(Party { people: number.or(last.people), end, ..last })
}

/// The persons named last before a word, in its sentence or the two before it; so many of them, when a number is said.
pub(super) fn antecedent(page: &Page<'_>, piece: &Piece, at: usize, number: Option<u32>) -> Option<Party> {
    let (passage, pack) = (&piece.passage, page.pack);
    let sentence = passage.clauses.get(passage.clause_at(at)?)?.sentence;
    let mut last = None;
    let mut w = passage.sentence(sentence.saturating_sub(2)).start;
    while w < at {
        let begin = w;
        let found = party(passage, pack, w).filter(|p| p.end <= at);
        w = found.as_ref().map_or(w + 1, |p| p.end.max(w + 1));
        let own = pack.listed("own-determiners", passage.word(begin));
        last = found.filter(|p| !p.me && (p.people > Some(1) || own && !p.names && p.people.is_none())).or(last);
    }
    last.filter(|p: &Party| number.is_none() || p.people.is_none() || p.people == number)
}

/// "Mon frère m'emmène, il mange aussi": the one person named last, in this sentence or the two before it.
pub(super) fn singular(page: &Page<'_>, piece: &Piece, at: usize) -> Option<Party> {
    let (passage, pack) = (&piece.passage, page.pack);
    let way = |name: &str| phrase(passage, pack, name, at + 1);
    let comes = way("comes-too").or_else(|| way("a-assigned"));
    let end = comes.filter(|_| pack.listed("they", passage.word(at)))?;
    let sentence = passage.clauses.get(passage.clause_at(at)?)?.sentence;
    let from = passage.sentence(sentence.saturating_sub(2)).start;
    let one = |p: &Party| p.people == Some(1) && !p.me && !p.keys.is_empty() && p.end <= at;
    let known = |w: usize, p: &Party| p.names || pack.listed("own-determiners", passage.word(w));
    let last = (from..at).rev().find_map(|w| party(passage, pack, w).filter(|p| one(p) && known(w, p)))?;
    Some(Party { end, ..last })
}

/// "Ma mère veut venir, je l'accompagne": those whom the sender goes along with, and the sender.
pub(super) fn accompanied(page: &Page<'_>, piece: &Piece, at: usize) -> Option<Party> {
    let (passage, pack) = (&piece.passage, page.pack);
    let end = phrase(passage, pack, "a-goes-with-them", at)?;
    let sentence = passage.clauses.get(passage.clause_at(at)?)?.sentence;
    let mut last = None;
    let mut w = passage.sentence(sentence.saturating_sub(1)).start;
    while w < at {
        let begin = w;
        let found = party(passage, pack, w).filter(|p| p.end <= at);
        w = found.as_ref().map_or(w + 1, |p| p.end.max(w + 1));
        let led = begin.checked_sub(1).is_some_and(|b| pack.listed("no-subject-before", passage.word(b)));
        let known = |p: &Party| p.names || pack.listed("own-determiners", passage.word(begin));
        last = found.filter(|p| !p.me && !led && !p.keys.is_empty() && known(p)).or(last);
    }
    let last: Party = last?;
    Some(Party { people: last.people.map(|n| n + 1), me: true, end, members: 2, loose: false, ..last })
}
