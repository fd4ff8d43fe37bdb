//! Workshops chosen right below the quoted list of them.

use std::collections::BTreeSet;

use crate::rules::passage::{Note, Passage};
use crate::rules::scan::Finding;
use crate::rules::template::Words;

use super::super::event::ELSEWHERE;
use super::super::page::{Page, Piece};
use super::super::people::party;
use super::super::quoted::Asks;
use super::{counts, dropped, known, says};

/// "le 2" under a list of themes: read as a day at first, but no event's day.
fn bare_day(passage: &Passage, at: usize) -> bool {
    let day = |n: &Note| n.rule == "the-number" && n.value == ELSEWHERE && n.words.contains(&at);
    passage.notes.iter().any(day)
}

/// The last quoted lines speak of workshops.
pub(super) fn asks_which(piece: &Piece) -> bool {
    piece.quoted.as_ref().is_some_and(|q| q.workshops)
}

/// Under the quoted list of themes: a number, a name or "moi" answers about the line right above. What a name has `chosen`
/// already needs no line.
pub(super) fn under_quote(page: &Page<'_>, piece: &Piece, of: usize, chosen: bool, out: &mut BTreeSet<u32>) {
    let Some(event) = page.config.events.get(of) else { return };
    let Some(quoted) = &piece.quoted else { return };
    if (quoted.listed.is_empty() && !quoted.workshops) || !quoted.events.contains(&of) {
        return;
    }
    let passage = &piece.passage;
    let numbers: Vec<u32> = (0..passage.len())
        .filter(|at| passage.word(*at).starts_with(|c: char| c.is_ascii_digit()))
        .filter(|at| passage.count(*at).is_some() || bare_day(passage, *at) || taken_day(page, piece, *at))
        .filter(|at| counts(page, piece, *at) && !dropped(page, piece, *at) && !heads(page, piece, *at))
        .filter_map(|at| passage.number(at).map(|(n, _)| n))
        .filter(|n| known(event, *n))
        .collect();
    if passage.len() <= 30 && !numbers.is_empty() {
        out.extend(numbers);
        return;
    }
    // "Ma femme", "moi", "c'est là que je m'inscris" right below one theme; "celui-ci me tente" below the last of the list.
    let whole = quoted.listed.len() >= event.workshops.len();
    let points = points_at(page, piece);
    // "Bof", "plus de mon âge", "voilà, je m'inscris à celui-ci": where one is pointed at, the rest are remarks.
    let elsewhere = || page.pieces.iter().any(|p| p.quoted.is_some() && points_at(page, p));
    if !points && elsewhere() && !tells_who(page, piece) {
        return;
    }
    let told = passage.len() <= BARE || points || tells_who(page, piece);
    let short = !whole && told && passage.len() <= CHOICE && !passage.clauses.iter().any(|c| c.asked);
    if chosen || !(short || points) || refused(page, piece) {
        return;
    }
    if let Asks::Workshop(workshops_of, number) = quoted.asks
        && workshops_of == of
    {
        out.insert(number);
    }
}

/// "Celui-ci pour moi", "c'est là que je m'inscris".
fn points_at(page: &Page<'_>, piece: &Piece) -> bool {
    piece.scan.found.iter().any(|f| says(page, f) == "that" && f.plain() && !piece.asked(f))
}

/// Words of a choice right below one workshop; of one that is nothing else.
const CHOICE: usize = 14;
const BARE: usize = 4;

/// "Ma femme et ma belle-sœur", "oui, avec grand plaisir": who chooses it; not "trop en colère pour y être utile".
fn tells_who(page: &Page<'_>, piece: &Piece) -> bool {
    let rule = |f: &Finding| {
        page.rule(f).is_some_and(|r| {
            let yes = r.field == "attendance" && r.says("attendance") == "yes" && r.says("counts").is_empty();
            let person = r.field == "events" && r.says("is") == "somebody" || r.field == "people";
            yes || person
        })
    };
    let named = piece
        .passage
        .clauses
        .iter()
        .any(|c| party(&piece.passage, page.pack, c.words.start).is_some_and(|p| p.people.is_some()));
    named || piece.scan.found.iter().any(|f| f.plain() && rule(f))
}

/// "Non", "ni l'une ni l'autre": nobody chooses it.
fn refused(page: &Page<'_>, piece: &Piece) -> bool {
    let negates = |rule: usize| page.pack.rules.get(rule).is_some_and(|r| r.says("does") == "negate");
    let says_no = |rule: usize| {
        page.pack.rules.get(rule).is_some_and(|r| {
            (r.field == "attendance" && r.says("attendance") == "no")
                || (r.field == "events" && r.says("is") == "nobody")
        })
    };
    piece.scan.operators.iter().any(|o| negates(o.rule))
        || piece.scan.found.iter().any(|f| says_no(f.rule) || says(page, f) == "not-it")
}

/// "Le 3", "le 3 pour Paul": below a list it is no day.
fn taken_day(page: &Page<'_>, piece: &Piece, at: usize) -> bool {
    let passage = &piece.passage;
    let day = |n: &&Note| n.rule == "the-number" && n.words.contains(&at);
    let alone = |n: &Note| {
        page.pack.listed("after-workshop", passage.word(n.words.end))
            || passage.clause_at(at).and_then(|c| passage.clauses.get(c)).is_some_and(|c| c.words == n.words)
    };
    passage.notes.iter().find(day).is_some_and(alone)
}

/// "3 places", "nous serons 2": it counts who comes.
fn heads(page: &Page<'_>, piece: &Piece, at: usize) -> bool {
    let people = |f: &Finding| page.rule(f).is_some_and(|r| r.field == "people") && f.words.len() > 1;
    piece.scan.found.iter().any(|f| people(f) && f.words.contains(&at))
}
