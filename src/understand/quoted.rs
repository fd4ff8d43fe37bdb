//! What the quoted lines right above an inline answer ask: of which events, and whether of coming, of a theme, of the meal.
//!
//! Promises: of several lines the last one that tells decides; a line about the meal or the workshops that names no event is of
//! the one quoted before it.
//! Never reads a word of the sender's own.

use jiff::Timestamp;

use crate::config::Config;
use crate::event::SharedMeal;
use crate::rules::pack::Pack;
use crate::rules::passage::Passage;
use crate::rules::scan::scan;
use crate::rules::template::Slot;
use crate::text::fold;

use super::event::{ALL, KIN, Landmarks, note_events};

/// Lines right above an answer that tell what it answers.
const NEAR: usize = 4;
/// Lines of a passage that an answer was put into; below a longer one stands the answer to all of it.
const PASSAGE: usize = 12;
/// Letters of a workshop's title by which its line is known: the rest may be wrapped.
const HEAD: usize = 18;

/// What the last quoted line that tells anything is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Asks {
    /// Whether they come, and how many.
    #[default]
    Coming,
    /// This one workshop, by event and number: the last of those that are listed.
    Workshop(usize, u32),
    /// The meal, or what everyone brings to it.
    Meal,
}

/// The quoted lines right above an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Quoted {
    /// The events they are about; empty when nothing tells.
    pub events: Vec<usize>,
    /// What they ask.
    pub asks: Asks,
    /// Workshops that they list, by event and number.
    pub listed: Vec<(usize, u32)>,
    /// They speak of workshops.
    pub workshops: bool,
    /// They ask what everyone brings.
    pub food: bool,
}

/// A line, and what it speaks of.
#[derive(Default)]
struct Line {
    /// The events that it calls by name or by day; else by a word for such things.
    named: Vec<usize>,
    kin: Vec<usize>,
    workshop: Option<(usize, u32)>,
    meal: bool,
}

impl Quoted {
    /// Reads the lines above an answer; `before` is what the quoted lines further up were about.
    pub fn new(
        text: &str,
        pack: &Pack,
        config: &Config,
        landmarks: &Landmarks,
        sent: Option<Timestamp>,
        before: Option<&Quoted>,
    ) -> Self {
        let lines: Vec<&str> = text.lines().filter(|l| l.chars().any(char::is_alphanumeric)).collect();
        let tail = lines.get(lines.len().saturating_sub(NEAR)..).unwrap_or_default();
        let answered_within = lines.len() <= PASSAGE;
        let told = tell(tail, pack, config, landmarks, sent);
        let mut asked = Self {
            events: last_named(&told),
            asks: Asks::Coming,
            listed: lines.iter().filter_map(|l| workshop(&fold(l), config)).collect(),
            workshops: tail.iter().rev().take(2).any(|l| holds(pack, "workshop-words", &fold(l))),
            food: holds(pack, "above-meal", &fold(&tail.join("\n"))),
        };
        // "Merci de nous dire si vous venez" asks of every event.
        let of_one = asked.food || asked.workshops || told.iter().any(|l| l.meal);
        if asked.events.is_empty()
            && let Some(before) = before.filter(|_| answered_within && of_one)
        {
            asked.events.clone_from(&before.events);
        }
        if asked.events.is_empty() && !asked.listed.is_empty() {
            asked.events = asked.listed.last().map(|(event, _)| *event).into_iter().collect();
        }
        asked.asks = asked.topic(&told, config);
        asked
    }

    /// The last line that tells anything.
    fn topic(&self, told: &[Line], config: &Config) -> Asks {
        let beside = |e: &usize| config.events.get(*e).is_some_and(|e| e.meal == SharedMeal::Beside);
        for line in told.iter().rev() {
            if let Some((event, number)) = line.workshop {
                return Asks::Workshop(event, number);
            }
            if line.meal && (self.events.is_empty() || self.events.iter().any(beside)) {
                return Asks::Meal;
            }
            if !line.named.is_empty() || line.meal {
                return Asks::Coming;
            }
        }
        Asks::Coming
    }
}

/// The events of the last line that names any; by a word for such things, where no line says more.
fn last_named(told: &[Line]) -> Vec<usize> {
    let last = |events: fn(&Line) -> &Vec<usize>| told.iter().rev().map(events).find(|e| !e.is_empty()).cloned();
    last(|l| &l.named).or_else(|| last(|l| &l.kin)).unwrap_or_default()
}

/// A folded text holds a word of a list, within another word as well.
fn holds(pack: &Pack, list: &str, text: &str) -> bool {
    pack.lists.get(list).is_some_and(|words| words.iter().any(|w| text.contains(w.as_str())))
}

/// The workshop that a line announces.
fn workshop(line: &str, config: &Config) -> Option<(usize, u32)> {
    config.events.iter().enumerate().find_map(|(event, announced)| {
        let here = announced.workshops.iter().find(|w| {
            let head: String = fold(&w.title).chars().take(HEAD).collect();
            line.contains(&head)
        });
        here.map(|w| (event, w.number))
    })
}

/// What each line tells. They are read as one text: names and days are broken over two of them.
fn tell(lines: &[&str], pack: &Pack, config: &Config, landmarks: &Landmarks, sent: Option<Timestamp>) -> Vec<Line> {
    let text = lines.join("\n");
    let mut passage = Passage::new(&text, pack);
    note_events(&mut passage, pack, config, landmarks, sent);
    let mut told: Vec<Line> =
        lines.iter().map(|line| Line { workshop: workshop(&fold(line), config), ..Line::default() }).collect();
    // What is broken over two lines is told by the second.
    let line_of = |passage: &Passage, end: usize| passage.words_of(0..end).matches('\n').count();
    for note in passage.notes.iter().filter(|n| n.slot == Slot::Event) {
        let Some(line) = told.get_mut(line_of(&passage, note.words.end)) else { continue };
        let events = if note.rule == KIN { &mut line.kin } else { &mut line.named };
        if note.value == ALL {
            events.extend(0..config.events.len());
        } else {
            events.push(note.value as usize);
        }
    }
    for finding in scan(&mut passage, pack).found {
        if pack.rules.get(finding.rule).is_some_and(|r| r.field == "meal")
            && let Some(line) = told.get_mut(line_of(&passage, finding.words.end))
        {
            line.meal = true;
        }
    }
    for (line, told) in lines.iter().zip(&mut told) {
        told.meal |= holds(pack, "above-meal", &fold(line));
        for events in [&mut told.named, &mut told.kin] {
            events.sort_unstable();
            events.dedup();
        }
    }
    told
}
