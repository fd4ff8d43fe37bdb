//! Persons by what is said of them, whatever their noun: who goes along ("accompagnée d'un séminariste"), who comes ("huit
//! boulistes prendront place"), who is brought beside a thing ("un cake et ma cousine").
//!
//! Never takes a thing that the rules know.

use crate::rules::template::Words;

use super::super::page::{Page, Piece};
use super::comers::{beside, closes};
use super::party::{Party, party};
use super::{MOST, person, totals};

/// Words that a thing may take before a person is named beside it.
pub(super) const THING: usize = 8;
/// As many, where the words lead persons as often as things.
pub(super) const NEAR: usize = 5;

/// "Accompagnée d'un séminariste": whatever the noun, who goes along so is a person.
pub(super) fn surely(page: &Page<'_>, piece: &Piece, at: usize, start: usize) -> Option<Party> {
    let (passage, pack) = (&piece.passage, page.pack);
    pack.phrase(passage, "surely-persons", at).filter(|e| *e == start)?;
    // "Accompagnée du secrétaire."
    if start.checked_sub(1).is_some_and(|b| pack.listed("of-the", passage.word(b))) {
        let who = person::at(passage, pack, start, passage.len())?;
        return Some(Party { keys: vec![who.key], ..Party::member(who.people, who.end) });
    }
    let (n, mut noun) =
        passage.count(start).or_else(|| pack.listed("mine", passage.word(start)).then_some((1, start + 1)))?;
    while pack.listed("small-adjectives", passage.word(noun)) {
        noun += 1;
    }
    let word = passage.word(noun);
    let thing = person::stuff(passage, pack, noun, passage.len()) || pack.listed("no-head", word);
    let plural = pack.ends_like("plural-endings", word);
    let fits = (1..=MOST).contains(&n) && (n > 1 || pack.listed("one-determiners", passage.word(start)));
    let alike = n == 1 || plural;
    (fits && alike && !thing && word.starts_with(char::is_alphabetic))
        .then(|| Party { keys: vec![word.to_owned()], ..numbered(n, noun + 1) })
}

/// "avec ma canne et mon voisin": a person behind a thing.
pub(super) fn behind(page: &Page<'_>, piece: &Piece, start: usize, reach: usize) -> Option<Party> {
    let (passage, pack) = (&piece.passage, page.pack);
    if !pack.listed("determiners", passage.word(start)) {
        return None;
    }
    let joint = (start + 2..start + reach).find(|w| pack.listed("party-joints", passage.word(*w)))?;
    let at =
        pack.phrase(passage, "party-joint", joint).filter(|_| passage.clause_at(joint) == passage.clause_at(start))?;
    party(passage, pack, at).filter(|p| pack.phrase(passage, "one-does", p.end).is_none())
}

/// "… et ma cousine": somebody of the sender's own, with whom the sentence or clause closes.
pub(super) fn own(page: &Page<'_>, piece: &Piece, found: &Party) -> bool {
    let (passage, pack) = (&piece.passage, page.pack);
    let lead = (found.end.saturating_sub(THING)..found.end)
        .any(|w| pack.listed("mine", passage.word(w)) && party(passage, pack, w).is_some_and(|p| p.end == found.end));
    lead && !found.me && closes(passage, page, found.end)
}

/// "Un militant, en l'occurrence moi": one of those named is the sender.
pub(super) fn myself(page: &Page<'_>, piece: &Piece, found: Party) -> Party {
    let (passage, pack) = (&piece.passage, page.pack);
    let last = found.end.checked_sub(1).and_then(|w| passage.clause_at(w)).and_then(|c| passage.clauses.get(c));
    let rest = found.end..last.map_or(0, |c| passage.sentence(c.sentence).end);
    let told = rest.clone().any(|w| pack.phrase(passage, "that-is-me", w).is_some());
    Party { me: found.me || told, ..found }
}

pub(super) fn numbered(n: u32, end: usize) -> Party {
    Party { people: Some(n), me: false, end, keys: Vec::new(), names: false, members: 1, loose: true, ours: false }
}

/// "Huit boulistes prendront place", "Nos dix-huit louveteaux et leurs quatre cheftaines monteront": whatever the noun, who
/// comes is a person.
pub(super) fn subject(page: &Page<'_>, piece: &Piece, at: usize) -> Option<Party> {
    let (passage, pack) = (&piece.passage, page.pack);
    let (n, mut end) = passage.count(at).filter(|(n, _)| (2..=MOST).contains(n))?;
    let before = at.checked_sub(1).map_or("", |b| passage.word(b));
    let part = ["of", "no-subject-before", "relatives"].iter().any(|l| pack.listed(l, before));
    // "Sur les quinze membres, six viendront."
    if part || totals::others(page, piece, at) {
        return None;
    }
    // "Les élus de Solidaires 26 viendront": figures right behind a word are its label.
    let figures = passage.word(at).starts_with(|c: char| c.is_ascii_digit());
    let led = ["determiners", "party-joints", "small-adjectives"].iter().any(|l| pack.listed(l, before));
    if figures && !led && before.starts_with(char::is_alphabetic) && passage.clause_at(at - 1) == passage.clause_at(at)
    {
        return None;
    }
    let clause = passage.clause_at(at).and_then(|c| passage.clauses.get(c))?;
    let mut total = n;
    for _ in 0..9 {
        if end >= clause.words.end {
            break;
        }
        if pack.phrase(passage, "they-come", end).is_some() {
            return Some(numbered(total, end));
        }
        if pack.listed("party-joints", passage.word(end)) {
            let next = (end + 1..end + 3).find_map(|w| passage.count(w));
            if let Some((more, after)) = next {
                total += more;
                end = after;
                continue;
            }
        }
        end += 1;
    }
    None
}

/// "Je viens avec toute la smalah": somebody or something that no rule knows stands beside the sender.
pub fn stranger(page: &Page<'_>, at: (usize, usize)) -> bool {
    let Some(piece) = page.pieces.get(at.0) else { return false };
    let (passage, pack) = (&piece.passage, page.pack);
    piece.passage.sentence(at.1).any(|w| {
        let Some(start) = pack.phrase(passage, "with", w) else { return false };
        let mut head = start;
        while pack.listed("own-determiners", passage.word(head))
            || pack.listed("small-adjectives", passage.word(head))
            || passage.count(head).is_some()
        {
            head += 1;
        }
        let unknown = passage.id(head) == 0 && passage.word(head).starts_with(char::is_alphabetic);
        let thing = pack.lexicon.longest(passage, head, passage.len(), |_| true).is_some();
        head > start && unknown && !thing && party(passage, pack, start).is_none() && beside(piece, page, w)
    })
}
