//! Numbers of persons that the rules of `people.toml` find: "nous serons 4", "à trois", "pas 4 mais 2", "moi + 1".
//!
//! Never takes a number of things, and none that is doubted, asked or taken back.

use std::ops::Range;

use crate::rules::pack::Rule;
use crate::rules::passage::{Clause, Passage};
use crate::rules::scan::{Effect, Finding};
use crate::rules::template::{Slot, Words};

use super::super::page::{About, Page, Piece};
use super::super::quoted::Asks;
use super::{CORRECTED, Count, MOST, WHOLE, headed, party, person};

/// A number found somewhere, before it is known whom it concerns.
#[derive(Debug, Clone)]
pub struct Heard {
    /// The number.
    pub count: Count,
    /// How much it weighs: [`WHOLE`], [`CORRECTED`], or less.
    pub rank: u8,
    /// Piece and sentence.
    pub at: (usize, usize),
    /// Its words.
    pub words: Range<usize>,
    /// Its clause.
    pub clause: usize,
    /// What its clause is about.
    pub about: About,
    /// In doubt, or only if: it counts where the sender's coming is no surer.
    pub doubted: bool,
    /// It was said before: who joins is one more.
    pub announced: bool,
    /// It counts for nothing where nobody joins: "vous nous attendiez à deux".
    pub superseded: bool,
}

/// Words that may lead a number which is of others.
const LED: usize = 9;
/// Words between a number and the event beside it ("à deux pour le 27").
const BESIDE: usize = 2;
/// The most that one person brings along ("+ 3").
const MOST_BESIDE: u32 = 20;

/// Every number of persons in the letter, in order.
pub fn totals(page: &Page<'_>) -> Vec<Heard> {
    let mut out: Vec<Heard> = Vec::new();
    for (index, piece) in page.pieces.iter().enumerate() {
        let mut parts: Option<usize> = None;
        let mut covered = 0;
        for finding in &piece.scan.found {
            let Some(rule) = page.rule(finding).filter(|r| r.field == "people" || r.says("people") == "unknown") else {
                continue;
            };
            let Some((people, rank)) = number(page, piece, finding, rule) else { continue };
            // "Deux adultes, trois enfants": the second is in the first.
            if finding.words.start < covered && rank < WHOLE {
                continue;
            }
            covered = covered.max(list_end(page, piece, finding.words.clone()));
            let about = own_events(piece, finding);
            if about.another_matter() {
                continue;
            }
            let part = rule.says("people") == "part";
            // "Présents : deux personnes à l'atelier 1, trois au 4": the first number is a part.
            if rank == WHOLE && apart(page, piece, &finding.words) {
                continue;
            }
            // "Adultes : 2, enfants : 3": the parts of one number.
            let before = parts.filter(|_| part).and_then(|p| out.get_mut(p)).filter(|h| h.about.events == about.events);
            if let Some(before) = before {
                before.count.people = before.count.people.zip(people).map(|(a, b)| a + b);
                before.rank = before.rank.max(WHOLE - 1);
                continue;
            }
            let count = Count::new(people, &rule.name(), piece.words(finding).to_owned());
            if part {
                parts = Some(out.len());
            }
            let at = (index, piece.sentence(finding));
            let doubted = finding.is(Effect::Doubted) || rule.says("would") == "true";
            let first = finding.words.clone().find(|at| piece.passage.count(*at).is_some());
            let told = || first.is_some_and(|at| self::before(page, piece, "announced-before", at));
            let superseded = rule.says("announced") == "true";
            let announced = rank == 1 && (superseded || told());
            let (words, clause) = (finding.words.clone(), finding.clause);
            out.push(Heard { count, rank, at, words, clause, about, doubted, announced, superseded });
        }
    }
    out
}

/// Its only number is that of a part ("deux à l'atelier 1").
fn apart(page: &Page<'_>, piece: &Piece, words: &Range<usize>) -> bool {
    let counts: Vec<usize> = words.clone().filter(|w| piece.passage.count(*w).is_some()).collect();
    let [only] = counts.as_slice() else { return false };
    // "Nous irons tous trois à l'atelier 2."
    if only.checked_sub(1).is_some_and(|b| page.pack.listed("all", piece.passage.word(b))) {
        return false;
    }
    let part = |f: &Finding| f.words.contains(only) && page.rule(f).is_some_and(|r| r.says("people") == "part");
    piece.scan.found.iter().any(part)
}

/// What a number is about: "à deux le 27 et à quatre le 3" names two events in one clause, each number the one in it,
/// right behind it or right before it.
fn own_events(piece: &Piece, finding: &Finding) -> About {
    let (about, words) = (piece.about(finding), &finding.words);
    if about.events.len() < 2 {
        return about;
    }
    // How far a name stands off: inside the number's words, behind them, before them.
    let off = |w: &Range<usize>| {
        let (behind, before) = (w.start.checked_sub(words.end), words.start.checked_sub(w.end));
        let near = |gap: Option<usize>, far: usize| gap.filter(|g| *g <= BESIDE).map(|_| far);
        words.contains(&w.start).then_some(0).or(near(behind, 1)).or(near(before, 2))
    };
    let notes = piece.passage.notes.iter().filter(|n| n.slot == Slot::Event);
    let here = notes.filter(|n| piece.passage.clause_at(n.words.start) == Some(finding.clause));
    let ours = here.map(|n| (off(&n.words), n.value as usize)).filter(|(_, e)| about.events.contains(e));
    let found: Vec<(usize, usize)> = ours.filter_map(|(far, event)| Some((far?, event))).collect();
    let Some(nearest) = found.iter().map(|(far, _)| *far).min() else { return about };
    let events = found.iter().filter(|(far, _)| *far == nearest).map(|(_, event)| *event).collect();
    About { events, named: true, ..about }
}

/// "3", "donc 2", "2 donc" right below the quoted line that asks who comes: a number and little words.
pub fn under_quote(page: &Page<'_>) -> Vec<Heard> {
    let asked = |piece: &Piece| piece.quoted.as_ref().is_some_and(|q| q.asks == Asks::Coming);
    let mut out = Vec::new();
    for (index, piece) in page.pieces.iter().enumerate().filter(|(_, p)| asked(p)) {
        let passage = &piece.passage;
        let Some(clause) = passage.clauses.first() else { continue };
        let start = headed::opening(passage, page.pack, &clause.words);
        let Some((n, end)) = passage.count(start).filter(|(n, _)| (1..=MOST).contains(n)) else { continue };
        let rest = end..clause.words.end.max(end);
        if headed::opening(passage, page.pack, &rest) < rest.end {
            continue;
        }
        let about = piece.about.first().cloned().unwrap_or_default();
        let count = Count::new(Some(n), "people/under-quote", passage.words_of(start..end).to_owned());
        out.push(Heard {
            count,
            rank: WHOLE,
            at: (index, clause.sentence),
            words: start..end,
            clause: 0,
            about,
            doubted: false,
            announced: false,
            superseded: false,
        });
    }
    out
}

/// A delegation written line by line: "- Mireille Astier : atelier 1", at least two such lines one after the other.
pub fn lines(page: &Page<'_>) -> Vec<Heard> {
    let mut out = Vec::new();
    for (index, piece) in page.pieces.iter().enumerate() {
        let mut run: Option<(u32, usize)> = None;
        for (c, clause) in piece.passage.clauses.iter().enumerate() {
            if named_line(page, piece, clause) {
                run = Some(run.map_or((1, c), |(n, first)| (n + 1, first)));
            } else if clause.line {
                run = finish(piece, index, run, &mut out);
            }
        }
        finish(piece, index, run, &mut out);
    }
    out
}

fn finish(piece: &Piece, index: usize, run: Option<(u32, usize)>, out: &mut Vec<Heard>) -> Option<(u32, usize)> {
    let (people, first) = run.filter(|(n, _)| *n >= 2)?;
    let about = piece.about.get(first).cloned().unwrap_or_default();
    let clause = piece.passage.clauses.get(first)?;
    let words = piece.passage.words_of(clause.words.clone()).to_owned();
    let count = Count::new(Some(people), "people/lines", words);
    let at = (index, clause.sentence);
    let words = clause.words.clone();
    out.push(Heard {
        count,
        rank: WHOLE - 1,
        at,
        words,
        clause: first,
        about,
        doubted: false,
        announced: false,
        superseded: false,
    });
    None
}

/// A line that begins with one person's name after a dash, a bullet or a number.
fn named_line(page: &Page<'_>, piece: &Piece, clause: &Clause) -> bool {
    let passage = &piece.passage;
    let first = clause.words.start;
    let dash = |w: &str| matches!(w, "-" | "*" | "\u{2022}" | "\u{2013}" | "\u{b7}");
    let bulleted = dash(passage.word(first)) || first.checked_sub(1).is_some_and(|b| dash(passage.word(b)));
    let start = first + usize::from(dash(passage.word(first)));
    bulleted && party::party(passage, page.pack, start).is_some_and(|p| p.names && p.members == 1)
}

/// The number of one finding and its rank.
fn number(page: &Page<'_>, piece: &Piece, finding: &Finding, rule: &Rule) -> Option<(Option<u32>, u8)> {
    let passage = &piece.passage;
    // "J'avais écrit que nous serions 8, c'est 6": what is taken back is the first number only.
    let corrects = rule.says("corrects") == "true";
    if finding.is(Effect::Cancelled) && !corrects || piece.asked(finding) {
        return None;
    }
    if finding.negated() && !corrects {
        return None;
    }
    if rule.says("people") == "n" && rule.says("comes").is_empty() && thing(page, &piece.passage, finding.words.end) {
        return None;
    }
    // "Je peux conduire quatre personnes", "un barnum 3 x 3": a number of others, or of no persons.
    let first = finding.words.clone().find(|at| passage.count(*at).is_some());
    if first.is_some_and(|at| others(page, piece, at)) {
        return None;
    }
    // "27 à Valence, oui": the day of an event.
    if first.is_some_and(|at| at == finding.words.start && day(page, passage, at)) {
        return None;
    }
    if rule.says("bare") == "true" && !bare(page, &piece.passage, finding.words.end) {
        return None;
    }
    if rule.says("led") == "true" && !led(page, piece, finding.words.start) {
        return None;
    }
    let mut counts = finding.words.clone().filter_map(|at| passage.count(at).map(|(n, _)| (at, n)));
    let found = if rule.says("which") == "first" { counts.next() } else { last_count(passage, finding.words.clone()) };
    let fits = |n: &u32| *n > 0 && *n <= MOST;
    let rank = match rule.says("weight") {
        _ if corrects => CORRECTED,
        "low" => 1,
        // "J'avais inscrit deux personnes": it stands unless anything else is said.
        _ if first.is_some_and(|at| before(page, piece, "announced-before", at)) => 1,
        _ => WHOLE,
    };
    match rule.says("people") {
        // "Nous serons trois familles."
        "n" if found.is_some_and(|(at, n)| n > 1 && crowds(page, piece, at)) => Some((None, rank)),
        "n" => {
            let n = found
                .map(|(at, n)| (at, n * pairs(page, piece, at)))
                .map(|(at, n)| with_others(page, piece, at, n).unwrap_or_else(|| with_more(page, piece, at, n)))
                .map(|n| with_us(page, piece, finding.words.start, n))
                .filter(fits)?;
            Some((Some(n), rank))
        }
        "part" => found.map(|(_, n)| n).filter(fits).map(|n| (Some(n), rank)),
        "+1" => Some((Some(2), 3)),
        "+n" => found.map(|(_, n)| n).filter(|n| *n <= MOST_BESIDE).map(|n| (Some(n + 1), 3)),
        "unknown" => Some((None, 1)),
        fixed => Some((fixed.parse().ok(), if corrects { CORRECTED } else { 2 })),
    }
}

/// A number in figures that opens its clause, the day of an announced event, with no person behind it.
fn day(page: &Page<'_>, passage: &Passage, at: usize) -> bool {
    let Some((n, end)) = passage.count(at) else { return false };
    let figures = passage.word(at).starts_with(|c: char| c.is_ascii_digit());
    let announced = page.config.events.iter().any(|e| u32::from(e.start.day().unsigned_abs()) == n);
    figures && n > 9 && announced && person::at(passage, page.pack, end, passage.len()).is_none()
}

/// Words right before or behind a number tell that it is of others than those who come: who is driven, who could be.
pub(super) fn others(page: &Page<'_>, piece: &Piece, at: usize) -> bool {
    let end = piece.passage.count(at).map_or(at + 1, |(_, e)| e);
    before(page, piece, "no-heads-before", at) || page.pack.phrase(&piece.passage, "no-heads-after", end).is_some()
}

/// A phrase of that name ends right before a word, in its sentence.
pub(super) fn before(page: &Page<'_>, piece: &Piece, name: &str, at: usize) -> bool {
    let (passage, pack) = (&piece.passage, page.pack);
    let node = pack.grammar.names.get(name).and_then(|i| pack.grammar.phrases.get(*i));
    let sentence = passage.clause_at(at).and_then(|c| passage.clauses.get(c)).map(|c| c.sentence);
    let from = at.saturating_sub(LED).max(sentence.map_or(0, |s| passage.sentence(s).start));
    node.is_some_and(|n| (from..at).any(|w| pack.grammar.ends(n, passage, w, at).contains(at)))
}

/// "Film : 2" counts heads, "film : 2 tartes" does not: nothing, a sign, or a person follows.
fn bare(page: &Page<'_>, passage: &Passage, end: usize) -> bool {
    let word = passage.word(end);
    !word.starts_with(char::is_alphanumeric)
        || passage.clause_at(end).is_none_or(|c| passage.clause_at(end - 1) != Some(c))
        || [Slot::Date, Slot::Event, Slot::Hour].iter().any(|s| passage.slot(end, *s).is_some())
        || super::person::at(passage, page.pack, end, passage.len()).is_some()
        || passage.count(end).is_some() && party::party(passage, page.pack, end).is_some()
        || page.pack.listed("after-heads", word)
}

/// "À deux pour samedi", "on vient à deux", "le repas à deux", not "un gâteau à deux étages", "remis à neuf": what stands
/// before a number that may be of anything lets it be of persons.
fn led(page: &Page<'_>, piece: &Piece, start: usize) -> bool {
    let passage = &piece.passage;
    let Some(last) = start.checked_sub(1) else { return true };
    let opens =
        passage.clause_at(last) != passage.clause_at(start) || !passage.word(last).starts_with(char::is_alphanumeric);
    let dated =
        passage.notes.iter().any(|n| n.words.end == start && matches!(n.slot, Slot::Event | Slot::Date | Slot::Hour));
    let somebody = person::at(passage, page.pack, last, start).is_some()
        || passage.capital(last)
            && last > passage.clause_at(last).and_then(|c| passage.clauses.get(c)).map_or(0, |c| c.words.start);
    opens || dated || somebody || before(page, piece, "so-many-led", start)
}

/// "Nous deux pains", "on sera 2 tartes": a thing follows, in the same clause.
fn thing(page: &Page<'_>, passage: &Passage, end: usize) -> bool {
    let counted = end.checked_sub(1).is_some_and(|last| passage.count(last).is_some());
    let within = end.checked_sub(1).is_some_and(|last| passage.clause_at(last) == passage.clause_at(end));
    // "Tous les trois dîner": those who come, whatever follows.
    let all = end.checked_sub(3).is_some_and(|w| page.pack.listed("all", passage.word(w)));
    let somebody = || {
        person::at(passage, page.pack, end, passage.len()).is_some()
            || page.pack.listed("heads-nouns", passage.word(end))
    };
    !all && counted && within && !somebody() && person::stuff(passage, page.pack, end, passage.len())
}

/// The last count inside a match ("pas 4 mais 2").
fn last_count(passage: &Passage, words: Range<usize>) -> Option<(usize, u32)> {
    words.rev().find_map(|at| passage.count(at).map(|(n, _)| (at, n)))
}

/// "Trois familles": a group behind a number, of which nobody knows how many it holds.
fn crowds(page: &Page<'_>, piece: &Piece, at: usize) -> bool {
    let noun = piece.passage.count(at).map(|(_, end)| end);
    let who = noun.and_then(|end| person::at(&piece.passage, page.pack, end, piece.passage.len()));
    who.is_some_and(|w| w.group && w.people.is_none())
}

/// "À trois couples": how many each of a number stands for.
fn pairs(page: &Page<'_>, piece: &Piece, at: usize) -> u32 {
    let noun = piece.passage.count(at).map(|(_, end)| end);
    let who = noun.and_then(|end| person::at(&piece.passage, page.pack, end, piece.passage.len()));
    who.filter(|w| w.group).and_then(|w| w.people).unwrap_or(1)
}

/// "nous deux et notre voisine", "mes parents et nous deux".
fn with_us(page: &Page<'_>, piece: &Piece, start: usize, n: u32) -> u32 {
    let clause = piece.passage.clause_at(start).and_then(|c| piece.passage.clauses.get(c));
    let from = clause.map_or(start, |c| piece.passage.sentence(c.sentence).start);
    let holds = |p: &party::Party| p.me && !p.loose && p.end > start;
    let listed = (from..=start).find_map(|at| party::party(&piece.passage, page.pack, at).filter(holds));
    listed.and_then(|p| p.people).filter(|all| *all > n).unwrap_or(n)
}

/// "On sera deux + le bébé", "quatre à venir, plus moi": those beside the number.
fn with_more(page: &Page<'_>, piece: &Piece, at: usize, n: u32) -> u32 {
    let (passage, pack) = (&piece.passage, page.pack);
    let Some((_, end)) = passage.count(at) else { return n };
    let after = pack.phrase(passage, "count-tail", end).unwrap_or(end);
    // "On vient tous les deux samedi avec notre fils", not "avec mon mari": he is one of the two.
    let all = (at.saturating_sub(2)..at).any(|w| pack.listed("all", passage.word(w)));
    let beside = || pack.phrase(passage, "with", after).filter(|s| all && !other_half(page, piece, *s));
    // "Trois personnes viendront, plus moi."
    let clause = passage.clause_at(at).and_then(|c| passage.clauses.get(c));
    let rest = end..clause.map_or(end, |c| passage.sentence(c.sentence).end);
    if rest.clone().any(|w| pack.phrase(passage, "besides-me", w).is_some()) {
        return n + 1;
    }
    let Some(start) = pack.phrase(passage, "and-more", after).or_else(beside) else { return n };
    let more = party::party(passage, pack, start).filter(|p| pack.phrase(passage, "one-does", p.end).is_none());
    more.and_then(|p| p.people).map_or(n, |m| n + m)
}

/// "Mon mari", "ma femme": with the sender they are two.
fn other_half(page: &Page<'_>, piece: &Piece, at: usize) -> bool {
    let half = |w: usize| page.pack.listed("other-half", piece.passage.word(w));
    party::party(&piece.passage, page.pack, at).is_none_or(|p| p.people != Some(1) || p.names || (at..p.end).any(half))
}

/// Where the list of persons ends that a number begins.
fn list_end(page: &Page<'_>, piece: &Piece, words: Range<usize>) -> usize {
    let listed =
        words.filter_map(|w| piece.passage.count(w).and_then(|(n, _)| with_others(page, piece, w, n).map(|_| w)));
    listed.filter_map(|w| party::party(&piece.passage, page.pack, w)).map(|p| p.end).max().unwrap_or(0)
}

/// "4 adultes et 2 enfants": the number begins a list of persons.
fn with_others(page: &Page<'_>, piece: &Piece, at: usize, n: u32) -> Option<u32> {
    let listed = party::party(&piece.passage, page.pack, at);
    // "Samedi : huit choristes et moi", not "trois, ma mère, Luc et moi".
    let beside = |p: &party::Party| !p.me || p.members == 2 && !p.loose && p.people == Some(n + 1);
    let listed = listed.filter(beside).and_then(|p| p.people);
    listed.filter(|all| *all > n)
}
