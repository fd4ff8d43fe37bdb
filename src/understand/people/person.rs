//! One person's noun: "femme", "belle-sœur", "conseiller municipal", "couple", and how many it stands for.

use crate::rules::pack::Pack;
use crate::rules::passage::Passage;
use crate::rules::template::Words;

/// Letters of a word that is too short to tell its plural by.
const SHORT: usize = 4;

/// A noun that names persons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// One past its last word.
    pub end: usize,
    /// How many one such word stands for; `None` for a plural or a group.
    pub people: Option<u32>,
    /// A group without a number of its own: "famille".
    pub group: bool,
    /// Of the family: no office.
    pub kin: bool,
    /// The word without its plural.
    pub key: String,
}

/// The noun at a word.
pub fn at(passage: &Passage, pack: &Pack, at: usize, limit: usize) -> Option<Person> {
    if at >= limit {
        return None;
    }
    let hit = pack.lexicon.longest(passage, at, limit, |l| matches!(l, "kin" | "humans"));
    let word = passage.word(at);
    // "Trois couples".
    let counted = || at.checked_sub(1).is_some_and(|b| passage.count(b).is_some_and(|(n, end)| n > 1 && end == at));
    let group = || Some(pack.singular(word)).filter(|one| counted() && pack.listed("groups", one));
    let many = || group().and_then(|one| pack.value("persons", one));
    let valued = pack.value("persons", word).or_else(many).map(|v| (v, at + 1));
    let long = hit.filter(|h| valued.is_none() || h.end > at + 1);
    if let Some(hit) = long {
        let plural = !hit.exact && pack.ends_like("plural-endings", word);
        let key = pack.singular(passage.word(hit.end - 1)).to_owned();
        return Some(Person {
            end: hit.end,
            people: (!plural).then_some(1),
            group: false,
            kin: hit.list == "kin",
            key,
        });
    }
    let (value, end) = valued?;
    let people = u32::try_from(value).ok().filter(|v| *v > 0);
    let key = pack.singular(passage.word(at)).to_owned();
    let group = people != Some(1) && (pack.listed("groups", word) || pack.listed("groups", pack.singular(word)));
    Some(Person { end, people, group, kin: true, key })
}

/// "Secouristes", "boulistes": a plural that no list holds, by how it ends.
pub fn by_ending(passage: &Passage, pack: &Pack, at: usize, limit: usize) -> Option<Person> {
    let word = passage.word(at);
    let ends = pack.ends_like("person-endings", word) && !pack.listed("not-persons", word);
    let key = pack.singular(word).to_owned();
    (at < limit && ends && !stuff(passage, pack, at, limit)).then_some(Person {
        end: at + 1,
        people: None,
        group: false,
        kin: false,
        key,
    })
}

/// A word for something that is no person.
pub fn stuff(passage: &Passage, pack: &Pack, at: usize, limit: usize) -> bool {
    let kinds = ["food", "drink", "hold", "tableware", "equipment", "personal", "pair", "measure", "vague", "called"];
    at < limit && pack.lexicon.longest(passage, at, limit, |l| kinds.iter().any(|k| l.starts_with(k))).is_some()
}

/// "Sept bûcherons": a plural that no list and no rule knows.
pub fn unknown(passage: &Passage, pack: &Pack, at: usize, limit: usize) -> bool {
    let word = passage.word(at);
    let plural = at < limit && pack.ends_like("plural-endings", word) && word.len() > SHORT;
    plural && passage.id(at) == 0 && !stuff(passage, pack, at, limit)
}
