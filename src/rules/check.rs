//! Rules checked against their own examples.
//!
//! A hit must fire and stand: no operator may have turned it. Words marked «so» in a hit must be the very words matched.
//! A miss must not fire, or be turned by an operator ("Je ne serai pas présente." is a miss of "I shall be there").
//! A template that no hit uses is dead weight and is reported. In an example every day is an announced event's.

use super::pack::{Pack, Rule};
use super::passage::Passage;
use super::scan::{Finding, scan};
use super::template::{Slot, Words};
use crate::failure::Failure;

/// One failure a wrong example, and one a template that no hit uses.
pub(super) fn check(pack: &Pack) -> Vec<Failure> {
    let mut wrong = Vec::new();
    for (index, rule) in pack.rules.iter().enumerate() {
        let fail = |says, example: &str| {
            let file = rule.file.clone();
            Failure::fatal(says).with("file", file).with("rule", &rule.id).with("example", example)
        };
        let mut used = vec![false; rule.templates.len()];
        for hit in &rule.hits {
            if !fires(pack, index, rule, hit, &mut used) {
                wrong.push(fail("rules/hit-missed", hit));
            }
        }
        wrong.extend(rule.misses.iter().filter(|m| stands(pack, index, m)).map(|m| fail("rules/miss-hit", m)));
        let dead = rule.templates.iter().zip(&used).filter(|(_, used)| !**used);
        wrong.extend(dead.map(|((source, _), _)| fail("rules/dead", source)));
    }
    wrong
}

fn findings(pack: &Pack, index: usize, example: &str) -> (Passage, Vec<Finding>) {
    let mut passage = Passage::new(&example.replace(['«', '»'], ""), pack);
    if pack.rules.get(index).is_some_and(|r| r.field == "dates") {
        let rule = pack.rules.get(index).map_or("", |r| &r.id);
        let notes = passage.notes.iter().filter(|n| n.rule == rule);
        let found =
            notes.map(|n| Finding { rule: index, words: n.words.clone(), clause: 0, effects: Vec::new() }).collect();
        return (passage, found);
    }
    let days: Vec<_> = passage.notes.iter().filter(|n| n.slot == Slot::Date).map(|n| n.words.clone()).collect();
    for day in days {
        passage.note(day, Slot::Event, 0, "");
    }
    let all = scan(&mut passage, pack);
    let found = all.found.into_iter().chain(all.operators).chain(all.consumed).filter(|f| f.rule == index).collect();
    (passage, found)
}

fn fires(pack: &Pack, index: usize, rule: &Rule, hit: &str, used: &mut [bool]) -> bool {
    let (passage, found) = findings(pack, index, hit);
    let marked = hit
        .split_once('«')
        .and_then(|(_, rest)| rest.split_once('»'))
        .map(|(words, _)| crate::text::fold(words.trim()));
    let mut fired = false;
    for finding in found.iter().filter(|f| f.plain()) {
        let words = crate::text::fold(passage.words_of(finding.words.clone()));
        if marked.as_ref().is_some_and(|m| *m != words) {
            continue;
        }
        fired = true;
        for ((_, node), used) in rule.templates.iter().zip(used.iter_mut()) {
            let ends = pack.grammar.ends(node, &passage, finding.words.start, passage.len() + 1);
            *used |= ends.contains(finding.words.end);
        }
    }
    fired
}

fn stands(pack: &Pack, index: usize, miss: &str) -> bool {
    findings(pack, index, miss).1.iter().any(Finding::plain)
}
