//! For each clause, the events it is about: those it names, "the others", "all of them", else those it carries on.
//!
//! Promises: never a guess between two events: what names none is about the one that the thread or the configuration
//! points to.

use std::collections::BTreeSet;
use std::ops::Range;

use jiff::civil::Date;

use crate::config::Config;
use crate::event::SharedMeal;
use crate::rules::pack::Pack;
use crate::rules::passage::{Clause, Passage};
use crate::rules::scan::{Finding, Scan};
use crate::rules::template::Words;

use super::super::page::About;
use super::days::at_moment;
use super::items::itemised;
use super::{ALL, ELSEWHERE, mentions};
use crate::rules::template::Slot;

/// What a piece of text is read against.
pub struct Ground<'a> {
    /// The language's rules.
    pub pack: &'a Pack,
    /// What was announced.
    pub config: &'a Config,
    /// The events that the quoted lines above name.
    pub asked: &'a [usize],
    /// The events that the thread's subject names.
    pub thread: &'a [usize],
}

impl Ground<'_> {
    fn all(&self) -> Vec<usize> {
        (0..self.config.events.len()).collect()
    }

    /// What a text that names no event is about.
    fn default(&self) -> Vec<usize> {
        if let [one] = self.thread {
            return vec![*one];
        }
        self.config.asked().into_iter().collect()
    }

    fn but(&self, events: &[usize]) -> Vec<usize> {
        self.all().into_iter().filter(|e| !events.contains(e)).collect()
    }
}

/// For each clause, the events it is about: those it names, else those of the clause or sentence it carries on.
pub fn resolve(passage: &Passage, scan: &Scan, ground: &Ground<'_>) -> Vec<About> {
    let mut about: Vec<About> = Vec::new();
    let mut carried: Option<(usize, About)> = None;
    // What was carried last is named by more than a weekday.
    let mut firm = false;
    let mut named: Vec<usize> = Vec::new();
    for clause in &passage.clauses {
        let last = carried.as_ref().map(|(sentence, about)| (*sentence == clause.sentence, about));
        let mut events = meant(passage, scan, ground, clause, &named, last);
        named.extend(&events);
        if let Some(before) = about.last().filter(|_| !events.is_empty())
            && adds(passage, scan, ground.pack, clause)
        {
            events.extend(&before.events);
        }
        events.sort_unstable();
        events.dedup();
        let elsewhere = passage.notes.iter().any(|n| {
            let day = n.slot == Slot::Date && n.value == ELSEWHERE && clause.words.contains(&n.words.start);
            let aside =
                said(scan, ground.pack, &clause.words, "aside").is_some_and(|a| a.words.contains(&n.words.start));
            day && !aside && !of_workshop(scan, ground.pack, &n.words)
        });
        if !events.is_empty() {
            firm = !by_weekday(passage, clause);
        }
        // What is said next to a day that is no event's goes back to the event named before it, if one was.
        let after = |last: &About| !last.elsewhere || (last.named && firm);
        let here = if !events.is_empty() {
            let wide = events.len() > 1 && wide(passage, clause);
            About { events, named: true, elsewhere, wide }
        } else if let Some((sentence, last)) = &carried
            && (*sentence == clause.sentence || after(last))
        {
            About { elsewhere: elsewhere || (*sentence == clause.sentence && last.elsewhere), ..last.clone() }
        } else if ground.asked.is_empty() {
            About { events: ground.default(), named: false, elsewhere, wide: false }
        } else {
            About { events: ground.asked.to_vec(), named: true, elsewhere, wide: false }
        };
        if here.named || here.elsewhere {
            carried = Some((clause.sentence, here.clone()));
        }
        about.push(here);
    }
    look_ahead(passage, &mut about);
    completed(passage, scan, ground, &mut about);
    under_answer(passage, scan, ground.pack, &mut about);
    except(passage, &mut about, ground);
    itemised(passage, scan, ground, &mut about);
    about
}

/// "Samedi oui", of two events; "à tout": no event of the clause has a name of its own there.
fn wide(passage: &Passage, clause: &Clause) -> bool {
    let here = || passage.notes.iter().filter(|n| n.slot == Slot::Event && clause.words.contains(&n.words.start));
    here().all(|n| n.value == ALL || here().any(|o| o.words == n.words && o.value != n.value))
}

/// "Elles sont arrivées mardi": nothing but a weekday names the events of a clause.
fn by_weekday(passage: &Passage, clause: &Clause) -> bool {
    let here =
        |slot: Slot| passage.notes.iter().filter(move |n| n.slot == slot && clause.words.contains(&n.words.start));
    here(Slot::Event).all(|n| here(Slot::Date).any(|d| d.words == n.words && d.rule == "weekday"))
}

/// "J'avais coché le 1": a number that a rule of the workshops reads is no day.
fn of_workshop(scan: &Scan, pack: &Pack, words: &Range<usize>) -> bool {
    scan.found.iter().any(|f| {
        let covers = f.words.start <= words.start && words.end <= f.words.end;
        covers && pack.rules.get(f.rule).is_some_and(|r| r.field == "workshops")
    })
}

/// The events that a clause means by its own words. `last` is what the text before it is about, and whether in the same
/// sentence.
fn meant(
    passage: &Passage,
    scan: &Scan,
    ground: &Ground<'_>,
    clause: &Clause,
    before: &[usize],
    last: Option<(bool, &About)>,
) -> Vec<usize> {
    let count = ground.config.events.len();
    let says = |what: &str| said(scan, ground.pack, &clause.words, what);
    let mut events = match says("aside") {
        // "Je vous redis ça jeudi": that day is no event's.
        Some(aside) => {
            let (before, after) = (clause.words.start..aside.words.start, aside.words.end..clause.words.end);
            [before, after].into_iter().flat_map(|words| mentions(passage, words, ground.config)).collect()
        }
        None => mentions(passage, clause.words.clone(), ground.config),
    };
    if says("meal").is_some() && last.is_some_and(|(_, about)| eats_there(ground.config, &events, about)) {
        return Vec::new();
    }
    // "La rando : ni l'un ni l'autre": of one event, they are persons.
    let label = last.is_some_and(|(same, about)| same && about.named && about.events.len() == 1);
    if says("both").is_some() && events.is_empty() && !label {
        return two_of(ground, before);
    }
    // "Aux deux repas": what is counted there has its own name.
    let told = |all: &Finding| {
        let mut notes = passage.notes.iter().filter(|n| n.slot == Slot::Event && n.value != ALL);
        numbered(passage, all) && notes.any(|n| n.words.start < all.words.end && all.words.end < n.words.end)
    };
    let counts = |all: &&Finding| !told(all) && !of_others(passage, scan, ground, clause, all);
    if let Some(all_said) = says("all").filter(counts) {
        let whole = as_many(passage, ground, all_said, before);
        // "Le 7 je viens à tout": of those it names.
        let all = whole.filter(|whole| whole.is_some() || events.is_empty() || numbered(passage, all_said));
        // "Oui à la soupe, oui au concert, deux à chaque fois": each of those.
        let sentence = passage.sentence(clause.sentence).start..clause.words.start;
        let each = |f: &Finding| f.words.clone().any(|at| ground.pack.listed("each", passage.word(at)));
        let told = mentions(passage, sentence, ground.config);
        if each(all_said) && told.len() > 1 {
            return told;
        }
        if let Some(all) = all.filter(|_| !(events.is_empty() && ground.asked.len() == 1)) {
            return all.unwrap_or_else(|| ground.all());
        }
    }
    if let Some(evening) = says("evening").and_then(|_| only_evening(ground.config)) {
        events.push(evening);
    } else if events.is_empty() && count > 1 {
        let rest = || if before.is_empty() { ground.but(&ground.default()) } else { ground.but(before) };
        if says("others").is_some() || (says("other").is_some() && rest().len() == 1) {
            events = said_at(passage, ground, says("others"), rest());
        } else if says("other").is_some() && count == 2 {
            // Both were named: the one that was not named last.
            events = before.last().map_or_else(rest, |last| ground.but(&[*last]));
        } else if let Some(place) = says("nth") {
            events = nth(passage, place, ground);
        } else if let Some((_, about)) = last.filter(|(_, about)| about.named && about.events.len() > 1) {
            // "Le 7 : l'après-midi non, le soir oui".
            let then = said_at(passage, ground, says("moment"), about.events.clone());
            if then.len() < about.events.len() {
                events = then;
            }
        }
    }
    events
}

/// Of these events, those at the moment that a finding names: "le soir", "les autres soirs".
fn said_at(passage: &Passage, ground: &Ground<'_>, moment: Option<&Finding>, events: Vec<usize>) -> Vec<usize> {
    let Some(words) = moment.map(|m| m.words.clone()) else { return events };
    let events = events.into_iter().filter_map(|e| u32::try_from(e).ok()).collect();
    at_moment(passage, ground.pack, ground.config, words, events).into_iter().map(|e| e as usize).collect()
}

fn said<'a>(scan: &'a Scan, pack: &Pack, words: &Range<usize>, what: &str) -> Option<&'a Finding> {
    scan.found.iter().find(|f| {
        words.contains(&f.words.start)
            && pack.rules.get(f.rule).is_some_and(|r| r.field == "events" && r.says("is") == what)
    })
}

/// "Les trois" of three, "toutes les dates": all (`Some(None)`). "Les deux" of three are the two just named. Another
/// number counts something else.
fn as_many(passage: &Passage, ground: &Ground<'_>, all: &Finding, before: &[usize]) -> Option<Option<Vec<usize>>> {
    let count = ground.config.events.len();
    // "Les deux jours", of four events on two days.
    let days: BTreeSet<Date> = ground.config.events.iter().map(|e| e.start.date()).collect();
    let dated = all.words.clone().any(|at| ground.pack.listed("day-nouns", passage.word(at)));
    let count = if dated && days.len() > 1 { days.len() } else { count };
    // "L'un et l'autre" counts nothing.
    let number = all.words.clone().find_map(|at| passage.number(at)).map(|(n, _)| n as usize).filter(|n| *n > 1);
    let mut named: Vec<usize> = Vec::new();
    for event in before.iter().rev().filter(|_| number.is_some_and(|n| n != count)) {
        if !named.contains(event) {
            named.push(*event);
        }
    }
    match number {
        None => Some(None),
        Some(n) if n == count => Some(None),
        Some(n) if n == named.len() && n > 1 => Some(Some(named)),
        Some(_) => None,
    }
}

/// "Les deux aînés", and "aux thèmes 2 et 3, bref tous hormis le premier": all of something else.
fn of_others(passage: &Passage, scan: &Scan, ground: &Ground<'_>, clause: &Clause, all: &Finding) -> bool {
    let pack = ground.pack;
    let next = all.words.end;
    let word = passage.word(next);
    let counted = all.words.end.checked_sub(1).is_some_and(|last| passage.number(last).is_some());
    let noun = word.contains(char::is_alphabetic) && pack.singular(word) != word && !pack.listed("no-noun", word);
    let event = pack.listed("any-events", word) || passage.slot(next, Slot::Event).is_some();
    if counted && clause.words.contains(&next) && noun && !event {
        return true;
    }
    let event = all.words.clone().any(|at| pack.listed("any-events", passage.word(at)));
    let chosen =
        |f: &Finding| pack.rules.get(f.rule).is_some_and(|r| r.field == "workshops" && !r.says("frame").is_empty());
    let before = passage.sentence(clause.sentence).start..all.words.start;
    !event && !numbered(passage, all) && scan.found.iter().any(|f| before.contains(&f.words.start) && chosen(f))
}

fn numbered(passage: &Passage, finding: &Finding) -> bool {
    finding.words.clone().any(|at| passage.number(at).is_some())
}

/// "L'un comme l'autre": the two just named, or all.
fn two_of(ground: &Ground<'_>, before: &[usize]) -> Vec<usize> {
    let mut named: Vec<usize> = before.to_vec();
    named.sort_unstable();
    named.dedup();
    if named.len() == 2 { named } else { ground.all() }
}

/// "Pas de repas pour moi" behind a day where a meal is shared: that meal, though another event is one.
fn eats_there(config: &Config, events: &[usize], about: &About) -> bool {
    let meal = |e: &usize| config.events.get(*e).map(|e| e.meal);
    let one = events.len() == 1 && events.iter().all(|e| meal(e) == Some(SharedMeal::Itself));
    one && about.named && about.events.iter().any(|e| meal(e) == Some(SharedMeal::Beside))
}

/// "Le premier rendez-vous", "les deux premières dates", where the order of the announcement is that of the days.
fn nth(passage: &Passage, place: &Finding, ground: &Ground<'_>) -> Vec<usize> {
    let events = &ground.config.events;
    let value = |at: usize| ground.pack.value("ordinals", passage.word(at));
    let Some(nth) = place.words.clone().find_map(value).filter(|_| events.is_sorted_by_key(|e| e.start)) else {
        return Vec::new();
    };
    let several = place.words.clone().find_map(|at| passage.number(at)).map_or(1, |(n, _)| n as usize);
    let last = nth == 99;
    let first = if last { events.len().checked_sub(several) } else { usize::try_from(nth - 1).ok() };
    first.filter(|f| f + several <= events.len()).map(|f| (f..f + several).collect()).unwrap_or_default()
}

/// "Assemblée, conférence, rando : oui", "l'assemblée et la conférence oui": a clause that begins with a name, after one
/// that is a name alone, adds to it.
fn adds(passage: &Passage, scan: &Scan, pack: &Pack, clause: &Clause) -> bool {
    let before = passage.clauses.iter().take_while(|c| c.words.start < clause.words.start).last();
    let starts =
        (clause.words.start + 1..=clause.words.end).any(|end| bare_name(passage, pack, &(clause.words.start..end)));
    before.is_some_and(|b| {
        let alone = bare_name(passage, pack, &b.words) && !answers(scan, pack, b);
        b.sentence == clause.sentence && matches!(clause.link.as_str(), "" | "next" | "and") && alone && starts
    })
}

fn answers(scan: &Scan, pack: &Pack, clause: &Clause) -> bool {
    let telling =
        |f: &Finding| pack.rules.get(f.rule).is_some_and(|r| matches!(r.field.as_str(), "attendance" | "people"));
    scan.found.iter().any(|f| clause.words.contains(&f.words.start) && telling(f))
}

/// Words that are the name of an event, and little words: "pour la rando", "le 12 septembre", "quant à Gemenne".
pub fn bare_name(passage: &Passage, pack: &Pack, words: &Range<usize>) -> bool {
    let mut named = false;
    let mut at = words.start;
    while at < words.end {
        let note = passage.notes.iter().filter(|n| n.slot == Slot::Event && n.words.start == at);
        if let Some(end) = note.map(|n| n.words.end).max() {
            named = true;
            at = end;
        } else if pack.listed("label-words", passage.word(at)) {
            at += 1;
        } else {
            return false;
        }
    }
    named
}

/// The one event that begins in the evening, when the others do not.
fn only_evening(config: &Config) -> Option<usize> {
    let mut late = config.events.iter().enumerate().filter(|(_, e)| e.start.hour() >= 17);
    let (index, _) = late.next()?;
    (late.next().is_none() && config.events.len() > 1).then_some(index)
}

/// "Désolée, je ne viendrai pas, ni le 27 ni le 3": in a sentence whose first clauses name nothing, the event named
/// later in the same sentence is meant.
fn look_ahead(passage: &Passage, about: &mut [About]) {
    for i in (0..about.len().saturating_sub(1)).rev() {
        let same = match (passage.clauses.get(i), passage.clauses.get(i + 1)) {
            (Some(a), Some(b)) => {
                a.sentence == b.sentence && !matches!(b.link.as_str(), "contrast" | "and" | "except" | "next")
            }
            _ => false,
        };
        let (Some(here), Some(next)) = (about.get(i), about.get(i + 1)) else { continue };
        if same && !here.named && !here.elsewhere && next.named {
            let next = next.clone();
            if let Some(here) = about.get_mut(i) {
                *here = next;
            }
        }
    }
}

/// "Je serai là, comme chaque année, au débat du 6": an answer that names nothing, where the first event that its sentence
/// names is what it leads to.
fn completed(passage: &Passage, scan: &Scan, ground: &Ground<'_>, about: &mut [About]) {
    let own = |c: &Clause| !mentions(passage, c.words.clone(), ground.config).is_empty();
    for (i, clause) in passage.clauses.iter().enumerate() {
        let mut before = passage.clauses.iter().take(i + 1).filter(|c| c.sentence == clause.sentence);
        if before.any(own) || !answers(scan, ground.pack, clause) {
            continue;
        }
        let mut behind = passage.clauses.iter().enumerate().skip(i + 1).take_while(|(_, c)| {
            c.sentence == clause.sentence && matches!(c.link.as_str(), "") && !answers(scan, ground.pack, c)
        });
        let Some((next, _)) = behind.find(|(_, c)| own(c)) else { continue };
        let leads = passage
            .clauses
            .get(next)
            .is_some_and(|c| ground.pack.listed("leads-to-event", passage.word(c.words.start)));
        let Some(told) = about.get(next).filter(|a| leads && a.named).cloned() else { continue };
        about.iter_mut().take(next).skip(i).for_each(|here| *here = told.clone());
    }
}

/// "Oui : samedi. Non : mardi.": a lone answer before a colon is given to the events whose bare names stand behind it.
fn under_answer(passage: &Passage, scan: &Scan, pack: &Pack, about: &mut [About]) {
    for (i, clause) in passage.clauses.iter().enumerate() {
        let alone = scan
            .found
            .iter()
            .any(|f| f.words == clause.words && pack.rules.get(f.rule).is_some_and(|r| r.field == "attendance"));
        if !alone || passage.word(clause.words.end) != ":" {
            continue;
        }
        let behind = passage.clauses.iter().enumerate().skip(i + 1);
        let names = behind.take_while(|(_, c)| c.sentence == clause.sentence && bare_name(passage, pack, &c.words));
        let Some(told) = names.last().and_then(|(last, _)| about.get(last).cloned()) else { continue };
        if let Some(here) = about.get_mut(i) {
            *here = told;
        }
    }
}

/// "Tout sauf la marche", "je viens, sauf le 16": what is said of all is not said of those.
fn except(passage: &Passage, about: &mut [About], ground: &Ground<'_>) {
    for i in 1..about.len() {
        let Some(clause) = passage.clauses.get(i).filter(|c| c.link == "except") else { continue };
        let Some(but) = about.get(i).filter(|a| a.named).map(|a| a.events.clone()) else { continue };
        for (before, here) in passage.clauses.iter().zip(about.iter_mut()).take(i) {
            if before.sentence != clause.sentence {
                continue;
            }
            let events = if here.named { here.events.clone() } else { ground.all() };
            let rest: Vec<usize> = events.into_iter().filter(|e| !but.contains(e)).collect();
            if !rest.is_empty() {
                *here = About { events: rest, named: true, elsewhere: here.elsewhere, wide: here.wide };
            }
        }
    }
}
