//! How many come: totals said in numbers, else those who are said to come one by one, else the names that sign.
//!
//! Never counts telephones, ages, hours, addresses, portions or food: `dates.toml` takes those out first. A plural whose
//! number is nowhere to be found stays unknown; persons that the number found does not explain are a reason for review.

mod before;
mod comers;
mod explained;
mod group;
mod headed;
mod name;
mod party;
mod person;
mod placed;
mod shares;
mod signature;
mod told;
mod totals;

use crate::reading::Attendance;
use crate::rules::template::Words;

use super::attendance::{Verdict, Vote};
use super::page::Page;
use comers::{Comer, Role};
pub use headed::opens;
pub use party::{Party, party};
pub use placed::companion_hangs;
pub use shares::shares;
use totals::Heard;

/// A head count with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// How many, `None`: several, nobody knows.
    pub people: Option<u32>,
    /// The rule or reason.
    pub rule: String,
    /// The sender's words.
    pub words: String,
    /// The letter tells of persons that the number does not explain.
    pub unsure: bool,
}

impl Count {
    fn new(people: Option<u32>, rule: &str, words: String) -> Self {
        Self { people, rule: rule.into(), words, unsure: false }
    }
}

/// The most persons one letter can announce.
const MOST: u32 = 300;
/// Rank from which a number is the whole number of those who come.
const WHOLE: u8 = 4;
/// Rank of a number that corrects another.
const CORRECTED: u8 = 5;

/// How many come to the event of a verdict.
pub fn people(page: &Page<'_>, verdict: &Verdict) -> Count {
    let mut heard = totals::totals(page);
    heard.extend(totals::lines(page));
    heard.extend(headed::heard(page, verdict));
    heard.retain(|h| !h.doubted || verdict.says == Attendance::Maybe);
    let comers = comers::comers(page);
    let mut mine = concerning(&comers, verdict);
    mine.retain(|c| !idle(page, verdict, c));
    // "Mêmes personnes le 27", and no other number there: those of the event before.
    let told = heard.iter().any(|h| h.about.named && h.about.events == [verdict.event]);
    if let Some(event) = verdict.votes.iter().find_map(|v| v.same_as).filter(|_| !told) {
        let votes = verdict.votes.iter().map(|v| Vote { same_as: None, ..v.clone() }).collect();
        let same = people(page, &Verdict { event, votes, ..verdict.clone() });
        let gone = verdict.votes.iter().filter(|v| v.same_as.is_some()).find_map(|v| excepted(page, v)).unwrap_or(0);
        return Count { people: same.people.map(|n| n.saturating_sub(gone).max(1)), ..same };
    }
    if let Some(count) = shares::count(page, verdict) {
        return count;
    }
    let together = together(page, verdict, &mine);
    let joined = |h: &&Heard| h.count.people == Some(1) && mine.iter().any(|c| joins_later(page, h, c));
    let best = best(page, &heard, verdict).filter(|h| !joined(h));
    let count = match (best, together) {
        (Some(best), Some(together)) if best.rank < WHOLE => match (best.count.people, together.people) {
            // "Moi + 1": the number adds to nobody that the letter names.
            (Some(n), Some(named)) if best.rank == 3 && n > named => best.count.clone(),
            _ => together,
        },
        (Some(best), Some(together)) => {
            // "Quatre d'entre nous viennent. Tous les quatre…": with the sender or without.
            let besides = mine.iter().any(|c| c.role == Role::With || c.role == Role::List);
            let spare = u32::from(!besides);
            // "Nous serons 4 (Anne, Luc, Zoé et moi)" explains itself, whoever else the letter names.
            let listed = mine.iter().any(|c| c.role == Role::List && c.party.people == best.count.people);
            let more = !listed && together.people.zip(best.count.people).is_some_and(|(named, n)| named > n + spare);
            Count { unsure: more && best.rank < CORRECTED, ..best.count.clone() }
        }
        (Some(best), None) => best.count.clone(),
        (None, Some(together)) => together,
        (None, None) => by_grammar(page, verdict, &heard, &comers),
    };
    let count = numbered(page, verdict, count);
    // Who does not know how many says so; beside persons and numbers a plural is a number that we did not find.
    let unknown = heard.iter().any(|h| h.count.people.is_none());
    let missed = count.people.is_none() && !unknown && verdict.says == Attendance::Yes && told::unexplained(page);
    let rank = best.map_or(0, |b| b.rank);
    let other = rank < CORRECTED && heard.iter().any(|h| contests(h, verdict, &count));
    let stranger = verdict.votes.iter().any(|v| comers::stranger(page, v.at));
    Count { unsure: count.unsure || missed || other || (stranger && best.is_none_or(|b| b.rank < WHOLE)), ..count }
}

/// "Nous viendrons en famille (4)": a number behind a group, where nothing else tells how many.
fn numbered(page: &Page<'_>, verdict: &Verdict, count: Count) -> Count {
    let behind = || told::behind(page, verdict).or_else(|| told::bracketed(page, verdict));
    match count.people.map_or_else(behind, |_| None) {
        Some(n) => Count { people: Some(n), ..count },
        None => count,
    }
}

/// "Je passerai seul, puis mes trois cousines me rejoindront au goûter."
fn joins_later(page: &Page<'_>, alone: &Heard, comer: &Comer) -> bool {
    let Some(piece) = page.pieces.get(comer.at.0) else { return false };
    let behind = comer.at > alone.at || comer.at == alone.at && comer.from >= alone.words.end;
    behind && party::phrase(&piece.passage, page.pack, "joins-later", comer.party.end).is_some()
}

/// "Mêmes personnes le 27, sauf Mado": how many are taken out in this sentence.
fn excepted(page: &Page<'_>, vote: &Vote) -> Option<u32> {
    let piece = page.pieces.get(vote.at.0)?;
    let sentence = piece.passage.clauses.get(vote.clause)?.sentence;
    let out = |w: usize| party::phrase(&piece.passage, page.pack, "except", w);
    piece.passage.sentence(sentence).filter_map(out).find_map(|w| party(&piece.passage, page.pack, w)?.people)
}

/// A greater number of persons is told for this very event, and nothing takes it back: one of the two is misread.
fn contests(heard: &Heard, verdict: &Verdict, count: &Count) -> bool {
    let ours = heard.about.events == [verdict.event] && heard.rank >= WHOLE;
    ours && verdict.says == Attendance::Yes && count.people.is_some() && heard.count.people > count.people
}

/// What stands in the sentences that decided, then what names this event, then what is said of no other event.
fn best<'h>(page: &Page<'_>, heard: &'h [Heard], verdict: &Verdict) -> Option<&'h Heard> {
    let deciding = |h: &&Heard| decides(verdict, h.at) && h.about.events.contains(&verdict.event);
    let ours = |h: &&Heard| h.about.events.contains(&verdict.event);
    let general = |h: &&Heard| !h.about.named;
    for wanted in [&deciding as &dyn Fn(&&Heard) -> bool, &ours, &general] {
        let Some(rank) = heard.iter().filter(|h| wanted(h)).map(|h| h.rank).max() else { continue };
        let alike = heard.iter().filter(|h| wanted(h) && h.rank == rank);
        return alike.reduce(|kept, next| if part(page, verdict, kept, next) { kept } else { next });
    }
    None
}

/// A smaller number after the whole one is a part of it: "nous serons 4 : deux le matin, deux après", "… nous deux restons
/// manger". Where its own clause says who comes, it stands in its place.
fn part(page: &Page<'_>, verdict: &Verdict, whole: &Heard, next: &Heard) -> bool {
    if next.count.people.is_none() || next.count.people >= whole.count.people {
        return next.count.people.is_none() && whole.count.people.is_some();
    }
    let Some(piece) = page.pieces.get(whole.at.0) else { return false };
    let signs = |w: usize| {
        matches!(piece.passage.word(w), ":" | "(") || party::phrase(&piece.passage, page.pack, "of-them", w).is_some()
    };
    let told = whole.at == next.at && (whole.words.end..next.words.end).any(signs);
    told || whole.rank < CORRECTED && !verdict.votes.iter().any(|v| v.at == next.at && v.clause == next.clause)
}

fn decides(verdict: &Verdict, at: (usize, usize)) -> bool {
    verdict.votes.iter().any(|v| v.at == at)
}

/// The comers of this event, or those of no event in particular.
fn concerning<'c>(comers: &'c [Comer], verdict: &Verdict) -> Vec<&'c Comer> {
    let firm = |c: &&Comer| !c.doubted || verdict.says == Attendance::Maybe;
    let ours: Vec<&Comer> = comers.iter().filter(firm).filter(|c| c.about.events.contains(&verdict.event)).collect();
    if !ours.is_empty() {
        return ours;
    }
    comers.iter().filter(firm).filter(|c| !c.about.named).collect()
}

/// "Ma sœur et moi avons bien lu l'affiche. Moi j'y serai": a list that does something else than come, where the sender
/// then answers for one alone.
fn idle(page: &Page<'_>, verdict: &Verdict, comer: &Comer) -> bool {
    let Some(piece) = page.pieces.get(comer.at.0) else { return false };
    // "Ma femme et moi vous remercions", "… avons bien reçu".
    let end = comer.party.end;
    let listed = |l: &str, w: usize| page.pack.listed(l, piece.passage.word(w));
    let does = (end..end + 3)
        .any(|w| page.pack.ends_like("we-do-endings", piece.passage.word(w)) && (w == end || !listed("we", w)));
    let alone = !verdict.votes.is_empty() && !verdict.votes.iter().any(|v| is_plural(page, v));
    let we = |w: &usize| page.pack.listed("we-pronouns", piece.passage.word(*w));
    let later = (comer.party.end..piece.passage.len()).any(|w| we(&w));
    comer.role == Role::List && does && alone && !later && !decides(verdict, comer.at)
}

/// Everyone who is said to come, each once, and the sender when they come.
fn together(page: &Page<'_>, verdict: &Verdict, comers: &[&Comer]) -> Option<Count> {
    let first = comers.first()?;
    let senders = signature::senders(page);
    let only = comers.iter().any(|c| c.only && c.about.events == [verdict.event]);
    let own = !only
        && (verdict.votes.is_empty()
            || verdict.votes.iter().any(|v| !group::of_others(page, verdict, v) && speaks(page, v, comers)));
    let plural = verdict.votes.iter().any(|v| is_plural(page, v));
    let mut seen: Vec<&str> = Vec::new();
    let mut total = Some(0);
    let mut unnamed = 0;
    let mut me = false;
    let mut with = false;
    let mut subject = false;
    let mut first_in = false;
    let mut before: Option<&Comer> = None;
    for comer in comers {
        // "Deux personnes viendront le 3 : M. Perez et moi-même": the list explains the number.
        let number = before.filter(|b| beside(b, comer) && b.party.people == comer.party.people);
        let explains = number.is_some_and(|b| b.party.keys.is_empty() || comer.party.members > 1);
        before = Some(comer);
        if explains {
            first_in |= comer.party.me && own && !me;
            me |= comer.party.me;
            seen.extend(comer.party.keys.iter().map(String::as_str));
            continue;
        }
        let keys = &comer.party.keys;
        // "… avec ma sœur. Ma sœur apporte…": told twice.
        if !keys.is_empty() && keys.iter().all(|k| seen.contains(&k.as_str())) {
            // "Mon parrain veut y aller, je l'escorte": and the sender.
            let late = comer.party.me && !me;
            total = total.map(|t| t + u32::from(late && !own));
            me |= comer.party.me;
            continue;
        }
        if among(comer, total, &mut unnamed) {
            continue;
        }
        let again = keys.iter().any(|k| seen.contains(&k.as_str()));
        let several = comer.party.members > 1 && plural && comer.role != Role::With;
        let signs = comer.role != Role::With || comer.party.names;
        let named = signs && keys.iter().any(|k| senders.contains(k)) || comer.party.names && several;
        let in_it = comer.party.me || comer.party.ours || named;
        seen.extend(keys.iter().map(String::as_str));
        if again {
            continue;
        }
        total = total.zip(comer.party.people).map(|(t, n)| t + n.saturating_sub(u32::from(in_it && own)));
        me |= in_it;
        with |= comer.role == Role::With;
        subject |= matches!(comer.role, Role::Subject | Role::Through) || in_it;
    }
    // "Elle sera accompagnée de deux élus": whoever is accompanied comes too.
    let led = with && !subject && !own && !group::leads(page, verdict, first);
    let alone = u32::from(own || led);
    // "Les cavaliers arrivent : 9 ados et 2 moniteurs. On reste tard": the sender speaks as one of those counted.
    let group = comers.iter().all(|c| c.role != Role::With && c.party.people > Some(2) && !c.party.names && !c.owned);
    let alone = if group && plural && own && !me && !says_i_anywhere(page, verdict) { 0 } else { alone };
    let base = if own && with && plural && !me { signature::signers(page).max(1) } else { alone };
    // The number counted the sender, the list behind it said so.
    let base = base - u32::from(first_in && base > 0);
    let people = total.map(|t| t + base).filter(|n| *n > 0);
    // "Nous viendrons avec notre fille": two or three?
    let couple =
        own && with && !me && base == 1 && comers.iter().any(|c| c.role == Role::With && speaks_as_we(page, c));
    let mut count = Count::new(people, "people/companions", first.words.clone());
    count.unsure = couple;
    Some(count)
}

/// Told in one sentence with the number, or, of three and more, as a list in the next: "Les quatre associés arrivent ! Ugo,
/// Lise, Omar et moi".
fn beside(number: &Comer, list: &Comer) -> bool {
    let next = list.at == (number.at.0, number.at.1 + 1) && list.role == Role::List;
    match number.party.people {
        Some(n) if n > 1 => number.at == list.at || next && n > 2,
        _ => false,
    }
}

/// Some of those who were counted: "… par trois membres. Deux d'entre nous resteront manger", "cinq d'entre nous viendront.
/// Thérèse ira à l'atelier 1". Keeps how many were counted without a name.
fn among(comer: &Comer, total: Option<u32>, unnamed: &mut u32) -> bool {
    let party = &comer.party;
    if party.ours && party.people.zip(total).is_some_and(|(n, t)| n <= t) {
        return true;
    }
    if comer.assigned && !party.me && *unnamed > 0 {
        *unnamed -= 1;
        return true;
    }
    if party.people > Some(1) && !party.names {
        *unnamed += party.people.unwrap_or(0);
    }
    false
}

/// The vote is the sender's: its sentence says "je" or "nous", or nobody else is its subject. "Huit boulistes prendront
/// place": the one who writes is not among them.
fn speaks(page: &Page<'_>, vote: &Vote, comers: &[&Comer]) -> bool {
    // "La section envoie deux élus. Ils apportent le pain": the bread is theirs.
    let there = |c: &Comer| c.at == vote.at || vote.brought && c.role == Role::Through;
    // "Entendu pour le 3, ma copine sera là aussi": she comes in a later clause.
    let end = piece_clause(page, vote).map_or(usize::MAX, |c| c.words.end);
    let there = |c: &Comer| there(c) && (c.at != vote.at || c.from < end);
    let others = comers.iter().any(|c| there(c) && matches!(c.role, Role::Subject | Role::Through));
    let Some(piece) = page.pieces.get(vote.at.0) else { return true };
    let first = |w: usize| ["i", "we-pronouns"].iter().any(|l| page.pack.listed(l, piece.passage.word(w)));
    let sentence = piece.passage.sentence(vote.at.1);
    let named = comers.iter().any(|c| c.at == vote.at && c.party.me);
    // "Six choristes seront au repas, et deux à la soirée (Luc et moi)", "ma fille viendra à ma place, je suis au lit": what
    // stands in other clauses is another matter.
    let clause = piece.passage.clauses.get(vote.clause).filter(|c| c.words.start >= sentence.start && !named);
    !others || clause.map_or(sentence, |c| c.words.clone()).any(first)
}

/// The clause that a vote stands in, when it lies in the vote's own sentence.
fn piece_clause<'p>(page: &'p Page<'_>, vote: &Vote) -> Option<&'p crate::rules::passage::Clause> {
    let clauses = &page.pieces.get(vote.at.0)?.passage.clauses;
    clauses.get(vote.clause).filter(|c| c.sentence == vote.at.1)
}

/// "Nous" (not "on") before the companion, and no "je" in the sentence: "avec Luc, nous viendrons" are two.
fn speaks_as_we(page: &Page<'_>, comer: &Comer) -> bool {
    let Some(piece) = page.pieces.get(comer.at.0) else { return false };
    let sentence = piece.passage.sentence(comer.at.1);
    let said = piece.passage.words_of(sentence.clone());
    let before =
        said.find(&comer.words).and_then(|at| said.get(..at)).map_or(0, |text| text.split_whitespace().count());
    let has = |list: &str, w: usize| page.pack.listed(list, piece.passage.word(w));
    let we = sentence.clone().take(before).any(|w| has("couple-we", w));
    we && !sentence.clone().any(|w| has("i", w))
}

/// No number and no companion: "je" is one; "nous" is as many as sign; somebody else who comes is one.
fn by_grammar(page: &Page<'_>, verdict: &Verdict, heard: &[Heard], comers: &[Comer]) -> Count {
    let words = verdict.votes.first().map_or(String::new(), |v| v.words.clone());
    let third = !verdict.votes.is_empty() && verdict.votes.iter().all(|v| group::of_others(page, verdict, v));
    let plural = verdict.votes.iter().any(|v| is_plural(page, v));
    let group = verdict.votes.iter().any(|v| group::collective(page, v));
    if let Some(listed) = (third || plural).then(|| told::behind(page, verdict)).flatten() {
        return Count::new(Some(listed), "people/listed", words);
    }
    if let Some(named) = verdict.votes.iter().find_map(|v| names_in(page, v.at)).filter(|_| third || plural) {
        return Count::new(Some(named), "people/names", words);
    }
    if third && !group {
        return Count::new(Some(1), "people/one", words);
    }
    if plural || third {
        let signers = signature::signers(page);
        if signers >= 2 {
            return Count::new(Some(signers), "people/signature", words);
        }
        if let Some(any) = heard.iter().max_by_key(|h| h.rank) {
            return any.count.clone();
        }
        // "Avec mon mari nous viendrons le 3, et aussi le 27".
        let mut beside: Vec<&Comer> = comers.iter().filter(|c| decides(verdict, c.at)).collect();
        // "Inscrivez-nous le 3, mon épouse et moi. Nous viendrons aussi le 27."
        if beside.is_empty() {
            beside.extend(comers.iter().find(|c| c.role == Role::List && c.party.me && !c.doubted));
        }
        let alone = || told::alone(page).map(|n| Count::new(Some(n), "people/alone-number", words.clone()));
        let found = together(page, verdict, &beside).or_else(alone);
        return found.unwrap_or_else(|| Count::new(None, "people/plural", words));
    }
    // "Oui pour samedi. Odile et René": nobody says "je".
    let mine = verdict.votes.iter().any(|v| says_i(page, v.at));
    let signers = if mine || verdict.votes.is_empty() { 1 } else { signature::hands(page) };
    if signers >= 2 {
        return Count::new(Some(signers), "people/signature", words);
    }
    if let Some(n) = verdict.votes.iter().find_map(|v| told::spelled(page, v)).filter(|_| !mine) {
        return Count::new(Some(n), "people/alone-number", words);
    }
    Count::new(Some(1), "people/one", words)
}

/// A sentence that decides says "je".
fn says_i_anywhere(page: &Page<'_>, verdict: &Verdict) -> bool {
    verdict.votes.iter().any(|v| says_i(page, v.at))
}

/// The sentence says "je".
fn says_i(page: &Page<'_>, at: (usize, usize)) -> bool {
    let Some(piece) = page.pieces.get(at.0) else { return false };
    piece.passage.sentence(at.1).any(|w| page.pack.listed("i", piece.passage.word(w)))
}

/// "Louis et Marthe" in the sentence that says "nous".
fn names_in(page: &Page<'_>, at: (usize, usize)) -> Option<u32> {
    let piece = page.pieces.get(at.0)?;
    let range = piece.passage.sentence(at.1);
    range.filter_map(|w| party(&piece.passage, page.pack, w)).filter_map(|p| p.people).find(|n| *n >= 2)
}

/// The vote's own words, or else its sentence, speak in the plural of the sender.
fn is_plural(page: &Page<'_>, vote: &Vote) -> bool {
    let Some(piece) = page.pieces.get(vote.at.0) else { return false };
    let (passage, pack) = (&piece.passage, page.pack);
    let listed = |list: &str, w: usize| pack.listed(list, passage.word(w));
    // "On verra", "on m'opère": nobody in particular.
    let we = |w: usize| listed("we", w) && party::phrase(passage, pack, "nobody", w).is_none();
    if group::own_words(passage, vote).is_some_and(|mut words| words.any(we)) {
        return true;
    }
    let range = passage.sentence(vote.at.1);
    // "Présents le 3 mars !", not "parmi les présents".
    let led = |w: usize| w.checked_sub(1).is_some_and(|b| listed("plural-determiners", b));
    let said = range.clone().any(|w| listed("we-predicates", w) && !led(w));
    let others = range.clone().any(|w| listed("they", w));
    (range.clone().any(we) || said && !others) && !range.clone().any(|w| listed("i", w))
}
