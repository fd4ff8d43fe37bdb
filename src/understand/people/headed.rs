//! Numbers with persons that no verb counts: they open a sentence ("cinq charpentiers pour le chantier", "trois Kermarrec
//! samedi"), or tell behind a comma or a colon who "nous" are ("nous viendrons, vingt tambours et leur meneur").
//!
//! Never takes persons who do something else, whom the sender speaks of in the first person, or who are asked about.

use std::ops::Range;

use crate::rules::pack::Pack;
use crate::rules::passage::Passage;
use crate::rules::scan::bearing;
use crate::rules::template::{Slot, Words};

use super::super::attendance::{Verdict, Vote};
use super::super::page::{About, Page, Piece, Place};
use super::party::party;
use super::totals::{Heard, others};
use super::{Count, MOST, WHOLE, group, is_plural, person};

/// One such number.
#[derive(Debug, Clone)]
pub struct Headed {
    people: u32,
    words: Range<usize>,
    /// Piece and sentence.
    at: (usize, usize),
    clause: usize,
    about: About,
    /// It opens its sentence.
    opens: bool,
}

/// Numbers that open a sentence which names an event, and who comes by them: piece, clause and words.
pub fn opens(page: &Page<'_>, headed: &[Headed]) -> Vec<(usize, usize, String)> {
    let named = headed.iter().filter(|h| h.opens && h.about.named && !h.about.another_matter());
    named.filter_map(|h| Some((h.at.0, h.clause, text(page, h)?))).collect()
}

/// What such a number says of an event: one that opens its sentence, or stands beside a plural that votes.
pub fn heard(page: &Page<'_>, headed: &Headed, verdict: &Verdict) -> Option<Heard> {
    let Headed { people, at, clause, .. } = *headed;
    let many = |v: &Vote| is_plural(page, v) || group::of_others(page, verdict, v) || group::collective(page, v);
    let beside = || verdict.votes.iter().any(|v| v.at == at && many(v));
    if headed.about.another_matter() || !headed.opens && !beside() {
        return None;
    }
    let count = Count::new(Some(people), "people/headed", text(page, headed)?);
    let (words, about) = (headed.words.clone(), headed.about.clone());
    Some(Heard {
        count,
        rank: WHOLE - 1,
        at,
        words,
        clause,
        about,
        doubted: false,
        announced: false,
        superseded: false,
    })
}

fn text(page: &Page<'_>, headed: &Headed) -> Option<String> {
    Some(page.pieces.get(headed.at.0)?.passage.words_of(headed.words.clone()).to_owned())
}

/// Every such number of the letter, in order.
pub fn headed(page: &Page<'_>) -> Vec<Headed> {
    let body = page.pieces.iter().enumerate().filter(|(_, p)| p.place == Place::Body);
    body.flat_map(|(index, piece)| found(page, index, piece)).collect()
}

fn found(page: &Page<'_>, index: usize, piece: &Piece) -> Vec<Headed> {
    let (passage, pack) = (&piece.passage, page.pack);
    let mut out: Vec<Headed> = Vec::new();
    let mut sentences: Vec<usize> = passage.clauses.iter().map(|c| c.sentence).collect();
    sentences.dedup();
    for sentence in sentences {
        let words = passage.sentence(sentence);
        let first = opening(passage, pack, &words);
        let signs = words.clone().filter_map(|w| {
            let sign = matches!(passage.word(w), ":" | "(" | ",").then_some(w + 1);
            pack.phrase(passage, "that-is", w).or(sign)
        });
        let mut covered = 0;
        for start in std::iter::once(first).chain(signs) {
            let Some((people, end)) = persons(page, piece, start, words.end).filter(|_| start >= covered) else {
                continue;
            };
            let clause = passage.clause_at(start).unwrap_or(0);
            let asked = passage.clauses.get(clause).is_none_or(|c| c.asked);
            let borne = bearing(passage, pack, &piece.scan, &(start..end), "people");
            if asked || borne.iter().any(|r| r.says("does") != "join") {
                continue;
            }
            covered = end;
            let about = piece.about.get(clause).cloned().unwrap_or_default();
            // "Pour la chorale : deux sopranos le 12": a number behind a colon opens what it says.
            let opens = start == first || start.checked_sub(1).is_some_and(|sign| passage.word(sign) == ":");
            let words = start..end;
            out.push(Headed { people, words, at: (index, sentence), clause, about, opens });
        }
    }
    out
}

/// The first word of a sentence behind the event or day it names and little words: "pour samedi, trois …".
pub(super) fn opening(passage: &Passage, pack: &Pack, words: &Range<usize>) -> usize {
    let mut at = words.start;
    while at < words.end {
        let event = [Slot::Event, Slot::Date].iter().filter_map(|s| passage.slot(at, *s)).max();
        let little = || {
            let word = passage.word(at);
            let dull = ["label-words", "gap-words"].iter().any(|l| pack.listed(l, word));
            (dull || matches!(word, "-" | ":" | "*")).then_some(at + 1)
        };
        if passage.count(at).is_some() {
            break;
        }
        match event.or_else(little) {
            Some(next) => at = next,
            None => break,
        }
    }
    at
}

/// How many persons a number at a word begins, and where they end: somebody's noun, a family's name, or a list in which
/// one is a person. What follows is no verb but one of coming.
fn persons(page: &Page<'_>, piece: &Piece, start: usize, limit: usize) -> Option<(u32, usize)> {
    let (passage, pack) = (&piece.passage, page.pack);
    let (n, noun) = passage.count(start).filter(|(n, _)| start < limit && (1..=MOST).contains(n))?;
    if passage.taken(start) || others(page, piece, start) || noun >= limit {
        return None;
    }
    let whole = party(passage, pack, start).filter(|p| p.end > noun && !p.ours);
    let found = whole.and_then(|p| Some((p.people?, p.end)));
    // "Trois Kermarrec".
    let named = || {
        let name = passage.slot(noun, Slot::Name).filter(|_| passage.capital(noun));
        name.filter(|_| passage.slot(noun, Slot::Event).is_none()).map(|end| (n, end))
    };
    // "Sept bûcherons samedi": a plural that no list knows, right before the day or the coming.
    let unknown = || {
        let day = [Slot::Date, Slot::Event].iter().any(|s| passage.slot(noun + 1, *s).is_some());
        let comes = day || pack.phrase(passage, "they-come", noun + 1).is_some();
        (comes && person::unknown(passage, pack, noun, limit)).then_some((n, noun + 1))
    };
    let (people, end) = found.or_else(named).or_else(unknown).filter(|(n, _)| (2..=MOST).contains(n))?;
    // "Deux conseillers, MM. Roux et Vial": the sentence breaks at the dot.
    let broken = end.checked_sub(1).is_some_and(|last| pack.listed("titles", passage.word(last)));
    (!broken && stands(passage, pack, end, limit)).then_some((people, end))
}

/// The clause ends there, or tells which day or what for, or that they come.
fn stands(passage: &Passage, pack: &Pack, end: usize, limit: usize) -> bool {
    let word = passage.word(end);
    end >= limit
        || !word.starts_with(char::is_alphanumeric)
        || [Slot::Date, Slot::Event, Slot::Hour].iter().any(|s| passage.slot(end, *s).is_some())
        || pack.listed("after-heads", word)
        || ["comes", "they-come", "also", "only"].iter().any(|p| pack.phrase(passage, p, end).is_some())
}
