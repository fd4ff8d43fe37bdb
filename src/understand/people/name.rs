//! Persons by their names: "Mme Odile Perrachon", "ROUX Josiane", "steph + nath", "les Doux", "Avec Madame".
//!
//! Never takes a name typed without its capital where no person is wanted.

use crate::rules::pack::Pack;
use crate::rules::passage::Passage;
use crate::rules::template::{Slot, Words};

use super::party::{Party, tail};
use super::person;

/// Words that one title of several may lead: "MM. Duval, Perrot, Lemaire et Petit".
const TITLED: usize = 9;

/// "Mme Odile Perrachon", "Idris", "M. Alain Chirouze", "les Doux".
pub(super) fn name(passage: &Passage, pack: &Pack, start: usize, limit: usize) -> Option<Party> {
    // "Ben oui".
    if pack.phrase(passage, "no-name-here", start).is_some() {
        return None;
    }
    let mut at = start;
    while at < limit && (pack.listed("titles", passage.word(at)) || (at > start && passage.word(at) == ".")) {
        at += 1;
    }
    let titled = at > start;
    let mut keys = Vec::new();
    let end = skip_names(passage, pack, at, limit, &mut keys);
    if end > at {
        return Some(Party { keys, names: true, ..Party::member(Some(1), end) });
    }
    // "Monsieur et Madame Roux", "Mme et M. Chaix".
    let joined = pack.listed("party-joints", passage.word(at)) && passage.word(at) != ",";
    if titled && (joined || pack.listed("of", passage.word(at))) {
        let end = tail(passage, pack, at, limit);
        return Some(Party { keys, names: true, ..Party::member(Some(1), end) });
    }
    // "Avec Madame."
    let alone = start.checked_sub(1).is_some_and(|b| pack.listed("bare-after", passage.word(b)))
        && pack.listed("titles-alone", passage.word(start));
    (alone && end == start + 1)
        .then(|| Party { keys: vec![passage.word(start).to_owned()], ..Party::member(Some(1), end) })
}

/// "Les Arnal": a family by its name, of whom nobody says how many they are; no "Restos du …".
pub(super) fn family(passage: &Passage, pack: &Pack, start: usize, limit: usize) -> Option<Party> {
    let at = start + 1;
    let end = passage.slot(at, Slot::Name).filter(|e| *e <= limit && passage.capital(at))?;
    let named = pack.listed("family-articles", passage.word(start)) && passage.slot(at, Slot::Event).is_none();
    let other = pack.lexicon.longest(passage, at, limit, |_| true).is_some() || pack.listed("of", passage.word(end));
    let keys = vec![passage.word(at).to_owned()];
    // "Les U13."
    let letters = passage.word(at).len() > 2 && passage.word(at).chars().all(char::is_alphabetic);
    (named && letters && !other).then(|| Party { keys, ..Party::member(None, end) })
}

/// "Le père Xavier": a determiner before a title and its name; "M. le Maire": a title before an office.
pub(super) fn titled(passage: &Passage, pack: &Pack, start: usize, limit: usize) -> Option<Party> {
    if pack.listed("determiners", passage.word(start)) && pack.listed("titles", passage.word(start + 1)) {
        return name(passage, pack, start + 1, limit);
    }
    // "Mon inséparable Lulu", "ma Josette".
    let small = (start + 1..limit).find(|w| !pack.listed("small-adjectives", passage.word(*w))).unwrap_or(limit);
    let dear = pack.listed("mine", passage.word(start)) && pack.listed("first-names", passage.word(small));
    if dear && small < limit && passage.capital(small) {
        return name(passage, pack, small, limit);
    }
    let dot = usize::from(passage.word(start + 1) == ".");
    let office =
        pack.listed("titles", passage.word(start)) && pack.listed("office-determiners", passage.word(start + 1 + dot));
    let who = office.then(|| person::at(passage, pack, start + 2 + dot, limit)).flatten()?;
    let end = tail(passage, pack, who.end, limit);
    Some(Party { keys: vec![who.key], ..Party::member(Some(1), end) })
}

/// "steph + nath", "avec sylvie", "sylvie et moi": a first name typed without its capital, where a person is wanted.
pub(super) fn small_name(passage: &Passage, pack: &Pack, start: usize) -> Option<Party> {
    let (word, next) = (passage.word(start), passage.word(start + 1));
    let before = start.checked_sub(1).map_or("", |b| passage.word(b));
    // "moi et ludo": whoever stands beside the sender, when no rule knows the word.
    let me = |w: usize| pack.listed("me", passage.word(w)) && pack.listed("adds-me", passage.word(w + 1));
    let known = pack.listed("first-names", word);
    let strange = word.starts_with(char::is_alphabetic) && (passage.id(start) == 0 || known) && word.len() > 2;
    if strange && start > 1 && me(start - 2) {
        return Some(Party { keys: vec![word.to_owned()], names: true, ..Party::member(Some(1), start + 1) });
    }
    // "avec oumar et alseny": an unknown word that ends the clause behind a name.
    let closed = !next.starts_with(char::is_alphanumeric) || passage.clause_at(start + 1) != passage.clause_at(start);
    let behind = start > 1
        && pack.listed("adds-me", before)
        && (pack.listed("first-names", passage.word(start - 2)) || passage.slot(start - 2, Slot::Name).is_some());
    let plural = pack.ends_like("plural-endings", word);
    if strange && !known && behind && closed && !plural && !person::stuff(passage, pack, start, passage.len()) {
        return Some(Party { keys: vec![word.to_owned()], names: true, ..Party::member(Some(1), start + 1) });
    }
    if !known {
        return None;
    }
    let joined = next == ":"
        || pack.listed("adds", next)
        || pack.listed("party-joints", next) && pack.listed("me", passage.word(start + 2));
    // "oui je passe et gilles aussi"
    let also = pack.listed("before-names", before) && pack.phrase(passage, "name-also", start + 1).is_some();
    // "Mes deux cousins et samuel."
    let led = pack.listed("adds-me", before) && !next.starts_with(char::is_alphanumeric);
    let listed = led && start > 1 && person::at(passage, pack, start - 2, start).is_some();
    let wanted = pack.listed("bare-after", before) || joined || also || listed;
    let keys = vec![word.to_owned()];
    wanted.then(|| Party { keys, names: true, ..Party::member(Some(1), start + 1) })
}

/// Names, with titles and initials among them.
pub(super) fn skip_names(passage: &Passage, pack: &Pack, start: usize, limit: usize, keys: &mut Vec<String>) -> usize {
    let mut at = start;
    let mut end = start;
    for _ in 0..6 {
        if at >= limit {
            break;
        }
        let word = passage.word(at);
        if let Some(next) = passage.slot(at, Slot::Name) {
            keys.push(word.to_owned());
            at = next;
            end = at;
        } else if shouted(passage, pack, at) || surname(passage, pack, at) {
            keys.push(word.to_owned());
            at += 1;
            end = at;
        } else if pack.listed("titles", word) || (at > start && word == ".") || pack.listed("name-particles", word) {
            at += 1;
        } else {
            break;
        }
    }
    end
}

/// "Mme Blanc", "MM. Boulanger et Petit": whatever a word with a capital means elsewhere, behind a title it is a name.
fn surname(passage: &Passage, pack: &Pack, at: usize) -> bool {
    let dot = usize::from(at > 1 && passage.word(at - 1) == ".");
    let title = at.checked_sub(1 + dot).filter(|t| pack.listed("titles-before-names", passage.word(*t)));
    // "MM. Caron et Petit".
    let joint = at.checked_sub(1).is_some_and(|b| pack.listed("party-joints", passage.word(b)));
    let plural = joint && (at.saturating_sub(TITLED)..at).any(|w| pack.listed("plural-titles", passage.word(w)));
    // "Nadine Serre": behind a first name.
    let line = || passage.words_of(at.saturating_sub(1)..at + 1).contains('\n');
    let dated = [Slot::Date, Slot::Event].iter().any(|s| passage.slot(at, *s).is_some());
    let behind = at.checked_sub(1).is_some_and(|b| pack.listed("first-names", passage.word(b)) && passage.capital(b));
    let behind = behind && !dated && passage.clause_at(at - 1) == passage.clause_at(at) && !line();
    let small = |w: usize| passage.words_of(w..w + 1).chars().any(char::is_lowercase);
    (title.is_some() || plural || behind || enumerated(passage, pack, at) && !dated)
        && passage.capital(at)
        && small(at)
        && passage.word(at).starts_with(char::is_alphabetic)
}

/// "Zélie, Marin et moi": a word with a capital between two joints, of which one leads to the sender or to a first name.
fn enumerated(passage: &Passage, pack: &Pack, at: usize) -> bool {
    let joint = |w: usize| pack.listed("party-joints", passage.word(w));
    let somebody = |w: usize| {
        pack.listed("me", passage.word(w)) || pack.listed("first-names", passage.word(w)) && passage.capital(w)
    };
    let unknown = |w: usize| passage.id(w) == 0 && passage.capital(w);
    let led = at.checked_sub(1).is_some_and(joint);
    let before = at.checked_sub(2).is_some_and(somebody);
    let after = joint(at + 1) && (somebody(at + 2) || unknown(at + 2) && joint(at + 3) && somebody(at + 4));
    let after =
        after || passage.id(at) == 0 && joint(at + 1) && passage.capital(at + 2) && joint(at + 3) && somebody(at + 4);
    let me_next = passage.id(at) == 0 && joint(at + 1) && pack.listed("me", passage.word(at + 2));
    led && (after || before && passage.id(at) == 0) || me_next
}

/// "ROUX Josiane", "Josiane ROUX": a name in capitals beside a first name.
fn shouted(passage: &Passage, pack: &Pack, at: usize) -> bool {
    let first = |w: usize| pack.listed("first-names", passage.word(w)) && passage.capital(w);
    let said = passage.words_of(at..at + 1);
    let letters = said.chars().count() > 2 && said.chars().all(char::is_uppercase);
    letters && (first(at + 1) || at.checked_sub(1).is_some_and(first))
}

/// One past the words with capitals that begin at a word.
pub(super) fn capitals(passage: &Passage, at: usize, limit: usize) -> usize {
    let name = |w: &usize| passage.capital(*w) && passage.word(*w).starts_with(char::is_alphabetic);
    at + (at..limit).take_while(|w| name(w) && passage.clause_at(*w) == passage.clause_at(at)).count()
}
