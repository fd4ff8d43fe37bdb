//! A party: persons joined by "et", commas or "+": "ma femme et mes deux enfants", "Reza et Ali", "nous deux et notre
//! voisine", "six jeunes du foyer et moi-même", "deux chefs d'équipe, MM. Chanal et Touré".
//!
//! Whoever is told twice is counted once: a list of names that explains a number, an office after a name, "dont moi".

use crate::rules::pack::Pack;
use crate::rules::passage::Passage;
use crate::rules::template::{Slot, Words};

use super::person;

/// Persons named together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// How many, the sender included when `me`; `None` when a plural has no number.
    pub people: Option<u32>,
    /// The sender is one of them.
    pub me: bool,
    /// One past the last word.
    pub end: usize,
    /// The words that tell who they are: nouns and names, without plurals.
    pub keys: Vec<String>,
    /// Nothing but names.
    pub names: bool,
    /// How many members were joined.
    pub members: usize,
    /// By nothing but commas.
    pub loose: bool,
    /// "Six d'entre nous": perhaps the sender too.
    pub ours: bool,
}

impl Party {
    /// One member: so many people, up to a word.
    fn member(people: Option<u32>, end: usize) -> Self {
        let (keys, me, names, ours) = (Vec::new(), false, false, false);
        Self { people, me, end, keys, names, members: 1, loose: true, ours }
    }
}

/// Words that a party may run to: a letter's longest list of persons.
const LONGEST: usize = 12;

/// Where the longest match of a phrase of the rules ends.
pub(super) fn phrase(passage: &Passage, pack: &Pack, name: &str, at: usize) -> Option<usize> {
    let node = pack.grammar.names.get(name).and_then(|i| pack.grammar.phrases.get(*i))?;
    pack.grammar.ends(node, passage, at, passage.len()).last().filter(|e| *e > at)
}

/// The party that begins at a word, if one does.
pub fn party(passage: &Passage, pack: &Pack, start: usize) -> Option<Party> {
    let limit = limit(passage, start);
    let mut whole = member(passage, pack, start, limit)?;
    whole.end = explained(passage, pack, &mut whole, limit);
    go_on(passage, pack, &mut whole, limit, true);
    Some(whole)
}

/// Where "et", ", puis" or the like end; in a language that lists single words only, a run of them.
fn joint(passage: &Passage, pack: &Pack, at: usize) -> Option<usize> {
    let run = || (at..passage.len()).find(|w| !pack.listed("party-joints", passage.word(*w))).filter(|e| *e > at);
    if pack.grammar.names.contains_key("party-joint") { phrase(passage, pack, "party-joint", at) } else { run() }
}

/// Joins the members that follow.
fn go_on(passage: &Passage, pack: &Pack, whole: &mut Party, limit: usize, explain: bool) {
    for _ in 0..LONGEST {
        let joint = joint(passage, pack, whole.end).filter(|e| *e <= limit);
        // "six grands deux petits": a number after a person begins another.
        let Some(at) = joint.or_else(|| passage.count(whole.end).map(|_| whole.end)) else { break };
        let Some(mut next) = member(passage, pack, at, limit) else {
            // "Mes deux filles, mon chien et moi."
            let Some(past) = beyond(passage, pack, at, limit) else { break };
            whole.end = past;
            continue;
        };
        // "… avec ma sœur et mon mari garde les petits": the last one does something else.
        let does = if next.me { "i-do" } else { "one-does" };
        // "Ma mère, elle, viendra": the same person.
        let again = passage.word(at - 1) == "," && pack.listed("one-pronoun", passage.word(at));
        if (next.me && whole.me) || again || phrase(passage, pack, does, next.end).is_some() {
            break;
        }
        if explain {
            next.end = explained(passage, pack, &mut next, limit);
        }
        whole.loose &= passage.word(at.saturating_sub(1)) == ",";
        whole.people = whole.people.zip(next.people).map(|(a, b)| a + b);
        whole.me |= next.me;
        whole.names &= next.names;
        whole.end = next.end;
        whole.keys.extend(next.keys);
        whole.members += 1;
    }
}

/// Past something that is no person, where the list goes on with one behind it.
fn beyond(passage: &Passage, pack: &Pack, at: usize, limit: usize) -> Option<usize> {
    if !pack.listed("determiners", passage.word(at)) {
        return None;
    }
    let stop = (at + 2..at + 4).find(|w| joint(passage, pack, *w).is_some_and(|e| e <= limit))?;
    let next = member(passage, pack, joint(passage, pack, stop)?, limit)?;
    let does = if next.me { "i-do" } else { "one-does" };
    phrase(passage, pack, does, next.end).is_none().then_some(stop)
}

/// A party ends with its sentence.
fn limit(passage: &Passage, at: usize) -> usize {
    let clause = passage.clauses.partition_point(|c| c.words.end <= at);
    passage.clauses.get(clause).map_or(passage.len(), |c| passage.sentence(c.sentence).end)
}

fn member(passage: &Passage, pack: &Pack, start: usize, limit: usize) -> Option<Party> {
    if start >= limit {
        return None;
    }
    let plainly = || pack.listed("me", passage.word(start)).then_some(start + 1);
    if let Some(end) = phrase(passage, pack, "myself", start).filter(|e| *e <= limit).or_else(plainly) {
        return Some(Party { me: true, ..Party::member(Some(1), end) });
    }
    if pack.listed("we-pronouns", passage.word(start))
        && let Some((n, end)) = passage.count(start + 1)
    {
        return Some(Party { me: true, ..Party::member(Some(n), end) });
    }
    let named = || name(passage, pack, start, limit).or_else(|| small_name(passage, pack, start));
    noun(passage, pack, start, limit).or_else(named).or_else(|| {
        let pronoun = pack.listed("one-pronoun", passage.word(start));
        pronoun.then(|| Party::member(Some(1), start + 1))
    })
}

/// "ma femme", "mes deux enfants", "trois collègues du lycée", "un ami", "mon ami Soulaymane", "les trois autres".
fn noun(passage: &Passage, pack: &Pack, start: usize, limit: usize) -> Option<Party> {
    let (at, number, determined, one) = before_noun(passage, pack, start, limit);
    if let Some(n) = number.filter(|n| (1..=300).contains(n))
        && let Some(end) = phrase(passage, pack, "of-us", at_number(passage, start, at)).filter(|e| *e <= limit)
    {
        return Some(Party { ours: true, ..Party::member(Some(n), end) });
    }
    let before = start.checked_sub(1).map_or("", |b| passage.word(b));
    let proper =
        at == start && pack.listed("bare-persons", passage.word(at)) && passage.slot(at + 1, Slot::Name).is_none();
    let bare = number.is_none() && !determined && (pack.listed("bare-after", before) || proper);
    if (number.is_none() && !determined && !bare) || number.is_some_and(|n| n > 300) {
        return None;
    }
    let plural = (start..at).any(|w| pack.listed("plural-determiners", passage.word(w)));
    // "Vingt petits verres", "un vieux chien": before another noun, the adjective is no person.
    let again = at.checked_sub(1).filter(|b| *b > start && ends_there(passage, pack, at, limit));
    let before = || again.and_then(|b| person::at(passage, pack, b, limit));
    let who = person::at(passage, pack, at, limit).or_else(before);
    let Some(who) = who.or_else(|| number.filter(|n| *n > 1).and_then(|_| person::by_ending(passage, pack, at, limit)))
    else {
        // "les deux grands", "les trois autres": the adjective is the person.
        return adjective(passage, pack, start..at, number);
    };
    let mut end = who.end;
    // A learner's "mes deux enfant", "2 collègue"; "une famille", "deux couples".
    let mut people = match number {
        Some(n) if one && who.group => who.people.map(|p| p * n),
        // "Deux couples" are four, "deux parents" two.
        Some(n) if who.group && who.people.is_some_and(|p| p > 1) => who.people.map(|p| p * n),
        Some(n) => Some(n),
        None if plural => who.people.filter(|p| *p > 1),
        None => who.people,
    };
    let mut keys = vec![who.key];
    let unnamed = keys.len();
    end = skip_names(passage, pack, end, limit, &mut keys);
    if keys.len() > unnamed {
        // "Mes deux fils Eric et Laurent": the names are the number.
        let list =
            number.filter(|n| *n > 1).and_then(|n| party_in(passage, pack, who.end).filter(|l| l.people == Some(n)));
        if let Some(list) = list.filter(|l| l.names && !l.me) {
            keys.extend(list.keys);
            end = list.end;
        } else {
            end = told(passage, pack, end, limit);
        }
        // "mes amis Reza et Ali": each name is one.
        people = people.or((plural && number.is_none()).then_some(1));
    } else {
        end = tail(passage, pack, end, limit);
    }
    Some(Party { keys, ..Party::member(people, end) })
}

/// What leads a noun: where it ends, its number, whether it has a determiner, whether the number is "un" or "une".
fn before_noun(passage: &Passage, pack: &Pack, start: usize, limit: usize) -> (usize, Option<u32>, bool, bool) {
    let mut at = start;
    let mut number = None;
    let mut determined = false;
    let mut one = false;
    for _ in 0..5 {
        if let Some((n, end)) = passage.count(at).filter(|_| at < limit) {
            one = n == 1 && end == at + 1 && !passage.word(at).starts_with(|c: char| c.is_ascii_digit());
            number = Some(n);
            at = end;
        } else if pack.listed("determiners", passage.word(at)) {
            determined = true;
            at += 1;
        } else if person::at(passage, pack, at, limit).is_some_and(|p| p.end > at + 1) {
            // "Notre petit dernier" is one word for a person.
            break;
        } else if (number.is_some() && pack.listed("after-number", passage.word(at)))
            || (at > start && pack.listed("small-adjectives", passage.word(at)))
        {
            at += 1;
        } else {
            break;
        }
    }
    (at, number, determined, one)
}

/// Something that is no person begins at a word.
pub(super) fn thing(passage: &Passage, pack: &Pack, at: usize) -> bool {
    let good = |l: &str| ["food", "drink", "tableware", "equipment"].iter().any(|g| l.starts_with(g));
    pack.lexicon.longest(passage, at, passage.len(), good).is_some()
}

/// No noun follows that an adjective before it could belong to.
fn ends_there(passage: &Passage, pack: &Pack, at: usize, limit: usize) -> bool {
    let word = passage.word(at);
    let lists = ["party-joints", "no-head", "relatives", "determiners", "they", "we-pronouns", "i"];
    at >= limit
        || !word.starts_with(char::is_alphabetic)
        || passage.clause_at(at) != passage.clause_at(at - 1)
        || lists.iter().any(|l| pack.listed(l, word))
        || [Slot::Date, Slot::Event, Slot::Hour, Slot::Name].iter().any(|s| passage.slot(at, *s).is_some())
        || ["comes", "also", "one-does", "person-tail", "only", "they-come"]
            .iter()
            .any(|p| phrase(passage, pack, p, at).is_some())
}

/// One past the count that begins at or after a word.
fn at_number(passage: &Passage, start: usize, end: usize) -> usize {
    (start..end).find_map(|w| passage.count(w)).map_or(end, |(_, e)| e)
}

/// "les trois autres", "ma moitié", "les deux petits".
fn adjective(passage: &Passage, pack: &Pack, words: std::ops::Range<usize>, number: Option<u32>) -> Option<Party> {
    let last = words.end.checked_sub(1).filter(|l| *l > words.start)?;
    let stands = pack.listed("stands-for-person", passage.word(last));
    // Before another word it is an adjective of that word.
    let alone = !passage.word(words.end).starts_with(char::is_alphabetic)
        || passage.clause_at(words.end) != passage.clause_at(last)
        || pack.listed("party-joints", passage.word(words.end))
        || phrase(passage, pack, "comes", words.end).is_some();
    let people = number.filter(|n| *n > 0)?;
    let keys = vec![passage.word(last).to_owned()];
    (stands && alone).then(|| Party { keys, ..Party::member(Some(people), words.end) })
}

/// "Mme Odile Perrachon", "Idris", "M. Alain Chirouze", "les Doux".
fn name(passage: &Passage, pack: &Pack, start: usize, limit: usize) -> Option<Party> {
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
    if titled && (pack.listed("party-joints", passage.word(at)) || pack.listed("of", passage.word(at))) {
        let end = tail(passage, pack, at, limit);
        return Some(Party { keys, names: true, ..Party::member(Some(1), end) });
    }
    // "Avec Madame."
    let alone = start.checked_sub(1).is_some_and(|b| pack.listed("bare-after", passage.word(b)))
        && pack.listed("titles-alone", passage.word(start));
    (alone && end == start + 1)
        .then(|| Party { keys: vec![passage.word(start).to_owned()], ..Party::member(Some(1), end) })
}

/// "steph + nath", "avec sylvie", "sylvie et moi": a first name typed without its capital, where a person is wanted.
fn small_name(passage: &Passage, pack: &Pack, start: usize) -> Option<Party> {
    let (word, next) = (passage.word(start), passage.word(start + 1));
    if !pack.listed("first-names", word) {
        return None;
    }
    let before = start.checked_sub(1).map_or("", |b| passage.word(b));
    let joined = pack.listed("bare-after", next) && next != "avec"
        || pack.listed("party-joints", next) && pack.listed("me", passage.word(start + 2));
    let wanted = pack.listed("bare-after", before) || joined;
    let keys = vec![word.to_owned()];
    wanted.then(|| Party { keys, names: true, ..Party::member(Some(1), start + 1) })
}

/// Names, with titles and initials among them.
fn skip_names(passage: &Passage, pack: &Pack, start: usize, limit: usize, keys: &mut Vec<String>) -> usize {
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
        } else if shouted(passage, pack, at) {
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

/// "ROUX Josiane", "Josiane ROUX": a name in capitals beside a first name.
fn shouted(passage: &Passage, pack: &Pack, at: usize) -> bool {
    let first = |w: usize| pack.listed("first-names", passage.word(w)) && passage.capital(w);
    let said = passage.words_of(at..at + 1);
    let letters = said.chars().count() > 2 && said.chars().all(char::is_uppercase);
    letters && (first(at + 1) || at.checked_sub(1).is_some_and(first))
}

/// "du lycée", "de la maison", "municipaux", "en fauteuil", "de 9 ans": what tells which person.
fn tail(passage: &Passage, pack: &Pack, start: usize, limit: usize) -> usize {
    complement(passage, pack, told(passage, pack, start, limit), limit)
}

/// "Municipaux", "en fauteuil", "17 ans".
fn told(passage: &Passage, pack: &Pack, start: usize, limit: usize) -> usize {
    let mut at = start;
    for _ in 0..3 {
        match phrase(passage, pack, "person-tail", at).filter(|e| *e <= limit) {
            Some(end) => at = end,
            None => break,
        }
    }
    at
}

/// "du service logement", "de la maison", "d'ATTAC Crest".
fn complement(passage: &Passage, pack: &Pack, at: usize, limit: usize) -> usize {
    if !pack.listed("of", passage.word(at)) || at + 1 >= limit {
        return at;
    }
    // "une dizaine de personnes" was read before; "deux d'entre nous" ends here.
    let mut end = at + 1;
    for _ in 0..3 {
        let word = passage.word(end);
        if end >= limit || !word.starts_with(char::is_alphabetic) || pack.listed("party-joints", word) {
            break;
        }
        let article = pack.listed("determiners", word);
        end += 1;
        if !article {
            break;
        }
    }
    // "Du service MNA".
    end = capitals(passage, end, limit);
    // "du service logement et moi": one more word when a list goes on behind it.
    if end + 1 < limit
        && passage.word(end).starts_with(char::is_alphabetic)
        && !pack.listed("party-joints", passage.word(end))
        && pack.listed("party-joints", passage.word(end + 1))
        && phrase(passage, pack, "comes", end).is_none()
        && member(passage, pack, end + 2, limit).is_some()
    {
        end += 1;
    }
    end
}

/// One past the words with capitals that begin at a word.
fn capitals(passage: &Passage, at: usize, limit: usize) -> usize {
    let name = |w: &usize| passage.capital(*w) && passage.word(*w).starts_with(char::is_alphabetic);
    at + (at..limit).take_while(|w| name(w) && passage.clause_at(*w) == passage.clause_at(at)).count()
}

/// What follows a member and tells who they are: "(Zoé, Malo)", ", notre présidente,", ": X, Y et moi", "dont moi".
/// Returns where it ends.
fn explained(passage: &Passage, pack: &Pack, whole: &mut Party, limit: usize) -> usize {
    let sign = passage.word(whole.end);
    let inside = whole.end + 1;
    // "notre groupe solidarité (6 élèves et leur professeur)": a group may have a name of its own.
    let named = whole.people.is_none() && passage.word(inside) == "(" && sign.starts_with(char::is_alphabetic);
    if sign == "(" || named {
        whole.end += usize::from(named);
        return bracket(passage, pack, whole, limit);
    }
    if phrase(passage, pack, "of-them", whole.end).is_some_and(|e| e <= limit) {
        let start = phrase(passage, pack, "of-them", whole.end).unwrap_or(inside);
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
        return named_after(passage, pack, whole, inside);
    }
    if let Some(end) = (sign == ",").then(|| apposition(passage, pack, whole, inside, limit)).flatten() {
        return end;
    }
    if whole.names && sign == "," {
        return office(passage, pack, whole, inside, limit);
    }
    whole.end
}

/// What a bracket holds.
fn party_within(passage: &Passage, pack: &Pack, start: usize, close: usize) -> Option<Party> {
    let mut whole = member(passage, pack, start, close)?;
    go_on(passage, pack, &mut whole, close, true);
    Some(whole)
}

/// As [`party`], for what stands inside another: no further explanation is looked for.
fn party_in(passage: &Passage, pack: &Pack, start: usize) -> Option<Party> {
    let limit = limit(passage, start);
    let mut whole = member(passage, pack, start, limit)?;
    go_on(passage, pack, &mut whole, limit, false);
    Some(whole)
}

/// "deux chefs d'équipe, MM. Chanal et Touré", "trois camarades : X, Y et moi", "quatre : deux adultes et deux enfants".
fn named_after(passage: &Passage, pack: &Pack, whole: &mut Party, start: usize) -> usize {
    let Some(list) = party_in(passage, pack, start) else { return whole.end };
    let colon = passage.word(whole.end) == ":";
    match whole.people {
        // "Deux adultes, deux enfants": another such number is no explanation.
        Some(n) if list.people == Some(n) && (colon || list.names || list.me || list.members > 1) => {}
        Some(_) if !colon => return whole.end,
        // "les petits : Zoé et Malo".
        None if list.names || colon => whole.people = list.people,
        None => return whole.end,
        Some(_) => {}
    }
    whole.me |= list.me;
    whole.keys.extend(list.keys);
    list.end
}

/// "Geneviève Roux, une amie de la chorale, qui…", "mon frère, Luc": a name and a noun that a comma joins are one person,
/// unless a list goes on behind them.
fn apposition(passage: &Passage, pack: &Pack, whole: &Party, inside: usize, limit: usize) -> Option<usize> {
    let next = member(passage, pack, inside, limit).filter(|n| n.people == Some(1) && !n.me)?;
    if whole.me || whole.people != Some(1) || next.names == whole.names || next.keys.is_empty() {
        return None;
    }
    // "Odette Blanc", though "blanc" is a word of its own.
    let end = if next.names { capitals(passage, next.end, limit) } else { next.end };
    let next = Party { end, ..next };
    let word = passage.word(next.end);
    let after = if word == "," { next.end + 1 } else { next.end };
    let goes_on = word == "," && member(passage, pack, after, limit).is_some();
    let closes = next.end >= limit || matches!(word, "," | ")" | "." | ";") || pack.listed("relatives", word);
    let done = closes || phrase(passage, pack, "comes", next.end).is_some();
    (done && !goes_on).then_some(next.end)
}

/// "M. Perez, conseiller délégué, et moi": the office of the one just named, closed by a comma or the sentence.
fn office(passage: &Passage, pack: &Pack, whole: &Party, start: usize, limit: usize) -> usize {
    let mut at = start;
    while at < limit && pack.listed("office-determiners", passage.word(at)) {
        at += 1;
    }
    let Some(who) = person::at(passage, pack, at, limit) else { return whole.end };
    let end = tail(passage, pack, who.end, limit);
    let closes = end >= limit || end == whole.end || matches!(passage.word(end), "," | ")" | "." | ";");
    if closes && !who.kin { end } else { whole.end }
}

/// "(Zoé, Malo)", "(8 et 5 ans)", "(M. Sicard et moi-même)".
fn bracket(passage: &Passage, pack: &Pack, whole: &mut Party, limit: usize) -> usize {
    let start = whole.end + 1;
    let close = (start..limit.min(start + 16)).find(|at| passage.word(*at) == ")");
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
