//! How surely words name an announced event.
//!
//! "le 3 mars", "mardi 27", a proper name people call it by: enough alone. A bare weekday, a lone number, a town, a common
//! word ("ateliers"), one word of a title: anybody's letter has these, so that two different ones are needed.
//! Never knows a name itself: everything comes from the configuration.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::config::Config;
use crate::rules::passage::{Note, Passage};
use crate::rules::template::Slot;
use crate::text::fold;
use crate::understand::event;

/// Enough to name an event.
pub(super) const SURE: u32 = 2;
/// Names one, perhaps.
const PERHAPS: u32 = 1;

/// How surely a range of words names an event, words within `but` left out: the sum over different names.
pub(super) fn surely(passage: &Passage, words: Range<usize>, but: &[Range<usize>], config: &Config) -> u32 {
    points(passage, words, but, config, false)
}

/// The same in a letter that answers some mail of ours: there a word that an event is called by is enough ("la galette"),
/// or the number of its day ("le 21"), and two announced weekdays are two names.
pub(super) fn answering(passage: &Passage, words: Range<usize>, but: &[Range<usize>], config: &Config) -> u32 {
    points(passage, words, but, config, true)
}

fn points(passage: &Passage, words: Range<usize>, but: &[Range<usize>], config: &Config, ours: bool) -> u32 {
    let inside = |n: &&Note| words.contains(&n.words.start) && !but.iter().any(|t| t.contains(&n.words.start));
    let mut names: BTreeMap<String, u32> = BTreeMap::new();
    for note in passage.notes.iter().filter(inside) {
        if let Some(weight) = weight(passage, note, config, ours) {
            // "du mardi au samedi" is two days and no name: vague days count once.
            let vague =
                weight == PERHAPS && passage.notes.iter().any(|d| d.slot == Slot::Date && d.words == note.words);
            let kin = note.rule == event::KIN;
            let said = match (vague, kin) {
                (true, _) if ours => format!("day {}", note.value),
                (true, _) => String::new(),
                // "balade", "rando": two words for one thing are one name.
                (_, true) => format!("= {}", note.value),
                _ => fold(passage.words_of(note.words.clone())),
            };
            let before = names.entry(said).or_default();
            *before = weight.max(*before);
        }
    }
    names.values().sum()
}

fn weight(passage: &Passage, note: &Note, config: &Config, ours: bool) -> Option<u32> {
    if note.rule == "label" {
        return config.events.iter().any(|e| !e.workshops.is_empty()).then_some(PERHAPS);
    }
    if note.slot != Slot::Event || note.rule == event::WHOLE {
        return None;
    }
    // "Aux trois rendez-vous."
    if ours && (note.value == event::ALL || note.rule == event::TRANSLATED) {
        return Some(SURE);
    }
    let label = |n: &Note| n.rule == "label" && n.words.contains(&note.words.start);
    if note.rule == event::KIN && passage.notes.iter().any(label) {
        return None;
    }
    let day = passage.notes.iter().find(|d| d.slot == Slot::Date && d.words == note.words);
    if let Some(day) = day {
        let whole = ["day-month", "figures", "weekday-number"].contains(&day.rule.as_str());
        // "Je viens le 21", in answer to us.
        let whole = whole || ours && day.rule.starts_with("the-number");
        return Some(if whole { SURE } else { PERHAPS });
    }
    let said = fold(passage.words_of(note.words.clone()));
    let called = config.events.iter().flat_map(|e| &e.words).find(|w| fold(w) == said);
    let proper = called.is_some_and(|w| ours || w.chars().any(char::is_uppercase) || w.contains(' '));
    // An event for which no words are configured is called by its title.
    let titled = || ours && config.events.iter().any(|e| e.words.is_empty() && fold(&e.title).contains(&said));
    Some(if proper || titled() { SURE } else { PERHAPS })
}
