//! Everyone who is said to come, each once, and the sender when they come.
//!
//! Never counts one person twice: who was named, who is one of a number told before, and whom a list spells out.

use super::super::attendance::Vote;
use super::super::page::Page;
use super::comers::{Comer, Role};
use super::{Census, Count, group, is_plural, says_i_anywhere};
use crate::rules::template::Words;
use crate::understand::attendance::Verdict;

/// The persons told so far.
struct Sum<'c> {
    /// First names and kin, by key.
    seen: Vec<&'c str>,
    /// How many, but for the sender; `None`: several.
    total: Option<u32>,
    /// How many of them were only counted.
    unnamed: u32,
    /// The sender is one of them.
    me: bool,
    /// The sender was one of those a number counted, and a list said so.
    first_in: bool,
    /// Somebody comes beside somebody.
    with: bool,
    /// Somebody is said to come.
    subject: bool,
    before: Option<&'c Comer>,
    /// The sentence of those who were only counted.
    counted: Option<(usize, usize)>,
    /// A number of persons, and how many of them nobody has named yet.
    open: Option<(&'c Comer, u32)>,
    /// More are named than the number before them counts.
    more: bool,
}

impl<'c> Sum<'c> {
    /// Adds whoever is new. `own`: the sender comes; `plural`: they say "nous".
    fn add(&mut self, comer: &'c Comer, own: bool, plural: bool, senders: &[String]) {
        let party = &comer.party;
        let keys = || party.keys.iter().map(String::as_str);
        // "Deux personnes viendront le 3 : M. Perez et moi-même": the list explains the number.
        let number = self.before.filter(|b| beside(b, comer) && b.party.people == party.people);
        self.before = Some(comer);
        if number
            .is_some_and(|b| b.party.keys.is_empty() || party.members > 1 || comer.listed && party.people == Some(1))
        {
            self.first_in |= party.me && own && !self.me;
            self.me |= party.me;
            self.seen.extend(keys());
            self.open = None;
            return;
        }
        if self.explains(comer, own) {
            return;
        }
        // "… avec ma sœur. Ma sœur apporte…": told twice.
        if !party.keys.is_empty() && keys().all(|k| self.seen.contains(&k)) {
            // "Mon parrain veut y aller, je l'escorte": and the sender.
            let late = party.me && !self.me;
            self.total = self.total.map(|t| t + u32::from(late && !own));
            self.me |= party.me;
            return;
        }
        // "Je réponds pour ma fille et moi … elle et moi, oui."
        let again = party.me && self.me && party.keys.is_empty() && party.people.is_some();
        if again && party.people <= self.total.map(|t| t + u32::from(own)) {
            return;
        }
        if self.among(comer, own) || comer.anew && party.people.is_none() && self.total > Some(1) {
            return;
        }
        let again = keys().any(|k| self.seen.contains(&k));
        let several = party.members > 1 && plural && comer.role != Role::With;
        let signs = comer.role != Role::With || party.names;
        let named = signs && keys().any(|k| senders.iter().any(|s| s == k)) || party.names && several;
        let in_it = party.me || party.ours || named;
        self.seen.extend(keys());
        self.seen.extend(comer.called.iter().map(String::as_str));
        if again {
            return;
        }
        self.total = self.total.zip(party.people).map(|(t, n)| t + n.saturating_sub(u32::from(in_it && own)));
        self.me |= in_it;
        self.with |= comer.role == Role::With;
        self.subject |= matches!(comer.role, Role::Subject | Role::Through) || in_it;
    }

    /// "Quatre personnes viendront : Mme Roux, les Blanc et moi": whoever stands behind the colon or in the bracket of a number
    /// is one of those it counts, whether all are named or not.
    fn explains(&mut self, comer: &'c Comer, own: bool) -> bool {
        let party = &comer.party;
        let plain = party.people > Some(1) && !party.names && !party.me;
        let told = self.open.filter(|(n, _)| n.at == comer.at && comer.sign >= n.party.end && comer.role != Role::With);
        if let Some((number, left)) = told.filter(|_| party.me || !party.keys.is_empty()) {
            let named = party.people.unwrap_or(0);
            self.more |= named > left;
            self.open = Some((number, left.saturating_sub(named)));
            self.first_in |= party.me && own && !self.me;
            self.me |= party.me;
            self.seen.extend(party.keys.iter().map(String::as_str));
            return true;
        }
        if plain && comer.role != Role::List {
            self.open = party.people.map(|n| (comer, n));
        }
        false
    }

    /// Some of those who were counted: "… par trois membres. Deux d'entre nous resteront manger", "cinq d'entre nous
    /// viendront. Thérèse ira à l'atelier 1".
    fn among(&mut self, comer: &Comer, own: bool) -> bool {
        let party = &comer.party;
        if party.ours && party.people.zip(self.total).is_some_and(|(n, t)| n <= t) {
            return true;
        }
        // "Deux membres viendront : Zoé à l'atelier 1 et moi au 2."
        if comer.assigned && (!party.me || comer.listed) && self.unnamed > 0 {
            self.unnamed -= 1;
            self.first_in |= party.me && own;
            self.me |= party.me;
            return true;
        }
        // "Deux membres viendront : Karim le matin et moi le soir."
        if comer.listed
            && party.names
            && !party.me
            && self.counted == Some(comer.at)
            && party.people <= Some(self.unnamed)
        {
            self.unnamed -= party.people.unwrap_or(0);
            return true;
        }
        if party.people > Some(1) && !party.names && !party.me {
            self.counted = Some(comer.at);
            self.unnamed += party.people.unwrap_or(0);
        }
        false
    }
}

/// How many come, counted person by person; `None` where nobody is told of.
pub(super) fn together(page: &Page<'_>, census: &Census, verdict: &Verdict, comers: &[&Comer]) -> Option<Count> {
    let first = comers.first()?;
    let only = comers.iter().any(|c| c.only && c.about.events == [verdict.event]);
    // "Le club souhaite participer. Nos deux moniteurs viendront": the club is these two.
    let sent = first.role == Role::Subject || first.role == Role::Through;
    let club = |v: &Vote| sent && !we_or_i(page, v.at) && group::collective(page, v);
    let ours = |v: &Vote| !group::of_others(page, verdict, v) && speaks(page, v, comers) && !club(v);
    let group = group::leads(page, verdict, first);
    // "Le foyer amène dix jeunes", and nobody says "je" or "nous" there.
    let theirs = group && !first.party.me && !we_or_i(page, first.at) && !with_them(page, first);
    let instead = comers.iter().any(|c| c.instead);
    let own = !only && !instead && !theirs && (verdict.votes.is_empty() || verdict.votes.iter().any(ours));
    let plural = verdict.votes.iter().any(|v| is_plural(page, v));
    let mut sum = Sum {
        seen: Vec::new(),
        total: Some(0),
        unnamed: 0,
        me: false,
        first_in: false,
        with: false,
        subject: false,
        before: None,
        counted: None,
        open: None,
        more: false,
    };
    for comer in comers {
        if echoes(comers, comer) {
            sum.first_in |= own && !sum.me;
            sum.me = true;
            continue;
        }
        sum.add(comer, own, plural, &census.senders);
    }
    let Sum { total, me, first_in, with, subject, more, .. } = sum;
    // "Elle sera accompagnée de deux élus": whoever is accompanied comes too.
    let led = with && !subject && !own && !group;
    let alone = u32::from(own || led && !instead);
    // "Les cavaliers arrivent : 9 ados et 2 moniteurs. On reste tard": the sender speaks as one of those counted.
    let crowd = comers.iter().all(|c| c.role != Role::With && c.party.people > Some(2) && !c.party.names && !c.owned);
    let alone = if crowd && plural && own && !me && !says_i_anywhere(page, verdict) { 0 } else { alone };
    let base = if own && with && plural && !me { census.signers.max(1) } else { alone };
    let base = base - u32::from((first_in || inside(page, first)) && base > 0);
    let people = total.map(|t| t + base).filter(|n| *n > 0);
    // "Nous viendrons avec notre fille": two or three?
    let couple =
        own && with && !me && base == 1 && comers.iter().any(|c| c.role == Role::With && speaks_as_we(page, c));
    // "On se libère samedi. Comptez aussi notre apprentie": how many "on" are, nobody said.
    let added = |c: &&Comer| {
        !c.assigned && c.role != Role::With && c.role != Role::List && !verdict.votes.iter().any(|v| v.at == c.at)
    };
    let couple = couple || own && plural && !me && base == 1 && comers.iter().all(added);
    let mut count = Count::new(people, "people/companions", first.words.clone());
    count.unsure = couple || more;
    Some(count)
}

/// "Inscrivez Luc Roux et Anne Vial. Moi atelier 2, Anne atelier 1": the sender is one of those named before.
fn echoes(comers: &[&Comer], me: &Comer) -> bool {
    let told = |o: &&&Comer| {
        let keys = &o.party.keys;
        let before = |e: &&Comer| {
            let list = e.at < me.at && e.party.names && !e.party.me && e.party.members > 1;
            list && !keys.is_empty() && keys.iter().all(|k| e.party.keys.contains(k))
        };
        o.assigned && o.at == me.at && comers.iter().any(before)
    };
    me.assigned && me.party.me && me.party.people == Some(1) && comers.iter().any(|o| told(&o))
}

/// "Deux voisins viendront : Nadia le matin et moi le soir": behind the colon of a number the sender is one of them.
fn inside(page: &Page<'_>, first: &Comer) -> bool {
    let party = &first.party;
    let counted = party.people > Some(1) && !party.names && !party.me && !party.ours && !first.owned;
    let Some(piece) = page.pieces.get(first.at.0).filter(|_| counted && first.role != Role::With) else { return false };
    let passage = &piece.passage;
    let colon = passage.sentence(first.at.1).find(|w| *w >= first.party.end && passage.word(*w) == ":");
    let joint = |w: usize| page.pack.listed("adds-me", passage.word(w)) || passage.word(w) == ",";
    // A list of lines: "- moi-même : le 4".
    let dash = |w: usize| matches!(passage.word(w), "-" | "*" | "\u{2022}" | "\u{2013}" | "\u{b7}");
    let me = |w: usize| page.pack.listed("me", passage.word(w)) && (joint(w - 1) || joint(w + 1));
    let line = |w: usize| page.pack.listed("me", passage.word(w)) && dash(w - 1);
    colon.is_some_and(|c| (c + 2..passage.sentence(first.at.1).end).any(me) || (c + 2..passage.len()).any(line))
}

/// A sentence says "je" or "nous".
fn we_or_i(page: &Page<'_>, at: (usize, usize)) -> bool {
    let Some(piece) = page.pieces.get(at.0) else { return false };
    let said = |w: usize| ["i", "we-pronouns"].iter().any(|l| page.pack.listed(l, piece.passage.word(w)));
    piece.passage.sentence(at.1).any(said)
}

/// "Avec trois membres".
fn with_them(page: &Page<'_>, comer: &Comer) -> bool {
    let piece = page.pieces.get(comer.at.0);
    piece.is_some_and(|p| page.pack.phrase(&p.passage, "with", comer.from).is_some())
}

/// Told in one sentence with the number, or, of three and more, as a list in the next: "Les quatre associés arrivent ! Ugo,
/// Lise, Omar et moi".
fn beside(number: &Comer, list: &Comer) -> bool {
    let next = list.at == (number.at.0, number.at.1 + 1) && list.role == Role::List;
    match number.party.people {
        Some(n) if n > 1 => number.at == list.at || next && n > 2,
        // "Avec une voisine : Colette a dit oui."
        Some(_) => number.at == list.at && list.listed && list.party.names && !number.party.names,
        _ => false,
    }
}

/// The vote is the sender's: its sentence says "je" or "nous", or nobody else is its subject. "Huit boulistes prendront
/// place": the one who writes is not among them.
fn speaks(page: &Page<'_>, vote: &Vote, comers: &[&Comer]) -> bool {
    // "La section envoie deux élus. Ils apportent le pain": the bread is theirs.
    let there = |c: &Comer| c.at == vote.at || vote.brought && c.role == Role::Through;
    // "Entendu pour le 3, ma copine sera là aussi": she comes in a later clause.
    let words = page.pieces.get(vote.at.0).and_then(|p| group::own_words(&p.passage, vote)).map_or(0, |w| w.end);
    let end = piece_clause(page, vote).map_or(usize::MAX, |c| c.words.end).max(words);
    let there = |c: &Comer| there(c) && (c.at != vote.at || c.from < end);
    let others = comers.iter().any(|c| there(c) && matches!(c.role, Role::Subject | Role::Through));
    let Some(piece) = page.pieces.get(vote.at.0) else { return true };
    let first = |w: usize| ["i", "we-pronouns"].iter().any(|l| page.pack.listed(l, piece.passage.word(w)));
    let sentence = piece.passage.sentence(vote.at.1);
    let named = comers.iter().any(|c| c.at == vote.at && c.party.me);
    // "Six choristes seront au repas, et deux à la soirée (Luc et moi)", "ma fille viendra à ma place, je suis au lit": what
    // stands in other clauses is another matter.
    let clause = piece.passage.clauses.get(vote.clause).filter(|c| c.words.start >= sentence.start && !named);
    // "Ma fille m'amène et elle reste": whoever is brought is there.
    let own = group::own_words(&piece.passage, vote);
    let brought =
        !vote.third && own.is_some_and(|mut o| o.any(|w| page.pack.listed("me-objects", piece.passage.word(w))));
    // "Ma sœur et Luc viendront. Leur atelier sera le 4": of them only.
    let theirs = |w: usize| page.pack.listed("third-persons", piece.passage.word(w));
    let apart = !vote.brought && !sentence.clone().any(first) && sentence.clone().any(theirs);
    !(others || apart && told_of(comers, vote)) || brought || clause.map_or(sentence, |c| c.words.clone()).any(first)
}

/// Others came into the letter before a vote, and not beside the sender.
fn told_of(comers: &[&Comer], vote: &Vote) -> bool {
    comers.iter().any(|c| c.at < vote.at && !c.party.me && matches!(c.role, Role::Subject | Role::Through))
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
