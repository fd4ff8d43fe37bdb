//! A passage: one piece of a sender's text, cut into words, annotated with numbers, dates, hours, names and events, and
//! cut into sentences and clauses. What templates are matched against.
//!
//! Promises: near linear in the text; annotations never overlap a number twice: a day, an hour, a telephone or an amount of
//! money is no count.

use std::ops::Range;

use super::pack::Pack;
use super::template::{Slot, Words};
use crate::text::{Folded, Mark, Token, clauses};

/// A run of words between the places where a thought ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Its words.
    pub words: Range<usize>,
    /// Which sentence it belongs to.
    pub sentence: usize,
    /// What joins it to the one before: "" (a comma or the start), or what `operators.toml` says ("contrast", "cause"…).
    pub link: String,
    /// Its sentence ends with a question mark.
    pub asked: bool,
    /// It begins a line.
    pub line: bool,
}

/// An annotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Its words.
    pub words: Range<usize>,
    /// What it is.
    pub slot: Slot,
    /// A number's value, or an event's place in the configuration.
    pub value: u32,
    /// The rule that found it ("" for numbers and names).
    pub rule: String,
}

/// One piece of text, annotated.
#[derive(Debug, Clone)]
pub struct Passage {
    /// The text.
    pub text: Folded,
    /// Its words.
    pub tokens: Vec<Token>,
    ids: Vec<u32>,
    /// Words that begin with a capital, and words that are all capitals.
    capital: Vec<bool>,
    /// Annotations, by place.
    pub notes: Vec<Note>,
    /// For each word, the notes that begin there, and whether it stands in a day, an hour or the like.
    begins: Vec<Vec<usize>>,
    taken: Vec<bool>,
    /// Figures that belong to the name before them.
    labels: Vec<bool>,
    /// Clauses in order.
    pub clauses: Vec<Clause>,
}

/// Words as the rules know them: one typed word may stand for several ("japporte", "ya"). A lone letter behind a number
/// is a unit ("500 g"), before a dot an initial, before a vowel one whose apostrophe is missing ("l entrée").
fn spelt_out(
    typed: Vec<Token>,
    clauses: &mut [crate::text::Clause],
    pack: &Pack,
    lower: &dyn Fn(&Token) -> bool,
) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(typed.len());
    let mut places = Vec::with_capacity(typed.len() + 1);
    for (i, token) in typed.iter().enumerate() {
        places.push(out.len());
        let number = |t: &Token| t.word.starts_with(|c: char| c.is_ascii_digit());
        let behind_number = i.checked_sub(1).and_then(|b| typed.get(b)).is_some_and(number);
        let initial = typed.get(i + 1).is_some_and(|t| t.word == "." && t.span.start == token.span.end);
        let letter = token.word.len() == 1 && (behind_number || initial);
        let vowel = |t: &&Token| lower(t) && t.word.starts_with(['a', 'e', 'i', 'o', 'u', 'y', 'h']);
        if !letter && pack.listed("elided", &token.word) && typed.get(i + 1).filter(vowel).is_some() {
            out.push(Token { span: token.span.clone(), word: format!("{}'", token.word) });
            continue;
        }
        match pack.spellings.get(&token.word).filter(|_| !letter) {
            Some(meant) => {
                out.extend(meant.split(' ').map(|w| Token { span: token.span.clone(), word: w.to_owned() }));
            }
            None => out.push(token.clone()),
        }
    }
    places.push(out.len());
    let place = |old: usize| places.get(old).copied().unwrap_or(old);
    for clause in clauses {
        (clause.first, clause.last) = (place(clause.first), place(clause.last));
    }
    out
}

impl Words for Passage {
    fn len(&self) -> usize {
        self.tokens.len()
    }
    fn id(&self, at: usize) -> u32 {
        self.ids.get(at).copied().unwrap_or(0)
    }
    fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |t| &t.word)
    }
    fn slot(&self, at: usize, slot: Slot) -> Option<usize> {
        if slot == Slot::Any {
            return (at < self.tokens.len()).then_some(at + 1);
        }
        if slot == Slot::Count {
            let note = self.at(at).find(|n| n.slot == Slot::Number)?;
            return (!self.taken(at)).then_some(note.words.end);
        }
        self.at(at).filter(|n| n.slot == slot).map(|n| n.words.end).max()
    }
}

impl Passage {
    /// Cuts and annotates a text. Events are added by [`Passage::note`].
    pub fn new(text: &str, pack: &Pack) -> Self {
        let text = Folded::new(text);
        let (tokens, mut cut) = clauses(&text, &|word| pack.listed("abbreviations", word));
        let lower = |t: &Token| text.words(t.span.clone()).chars().next().is_some_and(char::is_lowercase);
        let tokens = spelt_out(tokens, &mut cut, pack, &lower);
        let ids = tokens.iter().map(|t| pack.grammar.words.id(&t.word)).collect();
        let first_char = |t: &Token| text.words(t.span.clone()).chars().next();
        let capital = tokens.iter().map(|t| first_char(t).is_some_and(char::is_uppercase)).collect();
        let mut sentence = 0;
        let mut clauses = Vec::new();
        for (i, clause) in cut.iter().enumerate() {
            if i > 0 && clause.before != Mark::Comma {
                sentence += 1;
            }
            clauses.push(Clause {
                words: clause.first..clause.last,
                sentence,
                link: String::new(),
                asked: clause.asked,
                line: matches!(clause.before, Mark::Line | Mark::Start),
            });
        }
        let (begins, taken) = (vec![Vec::new(); tokens.len()], vec![false; tokens.len()]);
        let labels = taken.clone();
        let mut passage = Self { text, tokens, ids, capital, notes: Vec::new(), begins, taken, labels, clauses };
        passage.note_numbers(pack);
        super::scan::note_dates(&mut passage, pack);
        passage.note_names(pack);
        passage.note_labels();
        passage
    }

    /// Adds an annotation.
    pub fn note(&mut self, words: Range<usize>, slot: Slot, value: u32, rule: &str) {
        if let Some(begins) = self.begins.get_mut(words.start) {
            begins.push(self.notes.len());
        }
        if matches!(slot, Slot::Date | Slot::Hour) {
            self.taken.iter_mut().take(words.end).skip(words.start).for_each(|t| *t = true);
        }
        // "Les trois séances", "séance 2": no count of anything else.
        if slot == Slot::Event && words.len() > 1 {
            self.labels.iter_mut().take(words.end).skip(words.start).for_each(|l| *l = true);
        }
        self.notes.push(Note { words, slot, value, rule: rule.to_owned() });
    }

    /// The notes that begin at a word.
    fn at(&self, at: usize) -> impl Iterator<Item = &Note> {
        self.begins.get(at).into_iter().flatten().filter_map(|i| self.notes.get(*i))
    }

    /// A word that begins with a capital letter.
    pub fn capital(&self, at: usize) -> bool {
        self.capital.get(at).copied().unwrap_or(false)
    }

    /// Capitals tell nothing: most words have one, as where all is typed in capitals.
    pub fn shouts(&self) -> bool {
        let capitals = (0..self.len()).filter(|at| self.capital(*at)).count();
        capitals * 2 > self.len()
    }

    /// The number that begins at a word: its value and end.
    pub fn number(&self, at: usize) -> Option<(u32, usize)> {
        let note = self.at(at).find(|n| n.slot == Slot::Number)?;
        Some((note.value, note.words.end))
    }

    /// The count that begins at a word: a number that is no date, hour, telephone, amount or part of a name.
    pub fn count(&self, at: usize) -> Option<(u32, usize)> {
        let label = self.labels.get(at).copied().unwrap_or(false);
        if label || self.taken(at) { None } else { self.number(at) }
    }

    /// Inside a date, an hour or anything else that `dates.toml` recognises.
    pub fn taken(&self, at: usize) -> bool {
        self.taken.get(at).copied().unwrap_or(false)
    }

    /// The sender's own words of a range of words.
    pub fn words_of(&self, words: Range<usize>) -> &str {
        let start = self.tokens.get(words.start).map_or(0, |t| t.span.start);
        let end = words.end.checked_sub(1).and_then(|i| self.tokens.get(i)).map_or(start, |t| t.span.end);
        self.text.words(start..end.max(start))
    }

    /// The clause a word stands in.
    pub fn clause_at(&self, at: usize) -> Option<usize> {
        let index = self.clauses.partition_point(|c| c.words.end <= at);
        self.clauses.get(index).filter(|c| c.words.contains(&at)).map(|_| index)
    }

    /// All the words of a sentence.
    pub fn sentence(&self, sentence: usize) -> Range<usize> {
        // Clauses stand in the order of their sentences.
        let from = self.clauses.partition_point(|c| c.sentence < sentence);
        let to = self.clauses.partition_point(|c| c.sentence <= sentence);
        let start = self.clauses.get(from).filter(|_| to > from).map_or(0, |c| c.words.start);
        let end =
            to.checked_sub(1).filter(|_| to > from).and_then(|i| self.clauses.get(i)).map_or(start, |c| c.words.end);
        start..end
    }

    /// Digits and number words: "2", "deux", "vingt-deux", "une dizaine".
    fn note_numbers(&mut self, pack: &Pack) {
        let mut at = 0;
        while at < self.tokens.len() {
            let word = self.word(at);
            let mut end = at + 1;
            let mut value = match word.parse::<u32>() {
                Ok(v) if word.len() <= 6 => Some(v),
                Ok(_) => None,
                Err(_) => pack.value("numbers", word).and_then(|v| u32::try_from(v).ok()),
            };
            // "vingt-deux", "soixante et onze", "une dizaine": what follows adds, or replaces a leading "un".
            while let Some(v) = value.filter(|_| !word.starts_with(|c: char| c.is_ascii_digit())) {
                let skip = usize::from(v >= 20 && pack.listed("number-joints", self.word(end)));
                let next = pack.value("numbers", self.word(end + skip)).and_then(|v| u32::try_from(v).ok());
                match next {
                    Some(n) if v == 1 && n >= 8 && skip == 0 => value = Some(n),
                    Some(n) if (20..100).contains(&v) && n < 20 => value = Some(v + n),
                    // "quatre-vingt-deux", "deux cents"
                    Some(n) if (2..10).contains(&v) && skip == 0 && matches!(n, 20 | 100) => value = Some(v * n),
                    // "dix-huit"
                    Some(n) if v == 10 && (7..10).contains(&n) => value = Some(v + n),
                    _ => break,
                }
                end += 1 + skip;
            }
            if let Some(value) = value {
                self.note(at..end, Slot::Number, value, "");
                at = end;
            } else {
                at += 1;
            }
        }
    }

    /// "CGT 26", "la Cimade 07": figures right behind the name of something are part of it, and count nothing.
    fn note_labels(&mut self) {
        for at in 1..self.tokens.len() {
            let (word, before) = (self.word(at), self.word(at - 1));
            let figures = word.len() == 2 && word.bytes().all(|b| b.is_ascii_digit());
            if !figures || self.taken(at) || self.taken(at - 1) || self.clause_at(at) != self.clause_at(at - 1) {
                continue;
            }
            let initials = before.len() > 1 && self.words_of(at - 1..at).chars().all(char::is_uppercase);
            let inside =
                self.clause_at(at - 1).and_then(|c| self.clauses.get(c)).is_some_and(|c| c.words.start < at - 1);
            let named = self.capital(at - 1) && (initials || inside) && before.starts_with(char::is_alphabetic);
            if (named || word.starts_with('0'))
                && let Some(label) = self.labels.get_mut(at)
            {
                *label = true;
            }
        }
    }

    /// A capital inside a sentence on a word that the language's rules do not know; at the start of a sentence only
    /// when the word is in the list of first names.
    fn note_names(&mut self, pack: &Pack) {
        let shouting = self.capital.len() > 6 && self.text.original().chars().filter(|c| c.is_lowercase()).count() < 4;
        if shouting {
            return;
        }
        // Words that begin a line or a sentence have a capital whatever they are.
        let mut begins = vec![false; self.tokens.len()];
        for clause in &self.clauses {
            let later =
                !clause.line && clause.sentence > 0 && clause.words.start > self.sentence(clause.sentence).start;
            if let Some(begin) = begins.get_mut(clause.words.start).filter(|_| !later) {
                *begin = true;
            }
        }
        for at in 0..self.tokens.len() {
            let word = self.word(at);
            let known = pack.listed("first-names", word);
            let letters = word.starts_with(char::is_alphabetic);
            let inside = !begins.get(at).copied().unwrap_or(true);
            // "Rose-Marie", "Fleur-Anne": whatever the first half means by itself.
            let half = !known && pack.listed("first-names", self.word(at + 1)) && self.capital(at + 1);
            let half = half && self.words_of(at..at + 2).split_once('-').is_some_and(|(_, rest)| !rest.contains(' '));
            if letters && self.capital(at) && (known || half || (inside && self.id(at) == 0)) {
                self.note(at..at + 1, Slot::Name, 0, "");
            }
        }
    }
}
