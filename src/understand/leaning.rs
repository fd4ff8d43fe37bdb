//! A second reader, who knows no sentence: what the words of a letter lean to about one event (`rules/LANG/leaning-*.tsv`).
//!
//! Promises: it weighs all the words of the letter, and apart those of the clauses about that event; every association's own
//! words (names, days, events, themes) are all alike to it. [`attendance`] asks whether somebody comes, [`heads`] how many do,
//! [`stays`] for what part of it and whether to the meal, [`offers`] whether a thing that is named is brought.
//! Never knows what a word means, and speaks only of an event that a clause is about.

use std::collections::BTreeSet;

use super::event::mentions;
use super::language;
use super::page::{About, Page, Piece, Place};
use crate::rules::leaning::Leanings;
use crate::rules::passage::{Clause, Passage};
use crate::rules::template::{Slot, Words};

pub mod attendance;
pub mod heads;
pub mod offers;
pub mod stays;

/// Fewer words and signs than this say too little: "Le 14, belle lumière.", "3".
const MANY: usize = 9;
/// Words that are told to whoever asks why.
const TOLD: usize = 4;
/// So many events are all alike.
const SEVERAL: usize = 3;

/// What a letter leans to about one event.
#[derive(Debug, Clone)]
pub struct Leaning<'p> {
    leanings: &'p Leanings,
    /// How much to each side, of 1.
    shares: Vec<f32>,
    features: BTreeSet<String>,
    /// How many words and signs the text has.
    pub of: usize,
}

impl<'p> Leaning<'p> {
    /// Weighs the features of a letter; `None` in a language without weights.
    fn of(page: &Page<'p>, question: &str, features: impl FnOnce() -> BTreeSet<String>) -> Option<Self> {
        let leanings = page.pack.leanings.get(question)?;
        let features = features();
        let of = page.pieces.iter().filter(|p| p.place == Place::Body).map(|p| p.passage.len()).sum();
        Some(Self { leanings, shares: leanings.shares(&features), features, of })
    }

    /// How much it leans to a side, of 1.
    fn share(&self, side: &str) -> f32 {
        self.leanings.sides().iter().position(|s| s == side).and_then(|at| self.shares.get(at)).copied().unwrap_or(0.0)
    }

    /// The words are too few to tell against a rule.
    pub fn slight(&self) -> bool {
        self.of < MANY
    }

    /// The words that speak most for a side, for evidence.
    pub fn words(&self, side: &str) -> String {
        let at = self.leanings.sides().iter().position(|s| s == side);
        let told = at.map(|at| self.leanings.tell(&self.features, at, usize::MAX)).unwrap_or_default();
        told.into_iter().filter(|f| !f.starts_with('=')).take(TOLD).collect::<Vec<_>>().join(", ")
    }
}

/// What each side comes to beside what the rules read, of 1: `words` is what words lean to, `reads` how often rules read so
/// where that side is so. Powers below 1 count a witness for less than it says: where both err on the same replies, neither
/// is the other's witness.
fn together(words: impl Iterator<Item = f32>, reads: impl Iterator<Item = f32>, powers: (f32, f32)) -> Vec<f32> {
    let worth = |(words, rules): (f32, f32)| words.powf(powers.0) * rules.powf(powers.1);
    let shares: Vec<f32> = words.zip(reads).map(worth).collect();
    let whole = shares.iter().sum::<f32>().max(f32::MIN_POSITIVE);
    shares.into_iter().map(|s| s / whole).collect()
}

/// The place of the greatest.
fn most(shares: &[f32]) -> usize {
    shares.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map_or(0, |(at, _)| at)
}

/// A clause of the text is about the event, in a language that is read; an event that none names is meant only where no
/// other day is named.
fn spoken(page: &Page<'_>, event: usize) -> bool {
    let about = || page.pieces.iter().filter(|p| p.place == Place::Body).flat_map(|p| &p.about);
    // "J'y serai dimanche", a day that is not ours: what is about no event says nothing of the default one.
    let ours = !about().any(About::another_matter);
    let spoken = about().any(|a| a.events.contains(&event) && (a.named || ours));
    spoken && !language::unknown(page)
}

/// A word as the second reader knows it.
enum Told<'p> {
    /// Itself.
    Word(&'p str),
    /// A word for a person or several: "ma femme", "deux collègues".
    Person(&'p str, &'static str),
    /// A name, a theme.
    Mask(&'static str),
    /// A number, in digits.
    Number(Option<u32>),
    /// A day or the name of an event, and the announced events that it is of.
    Event(&'static str, Vec<usize>),
}

/// How an account is told.
#[derive(Clone, Copy)]
struct Telling {
    /// What it knows of a number.
    number: fn(Option<u32>) -> &'static str,
    /// Words for persons are all alike.
    persons: bool,
}

/// A letter as it is told of one event.
struct Account<'p> {
    /// The words of every clause, and whether it is about that event.
    clauses: Vec<(Vec<&'p str>, bool)>,
    /// The event is named.
    this: bool,
    /// Another one is.
    others: bool,
}

impl<'p> Account<'p> {
    fn of(page: &'p Page<'_>, event: usize, telling: Telling) -> Self {
        let mut account = Self { clauses: Vec::new(), this: false, others: false };
        for piece in &page.pieces {
            let told = told(page, piece);
            for (c, clause) in piece.passage.clauses.iter().enumerate() {
                let about = piece.about.get(c);
                let mine = about.is_some_and(|a| a.events.contains(&event));
                let named = about.is_some_and(|a| a.named);
                account.this |= named && mine;
                account.others |= named && !mine;
                account.clauses.push((said(&told, clause, event, telling), mine));
            }
        }
        account
    }

    /// Whether it is the event that is asked about, and which events are named.
    fn frame(&self, page: &Page<'_>, event: usize) -> [String; 2] {
        let asked = if page.config.asked() == Some(event) { "asked" } else { "another" };
        let of = page.config.events.len().min(SEVERAL);
        [format!("={asked} of {of}"), format!("=named {} {}", self.this, self.others)]
    }
}

/// Runs of so many words, with a sign before them.
fn runs<'w>(sign: &'w str, words: &'w [&'w str], most: usize) -> impl Iterator<Item = String> + 'w {
    (1..=most).flat_map(move |n| words.windows(n).map(move |run| format!("{sign}{}", run.join(" "))))
}

/// Whether a word is a name: one that many bear, or one with a capital that opens no clause.
fn names<'p>(page: &'p Page<'_>, passage: &'p Passage) -> impl Fn(usize) -> bool + 'p {
    let shouts = passage.shouts();
    let opens: BTreeSet<usize> = passage.clauses.iter().map(|c| c.words.start).collect();
    move |at| {
        page.pack.listed("first-names", passage.word(at)) || passage.capital(at) && !shouts && !opens.contains(&at)
    }
}

/// Whether a word is for one person or for several.
fn person(page: &Page<'_>, passage: &Passage, at: usize) -> Option<&'static str> {
    let hit = page.pack.lexicon.longest(passage, at, at + 1, |list| matches!(list, "kin" | "humans"))?;
    let several = !hit.exact && page.pack.ends_like("plural-endings", passage.word(at));
    Some(if several { "<persons>" } else { "<person>" })
}

/// The words of a piece, what is of its own masked.
fn told<'p>(page: &'p Page<'_>, piece: &'p Piece) -> Vec<Option<Told<'p>>> {
    let passage = &piece.passage;
    let names = names(page, passage);
    let noted = |at: usize, slot: Slot| passage.notes.iter().rfind(|n| n.slot == slot && n.words.contains(&at));
    (0..passage.len())
        .map(|at| {
            // An event's words are often a day's as well: the event is told.
            let note = noted(at, Slot::Event).map(|n| ("<event>", n));
            if let Some((mask, note)) = note.or_else(|| noted(at, Slot::Date).map(|n| ("<date>", n))) {
                return Some(Told::Event(mask, mentions(passage, note.words.clone(), page.config)));
            }
            let word = passage.word(at);
            Some(match word {
                _ if page.landmarks.in_a_workshop(word) => Told::Mask("<theme>"),
                _ if word.starts_with(|c: char| c.is_ascii_digit()) => Told::Number(word.parse().ok()),
                _ if !word.starts_with(char::is_alphanumeric) && !matches!(word, "?" | "!") => return None,
                _ if names(at) => Told::Mask("<name>"),
                _ => match person(page, passage, at) {
                    Some(mask) => Told::Person(word, mask),
                    None => Told::Word(word),
                },
            })
        })
        .collect()
}

/// The words of a clause as they are told of one event: "la rencontre du 3 mars" is one word.
fn said<'p>(told: &[Option<Told<'p>>], clause: &Clause, event: usize, telling: Telling) -> Vec<&'p str> {
    let mut said: Vec<&str> = Vec::new();
    for told in told.get(clause.words.clone()).into_iter().flatten().flatten() {
        let word = match told {
            Told::Person(_, mask) if telling.persons => mask,
            Told::Word(word) | Told::Person(word, _) => *word,
            Told::Mask(mask) => mask,
            Told::Number(value) => (telling.number)(*value),
            Told::Event(mask, events) => match events.as_slice() {
                [] => mask,
                [one] if *one == event => "<this>",
                several if several.contains(&event) => "<all>",
                _ => "<other>",
            },
        };
        let again = word.starts_with('<') && said.last() == Some(&word);
        if !again {
            said.push(word);
        }
    }
    said
}
