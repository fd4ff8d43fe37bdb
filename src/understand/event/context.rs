//! Names that mean an event only beside the others: "les deux réunions", "séances 1 et 2", "la deuxième", "les deux autres",
//! "le reste"; and of a day that several events share, "à midi", "toute la journée", "de 10 h à 14 h".
//!
//! Promises: a number that is not that of the events it would mean means none. A moment names nothing where no day is shared.

mod ranks;

use std::collections::BTreeSet;
use std::ops::Range;

use jiff::civil::Date;

use crate::config::Config;
use crate::event::SharedMeal;
use crate::rules::pack::Pack;
use crate::rules::passage::Passage;
use crate::rules::template::{Slot, Words};

use super::days::{hour, moment};
use super::names::{Landmarks, split};
use super::{ALL, ELSEWHERE};

/// Rule of an event note that rests on hours: "de 10 h à 14 h".
pub const SPAN: &str = "span";

/// Rule of an event note that rests on a moment of the day: "à midi".
pub const MOMENT: &str = "moment";
/// Rule of an event note that refuses what it means: "rien d'autre".
pub const REFUSED: &str = "refused";

/// Rule of an event note that refuses what is over by an hour: "pas avant 19 h".
pub const NOT_BEFORE: &str = "not-before";

/// Words, the events they mean, and the rule to note them under.
type Found = (Range<usize>, Vec<usize>, &'static str);

/// A passage read from left to right, with what is named so far.
pub(super) struct Context<'a> {
    pub passage: &'a Passage,
    pub pack: &'a Pack,
    pub config: &'a Config,
    pub landmarks: &'a Landmarks,
}

impl Context<'_> {
    /// Adds what the words mean beside each other; where a rule names them, the place and the rule.
    pub(super) fn read(&self, notes: &mut Vec<(Range<usize>, u32)>) -> Vec<(usize, &'static str)> {
        let mut spans = Vec::new();
        if self.config.events.len() < 2 {
            return spans;
        }
        self.shared_days(notes);
        let mut at = 0;
        while at < self.passage.len() {
            let found = self.numbered(at).or_else(|| self.other(at, notes));
            let Some((words, events, rule)) = found.filter(|(_, events, _)| !events.is_empty()) else {
                at += 1;
                continue;
            };
            if !rule.is_empty() {
                spans.push((words.start, rule));
            }
            at = words.end;
            notes.retain(|(w, _)| !words.contains(&w.start));
            if matches!(rule, SPAN | MOMENT | NOT_BEFORE) {
                self.instead_of_the_day(&words, notes);
            }
            let named = if rule.is_empty() { self.bare(&words) } else { words };
            notes.extend(events.into_iter().filter_map(|e| Some((named.clone(), u32::try_from(e).ok()?))));
        }
        spans
    }

    /// "Au premier film" is named by "premier film", as "au forum" is by "forum": what leads to it is not part of its name.
    fn bare(&self, words: &Range<usize>) -> Range<usize> {
        let nth = self.pack.value("ordinals", self.passage.word(words.start + 1)).is_some();
        words.start + usize::from(nth && words.len() > 2)..words.end
    }

    /// "Samedi 16 de 10 h à midi": not the day, but those hours of it.
    fn instead_of_the_day(&self, words: &Range<usize>, notes: &mut Vec<(Range<usize>, u32)>) {
        let clause = self.passage.clause_at(words.start);
        let day = self.day(words.start, notes).unwrap_or_default();
        let date = |w: &Range<usize>| self.passage.notes.iter().any(|n| n.slot == Slot::Date && n.words == *w);
        let moment = |w: &Range<usize>| w.clone().any(|at| self.moment_at(at).is_some());
        notes.retain(|(w, e)| {
            let of_it = self.passage.clause_at(w.start) == clause && date(w) && !moment(w);
            !(of_it && day.contains(&(*e as usize)))
        });
    }

    fn other(&self, at: usize, notes: &[(Range<usize>, u32)]) -> Option<Found> {
        if notes.iter().any(|(w, _)| w.contains(&at)) {
            return None;
        }
        let before = self.before(at, notes);
        if let Some(end) = self.phrase("rest-of-the-day", at) {
            let day = self.day(at, notes)?;
            return Some((at..end, day.into_iter().filter(|e| !before.contains(e)).collect(), ""));
        }
        let plain = |(words, events)| (words, events, "");
        let far = self
            .whole(at, notes)
            .or_else(|| self.group(at, notes))
            .or_else(|| self.ranks(at))
            .or_else(|| self.rank(at, &before));
        let far = far.or_else(|| self.in_month(at)).map(plain).or_else(|| self.rest(at, &before));
        let moment = || self.moment(at, notes).map(|(words, events)| (words, events, MOMENT));
        far.or_else(|| self.not_before(at, notes)).or_else(|| self.span(at, notes)).or_else(moment)
    }

    fn listed(&self, list: &str, at: usize) -> bool {
        self.pack.listed(list, self.passage.word(at))
    }

    /// What is named so far, the last one at the end.
    fn before(&self, at: usize, notes: &[(Range<usize>, u32)]) -> Vec<usize> {
        let mut named: Vec<(usize, usize)> = notes
            .iter()
            .filter(|(w, e)| w.end <= at && (*e as usize) < self.config.events.len())
            .map(|(w, e)| (w.start, *e as usize))
            .collect();
        named.sort_unstable();
        named.into_iter().map(|(_, e)| e).collect()
    }

    fn all(&self) -> Vec<usize> {
        (0..self.config.events.len()).collect()
    }

    /// The events whose title has a word, or that are on a weekday, in the order of their days.
    fn having(&self, word: &str) -> Vec<usize> {
        let noun = self.pack.singular(word);
        let weekday = self.pack.value("weekdays", noun).filter(|_| noun.len() > 3);
        let has = |i: &usize| {
            self.config.events.get(*i).is_some_and(|event| {
                let titles = std::iter::once(&event.title).chain(&event.words);
                let on = weekday == Some(i64::from(event.start.date().weekday().to_monday_one_offset()));
                on || titles.flat_map(|t| split(t)).any(|w| w.len() > 3 && self.pack.singular(&w) == noun)
            })
        };
        let meal = |i: &usize| self.config.events.get(*i).is_some_and(|event| event.meal == SharedMeal::Itself);
        let meals = self.pack.listed("meal-nouns", word);
        let mut found: Vec<usize> = self.all().into_iter().filter(|e| has(e) || (meals && meal(e))).collect();
        found.sort_by_key(|e| self.config.events.get(*e).map(|e| e.start));
        found
    }

    /// The end of a word that ends a name: nothing that it could belong to comes behind.
    fn ends(&self, at: usize) -> bool {
        let word = self.passage.word(at);
        let inside = self.passage.clause_at(at) == at.checked_sub(1).and_then(|b| self.passage.clause_at(b));
        !inside
            || !word.contains(char::is_alphanumeric)
            || self.listed("after-name", at)
            || self.listed("goes-on", at)
            || self.listed("short-answers", at)
    }

    /// "Séances 1 et 2", "séance 2": of titles that are numbered.
    fn numbered(&self, at: usize) -> Option<Found> {
        let first = at;
        let at = at + usize::from(self.listed("the-several", at));
        let noun = self.pack.singular(self.passage.word(at)).to_owned();
        let number = |text: &str| {
            let words = split(text);
            let pairs = words.iter().zip(words.iter().skip(1));
            pairs.filter(|(w, _)| self.pack.singular(w) == noun).find_map(|(_, n)| n.parse::<u32>().ok())
        };
        if noun.len() < 4 || (self.listed_in_lexicon(at, "called-workshop") && self.workshops()) {
            return None;
        }
        let which = |n: u32| {
            let has = |e: &&usize| {
                self.config
                    .events
                    .get(**e)
                    .is_some_and(|e| std::iter::once(&e.title).chain(&e.words).any(|t| number(t) == Some(n)))
            };
            let all = self.all();
            let mut found = all.iter().filter(has);
            let one = found.next().copied().filter(|_| found.next().is_none());
            // "Film 1, film 2", of which none is announced by a number: in the order of their days.
            let several = self.having(&noun);
            let titles = |e: &usize| self.config.events.get(*e).map(|e| std::iter::once(&e.title).chain(&e.words));
            let told = several.iter().filter_map(titles).flatten().any(|title| number(title).is_some());
            let place = usize::try_from(n).ok().and_then(|n| n.checked_sub(1)).filter(|_| several.len() > 1 && !told);
            one.or_else(|| several.get(place?).copied())
        };
        let mut events = Vec::new();
        let mut end = at + 1;
        let mut next = end;
        while let Some((n, after)) = self.passage.number(next) {
            let Some(event) = which(n) else { break };
            events.push(event);
            end = after;
            next = after;
            while next < after + 3 && (self.listed("and-numbers", next) || self.passage.word(next) == ",") {
                next += 1;
            }
        }
        (!events.is_empty()).then_some((first..end, events, ""))
    }

    fn workshops(&self) -> bool {
        self.config.events.iter().any(|e| !e.workshops.is_empty())
    }

    fn listed_in_lexicon(&self, at: usize, list: &str) -> bool {
        self.pack.lexicon.at(self.passage, at, self.passage.len()).any(|hit| hit.list == list)
    }

    /// "Les deux réunions", "les trois mardis", "toutes les séances": those that the noun tells, as many as are said.
    fn group(&self, at: usize, notes: &[(Range<usize>, u32)]) -> Option<(Range<usize>, Vec<usize>)> {
        if !self.listed("the-several", at) {
            return None;
        }
        let number = self.passage.number(at + 1).filter(|(n, _)| *n > 1);
        let noun = number.map_or(at + 1, |(_, end)| end);
        let word = self.passage.word(noun);
        if self.pack.singular(word) == word && !self.listed("each", at) && !self.listed("meal-nouns", noun) {
            return None;
        }
        // "Une seule de vos trois dates."
        let before = |n: usize| at.checked_sub(n);
        let one_of = |list: &str, at: Option<usize>| at.is_some_and(|at| self.listed(list, at));
        if one_of("of", before(1)) && one_of("one-out-of", before(2)) {
            return None;
        }
        // "Aux séances 1 et 3": those two.
        if self.passage.number(noun + 1).is_some() {
            return None;
        }
        let mut found = self.having(word);
        // "Vos deux projections": by another word for such things.
        if number.is_some_and(|(n, _)| n as usize != found.len()) {
            found = self.landmarks.such(self.passage, self.pack, noun);
            found.sort_by_key(|e| self.config.events.get(*e).map(|e| e.start));
        }
        // "Les deux soirs": those that begin then.
        if let (true, Some((hours, _))) = (number.is_some() && found.len() < 2, self.moment_at(noun)) {
            found = self.starting(self.all(), |m| hours.contains(&(m / 60)));
        }
        // "Aux séances des 4 et 11": the ones that are named behind.
        let told = |(w, _): &(Range<usize>, u32)| w.start > noun && w.start <= noun + 3;
        if self.listed("of", noun + 1) && notes.iter().any(told) {
            return None;
        }
        let weekday = self.pack.value("weekdays", self.pack.singular(word)).is_some();
        // "Les samedis je travaille": of one Saturday with several events, the one that is asked about.
        if let (true, None, Some(asked)) = (weekday, number, self.config.asked().filter(|e| found.contains(e))) {
            let day = self.landmarks.days.get(asked).map(|(day, _)| *day);
            found.retain(|e| *e == asked || self.landmarks.days.get(*e).map(|(d, _)| *d) != day);
        }
        let count = found.len();
        match number {
            Some((n, _)) if n as usize == count => Some((at..noun + 1, found)),
            // "Les trois dates", of three.
            Some((n, _)) if n as usize == self.config.events.len() && n > 2 && self.listed("any-events", noun) => {
                Some((at..noun + 1, self.all()))
            }
            None if count > 1 => Some((at..noun + 1, found)),
            _ => None,
        }
    }

    /// "Les deux autres", "l'autre réunion", "le reste": what was not named yet.
    fn rest(&self, at: usize, before: &[usize]) -> Option<Found> {
        let left = |of: Vec<usize>| -> Vec<usize> { of.into_iter().filter(|e| !before.contains(e)).collect() };
        if before.is_empty() {
            return None;
        }
        if let Some(end) = self.phrase("nothing-else", at).filter(|end| self.ends(*end)) {
            return Some((at..end, left(self.all()), REFUSED));
        }
        // Of two, "et c'est tout" may be said of anything.
        let three = self.config.events.len() > 2;
        if let Some(end) = self.phrase("that-is-all", at).filter(|end| three && self.ends(*end)) {
            return Some((at..end, left(self.all()), REFUSED));
        }
        // "Pour le reste, rien ne change" says nothing of the other events.
        let as_it_was =
            |end: usize| (at.saturating_sub(AROUND)..end + AROUND).any(|w| self.phrase("nothing-changes", w).is_some());
        if let Some(end) = self.phrase("the-rest", at).filter(|end| self.ends(*end) && !as_it_was(*end)) {
            return Some((at..end, left(self.all()), ""));
        }
        if !self.listed("the-several", at) && !self.listed("the-one", at) {
            return None;
        }
        let number = self.passage.number(at + 1);
        let other = number.map_or(at + 1, |(_, end)| end);
        if !self.listed("other-ones", other) {
            return None;
        }
        let noun = self.having(self.passage.word(other + 1));
        let named = !noun.is_empty() || self.listed("any-events", other + 1) || self.listed("vague-things", other + 1);
        let mut left = left(if noun.is_empty() { self.all() } else { noun });
        if let Some((hours, _)) = self.moment_at(other + 1).filter(|_| named) {
            left = self.starting(left, |m| hours.contains(&(m / 60)));
        }
        let several = self.pack.singular(self.passage.word(other)) != self.passage.word(other);
        let fits = number.map_or(several || left.len() == 1, |(n, _)| n as usize == left.len());
        // "Pour les autres", "l'autre" may be persons.
        let open = number.is_some() && self.ends(other + 1);
        let comma = other + 1 + usize::from(self.passage.word(other + 1) == "," && number.is_none() && !several);
        let told = self.listed("short-answers", comma) || self.listed("no-person", other + 1);
        (fits && (named || open || told)).then_some((at..other + 1 + usize::from(named), left, ""))
    }

    fn phrase(&self, name: &str, at: usize) -> Option<usize> {
        self.pack.phrase(self.passage, name, at)
    }

    /// The events of each day that has several.
    fn days(&self) -> Vec<(Date, Vec<usize>)> {
        let mut days: Vec<(Date, Vec<usize>)> = Vec::new();
        for (day, event) in &self.landmarks.days {
            match days.iter_mut().find(|(d, _)| d == day) {
                Some((_, events)) => events.push(*event),
                None => days.push((*day, vec![*event])),
            }
        }
        days.retain(|(_, events)| events.len() > 1);
        days.iter_mut().for_each(|(_, events)| events.sort_by_key(|e| self.config.events.get(*e).map(|e| e.start)));
        days
    }

    /// The events of the day that a word stands under, when it has several: that of what is named last, else that of the
    /// event which is asked about. None beside a day that is no event's.
    fn day(&self, at: usize, notes: &[(Range<usize>, u32)]) -> Option<Vec<usize>> {
        let days = self.days();
        let clause = self.passage.clause_at(at);
        if days.is_empty() || notes.iter().any(|(w, e)| *e == ELSEWHERE && self.passage.clause_at(w.start) == clause) {
            return None;
        }
        let event = self.before(at, notes).last().copied().or_else(|| self.config.asked())?;
        days.into_iter().find(|(_, events)| events.contains(&event)).map(|(_, events)| events)
    }

    /// "Samedi je ne peux pas", where all is on one day: the event that is asked about, unless words say all of it. Where
    /// another day is announced as well ("samedi oui, dimanche non"), a day is all that is on it.
    fn shared_days(&self, notes: &mut Vec<(Range<usize>, u32)>) {
        let days: BTreeSet<Date> = self.landmarks.days.iter().map(|(day, _)| *day).collect();
        let asked = self.config.asked().and_then(|e| u32::try_from(e).ok());
        let Some(asked) = asked.filter(|_| days.len() == 1) else { return };
        let dates: Vec<Range<usize>> =
            self.passage.notes.iter().filter(|n| n.slot == Slot::Date).map(|n| n.words.clone()).collect();
        for words in dates {
            let sentence = self.passage.clause_at(words.start).and_then(|c| self.passage.clauses.get(c));
            let Some(sentence) = sentence.map(|c| self.passage.sentence(c.sentence)) else { continue };
            let here: Vec<u32> = notes.iter().filter(|(w, _)| *w == words).map(|(_, e)| *e).collect();
            let one_day = self.days().iter().any(|(_, events)| here.iter().all(|e| events.contains(&(*e as usize))));
            let moment = words.clone().any(|at| self.moment_at(at).is_some());
            let whole = sentence.clone().any(|at| self.listed("all-of-it", at));
            let beside = notes.iter().any(|(w, e)| {
                *w != words
                    && here.contains(e)
                    && self.passage.clause_at(w.start) == self.passage.clause_at(words.start)
            });
            if here.len() > 1 && one_day && here.contains(&asked) && !moment && !whole && !beside {
                notes.retain(|(w, e)| *w != words || *e == asked);
            }
        }
    }

    /// "Toute la journée": all of a day that several events share. "Tout le cycle": all.
    fn whole(&self, at: usize, notes: &[(Range<usize>, u32)]) -> Option<(Range<usize>, Vec<usize>)> {
        if let Some(end) = self.phrase("whole-day", at) {
            return Some((at..end, self.day(at, notes)?));
        }
        let named = |at: usize| notes.iter().any(|(w, _)| w.contains(&at));
        let series = |at: usize| self.listed("series-nouns", at) && !named(at);
        if self.listed("all-of-it", at) {
            let noun = (at + 1..at + 5).find(|n| series(*n))?;
            let little =
                (at + 1..noun).all(|n| self.listed("the", n) || self.listed("of", n) || self.listed("at-the", n));
            return (little && noun > at + 1).then(|| (at..noun + 1, self.all()));
        }
        let complete = series(at + 1) && self.listed("complete", at + 2) && self.listed("the", at);
        complete.then(|| (at..at + 3, self.all()))
    }

    fn moment_at(&self, at: usize) -> Option<(Range<i64>, usize)> {
        moment(self.passage, self.pack, at)
    }

    fn starting(&self, day: Vec<usize>, hours: impl Fn(i64) -> bool) -> Vec<usize> {
        let start = |e: &usize| {
            self.config.events.get(*e).map(|e| i64::from(e.start.hour()) * 60 + i64::from(e.start.minute()))
        };
        day.into_iter().filter(|e| start(e).is_some_and(&hours)).collect()
    }

    /// "À midi", "le soir", of a day that several events share; not beside the name of one ("la soupe à midi").
    fn moment(&self, at: usize, notes: &[(Range<usize>, u32)]) -> Option<(Range<usize>, Vec<usize>)> {
        let (hours, end) = self.moment_at(at)?;
        let dated = |at: usize| self.passage.notes.iter().any(|n| n.slot == Slot::Date && n.words.contains(&at));
        // "Jusqu'à midi", in two words as well.
        let before = at.checked_sub(1).map(|b| if self.listed("hour-open", b) && b > 0 { b - 1 } else { b });
        let led = at.checked_sub(1).into_iter().chain(before).any(|b| self.listed("no-moment", b));
        let leaving = (at.saturating_sub(3)..at).any(|b| self.listed("leaves", b));
        let clause = self.passage.clause_at(at);
        let moment = |w: &Range<usize>| w.clone().any(|at| self.moment_at(at).is_some());
        let near = |(w, e): &(Range<usize>, u32)| {
            *e != ALL
                && self.passage.clause_at(w.start) == clause
                && w.end + 2 >= at
                && w.start <= end + 2
                && !moment(w)
                && !dated(w.start)
        };
        if led || leaving || dated(at) || notes.iter().any(near) {
            return None;
        }
        let day = self.day(at, notes)?;
        let then = |day: Vec<usize>| self.starting(day, |m| hours.contains(&(m / 60)));
        let found = then(day);
        // "Le matin, oui", of a day that has nothing in the morning: before anything is named, that of another day.
        if found.is_empty() && self.before(at, notes).is_empty() && self.listed("short-answers", end) {
            let days = self.days().into_iter().map(|(_, events)| then(events));
            return days.into_iter().find(|events| !events.is_empty()).map(|events| (at..end, events));
        }
        Some((at..end, found))
    }

    /// The hour that begins at a word, in minutes of the day, and its end.
    fn hour(&self, at: usize) -> Option<(i64, usize)> {
        let (minutes, end) = hour(self.passage, self.pack, at);
        minutes.map(|m| (i64::from(m), end))
    }

    /// "De 10 h à 14 h", "à partir de midi", "jusqu'à la fin des ateliers", of a day that several events share.
    fn span(&self, at: usize, notes: &[(Range<usize>, u32)]) -> Option<Found> {
        let day = self.day(at, notes)?;
        let dated = |at: usize| self.passage.notes.iter().any(|n| n.slot == Slot::Date && n.words.contains(&at));
        let near = |(w, _): &(Range<usize>, u32)| w.end + 2 >= at && w.end <= at && !dated(w.start);
        if let Some(from) = self.phrase("hour-from", at) {
            let (first, end) = self.hour(from)?;
            let last = self.phrase("hour-to", end).and_then(|to| self.hour(to));
            let open = self.listed("hour-open", at);
            if (last.is_none() && !open) || notes.iter().any(near) {
                return None;
            }
            let (to, end) = last.unwrap_or((24 * 60, end));
            return Some((at..end, self.starting(day, |m| first <= m + 30 && m < to), SPAN));
        }
        let until = self.listed("stretch-until", at);
        let hour = self.hour(at + 1).or_else(|| self.hour(at + 2).filter(|_| self.listed("hour-open", at + 1)));
        if let Some((to, end)) = hour.filter(|_| until && notes.iter().any(|(w, _)| dated(w.start))) {
            let events = self.starting(day.clone(), |m| m < to);
            return (events.len() < day.len()).then_some((at..end, events, SPAN));
        }
        let event =
            notes.iter().filter(|(w, e)| until && w.start > at && w.start < at + 5 && day.contains(&(*e as usize)));
        let (words, last) = event.min_by_key(|(w, _)| w.start)?;
        let led = (at..words.start).any(|w| self.listed("the-end", w));
        let to = day.iter().position(|e| *e == *last as usize).filter(|_| led)?;
        let from = self.before(at, notes).last().and_then(|l| day.iter().position(|e| e == l)).unwrap_or(0);
        day.get(from..=to).map(|events| (at..words.end, events.to_vec(), SPAN))
    }
}

/// Words around "le reste" among which it is said to be as it was.
const AROUND: usize = 5;
