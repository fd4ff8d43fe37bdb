//! What tells who the persons just named are: "(Zoé, Malo)", ", notre présidente,", ": X, Y et moi", "dont moi".
//!
//! Never counts them twice: a list explains a number, an office or a noun beside a name is the same person.

use crate::rules::pack::Pack;
use crate::rules::passage::Passage;
use crate::rules::template::Words;

use super::MOST;
use super::name::capitals;
use super::party::{Party, member, party_in, party_within, tail};
use super::person;

/// Words between a group and the bracket that tells its number.
const NAMED: usize = 5;

/// What follows a member and tells who they are: "(Zoé, Malo)", ", notre présidente,", ": X, Y et moi", "dont moi".
/// Returns where it ends.
pub(super) fn explained(passage: &Passage, pack: &Pack, whole: &mut Party, start: usize, limit: usize) -> usize {
    let sign = passage.word(whole.end);
    let inside = whole.end + 1;
    // "notre groupe solidarité (6 élèves et leur professeur)": a group may have a name of its own.
    let open = (whole.end..limit.min(whole.end + NAMED)).find(|w| !passage.word(*w).starts_with(char::is_alphabetic));
    let open = open.filter(|w| passage.word(*w) == "(" && (*w == whole.end || whole.people.is_none()));
    let does = |w: usize| ["a-verb", "one-does"].iter().any(|p| pack.phrase(passage, p, w).is_some());
    if let Some(open) = open.filter(|o| !(whole.end..*o).any(does)) {
        whole.end = open;
        return bracket(passage, pack, whole, limit);
    }
    if pack.phrase(passage, "of-them", whole.end).is_some_and(|e| e <= limit) {
        let start = pack.phrase(passage, "of-them", whole.end).unwrap_or(inside);
        if let Some(part) = party_in(passage, pack, start) {
            whole.me |= part.me;
            return part.end;
        }
        return whole.end;
    }
    if !matches!(sign, "," | ":") {
        return whole.end;
    }
    if !whole.names && whole.people.is_none_or(|n| n > 1) {
        return named_after(passage, pack, whole, start, inside);
    }
    if let Some(same) = (sign == ",").then(|| apposition(passage, pack, whole, inside, limit)).flatten() {
        whole.keys.extend(same.keys);
        return same.end;
    }
    if whole.names && sign == "," {
        return office(passage, pack, whole, inside, limit);
    }
    whole.end
}

/// "deux chefs d'équipe, MM. Chanal et Touré", "trois camarades : X, Y et moi", "quatre : trois adultes et un bébé".
fn named_after(passage: &Passage, pack: &Pack, whole: &mut Party, first: usize, start: usize) -> usize {
    let Some(list) = party_in(passage, pack, start) else { return whole.end };
    let colon = passage.word(whole.end) == ":";
    // "Mes deux garçons, ma belle-mère et moi" are four.
    if !colon && pack.listed("mine", passage.word(start)) {
        return whole.end;
    }
    // "Nos deux ados, Ibrahim et moi": none of mine is me.
    if !colon && list.me && pack.listed("mine", passage.word(first)) {
        return whole.end;
    }
    // "Les jumelles, papi et moi": a number of their own explains nobody else.
    let told = (first..whole.end).any(|w| passage.count(w).is_some());
    if !colon && list.me && whole.people.is_some() && !told {
        return whole.end;
    }
    // "La famille Morin, 2 adultes et 3 enfants."
    let group = passage.count(start).is_some() && !list.me && whole.keys.iter().any(|k| pack.listed("groups", k));
    // "Deux adultes, une ado et un petit": by their age each is another.
    let aged = |k: &String| pack.listed("ages-of-persons", k);
    if !colon && !list.me && !list.names && whole.keys.iter().any(aged) && list.keys.iter().all(aged) {
        return whole.end;
    }
    match whole.people {
        // "Deux adultes, deux enfants": another such number is no explanation.
        Some(n) if list.people == Some(n) && (colon || list.names || list.me || list.members > 1) => {}
        Some(_) if !colon => return whole.end,
        // "les petits : Zoé et Malo".
        None if list.names || colon || group => whole.people = list.people,
        None => return whole.end,
        Some(_) => {}
    }
    whole.me |= list.me;
    whole.keys.extend(list.keys);
    list.end
}

/// "Odile Blanc, une amie du quartier, qui…", "mon frère, Luc": a name and a noun that a comma joins are one person,
/// unless a list goes on behind them.
fn apposition(passage: &Passage, pack: &Pack, whole: &Party, inside: usize, limit: usize) -> Option<Party> {
    let next = member(passage, pack, inside, limit).filter(|n| n.people == Some(1) && !n.me)?;
    // "Notre curé, le père Xavier".
    let called = !whole.names && next.keys.len() > 1 && !pack.listed("mine", passage.word(inside));
    let called = called
        && pack.phrase(passage, "party-joint", next.end).is_none_or(|e| member(passage, pack, e, limit).is_none());
    // "Zarifa, son frère Hamid": two names are two persons.
    let another = whole.names && next.keys.len() > 1 && capitals(passage, next.end - 1, limit) > next.end - 1;
    let same = next.names == whole.names && !called || next.keys.is_empty() || another;
    if whole.me || whole.people != Some(1) || same {
        return None;
    }
    // "Odette Blanc", though "blanc" is a word of its own.
    let end = if next.names { capitals(passage, next.end, limit) } else { next.end };
    let next = Party { end, ..next };
    let word = passage.word(next.end);
    let after = if word == "," { next.end + 1 } else { next.end };
    let goes_on = word == "," && member(passage, pack, after, limit).is_some();
    let closes = next.end >= limit || matches!(word, "," | ")" | "." | ";") || pack.listed("relatives", word);
    let done = closes || pack.phrase(passage, "comes", next.end).is_some();
    (done && !goes_on).then_some(next)
}

/// "M. Perez, conseiller délégué, et moi": the office of the one just named, closed by a comma or the sentence.
pub(super) fn office(passage: &Passage, pack: &Pack, whole: &Party, start: usize, limit: usize) -> usize {
    let mut at = start;
    while at < limit && pack.listed("office-determiners", passage.word(at)) {
        at += 1;
    }
    let Some(who) = person::at(passage, pack, at, limit) else { return whole.end };
    let end = tail(passage, pack, who.end, limit);
    let closes = |end: usize| end >= limit || end == whole.end || matches!(passage.word(end), "," | ")" | "." | ";");
    // "Aïcha, aide-soignante dans mon équipe, ira …".
    let told = || pack.listed("modifies", passage.word(end)).then(|| closing(passage, pack, end, limit)).flatten();
    let end = if closes(end) { end } else { told().unwrap_or(end) };
    if closes(end) && !who.kin { end } else { whole.end }
}

/// The comma that closes what tells of somebody, behind no verb and no other subject.
fn closing(passage: &Passage, pack: &Pack, start: usize, limit: usize) -> Option<usize> {
    let comma = (start..limit.min(start + NAMED)).find(|w| passage.word(*w) == ",")?;
    let listed =
        |w: usize| ["i", "we-pronouns", "they", "relatives", "adds-me"].iter().any(|l| pack.listed(l, passage.word(w)));
    let does = |w: usize| ["comes", "one-does"].iter().any(|p| pack.phrase(passage, p, w).is_some());
    (pack.phrase(passage, "comes", comma + 1).is_some() && !(start..comma).any(|w| listed(w) || does(w)))
        .then_some(comma)
}

/// "(Zoé, Malo)", "(8 et 5 ans)", "(M. Sicard et moi-même)".
fn bracket(passage: &Passage, pack: &Pack, whole: &mut Party, limit: usize) -> usize {
    let start = whole.end + 1;
    // "(ils sont deux)".
    let start = pack.phrase(passage, "they-are", start).unwrap_or(start);
    let close = (start..limit.min(start + 16)).find(|at| passage.word(*at) == ")");
    // "Mes apprentis (cinq ce trimestre)".
    let number = passage.count(start).filter(|(n, _)| whole.people.is_none() && (2..=MOST).contains(n));
    let counts = (start..close.unwrap_or(start)).filter(|w| passage.number(*w).is_some()).count() == 1;
    whole.people = number.filter(|_| counts).map(|(n, _)| n).or(whole.people);
    // "Les petites (3 et 5 ans)": an age for each.
    let closed = close.unwrap_or(limit);
    let aged = closed > start && pack.listed("age-words", passage.word(closed - 1));
    if aged && whole.people.is_none() {
        let digit = |w: usize| passage.word(w).starts_with(|c: char| c.is_ascii_digit());
        let ages = (start..closed).filter(|w| digit(*w) || passage.number(*w).is_some());
        whole.people = u32::try_from(ages.count()).ok().filter(|n| *n > 1);
        return close.map_or(limit, |c| c + 1);
    }
    if let Some(list) = party_within(passage, pack, start, close.unwrap_or(limit)) {
        if whole.people.is_none() || whole.names && list.me {
            whole.people = list.people.or(whole.people);
        }
        whole.me |= list.me;
        if !whole.names {
            whole.keys.extend(list.keys);
        }
    }
    close.map_or(whole.end, |c| c + 1)
}
