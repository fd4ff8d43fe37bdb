//! One thing of a list: its determiner or number, and its name in the sender's own words.
//!
//! Never reads past the end of its clause. Knows no language: the small words are lists of the lexicon.

use std::ops::Range;

use super::goods::{Good, Reader};
use crate::reading::Sort;
use crate::rules::passage::Note;
use crate::rules::template::{Slot, Words};

/// No name of a thing is longer.
const LONGEST: usize = 11;

/// A name at the end of the letter has no more words.
const SIGNED: usize = 3;

/// A turn of speech begins at most so many words before the thing it seems to name.
const IDIOM: usize = 5;

/// What stands before the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Det {
    /// Nothing.
    None,
    /// A number, "a".
    Number,
    /// A quantity that is not said ("some").
    Part,
    /// Something known before ("the").
    The,
    /// "my", "our", "his".
    Own,
}

/// One thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// Its words, determiner included.
    pub words: Range<usize>,
    /// Its name.
    pub name: Range<usize>,
    /// The number said.
    pub quantity: Option<u32>,
    /// What stands before it.
    pub det: Det,
    /// What it is; `None` when the lexicon does not know it.
    pub good: Option<Good>,
    /// For the sender alone.
    pub own: bool,
}

impl Reader<'_> {
    /// The thing that begins at a word and ends at or before `limit`.
    pub fn item(&self, start: usize, limit: usize) -> Option<Item> {
        if self.idle(start) {
            return None;
        }
        let (det, quantity, mut at) = self.determiner(start, limit)?;
        while let Some(end) = self.end(at, limit, "drop-adjective") {
            at = end;
        }
        let end = self.name_end(at, limit);
        // "J'en prendrai trois au four": the number stands alone.
        if end <= at || (det == Det::Number && self.is(at, "link-at")) {
            return None;
        }
        let name = at..end;
        let head = self.skip_adjectives(at, end);
        // "mon pique-nique", "un pique-nique pour moi"
        let mine = det == Det::Own || (det != Det::None && self.is(end, "for-self"));
        let own_food = mine && self.is(head, "food-own") && !self.is(head, "personal");
        let good = match own_food {
            true => Some(Good { sort: Sort::Food, course: None, vague: false, slip: false }),
            false => self.good(name.clone()),
        };
        let personal = det == Det::Own && quantity.is_none() && self.is(head, "personal");
        let own = own_food || (personal && good.is_some_and(|g| g.sort != Sort::Food));
        Some(Item { words: start..end, name, quantity, det, good, own })
    }

    /// Within a turn of speech that names no thing: "mettre de l'eau dans son vin".
    fn idle(&self, at: usize) -> bool {
        (at.saturating_sub(IDIOM)..=at)
            .any(|from| self.end(from, self.passage.len(), "idiom").is_some_and(|end| end > at))
    }

    /// Past the adjectives that stand before a name.
    pub fn skip_adjectives(&self, at: usize, limit: usize) -> usize {
        let mut at = at;
        while let Some(end) = self.end(at, limit, "plain-adjective").filter(|e| *e < limit) {
            at = end;
        }
        at
    }

    fn determiner(&self, start: usize, limit: usize) -> Option<(Det, Option<u32>, usize)> {
        if self.whole(start, limit) {
            // "de quoi boire", "quelque chose à manger": the words of the list say it all.
            return Some((Det::Part, None, start));
        }
        let part = self.end(start, limit, "det-part");
        // "un peu de pain": no number.
        let number = self.number(start, limit).filter(|(_, end)| part.is_none_or(|part| part <= *end));
        if let Some((value, end)) = number {
            return Some((Det::Number, value, end));
        }
        if let Some(end) = self.end(start, limit, "det-own") {
            let (quantity, end) = self.number(end, limit).unwrap_or((None, end));
            return Some((Det::Own, quantity, end));
        }
        if let Some(end) = part {
            let the = self.end(start, limit, "det-the") == Some(end);
            let (quantity, end) =
                self.number(end, limit).filter(|_| the || self.is(start, "link-bare")).unwrap_or((None, end));
            return Some((if the { Det::The } else { Det::Part }, quantity, end));
        }
        // A number that is an hour, a day or a telephone begins nothing.
        (!self.passage.taken(start)).then_some((Det::None, None, start))
    }

    /// A number of things: its value (none for "two or three"), and where the name begins.
    fn number(&self, at: usize, limit: usize) -> Option<(Option<u32>, usize)> {
        let counts = |n: &&Note| {
            matches!(n.slot, Slot::Date | Slot::Hour)
                && n.words.start <= at
                && at < self.day_end(n)
                && !["amount", "portions"].contains(&&*n.rule)
        };
        let (value, mut end) = self.passage.number(at)?;
        // "mon quatre-quarts", "des mille-feuilles": the number belongs to the name.
        let named = self.known(at, limit).is_some_and(|name| name > end);
        if named || end >= limit || self.passage.notes.iter().any(|n| counts(&n)) {
            return None;
        }
        let mut value = Some(value);
        if let Some(other) = self.end(end, limit, "link-or").and_then(|e| self.passage.number(e)) {
            value = None;
            end = other.1;
        }
        if self.is(end, "times") {
            end += 1;
        }
        let collective = end.checked_sub(1).is_some_and(|last| self.is(last, "collective"));
        match self.end(end, limit, "link-of") {
            Some(of) if collective => end = of,
            Some(of) => end = self.end(of, limit, "det-own").unwrap_or(end),
            None => {}
        }
        Some((value, end))
    }

    /// Where a day ends; "vendredi deux tartes": the number is the tarts'.
    pub fn day_end(&self, note: &Note) -> usize {
        let end = note.words.end;
        let last = end.saturating_sub(1);
        let counts = note.words.len() > 1 && self.passage.number(last).is_some_and(|(_, e)| e == end);
        let things = counts && self.known(end, self.passage.len()).is_some() && !self.is(end, "too-vague");
        if things && note.slot == Slot::Date { last } else { end }
    }

    /// Where the name that begins at a word ends.
    fn name_end(&self, start: usize, limit: usize) -> usize {
        let limit = limit.min(start + LONGEST);
        let named = self.known(start, limit).is_some_and(|end| end > start + 1);
        let head = if named { start } else { self.skip_adjectives(start, limit) };
        let mut at = head;
        let mut last = head;
        let mut linked = false;
        while at < limit && self.passage.word(at).starts_with(char::is_alphanumeric) && !self.dated(at) {
            if let Some(end) = self.end(at, limit, "link-without").filter(|_| at > start) {
                (at, last) = (end, end);
                continue;
            }
            if let Some(end) = self.end(at, limit, "and").or_else(|| self.end(at, limit, "link-or")) {
                let more =
                    if self.is(at, "and") { self.more(end, limit, start..at, linked) } else { self.other(end, limit) };
                let Some(more) = more.filter(|_| at > start) else { break };
                (at, last) = (more, more);
                continue;
            }
            if let Some(end) = self.end(at, limit, "link-with") {
                let Some(more) = self.ingredient(end, limit).filter(|_| at > start) else { break };
                (at, last) = (more, more);
                continue;
            }
            if at == head
                && let Some(end) = self.known(at, limit).filter(|e| *e > at + 1)
            {
                (at, last) = (end, end);
                linked = true;
                continue;
            }
            // "un reste de daube": no verb.
            let held = at == head && self.is(at, "hold-loose") && self.is(at + 1, "link-of");
            if (self.is(at, "stop") && !held) || (at > start && self.signed(at)) {
                break;
            }
            let link = self.end(at, limit, "link-of").max(self.end(at, limit, "link-at"));
            let handed = link.is_some_and(|end| self.end(at, limit, "handed") == Some(end) && self.named(end));
            if handed && at > start {
                break;
            }
            if let Some(end) = link.filter(|_| at > start) {
                linked = true;
                at = end;
                continue;
            }
            if at > start && at == last && self.passage.number(at).is_some() {
                break;
            }
            at += 1;
            last = at;
        }
        last
    }

    fn named(&self, at: usize) -> bool {
        self.passage.notes.iter().any(|n| n.slot == Slot::Name && n.words.start == at)
    }

    /// A name on a line of its own begins here.
    fn signed(&self, at: usize) -> bool {
        let lines = |from: usize, to: usize| self.passage.words_of(from..to).contains('\n');
        let begins = at.checked_sub(1).is_some_and(|before| lines(before, at + 1));
        let len = self.passage.len();
        let word = |at: usize| self.passage.word(at).starts_with(char::is_alphabetic);
        // "DU PAIN", and below, alone and last, who writes.
        let last = || len - at <= SIGNED && (at..len).all(word) && !lines(at, len) && self.known(at, len).is_none();
        begins && (self.named(at) || last())
    }

    /// A day or an hour begins here.
    fn dated(&self, at: usize) -> bool {
        self.passage.notes.iter().any(|n| {
            n.words.start == at
                && matches!(n.slot, Slot::Date | Slot::Hour)
                && !["amount", "portions", "label"].contains(&&*n.rule)
        })
    }

    /// "…aux pommes et aux poires", "…aux olives et jambon": what follows is in the same dish.
    fn more(&self, at: usize, limit: usize, before: Range<usize>, linked: bool) -> Option<usize> {
        let link = self.end(at, limit, "link-at").or_else(|| {
            let part = self.end(at, limit, "det-part");
            self.end(at, limit, "link-of").filter(|e| *e == at + 1 && part == Some(*e) && self.is(at, "link-bare"))
        });
        let from = link.unwrap_or(at);
        if !linked {
            return None;
        }
        let taste = self.taste(before)?;
        let end = self.end(from, limit, "food-salty").or_else(|| self.end(from, limit, "food-sweet"))?;
        // "au four et riz au lait": another dish, by a name of its own.
        let another = link.is_none() && self.known(from, limit).is_some_and(|whole| whole > end);
        (!another && (link.is_some() || self.end(from, limit, taste).is_some())).then_some(end)
    }

    /// "une quiche ou pizza": the other of two; with a determiner or more than a word of its own it is another thing.
    fn other(&self, at: usize, limit: usize) -> Option<usize> {
        let (det, _, from) = self.determiner(at, limit)?;
        let end = self.name_end(from, limit);
        let known = end > from && self.good(from..end).is_some();
        (known && det == Det::None && end == from + 1).then_some(end)
    }

    /// "…with (some) chicken": something in it, not something beside it.
    fn ingredient(&self, at: usize, limit: usize) -> Option<usize> {
        let from = self.end(at, limit, "det-part").unwrap_or(at);
        let lists = ["food-salty", "food-sweet", "food-side", "food-main", "food-dessert", "food-starter"];
        lists.iter().filter_map(|l| self.end(from, limit, l)).max()
    }
}
