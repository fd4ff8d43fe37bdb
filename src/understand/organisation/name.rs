//! How far an organisation's name goes: in a sentence, where a verb follows it, and in a line, which it fills.
//!
//! A name begins with one of the words of `rules/LANG/organisation.toml`: a name by itself (`org-name`, `org-acronym`
//! with a capital), a kind that something must complete (`org-kind`: "collectif …"), or a part of one (`org-part`).

use std::ops::Range;

use crate::rules::pack::Pack;
use crate::rules::passage::Passage;
use crate::rules::template::Words;

/// Words of a name at most.
const LONGEST: usize = 12;

/// A name in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Its first word.
    pub start: usize,
    /// Where it surely ends.
    pub firm: usize,
    /// Where it ends if what it is the subject of begins there ("le Collectif d'aide aux migrants viendra").
    pub whole: usize,
    /// It is one organisation's and not only a kind.
    pub proper: bool,
    /// Its first word has a capital that no sentence gave it.
    pub capital: bool,
    /// Nothing but capitals tells that it is a name: only who speaks for it makes it one ("présidente de l'ASPAS").
    pub letters: bool,
    /// Nothing but a capital: only "au nom de" makes it a name.
    pub bare: bool,
    /// A part of an organisation: another name among the same words is the better one.
    pub part: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Head {
    Proper,
    Kind,
    Part,
}

/// So many words with capitals are a name: "Ligue des Droits de l'Homme Valence".
const SHOUTS: usize = 8;

/// The head that begins at a word, and where it ends.
fn head(passage: &Passage, pack: &Pack, at: usize, limit: usize) -> Option<(Head, usize)> {
    let hit = pack.lexicon.longest(passage, at, limit, |list| list.starts_with("org-") && list != "org-tail");
    let Some(hit) = hit else {
        // "Les Tricoteurs"
        let article = at.checked_sub(1).map_or("", |before| passage.word(before));
        let many = pack.ends_like("organisation-many-endings", passage.word(at)) && passage.capital(at);
        return (many && pack.listed("organisation-plural-article", article)).then_some((Head::Kind, at + 1));
    };
    match hit.list {
        "org-none" => None,
        "org-many" => (hit.exact && passage.capital(at)).then_some((Head::Kind, hit.end)),
        "org-name" => Some((Head::Proper, hit.end)),
        "org-acronym" => passage.capital(at).then_some((Head::Proper, hit.end)),
        "org-part" => Some((Head::Part, hit.end)),
        _ => Some((Head::Kind, hit.end)),
    }
}

fn figure(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

fn inside(pack: &Pack, word: &str) -> bool {
    pack.listed("organisation-inside", word)
}

/// The name that begins at a word of a sentence, before `limit`: on as long as words are capitals, figures, adjectives
/// of names or small words; other words belong to it when a capital still follows.
pub fn in_sentence(
    passage: &Passage,
    pack: &Pack,
    at: usize,
    limit: usize,
    stops: &dyn Fn(usize) -> bool,
) -> Option<Name> {
    let known = head(passage, pack, at, limit);
    let bare = known.is_none() && !initials(passage, pack, at) && !titled(passage, pack, at);
    let plain = || (!bare || of(passage, pack, at)).then_some((Head::Proper, at + 1));
    let (kind, after) = known.or_else(plain)?;
    let sentence = passage.clause_at(at).and_then(|c| passage.clauses.get(c)).map_or(0, |c| c.sentence);
    let capital = passage.capital(at) && at > passage.sentence(sentence).start;
    let mut name = Name {
        start: at,
        firm: after,
        whole: after,
        proper: kind == Head::Proper,
        capital,
        letters: known.is_none(),
        bare,
        part: kind == Head::Part,
    };
    let mut end = after;
    let what = |n: usize| n == after && kind != Head::Proper && of_what(passage, pack, n, limit);
    while end < room(passage, at, limit) && (passage.capital(end) || what(end) || !stops(end)) {
        let word = passage.word(end);
        if let Some(close) = closing(passage, end, limit) {
            name = Name { firm: close, proper: true, ..name };
            end = close;
            continue;
        }
        if let Some(many) = (kind != Head::Proper && end == after).then(|| of_many(passage, pack, end, limit)).flatten()
        {
            name = Name { firm: many, proper: true, ..name };
            end = many;
            continue;
        }
        let glued = passage.word(end - 1).ends_with('\'') && passage.capital(end - 1); // "Educ'action"
        let number = figure(word) && word.len() <= 2 && name.firm == end && !passage.taken(end);
        let agrees = plural(passage, end) && name.firm == end && name.proper;
        let goes_on = name.firm < end && many_after_many(passage, end); // "des cheminots retraités de Chagny"
        if passage.capital(end) || number || glued {
            name.proper |= passage.capital(end) || kind == Head::Proper;
            end += 1;
            name.firm = end;
        } else if name.firm == end && name.proper && small(passage, pack, end, limit, "org-many").is_some() {
            end = small(passage, pack, end, limit, "org-many").unwrap_or(end + 1); // "CGT cheminots"
            name.firm = end;
        } else if what(end) {
            end += 1; // "club photo de Saint-Cyr"
        } else if agrees
            || last_word(passage, pack, &name, end, limit)
            || pack.lexicon.end(passage, end, limit, "org-tail").is_some()
        {
            end = pack.lexicon.end(passage, end, limit, "org-tail").unwrap_or(end + 1);
            name.firm = if name.firm + 1 >= end { end } else { name.firm };
        } else if goes_on || inside(pack, word) || head(passage, pack, end, limit).is_some() {
            end += 1;
        } else if inside(pack, passage.word(end - 1)) && word.starts_with(char::is_alphabetic) {
            end += 1; // "de la rivière Drôme"
        } else {
            break;
        }
    }
    name.whole = end.max(name.firm);
    Some(name)
}

/// A word of a list, as it stands there: in the plural, when the list has plurals.
fn small(passage: &Passage, pack: &Pack, at: usize, limit: usize, list: &str) -> Option<usize> {
    pack.lexicon.longest(passage, at, limit, |l| l == list).filter(|hit| hit.exact).map(|hit| hit.end)
}

/// "l'amicale des sapeurs-pompiers": a small word and a plural that makes the kind one group's.
fn of_many(passage: &Passage, pack: &Pack, at: usize, limit: usize) -> Option<usize> {
    inside(pack, passage.word(at)).then(|| small(passage, pack, at + 1, limit, "org-many")).flatten()
}

/// A word of any kind, "de", and a capital.
fn of_what(passage: &Passage, pack: &Pack, at: usize, limit: usize) -> bool {
    let word = passage.word(at);
    let plain = word.starts_with(char::is_alphabetic) && !inside(pack, word) && !passage.taken(at);
    let of = |n: usize| ["organisation-of", "organisation-of-the"].iter().any(|l| pack.listed(l, passage.word(n)));
    // "association culturelle de la mosquée de Vienne"
    let more = |n: usize| passage.capital(n) || head(passage, pack, n, limit).is_some();
    let named = more(at + 2) || (at + 3 < limit && inside(pack, passage.word(at + 2)) && more(at + 3));
    plain && !pack.listed("organisation-sentence", word) && at + 2 < limit && of(at + 1) && named
}

/// How far a name may go: what stands in brackets says more of it, and is none of it.
fn room(passage: &Passage, at: usize, limit: usize) -> usize {
    let limit = limit.min(at + LONGEST);
    (at + 1..limit).find(|n| passage.word(*n) == "(").unwrap_or(limit)
}

/// Where a name between quotation marks that opens at a word ends.
fn closing(passage: &Passage, at: usize, limit: usize) -> Option<usize> {
    let close = |n: &usize| passage.word(*n) == "\"";
    (close(&at)).then(|| (at + 2..limit.min(at + LONGEST)).find(close)).flatten().map(|n| n + 1)
}

/// A plural after a plural with a capital: "Rivières vivantes".
fn plural(passage: &Passage, at: usize) -> bool {
    at > 0 && passage.capital(at - 1) && many_after_many(passage, at)
}

fn many_after_many(passage: &Passage, at: usize) -> bool {
    let many = |n: usize| passage.word(n).ends_with('s') && passage.word(n).len() >= 4;
    at > 0 && many(at - 1) && many(at)
}

/// A capital, and no first name, after "du", "de la", "pour les": persons take no article ("présidente du Grand Chalon").
fn titled(passage: &Passage, pack: &Pack, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else { return false };
    // "Journaliste à L'Écho du Plateau": the article may be the name's.
    let own = || at >= 2 && passage.clause_at(at - 2) == passage.clause_at(at);
    let sentence = passage.clause_at(before).and_then(|c| passage.clauses.get(c)).map_or(0, |c| c.sentence);
    let opens = || passage.sentence(sentence).start == before && at > before && passage.capital(at + 1);
    let article = pack.listed("organisation-of-the", passage.word(before));
    let article = article && (!passage.capital(before) || own() || opens());
    article && capital(passage, pack, at)
}

/// A capital, and no first name, after "de", or after "pour" that begins a clause.
fn of(passage: &Passage, pack: &Pack, at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else { return false };
    let of = pack.listed("organisation-of", passage.word(before));
    (of || heads(passage, pack, at)) && capital(passage, pack, at)
}

/// "Pour" begins the clause, and a name follows.
pub fn heads(passage: &Passage, pack: &Pack, at: usize) -> bool {
    let clause = passage.clause_at(at).and_then(|c| passage.clauses.get(c));
    let first = clause.is_some_and(|c| c.words.start + 1 == at);
    let many = pack.listed("organisation-plural-article", passage.word(at));
    let title = pack.listed("titles", passage.word(at));
    first && !many && !title && !passage.taken(at) && pack.listed("organisation-for", passage.word(at - 1))
}

fn capital(passage: &Passage, pack: &Pack, at: usize) -> bool {
    // "Monsieur le Maire", "la Présidente": persons.
    let many = passage.word(at).ends_with('s'); // "les Gars du lac"
    let person =
        !many && ["humans", "kin", "org-none"].iter().any(|l| pack.lexicon.end(passage, at, at + 1, l).is_some());
    let person = person || pack.listed("first-names", passage.word(at)) || pack.listed("titles", passage.word(at));
    // Of a sentence in capitals no word is a name for its own.
    let shouts = passage.len() > SHOUTS && passage.shouts();
    passage.capital(at) && !person && !shouts && passage.word(at).len() > 2
}

/// The one small word that ends a clause after a kind and its name: "au nom du collectif Eau vive, …".
fn last_word(passage: &Passage, pack: &Pack, name: &Name, at: usize, limit: usize) -> bool {
    let word = passage.word(at);
    let plain = word.len() >= 4 && word.starts_with(char::is_alphabetic);
    let named = name.proper && name.firm == at && at > name.start + 1 && passage.capital(at - 1);
    let little = pack.listed("little-words", word);
    at + 1 == limit && named && plain && !little && !pack.listed("organisation-sentence", word)
}

/// Three capital letters or more, in a text that has others; or two capitals about an apostrophe ("Val'Accueil").
fn initials(passage: &Passage, pack: &Pack, at: usize) -> bool {
    let word = passage.words_of(at..at + 1);
    if pack.lexicon.end(passage, at, at + 1, "org-none").is_some() {
        return false;
    }
    if word.len() > 3 && word.ends_with(['\'', '’']) && passage.capital(at) && passage.capital(at + 1) {
        return true;
    }
    let small = passage.text.original().chars().any(char::is_lowercase);
    let letters = word.chars().all(char::is_uppercase);
    // "l'US Bellegarde"
    let two = || word.chars().count() == 2 && passage.capital(at + 1) && !passage.word(at + 1).is_empty();
    small && letters && (word.chars().count() >= 3 || two())
}

/// The name in a line of a signature; `led` are the words before which "pour", "secrétaire de" stand, and whether
/// that is firm enough for mere initials.
pub fn in_line(passage: &Passage, pack: &Pack, led: &[(usize, bool)]) -> Option<String> {
    let parts = parts(passage);
    let of = |at: usize| ["organisation-of", "organisation-of-the"].iter().any(|l| pack.listed(l, passage.word(at)));
    parts.iter().enumerate().find_map(|(i, part)| {
        // "Lise, des Restos du cœur", "Momo de la Cimade".
        let names = |at: usize| (part.start..at).all(|n| passage.capital(n));
        let after = part.clone().filter(|at| of(*at) && names(*at)).map(|at| (at + 1, false));
        let starts = led.iter().copied().filter(|(at, _)| part.contains(at)).chain([(part.start, false)]).chain(after);
        let begun: Vec<_> = starts.filter_map(|(at, firm)| begun(passage, pack, at, part.end, firm)).collect();
        // "L'équipe du Collège …" is the school's.
        let whole = begun.iter().find(|(kind, _)| *kind != Head::Part);
        let range = whole.or(begun.first()).map(|(_, r)| r.clone());
        let range = range.or_else(|| many(passage, pack, part)).or_else(|| ended(passage, pack, part));
        let range = range.or_else(|| led.iter().find_map(|(at, _)| named(passage, pack, *at, part)))?;
        let end = carried(passage, pack, range.end, parts.get(i + 1..).unwrap_or(&[]));
        Some(passage.words_of(range.start..end).trim_matches([' ', '.']).to_owned())
    })
}

/// The parts of a line between its commas, dashes and the like.
pub fn parts(passage: &Passage) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for at in 0..=passage.len() {
        let cut = at == passage.len()
            || matches!(
                passage.word(at),
                "," | "-" | "|" | "/" | "•" | "·" | "(" | ")" | ":" | ";" | "~" | "_" | "!" | "?"
            );
        if cut {
            if at > start {
                out.push(start..at);
            }
            start = at + 1;
        }
    }
    out
}

/// The name that begins at a word of a part of a line: it goes to the part's end, or to a figure or a telephone.
fn begun(passage: &Passage, pack: &Pack, mut at: usize, limit: usize, firm: bool) -> Option<(Head, Range<usize>)> {
    while at < limit && (pack.listed("organisation-article", passage.word(at)) || passage.word(at) == "\"") {
        at += 1;
    }
    let letters = || (firm && initials(passage, pack, at)).then_some((Head::Proper, at + 1));
    let (kind, after) = head(passage, pack, at, limit).or_else(letters)?;
    let end = stop(passage, pack, after, limit);
    let word = |n: usize| passage.word(n).len() >= 2 && passage.word(n).starts_with(char::is_alphabetic);
    let full = (after..end).any(|n| word(n) && !inside(pack, passage.word(n)));
    let named = || (after..end).any(|n| matches!(head(passage, pack, n, end), Some((Head::Proper | Head::Kind, _))));
    match kind {
        Head::Proper => true,
        Head::Kind => full,
        Head::Part => named(),
    }
    .then_some((kind, at..end))
}

/// "Les Petits Débrouillards": a plural article with a capital, and capitals; "Les Martin" are a family.
fn many(passage: &Passage, pack: &Pack, part: &Range<usize>) -> Option<Range<usize>> {
    let article = pack.listed("organisation-plural-article", passage.word(part.start)) && passage.capital(part.start);
    let capitals = (part.start + 1..part.end).all(|n| passage.capital(n) || inside(pack, passage.word(n)));
    let count = (part.start + 1..part.end).filter(|n| passage.capital(*n)).count();
    let small = passage.text.original().chars().any(char::is_lowercase);
    (article && small && capitals && count >= 2).then(|| part.start + 1..part.end)
}

/// "Valence Romans Agglo", "Électricité de France": capitals of which the last is an organisation's.
fn ended(passage: &Passage, pack: &Pack, part: &Range<usize>) -> Option<Range<usize>> {
    let last = part.end.checked_sub(1)?;
    let capitals = part.clone().all(|n| passage.capital(n) || inside(pack, passage.word(n)));
    let person = pack.listed("first-names", passage.word(part.start));
    let ends = pack.listed("organisation-last", passage.word(last));
    let of = part.len() > 2 && last > 0 && pack.listed("organisation-last-of", passage.word(last));
    (part.len() > 1
        && passage.capital(part.start)
        && !person
        && (ends && capitals || of && inside(pack, passage.word(last - 1))))
    .then(|| part.clone())
}

/// What "pour les", "président de la", "trésorier," lead to, whatever it is called: "les Gars d'Eau Douce", "La Gaule".
fn named(passage: &Passage, pack: &Pack, at: usize, part: &Range<usize>) -> Option<Range<usize>> {
    let own = passage.capital(at) && pack.listed("organisation-of-the", passage.word(at));
    let first = if own { at + 1 } else { at };
    let end = stop(passage, pack, first, part.end);
    let family = end - first.min(end) == 1 && pack.listed("organisation-plural-article", passage.word(first - 1));
    // "Pour Grandir ici,": two words at least.
    let led = || first + 1 < end && heads(passage, pack, first) && capital(passage, pack, first);
    let begins = if own { passage.capital(first) } else { titled(passage, pack, first) || led() };
    (part.contains(&at) && part.contains(&first) && begins && !family).then_some(at..end)
}

fn stop(passage: &Passage, pack: &Pack, from: usize, limit: usize) -> usize {
    let ends = |at: &usize| {
        let word = passage.word(*at);
        (figure(word) && word.len() > 2) || matches!(word, "@" | "." | "+") || pack.listed("organisation-stop", word)
    };
    (from..limit).find(ends).unwrap_or(limit)
}

/// Carries the name on over the parts that belong to it: ", groupe local de Valence", " – Romans".
fn carried(passage: &Passage, pack: &Pack, mut end: usize, rest: &[Range<usize>]) -> usize {
    for part in rest {
        if part.start != end + 1 {
            break;
        }
        let article = usize::from(pack.listed("organisation-article", passage.word(part.start)));
        let section = head(passage, pack, part.start + article, part.end).is_some();
        let dash = passage.word(end) == "-" && part.len() <= 4;
        let place = dash && part.clone().all(|n| passage.capital(n) || inside(pack, passage.word(n)));
        if !(section && matches!(passage.word(end), "," | "-" | "(") || place) {
            break;
        }
        let stopped = stop(passage, pack, part.start, part.end);
        if stopped > part.start {
            end = stopped;
        }
        if stopped < part.end {
            break;
        }
    }
    end
}
