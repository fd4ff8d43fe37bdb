//! Who the subject of a coming is: the sender, somebody else, or a group ("la Cimade viendra"), whose number nobody said.

use std::ops::Range;

use super::super::attendance::{Verdict, Vote};
use super::super::organisation;
use super::super::page::Page;
use super::decides;
use super::party::party;
use super::{Comer, person};
use crate::rules::passage::Passage;
use crate::rules::template::Words;

/// "La Cimade sera là avec trois bénévoles": whoever comes with them is a group, and counts for nobody itself.
pub fn leads(page: &Page<'_>, verdict: &Verdict, first: &Comer) -> bool {
    let Some(piece) = page.pieces.get(first.at.0).filter(|_| decides(verdict, first.at)) else { return false };
    let passage = &piece.passage;
    let before = passage.sentence(first.at.1).start..first.from;
    let named = before.clone().any(|w| page.pack.listed("collectives", passage.word(w)) || proper(page, passage, w))
        && !before.clone().any(|w| one(page, passage, w));
    named || organised(page, passage, &before)
}

/// The subject of a vote is a group, or several persons: its number is not one.
pub fn collective(page: &Page<'_>, vote: &Vote) -> bool {
    let Some(piece) = page.pieces.get(vote.at.0) else { return false };
    let passage = &piece.passage;
    // "Participeront", "seront heureux d'y assister".
    let words = crate::text::tokens(&crate::text::fold(&vote.words));
    let many = |w: &str| page.pack.ends_like("many-do-endings", w) && !page.pack.listed("one-does-nt", w);
    if words.first().into_iter().chain(words.last()).any(|t| many(&t.word)) {
        return true;
    }
    let clause = passage.clauses.get(vote.clause).filter(|c| c.sentence == vote.at.1);
    let sentence = passage.sentence(vote.at.1);
    let said = sentence.start..clause.map_or(sentence.end, |c| c.words.end);
    // "La présidente de l'association": what a word belongs to is not who comes.
    let own = |w: &usize| *w == sentence.start || !belongs(page, passage, *w);
    if said.clone().any(|w| page.pack.listed("collectives", passage.word(w)) && own(&w)) {
        return true;
    }
    let subject = said.start..begins(passage, vote).unwrap_or(said.end);
    let alone = !subject.clone().any(|w| one(page, passage, w));
    alone && (subject.clone().any(|w| proper(page, passage, w) && own(&w)) || organised(page, passage, &subject))
}

/// "… et seront heureux d'y assister": several others do what the words of a vote tell, whoever stands before them.
pub fn they(page: &Page<'_>, vote: &Vote) -> bool {
    let words = crate::text::tokens(&crate::text::fold(&vote.words));
    words.first().is_some_and(|t| page.pack.listed("they-shall", &t.word))
}

/// The sender is not who comes by this vote: the words say so, or others do in the same clause ("le comité sera présent le
/// 3" is told of nobody else by "présent le 3").
pub fn of_others(page: &Page<'_>, verdict: &Verdict, vote: &Vote) -> bool {
    let Some(piece) = page.pieces.get(vote.at.0) else { return vote.third };
    let passage = &piece.passage;
    // "On viendra": a third person's verb, and the sender's.
    let begin = begins(passage, vote);
    let we = begin.and_then(|w| w.checked_sub(1)).is_some_and(|w| page.pack.listed("we-pronouns", passage.word(w)));
    // "Nous envoyons deux élus": the rule knows best.
    let ours = we && begin.is_some_and(|w| !page.pack.listed("we-send", passage.word(w)));
    let beside = |v: &&Vote| v.third && v.at == vote.at && v.clause == vote.clause;
    let i = |w: usize| ["i", "we-pronouns"].iter().any(|l| page.pack.listed(l, passage.word(w)));
    let mine = passage.clauses.get(vote.clause).is_some_and(|c| c.words.clone().any(i));
    // "Trois restent à midi", "elles arrivent".
    let many = |w: usize| {
        let w = passage.count(w).map_or(w, |(_, end)| end);
        let Some(b) = w.checked_sub(1) else { return false };
        let word = passage.word(w);
        let several = passage.count(b).is_some() || page.pack.listed("they", passage.word(b));
        several && page.pack.ends_like("many-do-endings", word) && !page.pack.listed("one-does-nt", word)
    };
    let sentence = passage.sentence(vote.at.1);
    let start = sentence.start;
    let told = !sentence.clone().any(i) && (many(start) || begin.is_some_and(many));
    !ours && (vote.third || told || !mine && verdict.votes.iter().any(|v| beside(&v)))
}

/// Where the words of a vote begin in its sentence.
fn begins(passage: &Passage, vote: &Vote) -> Option<usize> {
    own_words(passage, vote).map(|words| words.start)
}

/// The words of a vote in its sentence.
pub fn own_words(passage: &Passage, vote: &Vote) -> Option<Range<usize>> {
    let words = crate::text::tokens(&crate::text::fold(&vote.words));
    let same = |at: usize| words.iter().enumerate().all(|(i, t)| passage.word(at + i) == t.word);
    let start = passage.sentence(vote.at.1).find(|at| !words.is_empty() && same(*at))?;
    Some(start..start + words.len())
}

/// "Du bureau", "de la Cimade".
fn belongs(page: &Page<'_>, passage: &Passage, at: usize) -> bool {
    (at.saturating_sub(3)..at).any(|b| ["of", "modifies"].iter().any(|l| page.pack.listed(l, passage.word(b))))
}

/// "La CGT", "le Mouvement": initials, or a capital behind an article, of no person's word.
fn proper(page: &Page<'_>, passage: &Passage, at: usize) -> bool {
    let said = passage.words_of(at..at + 1);
    let shouted = || {
        let clause = passage.clause_at(at).and_then(|c| passage.clauses.get(c));
        clause.is_some_and(|c| !passage.words_of(c.words.clone()).chars().any(char::is_lowercase))
    };
    let letters = said.chars().count() > 1 && said.chars().all(char::is_uppercase);
    let article = at.checked_sub(1).is_some_and(|b| page.pack.listed("office-determiners", passage.word(b)));
    let somebody = person::at(passage, page.pack, at, passage.len()).is_some();
    !somebody && (letters && !shouted() || article && passage.capital(at))
}

/// A word for one person.
fn one(page: &Page<'_>, passage: &Passage, at: usize) -> bool {
    ["they", "titles", "first-names"].iter().any(|l| page.pack.listed(l, passage.word(at)))
        || party(passage, page.pack, at).is_some_and(|p| !p.names)
}

/// The letter's organisation is named there, and nobody of it.
fn organised(page: &Page<'_>, passage: &Passage, words: &Range<usize>) -> bool {
    let Some((name, _)) = organisation::organisation(page) else { return false };
    let name = crate::text::tokens(&crate::text::fold(&name));
    let same = |at: usize| name.iter().enumerate().all(|(i, t)| passage.word(at + i) == t.word);
    let here = words.clone().find(|at| !name.is_empty() && same(*at));
    here.is_some_and(|at| !belongs(page, passage, at) && !words.clone().any(|w| w < at && one(page, passage, w)))
}

/// All these words belong to the name of the letter's organisation.
pub fn named(page: &Page<'_>, keys: &[String]) -> bool {
    let Some((name, _)) = organisation::organisation(page) else { return false };
    let name = crate::text::tokens(&crate::text::fold(&name));
    !keys.is_empty() && keys.iter().all(|k| name.iter().any(|t| t.word == *k))
}
