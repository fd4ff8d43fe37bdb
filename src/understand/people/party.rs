//! A party: persons joined by "et", commas or "+": "ma femme et mes deux enfants", "Reza et Ali", "nous deux et notre
//! voisine", "six jeunes du foyer et moi-même", "deux chefs d'équipe, MM. Chanal et Touré".
//!
//! Whoever is told twice is counted once: a list of names that explains a number, an office after a name, "dont moi".

use crate::rules::pack::Pack;
use crate::rules::passage::Passage;
use crate::rules::template::{Slot, Words};

use super::MOST;
use super::explained::{explained, office};
use super::name::{capitals, family, name, skip_names, small_name, titled};
use super::past::{aside, beyond, future, modified};
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
    pub(super) fn member(people: Option<u32>, end: usize) -> Self {
        let (keys, me, names, ours) = (Vec::new(), false, false, false);
        Self { people, me, end, keys, names, members: 1, loose: true, ours }
    }
}

/// Words that may tell of a person before the list goes on.
const MODIFIED: usize = 9;
/// Words that a party may run to: a letter's longest list of persons.
const LONGEST: usize = 12;

/// The party that begins at a word, if one does.
pub fn party(passage: &Passage, pack: &Pack, start: usize) -> Option<Party> {
    let limit = limit(passage, start);
    let mut whole = member(passage, pack, start, limit)?;
    whole.end = explained(passage, pack, &mut whole, start, limit);
    go_on(passage, pack, &mut whole, limit, true);
    Some(whole)
}

/// Where "et", ", puis" or the like end; in a language that lists single words only, a run of them.
pub(super) fn joint(passage: &Passage, pack: &Pack, at: usize) -> Option<usize> {
    let run = || (at..passage.len()).find(|w| !pack.listed("party-joints", passage.word(*w))).filter(|e| *e > at);
    // "Paul E. Roux".
    if passage.word(at).len() == 1 && passage.capital(at) {
        return None;
    }
    if pack.grammar.names.contains_key("party-joint") { pack.phrase(passage, "party-joint", at) } else { run() }
}

/// Joins the members that follow.
fn go_on(passage: &Passage, pack: &Pack, whole: &mut Party, limit: usize, explain: bool) {
    for _ in 0..LONGEST {
        if !explain && whole.names && passage.word(whole.end) == "," {
            whole.end = office(passage, pack, whole, whole.end + 1, limit);
        }
        // "Line (atelier 2), Guy (le même) et moi": an aside in which nobody is named.
        if let Some(end) = aside(passage, pack, whole.end, limit).filter(|_| !explain) {
            whole.end = end;
            continue;
        }
        // "Six bergers, moi compris": one of those just counted.
        if let Some(end) = pack.phrase(passage, "me-included", whole.end).filter(|e| *e <= limit) {
            whole.me = true;
            whole.end = end;
            continue;
        }
        // "Rose et Paula, les deux inséparables du palier, …".
        if let Some(end) = same_number(passage, pack, whole, limit) {
            whole.end = end;
            continue;
        }
        // "Avec mon frère, deux personnes": told in a number once more.
        let joint = joint(passage, pack, whole.end).filter(|e| *e <= limit && !summed(passage, pack, whole, *e));
        // "six grands deux petits", "ma femme mon fils et moi".
        let next = joint.or_else(|| begins(passage, pack, whole).then_some(whole.end));
        let Some(at) = next.filter(|at| member(passage, pack, *at, limit).is_some() || joint.is_some()) else {
            let told = (!whole.keys.is_empty()).then(|| modified(passage, pack, whole.end, limit)).flatten();
            let Some(past) = told else { break };
            whole.end = past;
            continue;
        };
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
        let acts = !next.me && future(passage, pack, next.end, limit) && next.people == Some(1);
        let acts = acts || otherwise(passage, pack, &next, does);
        if (next.me && whole.me) || again || acts {
            break;
        }
        if told_twice(passage, pack, whole, &next, at, limit) {
            whole.end = next.end;
            continue;
        }
        if explain {
            next.end = explained(passage, pack, &mut next, at, limit);
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

/// "Nadia, Paule et Anne-Lise, les trois du fournil", "Léon et Suzanne, nos petits-enfants": a plural behind the comma of a
/// list is those just named.
fn told_twice(passage: &Passage, pack: &Pack, whole: &Party, next: &Party, at: usize, limit: usize) -> bool {
    let lead = |l: &str| pack.listed(l, passage.word(at));
    let counted = lead("plural-determiners") && passage.count(at + 1).is_some() || passage.count(at).is_some();
    // "Mes parents, mes deux sœurs"; "Tom et Luc, deux copains".
    let same = whole.names && !whole.me || lead("plural-determiners") && !lead("mine");
    let plainly = lead("plural-determiners") && next.people.is_none() && joint_ends(passage, pack, next, limit);
    let comma = passage.word(at - 1) == ",";
    let told = counted && same && !lead("their") && next.people > Some(1) && next.people == whole.people;
    comma && (whole.names && !whole.me && whole.members > 1 && plainly || told)
}

/// A number of nothing but "personnes", behind as many or one fewer.
fn summed(passage: &Passage, pack: &Pack, whole: &Party, at: usize) -> bool {
    let Some((n, noun)) = passage.count(at).filter(|_| at > 0 && passage.word(at - 1) == ",") else { return false };
    let told = whole.people.is_some_and(|all| n == all || n == all + 1 && !whole.me);
    n > 1 && told && pack.listed("heads-nouns", passage.word(noun))
}

/// A number or "mon" after a person begins another, and so does "maman" after "papa".
fn begins(passage: &Passage, pack: &Pack, whole: &Party) -> bool {
    let at = whole.end;
    let bare = |w: usize| pack.listed("bare-persons", passage.word(w));
    let another = pack.listed("mine", passage.word(at)) || bare(at) && at.checked_sub(1).is_some_and(bare);
    passage.count(at).is_some() || another && !whole.names && !called(passage, pack, at)
}

/// "… et Salimata notre filleule.": one person's noun right behind their name, where the list ends.
fn called(passage: &Passage, pack: &Pack, at: usize) -> bool {
    let Some(next) = member(passage, pack, at, passage.len()).filter(|p| p.people == Some(1)) else { return false };
    let named = at.checked_sub(1).is_some_and(|b| passage.capital(b) && passage.clause_at(b) == passage.clause_at(at));
    let listed = (at.saturating_sub(3)..at).any(|w| pack.listed("adds-me", passage.word(w)));
    let word = passage.word(next.end);
    let ends = next.end >= passage.len() || !word.starts_with(char::is_alphanumeric) && word != ",";
    named && listed && ends
}

/// The last one does something else; but in "M. Roux et Mme Vial vous remercient" both do.
fn otherwise(passage: &Passage, pack: &Pack, next: &Party, does: &str) -> bool {
    let verb = passage.word(next.end + 1);
    let both = !next.me && pack.ends_like("many-do-endings", verb) && !pack.listed("one-does-nt", verb);
    !both && pack.phrase(passage, does, next.end).is_some()
}

/// ", les deux inséparables du palier,": behind names as many as a number says, whatever the noun, up to the next comma.
fn same_number(passage: &Passage, pack: &Pack, whole: &Party, limit: usize) -> Option<usize> {
    let at = whole.end + 1;
    let names = whole.names && !whole.me && whole.members > 1 && passage.word(whole.end) == ",";
    let leads = names && pack.listed("plural-determiners", passage.word(at));
    let (n, noun) = passage.count(at + 1).or_else(|| passage.number(at + 1)).filter(|_| leads)?;
    let end = (noun + 1..limit.min(noun + MODIFIED)).find(|w| passage.word(*w) == ",")?;
    (Some(n) == whole.people && member(passage, pack, end + 1, limit).is_none()).then_some(end)
}

/// No list goes on behind persons.
fn joint_ends(passage: &Passage, pack: &Pack, next: &Party, limit: usize) -> bool {
    joint(passage, pack, next.end).is_none_or(|e| member(passage, pack, e, limit).is_none())
}

/// A party ends with its sentence.
fn limit(passage: &Passage, at: usize) -> usize {
    let clause = passage.clauses.partition_point(|c| c.words.end <= at);
    passage.clauses.get(clause).map_or(passage.len(), |c| passage.sentence(c.sentence).end)
}

pub(super) fn member(passage: &Passage, pack: &Pack, start: usize, limit: usize) -> Option<Party> {
    if start >= limit {
        return None;
    }
    // "Ma présence et celle de ma sœur."
    if let Some(whose) = pack.phrase(passage, "that-of", start) {
        return member(passage, pack, whose, limit).filter(|p| !p.me);
    }
    let plainly = || pack.listed("me", passage.word(start)).then_some(start + 1);
    if let Some(end) = pack.phrase(passage, "myself", start).filter(|e| *e <= limit).or_else(plainly) {
        return Some(Party { me: true, ..Party::member(Some(1), end) });
    }
    if pack.listed("we-pronouns", passage.word(start))
        && let Some((n, end)) = passage.count(start + 1)
    {
        return Some(Party { me: true, ..Party::member(Some(n), end) });
    }
    // "Les époux Blanc."
    if let Some(last) = pack.phrase(passage, "as-couple", start).filter(|e| *e <= limit) {
        let mut keys = vec![pack.singular(passage.word(last - 1)).to_owned()];
        let end = skip_names(passage, pack, last, limit, &mut keys);
        let end = capitals(passage, end.max(last), limit);
        return Some(Party { keys, ..Party::member(Some(2), end) });
    }
    let led = || titled(passage, pack, start, limit);
    let named = || name(passage, pack, start, limit).or_else(led).or_else(|| small_name(passage, pack, start));
    let noun = noun(passage, pack, start, limit).or_else(|| crowd(passage, pack, start, limit));
    noun.or_else(named).or_else(|| family(passage, pack, start, limit)).or_else(|| {
        // "Celui où l'on chante" is a workshop.
        let told = pack.listed("relatives", passage.word(start + 1));
        let pronoun = pack.listed("one-pronoun", passage.word(start)) && !told;
        pronoun.then(|| Party::member(Some(1), start + 1))
    })
}

/// "ma femme", "mes deux enfants", "trois collègues du lycée", "un ami", "mon ami Soulaymane", "les trois autres".
pub(super) fn noun(passage: &Passage, pack: &Pack, start: usize, limit: usize) -> Option<Party> {
    let (at, number, determined, one) = before_noun(passage, pack, start, limit);
    if let Some(n) = number.filter(|n| (1..=MOST).contains(n))
        && let Some(end) = pack.phrase(passage, "of-us", at_number(passage, start, at)).filter(|e| *e <= limit)
    {
        return Some(Party { ours: true, ..Party::member(Some(n), end) });
    }
    let before = start.checked_sub(1).map_or("", |b| passage.word(b));
    let own = pack.listed("bare-persons", passage.word(at)) || pack.phrase(passage, "bare-person", at).is_some();
    let proper = at == start && own && passage.slot(at + 1, Slot::Name).is_none();
    let bare = number.is_none() && !determined && (pack.listed("bare-after", before) || proper);
    if (number.is_none() && !determined && !bare) || number.is_some_and(|n| n > MOST) {
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
        // "Deux familles": nobody knows.
        Some(n) if who.group && n > 1 && who.people.is_none() => None,
        Some(n) => Some(n),
        None if plural => who.people.filter(|p| *p > 1),
        None => who.people,
    };
    let mut keys = vec![who.key];
    let unnamed = keys.len();
    end = skip_names(passage, pack, end, limit, &mut keys);
    // "Mon frère malik et mon fils."
    let line = || passage.words_of(end.saturating_sub(1)..end + 1).contains('\n');
    let small = people == Some(1) && end < limit && pack.listed("first-names", passage.word(end));
    if keys.len() == unnamed && small && !line() {
        keys.push(passage.word(end).to_owned());
        end += 1;
    }
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

/// "Huit pionniers et deux chefs": a plural that no list knows, in a list of numbers with persons.
fn crowd(passage: &Passage, pack: &Pack, start: usize, limit: usize) -> Option<Party> {
    let (n, at) = passage.count(start).filter(|(n, _)| (2..=MOST).contains(n))?;
    let (word, end) = (passage.word(at), at + 1);
    if !person::unknown(passage, pack, at, limit) {
        return None;
    }
    let known = |w: usize| passage.count(w).is_some() && self::noun(passage, pack, w, limit).is_some();
    let next = joint(passage, pack, end).filter(|e| *e < limit);
    // "… : six altos et moi": where a list begins, anybody shows that they are persons.
    let begins = start.checked_sub(1).is_none_or(|b| {
        let apart = passage.clause_at(b) != passage.clause_at(start);
        apart || !passage.word(b).starts_with(char::is_alphanumeric) || pack.listed("bare-after", passage.word(b))
    });
    let somebody = |e: usize| {
        let who = member(passage, pack, e, limit).filter(|m| !m.names || m.people > Some(1));
        who.is_some_and(|m| pack.phrase(passage, if m.me { "i-do" } else { "one-does" }, m.end).is_none())
    };
    let after = next.is_some_and(|e| known(e) || begins && somebody(e));
    // "Trois vendangeurs du domaine, moi comprise".
    let after =
        after || pack.phrase(passage, "me-included", tail(passage, pack, end, limit)).is_some_and(|e| e <= limit);
    let before = start.checked_sub(3).is_some_and(|_| pack.listed("party-joints", passage.word(start - 1)))
        && (start.saturating_sub(4)..start).any(known);
    let end = tail(passage, pack, end, limit);
    (after || before).then(|| Party { keys: vec![word.to_owned()], ..Party::member(Some(n), end) })
}

/// What leads a noun: where it ends, its number, whether it has a determiner, whether the number is "un" or "une".
fn before_noun(passage: &Passage, pack: &Pack, start: usize, limit: usize) -> (usize, Option<u32>, bool, bool) {
    let mut at = start;
    let mut number = None;
    let mut determined = false;
    let mut one = false;
    let mut counted = None;
    for _ in 0..5 {
        // "Deux de mes cinq enfants".
        let those = number.and_then(|_| pack.phrase(passage, "of-those", at)).filter(|e| *e <= limit);
        if let Some(end) = those {
            determined = true;
            at = end;
        } else if let Some((n, end)) = passage.count(at).filter(|_| at < limit) {
            one = n == 1 && end == at + 1 && !passage.word(at).starts_with(|c: char| c.is_ascii_digit());
            number = Some(n);
            counted = Some(end);
            at = end;
        } else if pack.listed("determiners", passage.word(at)) {
            determined = true;
            at += 1;
        } else if person::at(passage, pack, at, limit).is_some_and(|p| p.end > at + 1) {
            // "Notre petit dernier" is one word for a person.
            break;
        } else if (counted == Some(at) || at > start && pack.listed("some-of", passage.word(at - 1)))
            && pack.listed("after-number", passage.word(at))
            || (at > start && pack.listed("small-adjectives", passage.word(at)))
        {
            at += 1;
        } else {
            break;
        }
    }
    (at, number, determined, one)
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
            .any(|p| pack.phrase(passage, p, at).is_some())
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
        || ["of-age", "also"].iter().any(|p| pack.phrase(passage, p, words.end).is_some())
        || passage.clause_at(words.end) != passage.clause_at(last)
        || pack.listed("party-joints", passage.word(words.end))
        || pack.phrase(passage, "comes", words.end).is_some();
    // "Les petits (4 et 6 ans)": a bracket tells how many.
    let plural = words.clone().any(|w| pack.listed("plural-determiners", passage.word(w)));
    let people = number.filter(|n| *n > 0);
    let told = people.is_some() || plural && passage.word(words.end) == "(";
    let keys = vec![passage.word(last).to_owned()];
    (stands && alone && told).then(|| Party { keys, ..Party::member(people, words.end) })
}

/// "du lycée", "de la maison", "municipaux", "en fauteuil", "de 9 ans": what tells which person.
pub(super) fn tail(passage: &Passage, pack: &Pack, start: usize, limit: usize) -> usize {
    complement(passage, pack, told(passage, pack, start, limit), limit)
}

/// "Municipaux", "en fauteuil", "17 ans".
fn told(passage: &Passage, pack: &Pack, start: usize, limit: usize) -> usize {
    let mut at = start;
    for _ in 0..3 {
        // "Une amie syrienne": the second word for a person is an adjective of the first.
        let adjective = || {
            let same = at.checked_sub(1).is_some_and(|b| passage.clause_at(b) == passage.clause_at(at));
            person::at(passage, pack, at, limit).filter(|p| same && !p.kin).map(|p| p.end)
        };
        match pack.phrase(passage, "person-tail", at).filter(|e| *e <= limit).or_else(adjective) {
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
    // "Ma femme du banquet seulement": an event belongs to nobody.
    let first = at + 1 + usize::from(pack.listed("determiners", passage.word(at + 1)));
    if (at..=first).any(|w| passage.slot(w, Slot::Event).is_some()) {
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
        && pack.phrase(passage, "comes", end).is_none()
        && member(passage, pack, end + 2, limit).is_some()
    {
        end += 1;
    }
    end
}

/// What a bracket holds.
pub(super) fn party_within(passage: &Passage, pack: &Pack, start: usize, close: usize) -> Option<Party> {
    let mut whole = member(passage, pack, start, close)?;
    go_on(passage, pack, &mut whole, close, true);
    Some(whole)
}

/// As [`party`], for what stands inside another: no further explanation is looked for.
pub(super) fn party_in(passage: &Passage, pack: &Pack, start: usize) -> Option<Party> {
    let limit = limit(passage, start);
    let mut whole = member(passage, pack, start, limit)?;
    go_on(passage, pack, &mut whole, limit, false);
    Some(whole)
}
