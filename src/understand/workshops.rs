//! Workshops and themes: chosen by number, by place in the list, by name or by a word of the name.
//!
//! Everything it knows of a workshop comes from the configuration.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::event::Event;
use crate::rules::passage::{Clause, Note, Passage};
use crate::rules::scan::Finding;
use crate::rules::template::{Slot, Words};

use super::contributions::in_dish;
use super::page::{Page, Piece};
use super::quoted::Asks;

/// The workshops chosen for an event.
pub fn workshops(page: &Page<'_>, event: usize) -> Vec<u32> {
    let Some(announced) = page.config.events.get(event).filter(|e| !e.workshops.is_empty()) else { return Vec::new() };
    let mut out = BTreeSet::new();
    let mut except = BTreeSet::new();
    for piece in &page.pieces {
        by_label(page, piece, announced, &mut out);
        by_place(page, piece, announced, &mut out);
        bare_pair(page, piece, announced, &mut out);
        by_name(page, piece, event, announced, &mut out);
        under_quote(page, piece, announced, &mut out);
        for finding in &piece.scan.found {
            match says(page, finding) {
                "every" => {
                    // "Un par atelier", "un à chacun des quatre ateliers": one is no count of them.
                    let told = numbers(piece, finding.words.clone()).filter(|n| *n > 1).max();
                    let fits = told.is_none_or(|n| n as usize == announced.workshops.len());
                    if fits && finding.plain() && counts(page, piece, finding.words.start) {
                        out.extend(announced.workshops.iter().map(|w| w.number));
                    }
                    continue;
                }
                "all" => out.extend(announced.workshops.iter().map(|w| w.number)),
                "except" => {}
                _ => continue,
            }
            except.extend(numbers(piece, finding.words.clone()));
        }
    }
    if out.is_empty() {
        before(page, announced, &mut out);
    }
    out.difference(&except).copied().collect()
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
    let days: Vec<(Range<usize>, u32)> = passage
        .notes
        .iter()
        .filter(|n| n.rule == "the-number" && n.value == super::event::ELSEWHERE)
        .filter(|n| counts(page, piece, n.words.start) && !refused(n.words.start))
        .filter(|n| !n.words.clone().any(|at| dropped(page, piece, at)))
        .filter_map(|n| numbers(piece, n.words.clone()).next().map(|number| (n.words.clone(), number)))
        .filter(|(_, number)| known(event, *number))
        .collect();
    let answered = |at: usize| {
        let clause = passage.clause_at(at);
        piece
            .scan
            .found
            .iter()
            .any(|f| Some(f.clause) == clause && page.rule(f).is_some_and(|r| r.field == "attendance"))
    };
    for ((first, one), (second, other)) in days.iter().zip(days.iter().skip(1)) {
        // Nothing but "et", "ou" or a comma stands between, or who takes it: "Zoé fait le 1, Paul le 2".
        let apart = second.start.saturating_sub(first.end);
        let spoken = answered(first.start) || answered(second.start);
        if apart <= 1 || (apart <= 3 && !spoken) {
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
    let speaks =
        |f: &Finding| matches!(says(page, f), "frame" | "drop" | "ordinal") && Some(piece.sentence(f)) == sentence;
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
    closed && spoken(page, piece, words.start) && piece.scan.found.iter().any(answers)
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
        let spelt = |at: usize| page.pack.value("ordinals", piece.passage.word(at));
        let figure = |at: usize| piece.passage.number(at).map(|(n, _)| i64::from(n));
        let ordinal = finding.words.clone().find_map(spelt);
        let number = finding.words.clone().find_map(figure);
        // "Les deux premiers": so many; "2e atelier": the number is the place.
        let many = ordinal.and(number).and_then(|n| usize::try_from(n).ok()).unwrap_or(1);
        let count = event.workshops.len();
        let first = match ordinal.or(number) {
            Some(99) => count.checked_sub(many),
            Some(n) => usize::try_from(n - 1).ok(),
            None => None,
        };
        let taken = !dropped(page, piece, finding.words.start) && counts(page, piece, finding.words.start);
        if let Some(first) = first.filter(|_| taken) {
            out.extend(event.workshops.iter().skip(first).take(many).map(|w| w.number));
        }
    }
}

/// Words of a workshop's name: where something is chosen ("au pressage"), in a clause that speaks of workshops, or in one
/// that says little else. One telling word is enough there when no other workshop shares it.
fn by_name(page: &Page<'_>, piece: &Piece, of: usize, event: &Event, out: &mut BTreeSet<u32>) {
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
        if scores.is_empty() && framed_here && !numbered {
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
                    || telling
                        .iter()
                        .any(|(_, words)| words.iter().any(|w| if alone { word == w } else { like(word, w) }))
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

fn scores(page: &Page<'_>, piece: &Piece, clause: &Clause, telling: &[(u32, Vec<String>)], ours: bool) -> Vec<Score> {
    let weak = |at: &usize| page.pack.listed("weak-workshop-words", piece.passage.word(*at));
    let of = |(number, words): &(u32, Vec<String>)| {
        let hit = |at: &usize| words.iter().any(|w| like(piece.passage.word(*at), w));
        let hits: Vec<usize> =
            clause.words.clone().filter(hit).filter(|at| !in_dish(&piece.passage, page.pack, *at)).collect();
        let own: Vec<usize> = hits.iter().copied().filter(|at| !weak(at)).collect();
        // "Cuisine pour les bénévoles": an everyday word that opens the name chooses where somebody goes there.
        let head = |at: &usize| words.first().is_some_and(|w| like(piece.passage.word(*at), w));
        let goes = hits.iter().any(|at| head(at) && goes_to(page, piece, clause, *at));
        let placed = ours && (goes || own.iter().any(|at| placed(page, piece, clause, *at)));
        Score { number: *number, hits: hits.len(), own: own.len(), placed }
    };
    telling.iter().map(of).filter(|s| s.hits > 0).collect()
}

/// "Au pressage", "pour la taille", "elle veut greffer", "pressage pour tout le monde": a word of a name where people say
/// what they choose.
fn placed(page: &Page<'_>, piece: &Piece, clause: &Clause, at: usize) -> bool {
    let before =
        |n: usize| at.checked_sub(n).filter(|b| clause.words.contains(b)).map_or("", |b| piece.passage.word(b));
    let little = (1..4).take_while(|n| page.pack.listed("before-workshop", before(*n))).count();
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

/// The words of each workshop's name that no other shares, folded and without endings.
fn telling_words(page: &Page<'_>, event: &Event) -> Vec<(u32, Vec<String>)> {
    let words = |title: &str| -> Vec<String> {
        let folded = crate::text::fold(title);
        let tokens = crate::text::tokens(&folded);
        let telling = |w: &String| w.len() > 3 && !page.pack.listed("dull-workshop-words", w);
        tokens.into_iter().map(|t| t.word).filter(telling).collect()
    };
    let all: Vec<(u32, Vec<String>)> = event.workshops.iter().map(|w| (w.number, words(&w.title))).collect();
    let shared = |word: &String| all.iter().filter(|(_, ws)| ws.iter().any(|w| like(w, word))).count() > 1;
    all.iter().map(|(n, ws)| (*n, ws.iter().filter(|w| !shared(w)).cloned().collect())).collect()
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

/// "le 2" under a list of themes: read as a day at first, but no event's day.
fn bare_day(passage: &Passage, at: usize) -> bool {
    let day = |n: &Note| n.rule == "the-number" && n.value == super::event::ELSEWHERE && n.words.contains(&at);
    passage.notes.iter().any(day)
}

/// Under the quoted list of themes: a number, a name or "moi" answers about the line right above.
fn under_quote(page: &Page<'_>, piece: &Piece, event: &Event, out: &mut BTreeSet<u32>) {
    let Some(quoted) = &piece.quoted else { return };
    let ours = |of: usize| page.config.events.get(of).is_some_and(|e| e.id == event.id);
    if (quoted.listed.is_empty() && !quoted.workshops) || !quoted.events.iter().any(|e| ours(*e)) {
        return;
    }
    let passage = &piece.passage;
    let short = passage.len() <= 30;
    let numbers: Vec<u32> = (0..passage.len())
        .filter(|at| passage.word(*at).starts_with(|c: char| c.is_ascii_digit()))
        .filter(|at| passage.count(*at).is_some() || bare_day(passage, *at))
        .filter(|at| counts(page, piece, *at) && !dropped(page, piece, *at))
        .filter_map(|at| passage.number(at).map(|(n, _)| n))
        .filter(|n| known(event, *n))
        .collect();
    if short && !numbers.is_empty() {
        out.extend(numbers);
        return;
    }
    // "Ma femme", "moi", "c'est là que je m'inscris" right below one theme; a word of it chooses one of the whole list.
    let whole = quoted.listed.len() >= event.workshops.len();
    let words = if whole { SHORT } else { CHOICE };
    let asked = passage.clauses.iter().any(|c| c.asked);
    if passage.len() > words || asked || refused(page, piece) || (whole && !out.is_empty()) {
        return;
    }
    if let Asks::Workshop(of, number) = quoted.asks
        && ours(of)
    {
        out.insert(number);
    }
}

/// Words of a choice right below the whole list; right below one workshop.
const SHORT: usize = 6;
const CHOICE: usize = 14;

/// "Non", "ni l'une ni l'autre": nobody chooses it.
fn refused(page: &Page<'_>, piece: &Piece) -> bool {
    let negates = |rule: usize| page.pack.rules.get(rule).is_some_and(|r| r.says("does") == "negate");
    let says_no = |rule: usize| {
        page.pack.rules.get(rule).is_some_and(|r| {
            (r.field == "attendance" && r.says("attendance") == "no")
                || (r.field == "events" && r.says("is") == "nobody")
        })
    };
    piece.scan.operators.iter().any(|o| negates(o.rule)) || piece.scan.found.iter().any(|f| says_no(f.rule))
}
