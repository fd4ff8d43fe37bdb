//! The name that stands beside or under the sender's own: nobody writes anything there but whom they speak for, their
//! office or where they live.
//!
//! Needs no word that tells an organisation. Never takes a person, an office, an address or a telephone for one.

use std::ops::Range;

use super::super::page::Page;
use super::name::parts;
use crate::rules::pack::Pack;
use crate::rules::passage::Passage;
use crate::rules::scan::{Finding, scan};
use crate::rules::template::Words;
use crate::text::fold;

/// Words of a person's name at most; those with a hyphen count as two.
const PERSON: usize = 6;
/// Words of an organisation's name at most.
const LONGEST: usize = 12;
/// Lines under the sender's name that are looked at.
const UNDER: usize = 3;
/// Letters of a word that is a name by its capitals only.
const LETTERS: usize = 3;
/// Digits of a postcode.
const POSTCODE: usize = 5;
/// Digits that stand in no name: a telephone, a postcode.
const DIGITS: usize = 3;

/// What stands after the sender's name on its line, or on the lines under it.
pub fn beside(page: &Page<'_>, lines: &[&str]) -> Option<String> {
    let read: Vec<Passage> = lines.iter().map(|l| Passage::new(l, page.pack)).collect();
    read.iter().enumerate().find_map(|(i, line)| {
        let own = parts(line);
        let (first, rest) = own.split_first()?;
        if !signs(page, line, first) {
            return None;
        }
        if address(page.pack, line, rest) {
            return None;
        }
        let here = rest.iter().find_map(|part| group(page, line, part));
        let plain = rest.iter().all(|part| office(page.pack, line, part));
        let under = || {
            let lines = read.iter().skip(i + 1).take(if plain { UNDER } else { 0 });
            let mut lines = lines.filter(|below| !address(page.pack, below, &parts(below)));
            lines.find_map(|below| parts(below).iter().find_map(|part| group(page, below, part)))
        };
        here.or_else(under)
    })
}

/// The part is the sender's name: capitals, one of which the envelope shows too, or a first name or a title before them.
fn signs(page: &Page<'_>, line: &Passage, part: &Range<usize>) -> bool {
    let shown = page.letter.from.as_ref().map_or(String::new(), |f| fold(&f.name));
    let shown: Vec<&str> = shown.split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() >= LETTERS).collect();
    let name = |at: usize| page.pack.listed("first-names", line.word(at));
    let own = |at: usize| shown.contains(&line.word(at)) || name(at);
    let particle =
        |at: usize| ["organisation-inside", "name-particles"].iter().any(|l| page.pack.listed(l, line.word(at)));
    let titled = page.pack.listed("titles", line.word(part.start)) && part.len() > 1;
    (1..=PERSON).contains(&part.len())
        && part.clone().all(|at| line.capital(at) || own(at) || particle(at) || line.word(at) == ".")
        && (titled || part.clone().any(own))
}

/// "Le Clos des Lilas, 26100 Romans", "Les Acacias, bâtiment B": where the sender lives.
fn address(pack: &Pack, line: &Passage, parts: &[Range<usize>]) -> bool {
    let postcode = |at: usize| line.word(at).len() == POSTCODE && line.word(at).chars().all(|c| c.is_ascii_digit());
    housed(pack, line) || parts.iter().any(|part| part.clone().any(postcode))
}

/// "Résidence Le Vercors, bâtiment B".
pub fn housed(pack: &Pack, line: &Passage) -> bool {
    parts(line).iter().any(|part| pack.listed("organisation-housing", line.word(part.start)))
}

/// The part says what the sender is, and not for whom.
fn office(pack: &Pack, line: &Passage, part: &Range<usize>) -> bool {
    let article = usize::from(pack.listed("organisation-article", line.word(part.start)));
    human(pack, line, part.start + article, part.end)
}

/// A word for a person begins there.
fn human(pack: &Pack, line: &Passage, at: usize, end: usize) -> bool {
    let word = line.word(at);
    let many = format!("{word}s");
    // "Amis de Traverse" are many, and a group.
    let person = pack.lexicon.longest(line, at, end, |list| matches!(list, "humans" | "kin"));
    person.is_some_and(|hit| hit.exact)
        || ["first-names", "titles"].iter().any(|l| pack.listed(l, word))
        || pack.ends_like("person-endings", &many) && !pack.listed("not-persons", &many)
}

/// The part is a name, and of no person and no place.
fn group(page: &Page<'_>, line: &Passage, part: &Range<usize>) -> Option<String> {
    let pack = page.pack;
    let words = line.words_of(part.clone()).trim_matches([' ', '.']);
    let written: Vec<&str> = words.split_whitespace().filter(|w| w.chars().any(char::is_alphanumeric)).collect();
    let article = pack.listed("organisation-article", line.word(part.start));
    let digits = written.iter().any(|w| w.chars().filter(char::is_ascii_digit).count() >= DIGITS);
    let strange = words.contains(['@', '"']) || line.number(part.start).is_some();
    let place = pack.listed("organisation-where", line.word(part.start + usize::from(article)));
    if digits || strange || place || part.len() > LONGEST || office(pack, line, part) || role(page, words) {
        return None;
    }
    let capital = |at: usize| line.capital(at);
    // "Max et bébé Jules".
    let joint = |at: usize| pack.listed("party-joints", line.word(at)) && human(pack, line, at + 1, part.end);
    if part.clone().any(joint) {
        return None;
    }
    let letters = |w: &&str| w.chars().filter(|c| c.is_uppercase()).count() >= LETTERS;
    let name = if capital(part.start) {
        let long = written.len() >= if article { 3 } else { 2 };
        (long && !village(pack, line, part)) || written.first().is_some_and(|w| written.len() == 1 && letters(w))
    } else {
        // "gîte de la Jarjatte": a word, and the name it is of.
        let of = |at: usize| ["organisation-of", "organisation-of-the"].iter().any(|l| pack.listed(l, line.word(at)));
        let small = pack.listed("organisation-inside", line.word(part.start));
        let full = (part.start + 1..part.end).find(|at| of(*at)).filter(|at| at - part.start <= 2);
        let known = pack.lexicon.end(line, part.start, part.end, "org-acronym");
        let known = known.is_some_and(|e| e < part.end && line.word(part.start).len() >= LETTERS);
        known || !small && full.is_some_and(|at| (at + 1..part.end).any(capital))
    };
    name.then(|| words.to_owned())
}

/// "La Motte de Galaure", "Romans sur Isère": one name, and another after a small word.
fn village(pack: &Pack, line: &Passage, part: &Range<usize>) -> bool {
    let article = pack.listed("organisation-article", line.word(part.start));
    let joint = part.start + 1 + usize::from(article);
    let joints = if article { "organisation-where-joints" } else { "organisation-where-on" };
    !pack.listed("organisation-plural-article", line.word(part.start))
        && pack.listed(joints, line.word(joint))
        && joint + 2 >= part.end
        && line.capital(joint + 1)
}

/// An office that needs a rule to be told (« chargée de mission »), or something that the sender says of the event.
fn role(page: &Page<'_>, words: &str) -> bool {
    let mut passage = Passage::new(words, page.pack);
    let scan = scan(&mut passage, page.pack);
    let field = |f: &Finding| page.rule(f).map_or("", |r| r.field.as_str());
    scan.found.iter().any(|f| {
        f.words.start == 0 && super::says(page, f) == "role" || matches!(field(f), "attendance" | "contributions")
    })
}
