//! What one does on the day of an event instead of coming: "Le dimanche je dors, mais le 14 je viens". Where the letter
//! answers one event and tells of the day of another nothing that any rule knows, that is why they do not come to it; nor
//! to one whose day it tells of, where it says nothing else but the wishes of those who stay away ("Samedi je compterai
//! des boîtes. Courage à vous !").
//!
//! Never speaks of an event that other words answer, nor where a word looks like another answer; sure only where a word
//! sets the two against each other.

use super::{Vote, Weight, names};
use crate::reading::Attendance;
use crate::rules::passage::Note;
use crate::rules::scan::{Finding, bearing};
use crate::rules::template::{Slot, Words};
use crate::understand::courtesy;
use crate::understand::coverage::only_a_place;
use crate::understand::event::{bare_name, mentions};
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
    let parts = (courtesy::parts(page) || courtesy::regrets(page)) && says_nothing_else(page);
    let silent = parts && votes.is_empty();
    for (index, piece) in page.pieces.iter().enumerate().filter(|(_, p)| p.place == Place::Body && p.quoted.is_none()) {
        for (c, clause) in piece.passage.clauses.iter().enumerate() {
            let mut events = mentions(&piece.passage, clause.words.clone(), page.config);
            let here = events.is_empty() && silent && then(page, piece, clause.words.clone());
            if let Some(about) = piece.about.get(c).filter(|_| here) {
                events.clone_from(&about.events);
            }
            let place = || !here && only_a_place(page, piece, clause.words.clone());
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
            let taken = || parts && is_taken(page, piece, &group);
            let told = silent || answered.is_some();
            if !told || !(taken() || !silent && tells_of_ones_own(page, piece, &group)) {
                continue;
            }
            let that_day = silent || answered.is_some_and(|a| set_against(piece, &group, &a));
            let words = piece.passage.words_of(clause.words.clone());
            for event in events {
                let at = (index, clause.sentence);
                let vote = Vote::implied(event, true, at, "attendance/busy", words);
                let (says, weight) = (Attendance::No, Weight::Weak);
                votes.push(Vote { says, written: says, weight, clause: c, that_day, ..vote });
            }
        }
    }
}

/// Fields of which one word makes a letter more than what its sender does instead.
const ANSWERS: [&str; 2] = ["question", "workshops"];

/// The letter asks for nothing but news of the event, and is about nothing else.
fn says_nothing_else(page: &Page<'_>) -> bool {
    page.pieces.iter().filter(|p| p.place == Place::Body).all(|piece| {
        let parting = |sentence: usize| courtesy::parting(page, piece).any(|f| piece.sentence(f) == sentence);
        let named = |f: &Finding| {
            let own = piece.passage.clauses.get(f.clause);
            own.is_some_and(|c| names(page, piece, &c.words) || then(page, piece, c.words.clone()))
        };
        let says = |f: &Finding| {
            page.rule(f).is_some_and(|r| {
                ANSWERS.contains(&r.field.as_str()) && !(r.field == "question" && parting(piece.sentence(f)))
                    || r.field == "kind" && r.says("about") == "else" && !named(f)
            })
        };
        let asked = piece.passage.clauses.iter().any(|c| c.asked && !parting(c.sentence));
        !asked && !piece.scan.found.iter().any(says)
    })
}

/// "À la même heure", "ce jour-là": at the time of the event that is spoken of.
fn then(page: &Page<'_>, piece: &Piece, mut words: std::ops::Range<usize>) -> bool {
    words.any(|at| page.pack.phrase(&piece.passage, "then", at).is_some())
}

/// Fields whose words, in a letter that takes leave, say more of a day than that it is taken.
const SPEAKS: [&str; 5] = ["attendance", "attending", "diets", "question", "workshops"];

/// In a letter that only takes leave: something takes place that day, or somebody does something, and it is not the event
/// ("votre rencontre du 3 mars") that is told of, unless it falls at the same time.
fn is_taken(page: &Page<'_>, piece: &Piece, group: &[usize]) -> bool {
    let Some(clause) = group.first().and_then(|c| piece.passage.clauses.get(*c)) else { return false };
    let listed = |list: &str, at: usize| page.pack.listed(list, piece.passage.word(at));
    let clash = group
        .iter()
        .filter_map(|c| piece.passage.clauses.get(*c))
        .any(|c| then(page, piece, c.words.clone()) || clash(page, piece, c.words.clone()));
    let yours = clause.words.clone().any(|at| listed("yours", at));
    // "La rencontre du 3", "le forum": the event itself.
    let itself = |n: &Note| {
        let dated = piece.passage.notes.iter().any(|d| d.slot == Slot::Date && d.words.contains(&n.words.start));
        let of = listed("of", n.words.start) || n.words.start.checked_sub(1).is_some_and(|b| listed("of", b));
        !dated || of
    };
    let words: usize = group.iter().filter_map(|c| piece.passage.clauses.get(*c)).map(|c| c.words.len()).sum();
    let mut notes =
        piece.passage.notes.iter().filter(|n| n.slot == Slot::Event && clause.words.contains(&n.words.start));
    if !clash && (yours || notes.any(itself)) {
        return false;
    }
    // "Le 3 mars, notre club…": what stands behind a bare day tells of it.
    let bare = |c: &&usize| {
        let clause = piece.passage.clauses.get(**c);
        clause.is_some_and(|c| bare_name(&piece.passage, page.pack, &c.words))
    };
    let main = group.iter().find(|c| !bare(c)).or(group.first()).copied().unwrap_or_default();
    let told = |f: &Finding| {
        let first = f.clause == main;
        page.rule(f).is_some_and(|r| match r.field.as_str() {
            "polite" => first && !clash,
            "coverage" => group.contains(&f.clause) && matches!(r.says("cue"), "yes" | "maybe"),
            field => group.contains(&f.clause) && SPEAKS.contains(&field),
        })
    };
    !clause.asked && !piece.scan.found.iter().any(told) && words >= TELLING
}

/// Words that can tell what somebody does.
const TELLING: usize = 4;

/// "Tombe le même jour que", "coïncide avec".
fn clash(page: &Page<'_>, piece: &Piece, mut words: std::ops::Range<usize>) -> bool {
    words.any(|at| page.pack.phrase(&piece.passage, "clashes", at).is_some())
}

/// The clause, and those after it in its sentence that name no event.
fn group(page: &Page<'_>, piece: &Piece, c: usize) -> Vec<usize> {
    let clauses = &piece.passage.clauses;
    let sentence = clauses.get(c).map(|c| c.sentence);
    let rest = clauses.iter().enumerate().skip(c + 1);
    let own = rest.take_while(|(_, r)| Some(r.sentence) == sentence && !names(page, piece, &r.words)).map(|(i, _)| i);
    std::iter::once(c).chain(own).collect()
}

/// Somebody of the sender's does something there that no rule knows, on which no operator bears.
pub(super) fn tells_of_ones_own(page: &Page<'_>, piece: &Piece, group: &[usize]) -> bool {
    let clauses = || group.iter().filter_map(|c| piece.passage.clauses.get(*c));
    let told = |f: &Finding| {
        group.contains(&f.clause)
            && page.rule(f).is_some_and(|r| {
                let loose =
                    r.field == "kind" && r.says("about") == "us" || r.field == "people" && r.says("weight") == "low";
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
        group.contains(&f.clause) && instead && !opens
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
