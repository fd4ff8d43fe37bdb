//! Answers under a label: "Film : 2 places. Forum : personne.", "27 février : ma femme et moi"; and "tout sauf la marche".
//!
//! Never overrules what a sentence says: a label speaks only where no vote stands under it.

use super::{Vote, Weight, nearest, subject};
use crate::reading::Attendance;
use crate::rules::passage::Clause;
use crate::rules::scan::Finding;
use crate::rules::template::{Slot, Words};
use crate::understand::event::{NOT_BEFORE, REFUSED, bare_name};
use crate::understand::page::{Page, Piece};
use crate::understand::people::party;

/// What stands under the name of an event says whether they come: so many, nobody, those persons.
pub(super) fn labelled(page: &Page<'_>, votes: &mut Vec<Vote>) {
    for (index, piece) in page.pieces.iter().enumerate() {
        for (c, label) in piece.passage.clauses.iter().enumerate() {
            // "Ateliers : 2", and a line under a quoted one: not how many come.
            let workshops = |f: &Finding| page.rule(f).is_some_and(|r| r.field == "workshops") && f.clause == c;
            let below = piece.quoted.as_ref().is_some_and(|q| !q.events.is_empty());
            let other = below || piece.scan.found.iter().any(workshops);
            if other || label.asked || !bare_name(&piece.passage, page.pack, &label.words) {
                continue;
            }
            let Some(about) = piece.about.get(c).filter(|a| a.named) else { continue };
            let under = under(page, piece, c);
            let Some(last) = under.last().filter(|_| under.iter().all(|u| !u.asked)) else { continue };
            let words = label.words.start..last.words.end;
            // "Le 27 : moi seul, elle a chorale": why somebody else does not come.
            let theirs = |v: &Vote| v.weight == Weight::Weak && v.other;
            let said = |v: &Vote| v.at == (index, label.sentence) && about.events.contains(&v.event) && !theirs(v);
            let answered = votes.iter().any(said);
            let Some(says) = verdict(page, piece, &under).filter(|_| !answered) else { continue };
            for event in &about.events {
                let words = piece.passage.words_of(words.clone());
                let vote = Vote::implied(*event, true, (index, label.sentence), "attendance/label", words);
                votes.push(Vote { says, written: says, clause: c, ..vote });
            }
        }
    }
}

/// The clauses under a label: up to the next one of its sentence that names an event.
fn under<'a>(page: &Page<'_>, piece: &'a Piece, label: usize) -> Vec<&'a Clause> {
    let Some(head) = piece.passage.clauses.get(label) else { return Vec::new() };
    let named =
        |c: &Clause| !crate::understand::event::mentions(&piece.passage, c.words.clone(), page.config).is_empty();
    let after = piece.passage.clauses.iter().skip(label + 1);
    after.take_while(|c| c.sentence == head.sentence && !named(c)).collect()
}

/// What these clauses say where they are nothing but a count, persons or "nobody".
pub(super) fn verdict(page: &Page<'_>, piece: &Piece, under: &[&Clause]) -> Option<Attendance> {
    let first = under.first()?;
    let inside = |f: &&Finding| under.iter().any(|c| c.words.contains(&f.words.start));
    let says = |f: &Finding, what: &str| page.rule(f).is_some_and(|r| r.field == "events" && r.says("is") == what);
    // "nous deux", "2 personnes avec les enfants"; not "nous avons un mariage".
    let (start, end) = (first.words.start, first.words.end);
    let fills = |from: usize, to: usize| from <= start + 1 && to + 2 >= end;
    let here = |f: &&Finding| fills(f.words.start, f.words.end);
    if piece.scan.found.iter().filter(here).any(|f| says(f, "nobody")) {
        return Some(Attendance::No);
    }
    let says_more = |f: &Finding| {
        let rule = page.rule(f).filter(|r| r.field == "attendance");
        rule.is_some_and(|r| r.says("strength") != "weak" || !subject::somebody_else(page, piece, f))
    };
    if piece.scan.found.iter().filter(inside).any(says_more) {
        return None;
    }
    // "Le lendemain, nous repartons tôt": a verb stands behind, and is no answer.
    let listed = |list: &str, at: usize| page.pack.listed(list, piece.passage.word(at));
    let little = |at: usize| {
        let number = piece.passage.number(at).is_some() || !piece.passage.word(at).contains(char::is_alphanumeric);
        number || ["gap-words", "label-words", "short-answers", "goes-on"].iter().any(|list| listed(list, at))
    };
    let verb = |to: usize| (listed("i", start) || listed("we-pronouns", start)) && to < end && !little(to);
    let counted = piece.scan.found.iter().filter(here).any(|f| {
        let counts = page.rule(f).is_some_and(|r| r.field == "people" && r.says("weight") != "low");
        (counts || says(f, "somebody")) && f.plain() && !verb(f.words.end)
    });
    let persons = party(&piece.passage, page.pack, start)
        .is_some_and(|p| p.people != Some(0) && fills(start, p.end) && !verb(p.end));
    // "Au film, 0."
    if piece.passage.count(start).is_some_and(|(n, to)| to == end && n == 0) {
        return Some(Attendance::No);
    }
    // A lone number: "Forum : 1".
    let number = piece.passage.count(start).is_some_and(|(n, to)| to == end && (1..100).contains(&n));
    (counted || persons || number).then_some(Attendance::Yes)
}

/// "Ce n'est pas le 3 que je viens, c'est le 27", "pas samedi mais mercredi": who corrects which event comes to that one.
pub(super) fn instead(page: &Page<'_>, votes: &mut Vec<Vote>) {
    let mut added = Vec::new();
    for (index, piece) in page.pieces.iter().enumerate() {
        for (c, clause) in piece.passage.clauses.iter().enumerate().skip(1) {
            let at = (index, clause.sentence);
            let Some(about) = piece.about.get(c).filter(|a| a.named && !clause.asked) else { continue };
            let denied = votes.iter().find(|v| v.at == at && v.clause + 1 == c && v.says == Attendance::No);
            let Some(denied) = denied.filter(|v| v.named && !about.events.contains(&v.event)) else { continue };
            let rest = corrects(page, piece, clause);
            if rest.is_none_or(|rest| !bare_name(&piece.passage, page.pack, &(rest..clause.words.end))) {
                continue;
            }
            for event in about.events.iter().filter(|e| !votes.iter().any(|v| v.event == **e && v.at == at)) {
                let words = piece.passage.words_of(clause.words.clone());
                let vote = Vote::implied(*event, true, at, "attendance/instead", words);
                added.push(Vote { clause: c, other: denied.other, ..vote });
            }
        }
    }
    votes.extend(added);
}

/// Where the name begins in a clause that corrects the one before: behind "mais", "c'est plutôt".
fn corrects(page: &Page<'_>, piece: &Piece, clause: &Clause) -> Option<usize> {
    let opening = |f: &&Finding| {
        f.words.start == clause.words.start
            && page.rule(f).is_some_and(|r| r.field == "events" && r.says("is") == "instead")
    };
    piece.scan.found.iter().find(opening).map(|f| f.words.end)
}

/// "Je prends la soupe, rien d'autre": the rest is refused.
pub(super) fn refused(page: &Page<'_>, votes: &mut Vec<Vote>) {
    for (index, piece) in page.pieces.iter().enumerate() {
        for note in piece
            .passage
            .notes
            .iter()
            .filter(|n| n.slot == Slot::Event && matches!(n.rule.as_str(), REFUSED | NOT_BEFORE))
        {
            let clause = piece.passage.clause_at(note.words.start).unwrap_or_default();
            let at = (index, piece.passage.clauses.get(clause).map_or(0, |c| c.sentence));
            let comes = votes.iter().any(|v| v.at.0 == index && v.says != Attendance::No);
            let event = note.value as usize;
            // "Je viens samedi, mais pas avant midi": said of all that day, it is not said of what is over by then.
            votes.retain(|v| v.event != event || !((v.clause == clause && v.at == at) || v.wide));
            if comes && !votes.iter().any(|v| v.event == event) {
                let words = piece.passage.words_of(note.words.clone());
                let vote = Vote::implied(event, true, at, "attendance/rest", words);
                votes.push(Vote { says: Attendance::No, written: Attendance::No, clause, given: true, ..vote });
            }
        }
    }
}

/// "Je viens à tout sauf à la marche": of the events set apart the contrary is said.
pub(super) fn except(page: &Page<'_>, votes: &mut Vec<Vote>) {
    let mut added = Vec::new();
    for (index, piece) in page.pieces.iter().enumerate() {
        for (c, clause) in piece.passage.clauses.iter().enumerate().filter(|(_, c)| c.link == "except") {
            let Some(about) = piece.about.get(c).filter(|a| a.named) else { continue };
            let at = (index, clause.sentence);
            let Some(before) = nearest(votes, at, c).filter(|v| !about.events.contains(&v.event)) else { continue };
            let says = match before.says {
                Attendance::Yes => Attendance::No,
                Attendance::No => Attendance::Yes,
                Attendance::Maybe => continue,
            };
            for event in about.events.iter().filter(|e| !votes.iter().any(|v| v.event == **e && v.at == at)) {
                let words = piece.passage.words_of(clause.words.clone()).to_owned();
                added.push(Vote {
                    event: *event,
                    says,
                    written: says,
                    named: true,
                    words,
                    clause: c,
                    rule: "attendance/except".into(),
                    ..before.clone()
                });
            }
        }
    }
    votes.extend(added);
}

/// "Oui, non, oui", of three events: an answer to each, in the order of their days. Of two, only where words say so.
pub(super) fn in_order(page: &Page<'_>, votes: &mut [Vote]) {
    let count = page.config.events.len();
    let ordered = page.config.events.is_sorted_by_key(|e| e.start);
    let said = page.findings("events").any(|(_, _, rule)| rule.says("is") == "order");
    if count < 2 || !ordered || (count == 2 && !said) {
        return;
    }
    let mut clauses: Vec<(usize, usize)> = votes.iter().map(|v| (v.at.0, v.clause)).collect();
    clauses.dedup();
    let lone = |(piece, clause): &(usize, usize)| {
        let clause = page.pieces.get(*piece).and_then(|p| p.passage.clauses.get(*clause));
        clause.is_some_and(|c| c.words.len() <= LONE_ANSWER && !c.asked)
    };
    let bare = |v: &Vote| v.weight < Weight::Strong && (!v.named || said || votes_all(votes, v, count));
    if clauses.len() != count || !clauses.iter().all(lone) || !votes.iter().all(bare) {
        return;
    }
    for vote in votes.iter_mut() {
        if let Some(event) = clauses.iter().position(|c| *c == (vote.at.0, vote.clause)) {
            vote.event = event;
            vote.named = true;
            vote.given = true;
        }
    }
}

/// Its clause is said of every event: "Pour les trois : oui, non, oui".
fn votes_all(votes: &[Vote], of: &Vote, count: usize) -> bool {
    votes.iter().filter(|v| v.at == of.at && v.clause == of.clause).count() >= count
}

/// Words of an answer that says nothing else: "oui", "plutôt non".
const LONE_ANSWER: usize = 3;
