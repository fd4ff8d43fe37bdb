//! Things told of by somebody who comes, without a verb of bringing: "Pour la table : un couscous", "me voilà avec mon
//! flan", "les petits ont décidé de faire des cookies".
//!
//! Whoever comes to share a meal and names a dish, a drink or plates as somebody's own (a, some, my, three) offers it. Never
//! what the lexicon does not know, nor what a question, a request, a diet or an operator takes back; `does = "untell"` acts here only.

use std::ops::Range;

use super::item::{Det, Item};
use super::list::Want;
use super::{Mood, Reading};
use crate::reading::Sort;
use crate::rules::pack::Rule;
use crate::rules::scan::{Finding, bearing};
use crate::rules::template::Words;
use crate::understand::page::Page;

/// Fields whose findings explain the thing that they hold or stand beside in a clause.
const EXPLAINED: [&str; 2] = ["question", "diets"];

/// A longer text tells of other things too.
const LONGEST: usize = 220;

/// The letter says that somebody comes or eats, in few words.
pub(super) fn gathering(page: &Page<'_>) -> bool {
    let words: usize = page.pieces.iter().map(|p| p.passage.len()).sum();
    words <= LONGEST
        && page.pieces.iter().any(|piece| {
            let here = |f: &Finding| !piece.asked(f) && !piece.about(f).another_matter();
            piece.scan.found.iter().any(|f| says_yes(page, f) && here(f))
        })
}

/// Says plainly that somebody comes, or stays for the meal.
pub(super) fn says_yes(page: &Page<'_>, finding: &Finding) -> bool {
    let yes = |r: &Rule| matches!(r.field.as_str(), "attendance" | "meal") && r.says(&r.field) == "yes";
    finding.plain() && page.rule(finding).is_some_and(yes)
}

impl Reading<'_> {
    /// What nothing has explained yet.
    pub(super) fn told(&mut self) {
        let mut at = 0;
        while at < self.piece.passage.len() {
            at = self.told_at(at).unwrap_or(at).max(at + 1);
        }
    }

    /// Where the list that begins at a word ends, once it is offered.
    fn told_at(&mut self, at: usize) -> Option<usize> {
        let reader = self.reader();
        let passage = &self.piece.passage;
        let clause = passage.clause_at(at)?;
        if self.is_used(at) || !self.stands(at) {
            return None;
        }
        let bare =
            reader.breaks(at) || self.made(at) || at.checked_sub(1).is_some_and(|before| passage.word(before) == ":");
        let (items, end) = reader.list(at, Want { exact: true, bare, ..Want::default() });
        let first = items.first()?;
        if first.words.start != at || !self.somebodys(first, items.len() > 1, end) || reader.is(end, "given-away") {
            return None;
        }
        if items.iter().any(|i| self.is_used(i.words.start)) || self.taken_back(clause, &(at..end)) {
            return None;
        }
        let does = self.does(&(at..end));
        if does.iter().any(|d| matches!(*d, "negate" | "cancel" | "untell")) {
            return None;
        }
        let conditional = does.iter().any(|d| matches!(*d, "doubt" | "condition"));
        let mood = Mood { conditional, asked: does.contains(&"ask") };
        self.add_all(&items, Sort::Food, None, mood, ("contributions/told", ""), false);
        self.used.push(at..end);
        Some(end)
    }

    /// Nothing before the word makes it a part of something else ("le prix du pain", "un atelier de cuisine").
    fn stands(&self, at: usize) -> bool {
        let reader = self.reader();
        let Some(before) = at.checked_sub(1) else { return true };
        // "On a dix verres": no preposition.
        let verb = before.checked_sub(1).is_some_and(|b| reader.is(b, "subject"));
        let bound = |list: &str| reader.is(before, list) && !reader.is(before, "link-with") && !verb;
        !["link-of", "link-at", "place-link", "told-bound", "det-part", "det-own"].iter().any(|list| bound(list))
    }

    /// A dish, a drink or plates that the lexicon knows, of which somebody says that they are theirs to bring.
    fn somebodys(&self, item: &Item, listed_more: bool, end: usize) -> bool {
        let reader = self.reader();
        let start = item.words.start;
        let before = start.checked_sub(1);
        let sign = before.map_or(",", |at| self.piece.passage.word(at));
        let has = (start.saturating_sub(3)..start).any(|at| reader.end(at, start, "who-has") == Some(start));
        let apart = has
            || !sign.starts_with(char::is_alphanumeric)
            || reader.breaks(start)
            || before.is_some_and(|at| reader.is(at, "separator") || reader.is(at, "readying"));
        let owned = match item.det {
            Det::Number | Det::Own => true,
            // "du jus": after a noun it may be of that.
            Det::Part => !reader.is(start, "link-bare") && apart,
            Det::None => {
                (self.made(start) && reader.plain(item))
                    || (sign == ":" && !reader.is(item.name.start, "too-vague"))
                    || self.fills(item, listed_more, end)
            }
            Det::The => false,
        };
        let reserved = item.det != Det::Own && reader.is(item.name.start, "reserved");
        let listed = sign == ":" && item.det != Det::None;
        let good = item.good.filter(|g| !g.slip && (listed || !g.vague));
        // "On a deux bancs dans la remorque."
        let aboard = reader.is(end, "told-aboard") || reader.is(item.words.end, "told-aboard");
        let sort = good.is_some_and(|g| listed || aboard || g.sort != Sort::Equipment);
        owned && sort && !reserved && (listed || self.named(item)) && !self.piece.passage.taken(item.name.start)
    }

    /// "Oumou fait thiep": somebody of that name makes it.
    fn made(&self, at: usize) -> bool {
        let verb = at.checked_sub(1).filter(|before| self.reader().is(*before, "readying"));
        verb.and_then(|v| v.checked_sub(1)).is_some_and(|name| self.piece.passage.capital(name))
    }

    /// A sentence begins with it and is of nothing else, or says where it is or whose: "Riz au lait pour vingt.",
    /// "Quiche dans le sac".
    fn fills(&self, item: &Item, several: bool, end: usize) -> bool {
        let reader = self.reader();
        let passage = &self.piece.passage;
        let named = end;
        let mut end = end;
        let counted = reader.portions(end);
        let placed = reader.is(end, "told-after") || counted.is_some();
        end = counted.unwrap_or(end);
        let noted = |at: usize| passage.notes.iter().filter(|n| n.words.start == at).map(|n| n.words.end).max();
        while let Some(next) = reader.end(end, passage.len(), "filler").or_else(|| noted(end)) {
            end = next;
        }
        let closed = placed || (end < passage.len() && !passage.word(end).starts_with(char::is_alphanumeric));
        let long = item.name.len() > 1 || placed || several;
        let head = reader.skip_adjectives(item.name.start, item.name.end);
        // "Enceinte et micros dans le coffre."
        let aboard = reader.is(named, "told-aboard") && !reader.is(item.name.start, "too-vague");
        let plain = reader.plain(item) || aboard;
        reader.breaks(item.words.start) && closed && long && reader.begins_good(head, item) && plain
    }

    /// By a name that means nothing else: not "le service du restaurant", not "la bande du marché".
    pub(super) fn named(&self, item: &Item) -> bool {
        let reader = self.reader();
        let name = item.name.clone();
        let holds = |at: usize| ["hold-food", "hold-drink", "hold-thing", "too-vague"].iter().any(|l| reader.is(at, l));
        // "ma voiture consomme trop d'huile": nothing holds the oil.
        let held = |at: usize| !reader.is(at, "link-of") || at.checked_sub(1).is_some_and(holds);
        name.clone().any(|at| {
            let stands = at == name.start || held(at - 1);
            stands && reader.known(at, name.end).is_some_and(|end| end > at + 1 || !reader.is(at, "too-vague"))
        })
    }

    /// A question, a request or a diet stands in the clause, or the clause is about another occasion.
    pub(super) fn taken_back(&self, clause: usize, words: &Range<usize>) -> bool {
        let passage = &self.piece.passage;
        let last = passage.clause_at(words.end.saturating_sub(1)).unwrap_or(clause);
        let asked = |index: usize| passage.clauses.get(index).is_some_and(|c| c.asked);
        let about = self.piece.about.get(clause).is_some_and(crate::understand::page::About::another_matter);
        let explained = self.piece.scan.found.iter().any(|f| {
            let field = self.page.rule(f).is_some_and(|r| EXPLAINED.contains(&r.field.as_str()));
            field && f.clause == clause
        });
        asked(clause) || asked(last) || about || explained
    }

    /// What the operators that reach these words do.
    pub(super) fn does(&self, words: &Range<usize>) -> Vec<&str> {
        let operators = bearing(&self.piece.passage, self.page.pack, &self.piece.scan, words, "contributions");
        operators.into_iter().map(|r| r.says("does")).collect()
    }
}
