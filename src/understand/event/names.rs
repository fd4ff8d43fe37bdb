//! What a text may call the announced events, beside their days: by title, place, speaker, and by the words for such things.
//!
//! Promises: a name that two events share names none. Names nothing that the configuration does not say; which words are
//! of one kind ("rando", "balade", "marcher") is data (`rules/LANG/events.toml`).

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::config::Config;
use crate::rules::pack::Pack;
use crate::rules::passage::Passage;
use crate::rules::template::Words;
use crate::text::{fold, tokens};

/// Letters of a word that tells nothing by itself.
const LITTLE: usize = 3;

/// How a name must stand to name its event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Anywhere: what people call it, a telling word of its title.
    Called,
    /// A town, a hall: after "à" ("à Valence"), not inside a name ("Cimade Valence"), or alone before a "oui" or "non".
    Place,
    /// What it is about: after "sur" ("sur le logement").
    Topic,
    /// A word of a workshop's name: where people say what they choose ("au pressage").
    Workshop,
    /// Another word of its title: behind a word for an event ("la réunion des familles").
    Part,
}

#[derive(Debug)]
struct Name {
    words: Vec<String>,
    kind: Kind,
    events: Vec<usize>,
}

/// An event is of a kind of thing.
#[derive(Debug)]
struct OfKind {
    /// The list of words for such things.
    list: String,
    kind: Kind,
    event: usize,
    /// No other of several events is: a word of the list names it.
    alone: bool,
}

/// What a text may call the announced events.
#[derive(Debug)]
pub struct Landmarks {
    names: Vec<Name>,
    /// What kinds of thing the events are.
    kinds: Vec<OfKind>,
    /// Turns of phrase that hold such a word and mean no event.
    turns: Vec<Vec<String>>,
    /// The words of the workshops' names that people do not write of anything else: not "pour", "faire", "ensemble".
    themes: Vec<String>,
    /// The days of the events.
    pub(super) days: Vec<(Date, usize)>,
}

/// A name found in a text.
pub(super) struct Named<'a> {
    /// Where it ends.
    pub end: usize,
    /// The events it means.
    pub events: &'a [usize],
    /// A word of the same kind as the event, and not what it is called.
    pub kin: bool,
}

impl Landmarks {
    /// Gathers names and days from the configuration.
    pub fn new(config: &Config, pack: &Pack) -> Self {
        let turns = pack.lists.get("not-the-event").into_iter().flatten().map(|turn| split(turn)).collect();
        let workshops = config.events.iter().flat_map(|e| &e.workshops);
        let themes = workshops.flat_map(|w| split(&w.title)).filter(|w| tells_a_workshop(w, pack)).collect();
        let kinds = kinds(config, pack);
        let mut marks = Self { names: Vec::new(), kinds, turns, themes, days: Vec::new() };
        for (i, event) in config.events.iter().enumerate() {
            for name in &event.words {
                marks.add(split(name), Kind::Called, i);
            }
            for part in event.place.split(',') {
                let words = split(part);
                let kind = if words.len() == 1 { Kind::Place } else { Kind::Called };
                // "Parking du col de Tourniol" is "col de Tourniol" as well.
                for start in 1..words.len().saturating_sub(1) {
                    let rest = words.get(start..).unwrap_or_default();
                    let first = rest.first().map_or("", String::as_str);
                    if !pack.listed("of", first) && !pack.listed("the", first) {
                        marks.add(rest.to_vec(), Kind::Called, i);
                    }
                }
                marks.add(words, kind, i);
                for word in proper(part, pack) {
                    marks.add(vec![word], Kind::Place, i);
                }
                for name in short(part, pack) {
                    marks.add(name, Kind::Place, i);
                }
            }
            // "Les Enfants du col": every second letter tells of children.
            for word in proper(&event.title, pack).into_iter().filter(|w| !persons(w, pack)) {
                marks.add(vec![word], Kind::Called, i);
            }
            for word in topics(&event.title, pack) {
                marks.add(vec![word], Kind::Topic, i);
            }
            for word in event.workshops.iter().flat_map(|w| split(&w.title)) {
                if tells_a_workshop(&word, pack) {
                    marks.add(vec![word], Kind::Workshop, i);
                }
            }
            marks.days.push((event.start.date(), i));
        }
        marks.called_by_us(config);
        marks.parts(config, pack);
        // What names every event tells nothing.
        let alone = config.events.len() == 1;
        marks.names.retain(|n| n.events.len() == 1 || alone);
        marks.names.sort_by_key(|n| std::cmp::Reverse(n.words.len()));
        marks
    }

    /// A word stands in the name of a workshop, and tells it.
    pub fn in_a_workshop(&self, word: &str) -> bool {
        self.themes.iter().any(|theme| theme == word)
    }

    /// The events that are of a kind for which a word stands: "vos deux projections".
    pub(super) fn such(&self, passage: &Passage, pack: &Pack, at: usize) -> Vec<usize> {
        let hits = pack.lexicon.at(passage, at, at + 1).map(|hit| hit.list);
        let lists: Vec<&str> = hits.filter(|list| list.starts_with("called-")).collect();
        let such = self.kinds.iter().filter(|k| k.kind == Kind::Called && lists.contains(&k.list.as_str()));
        such.map(|k| k.event).collect::<BTreeSet<usize>>().into_iter().collect()
    }

    /// The day of an event.
    pub(super) fn day_of(&self, event: u32) -> Option<Date> {
        self.days.iter().find(|(_, e)| u32::try_from(*e) == Ok(event)).map(|(day, _)| *day)
    }

    /// What the invitation says one event is called is that event, though the place or the title of another has the word.
    fn called_by_us(&mut self, config: &Config) {
        for name in self.names.iter_mut().filter(|n| n.events.len() > 1) {
            let calls =
                |e: &usize| config.events.get(*e).is_some_and(|e| e.words.iter().any(|w| split(w) == name.words));
            let called: Vec<usize> = name.events.iter().copied().filter(calls).collect();
            if called.len() == 1 {
                (name.events, name.kind) = (called, Kind::Called);
            }
        }
    }

    /// The other words of the titles, where they name nothing by themselves.
    fn parts(&mut self, config: &Config, pack: &Pack) {
        let dull = |w: &str| pack.listed("dull-event-words", w) || pack.listed("everyday-words", w);
        for (i, event) in config.events.iter().enumerate() {
            for word in split(&event.title).into_iter().filter(|w| w.len() > 3 && !dull(w)) {
                let known = self.names.iter().any(|n| n.kind != Kind::Part && n.words == [word.clone()]);
                if !known {
                    self.add(vec![word], Kind::Part, i);
                }
            }
        }
    }

    fn add(&mut self, words: Vec<String>, kind: Kind, event: usize) {
        if words.is_empty() {
            return;
        }
        match self.names.iter_mut().find(|n| n.words == words) {
            Some(name) if !name.events.contains(&event) => name.events.push(event),
            Some(name) => name.kind = if kind == Kind::Called { kind } else { name.kind },
            None => self.names.push(Name { words, kind, events: vec![event] }),
        }
    }

    /// "Ça marche", "un film étirable": the word, and not the event.
    fn in_a_turn(&self, passage: &Passage, at: usize) -> bool {
        self.turns.iter().any(|words| {
            let from = at.saturating_sub(words.len().saturating_sub(1));
            (from..=at).any(|start| words.iter().enumerate().all(|(i, w)| passage.word(start + i) == w))
        })
    }

    /// The name that begins at a word: not "ma balade", "j'ai une conférence", which are the sender's own.
    pub(super) fn at<'a>(&'a self, passage: &Passage, pack: &Pack, at: usize) -> Option<Named<'a>> {
        if self.in_a_turn(passage, at) {
            return None;
        }
        let named = self.names.iter().find(|name| {
            let here = name.words.iter().enumerate().all(|(i, w)| alike(passage.word(at + i), w));
            let everyday = name.words.len() == 1 && pack.listed("everyday-words", passage.word(at));
            let telling = !everyday || title(passage, at);
            here && telling && stands(passage, pack, at..at + name.words.len(), name.kind)
        });
        let before = |n: usize| at.checked_sub(n).map_or("", |b| passage.word(b));
        let theirs = pack.listed("mine", before(1)) || (pack.listed("a", before(1)) && pack.listed("have", before(2)));
        if theirs {
            return None;
        }
        if let Some(name) = named {
            return Some(Named { end: at + name.words.len(), events: &name.events, kin: false });
        }
        if pack.listed("ours", before(1)) {
            return None;
        }
        let hits = pack.lexicon.at(passage, at, passage.len()).flat_map(|hit| {
            let named = self.kinds.iter().filter(move |k| k.alone && k.list == hit.list);
            named.map(move |k| (hit.end, k.kind, &k.event))
        });
        let (end, _, event) =
            hits.filter(|(end, kind, _)| stands(passage, pack, at..*end, *kind)).max_by_key(|(end, _, _)| *end)?;
        Some(Named { end, events: std::slice::from_ref(event), kin: true })
    }
}

/// The same word, though a consonant is not doubled where it should be, or is where it should not: "netoyage".
fn alike(word: &str, name: &str) -> bool {
    word == name || (word.len() > 5 && word.len().abs_diff(name.len()) < 3 && single(word).eq(single(name)))
}

/// A word of a workshop's name that tells which one it is.
fn tells_a_workshop(word: &str, pack: &Pack) -> bool {
    let dull = ["dull-workshop-words", "weak-workshop-words", "dull-event-words", "everyday-words"];
    word.chars().count() > LITTLE && !dull.iter().any(|list| pack.listed(list, word))
}

/// The letters of a word, doubled consonants once.
fn single(word: &str) -> impl Iterator<Item = char> + '_ {
    let mut last = None;
    word.chars().filter(move |c| {
        let again = last.replace(*c) == Some(*c);
        !again || matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
    })
}

pub(super) fn split(text: &str) -> Vec<String> {
    tokens(&fold(text)).into_iter().map(|t| t.word).collect()
}

/// Words that begin with a capital, are no common words, and no given names: "Gemenne" of "François Gemenne".
fn proper(text: &str, pack: &Pack) -> Vec<String> {
    let capital = |w: &&str| w.chars().next().is_some_and(char::is_uppercase);
    let words = text.split_whitespace().filter(capital).filter_map(|w| {
        let words: Vec<String> = split(w);
        let telling = |w: &&String| w.len() >= 4 && !pack.listed("dull-event-words", w);
        match words.as_slice() {
            [word] => Some(word).filter(telling).cloned(),
            // "Après-midi d'ateliers": a moment of the day names no event.
            [_, word] => Some(word).filter(telling).filter(|w| pack.value("hours", w).is_none()).cloned(),
            _ => None,
        }
    });
    // "Trois ans sur la route": a number names nothing.
    let number = |w: &str| Passage::new(w, pack).number(0).is_some();
    words.filter(|w| !pack.listed("first-names", w) && !number(w)).collect()
}

/// The town that people say in short: "Romans" of "Romans-sur-Isère", "Saint-Martin" of "Saint-Martin-du-Mont".
fn short(text: &str, pack: &Pack) -> Vec<Vec<String>> {
    let towns = text.split_whitespace().filter(|w| w.contains('-') && w.starts_with(char::is_uppercase));
    let shorts = towns.filter_map(|town| {
        let words = split(town);
        let joint = words.iter().position(|w| pack.listed("town-joints", w)).filter(|j| *j > 0)?;
        let name = words.get(..joint)?.to_vec();
        let telling = |w: &String| w.len() >= 4 && !pack.listed("dull-event-words", w);
        name.last().is_some_and(telling).then_some(name)
    });
    shorts.collect()
}

/// A word for persons.
fn persons(word: &str, pack: &Pack) -> bool {
    let passage = Passage::new(word, pack);
    let known = pack.lexicon.longest(&passage, 0, passage.len(), |l| matches!(l, "kin" | "humans")).is_some();
    known || pack.value("persons", word).is_some()
}

/// What a title says after "sur": "Conférence sur le logement".
fn topics(title: &str, pack: &Pack) -> Vec<String> {
    let words = split(title);
    let after = words.iter().skip_while(|w| !pack.listed("about", w)).skip(1);
    let telling = |w: &&String| w.len() >= 4 && !pack.listed("dull-event-words", w);
    after.filter(telling).cloned().collect()
}

/// The lists of words for things such as an event is: by its title and what it is called, or by its place.
fn kinds(config: &Config, pack: &Pack) -> Vec<OfKind> {
    let mut found: Vec<(String, Kind, usize)> = Vec::new();
    let mut note = |list: &str, kind: Kind, event: usize| {
        if !found.iter().any(|(l, _, e)| l == list && *e == event) {
            found.push((list.to_owned(), kind, event));
        }
    };
    for (i, event) in config.events.iter().enumerate() {
        let titles = std::iter::once(&event.title).chain(&event.words).map(|t| (t, "called-", Kind::Called));
        for (text, prefix, kind) in titles.chain([(&event.place, "held-", Kind::Place)]) {
            let passage = Passage::new(text, pack);
            for at in 0..passage.len() {
                let lists = pack.lexicon.at(&passage, at, passage.len()).map(|h| h.list);
                lists.filter(|l| l.starts_with(prefix)).for_each(|l| note(l, kind, i));
            }
        }
        if !event.workshops.is_empty() {
            note("called-workshop", Kind::Called, i);
        }
    }
    let several = |list: &str| config.events.len() == 1 || found.iter().filter(|(l, _, _)| l == list).count() > 1;
    let of = |(list, kind, event): &(String, Kind, usize)| OfKind {
        list: list.clone(),
        kind: *kind,
        event: *event,
        alone: !several(list),
    };
    found.iter().map(of).collect()
}

/// A word with a capital that opens no sentence: "voir Libre", and not "je suis libre".
fn title(passage: &Passage, at: usize) -> bool {
    let sentence = passage.clause_at(at).and_then(|c| passage.clauses.get(c)).map(|c| c.sentence);
    passage.capital(at) && sentence.is_some_and(|s| passage.sentence(s).start != at)
}

/// Whether a name stands where it names: a town after "à", a topic after "sur".
fn stands(passage: &Passage, pack: &Pack, words: std::ops::Range<usize>, kind: Kind) -> bool {
    let before = |n: usize| words.start.checked_sub(n).map_or("", |b| passage.word(b));
    let article = usize::from(pack.listed("the", before(1)));
    match kind {
        Kind::Called => true,
        Kind::Topic => pack.listed("about", before(1 + article)),
        Kind::Part => {
            let little = |w: &str| {
                ["of", "the", "about"].iter().any(|list| pack.listed(list, w)) || !w.contains(char::is_alphanumeric)
            };
            let between = (1..4).take_while(|n| !before(*n).is_empty() && little(before(*n))).count();
            pack.listed("event-nouns", before(between + 1))
        }
        Kind::Workshop => {
            let little = (1..3).take_while(|n| pack.listed("before-workshop", before(*n))).count();
            pack.listed("leads-to-workshop", before(little + 1))
        }
        Kind::Place => {
            let led =
                pack.listed("place-prepositions", before(1)) || pack.listed("place-prepositions", before(1 + article));
            let noun = pack.listed("event-nouns", before(2)) && pack.listed("of", before(1));
            let clause = passage.clause_at(words.start).and_then(|c| passage.clauses.get(c));
            let alone = clause.is_some_and(|c| {
                let linked = usize::from(pack.listed("opening-links", passage.word(c.words.start)));
                let short = c.words.start + article + linked >= words.start && c.words.end <= words.end + 2;
                short && pack.listed("short-answers", passage.word(words.end))
            });
            // "Pour Romans, oui", and not "le départ pour Romans"; "Romans, j'y serai".
            let about = pack.listed("for", before(1)) && !pack.listed("leaves", before(2));
            // "Mais Romans j'y serai", "et Romans non".
            let opens = clause.is_some_and(|c| {
                let link = pack.listed("opening-links", passage.word(c.words.start));
                let linked = link && c.words.start + 1 == words.start;
                c.words.start == words.start || linked
            });
            let topic = opens && pack.listed("goes-on", passage.word(words.end));
            led || noun || alone || about || topic
        }
    }
}
