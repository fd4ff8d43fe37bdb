//! How many come: totals said in numbers, else those who are said to come one by one, else the names that sign.
//!
//! Never counts telephones, ages, hours, addresses, portions or food: `dates.toml` takes those out first. A plural whose
//! number is nowhere to be found stays unknown; persons that the number found does not explain are a reason for review.

mod before;
mod census;
mod comers;
mod explained;
mod group;
mod headed;
mod name;
mod party;
mod past;
mod person;
mod placed;
mod shares;
mod signature;
mod summed;
mod together;
mod told;
mod totals;
mod unlisted;

use crate::reading::Attendance;
use crate::rules::template::Words;

use super::attendance::{Verdict, Vote};
use super::page::Page;
pub use census::Census;
use comers::{Comer, Role};
pub use party::{Party, party};
pub use placed::companion_hangs;
use together::together;
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
pub fn people(page: &Page<'_>, census: &Census, verdict: &Verdict) -> Count {
    let mut heard = census.heard.clone();
    heard.extend(census.headed.iter().filter_map(|h| headed::heard(page, h, verdict)));
    heard.retain(|h| !h.doubted || verdict.says == Attendance::Maybe);
    let mut mine = concerning(page, census, verdict);
    mine.retain(|c| !idle(page, verdict, c));
    // "Mêmes personnes le 27", and no other number there: those of the event before.
    let told = heard.iter().any(|h| h.about.named && h.about.events == [verdict.event]);
    if let Some(event) = verdict.votes.iter().find_map(|v| v.same_as).filter(|_| !told) {
        let votes = verdict.votes.iter().map(|v| Vote { same_as: None, ..v.clone() }).collect();
        let same = people(page, census, &Verdict { event, votes, ..verdict.clone() });
        let gone = verdict.votes.iter().filter(|v| v.same_as.is_some()).find_map(|v| excepted(page, v)).unwrap_or(0);
        return Count { people: same.people.map(|n| n.saturating_sub(gone).max(1)), ..same };
    }
    if let Some(count) = shares::count(&census.shares, verdict) {
        return count;
    }
    let together = together(page, census, verdict, &mine);
    // "J'avais dit deux": nothing without somebody who joins.
    let relative = told::relative(page).filter(|_| verdict.says == Attendance::Yes);
    let told = relative.is_some() || mine.iter().any(|c| joins(c));
    heard.retain(|h| !h.superseded || told);
    let joined = |h: &&Heard| h.count.people == Some(1) && mine.iter().any(|c| joins_later(page, h, c));
    let best = best(page, &heard, verdict).filter(|h| !joined(h));
    if let Some((n, at)) =
        told::families(page, verdict).filter(|_| verdict.says == Attendance::Yes && best.is_none_or(|b| b.rank < WHOLE))
    {
        let piece =
            page.pieces.get(at.0).map_or(String::new(), |p| p.passage.words_of(p.passage.sentence(at.1)).to_owned());
        return Count::new(Some(n), "people/families", piece);
    }
    let grown = best.and_then(|b| grown(b, together.as_ref(), &mine, relative));
    let count = grown.unwrap_or_else(|| weighed(page, census, verdict, (best, together), &mine, &heard));
    let count = halved(page, verdict, numbered(page, verdict, count));
    let count = but_for(page, verdict, best, count);
    // Who does not know how many says so; beside persons and numbers a plural is a number that we did not find.
    let unknown = heard.iter().any(|h| h.count.people.is_none());
    let missed = count.people.is_none() && !unknown && verdict.says == Attendance::Yes && told::unexplained(page);
    let rank = best.map_or(0, |b| b.rank);
    // "Dimanche nous venons, tous les cinq. La réunion, je viens seul": of which event, nobody knows.
    let apart = |b: &Heard| count.people == Some(1) && !placed::dated_clause(page, b.at.0, b.clause);
    let astray = |b: &Heard| apart(b) && !heard.iter().any(|h| h.at == b.at && h.words != b.words);
    let other = (rank < CORRECTED || best.is_some_and(astray)) && heard.iter().any(|h| contests(h, verdict, &count));
    // "On dîne avec vous, et demain c'est moi seule qui viens."
    let alone = rank == 2 && count.people == Some(1) && verdict.votes.iter().any(|v| is_plural(page, v));
    let stranger = verdict.votes.iter().any(|v| unlisted::stranger(page, v.at));
    Count {
        unsure: count.unsure || missed || other || alone || (stranger && best.is_none_or(|b| b.rank < WHOLE)),
        ..count
    }
}

/// An announced number with those who join it: "vous nous attendiez à quatre, on sera un de plus", "j'avais dit deux, mon
/// frère se joint à nous".
fn grown(best: &Heard, together: Option<&Count>, mine: &[&Comer], relative: Option<i64>) -> Option<Count> {
    let announced = best.count.people.filter(|_| best.announced);
    if let Some(more) = relative.filter(|_| best.announced) {
        let people = announced.map(|n| u32::try_from(i64::from(n) + more).unwrap_or(n).max(1));
        return Some(Count { people, ..best.count.clone() });
    }
    let together = together.filter(|_| best.announced)?;
    let people = if mine.iter().all(|c| joins(c)) {
        announced.zip(mine.iter().map(|c| c.party.people).sum::<Option<u32>>()).map(|(n, m)| n + m)
    } else {
        together.people.or(announced)
    };
    Some(Count { people, ..together.clone() })
}

/// Somebody comes beside those who were announced.
fn joins(comer: &Comer) -> bool {
    comer.role == Role::With && !comer.party.me
}

/// The number that was told against those who are said to come one by one.
fn weighed(
    page: &Page<'_>,
    census: &Census,
    verdict: &Verdict,
    told: (Option<&Heard>, Option<Count>),
    mine: &[&Comer],
    heard: &[Heard],
) -> Count {
    let together = told.1.as_ref();
    let rolled = told::roll(page, verdict).filter(|n| together.is_some_and(|t| t.people < Some(*n)));
    match told {
        // "Présents : Aude, Léo, Max. À table : Aude seulement."
        (None, Some(_)) if rolled.is_some() && !says_i_anywhere(page, verdict) => {
            Count::new(rolled, "people/listed", verdict.votes.first().map_or(String::new(), |v| v.words.clone()))
        }
        (Some(best), Some(together)) if best.rank < WHOLE => match (best.count.people, together.people) {
            // "Moi + 1": the number adds to nobody that the letter names.
            (Some(n), Some(named)) if best.rank == 3 && n > named => best.count.clone(),
            // "Trois personnes": one of them is not named.
            (Some(n), Some(named)) if best.rank == 1 && n > named => Count { unsure: true, ..together },
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
        (None, None) => by_grammar(page, census, verdict, heard),
    }
}

/// "Nous viendrons en famille (4)": a number behind a group, where nothing else tells how many.
fn numbered(page: &Page<'_>, verdict: &Verdict, count: Count) -> Count {
    let behind = || told::behind(page, verdict).or_else(|| told::bracketed(page, verdict));
    match count.people.map_or_else(behind, |_| None) {
        Some(n) => Count { people: Some(n), ..count },
        None => count,
    }
}

/// "Ma femme insiste : nous viendrons ensemble": a plural of nobody knows how many is two, where the letter tells of the
/// sender's other half and of nobody else.
fn halved(page: &Page<'_>, verdict: &Verdict, count: Count) -> Count {
    if count.people.is_some() || !verdict.votes.iter().any(|v| is_plural(page, v)) {
        return count;
    }
    let body = page.pieces.iter().filter(|p| p.place == super::page::Place::Body);
    match body.map(|p| told::other_halves(page, p)).sum::<Option<usize>>() {
        Some(n) if n > 0 => Count { people: Some(2), rule: "people/other-half".into(), ..count },
        _ => count,
    }
}

/// "Je passerai seul, puis mes trois cousines me rejoindront au goûter."
fn joins_later(page: &Page<'_>, alone: &Heard, comer: &Comer) -> bool {
    let Some(piece) = page.pieces.get(comer.at.0) else { return false };
    let behind = comer.at > alone.at || comer.at == alone.at && comer.from >= alone.words.end;
    behind && page.pack.phrase(&piece.passage, "joins-later", comer.party.end).is_some()
}

/// "Mêmes personnes le 27, sauf Mado": how many are taken out in this sentence.
fn excepted(page: &Page<'_>, vote: &Vote) -> Option<u32> {
    let piece = page.pieces.get(vote.at.0)?;
    let sentence = piece.passage.clauses.get(vote.clause)?.sentence;
    let out = |w: usize| page.pack.phrase(&piece.passage, "except", w);
    piece.passage.sentence(sentence).filter_map(out).find_map(|w| party(&piece.passage, page.pack, w)?.people)
}

/// "On est une coloc de cinq et on vient tous, sauf Max."
fn but_for(page: &Page<'_>, verdict: &Verdict, best: Option<&Heard>, count: Count) -> Count {
    let out = verdict.votes.iter().find_map(|v| all_but(page, v)).filter(|_| best.is_some_and(|b| b.rank == WHOLE));
    let left = |n: u32| out.filter(|o| *o < n).map_or(n, |o| n - o);
    Count { people: count.people.map(left), ..count }
}

/// "On vient tous, sauf Luc et Zoé": how many of those counted stay away.
fn all_but(page: &Page<'_>, vote: &Vote) -> Option<u32> {
    let passage = &page.pieces.get(vote.at.0)?.passage;
    let out = |w: usize| page.pack.phrase(passage, "whole-except", w);
    passage.sentence(vote.at.1).filter_map(out).find_map(|w| party(passage, page.pack, w)?.people)
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
        let kept = alike.reduce(|kept, next| if part(page, verdict, kept, next) { kept } else { next });
        // "On sera deux au goûter. Ah non, trois !": a later sentence corrects.
        let later = |h: &&Heard| (ours(h) || general(h)) && h.rank >= CORRECTED && kept.is_some_and(|k| h.at > k.at);
        return heard.iter().rev().find(later).or(kept);
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
        matches!(piece.passage.word(w), ":" | "(") || page.pack.phrase(&piece.passage, "of-them", w).is_some()
    };
    let told = whole.at == next.at && (whole.words.end..next.words.end).any(signs);
    told || whole.rank < CORRECTED && !verdict.votes.iter().any(|v| v.at == next.at && v.clause == next.clause)
}

fn decides(verdict: &Verdict, at: (usize, usize)) -> bool {
    verdict.votes.iter().any(|v| v.at == at)
}

/// The comers of this event, or those of no event in particular.
fn concerning<'c>(page: &Page<'_>, census: &'c Census, verdict: &Verdict) -> Vec<&'c Comer> {
    let firm = |c: &&Comer| !c.doubted || verdict.says == Attendance::Maybe;
    let comers = || census.comers.iter().filter(firm);
    // "Le soir oui, le matin non. Un ami m'accompagne": nobody goes along to where the sender does not go.
    let refused = |c: &&Comer| !census.refused.is_empty() && c.about.events.iter().all(|e| census.refused.contains(e));
    let carried = |c: &&Comer| refused(c) && c.role == Role::With && !placed::dated(page, c);
    let ours: Vec<&Comer> = comers().filter(|c| c.about.events.contains(&verdict.event) || carried(c)).collect();
    if !ours.is_empty() {
        return ours;
    }
    comers().filter(|c| !c.about.named).collect()
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

/// No number and no companion: "je" is one; "nous" is as many as sign; somebody else who comes is one.
fn by_grammar(page: &Page<'_>, census: &Census, verdict: &Verdict, heard: &[Heard]) -> Count {
    let words = verdict.votes.first().map_or(String::new(), |v| v.words.clone());
    let they = |v: &Vote| group::of_others(page, verdict, v) || group::they(page, v);
    let third = !verdict.votes.is_empty() && verdict.votes.iter().all(they);
    let plural = verdict.votes.iter().any(|v| is_plural(page, v));
    let group = verdict.votes.iter().any(|v| group::collective(page, v));
    if let Some(n) = verdict.votes.iter().find_map(|v| told::gapped(page, v)).filter(|_| verdict.votes.len() == 1) {
        return Count::new(Some(n), "people/gapped", words);
    }
    if let Some(listed) = (third || plural).then(|| told::behind(page, verdict)).flatten() {
        return Count::new(Some(listed), "people/listed", words);
    }
    if let Some(named) = verdict.votes.iter().find_map(|v| names_in(page, v, verdict.event)).filter(|_| third || plural)
    {
        return Count::new(Some(named), "people/names", words);
    }
    if let Some(n) =
        verdict.votes.iter().find_map(|v| told::counted(page, v)).filter(|_| !says_i_anywhere(page, verdict))
    {
        return Count::new(Some(n), "people/counted", words);
    }
    if third && !group {
        return Count::new(Some(1), "people/one", words);
    }
    if plural || third {
        if census.signers >= 2 {
            return Count::new(Some(census.signers), "people/signature", words);
        }
        // "Samedi en famille (4). Jeudi, moi seul."
        if let Some(n) = told::bracketed(page, verdict) {
            return Count::new(Some(n), "people/bracketed", words);
        }
        if let Some(any) = heard.iter().max_by_key(|h| h.rank) {
            return any.count.clone();
        }
        // "Avec mon mari nous viendrons le 3, et aussi le 27".
        let mut beside: Vec<&Comer> = census.comers.iter().filter(|c| decides(verdict, c.at)).collect();
        // "Inscrivez-nous le 3, mon épouse et moi. Nous viendrons aussi le 27."
        if beside.is_empty() {
            beside.extend(census.comers.iter().find(|c| c.role == Role::List && c.party.me && !c.doubted));
        }
        // "J'aide le matin avec ma cousine. On reste pour le concert."
        if beside.is_empty() {
            beside = told_before(census, verdict);
        }
        let alone = || told::alone(page).map(|n| Count::new(Some(n), "people/alone-number", words.clone()));
        let found = together(page, census, verdict, &beside).or_else(alone);
        return found.unwrap_or_else(|| Count::new(None, "people/plural", words));
    }
    if let Some(n) = told::roll(page, verdict).filter(|_| !says_i_anywhere(page, verdict)) {
        return Count::new(Some(n), "people/listed", words);
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

/// Who was said to come along, wherever, in the last sentence before the votes that tells of such.
fn told_before<'c>(census: &'c Census, verdict: &Verdict) -> Vec<&'c Comer> {
    let first = verdict.votes.iter().map(|v| v.at).min();
    let along = |c: &&Comer| c.role == Role::With && !c.doubted && first.is_some_and(|f| c.at <= f);
    let last = census.comers.iter().filter(along).map(|c| c.at).max();
    census.comers.iter().filter(along).filter(|c| Some(c.at) == last).collect()
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
fn names_in(page: &Page<'_>, vote: &Vote, event: usize) -> Option<u32> {
    let piece = page.pieces.get(vote.at.0)?;
    // "Julie ira le 3, et le 9 nous serons là tous les quatre": behind it another matter.
    let ours = |w: &usize| {
        let clause = piece.passage.clause_at(*w).filter(|c| *c > vote.clause);
        clause.and_then(|c| piece.about.get(c)).is_none_or(|a| !a.named || a.events.contains(&event))
    };
    let range = piece.passage.sentence(vote.at.1).filter(ours);
    // "Odile ira pour nous deux."
    let stands_for = |w: usize, p: &Party| p.me && totals::others(page, piece, w + 1);
    let told = range.filter_map(|w| party(&piece.passage, page.pack, w).filter(|p| !stands_for(w, p)));
    told.filter_map(|p| p.people).find(|n| *n >= 2)
}

/// The vote's own words, or else its sentence, speak in the plural of the sender.
fn is_plural(page: &Page<'_>, vote: &Vote) -> bool {
    let Some(piece) = page.pieces.get(vote.at.0) else { return false };
    let (passage, pack) = (&piece.passage, page.pack);
    let listed = |list: &str, w: usize| pack.listed(list, passage.word(w));
    // "On verra", "on m'opère": nobody in particular.
    let we = |w: usize| listed("we", w) && pack.phrase(passage, "nobody", w).is_none();
    if group::own_words(passage, vote).is_some_and(|mut words| words.any(we)) {
        return true;
    }
    let range = passage.sentence(vote.at.1);
    // "Présents le 3 mars !", not "parmi les présents".
    let led = |w: usize| w.checked_sub(1).is_some_and(|b| listed("plural-determiners", b));
    let said = range.clone().any(|w| listed("we-predicates", w) && !led(w));
    let others = range.clone().any(|w| listed("they", w));
    // "On y sera, Annie et moi": one of several.
    let named = |w: usize| party(passage, pack, w).is_some_and(|p| p.end == w + 1);
    let joint = |w: usize| w.checked_sub(1).filter(|b| listed("adds-me", *b)).and_then(|b| b.checked_sub(1));
    let among = |w: usize| listed("me", w) && joint(w).is_some_and(named);
    (range.clone().any(we) || said && !others) && !range.clone().any(|w| listed("i", w) && !among(w))
}
