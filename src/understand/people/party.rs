//! A party: persons joined by "et", commas or "+": "ma femme et mes deux enfants", "Reza et Ali", "nous deux et notre
//! voisine", "Six jeunes du foyer et moi-même".

use crate::rules::pack::Pack;
use crate::rules::passage::Passage;
use crate::rules::template::{Slot, Words};

/// Persons named together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// How many, the sender included when `me`; `None` when a plural has no number.
    pub people: Option<u32>,
    /// The sender is one of them.
    pub me: bool,
    /// One past the last word.
    pub end: usize,
}

/// One member of a party.
struct Member {
    people: Option<u32>,
    me: bool,
    /// It is only a first name: a following name may belong to the noun before ("mon ami Reza").
    end: usize,
}

fn listed(pack: &Pack, list: &str, word: &str) -> bool {
    pack.lists.get(list).is_some_and(|l| l.iter().any(|w| w == word))
}

/// After "avec", "accompagné de", "en compagnie de": where the companions begin.
pub(super) fn after_with(passage: &Passage, pack: &Pack, at: usize) -> Option<usize> {
    let node = pack.grammar.names.get("with").and_then(|i| pack.grammar.phrases.get(*i))?;
    pack.grammar.ends(node, passage, at, passage.len()).last().copied().filter(|e| *e > at)
}

/// The party that begins at a word, if one does.
pub fn party(passage: &Passage, pack: &Pack, start: usize) -> Option<Party> {
    let first = member(passage, pack, start)?;
    let mut whole = Party { people: first.people, me: first.me, end: first.end };
    loop {
        let mut at = whole.end;
        while listed(pack, "party-joints", passage.word(at)) {
            at += 1;
        }
        if at == whole.end {
            break;
        }
        let Some(next) = member(passage, pack, at) else { break };
        whole.people = whole.people.zip(next.people).map(|(a, b)| a + b);
        whole.me |= next.me;
        whole.end = next.end;
    }
    Some(whole)
}

fn member(passage: &Passage, pack: &Pack, start: usize) -> Option<Member> {
    let word = passage.word(start);
    if listed(pack, "me", word) {
        let mut end = start + 1;
        while listed(pack, "myself", passage.word(end)) {
            end += 1;
        }
        return Some(Member { people: Some(1), me: true, end });
    }
    if listed(pack, "we-pronouns", word)
        && let Some((n, end)) = passage.count(start + 1)
    {
        return Some(Member { people: Some(n), me: true, end });
    }
    if listed(pack, "one-pronoun", word) {
        return Some(Member { people: Some(1), me: false, end: start + 1 });
    }
    noun(passage, pack, start).or_else(|| name(passage, pack, start))
}

/// "ma femme", "mes deux enfants", "trois collègues du lycée", "un ami", "mon ami Soulaymane".
fn noun(passage: &Passage, pack: &Pack, start: usize) -> Option<Member> {
    let mut at = start;
    let mut number = None;
    let mut determined = false;
    for _ in 0..4 {
        if let Some((n, end)) = passage.count(at) {
            number = Some(n);
            at = end;
        } else if listed(pack, "determiners", passage.word(at)) {
            determined = true;
            at += 1;
        } else if listed(pack, "small-adjectives", passage.word(at)) && at > start {
            at += 1;
        } else {
            break;
        }
    }
    if number.is_none() && !determined {
        return None;
    }
    let mut value = pack.value("persons", passage.word(at))?;
    let mut end = at + 1;
    // "belle-mère", "petits-enfants": the second word tells.
    if let Some(second) = pack.value("persons", passage.word(end)) {
        value = if passage.word(at).ends_with('x') { second } else { second.min(2) };
        end += 1;
    }
    // A learner's "mes deux enfant", "2 collègue".
    let people = number.or_else(|| u32::try_from(value).ok().filter(|v| *v > 0));
    end = skip_names(passage, end, &mut None);
    end = skip_complement(passage, pack, end);
    Some(Member { people, me: false, end })
}

/// "Mme Odile Perrachon", "Idris", "M. Alain Chirouze".
fn name(passage: &Passage, pack: &Pack, start: usize) -> Option<Member> {
    let mut at = start;
    while listed(pack, "titles", passage.word(at)) || (at > start && passage.word(at) == ".") {
        at += 1;
    }
    let titled = at > start;
    let mut seen = None;
    let end = skip_names(passage, at, &mut seen);
    (end > at && (titled || seen.is_some())).then_some(Member { people: Some(1), me: false, end })
}

fn skip_names(passage: &Passage, mut at: usize, seen: &mut Option<()>) -> usize {
    for _ in 0..4 {
        match passage.slot(at, Slot::Name) {
            Some(end) => {
                *seen = Some(());
                at = end;
            }
            None => break,
        }
    }
    at
}

/// "du lycée", "de la maison", "de vie": what tells which person, at most four words.
fn skip_complement(passage: &Passage, pack: &Pack, at: usize) -> usize {
    if !listed(pack, "of", passage.word(at)) {
        return at;
    }
    let mut end = at + 1;
    for _ in 0..3 {
        let word = passage.word(end);
        if !word.starts_with(char::is_alphabetic) || listed(pack, "party-joints", word) {
            break;
        }
        let article = listed(pack, "determiners", word);
        end += 1;
        if !article {
            break;
        }
    }
    end
}

/// Names on a signature line: 2 for "Monique et Gérard", "R. et S. Fombonne", "M. et Mme Roux"; 1 for one name; 0 when
/// the line is no signature.
pub(super) fn names_on_line(line: &str, pack: &Pack) -> u32 {
    let words: Vec<&str> = line.split_whitespace().collect();
    if words.is_empty() || words.len() > 7 || line.chars().any(|c| c.is_ascii_digit() || "?!:".contains(c)) {
        return 0;
    }
    let joint = |w: &str| listed(pack, "party-joints", &crate::text::fold(w));
    let fine = |w: &str| {
        w.chars().next().is_some_and(char::is_uppercase) || joint(w) || listed(pack, "of", &crate::text::fold(w))
    };
    let all_fine = words
        .iter()
        .all(|w| fine(w.trim_matches(|c: char| "(),.".contains(c))) || w.chars().all(|c| !c.is_alphanumeric()));
    if !all_fine {
        return 0;
    }
    let commas = words.iter().filter(|w| w.ends_with(',')).count();
    let joints = words.iter().filter(|w| joint(w)).count();
    let groups = joints + if joints > 0 { commas } else { 0 } + 1;
    u32::try_from(groups).unwrap_or(1)
}
