//! A second reader, who knows no sentence: what the words of a whole letter lean to (`rules/LANG/leaning.tsv`).
//!
//! It only speaks where a person reads: it tells which side of a contradiction is likelier, takes what no rule explains for a
//! doubtful refusal, and of a letter that answers one event at most, and that somebody will read, tells the side it leans to
//! plainly, whatever the rules made of it. Where it is all but sure that they misread, it asks for that person. Never has
//! anything acted on, and never takes a doubt away.

use std::collections::BTreeSet;

use super::page::{Page, Piece};
use crate::reading::{Answer, Attendance};
use crate::rules::leaning::{LEANS, Lean};
use crate::rules::template::{Slot, Words};

/// Share above which it is all but sure.
const SURE: f32 = 0.9;
/// Share above which it is more likely than all else together, and above which a letter that no rule explains refuses.
const LIKELY: f32 = 0.5;
const PLAIN: f32 = 0.7;
/// Above which it is so likely that a yes or a no of the rules is no better.
const FIRM: f32 = 0.8;
/// Fewer words than this say too little for that: "Le 14, belle lumière".
const MANY: usize = 8;
/// Words that are told to whoever asks why.
const TOLD: usize = 4;

/// What a letter leans to.
#[derive(Debug, Clone)]
pub struct Leaning {
    /// Which of the four.
    pub to: Lean,
    /// How much, of 1.
    pub share: f32,
    /// The words that speak most for it.
    pub words: String,
    /// How many words the letter has, greeting and name included.
    pub of: usize,
}

/// The words of a letter, and each two that follow each other, as the weights know them: numbers are all alike, and so are
/// days, events, workshops and names, which every association has of its own.
pub fn words(page: &Page<'_>) -> BTreeSet<String> {
    held(&page.pieces.iter().map(|p| told(page, p)).collect::<Vec<_>>())
}

fn held(pieces: &[Vec<String>]) -> BTreeSet<String> {
    let mut held = BTreeSet::new();
    for words in pieces {
        held.extend(words.windows(2).map(|two| two.join(" ")));
        held.extend(words.iter().cloned());
    }
    held
}

/// The words of a piece, what is of its own masked.
fn told(page: &Page<'_>, piece: &Piece) -> Vec<String> {
    let (passage, pack) = (&piece.passage, page.pack);
    let shouts = passage.shouts();
    let mut masks: Vec<Option<&str>> = vec![None; passage.len()];
    // An event's words are often a day's as well: the event is told.
    for (slot, mask) in [(Slot::Date, "<date>"), (Slot::Event, "<event>")] {
        for note in passage.notes.iter().filter(|n| n.slot == slot) {
            masks.iter_mut().take(note.words.end).skip(note.words.start).for_each(|m| *m = Some(mask));
        }
    }
    let opens: BTreeSet<usize> = passage.clauses.iter().map(|c| c.words.start).collect();
    let mut out: Vec<String> = Vec::new();
    for (at, masked) in masks.into_iter().enumerate() {
        let word = passage.word(at);
        let name = || pack.listed("first-names", word) || passage.capital(at) && !shouts && !opens.contains(&at);
        let told = match masked {
            Some(mask) => mask,
            None if page.landmarks.in_a_workshop(word) => "<theme>",
            None if word.starts_with(|c: char| c.is_ascii_digit()) => "#",
            None if !word.starts_with(char::is_alphanumeric) && !matches!(word, "?" | "!") => continue,
            None if name() => "<name>",
            None => word,
        };
        // "La rencontre du 3 mars": one mask for all its words.
        if masked.is_none() || out.last().is_none_or(|last| last != told) {
            out.push(told.to_owned());
        }
    }
    out
}

/// What the letter leans to; `None` in a language without weights.
pub fn leaning(page: &Page<'_>) -> Option<Leaning> {
    let pieces: Vec<Vec<String>> = page.pieces.iter().map(|p| told(page, p)).collect();
    let words = held(&pieces);
    let shares = page.pack.leanings.shares(&words)?;
    let (to, share) = LEANS.into_iter().zip(shares).max_by(|a, b| a.1.total_cmp(&b.1))?;
    let words = page.pack.leanings.tell(&words, to, TOLD).join(", ");
    let of = pieces.iter().map(Vec::len).sum();
    Some(Leaning { to, share, words, of })
}

impl Leaning {
    /// For evidence.
    pub fn rule(&self) -> &'static str {
        match self.to {
            Lean::Yes => "leaning/yes",
            Lean::No => "leaning/no",
            Lean::Maybe => "leaning/maybe",
            Lean::Nothing => "leaning/nothing",
        }
    }

    /// Which side of a contradiction it takes.
    pub fn settles(&self) -> Option<Attendance> {
        match self.to {
            Lean::Yes if self.share > LIKELY => Some(Attendance::Yes),
            Lean::No if self.share > LIKELY => Some(Attendance::No),
            _ => None,
        }
    }

    /// A letter that no rule explains refuses.
    pub fn refuses(&self) -> bool {
        self.to == Lean::No && self.share > PLAIN && self.of >= MANY
    }

    /// Of a letter that a person reads anyway: it answers none or doubts, and the words lean plainly to a yes; or it answers
    /// one event, and they lean so far to the other side that the rules are no better.
    pub fn overrules(&self, answers: &[Answer]) -> bool {
        let above = match (self.to, answers) {
            (Lean::Yes, []) => PLAIN,
            (Lean::Yes, [one]) if one.attendance == Attendance::Maybe => PLAIN,
            (Lean::Yes, [one]) if one.attendance == Attendance::No => FIRM,
            (Lean::No, [one]) if one.attendance == Attendance::Yes => FIRM,
            _ => return false,
        };
        self.share > above && self.of >= MANY
    }

    /// It is all but sure of something else than these answers.
    pub fn contradicts(&self, answers: &[Answer]) -> bool {
        let says = |what: Attendance| answers.iter().any(|a| a.attendance == what);
        let agrees = match self.to {
            Lean::Yes => says(Attendance::Yes),
            Lean::No => !says(Attendance::Yes) && !says(Attendance::Maybe),
            Lean::Maybe => !says(Attendance::Yes) && says(Attendance::Maybe),
            Lean::Nothing => false,
        };
        !answers.is_empty() && !agrees && self.share > SURE
    }
}
