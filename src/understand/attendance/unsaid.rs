//! Coming whose verb is left out: "Paul ira au forum, moi au film", "mardi tous les deux, jeudi Léa seule".
//!
//! Never speaks where any other words answer for that event, nor where an operator bears on the clause.

use super::{Vote, Weight, weigh};
use crate::reading::Attendance;
use crate::rules::passage::Clause;
use crate::rules::scan::{Finding, bearing};
use crate::rules::template::{Slot, Words};
use crate::understand::event::{bare_name, mentions};
use crate::understand::page::{Page, Piece};
use crate::understand::people::party;

/// Words of a clause that only greets: "Bonjour à tous".
const GREETING: usize = 4;

/// "J'y serai pas", "je n'assisterai pas au débat": a refusal that begins within words that promise, or right behind them,
/// and goes on beyond them, is what they say.
pub(super) fn overtaken(page: &Page<'_>, piece: &Piece, promise: &Finding) -> bool {
    piece.scan.found.iter().any(|f| {
        let shared = promise.words.end.saturating_sub(f.words.start);
        let within = promise.words.start < f.words.start && shared > 0 && shared * 2 >= promise.words.len();
        let behind = promise.words.end == f.words.start && promise.clause == f.clause;
        let refuses = page
            .rule(f)
            .is_some_and(|r| r.field == "attendance" && r.says("attendance") == "no" && r.says("strength") != "weak");
        (within || behind) && f.words.end > promise.words.end && refuses && f.plain()
    })
}

/// Whom a clause names beside its event.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Persons {
    /// Somebody is named.
    pub any: bool,
    /// The sender is one of them.
    pub me: bool,
}

/// A clause that is nothing but persons and the name of an event, or the names that end a list, says what the words
/// before it said.
pub(super) fn gapped(page: &Page<'_>, votes: &mut Vec<Vote>) {
    for (index, piece) in page.pieces.iter().enumerate().filter(|(_, p)| p.quoted.is_none()) {
        for (c, clause) in piece.passage.clauses.iter().enumerate() {
            for event in hanging(page, piece, c, votes) {
                let words = piece.passage.words_of(clause.words.clone());
                let vote = Vote::implied(event, true, (index, clause.sentence), "attendance/hangs", words);
                let says = Attendance::Maybe;
                votes.push(Vote { says, written: says, clause: c, ..vote });
            }
            let events = open(page, piece, c, votes);
            if events.is_empty() {
                continue;
            }
            let Some(persons) = persons_only(page, piece, clause) else { continue };
            let at = (index, clause.sentence);
            let before = votes.iter().rev().find(|v| v.at.0 == index && (v.at.1, v.clause) < (at.1, c));
            let near = |b: &Vote| if persons.any { b.at.1 + 1 >= at.1 } else { b.at == at && ends_it(page, piece, c) };
            let yes = before.is_some_and(|b| b.says == Attendance::Yes && near(b));
            let terse = persons.any && before.is_none_or(|b| b.at != at) && nothing_else(page, piece, c);
            for event in events.into_iter().filter(|_| yes || terse) {
                let words = piece.passage.words_of(clause.words.clone());
                let vote = Vote::implied(event, true, at, "attendance/gapped", words);
                votes.push(Vote { clause: c, other: !persons.me, ..vote });
            }
        }
    }
}

/// "La soupe sans faute, le concert si mon fils me ramène": a bare name on which a condition bears, and nothing more said.
fn hanging(page: &Page<'_>, piece: &Piece, c: usize, votes: &[Vote]) -> Vec<usize> {
    let Some(clause) = piece.passage.clauses.get(c).filter(|c| !c.asked) else { return Vec::new() };
    let next = piece.passage.clauses.get(c + 1).filter(|n| n.sentence == clause.sentence && n.link == "condition");
    if next.is_none_or(|n| n.asked) || !bare_name(&piece.passage, page.pack, &clause.words) {
        return Vec::new();
    }
    let borne = bearing(&piece.passage, page.pack, &piece.scan, &clause.words, "attendance");
    let mut events = mentions(&piece.passage, clause.words.clone(), page.config);
    events.retain(|e| borne.iter().any(|r| r.says("does") == "condition") && !votes.iter().any(|v| v.event == *e));
    events
}

/// The clause of a vote names an event itself.
fn names_an_event(page: &Page<'_>, vote: &Vote) -> bool {
    let piece = page.pieces.get(vote.at.0);
    let clause = piece.and_then(|p| Some((p, p.passage.clauses.get(vote.clause)?)));
    clause.is_some_and(|(p, c)| !mentions(&p.passage, c.words.clone(), page.config).is_empty())
}

/// "Ma femme au forum, moi au film": each clause of its sentence names persons and an event and no more, answers for
/// itself, or greets.
fn nothing_else(page: &Page<'_>, piece: &Piece, c: usize) -> bool {
    let Some(sentence) = piece.passage.clauses.get(c).map(|c| c.sentence) else { return false };
    piece.passage.clauses.iter().filter(|c| c.sentence == sentence).all(|clause| {
        let named = !mentions(&piece.passage, clause.words.clone(), page.config).is_empty();
        let says = |field: &str| {
            let here = |f: &Finding| clause.words.contains(&f.words.start);
            piece.scan.found.iter().any(|f| here(f) && page.rule(f).is_some_and(|r| r.field == field))
        };
        let greets = !named && clause.words.len() <= GREETING && says("tone");
        greets || (named && (says("attendance") || persons_only(page, piece, clause).is_some_and(|p| p.any)))
    })
}

/// From this clause on the sentence only names events: "je viens à l'assemblée et, le 12, au banquet".
fn ends_it(page: &Page<'_>, piece: &Piece, c: usize) -> bool {
    let rest = piece.passage.clauses.iter().skip(c);
    let sentence = piece.passage.clauses.get(c).map_or(0, |c| c.sentence);
    rest.take_while(|r| r.sentence == sentence).all(|r| bare_name(&piece.passage, page.pack, &r.words))
}

/// The events that a clause itself names, that nothing answers for, and on which no operator bears.
fn open(page: &Page<'_>, piece: &Piece, c: usize, votes: &[Vote]) -> Vec<usize> {
    let Some(clause) = piece.passage.clauses.get(c).filter(|c| !c.asked) else { return Vec::new() };
    let mut events = mentions(&piece.passage, clause.words.clone(), page.config);
    events.retain(|e| piece.about.get(c).is_some_and(|a| a.events.contains(e)));
    // "Karim aux ateliers. Moi-même, je suis retenu.": what a later sentence says names nothing.
    let later = |v: &Vote| v.at.1 > clause.sentence && !names_an_event(page, v);
    let theirs = |v: &Vote| v.other && v.says != Attendance::Yes && v.weight == Weight::Weak;
    events.retain(|e| !votes.iter().any(|v| v.event == *e && !later(v) && !theirs(v)));
    let said = |f: &Finding| {
        let rule = page.rule(f).filter(|r| f.clause == c && r.field == "attendance");
        rule.is_some_and(|r| r.says("strength") != "weak" || !weigh::names_it(piece, f))
    };
    if events.is_empty()
        || piece.scan.found.iter().any(said)
        || !bearing(&piece.passage, page.pack, &piece.scan, &clause.words, "attendance")
            .iter()
            .all(|r| r.says("does") == "join")
    {
        return Vec::new();
    }
    events
}

/// A clause of persons, a name and little words, in any order.
pub(super) fn persons_only(page: &Page<'_>, piece: &Piece, clause: &Clause) -> Option<Persons> {
    let passage = &piece.passage;
    let listed = |list: &str, at: usize| page.pack.listed(list, passage.word(at));
    let end = clause.words.end;
    let mut persons = Persons::default();
    let mut at = clause.words.start;
    while at < end {
        let note = passage.notes.iter().filter(|n| n.slot == Slot::Event && n.words.start == at);
        if let Some(next) = note.map(|n| n.words.end).max() {
            at = next;
            continue;
        }
        let counted = |f: &&Finding| {
            let rule = page.rule(f);
            let people = rule.is_some_and(|r| r.field == "people" && r.says("weight") != "low");
            f.words.start == at
                && f.words.end <= end
                && (people || rule.is_some_and(|r| r.field == "events" && r.says("is") == "somebody"))
        };
        if let Some(found) = party(passage, page.pack, at).filter(|p| p.people != Some(0) && p.end > at && p.end <= end)
        {
            persons = Persons { any: true, me: persons.me || found.me };
            at = found.end;
        } else if let Some(found) = piece.scan.found.iter().filter(counted).max_by_key(|f| f.words.end) {
            persons.any = true;
            persons.me |= found.words.clone().any(|w| listed("i", w) || listed("we-pronouns", w));
            at = found.words.end;
        } else if let Some((_, next)) = passage.count(at).filter(|(_, e)| *e <= end) {
            persons.any = true;
            at = next;
        } else if listed("label-words", at) || listed("gap-words", at) {
            at += 1;
        } else {
            return None;
        }
    }
    Some(persons)
}
