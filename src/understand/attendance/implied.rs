//! Coming that goes without saying: whoever stays for the meal, says when they arrive, picks a workshop, counts heads or
//! brings a dish comes, unless their words say anything else of that event.

use crate::reading::{Attendance, Sort};
use crate::rules::passage::Clause;
use crate::rules::scan::{Effect, Finding};
use crate::rules::template::Words;

use super::super::contributions::Offer;
use super::super::page::{Page, Piece, Place};
use super::super::people::Census;
use super::super::workshops;
use super::{Vote, Weight, carried, unsaid};

/// A letter of so many words that counts heads answers by that count.
const TERSE: usize = 45;

/// Adds what goes without saying of each event that nothing is said of.
pub(super) fn implied(page: &Page<'_>, census: &Census, offers: &[Offer], votes: &mut Vec<Vote>) {
    let mut more = Vec::new();
    for (index, piece) in page.pieces.iter().enumerate() {
        for finding in piece.scan.found.iter().filter(|f| f.plain() && !piece.asked(f)) {
            // "L'après-midi seulement pour la formation, donc après le repas": said of the one that is answered.
            let firm = |v: &Vote| v.weight > Weight::Weak && !why(page, v);
            let answered = piece.about(finding).events.iter().any(|e| votes.iter().any(|v| v.event == *e && firm(v)));
            if comes(page, piece, finding) && !(answered && rule_is(page, finding, "attending")) {
                let rule = page.rule(finding).map(|r| r.name()).unwrap_or_default();
                add(page, index, finding.clause, &rule, piece.words(finding), &mut more);
            }
        }
    }
    // A letter that is also about something else implies nothing by what it brings or counts.
    let other = page.findings("kind").any(|(_, _, rule)| rule.says("about") == "else");
    for offer in offers.iter().filter(|o| !other && brought(o)) {
        let first = more.len();
        add(page, offer.piece, offer.clause, "attendance/brings", &offer.contribution.what, &mut more);
        more.iter_mut().skip(first).for_each(|v| v.brought = true);
    }
    let words: usize = page.pieces.iter().map(|p| p.passage.tokens.len()).sum();
    if !other && !asking(page) && words <= TERSE && votes.is_empty() && more.is_empty() {
        heads(page, &mut more);
        if more.is_empty() {
            only_persons(page, &mut more);
        }
    }
    // "Cinq charpentiers pour le chantier": so many persons and an event, and no verb.
    for (piece, clause, words) in census.opens(page).into_iter().filter(|_| !other) {
        add(page, piece, clause, "attendance/heads", &words, &mut more);
    }
    let nobody = |event: usize| census.shares.iter().any(|s| s.event == event && s.people == Some(0));
    more.retain(|v| !nobody(v.event));
    // "Quatre le 28, aucun le 11": nobody is told of the event that the shares give it to.
    let told = |v: &Vote| v.says == Attendance::No && census.shares.iter().any(|s| s.at == v.at);
    votes.retain(|v| !told(v));
    for share in &census.shares {
        let says = if share.people == Some(0) { Attendance::No } else { Attendance::Yes };
        let vote = Vote::implied(share.event, true, share.at, "attendance/shares", &share.words);
        more.push(Vote { says, written: says, ..vote });
    }
    reasons_aside(page, &more, votes);
    // What is only implied says nothing against what is said, unless that is of somebody else.
    let theirs = |v: &Vote| v.other && v.says != Attendance::Yes;
    more.retain(|v| !votes.iter().any(|said| said.event == v.event && !(theirs(said) && mine(page, v))));
    more.retain(|v| v.named || votes.iter().all(theirs));
    more.retain(|v| !carried::dish_of_the_others(page, v, votes));
    for event in 0..page.config.events.len() {
        let silent = !votes.iter().chain(&more).any(|v| v.event == event && !theirs(v));
        let vote = if silent && !other { picked(page, event) } else { None };
        more.extend(vote);
    }
    votes.extend(more);
}

/// A dish, or a choice, in the sender's own name.
fn mine(page: &Page<'_>, vote: &Vote) -> bool {
    let Some(piece) = page.pieces.get(vote.at.0) else { return false };
    let clause = piece.passage.clauses.get(vote.clause);
    let here = clause.map(|c| c.words.clone()).unwrap_or_default();
    let own = |list: &str| here.clone().any(|at| page.pack.listed(list, piece.passage.word(at)));
    vote.brought && (own("i") || own("we-pronouns"))
}

/// "Je ne fais que le matin, car j'ai un baptême": why only a part, no refusal.
fn reasons_aside(page: &Page<'_>, more: &[Vote], votes: &mut Vec<Vote>) {
    let partly = |v: &Vote| more.iter().any(|m| m.event == v.event && m.at == v.at && m.clause < v.clause);
    // "J'ai cours le matin, je n'arriverai qu'à midi": who says when they come has told why.
    let later = |v: &Vote| {
        let hours = |m: &&Vote| m.event == v.event && arrives(page, m);
        v.weight == Weight::Weak && more.iter().filter(hours).any(|m| (m.at, m.clause) > (v.at, v.clause))
    };
    for event in 0..page.config.events.len() {
        if votes.iter().filter(|v| v.event == event).all(|v| (why(page, v) && partly(v)) || later(v)) {
            votes.retain(|v| v.event != event);
        }
    }
}

/// The clause of a vote says when they come.
fn arrives(page: &Page<'_>, vote: &Vote) -> bool {
    let from = |f: &Finding| {
        f.clause == vote.clause
            && page
                .rule(f)
                .is_some_and(|r| r.field == "attending" && r.says("hours") == "from" && r.name() == vote.rule)
    };
    page.pieces.get(vote.at.0).is_some_and(|p| p.scan.found.iter().any(from))
}

/// A reason that a word like "car" brings in.
fn why(page: &Page<'_>, vote: &Vote) -> bool {
    let clause = page.pieces.get(vote.at.0).and_then(|p| p.passage.clauses.get(vote.clause));
    vote.weight == Weight::Weak && clause.is_some_and(|c| c.link == "cause")
}

/// Stays for the meal, or says when they arrive or leave.
fn comes(page: &Page<'_>, piece: &Piece, finding: &Finding) -> bool {
    let says = page
        .rule(finding)
        .is_some_and(|rule| rule.says("meal") == "yes" || (rule.field == "attending" && !rule.says("part").is_empty()));
    // "Le lendemain, nous repartons tôt": of a whole day, no coming to all that is on it.
    let about = piece.about(finding);
    let leaves = about.wide && rule_is(page, finding, "attending");
    says && !leaves && !about.another_matter()
}

/// A dish or a drink that is brought, not asked about nor in doubt.
fn brought(offer: &Offer) -> bool {
    let shared = matches!(offer.contribution.kind, Sort::Food | Sort::Drink);
    shared
        && offer.clear
        && !offer.asked
        && !offer.conditional
        && !offer.contribution.tentative
        && !offer.about.another_matter()
}

fn rule_is(page: &Page<'_>, finding: &Finding, field: &str) -> bool {
    page.rule(finding).is_some_and(|r| r.field == field)
}

fn add(page: &Page<'_>, piece: usize, clause: usize, rule: &str, words: &str, out: &mut Vec<Vote>) {
    let Some(read) = page.pieces.get(piece) else { return };
    let about = read.about.get(clause).cloned().unwrap_or_default();
    let sentence = read.passage.clauses.get(clause).map_or(0, |c| c.sentence);
    for event in about.events {
        out.push(Vote { clause, ..Vote::implied(event, about.named, (piece, sentence), rule, words) });
    }
}

/// "Six, dont deux enfants", "7 du foyer et une éducatrice": a terse letter that counts heads says who comes.
fn heads(page: &Page<'_>, out: &mut Vec<Vote>) {
    for (index, piece) in page.pieces.iter().enumerate() {
        for finding in &piece.scan.found {
            let Some(rule) = page.rule(finding).filter(|r| r.field == "people") else { continue };
            let taken_back = finding.is(Effect::Cancelled) && rule.says("corrects") != "true";
            let unsure = piece.asked(finding) || finding.negated() || taken_back;
            let told = super::weigh::passed_on(page, piece, piece.sentence(finding)); // "déjà trente intéressés", by others
            // "Deux d'entre nous sont malades."
            let ill = |f: &Finding| f.clause == finding.clause && toned(page, f, &["illness", "grief"]);
            let down = piece.scan.found.iter().any(ill);
            if !unsure && !told && !down && !piece.about(finding).another_matter() {
                add(page, index, finding.clause, &rule.name(), piece.words(finding), out);
            }
        }
    }
}

/// "Deux.", "Moi et Paulette": a letter that is nothing but persons, one of them the sender or of the sender's, or a
/// number.
fn only_persons(page: &Page<'_>, out: &mut Vec<Vote>) {
    for (index, piece) in page.pieces.iter().enumerate().filter(|(_, p)| p.place == Place::Body && p.quoted.is_none()) {
        let mut told = None;
        for (c, clause) in piece.passage.clauses.iter().enumerate() {
            let greets = piece.scan.found.iter().any(|f| f.clause == c && toned(page, f, &["thanks", "praise"]));
            let persons = unsaid::persons_only(page, piece, clause).filter(|p| p.any);
            if persons.is_some_and(|p| p.me || of_ours(page, piece, clause)) {
                told.get_or_insert(c);
            } else if !(greets || persons.is_some() || (told.is_some() && clause.line && clause.words.len() <= SIGNED))
            {
                return;
            }
        }
        if let Some(c) = told {
            let words = piece.passage.clauses.get(c).map(|c| piece.passage.words_of(c.words.clone()).to_owned());
            add(page, index, c, "attendance/persons", &words.unwrap_or_default(), out);
        }
    }
}

/// One of these tones.
fn toned(page: &Page<'_>, finding: &Finding, tones: &[&str]) -> bool {
    page.rule(finding).is_some_and(|r| r.field == "tone" && tones.contains(&r.says("tone")))
}

/// Words of a name under a letter.
const SIGNED: usize = 3;

/// A number of heads, or somebody of the sender's: "mon mari". A lone figure may be a day or a workshop, and answers our
/// question when we asked one (`plan/memory`).
fn of_ours(page: &Page<'_>, piece: &Piece, clause: &Clause) -> bool {
    let figure = |at: usize| piece.passage.word(at).starts_with(|c: char| c.is_ascii_digit());
    if clause.words.len() == 1 && clause.words.clone().any(figure) {
        return false;
    }
    let counts = |at: usize| piece.passage.count(at).is_some_and(|(n, _)| (1..100).contains(&n));
    let mut words = clause.words.clone();
    words.any(|at| page.pack.listed("own-kin", piece.passage.word(at)) || counts(at))
}

/// "Thème 3 pour moi": whoever picks a workshop, and asks nothing, comes to its event.
fn picked(page: &Page<'_>, event: usize) -> Option<Vote> {
    let number = workshops::workshops(page, event).first().copied()?;
    if asking(page) {
        return None;
    }
    let places = page.pieces.iter().enumerate().filter(|(_, p)| p.place == Place::Body);
    let mut places = places.filter_map(|(i, p)| Some((i, p.about.iter().find(|a| a.events.contains(&event))?)));
    let (index, about) = places.find(|(_, a)| !a.another_matter())?;
    Some(Vote::implied(event, about.named, (index, 0), "attendance/workshop", &number.to_string()))
}

/// The letter asks something, anywhere.
fn asking(page: &Page<'_>) -> bool {
    let asks = |f: &Finding| page.rule(f).is_some_and(|r| r.field == "question");
    page.pieces.iter().any(|p| p.scan.found.iter().any(asks) || p.passage.clauses.iter().any(|c| c.asked))
}
