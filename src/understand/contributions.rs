//! What the sender will bring, lend or do for the shared time, thing by thing.
//!
//! A rule of `contributions.toml` or `help.toml` is a frame ("j'apporte", "pour le repas :"); the things follow it, or
//! stand alone in a sentence that names nothing else, or are simply told of by somebody who comes; and the words around a
//! thing are held against what the rules make of it. Never takes for an offer
//! what is refused, past, wished for or thanked for. Doubt, condition or question makes it tentative.

use std::ops::Range;

use super::leaning::offers::Thing;
use super::page::{About, Page, Piece};
use crate::reading::{Contribution, Course, Evidence, Sort};
use crate::rules::pack::Rule;
use crate::rules::scan::{Effect, Finding};
use crate::rules::template::Words;

mod chores;
mod detail;
mod frame;
mod goods;
mod item;
mod leaned;
mod list;
mod told;

use goods::Reader;
pub(super) use goods::in_dish;
use item::Item;

/// What says that a thing may not come is no longer.
const MAYBE: usize = 3;

/// One thing offered, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// The thing.
    pub contribution: Contribution,
    /// What it rests on.
    pub evidence: Evidence,
    /// The events it is for.
    pub about: About,
    /// Place of its piece in [`Page::pieces`].
    pub piece: usize,
    /// Place of its clause in the piece's passage.
    pub clause: usize,
    /// Its words in the piece's passage, determiner included.
    pub words: Range<usize>,
    /// It depends on something said ("si je viens", "si j'ai le temps", "peut-être").
    pub conditional: bool,
    /// It asks, or waits for a word from us ("dois-je", "si besoin").
    pub asked: bool,
    /// A verb or a label says that it is offered; else it stands alone.
    pub clear: bool,
}

/// How an offer is qualified.
#[derive(Debug, Clone, Copy, Default)]
struct Mood {
    conditional: bool,
    asked: bool,
}

/// Every offer of the letter, in order.
pub fn contributions(page: &Page<'_>) -> Vec<Offer> {
    let mut offers: Vec<Offer> = Vec::new();
    let gathering = told::gathering(page);
    for (index, piece) in page.pieces.iter().enumerate() {
        let frames = starts(page, piece);
        let mut reading =
            Reading { page, piece, index, gathering, frames: &frames, used: Vec::new(), offers: Vec::new() };
        reading.frames();
        reading.alone();
        if gathering {
            reading.told();
        }
        reading.leaned();
        reading.offers.sort_by_key(|o| o.words.start);
        offers.append(&mut reading.offers);
    }
    merge(offers)
}

/// Everything that a piece of text names and the lexicon knows, offered or not.
pub fn things(page: &Page<'_>, piece: &Piece) -> Vec<Thing> {
    let frames = starts(page, piece);
    let reader = Reader { passage: &piece.passage, pack: page.pack, frames: &frames };
    reader.things().iter().map(Item::thing).collect()
}

/// One piece being read.
struct Reading<'a> {
    page: &'a Page<'a>,
    piece: &'a Piece,
    index: usize,
    /// The letter says that somebody comes or eats.
    gathering: bool,
    /// Where frames begin.
    frames: &'a [usize],
    /// Words that are explained.
    used: Vec<Range<usize>>,
    offers: Vec<Offer>,
}

impl<'a> Reading<'a> {
    fn reader(&self) -> Reader<'a> {
        Reader { passage: &self.piece.passage, pack: self.page.pack, frames: self.frames }
    }

    /// Marks words as explained, but for what stands in brackets and has a frame of its own: "du café (j'ai deux thermos)".
    fn spend(&mut self, words: Range<usize>) {
        let passage = &self.piece.passage;
        let mut from = words.start;
        for open in words.clone().filter(|at| passage.word(*at) == "(") {
            let Some(close) = (open..words.end).find(|at| passage.word(*at) == ")") else { continue };
            if open >= from && self.frames.iter().any(|frame| (open..close).contains(frame)) {
                self.used.push(from..open);
                from = close;
            }
        }
        self.used.push(from..words.end);
    }

    fn is_used(&self, at: usize) -> bool {
        self.used.iter().any(|u| u.contains(&at))
    }

    /// Records a thing.
    fn add(&mut self, item: &Item, sort: Sort, course: Option<Course>, mood: Mood, by: (&str, &str), clear: bool) {
        let passage = &self.piece.passage;
        let clause = passage.clause_at(item.words.start).unwrap_or(0);
        let contribution = Contribution {
            kind: sort,
            what: one_line(passage.words_of(item.name.clone())),
            course: course.filter(|_| sort == Sort::Food),
            quantity: item.quantity,
            own: item.own,
            tentative: mood.conditional || mood.asked,
        };
        let (rule, note) = by;
        let evidence = Evidence {
            field: "contribution".into(),
            rule: rule.into(),
            words: one_line(passage.words_of(item.words.clone())),
            note: note.into(),
        };
        self.used.push(item.words.clone());
        self.offers.push(Offer {
            contribution,
            evidence,
            about: self.piece.about.get(clause).cloned().unwrap_or_default(),
            piece: self.index,
            clause,
            words: item.words.clone(),
            conditional: mood.conditional,
            asked: mood.asked,
            clear,
        });
    }

    /// Records a list of things.
    fn add_all(
        &mut self,
        items: &[Item],
        default: Sort,
        hint: Option<Course>,
        mood: Mood,
        by: (&str, &str),
        clear: bool,
    ) {
        let reader = self.reader();
        let or = |item: Option<&Item>| {
            item.is_some_and(|i| i.words.start.checked_sub(1).is_some_and(|at| reader.is(at, "link-or")))
        };
        for (index, item) in items.iter().enumerate() {
            let sort = self.sort_among(items, index, default);
            let course = match item.good {
                Some(good) => good.course.or(hint),
                None => hint.or_else(|| reader.guess(item.name.clone())),
            };
            // "une quiche ou un cake": one of the two.
            let either = (index > 0 && or(Some(item))) || or(items.get(index + 1));
            // "Je ferai peut-être un cake."
            let start = item.words.start;
            let near = start.saturating_sub(MAYBE)..start;
            let maybe = reader.is(item.words.end, "maybe")
                || near.into_iter().any(|at| reader.end(at, start, "maybe") == Some(start));
            let mood = Mood { conditional: mood.conditional || either || maybe, ..mood };
            self.add(item, sort, course, mood, by, clear);
        }
    }

    /// What a thing is: what the lexicon says, else what is named beside it, else what its ending tells.
    fn sort_among(&self, items: &[Item], index: usize, default: Sort) -> Sort {
        let reader = self.reader();
        let Some(item) = items.get(index) else { return default };
        let known = |i: &Item| i.good.filter(|g| !g.slip && !reader.loose(i.name.clone())).map(|g| g.sort);
        let before = items.get(..index).and_then(|i| i.iter().rev().find_map(known));
        let near = before.or_else(|| items.get(index + 1..).and_then(|i| i.iter().find_map(known)));
        match item.good {
            Some(_) if near == Some(Sort::Equipment) && reader.loose(item.name.clone()) => Sort::Equipment,
            // "On vous prête dix cageots": empty.
            Some(good) if default == Sort::Equipment && good.sort == Sort::Food && reader.empty(item.name.clone()) => {
                Sort::Equipment
            }
            // "un bac à sable": what holds nothing to eat.
            Some(good) if good.sort == Sort::Food && reader.marked(item) == Some(Sort::Equipment) => Sort::Equipment,
            Some(good) => good.sort,
            None => reader.sort_unknown(item).or(near).unwrap_or(default),
        }
    }

    fn findings(&self, field: &'static str) -> Vec<(&'a Finding, &'a Rule)> {
        let page = self.page;
        self.piece.scan.found.iter().filter_map(|f| Some((f, page.rule(f).filter(|r| r.field == field)?))).collect()
    }

    /// How the operators qualify a frame whose things end at `end`.
    fn mood(&self, finding: &Finding, rule: &Rule, end: usize) -> Mood {
        let passage = &self.piece.passage;
        // "Où réchauffer ma tourte ?": it comes, whatever is asked.
        if rule.says("tentative") == "false" {
            return Mood::default();
        }
        let clause = passage.clauses.get(finding.clause);
        let last = passage.clause_at(end.saturating_sub(1)).and_then(|i| passage.clauses.get(i));
        let next_clause = passage.clauses.iter().find(|c| c.words.start >= end);
        let sentence_goes_on = next_clause.is_some_and(|n| last.is_some_and(|l| l.sentence == n.sentence));
        let asked_at_end = last.is_some_and(|c| c.asked) && !sentence_goes_on;
        let conditional = finding.effects.iter().any(|(effect, operator)| {
            *effect == Effect::Doubted || (*effect == Effect::Conditional && !self.apart(finding, *operator))
        });
        let sentence = clause.map(|c| c.sentence);
        let waits = self.piece.scan.operators.iter().any(|o| {
            let asks = self.page.pack.rules.get(o.rule).is_some_and(|r| r.says("does") == "ask");
            let at = passage.clause_at(o.words.start);
            let before = at.is_some_and(|at| at + 1 == finding.clause);
            let same = at.and_then(|at| passage.clauses.get(at)).map(|c| c.sentence) == sentence;
            asks && same && (before || next_clause.is_some_and(|n| n.words.start == o.words.start))
        });
        Mood {
            conditional: conditional || rule.says("tentative") == "true",
            asked: finding.is(Effect::Asked) || asked_at_end || waits,
        }
    }

    /// A semicolon or a full turn of phrase stands between a condition and what it would reach.
    fn apart(&self, finding: &Finding, operator: usize) -> bool {
        let passage = &self.piece.passage;
        let sentence = passage.clauses.get(finding.clause).map_or(0, |c| c.sentence);
        let mut all = self.piece.scan.operators.iter().filter(|o| o.rule == operator).filter(|o| {
            passage
                .clause_at(o.words.start)
                .and_then(|i| passage.clauses.get(i))
                .is_some_and(|c| c.sentence == sentence)
        });
        all.all(|o| {
            let between = finding.words.start.min(o.words.start)..finding.words.start.max(o.words.start);
            between.into_iter().any(|at| passage.tokens.get(at).is_some_and(|t| t.word == ";"))
        })
    }
}

/// Where frames begin that are more than a preposition.
fn starts(page: &Page<'_>, piece: &Piece) -> Vec<usize> {
    let frame = |f: &&Finding| {
        page.rule(f).is_some_and(|r| matches!(r.field.as_str(), "contributions" | "help") && r.says("needs").is_empty())
    };
    piece.scan.found.iter().filter(frame).map(|f| f.words.start).collect()
}

fn one_line(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The same thing said twice (in the subject and the text, or corrected) is one: the longer wording and the later
/// number stand.
fn merge(offers: Vec<Offer>) -> Vec<Offer> {
    let mut out: Vec<Offer> = Vec::new();
    for offer in offers {
        let words = |o: &Offer| {
            let folded = crate::text::fold(&o.contribution.what);
            folded.split(' ').map(|w| w.trim_end_matches(['s', 'x']).to_owned()).collect::<Vec<_>>()
        };
        let new = words(&offer);
        let same = out.iter_mut().find(|o| {
            let old = words(o);
            let (short, long) = if old.len() <= new.len() { (&old, &new) } else { (&new, &old) };
            o.contribution.kind == offer.contribution.kind
                && (o.piece, o.clause) != (offer.piece, offer.clause)
                && o.contribution.own == offer.contribution.own
                && short.iter().all(|w| long.contains(w))
        });
        match same {
            Some(old) => {
                let quantity = offer.contribution.quantity.or(old.contribution.quantity);
                if new.len() >= words(old).len() {
                    *old = offer;
                }
                old.contribution.quantity = quantity;
            }
            None => out.push(offer),
        }
    }
    out
}
