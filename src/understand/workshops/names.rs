//! Workshops chosen by a word of their name, by the first letters of its words, or by a word of their theme.

use std::collections::BTreeSet;

use crate::event::Event;
use crate::rules::passage::{Clause, Passage};
use crate::rules::scan::Finding;
use crate::rules::template::{Slot, Words};

use super::super::contributions::in_dish;
use super::super::page::{Page, Piece};
use super::{asks, offers_speaker, operator, says};

/// Words of a workshop's name: where something is chosen ("au pressage"), in a clause that speaks of workshops, or in one
/// that says little else. One telling word is enough there when no other workshop shares it.
pub(super) fn by_name(page: &Page<'_>, piece: &Piece, of: usize, event: &Event, out: &mut BTreeSet<u32>) {
    let telling = telling_words(page, event);
    let families = families(page, event);
    // Where a number is chosen, everyday words choose nothing more: "Thème 1 pour la plupart d'entre nous".
    let numbered = !out.is_empty();
    for (index, clause) in piece.passage.clauses.iter().enumerate() {
        let taken_back = piece
            .scan
            .operators
            .iter()
            .chain(&piece.scan.consumed)
            .any(|o| matches!(operator(page, o), "negate" | "cancel") && clause.words.contains(&o.words.start));
        let taken_back = taken_back || passed_on(page, piece, index);
        if asks(page, piece, clause) || offers_speaker(page, piece, clause) || taken_back {
            continue;
        }
        let framed = piece
            .scan
            .found
            .iter()
            .any(|f| says(page, f) == "frame" && (f.clause == index || piece.sentence(f) == clause.sentence));
        let framed_here = piece.scan.found.iter().any(|f| f.clause == index && says(page, f) == "frame");
        let about = piece.about.get(index);
        let ours = about.is_none_or(|a| a.events.contains(&of) && !a.another_matter());
        let mut scores = scores(page, piece, clause, &telling, ours);
        // No word of a name: words of its theme, in a clause that speaks of workshops.
        if scores.iter().all(|s| s.own == 0) && framed_here && !numbered {
            let akin = |list: &str| clause.words.clone().any(|at| akin(page, piece, at, list));
            let themes: BTreeSet<u32> = families.iter().filter(|(_, l)| akin(l)).map(|(n, _)| *n).collect();
            scores.extend(themes.into_iter().map(|number| Score { number, hits: 1, own: 1, placed: false }));
        } else if !numbered && ours {
            // "Lui aux fourneaux": who takes it stands before.
            let taken = |list: &str| {
                clause.words.clone().any(|at| akin(page, piece, at, list) && goes_to(page, piece, clause, at))
            };
            let new = families.iter().filter(|(n, l)| taken(l) && !scores.iter().any(|s| s.number == *n));
            let new: BTreeSet<u32> = new.map(|(n, _)| *n).collect();
            scores.extend(new.into_iter().map(|number| Score { number, hits: 1, own: 1, placed: true }));
        }
        // "Compost, compost !": the name and nothing else needs no frame.
        let alone = clause.words.len() == 1;
        let bare = clause.words.len() <= 6
            && clause.words.clone().all(|at| {
                let word = piece.passage.word(at);
                word.len() <= 3
                    || telling.iter().any(|t| t.words.iter().any(|w| if alone { word == w } else { like(word, w) }))
            });
        // Everyday words of a name beside a dish ("un gâteau à partager entre voisins") are about the dish.
        let beside = |field: &str| {
            piece.scan.found.iter().any(|f| f.clause == index && page.rule(f).is_some_and(|r| r.field == field))
        };
        let (told, eats) = (beside("contributions"), beside("meal"));
        let enough = if framed || bare { 1 } else { 2 };
        let strong = scores.iter().any(|s| s.own > 0);
        let named = |s: &&Score| {
            let weak = (s.hits > 1 && !told) || (framed_here && !strong && (s.hits > 1 || !eats));
            let said = s.own > 0 || (weak && !numbered);
            (s.hits >= enough && said) || s.placed
        };
        out.extend(scores.iter().filter(named).map(|s| s.number));
    }
}

/// "Le théâtre, ce n'est pas pour moi": what a clause names is refused in the next, or in itself.
fn passed_on(page: &Page<'_>, piece: &Piece, clause: usize) -> bool {
    let sentence = |at: usize| piece.passage.clauses.get(at).map(|c| c.sentence);
    let reaches = |f: &Finding| f.clause == clause || f.clause == clause + 1 && sentence(f.clause) == sentence(clause);
    piece.scan.found.iter().any(|f| says(page, f) == "not-it" && reaches(f))
}

/// What a clause says of one workshop.
struct Score {
    number: u32,
    /// How many words of its name.
    hits: usize,
    /// How many of those say it by themselves.
    own: usize,
    /// One of these stands where something is chosen.
    placed: bool,
}

fn scores(page: &Page<'_>, piece: &Piece, clause: &Clause, telling: &[Names], ours: bool) -> Vec<Score> {
    let weak = |at: &usize| page.pack.listed("weak-workshop-words", piece.passage.word(*at));
    let of = |names: &Names| {
        let words = &names.words;
        let hit = |at: &usize| words.iter().any(|w| like(piece.passage.word(*at), w)) || names.shortened(piece, *at);
        let hits: Vec<usize> =
            clause.words.clone().filter(hit).filter(|at| !in_dish(&piece.passage, page.pack, *at)).collect();
        let own: Vec<usize> = hits.iter().copied().filter(|at| !weak(at)).collect();
        // "Cuisine pour les bénévoles": an everyday word that opens the name chooses where somebody goes there.
        let head = |at: &usize| words.first().is_some_and(|w| like(piece.passage.word(*at), w));
        let goes = hits.iter().any(|at| head(at) && goes_to(page, piece, clause, *at));
        let placed = ours && (goes || own.iter().any(|at| placed(page, piece, clause, *at)));
        Score { number: names.number, hits: hits.len(), own: own.len(), placed }
    };
    telling.iter().map(of).filter(|s| s.hits > 0).collect()
}

/// "Au pressage", "pour la taille", "elle veut greffer", "pressage pour tout le monde": a word of a name where people say
/// what they choose.
fn placed(page: &Page<'_>, piece: &Piece, clause: &Clause, at: usize) -> bool {
    let before =
        |n: usize| at.checked_sub(n).filter(|b| clause.words.contains(b)).map_or("", |b| piece.passage.word(b));
    let little = |word: &str| {
        let dull = word.len() > 3 && page.pack.listed("dull-workshop-words", word);
        page.pack.listed("before-workshop", word) || dull && !page.pack.listed("leads-to-workshop", word)
    };
    let little = (1..4).take_while(|n| little(before(*n))).count();
    let led = page.pack.listed("leads-to-workshop", before(little + 1));
    let opens = at == clause.words.start + little && page.pack.listed("after-workshop", piece.passage.word(at + 1));
    led || opens
}

/// "Moi à la cuisine", "deux pour la cuisine", "aider en cuisine", "cuisine pour moi": somebody goes there.
fn goes_to(page: &Page<'_>, piece: &Piece, clause: &Clause, at: usize) -> bool {
    let listed = |list: &str, at: usize| page.pack.listed(list, piece.passage.word(at));
    let before = |n: usize| at.checked_sub(n).filter(|b| clause.words.contains(b));
    let little = (1..5).take_while(|n| before(*n).is_some_and(|b| listed("towards-workshop", b))).count();
    let opens = at == clause.words.start + little;
    if opens {
        return listed("after-workshop", at + 1) && listed("who-chooses", at + 2);
    }
    let name = |b: usize| piece.passage.notes.iter().any(|n| n.slot == Slot::Name && n.words.contains(&b));
    little > 0
        && before(little + 1).is_some_and(|b| listed("who-chooses", b) || name(b) || piece.passage.count(b).is_some())
}

/// What a workshop is called by.
struct Names {
    number: u32,
    /// The words of its name that no other shares, folded and without endings.
    words: Vec<String>,
    /// The first letters of words of its name that stand together: "mna" of "Mineurs non accompagnés".
    initials: Vec<String>,
}

impl Names {
    /// It is written in capitals, or no word that the rules know.
    fn shortened(&self, piece: &Piece, at: usize) -> bool {
        let passage = &piece.passage;
        let capitals = || passage.words_of(at..at + 1).chars().all(char::is_uppercase);
        self.initials.iter().any(|i| i == passage.word(at)) && (passage.id(at) == 0 || capitals())
    }
}

/// The words of each workshop's name, and its first letters, that no other shares.
fn telling_words(page: &Page<'_>, event: &Event) -> Vec<Names> {
    let of = |number: u32, title: &str| {
        let folded = crate::text::fold(title);
        let words: Vec<String> = crate::text::tokens(&folded).into_iter().map(|t| t.word).collect();
        let initials = initials(&words);
        let telling = |w: &String| w.len() > 3 && !page.pack.listed("dull-workshop-words", w);
        Names { number, words: words.into_iter().filter(telling).collect(), initials }
    };
    let all: Vec<Names> = event.workshops.iter().map(|w| of(w.number, &w.title)).collect();
    let shared = |word: &String| all.iter().filter(|n| n.words.iter().any(|w| like(w, word))).count() > 1;
    let alike = |short: &String| all.iter().filter(|n| n.initials.contains(short)).count() > 1;
    all.iter()
        .map(|names| Names {
            number: names.number,
            words: names.words.iter().filter(|w| !shared(w)).cloned().collect(),
            initials: names.initials.iter().filter(|i| !alike(i)).cloned().collect(),
        })
        .collect()
}

/// The first letters of three to five words that stand together, the least ones ("l", "d") left out, or all short ones.
fn initials(words: &[String]) -> Vec<String> {
    let mut out = BTreeSet::new();
    let tokens = |least: usize| -> Vec<&String> {
        words.iter().filter(|w| w.len() > least && w.starts_with(char::is_alphabetic)).collect()
    };
    for tokens in [tokens(1), tokens(3)] {
        for many in 3..=5 {
            for run in tokens.windows(many) {
                let ends = |w: Option<&&String>| w.is_some_and(|w| w.len() > 3);
                if ends(run.first()) && ends(run.last()) {
                    out.insert(run.iter().filter_map(|w| w.chars().next()).collect::<String>());
                }
            }
        }
    }
    out.into_iter().collect()
}

/// Of each workshop, the lists of words of one theme ("loger", "toit") that its name has a word of, and no other has.
fn families<'a>(page: &Page<'a>, event: &Event) -> Vec<(u32, &'a str)> {
    let mut found: Vec<(u32, &str)> = Vec::new();
    for workshop in &event.workshops {
        let passage = Passage::new(&workshop.title, page.pack);
        for at in 0..passage.len() {
            let lists =
                page.pack.lexicon.at(&passage, at, passage.len()).filter_map(|h| page.pack.lexicon.name(h.list));
            for list in lists.filter(|l| l.starts_with(FAMILY)) {
                if !found.contains(&(workshop.number, list)) {
                    found.push((workshop.number, list));
                }
            }
        }
    }
    let shared = |list: &str| found.iter().filter(|(_, l)| *l == list).count() > 1;
    found.iter().filter(|(_, l)| !shared(l)).copied().collect()
}

/// How the lists of words of one theme are called.
const FAMILY: &str = "theme-";

/// A word of a list begins here.
fn akin(page: &Page<'_>, piece: &Piece, at: usize, list: &str) -> bool {
    page.pack.lexicon.end(&piece.passage, at, piece.passage.len(), list).is_some()
}

/// The same word but for its ending: "dénoncer", "dénonciation"; "autre", "autrement".
fn like(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let common = a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    let rest = if common > 5 { 4 } else { 2 };
    common >= 5 && common + rest >= a.len().min(b.len())
}
