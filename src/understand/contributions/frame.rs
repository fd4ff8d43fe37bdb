//! Frames and what follows them: a verb, a label, or nothing but the things themselves.

use super::item::{Det, Item};
use super::list::Want;
use super::{Mood, Reading};
use crate::reading::{Course, Sort};
use crate::rules::pack::Rule;
use crate::rules::scan::{Effect, Finding};
use crate::rules::template::Words;

/// A few words before things that stand alone ("Oui, une quiche").
const SHORT: usize = 3;

impl Reading<'_> {
    /// Things that a rule's frame announces.
    pub(super) fn frames(&mut self) {
        for (finding, rule) in self.findings("help") {
            self.chores_of(finding, rule);
        }
        for (finding, rule) in self.findings("contributions") {
            if self.is_used(finding.words.start) {
                continue;
            }
            if rule.says("side") == "before" {
                self.before(finding, rule);
            } else {
                self.after(finding, rule);
            }
        }
    }

    fn after(&mut self, finding: &Finding, rule: &Rule) {
        let reader = self.reader();
        let start = match rule.says("from") {
            "first" => finding.words.start + 1,
            _ => finding.words.end,
        };
        if rule.says("chores") == "true" && self.chores_after(finding, rule, start) {
            return;
        }
        let colon = reader.passage.word(finding.words.end.saturating_sub(1)) == ":";
        let want = match rule.says("offer") {
            "open" | "lend" => Want { open: true, lines: reader.passage.word(start) == ":", ..Want::default() },
            "label" => Want { open: colon, bare: true, lines: colon, ..Want::default() },
            "things" => Want { things_only: true, ..Want::default() },
            _ => Want {
                lines: reader.passage.word(start) == ":",
                exact: rule.says("needs") == "determiner",
                ..Want::default()
            },
        };
        let (items, end) = reader.list(start, want);
        if rule.says("needs") == "determiner" && items.first().is_none_or(|i| i.det == Det::None) {
            return;
        }
        if items.is_empty() {
            return;
        }
        let default = if rule.says("offer") == "lend" { Sort::Equipment } else { Sort::Food };
        let hint = hint(rule);
        let by = (rule.name(), finding.note(self.page.pack));
        if refused(finding) {
            self.used.push(finding.words.start..end);
            // "pas de vin mais du cidre"
            if let Some(contrast) = reader.end(end, reader.passage.len(), "contrast") {
                let (items, end) = reader.list(contrast, Want { open: want.open, ..Want::default() });
                let mood = self.mood(finding, rule, end);
                self.add_all(&items, default, hint, mood, (&by.0, "after a contrast"), true);
            }
            return;
        }
        let mood = self.mood(finding, rule, end);
        self.add_all(&items, default, hint, mood, (&by.0, &by.1), true);
        self.used.push(finding.words.start..end);
    }

    /// "Une salade et du jus seront du voyage".
    fn before(&mut self, finding: &Finding, rule: &Rule) {
        if refused(finding) {
            return;
        }
        let reader = self.reader();
        let Some(sentence) = reader.passage.clauses.get(finding.clause).map(|c| c.sentence) else { return };
        let starts: Vec<usize> = reader
            .passage
            .clauses
            .iter()
            .filter(|c| c.sentence == sentence && c.words.start < finding.words.start)
            .map(|c| c.words.start)
            .collect();
        for start in starts {
            let (items, end) = reader.list(start, Want::default());
            if self.is_used(start)
                || items.is_empty()
                || end < finding.words.start
                || items.iter().any(|i| i.words.end > finding.words.start)
            {
                continue;
            }
            let mood = self.mood(finding, rule, finding.words.end);
            let by = (rule.name(), finding.note(self.page.pack));
            self.add_all(&items, Sort::Food, None, mood, (&by.0, &by.1), true);
            self.used.push(start..finding.words.end);
            return;
        }
    }

    /// Things that stand alone: "Une tarte aux pommes, du cidre."
    pub(super) fn alone(&mut self) {
        let passage = &self.piece.passage;
        let mut starts: Vec<usize> = passage.clauses.iter().map(|c| c.words.start).collect();
        starts.extend((0..passage.len()).filter(|at| passage.word(*at) == "+").map(|at| at + 1));
        starts.sort_unstable();
        starts.dedup();
        let context = self.asked_for_food();
        for start in starts {
            if !self.is_used(start) {
                self.alone_at(start, context);
            }
        }
    }

    fn alone_at(&mut self, start: usize, context: bool) {
        let reader = self.reader();
        let passage = &self.piece.passage;
        let Some(clause) = passage.clause_at(start).and_then(|i| passage.clauses.get(i)) else { return };
        let sentence = passage.sentence(clause.sentence);
        let sign = start.checked_sub(1).map_or("", |at| passage.word(at));
        let opened = matches!(sign, ":" | "(" | "+" | ";" | "-" | "*") || start - sentence.start.min(start) <= SHORT;
        if !opened || self.spoilt(sentence.start, start) {
            return;
        }
        let bare = context || matches!(sign, "(" | "+");
        let mut from = start;
        while let Some(next) = reader.end(from, passage.len(), "separator") {
            from = next;
        }
        let (items, mut end) = reader.list(from, Want { bare, open: context, exact: !context, ..Want::default() });
        while let Some(next) = reader.end(end, passage.len(), "filler") {
            end = next;
        }
        let closed =
            end >= passage.len() || reader.breaks(end) || !passage.word(end).starts_with(char::is_alphanumeric);
        let sure = |i: &Item| matches!(i.det, Det::Number | Det::Part) || i.own;
        if items.is_empty() || !closed || (!bare && !items.first().is_some_and(sure)) {
            return;
        }
        let asked =
            passage.clause_at(end.saturating_sub(1)).and_then(|i| passage.clauses.get(i)).is_some_and(|c| c.asked);
        self.add_all(&items, Sort::Food, None, Mood { conditional: false, asked }, ("contributions/alone", ""), false);
    }

    /// Something before, in the same sentence or as its title, says that these are no offers: a refusal, thanks, a
    /// recipe.
    fn spoilt(&self, from: usize, to: usize) -> bool {
        let reader = self.reader();
        let refusing = |o: &Finding| {
            let does = self.page.pack.rules.get(o.rule).map_or("", |r| r.says("does"));
            matches!(does, "negate" | "cancel") && o.words.start >= from && o.words.start < to
        };
        let before = from.saturating_sub(4);
        self.piece.scan.operators.iter().any(refusing) || (before..to).any(|at| reader.is(at, "no-offer"))
    }

    /// The quoted line above asks what everyone brings.
    fn asked_for_food(&self) -> bool {
        let lines: Vec<&str> = self.piece.above.lines().rev().take(4).collect();
        let asks = |word: &String| lines.iter().any(|l| l.contains(word.as_str()));
        self.page.pack.lists.get("above-meal").is_some_and(|words| words.iter().any(asks))
    }
}

/// Negated, or said of the past, of a wish or of others.
pub(super) fn refused(finding: &Finding) -> bool {
    finding.is(Effect::Negated) || finding.is(Effect::Cancelled)
}

/// The course that a label names ("en dessert, …").
fn hint(rule: &Rule) -> Option<Course> {
    match rule.says("course") {
        "starter" => Some(Course::Starter),
        "main" => Some(Course::Main),
        "dessert" => Some(Course::Dessert),
        "snack" => Some(Course::Snack),
        _ => None,
    }
}
