//! Who comes, person by person: companions ("avec ma sœur"), lists ("ma femme et moi"), those who come beside the
//! sender ("mes deux filles aussi") or in an association's name ("représentée par trois camarades").
//!
//! Never counts who is refused, and marks who is doubtful: they count only where the sender is doubtful too.

use crate::rules::pack::Pack;
use crate::rules::passage::Passage;
use crate::rules::scan::{Effect, Finding};
use crate::rules::template::{Slot, Words};

use super::super::meal;
use super::super::page::{About, Page, Piece};
use super::MOST;
use super::before::{accompanied, antecedent, pronoun, singular};
use super::party::{Party, party};
use super::placed::placed;
use super::totals;
use super::unlisted::{NEAR, THING, behind, myself, numbered, own, subject, surely};
use crate::reading::Meal;

/// How persons come into the letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Beside the subject: "avec", "accompagné de", "m'accompagne".
    With,
    /// They are those who come: "représentée par", "la venue de", "inscrivez".
    Through,
    /// Subject of a verb that says they come, or "aussi".
    Subject,
    /// A list that holds the sender.
    List,
}

/// Words between persons and the verb that says they come.
const REACH: usize = 8;

/// Persons who come.
#[derive(Debug, Clone)]
pub struct Comer {
    /// Who.
    pub party: Party,
    /// How.
    pub role: Role,
    /// "peut-être ma fille".
    pub doubted: bool,
    /// "Le 27, ma femme seulement".
    pub only: bool,
    /// "Paul ira à l'atelier 1": perhaps one of those who were counted.
    pub assigned: bool,
    /// "Les adultes": those whom the letter has named before.
    pub anew: bool,
    /// "Mes trois filles".
    pub owned: bool,
    /// Behind a colon or in a bracket.
    pub listed: bool,
    /// The last colon or open bracket before it in its sentence, 0 when there is none.
    pub sign: usize,
    /// "Ma fille viendra à ma place".
    pub instead: bool,
    /// Piece and sentence.
    pub at: (usize, usize),
    /// Its first word.
    pub from: usize,
    /// What its clause is about.
    pub about: About,
    /// First names of those whom a number counted: "Deux d'entre nous viendront, Aïcha et Omar".
    pub called: Vec<String>,
    /// The sender's words.
    pub words: String,
}

/// Every comer of the letter, in order.
pub fn comers(page: &Page<'_>) -> Vec<Comer> {
    let mut out = Vec::new();
    // "Non, je rentre déjeuner avec les petits" below the line about the meal: they do not come for that.
    let refused = |p: &Piece| meal::below(page, p).is_some_and(|(told, ..)| told == Meal::No);
    for (index, piece) in page.pieces.iter().enumerate().filter(|(_, p)| !refused(p)) {
        let (mut at, mut told) = (0, None);
        while at < piece.passage.len() {
            let behind = || and_behind(page, piece, at).filter(|_| told == Some(at)).map(|p| (Role::With, p));
            let Some((role, found)) = comer(page, piece, at).or_else(behind) else {
                at += 1;
                continue;
            };
            let words = at..found.end.max(at + 1);
            let verb = page.pack.phrase(&piece.passage, "comes", found.end);
            let there = |e: usize| page.pack.phrase(&piece.passage, "to-there", e).unwrap_or(e);
            told = verb.map(there).or(told.filter(|t| *t >= words.end));
            if let Some(comer) = placed(page, piece, index, role, found, words.clone()) {
                out.push(comer);
            }
            at = words.end;
        }
    }
    out
}

/// Persons behind words that tell who comes beside, or in whose name; within, none when those words bring nobody.
fn linked(page: &Page<'_>, piece: &Piece, at: usize) -> Option<Option<(Role, Party)>> {
    let (passage, pack) = (&piece.passage, page.pack);
    let ways = [
        ("through", Role::Through),
        ("in-name-of", Role::Through),
        ("with", Role::With),
        ("takes-along", Role::With),
        ("leads-along", Role::With),
        ("put-for", Role::With),
        ("brings-too", Role::With),
        ("a-takes-them", Role::With),
    ];
    for (name, role) in ways {
        let Some(start) = pack.phrase(passage, name, at).filter(|_| !in_list(piece, page, at)) else { continue };
        let them = || antecedent(page, piece, at, None).map(|p| Party { end: start, ..p });
        let known = match name {
            "a-takes-them" => them(),
            "brings-too" => behind(page, piece, start, THING)
                .filter(|p| party(passage, pack, start).is_none() && own(page, piece, p)),
            _ => party(passage, pack, start).or_else(|| pronoun(page, piece, start)),
        };
        let known = known.map(|p| spelled(passage, pack, p));
        let straight = known.is_some();
        // "Je mets aussi trente pots": what the sender puts is a thing.
        let puts = pack.listed("puts-things", passage.word(at)) && totals::before(page, piece, "i-put", at);
        // "À la soirée avec la conférencière, avec un ami": who is announced is no guest.
        let titled = |w: &usize| passage.slot(*w, Slot::Event).is_some();
        // "Avec M. Gemenne": behind one letter a point ends no name.
        let short = |w: usize| passage.word(w).chars().count() == 1;
        let of_name = |w: &usize| passage.capital(*w) || passage.word(*w) == "." && short(*w - 1);
        let guest = name == "with" && (start..start + 3).take_while(of_name).any(|w| titled(&w));
        if guest || role == Role::Through && puts || name == "brings-too" && !straight {
            continue;
        }
        let found = known.or_else(|| behind(page, piece, start, NEAR)).or_else(|| {
            let (n, end) = passage.count(start).filter(|(n, _)| role == Role::Through && (2..=MOST).contains(n))?;
            let thing = pack.lexicon.longest(passage, end, passage.len(), |_| true).is_some();
            let word = passage.word(end);
            let noun = word.starts_with(char::is_alphabetic) && !thing && !pack.listed("no-head", word);
            noun.then(|| numbered(n, end + 1))
        });
        let found = found.or_else(|| surely(page, piece, at, start));
        // "Oui pour moi, non pour Jacques."
        let not = (at..start).any(|w| pack.listed("not-for", passage.word(w)));
        let Some(found) = found.filter(|p| !not && brought(page, piece, name, start, p)) else { continue };
        // "Notez ma présence et celle de ma sœur": beside the sender's own.
        let mine = !straight && pack.listed("mine", passage.word(start));
        let role = if mine { Role::With } else { role };
        // "J'ouvrirai la salle avec Momo": who works there with the sender answers alone.
        let works = found.names && !found.me && totals::before(page, piece, "works-with", at);
        let told = !works && (comes_before(page, piece, at) || beside(piece, page, at));
        let found = myself(page, piece, found);
        return Some(told.then_some((role, found)));
    }
    None
}

/// "Mon mari vient et le bébé": persons right behind a verb of coming, where nothing follows.
fn and_behind(page: &Page<'_>, piece: &Piece, at: usize) -> Option<Party> {
    let passage = &piece.passage;
    let start = page.pack.phrase(passage, "and-also", at)?;
    let found = party(passage, page.pack, start).filter(|p| !p.me && !p.keys.is_empty())?;
    let sentence = passage.clauses.get(passage.clause_at(start)?)?.sentence;
    let ends = found.end >= passage.sentence(sentence).end || matches!(passage.word(found.end), ")" | ";" | ":");
    ends.then_some(found)
}

/// "Je rentre chez moi avec les petits", "nous serons au Pestel, Rose et moi": a place leads the list.
fn at_home(passage: &Passage, pack: &Pack, at: usize) -> bool {
    let before = at.checked_sub(1).map_or("", |b| passage.word(b));
    let to = pack.listed("to-place", before);
    let named = passage.slot(at, Slot::Name).is_some() && passage.word(at + 1) == ",";
    (to || pack.listed("place-before", before)) && named || to && pack.listed("me", passage.word(at))
}

/// The persons that begin at a word, when they are said to come.
fn comer(page: &Page<'_>, piece: &Piece, at: usize) -> Option<(Role, Party)> {
    let (passage, pack) = (&piece.passage, page.pack);
    if let Some(found) = linked(page, piece, at) {
        return found;
    }
    if let Some(found) = accompanied(page, piece, at).filter(|p| closes(passage, page, p.end)) {
        return Some((Role::List, found));
    }
    if let Some(found) = chosen_for(page, piece, at) {
        return Some((Role::With, found));
    }
    if let Some(found) = singular(page, piece, at).or_else(|| at_workshop(page, piece, at)) {
        return Some((Role::Subject, found));
    }
    if let Some(found) = party(passage, pack, at) {
        return of_party(page, piece, at, found);
    }
    // "… mes neveux. Ils viendront avec moi."
    if let Some(found) = pronoun(page, piece, at)
        && pack.phrase(passage, "comes-with-me", found.end).is_some()
    {
        return Some((Role::With, found));
    }
    subject(page, piece, at).map(|p| (Role::Subject, p))
}

/// The same of persons that are named or counted there.
fn of_party(page: &Page<'_>, piece: &Piece, at: usize, found: Party) -> Option<(Role, Party)> {
    let (passage, pack) = (&piece.passage, page.pack);
    let before = at.checked_sub(1).map_or("", |b| passage.word(b));
    // "Elle votera pour nous deux": no list of those who come.
    let spoken_for = found.me && passage.count(at + 1).is_some() && totals::others(page, piece, at + 1);
    if spoken_for {
        return None;
    }
    // "Sur les quinze membres, six viendront", "j'avais inscrit deux personnes".
    let first = (at..at + 2).find(|w| passage.count(*w).is_some());
    let of_others = |w: usize| {
        totals::before(page, piece, "no-heads-before", w) || totals::before(page, piece, "announced-before", w)
    };
    if !found.me && first.is_some_and(of_others) {
        return None;
    }
    if found.me {
        let lone = found.members == 1 && found.people == Some(1) && pack.listed("also-me", passage.word(found.end - 1));
        let too = lone && found.end > at + 1 && closes(passage, page, found.end) && says_coming(page, piece, at);
        if too {
            return Some((Role::Subject, found));
        }
        return (!at_home(passage, pack, at)).then(|| with_me(passage, pack, found)).flatten();
    }
    // "Oui pour samedi, et pour Lise aussi."
    let answered = pack.listed("answered-for", before)
        && pack.phrase(passage, "me-too", found.end).is_some_and(|e| closes(passage, page, e))
        && says_coming(page, piece, at);
    if answered && !found.keys.is_empty() {
        return Some((Role::With, found));
    }
    let object = pack.listed("of", before)
        || pack.listed("no-subject-before", before)
        || belongs(page, piece, at)
        || inside(passage, pack, at);
    let here =
        passage.clause_at(at).and_then(|c| passage.clauses.get(c)).map_or(0, |c| passage.sentence(c.sentence).end);
    let comes = pack.phrase(passage, "comes", found.end).is_some_and(|_| found.end < here)
        || pack.phrase(passage, "comes-with-me", found.end).is_some_and(|e| e <= here)
        || reaches(passage, pack, found.end);
    let also = pack.phrase(passage, "also", found.end).is_some_and(|end| end <= here && closes(passage, page, end));
    // "L'artisan vient de téléphoner"; "elle vient": whoever "elle" is was named before.
    let also = also && (comes || !other_verb(page, piece, at));
    let past = pack
        .phrase(passage, "comes", found.end)
        .is_some_and(|e| pack.listed("of", passage.word(e)) && pack.listed("just-did", passage.word(e - 1)));
    let fetches = pack.phrase(passage, "fetches", found.end).is_some();
    if object || past || fetches || found.keys.is_empty() && !found.ours && found.people == Some(1) || !(comes || also)
    {
        return None;
    }
    let found = spelled(passage, pack, found);
    let too = also && pack.phrase(passage, "only", found.end).is_none();
    let beside = too || pack.phrase(passage, "comes-with-me", found.end).is_some();
    Some((if beside { Role::With } else { Role::Subject }, found))
}

/// "Deux membres de la commission sociale viendront", "ma voisine qui est infirmière vient": a verb of coming behind what
/// tells which persons, and no other verb of theirs before it.
fn reaches(passage: &Passage, pack: &Pack, end: usize) -> bool {
    let clause = passage.clause_at(end).filter(|c| end > 0 && passage.clause_at(end - 1) == Some(*c));
    let Some(last) = clause.and_then(|c| passage.clauses.get(c)).map(|c| c.words.end.min(end + REACH)) else {
        return false;
    };
    let listed = |l: &str, w: usize| pack.listed(l, passage.word(w));
    let told = listed("relatives", end);
    for at in end..last {
        if pack.phrase(passage, "a-verb", at).is_some() {
            return true;
        }
        let theirs =
            pack.phrase(passage, "one-does", at).is_some() || pack.ends_like("many-do-endings", passage.word(at));
        let other = ["i", "we-pronouns", "they", "party-joints"].iter().any(|l| listed(l, at));
        if other || theirs && !told || at > end && listed("relatives", at) {
            return false;
        }
    }
    false
}

/// "Le médecin me le défend, mes enfants aussi": the sentence says nothing of coming or staying before them.
fn other_verb(page: &Page<'_>, piece: &Piece, at: usize) -> bool {
    let Some(clause) = piece.passage.clause_at(at).and_then(|c| piece.passage.clauses.get(c)) else { return false };
    let start = piece.passage.sentence(clause.sentence).start;
    let says = |f: &Finding| {
        let rule = page.rule(f).map_or("", |r| r.field.as_str());
        ["attendance", "meal", "people", "workshops", "attending", "contributions"].contains(&rule)
    };
    let told = piece.scan.found.iter().any(|f| (start..at).contains(&f.words.start) && says(f));
    let named = (start..at).any(|w| piece.passage.slot(w, Slot::Event).is_some());
    at > start + 4 && !told && !named
}

/// "Poterie pour mon oncle, chant pour moi": a workshop for each.
fn chosen_for(page: &Page<'_>, piece: &Piece, at: usize) -> Option<Party> {
    let (passage, pack) = (&piece.passage, page.pack);
    let sentence = passage.clauses.get(passage.clause_at(at)?)?.sentence;
    let whom = |w: usize| pack.phrase(passage, "chosen-for", w).and_then(|s| party(passage, pack, s));
    let found = whom(at).filter(|p| !p.me && p.people.is_some())?;
    let me = passage.sentence(sentence).any(|w| whom(w).is_some_and(|p| p.me && p.people == Some(1)));
    let chosen = (0..page.config.events.len()).any(|e| !super::super::workshops::workshops(page, e).is_empty());
    (me && chosen).then_some(found)
}

/// "Atelier 1 : Paul ; atelier 2 : moi": persons behind the label of a workshop, and nothing more.
fn at_workshop(page: &Page<'_>, piece: &Piece, at: usize) -> Option<Party> {
    let found = party(&piece.passage, page.pack, at).filter(|p| !p.me || p.people == Some(1))?;
    let closed = closes(&piece.passage, page, found.end) && (found.me || !found.keys.is_empty());
    (closed && totals::before(page, piece, "workshop-label", at)).then_some(found)
}

/// "On dort chez M. et Mme Pradel": the second of two persons who do nothing themselves.
fn inside(passage: &Passage, pack: &Pack, at: usize) -> bool {
    let led = |w: usize| w > 0 && pack.listed("no-subject-before", passage.word(w - 1));
    let joint = at > 0 && pack.listed("party-joints", passage.word(at - 1));
    joint && (at.saturating_sub(REACH)..at).any(|w| led(w) && party(passage, pack, w).is_some_and(|p| p.end > at))
}

/// "La pastorale des migrants sera là": persons that another word belongs to do nothing themselves.
fn belongs(page: &Page<'_>, piece: &Piece, at: usize) -> bool {
    let (passage, pack) = (&piece.passage, page.pack);
    let Some(before) = at.checked_sub(1).filter(|_| pack.listed("of", passage.word(at))) else { return false };
    let word = passage.word(before);
    passage.clause_at(before) == passage.clause_at(at)
        && word.starts_with(char::is_alphabetic)
        && !["party-joints", "bare-after"].iter().any(|l| pack.listed(l, word))
}

/// The clause has said that somebody comes: in its last words before this one, or before the announced event that they
/// name: "je viens à la fête avec ma sœur", whatever "fête" means elsewhere.
fn comes_before(page: &Page<'_>, piece: &Piece, at: usize) -> bool {
    let clause = piece.passage.clause_at(at);
    let event = piece.passage.notes.iter().find(|n| n.slot == Slot::Event && n.words.end == at);
    let from = event.map_or(at, |e| e.words.start.saturating_sub(3));
    // "La réunion oui, avec ma femme."
    let comma = at.checked_sub(1).filter(|b| piece.passage.word(*b) == ",");
    let right = |f: &Finding| comma.is_some_and(|c| f.words.end == c);
    let near = |f: &&Finding| right(f) || Some(f.clause) == clause && f.words.start < at && f.words.end >= from;
    let here = piece.scan.found.iter().filter(near);
    here.filter(|f| !f.negated() && !f.is(Effect::Cancelled)).filter_map(|f| page.rule(f)).any(|r| {
        let plainly = r.says("strength").is_empty() && r.says("counts").is_empty();
        r.field == "attendance" && r.says("attendance") == "yes" && plainly
    })
}

/// The sentence has said before a word that somebody comes.
fn says_coming(page: &Page<'_>, piece: &Piece, at: usize) -> bool {
    let passage = &piece.passage;
    let sentence = passage.clause_at(at).and_then(|c| passage.clauses.get(c)).map(|c| passage.sentence(c.sentence));
    let Some(start) = sentence.map(|s| s.start) else { return false };
    let coming = |f: &Finding| page.rule(f).is_some_and(|r| r.field == "attendance" && r.says("attendance") == "yes");
    piece.scan.found.iter().any(|f| (start..at).contains(&f.words.start) && !f.negated() && coming(f))
}

/// A list that holds the sender: "ma femme et moi"; "Paul à l'atelier 1, moi au 3".
fn with_me(passage: &Passage, pack: &Pack, found: Party) -> Option<(Role, Party)> {
    // "C'est moi, la voisine": a comma alone joins two names for one.
    let same = found.members == 2 && found.loose;
    // "Mon mari sera de la partie, moi aussi."
    let too = pack.phrase(passage, "me-too", found.end).is_some_and(|e| {
        e >= passage.len()
            || !passage.word(e).starts_with(char::is_alphanumeric)
            || passage.clause_at(e) != passage.clause_at(e - 1)
    });
    if found.members == 1 && (too || pack.phrase(passage, "a-assigned", found.end).is_some()) {
        return Some((Role::Subject, found));
    }
    (found.people != Some(1) && !same).then_some((Role::List, found))
}

/// "Toute la famille sera là samedi : Yann, Claire et Zoé": a group's list stands behind what it does.
fn spelled(passage: &Passage, pack: &Pack, found: Party) -> Party {
    if found.people.is_some() {
        return found;
    }
    let Some(clause) = passage.clause_at(found.end - 1).and_then(|c| passage.clauses.get(c)) else { return found };
    let end = passage.sentence(clause.sentence).end;
    let sign = (found.end..end).find(|w| matches!(passage.word(*w), ":" | "("));
    let several = |l: &Party| l.members > 1 || l.people > Some(1);
    // "Ma classe viendra ! Vingt élèves et deux adultes."
    let next = passage.sentence(clause.sentence + 1);
    let whole = |l: &Party| l.end >= next.end && (!l.names || l.me);
    let behind = || party(passage, pack, next.start).filter(whole);
    // "Les enfants viennent avec moi, ils sont deux."
    let number = (found.end..next.end.max(end)).filter_map(|w| pack.phrase(passage, "they-number", w)).find_map(|w| {
        let (n, end) = passage.count(w).filter(|(n, _)| (2..=MOST).contains(n))?;
        (!passage.word(end).starts_with(char::is_alphanumeric)).then_some(n)
    });
    if number.is_some() && !found.me {
        return Party { people: number, ..found };
    }
    let list = sign.and_then(|s| party(passage, pack, s + 1)).filter(several).or_else(|| behind().filter(several));
    match list {
        Some(list) => Party { people: list.people, me: found.me || list.me, ..found },
        None => found,
    }
}

/// "4 adultes + 2 ados": the sign stands inside a list that a number begins, which counts itself.
fn in_list(piece: &Piece, page: &Page<'_>, at: usize) -> bool {
    let passage = &piece.passage;
    if !page.pack.listed("adds", passage.word(at)) {
        return false;
    }
    let Some(clause) = passage.clause_at(at).and_then(|c| passage.clauses.get(c)) else { return false };
    let numbers = (clause.words.start..at).filter(|w| passage.count(*w).is_some());
    numbers.filter_map(|w| party(passage, page.pack, w)).any(|p| p.end > at && !p.me)
}

/// "Inscrivez-moi", "avec vos amis", "j'emmène ma fille au judo" bring nobody here.
fn brought(page: &Page<'_>, piece: &Piece, name: &str, start: usize, found: &Party) -> bool {
    let yours = found.people.is_none() && page.pack.listed("others-determiners", piece.passage.word(start));
    let relative = page.pack.listed("relatives", piece.passage.word(found.end));
    // "J'amène un ami érythréen": a word that no rule knows.
    let unknown = piece.passage.id(found.end) == 0 && closes(&piece.passage, page, found.end + 1);
    // "J'amène ma mère samedi et je fais un cake".
    let there =
        page.pack.phrase(&piece.passage, "to-there", found.end).is_some_and(|e| closes(&piece.passage, page, e));
    let unknown = unknown || there;
    let stays = name != "takes-along" || relative || unknown || closes(&piece.passage, page, found.end);
    let alone = found.me && found.people == Some(1) && found.keys.is_empty();
    // "Inscription atelier 2, 1 personne": a number of the whole.
    let heads = name == "put-for"
        && found.keys.len() == 1
        && (start..found.end).any(|w| page.pack.listed("heads-nouns", piece.passage.word(w)));
    // "Avec les participants": those who are there anyway.
    let there = found.people.is_none() && page.pack.phrase(&piece.passage, "those-there", start).is_some();
    let many = name != "leads-along" || found.people.is_none_or(|n| n > 1);
    let named = name != "in-name-of" || found.names;
    // "Je réponds pour elle": she was named before.
    let she = name == "through" && found.people == Some(1) && !found.me && !found.ours && found.keys.is_empty();
    stays && many && named && !heads && !she && !yours && !there && !alone && found.people != Some(0)
}

/// "Mon mari aussi." tells that he comes; "mon mari aussi est allergique" does not.
pub(super) fn closes(passage: &Passage, page: &Page<'_>, end: usize) -> bool {
    let word = passage.word(end);
    !word.starts_with(char::is_alphanumeric)
        || passage.clause_at(end).is_none_or(|c| passage.clause_at(end - 1) != Some(c))
        || ["party-joints", "i", "we-pronouns"].iter().any(|l| page.pack.listed(l, word))
        || page.pack.phrase(passage, "comes", end).is_some()
        || party(passage, page.pack, end).is_some()
}

/// "Parlé avec ma sœur" brings nobody; "je suis d'accord, je viens avec ma sœur" does.
pub(super) fn beside(piece: &Piece, page: &Page<'_>, at: usize) -> bool {
    not_after(piece, page, "no-with", at) || !not_after(piece, page, "comes-beside", at)
}

/// No phrase of that name ends right before a word: "parlé avec ma sœur" brings nobody.
fn not_after(piece: &Piece, page: &Page<'_>, name: &str, at: usize) -> bool {
    !totals::before(page, piece, name, at)
}
