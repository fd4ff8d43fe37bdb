//! Workshops and themes: chosen by number, by place in the list, by name or by a word of the name.
//!
//! Everything it knows of a workshop comes from the configuration.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::event::Event;
use crate::rules::passage::{Clause, Note};
use crate::rules::scan::Finding;
use crate::rules::template::{Slot, Words};

use super::page::{Page, Piece, Place};

mod names;
mod quoted;

/// The workshops chosen for an event.
pub fn workshops(page: &Page<'_>, event: usize) -> Vec<u32> {
    let Some(announced) = page.config.events.get(event).filter(|e| !e.workshops.is_empty()) else { return Vec::new() };
    let mut out = BTreeSet::new();
    let mut except = BTreeSet::new();
    let mut every = BTreeSet::new();
    let open = left_open(page);
    for piece in &page.pieces {
        let before = out.len();
        by_label(page, piece, announced, &mut out);
        by_place(page, piece, announced, &mut out);
        bare_pair(page, piece, announced, &mut out);
        if !open {
            names::by_name(page, piece, event, announced, &mut out);
            let chosen = out.len() > before;
            quoted::under_quote(page, piece, event, chosen, &mut out);
        }
        for finding in &piece.scan.found {
            match says(page, finding) {
                "every" => {
                    // "Un par atelier", "un à chacun des quatre ateliers": one is no count of them.
                    let told = numbers(piece, finding.words.clone()).filter(|n| *n > 1).max();
                    let fits = told.is_none_or(|n| n as usize == announced.workshops.len());
                    if fits && finding.plain() && counts(page, piece, finding.words.start) {
                        every.extend(announced.workshops.iter().map(|w| w.number));
                    }
                    continue;
                }
                "all" => out.extend(announced.workshops.iter().map(|w| w.number)),
                "all-of" => {
                    if excepted(page, piece, finding) {
                        out.extend(announced.workshops.iter().map(|w| w.number));
                    }
                    continue;
                }
                "except" => {}
                _ => continue,
            }
            except.extend(numbers(piece, finding.words.clone()));
            except.extend(at_place(page, piece, finding.words.clone(), announced));
        }
    }
    // "Une dans chaque atelier : Nora au 2, Iris au 4": who goes where is said, and how many are told apart.
    if out.len() < 2 {
        out.extend(every);
    }
    if out.is_empty() {
        before(page, announced, &mut out);
    }
    out.difference(&except).copied().collect()
}

/// "Placez-moi où vous voulez", "je choisirai sur place": the names that the letter has praise, and choose nothing.
fn left_open(page: &Page<'_>) -> bool {
    page.findings("workshops")
        .any(|(piece, f, r)| r.says("is") == "open" && piece.place == Place::Body && !piece.asked(f))
}

/// "Toutes vos thématiques me parlent, sauf la dernière": what is left out comes behind.
fn excepted(page: &Page<'_>, piece: &Piece, all: &Finding) -> bool {
    piece.scan.found.iter().any(|f| {
        says(page, f) == "except" && f.words.start >= all.words.end && piece.sentence(f) == piece.sentence(all)
    })
}

/// "J'avais choisi l'atelier 3, je confirme": what was chosen before still is, where nothing else is chosen.
fn before(page: &Page<'_>, event: &Event, out: &mut BTreeSet<u32>) {
    for piece in &page.pieces {
        for finding in piece.scan.found.iter().filter(|f| says(page, f) == "earlier" && !piece.asked(f)) {
            out.extend(numbers(piece, finding.words.clone()).filter(|n| known(event, *n)));
        }
    }
}

/// What a rule of this field says; nothing for the rules of other fields.
fn says<'a>(page: &Page<'a>, finding: &Finding) -> &'a str {
    page.rule(finding).filter(|r| r.field == "workshops").map_or("", |r| r.says("is"))
}

fn numbers(piece: &Piece, words: Range<usize>) -> impl Iterator<Item = u32> + '_ {
    words.filter_map(|at| piece.passage.number(at)).map(|(n, _)| n)
}

/// Numbers that lie in "not the 2", "I was down for the 1": what was chosen before, or is refused.
fn dropped(page: &Page<'_>, piece: &Piece, at: usize) -> bool {
    piece.scan.found.iter().any(|f| matches!(says(page, f), "drop" | "earlier") && f.words.contains(&at))
}

/// "Le 1 et le 4" that are no days of ours: two workshops, where nothing is refused beside them.
fn bare_pair(page: &Page<'_>, piece: &Piece, event: &Event, out: &mut BTreeSet<u32>) {
    let passage = &piece.passage;
    let refused = |at: usize| {
        let clause = passage.clause_at(at);
        piece.scan.operators.iter().any(|o| Some(o.clause) == clause && operator(page, o) == "negate")
    };
    let mut days: Vec<(Range<usize>, u32, bool)> = passage
        .notes
        .iter()
        .filter(|n| n.rule == "the-number")
        .filter(|n| counts(page, piece, n.words.start) && !refused(n.words.start))
        .filter(|n| !n.words.clone().any(|at| dropped(page, piece, at)))
        .filter_map(|n| {
            Some((n.words.clone(), numbers(piece, n.words.clone()).next()?, n.value == super::event::ELSEWHERE))
        })
        .filter(|(_, number, _)| known(event, *number))
        .collect();
    days.dedup_by(|a, b| a.0 == b.0);
    let answered = |at: usize| {
        let clause = passage.clause_at(at);
        piece
            .scan
            .found
            .iter()
            .any(|f| Some(f.clause) == clause && page.rule(f).is_some_and(|r| r.field == "attendance"))
    };
    for ((first, one, no_day), (second, other, none)) in days.iter().zip(days.iter().skip(1)) {
        // Nothing but "et", "ou" or a comma stands between, or who takes it: "Zoé fait le 1, Paul le 2". Of which one
        // may be the day of an event, where each is somebody's: "le 3 pour Paul, le 1 pour moi".
        let apart = second.start.saturating_sub(first.end);
        let spoken = answered(first.start) || answered(second.start);
        let taken = page.pack.listed("after-workshop", passage.word(first.end));
        let days = !no_day || !none;
        if (days && taken && (*no_day || *none) && apart <= 5) || (!days && (apart <= 1 || (apart <= 3 && !spoken))) {
            out.extend([*one, *other]);
        }
    }
}

fn operator<'a>(page: &Page<'a>, finding: &Finding) -> &'a str {
    page.pack.rules.get(finding.rule).map_or("", |r| r.says("does"))
}

fn known(event: &Event, number: u32) -> bool {
    event.workshops.iter().any(|w| w.number == number)
}

/// Words that lie in a question, a refusal, or somebody else's business choose nothing.
fn counts(page: &Page<'_>, piece: &Piece, at: usize) -> bool {
    let clause = piece.passage.clause_at(at).and_then(|c| piece.passage.clauses.get(c));
    clause.is_none_or(|clause| !asks(page, piece, clause) && !offers_speaker(page, piece, clause))
}

/// It asks, and what comes next does not take what it asks about: "Reste-t-il de la place au 2 ? C'est celui que je
/// voudrais."
fn asks(page: &Page<'_>, piece: &Piece, clause: &Clause) -> bool {
    let takes = |f: &Finding| says(page, f) == "that" && piece.sentence(f) == clause.sentence + 1 && f.plain();
    clause.asked && !piece.scan.found.iter().any(takes)
}

/// "Elle interviendrait volontiers dans l'atelier 2": somebody is proposed for it, nobody chooses.
fn offers_speaker(page: &Page<'_>, piece: &Piece, clause: &Clause) -> bool {
    piece.scan.found.iter().any(|f| says(page, f) == "speaker" && piece.sentence(f) == clause.sentence)
}

/// The sentence speaks of workshops.
fn spoken(page: &Page<'_>, piece: &Piece, at: usize) -> bool {
    let sentence = piece.passage.clause_at(at).and_then(|c| piece.passage.clauses.get(c)).map(|c| c.sentence);
    let speaks = |f: &Finding| {
        matches!(says(page, f), "frame" | "drop" | "ordinal" | "earlier") && Some(piece.sentence(f)) == sentence
    };
    piece.scan.found.iter().any(speaks)
}

/// "Aux ateliers, le premier de préférence", "atelier : le deuxième": a place in the list, and no noun after it.
fn stands_alone(page: &Page<'_>, piece: &Piece, words: &Range<usize>) -> bool {
    let passage = &piece.passage;
    let next = passage.word(words.end);
    let closed = !next.starts_with(char::is_alphanumeric)
        || passage.clause_at(words.end) != passage.clause_at(words.start)
        || page.pack.listed("after-place", next);
    let sentence = passage.clause_at(words.start).and_then(|c| passage.clauses.get(c)).map_or(0, |c| c.sentence);
    // "Bien choisis, surtout le quatrième": nobody comes.
    let answers = |f: &Finding| {
        piece.sentence(f) == sentence && f.plain() && page.rule(f).is_some_and(|r| r.field == "attendance")
    };
    // "Le premier de la liste pour elle, le troisième pour moi", under a line that asks which.
    let listed = |f: &Finding| piece.sentence(f) == sentence && says(page, f) == "ordinal";
    let asked = closed && quoted::asks_which(piece);
    closed && (spoken(page, piece, words.start) && piece.scan.found.iter().any(|f| answers(f) || listed(f)) || asked)
}

/// "atelier 3", "ateliers 2 et 4", "thème n° 2".
fn by_label(page: &Page<'_>, piece: &Piece, event: &Event, out: &mut BTreeSet<u32>) {
    // "Pour l'atelier, ce sera le n° 1": a bare number counts where its sentence speaks of workshops.
    let spoken = |at: usize| spoken(page, piece, at);
    for note in &piece.passage.notes {
        let start = note.words.start;
        let names = match note.rule.as_str() {
            "label" | "picked" => true,
            "numbered" => spoken(start) || taken_by(page, piece, note),
            "the-number" => note.value == super::event::ELSEWHERE && spoken(start),
            "the-numbers" => spoken(start) && !all_days(piece, note),
            _ => false,
        };
        if names && counts(page, piece, start) {
            // "Une place au 3": where one is in figures, a number spelt counts something else.
            let figure = |at: &usize| piece.passage.word(*at).starts_with(|c: char| c.is_ascii_digit());
            let figures = note.words.clone().any(|at| figure(&at));
            let meant = note.words.clone().filter(|at| !figures || figure(at));
            let kept = meant.filter(|at| !dropped(page, piece, *at));
            let chosen = kept.filter_map(|at| piece.passage.number(at)).map(|(n, _)| n);
            out.extend(chosen.filter(|n| known(event, *n)));
        }
    }
}

/// "N° 2 pour moi": it opens its clause, and who takes it follows.
fn taken_by(page: &Page<'_>, piece: &Piece, note: &Note) -> bool {
    let clause = piece.passage.clause_at(note.words.start).and_then(|c| piece.passage.clauses.get(c));
    let listed = |list: &str, at: usize| page.pack.listed(list, piece.passage.word(at));
    let taken = listed("who-chooses", note.words.end + 1) || piece.passage.capital(note.words.end + 1);
    clause.is_some_and(|c| c.words.start == note.words.start) && listed("after-workshop", note.words.end) && taken
}

/// "Les 3 et 27": every number is the day of an event.
fn all_days(piece: &Piece, note: &Note) -> bool {
    let numbers = numbers(piece, note.words.clone()).count();
    let days = piece.passage.notes.iter().filter(|n| n.slot == Slot::Event && n.words == note.words).count();
    days >= numbers
}

/// "le dernier thème".
fn by_place(page: &Page<'_>, piece: &Piece, event: &Event, out: &mut BTreeSet<u32>) {
    for finding in &piece.scan.found {
        match says(page, finding) {
            "ordinal" => {}
            "place" if stands_alone(page, piece, &finding.words) => {}
            _ => continue,
        }
        let taken = !dropped(page, piece, finding.words.start) && counts(page, piece, finding.words.start);
        if taken {
            out.extend(at_place(page, piece, finding.words.clone(), event));
        }
    }
}

/// The workshops at places in the list, each read by itself: "le premier et le dernier".
fn at_place(page: &Page<'_>, piece: &Piece, words: Range<usize>, event: &Event) -> Vec<u32> {
    let spelt = |at: &usize| page.pack.value("ordinals", piece.passage.word(*at)).is_some();
    let places: Vec<usize> = words.clone().filter(spelt).collect();
    if places.len() < 2 || numbers(piece, words.clone()).next().is_some() {
        return one_place(page, piece, words, event);
    }
    places.into_iter().flat_map(|at| one_place(page, piece, at..at + 1, event)).collect()
}

/// The workshops at one place: "le dernier", "celui du milieu", "les deux premiers", "le 2e".
fn one_place(page: &Page<'_>, piece: &Piece, words: Range<usize>, event: &Event) -> Vec<u32> {
    let count = event.workshops.len();
    let spelt = |table: &'static str| move |at: usize| page.pack.value(table, piece.passage.word(at));
    let figure = |at: usize| piece.passage.number(at).map(|(n, _)| i64::from(n));
    let ordinal = words.clone().find_map(spelt("list-places")).or_else(|| words.clone().find_map(spelt("ordinals")));
    let number = words.clone().find_map(figure);
    // "Les deux premiers": so many; "2e atelier": the number is the place; "le dernier des quatre": of so many.
    let of = number.filter(|n| usize::try_from(*n).ok() == Some(count));
    let many = ordinal.and(number.filter(|_| of.is_none())).and_then(|n| usize::try_from(n).ok()).unwrap_or(1);
    let first = match ordinal.or(number) {
        Some(MIDDLE) => (count % 2 == 1).then_some(count / 2),
        Some(LAST_BUT_ONE) => count.checked_sub(2),
        Some(LAST) => count.checked_sub(many),
        Some(n) => usize::try_from(n - 1).ok(),
        None => None,
    };
    first.map_or_else(Vec::new, |first| event.workshops.iter().skip(first).take(many).map(|w| w.number).collect())
}

/// Places that count from the end or from both: as the tables of ordinals have them.
const MIDDLE: i64 = 50;
const LAST_BUT_ONE: i64 = 98;
const LAST: i64 = 99;
