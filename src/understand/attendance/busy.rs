//! What one does on the day of an event instead of coming: "Le dimanche je dors, mais le 14 je viens". Where the letter
//! answers one event and tells of the day of another nothing that any rule knows, that is why they do not come to it; nor
//! to one whose day it tells of, where it says nothing else but the wishes of those who stay away ("Samedi je compterai
//! des boîtes. Courage à vous !").
//!
//! Never speaks of an event that other words answer, nor where a word looks like another answer; sure only where a word
//! sets the two against each other.

use super::{Vote, Weight, names};
use crate::reading::Attendance;
use crate::rules::scan::{Finding, bearing};
use crate::rules::template::Words;
use crate::understand::courtesy;
use crate::understand::coverage::only_a_place;
use crate::understand::event::mentions;
use crate::understand::page::{Page, Piece, Place};

/// Fields whose words say something of coming, or are nobody's reason.
const TELLS: [&str; 11] = [
    "attendance",
    "attending",
    "coverage",
    "diets",
    "help",
    "kind",
    "meal",
    "people",
    "polite",
    "question",
    "workshops",
];

/// Adds a refusal for each event whose day is told otherwise.
pub(super) fn busy(page: &Page<'_>, votes: &mut Vec<Vote>) {
    let silent = votes.is_empty() && courtesy::parts(page) && says_nothing_else(page);
    for (index, piece) in page.pieces.iter().enumerate().filter(|(_, p)| p.place == Place::Body && p.quoted.is_none()) {
        for (c, clause) in piece.passage.clauses.iter().enumerate() {
            let events = mentions(&piece.passage, clause.words.clone(), page.config);
            let place = || only_a_place(page, piece, clause.words.clone());
            // "On en a parlé mardi au club": a day that is named in passing is no event's.
            let passing = piece.about.get(c).is_none_or(|a| !events.iter().any(|e| a.events.contains(e)));
            if events.len() != 1 || passing || votes.iter().any(|v| events.contains(&v.event)) || place() {
                continue;
            }
            let comes = |v: &&Vote| {
                let near = v.at.0 == index && v.at.1.abs_diff(clause.sentence) <= 1;
                near && v.says == Attendance::Yes && v.weight > Weight::Weak && !events.contains(&v.event)
            };
            let answered = votes.iter().find(comes).cloned();
            let group = group(page, piece, c);
            if (answered.is_none() && !silent) || !tells_of_ones_own(page, piece, &group, silent) {
                continue;
            }
            let against = answered.is_some_and(|a| set_against(piece, &group, &a));
            let words = piece.passage.words_of(clause.words.clone());
            for event in events {
                let at = (index, clause.sentence);
                let vote = Vote::implied(event, true, at, "attendance/busy", words);
                let (says, weight) = (Attendance::No, Weight::Weak);
                votes.push(Vote { says, written: says, weight, clause: c, that_day: against, ..vote });
            }
        }
    }
}

/// Fields of which one word makes a letter more than what its sender does instead.
const ANSWERS: [&str; 5] = ["attendance", "attending", "meal", "question", "workshops"];

/// The letter answers nothing, asks nothing, passes nothing on, and is about nothing else.
fn says_nothing_else(page: &Page<'_>) -> bool {
    page.pieces.iter().filter(|p| p.place == Place::Body).all(|piece| {
        let says = |f: &Finding| {
            page.rule(f).is_some_and(|r| {
                ANSWERS.contains(&r.field.as_str())
                    || r.field == "kind" && r.says("about") == "else"
                    || r.field == "polite" && r.says("passes") == "true"
            })
        };
        !piece.scan.found.iter().any(says) && !piece.passage.clauses.iter().any(|c| c.asked)
    })
}

/// The clause, and those after it in its sentence that name no event.
fn group(page: &Page<'_>, piece: &Piece, c: usize) -> Vec<usize> {
    let clauses = &piece.passage.clauses;
    let sentence = clauses.get(c).map(|c| c.sentence);
    let rest = clauses.iter().enumerate().skip(c + 1);
    let own = rest.take_while(|(_, r)| Some(r.sentence) == sentence && !names(page, piece, &r.words)).map(|(i, _)| i);
    std::iter::once(c).chain(own).collect()
}

/// Somebody of the sender's does something there that no rule knows, on which no operator bears; where the letter takes
/// leave, a word of being elsewhere is no other answer.
pub(super) fn tells_of_ones_own(page: &Page<'_>, piece: &Piece, group: &[usize], leaves: bool) -> bool {
    let clauses = || group.iter().filter_map(|c| piece.passage.clauses.get(*c));
    let told = |f: &Finding| {
        group.contains(&f.clause)
            && page.rule(f).is_some_and(|r| {
                let loose =
                    r.field == "kind" && r.says("about") == "us" || r.field == "people" && r.says("weight") == "low";
                let loose = loose || leaves && r.field == "coverage" && r.says("cue") == "any";
                TELLS.contains(&r.field.as_str()) && !loose
            })
    };
    let listed = |list: &str, at: usize| page.pack.listed(list, piece.passage.word(at));
    // "Mon fils joue", not "avec mon fils".
    let kin = |at: usize| listed("own-kin", at) && !at.checked_sub(1).is_some_and(|b| listed("leads", b));
    let speaker = |at: usize| (listed("i", at) && !listed("me", at)) || listed("we-pronouns", at);
    let own = |at: usize| speaker(at) || kin(at);
    // "Je serai sans Claude": a word of coming.
    let comes = |f: &Finding| {
        let opens = piece.passage.clauses.get(f.clause).is_some_and(|c| c.words.start == f.words.start);
        let instead = page.rule(f).is_some_and(|r| r.field == "events" && r.says("is") == "instead");
        group.contains(&f.clause) && instead && !opens && !leaves
    };
    let free = |words: &std::ops::Range<usize>| {
        let borne = bearing(&piece.passage, page.pack, &piece.scan, words, "attendance");
        borne.iter().all(|r| r.says("does") == "join")
    };
    clauses().all(|c| !c.asked && free(&c.words))
        && clauses().any(|c| c.words.clone().any(own))
        && !piece.scan.found.iter().any(|f| told(f) || comes(f))
}

/// "Mais", "en revanche" stands in the group, or opens what is answered right behind it.
fn set_against(piece: &Piece, group: &[usize], answered: &Vote) -> bool {
    let link = |c: &usize| piece.passage.clauses.get(*c).is_some_and(|c| c.link == "contrast");
    let next = group.last().map_or(0, |last| last + 1);
    group.iter().any(link) || (answered.clause >= next && link(&next))
}
