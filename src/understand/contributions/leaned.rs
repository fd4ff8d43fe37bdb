//! Things that the words around them tell: of what the lexicon knows, whatever frame holds it.
//!
//! Promises: what rules found and words hardly ever lean to is no offer; what they passed over and words plainly lean to is
//! one, unless a question, a diet or another occasion explains it. Never a thing that the lexicon does not know, nor in a letter
//! that neither says that somebody comes nor offers anything else: an invoice is full of dishes.

use super::goods::Reader;
use super::item::{Det, Item};
use super::{Mood, Reading};
use crate::reading::Sort;
use crate::rules::template::Words;
use crate::understand::leaning::offers::{Thing, leaning};

/// Share above which a thing that no rule took is offered, and below which one that a rule took is not.
const PLAIN: f32 = 0.8;
const UNLIKELY: f32 = 0.1;

impl Reader<'_> {
    /// Everything that the lexicon knows by its head, from left to right, none within another.
    pub(super) fn things(&self) -> Vec<Item> {
        let mut things = Vec::new();
        let mut at = 0;
        while at < self.passage.len() {
            let item = self.clause_end(at).and_then(|end| self.item(at, end)).filter(|i| i.words.start == at);
            let known = item.filter(|i| {
                let head = self.skip_adjectives(i.name.start, i.name.end);
                i.good.is_some_and(|g| !g.slip) && self.begins_good(head, i)
            });
            at = known.as_ref().map_or(at, |i| i.words.end).max(at + 1);
            things.extend(known);
        }
        things
    }
}

impl Item {
    /// As the second reader sees it.
    pub(super) fn thing(&self) -> Thing {
        let determined = match self.det {
            Det::None => "bare",
            Det::Number => "number",
            Det::Part => "part",
            Det::The => "the",
            Det::Own => "own",
        };
        let good = self.good;
        Thing {
            words: self.words.clone(),
            name: self.name.clone(),
            sort: good.map_or(Sort::Food, |g| g.sort),
            determined,
            vague: good.is_some_and(|g| g.vague),
        }
    }
}

impl Reading<'_> {
    /// Holds what the rules took, and what they passed over, against the words around it.
    pub(super) fn leaned(&mut self) {
        let reader = self.reader();
        let items = reader.things();
        // "Soupe : oui", where the meeting is called so.
        let named = |i: &Item| matches!(i.det, Det::The | Det::None) && reader.called_so(i);
        let things: Vec<Thing> = items.iter().map(Item::thing).collect();
        let offering = self.gathering || self.offers.iter().any(|o| o.clear);
        for (item, thing) in items.iter().zip(&things) {
            let Some(leaning) = leaning(self.page, self.piece, &things, thing) else { return };
            let share = leaning.offered();
            let within = |o: &super::Offer| o.words.start < item.name.end && item.name.start < o.words.end;
            let help = |o: &super::Offer| o.contribution.kind == Sort::Help;
            if self.offers.iter().any(|o| within(o) && help(o)) {
                continue;
            }
            if self.offers.iter().any(within) {
                if share < UNLIKELY {
                    self.offers.retain(|o| !within(o));
                }
                continue;
            }
            let clause = self.piece.passage.clause_at(item.words.start);
            let explained = clause.is_none_or(|clause| self.taken_back(clause, &item.words)) || named(item);
            if share <= PLAIN || explained || !offering {
                continue;
            }
            let does = self.does(&item.words);
            let conditional = does.iter().any(|d| matches!(*d, "doubt" | "condition"));
            let mood = Mood { conditional, asked: does.contains(&"ask") };
            let words = leaning.words("offered");
            self.add_all(std::slice::from_ref(item), thing.sort, None, mood, ("leaning/offers", &words), false);
        }
    }
}
