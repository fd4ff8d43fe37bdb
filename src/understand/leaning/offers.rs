//! Do the words around a thing lean to its being brought, lent or made for the others?

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Leaning, names, runs};
use crate::reading::Sort;
use crate::rules::passage::Passage;
use crate::rules::template::{Slot, Words};
use crate::understand::language;
use crate::understand::page::{Page, Piece};

/// What weights are asked.
pub const QUESTION: &str = "offers";

/// The sides of the question.
pub const SIDES: [&str; 2] = ["offered", "not"];

/// Words of its sentence before a thing, and behind it, that tell of it.
const BEFORE: usize = 14;
const BEHIND: usize = 7;
/// Words next to it, in a run.
const RUN: usize = 4;
/// Letters of a word that tells nothing by itself.
const LITTLE: usize = 2;

/// A thing that a piece of the text names, offered or not.
#[derive(Debug, Clone)]
pub struct Thing {
    /// Its words, determiner included.
    pub words: Range<usize>,
    /// Its name.
    pub name: Range<usize>,
    /// What it is.
    pub sort: Sort,
    /// What stands before its name: nothing, a number, a part, the, my.
    pub determined: &'static str,
    /// It names a course or a sort ("un dessert").
    pub vague: bool,
}

/// The words next to a thing and around it, and what it is.
pub fn features(page: &Page<'_>, piece: &Piece, things: &[Thing], thing: &Thing) -> BTreeSet<String> {
    let passage = &piece.passage;
    let clause = passage.clause_at(thing.words.start).and_then(|c| passage.clauses.get(c));
    let sentence = clause.map_or(0..passage.len(), |c| passage.sentence(c.sentence));
    let sort = match thing.sort {
        Sort::Food => "food",
        Sort::Drink => "drink",
        Sort::Tableware => "tableware",
        Sort::Equipment => "equipment",
        Sort::Help => "help",
    };
    let from = thing.words.start.saturating_sub(BEFORE).max(sentence.start);
    let to = (thing.words.end + BEHIND).min(sentence.end);
    let before = told(page, passage, things, thing, from..thing.words.start);
    let behind = told(page, passage, things, thing, thing.words.end..to);
    let determiner = told(page, passage, things, thing, thing.words.start..thing.name.start);
    let (det, kind) = (format!("<{}>", thing.determined), format!("<{sort}>"));
    let led: Vec<&str> = before.iter().copied().chain([det.as_str(), kind.as_str()]).collect();
    let mut features: BTreeSet<String> = runs("<", &before, 2).chain(behind.iter().map(|w| format!(">{w}"))).collect();
    for run in 1..=RUN.min(led.len()) {
        features.insert(format!("<<{}", led.get(led.len() - run..).unwrap_or_default().join(" ")));
    }
    for run in 1..=(RUN - 1).min(behind.len()) {
        features.insert(format!(">>{}", behind.get(..run).unwrap_or_default().join(" ")));
    }
    let head = thing.name.clone().map(|at| passage.word(at)).find(|w| w.chars().count() > LITTLE).unwrap_or_default();
    features.insert(format!("=is {}", page.pack.singular(head)));
    features.insert(format!("=by {}", determiner.join(" ")));
    features.insert(format!("=sort {sort} {}{}", thing.determined, if thing.vague { " vague" } else { "" }));
    features.insert(format!("=link {}", clause.map_or("", |c| c.link.as_str())));
    let (asked, first) = (clause.is_some_and(|c| c.asked), clause.is_some_and(|c| c.sentence == 0));
    features.insert(format!("=asked {asked}"));
    features.insert(format!("=first {first}"));
    features
}

/// Words as they are told of a thing: other things, days, events and names are all alike.
fn told<'p>(
    page: &Page<'_>,
    passage: &'p Passage,
    things: &[Thing],
    thing: &Thing,
    words: Range<usize>,
) -> Vec<&'p str> {
    let names = names(page, passage);
    let noted =
        |at: usize| passage.notes.iter().any(|n| matches!(n.slot, Slot::Date | Slot::Event) && n.words.contains(&at));
    let mut told: Vec<&str> = Vec::new();
    for at in words {
        let word = passage.word(at);
        let other = things.iter().any(|t| t.name.contains(&at) && t.name != thing.name);
        let word = match word {
            _ if other => "<thing>",
            _ if noted(at) => "<event>",
            _ if word.starts_with(|c: char| c.is_ascii_digit()) => "<n>",
            _ if names(at) => "<name>",
            _ => word,
        };
        if !(word.starts_with('<') && told.last() == Some(&word)) {
            told.push(word);
        }
    }
    told
}

/// What the words around a thing lean to; `None` in a language without weights or that is not read.
pub fn leaning<'p>(page: &Page<'p>, piece: &Piece, things: &[Thing], thing: &Thing) -> Option<Leaning<'p>> {
    let read = !language::unknown(page);
    read.then(|| Leaning::of(page, QUESTION, || features(page, piece, things, thing)))?
}

impl Leaning<'_> {
    /// How likely the thing is offered, of 1.
    pub fn offered(&self) -> f32 {
        self.share("offered")
    }
}
