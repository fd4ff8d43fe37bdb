//! What is said of a thing right after it: "des boissons : deux packs d'eau", "du jus, cinq litres", "du pain, quatre miches".
//!
//! Promises: what only says how much or which of the last thing there is never becomes another thing.

use super::goods::Reader;
use super::item::{Det, Item};
use super::list::Want;
use crate::reading::Sort;
use crate::rules::template::Words;

/// No more words stand between a chore and the colon that says what it is.
const ASIDE: usize = 7;

impl Reader<'_> {
    /// What is told after a thing that names a sort ("des boissons : …"), or after a colon and of its sort ("le pain : six
    /// miches", "nos restes : deux tourtes"; not "le café : ma cafetière").
    pub fn told_after(&self, item: &Item, at: usize) -> Option<(Vec<Item>, usize)> {
        let told = self.skip_fillers(at);
        let at = if self.passage.word(told) == ":" { told } else { at };
        let colon = self.passage.word(at) == ":";
        // "deux cagettes : des pommes, des noix"
        let vague = item.good.is_some_and(|g| g.vague) || (colon && self.empty(item.name.clone()));
        let general = item.good.is_none() || matches!(item.det, Det::The | Det::Own | Det::Part);
        if !vague && (!general || !colon) {
            return None;
        }
        let sort = |i: &Item| i.good.map(|g| g.sort);
        let same = |i: &Item| vague || item.good.is_none() || sort(i) == sort(item);
        self.details(at).filter(|(details, _)| details.iter().all(same))
    }

    /// Things to eat or drink told after a colon, soon after these words: "l'accueil du matin : thé et biscuits".
    pub fn told_of(&self, at: usize) -> Option<(Vec<Item>, usize)> {
        let limit = self.clause_end(at)?.min(at + ASIDE) + 1;
        let colon = (at..limit).find(|at| self.passage.word(*at) == ":")?;
        self.details(colon).filter(|(items, _)| items.iter().all(|i| self.eaten(i)))
    }

    /// Past words that say nothing of the thing before.
    fn skip_fillers(&self, at: usize) -> usize {
        let mut at = at;
        while let Some(next) = self.end(at, self.passage.len(), "filler") {
            at = next;
        }
        at
    }

    /// "les boissons : deux packs d'eau et du thé", "un dessert (tarte aux pommes)".
    pub fn details(&self, at: usize) -> Option<(Vec<Item>, usize)> {
        if !matches!(self.passage.word(at), ":" | "(") {
            return None;
        }
        let (items, end) = self.list(at + 1, Want { bare: true, ..Want::default() });
        let end = if self.passage.word(end) == ")" { end + 1 } else { end };
        (!items.is_empty()).then_some((items, end))
    }

    /// "du jus, cinq litres", "du bortsch, une grande casserole": how much there is of the last thing, no other thing.
    pub fn measures(&self, item: &Item, last: &Item) -> bool {
        let before = item.words.start.checked_sub(1).map_or("", |at| self.passage.word(at));
        let head = self.skip_adjectives(item.name.start, item.name.end);
        let alone = |list: &str| self.end(head, item.name.end, list) == Some(item.name.end);
        let eaten = last.good.is_none_or(|g| matches!(g.sort, Sort::Food | Sort::Drink));
        let counted = item.det == Det::Number && alone("measure");
        let bottled =
            last.good.is_some_and(|g| g.sort == Sort::Drink) && item.det == Det::Number && alone("hold-drink");
        let held = item.det == Det::None && head > item.name.start && alone("hold-food");
        let sized = item.det == Det::Number && item.good.is_none() && alone("plain-adjective");
        // "un gratin, le grand plat"
        let held =
            held || (item.det == Det::The && head > item.name.start && self.is(head, "dish") && item.name.len() == 2);
        // "une pissaladière trois plaques"
        let dished = item.det == Det::Number && (alone("hold-food") || alone("hold-thing"));
        let adjoined = item.words.start == last.words.end && (counted || bottled || dished);
        eaten && (adjoined || (before == "," && (counted || bottled || held || sized)))
    }

    /// A sort and, after a comma, what it is of that sort.
    pub fn spells_out(&self, item: &Item, last: &Item) -> bool {
        let before = item.words.start.checked_sub(1).map_or("", |at| self.passage.word(at));
        // "la vaisselle du club, 60 assiettes"
        let whole = |end: usize| end == last.name.end || last.good.is_some_and(|g| g.vague) && self.is(end, "link-of");
        let sort = self.end(last.name.start, last.name.end, "told-first").is_some_and(whole);
        let kind = |i: &Item| i.good.map(|g| (g.sort, g.course));
        let any = kind(last).is_some_and(|(sort, course)| course.is_none() && kind(item).is_some_and(|k| k.0 == sort));
        before == "," && sort && matches!(item.det, Det::Number | Det::Part) && (any || kind(item) == kind(last))
    }
}
