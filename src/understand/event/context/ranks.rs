//! Events told by their place among the others, or by their month: "la deuxième", "le premier et le dernier de vos
//! rendez-vous", "ceux de janvier".
//!
//! Promises: of a month that has all of them, none is meant; nor by a place that a workshop may have too.

use std::ops::Range;

use super::super::in_order;
use super::{Context, Found, NOT_BEFORE};
use crate::rules::template::Words;

/// Words of a clause that is nothing but an answer for a month: "présent en janvier".
const SHORT: usize = 5;

/// How far behind a place the noun may stand: "le premier de vos trois rendez-vous".
const NEAR: usize = 4;

/// How far before "avant" a word may stand that says it cannot be.
const FAR: usize = 9;

/// Minutes that an event lasts of which only the beginning is announced.
const LASTS: i64 = 120;

impl Context<'_> {
    /// "Les deux rendez-vous de janvier", "celui de février", "présent en janvier": those of a month, where others are not.
    pub(super) fn in_month(&self, at: usize) -> Option<(Range<usize>, Vec<usize>)> {
        let month = self.pack.value("months", self.passage.word(at))?;
        let before = |n: usize| at.checked_sub(n).map_or("", |b| self.passage.word(b));
        let number = (at.saturating_sub(4)..at).find_map(|n| self.passage.number(n)).map(|(n, _)| n as usize);
        let noun = (at.saturating_sub(4)..at).any(|n| self.phrase("an-event", n).is_some_and(|end| end + 1 == at));
        let counted = number.is_some() && noun;
        let of = self.pack.listed("of", before(1)) && (counted || self.pack.listed("the-one-of", before(2)));
        let clause = self.passage.clause_at(at).and_then(|c| self.passage.clauses.get(c));
        let short = clause.is_some_and(|c| c.words.len() <= SHORT && c.words.end == at + 1);
        let alone = short && self.pack.listed("in-month", before(1));
        if !(of || alone) {
            return None;
        }
        let then = |e: &usize| self.config.events.get(*e).is_some_and(|e| i64::from(e.start.month()) == month);
        let found: Vec<usize> = self.all().into_iter().filter(then).collect();
        let fits = found.len() < self.config.events.len() && number.is_none_or(|n| n == found.len());
        fits.then(|| (at..at + 1, found))
    }

    /// "Le premier et le dernier de vos rendez-vous", "le premier des trois".
    pub(super) fn ranks(&self, at: usize) -> Option<(Range<usize>, Vec<usize>)> {
        let led = |at: usize| ["the", "at-the"].iter().any(|list| self.listed(list, at));
        let value =
            |at: usize| self.pack.value("ordinals", self.passage.word(at)).filter(|_| led(at.saturating_sub(1)));
        let of = in_order(self.config);
        let (mut events, mut end) = (Vec::new(), at);
        while let Some(nth) = value(end + 1) {
            let place = if nth == 99 { of.len().checked_sub(1) } else { usize::try_from(nth - 1).ok() };
            events.push(*of.get(place?)?);
            end += 2;
            let joint = (end..end + 3).take_while(|w| self.listed("and-numbers", *w) || self.passage.word(*w) == ",");
            let Some(next) = joint.chain([end]).map(|w| w + 1).find(|w| value(w + 1).is_some()) else { break };
            end = next;
        }
        let little = |w: &usize| {
            ["of", "the-several", "the"].iter().any(|list| self.listed(list, *w)) || self.passage.number(*w).is_some()
        };
        let between = (end..end + NEAR).take_while(little).count();
        // "Le premier et le troisième rendez-vous", and of one "la première séance" is a rank.
        let noun = self.phrase("an-event", end + between).filter(|_| between > 0 || events.len() > 1);
        if let Some(noun) = noun.filter(|_| !events.is_empty()) {
            return Some((at..noun, events));
        }
        (events.len() > 1 && !self.workshops() && self.ends(end)).then_some((at..end, events))
    }

    /// "La deuxième", "la première séance", "les deux dernières", "les deux suivantes".
    pub(super) fn rank(&self, at: usize, before: &[usize]) -> Option<(Range<usize>, Vec<usize>)> {
        if !self.listed("the", at) && !self.listed("the-several", at) && !self.listed("at-the", at) {
            return None;
        }
        let number = self.passage.number(at + 1).filter(|_| self.listed("the-several", at));
        let place = number.map_or(at + 1, |(_, end)| end);
        let (mut end, mut of) = (place + 1, in_order(self.config));
        let kind = self.having(self.passage.word(end));
        let noun = self.listed("any-events", end) || kind.len() > 1;
        if noun {
            end += 1;
            of = if kind.len() > 1 { kind } else { of };
        } else if let Some(kind) = self.kind_before(at) {
            of = kind;
        } else if !self.ends(end)
            || (self.listed("the-alone", at) && !self.answered(at, end))
            || (self.workshops() && of.len() < 3)
        {
            return None;
        }
        let word = self.passage.word(place);
        let mut several = number.map_or(1, |(n, _)| n as usize);
        let first = if self.listed("following", place) {
            let last = before.last()?;
            let first = of.iter().position(|e| e == last)? + 1;
            // "Les suivantes": all that come.
            if number.is_none() && self.listed("the-several", at) {
                several = of.len().saturating_sub(first).max(1);
            }
            first
        } else {
            match self.pack.value("ordinals", word)? {
                99 => of.len().checked_sub(several)?,
                nth => usize::try_from(nth - 1).ok()?,
            }
        };
        of.get(first..first + several).map(|events| (at..end, events.to_vec()))
    }

    /// "Pas avant 19 h", "impossible samedi avant 19 heures": of a day that several events share, those that are over by then.
    pub(super) fn not_before(&self, at: usize, notes: &[(Range<usize>, u32)]) -> Option<Found> {
        let clause = self.passage.clause_at(at);
        let denied = |w: &usize| self.listed("cannot-before", *w) && self.passage.clause_at(*w) == clause;
        if !self.listed("before-hour", at) || !(at.saturating_sub(FAR)..at).any(|w| denied(&w)) {
            return None;
        }
        let told = self.hour(at + 1 + usize::from(self.listed("the", at + 1)));
        // "J'arriverai vers 21 h. Pas avant.": before the hour that was said.
        let said = || {
            let ends = self.listed("cannot-before", at - 1) && self.passage.clause_at(at + 1) != clause;
            (0..at - 1).rev().find_map(|w| self.hour(w)).filter(|_| ends).map(|(minutes, _)| (minutes, at + 1))
        };
        let (minutes, end) = told.or_else(said)?;
        let over = |e: &usize| {
            self.config.events.get(*e).is_some_and(|e| {
                let start = i64::from(e.start.hour()) * 60 + i64::from(e.start.minute());
                let last = e.end.filter(|end| end.date() == e.start.date());
                let last = last.map_or(start + LASTS, |l| i64::from(l.hour()) * 60 + i64::from(l.minute()));
                last <= minutes
            })
        };
        let events: Vec<usize> = self.day(at, notes)?.into_iter().filter(over).collect();
        (!events.is_empty()).then_some((at..end, events, NOT_BEFORE))
    }

    /// "Le premier oui, le dernier non": an answer stands behind it, or another place was told before; of no workshop.
    fn answered(&self, at: usize, end: usize) -> bool {
        let nth = |w: &usize| self.pack.value("ordinals", self.passage.word(*w)).is_some();
        let theme = (0..self.passage.len()).any(|w| self.listed_in_lexicon(w, "called-workshop"));
        let word = self.passage.word(end);
        let stops = !word.contains(char::is_alphanumeric) || self.passage.clause_at(end) != self.passage.clause_at(at);
        !theme && (self.listed("short-answers", end) || (stops && (0..at).any(|w| nth(&w))))
    }

    /// "La première réunion oui, la seconde non": of the same noun.
    fn kind_before(&self, at: usize) -> Option<Vec<usize>> {
        let clause = self.passage.clause_at(at).and_then(|c| self.passage.clauses.get(c))?;
        let nth = |at: &usize| self.pack.value("ordinals", self.passage.word(*at)).is_some();
        // "La première réunion : oui. La seconde : non": from the line above as well, for a label.
        let label = self.passage.word(at + 2) == ":";
        let from = if label { 0 } else { self.passage.sentence(clause.sentence).start };
        let kinds = (from..at).rev().filter(nth);
        let kind = kinds.map(|nth| self.having(self.passage.word(nth + 1))).find(|kind| kind.len() > 1)?;
        (kind.len() < self.config.events.len() && self.ends(at + 2)).then_some(kind)
    }
}
