//! Numbers that no rule knows, where a number is wanted: behind what a group does ("le club viendra : dix plongeurs et deux
//! moniteurs"), or alone in its clause ("on débarque, équipage de douze", "en bande (5)").
//!
//! Never takes a number of things, of a workshop, a day or an hour.

use std::ops::Range;

use crate::rules::pack::Pack;
use crate::rules::passage::Passage;
use crate::rules::template::{Slot, Words};

use super::super::attendance::{Verdict, Vote};
use super::super::page::{Page, Piece, Place};
use super::{MOST, group, party, person, totals};

/// The most members one list of numbers has.
const LONGEST: usize = 6;

/// How many are told in the sentence of a vote, else in one about the same event or none, after a colon, a bracket or "soit".
pub(super) fn behind(page: &Page<'_>, verdict: &Verdict) -> Option<u32> {
    let deciding = verdict.votes.iter().find_map(|v| in_sentence(page, page.pieces.get(v.at.0)?, v.at.1));
    deciding.or_else(|| {
        page.pieces.iter().find_map(|piece| {
            let ours = |c: usize| piece.about.get(c).is_none_or(|a| !a.named || a.events.contains(&verdict.event));
            let sentences = piece.passage.clauses.iter().enumerate().filter(|(c, _)| ours(*c)).map(|(_, c)| c.sentence);
            sentences.filter_map(|s| in_sentence(page, piece, s)).next()
        })
    })
}

/// "Samedi : Jean, Odile et leur fille": who comes, told behind a colon in the sentence of a vote, and nothing more there.
pub(super) fn roll(page: &Page<'_>, verdict: &Verdict) -> Option<u32> {
    verdict.votes.iter().find_map(|v| {
        let passage = &page.pieces.get(v.at.0)?.passage;
        let words = passage.sentence(v.at.1);
        let colon = words.clone().find(|w| passage.word(*w) == ":")?;
        let list = party::party(passage, page.pack, colon + 1).filter(|p| p.members > 1 && p.end <= words.end)?;
        // "Repas : Luc et Aude, elle sans gluten": their list ends its clause, and nobody else is told of there.
        let ends = passage.clause_at(list.end).is_none_or(|c| passage.clause_at(list.end - 1) != Some(c));
        let whole = (list.end..words.end).all(|w| !passage.word(w).starts_with(char::is_alphanumeric));
        let more = |w: usize| {
            party::party(passage, page.pack, w).is_some_and(|p| !p.keys.is_empty() || p.me)
                || passage.count(w).is_some()
        };
        list.people.filter(|n| (whole || ends && !(list.end..words.end).any(more)) && *n > 1)
    })
}

/// "Il mobilise quinze jardiniers pour le chantier": a number of persons inside the words of a vote.
pub(super) fn counted(page: &Page<'_>, vote: &Vote) -> Option<u32> {
    let piece = page.pieces.get(vote.at.0)?;
    let passage = &piece.passage;
    let words = group::own_words(passage, vote)?;
    let numbers = words.clone().filter_map(|w| passage.count(w).map(|(n, end)| (w, n, end)));
    let heads = numbers.filter(|(w, n, end)| {
        let letters = passage.word(*w).starts_with(char::is_alphabetic);
        let noun = *end < words.end && passage.word(*end).starts_with(char::is_alphabetic);
        let label = w.checked_sub(1).is_some_and(|b| page.pack.listed("heads-no-label", passage.word(b)));
        let thing = person::stuff(passage, page.pack, *end, passage.len());
        noun && !label
            && !totals::others(page, piece, *w)
            && !thing
            && !passage.taken(*w)
            && (letters || !page.pack.listed("no-head", passage.word(*end)))
            && (2..=MOST).contains(n)
    });
    only(heads.map(|(_, n, _)| n))
}

/// "Lucie le 3, Omar et son frère le 9": the persons whom the words of a vote without a verb begin with.
pub(super) fn gapped(page: &Page<'_>, vote: &Vote) -> Option<u32> {
    let passage = &page.pieces.get(vote.at.0)?.passage;
    let words = group::own_words(passage, vote).filter(|_| vote.rule == "attendance/gapped")?;
    let list = party::party(passage, page.pack, words.start).filter(|p| !p.keys.is_empty() && p.end < words.end)?;
    list.people
}

/// "Les Petit (2 adultes et 1 enfant) et les Diallo (3 personnes)": the numbers in the brackets of one sentence of a vote,
/// two at least, that each tell persons.
pub(super) fn families(page: &Page<'_>, verdict: &Verdict) -> Option<(u32, (usize, usize))> {
    verdict.votes.iter().find_map(|v| {
        let passage = &page.pieces.get(v.at.0)?.passage;
        let me = |w: usize| ["i", "we-pronouns"].iter().any(|l| page.pack.listed(l, passage.word(w)));
        if passage.sentence(v.at.1).any(me) {
            return None;
        }
        let open = |w: &usize| passage.word(*w) == "(" && passage.count(w + 1).is_some();
        let told = passage.sentence(v.at.1).filter(open).map(|w| {
            let list = party::party(passage, page.pack, w + 1).filter(|p| passage.word(p.end) == ")");
            list.and_then(|p| p.people)
        });
        let told: Vec<u32> = told.collect::<Option<_>>()?;
        (told.len() > 1).then(|| (told.iter().sum(), v.at))
    })
}

/// The only number in brackets, alone there, in the sentence of a vote: "en bande (5)".
pub(super) fn bracketed(page: &Page<'_>, verdict: &Verdict) -> Option<u32> {
    let all = verdict.votes.iter().filter_map(|v| Some((page.pieces.get(v.at.0)?, v.at.1))).flat_map(|(piece, s)| {
        let passage = &piece.passage;
        passage.sentence(s).filter_map(|w| {
            let (n, end) = passage.count(w + 1).filter(|(n, _)| (2..=MOST).contains(n))?;
            (passage.word(w) == "(" && passage.word(end) == ")").then_some(n)
        })
    });
    only(all)
}

/// "Un de plus", "rajoutez-en deux", "on sera un de moins": how many more or fewer than were announced.
pub(super) fn relative(page: &Page<'_>) -> Option<i64> {
    page.pieces.iter().filter(|p| p.place == Place::Body).find_map(|piece| {
        let passage = &piece.passage;
        (0..passage.len()).find_map(|w| {
            let told = |name: &str, sign: i64| {
                let end = page.pack.phrase(passage, name, w)?;
                let n = (w..end).find_map(|c| passage.count(c)).map(|(n, _)| n)?;
                (n <= MOST).then_some(sign * i64::from(n))
            };
            told("so-many-more", 1).or_else(|| told("so-many-less", -1))
        })
    })
}

/// How often a piece tells of the sender's other half ("ma femme"); `None`: of others too.
pub(super) fn other_halves(page: &Page<'_>, piece: &Piece) -> Option<usize> {
    let (passage, pack) = (&piece.passage, page.pack);
    let (mut at, mut found) = (0, 0);
    while at < passage.len() {
        let yours = pack.listed("others-determiners", passage.word(at));
        let Some(who) = party(passage, pack, at).filter(|p| !yours && !p.me && !p.names) else {
            at += 1;
            continue;
        };
        let half = pack.listed("mine", passage.word(at)) && who.keys.iter().any(|k| pack.listed("other-half", k));
        if !half || who.members > 1 {
            return None;
        }
        found += 1;
        at = who.end.max(at + 1);
    }
    Some(found)
}

/// The letter tells of persons, or holds a number that is of no thing.
pub(super) fn unexplained(page: &Page<'_>) -> bool {
    let pack = page.pack;
    page.pieces.iter().filter(|p| p.place == Place::Body).any(|piece| {
        let passage = &piece.passage;
        (0..passage.len()).any(|w| {
            let event = passage.slot(w, Slot::Event).is_some() || passage.taken(w);
            let yours = pack.listed("others-determiners", passage.word(w));
            let persons = party(passage, pack, w).is_some_and(|p| !p.me && (!p.names || p.members > 1));
            let counted = passage.count(w).filter(|(n, _)| (2..=MOST).contains(n));
            let number = counted.is_some_and(|(_, end)| !person::stuff(passage, pack, end, passage.len()));
            !event && !yours && (persons || number)
        })
    })
}

fn in_sentence(page: &Page<'_>, piece: &Piece, sentence: usize) -> Option<u32> {
    let passage = &piece.passage;
    let words = passage.sentence(sentence);
    let starts = words.clone().filter_map(|w| {
        let sign = matches!(passage.word(w), ":" | "(").then_some(w + 1);
        page.pack.phrase(passage, "that-is", w).or(sign)
    });
    starts.filter_map(|start| numbers(passage, page.pack, start..words.end)).next()
}

/// "Dix plongeurs et deux moniteurs": each a number and whatever noun, of which none is a thing.
fn numbers(passage: &Passage, pack: &Pack, words: Range<usize>) -> Option<u32> {
    let (mut at, mut total, mut persons) = (words.start, 0, false);
    for _ in 0..LONGEST {
        let Some((n, noun)) = passage.count(at).filter(|_| at < words.end) else { break };
        let word = passage.word(noun);
        let who =
            person::at(passage, pack, noun, words.end).or_else(|| person::by_ending(passage, pack, noun, words.end));
        let thing = who.is_none() && person::stuff(passage, pack, noun, words.end);
        if thing || !word.starts_with(char::is_alphabetic) || pack.listed("no-head", word) {
            return None;
        }
        persons |= who.is_some();
        total += n;
        let joint = |w: &usize| pack.listed("party-joints", passage.word(*w)) && passage.count(w + 1).is_some();
        let Some(next) = (noun + 1..words.end.min(noun + LONGEST)).find(joint) else { break };
        at = next + 1;
    }
    (persons || total >= 2).then_some(total).filter(|n| (2..=MOST).contains(n))
}

/// The only number in the letter that stands without a noun.
pub(super) fn alone(page: &Page<'_>) -> Option<u32> {
    let all = page.pieces.iter().flat_map(|piece| (0..piece.passage.len()).filter_map(|w| lone(page, piece, w)));
    only(all)
}

/// The only number, spelled in letters, that stands without a noun in the sentence of a vote: "oui, six".
pub(super) fn spelled(page: &Page<'_>, vote: &Vote) -> Option<u32> {
    let piece = page.pieces.get(vote.at.0)?;
    let letters = |w: &usize| piece.passage.word(*w).starts_with(char::is_alphabetic);
    only(piece.passage.sentence(vote.at.1).filter(letters).filter_map(|w| lone(page, piece, w)))
}

fn only(mut found: impl Iterator<Item = u32>) -> Option<u32> {
    let first = found.next()?;
    found.all(|n| n == first).then_some(first)
}

/// A number of two or more with no noun behind it, that is neither one of a list nor the label of something.
fn lone(page: &Page<'_>, piece: &Piece, at: usize) -> Option<u32> {
    let (passage, pack) = (&piece.passage, page.pack);
    let (n, end) = passage.count(at).filter(|(n, _)| (2..=MOST).contains(n))?;
    let clause = passage.clauses.get(passage.clause_at(at)?)?;
    let after = passage.word(end);
    let closed = end >= clause.words.end || !after.starts_with(char::is_alphanumeric);
    let label = at.checked_sub(1).is_some_and(|b| pack.listed("heads-no-label", passage.word(b)));
    // "Atelier : 3", "de 9 à 12", "3-4".
    let other = clause.words.clone().any(|w| pack.listed("workshop-words", passage.word(w)) || passage.taken(w));
    let many = clause.words.clone().filter(|w| passage.number(*w).is_some_and(|(n, _)| n > 1)).count() > 1;
    (closed && !label && !other && !many).then_some(n)
}
