//! A letter laid out for reading: each piece of text annotated, scanned, and each clause given the events it is about.
//!
//! Which event a clause is about is decided here, once, for every field.

use jiff::Timestamp;

use crate::config::Config;
use crate::letter::Letter;
use crate::rules::pack::{Pack, Rule};
use crate::rules::passage::Passage;
use crate::rules::scan::{Finding, Scan, scan};

use super::event::{self, Landmarks};
use super::quoted::{Asks, Quoted};

/// Where a piece of text stands in the letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The subject line.
    Subject,
    /// What the sender wrote.
    Body,
}

/// What a clause is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct About {
    /// Events, by place in the configuration; never empty once resolved, unless nothing was announced.
    pub events: Vec<usize>,
    /// The clause, or what it carries on, names an event; else it is the default one.
    pub named: bool,
    /// It names a day or an occasion that is no announced event's.
    pub elsewhere: bool,
    /// Its events are all that is on a day, or all the others: none of them is named by itself.
    pub wide: bool,
}

impl About {
    /// It is about another day or occasion, and no announced event is named beside it.
    pub fn another_matter(&self) -> bool {
        self.elsewhere && !self.named
    }
}

/// Bytes of a letter's text that are read for its meaning: some 2,500 words. An answer is at the beginning of anything
/// longer, or a person finds it; what combines clauses takes more than linear time.
const READ: usize = 16_000;
/// Bytes of quoted text right above an inline answer that tell what it answers.
const ABOVE: usize = 2_000;

fn start_of(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or(text)
}

fn end_of(text: &str, bytes: usize) -> &str {
    text.get(text.ceil_char_boundary(text.len().saturating_sub(bytes))..).unwrap_or(text)
}

/// One piece of text, read.
#[derive(Debug)]
pub struct Piece {
    /// Where it stands.
    pub place: Place,
    /// The text, annotated.
    pub passage: Passage,
    /// What fired in it.
    pub scan: Scan,
    /// For each clause, what it is about.
    pub about: Vec<About>,
    /// What the quoted text right above it asks; none where nothing is quoted (inline answers).
    pub quoted: Option<Quoted>,
}

/// A letter laid out for reading.
#[derive(Debug)]
pub struct Page<'a> {
    /// The letter.
    pub letter: &'a Letter,
    /// What was announced, and by whom.
    pub config: &'a Config,
    /// The language's rules.
    pub pack: &'a Pack,
    /// What a text may call the announced events.
    pub landmarks: Landmarks,
    /// Its pieces: the subject first, then the body in order.
    pub pieces: Vec<Piece>,
    /// The text was too long to be read whole.
    pub cut: bool,
}

impl<'a> Page<'a> {
    /// Lays out a letter in the language of the pack.
    pub fn new(letter: &'a Letter, config: &'a Config, pack: &'a Pack) -> Self {
        let landmarks = Landmarks::new(config, pack);
        let thread = event::in_subject(letter, pack, config, &landmarks);
        let ground = Ground { config, pack, landmarks: &landmarks, sent: letter.date, thread: &thread };
        let mut pieces = Vec::new();
        let subject = event::own_subject(letter);
        if !subject.is_empty() {
            pieces.push(piece(Place::Subject, subject, None, &ground));
        }
        let mut left = READ;
        let mut cut = false;
        let mut before: Option<Quoted> = None;
        for (above, text) in letter.pieces() {
            let read = start_of(text, left);
            cut |= read.len() < text.len();
            left -= read.len();
            let quoted = (!above.is_empty())
                .then(|| Quoted::new(end_of(above, ABOVE), pack, config, &landmarks, letter.date, before.as_ref()));
            before = quoted.clone().or(before);
            if !read.is_empty() {
                pieces.push(piece(Place::Body, read, quoted, &ground));
            }
        }
        Self { letter, config, pack, landmarks, pieces, cut }
    }

    /// The rule of a finding.
    pub fn rule(&self, finding: &Finding) -> Option<&'a Rule> {
        self.pack.rules.get(finding.rule)
    }

    /// Every finding of one field, with its piece, in order.
    pub fn findings(&self, field: &'static str) -> impl Iterator<Item = (&Piece, &Finding, &'a Rule)> {
        self.pieces.iter().flat_map(move |piece| {
            piece.scan.found.iter().filter_map(move |f| {
                let rule = self.rule(f).filter(|r| r.field == field)?;
                Some((piece, f, rule))
            })
        })
    }
}

/// What every piece of a letter is read by.
struct Ground<'a> {
    config: &'a Config,
    pack: &'a Pack,
    landmarks: &'a Landmarks,
    /// When the letter was sent.
    sent: Option<Timestamp>,
    /// The events that its subject names.
    thread: &'a [usize],
}

fn piece(place: Place, text: &str, quoted: Option<Quoted>, ground: &Ground<'_>) -> Piece {
    let Ground { config, pack, landmarks, sent, thread } = *ground;
    let mut passage = Passage::new(text, pack);
    event::note_events(&mut passage, pack, config, landmarks, sent);
    let mut scan = scan(&mut passage, pack);
    let under = |f: &Finding| pack.rules.get(f.rule).is_some_and(|r| r.field == "under");
    // What means something only below a quoted line about the meal.
    if quoted.as_ref().is_none_or(|q| q.asks != Asks::Meal) {
        scan.found.retain(|f| !under(f));
    }
    let asked = quoted.as_ref().map_or(&[][..], |q| &q.events);
    let about = event::resolve(&passage, &scan, &event::Ground { pack, config, asked, thread });
    Piece { place, passage, scan, about, quoted }
}

impl Piece {
    /// The events a finding is about.
    pub fn about(&self, finding: &Finding) -> About {
        self.about.get(finding.clause).cloned().unwrap_or_default()
    }

    /// The sender's own words of a finding.
    pub fn words(&self, finding: &Finding) -> &str {
        self.passage.words_of(finding.words.clone())
    }

    /// It answers a quoted line about the meal: a lone "oui" or "non" is about that.
    pub fn under_the_meal(&self) -> bool {
        self.quoted.as_ref().is_some_and(|q| q.asks == Asks::Meal)
    }

    /// The sentence a finding stands in.
    pub fn sentence(&self, finding: &Finding) -> usize {
        self.passage.clauses.get(finding.clause).map_or(0, |c| c.sentence)
    }

    /// Its sentence ends with a question mark.
    pub fn asked(&self, finding: &Finding) -> bool {
        self.passage.clauses.get(finding.clause).is_some_and(|c| c.asked)
    }
}
