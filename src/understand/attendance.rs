//! Will they come? Every vote of a letter, in order: what fired, what a clause adds for another event, what a label, a
//! count or a dish implies. `weigh` says what one finding is worth, `decide` what all of them come to, `judged` whether the
//! words of the letter bear it out.
//!
//! Never answers for an event of which nothing in the letter speaks.

use crate::reading::Attendance;

use super::contributions::Offer;
use super::courtesy;
use super::event::{bare_name, mentions};
use super::kind::found::elsewhere;
use super::page::{Page, Piece, Place};
use super::people::Census;
use crate::rules::passage::Clause;
use crate::rules::scan::{Finding, bearing};

mod busy;
mod carried;
mod decide;
mod implied;
mod inline;
mod judged;
mod labelled;
mod subject;
pub(super) mod table;
mod unsaid;
mod weigh;
mod wish;

pub use decide::{Verdict, decide};
pub use judged::{Judgement, judged};
use weigh::weigh;

/// How much a vote weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// A reason, a place elsewhere: counts only where nothing better stands.
    Weak,
    /// A lone "oui" or "non".
    Bare,
    /// A sentence that says so.
    Strong,
}

/// What one finding says about one event.
#[derive(Debug, Clone)]
pub struct Vote {
    /// Event, by place in the configuration.
    pub event: usize,
    /// What it says.
    pub says: Attendance,
    /// What its rule says, whatever operators made of it.
    pub written: Attendance,
    /// How much it weighs.
    pub weight: Weight,
    /// Somebody else comes, or comes in the sender's place.
    pub third: bool,
    /// The words speak of somebody else's coming ("mon mari ne peut pas"), whatever the rule.
    pub other: bool,
    /// The event is named, not taken for granted.
    pub named: bool,
    /// It is meant only as one of all those on a day, or of all the others.
    pub wide: bool,
    /// Piece and sentence it stands in.
    pub at: (usize, usize),
    /// Its clause.
    pub clause: usize,
    /// Its clause corrects or resolves what went before ("finalement", "donc", "mais").
    pub turns: bool,
    /// Its own clause says of whom it speaks ("moi, j'attends mes horaires").
    pub apart: bool,
    /// Its sentence leaves a way out ("si tout va bien").
    pub hedged: bool,
    /// The rule, for evidence.
    pub rule: String,
    /// The sender's words.
    pub words: String,
    /// What was done to it.
    pub note: String,
    /// A reason whose own clause names the event ("samedi, je suis de garde"), or words that leave no other ("sans façon"):
    /// as good as a refusal.
    pub that_day: bool,
    /// It goes without saying: somebody brings a dish.
    pub brought: bool,
    /// They come to its meal, and to nothing else of it.
    pub for_the_meal: bool,
    /// Its event is told by an order, an hour or what was said of the others, of which the words around it tell nothing: "oui,
    /// non, oui", "pas avant midi", "et rien d'autre".
    pub given: bool,
    /// "Mêmes personnes le 27": those who come to this other event come to this one too.
    pub same_as: Option<usize>,
}

impl Vote {
    /// A yes that goes without saying: by a label, a count, a dish. Says no more than a lone "oui".
    fn implied(event: usize, named: bool, at: (usize, usize), rule: &str, words: &str) -> Self {
        Self {
            event,
            says: Attendance::Yes,
            written: Attendance::Yes,
            weight: Weight::Bare,
            third: false,
            other: false,
            named,
            wide: false,
            at,
            clause: 0,
            turns: false,
            apart: false,
            hedged: false,
            rule: rule.into(),
            words: words.into(),
            note: String::new(),
            that_day: false,
            brought: false,
            for_the_meal: false,
            given: false,
            same_as: None,
        }
    }
}

/// Every vote of a letter, in order.
pub fn votes(page: &Page<'_>, census: &Census, offers: &[Offer]) -> Vec<Vote> {
    let mut out = Vec::new();
    for (index, piece) in page.pieces.iter().enumerate() {
        for finding in &piece.scan.found {
            let Some(rule) = page.rule(finding).filter(|r| r.field == "attendance") else { continue };
            let about = piece.about(finding);
            let Some((says, written, weight)) = weigh(page, piece, finding, rule, elsewhere(page, piece, finding))
            else {
                continue;
            };
            if says == Attendance::Yes && unsaid::overtaken(page, piece, finding) {
                continue;
            }
            let third = rule.says("who") == "third";
            let other = third || subject::somebody_else(page, piece, finding);
            let clause = piece.passage.clauses.get(finding.clause);
            let link = clause.map_or("", |c| c.link.as_str());
            let named_there =
                clause.is_some_and(|c| names(page, piece, &c.words)) || framed(page, piece, finding.clause);
            let that_day = match rule.says("sure") {
                "alone" => true,
                "named" => named_there,
                _ => false,
            };
            for event in carried::meant(page, piece, finding, says, &out) {
                out.push(Vote {
                    event,
                    says,
                    written,
                    weight,
                    third,
                    other,
                    named: about.named,
                    wide: about.wide,
                    at: (index, piece.sentence(finding)),
                    clause: finding.clause,
                    turns: matches!(link, "contrast" | "and") || turns(page, piece, finding.clause),
                    apart: subject::apart(page, piece, finding),
                    hedged: turned(page, piece, piece.sentence(finding), |is| is == "hedge"),
                    rule: rule.name(),
                    words: piece.words(finding).to_owned(),
                    note: finding.note(page.pack),
                    that_day,
                    brought: false,
                    for_the_meal: false,
                    given: false,
                    same_as: None,
                });
            }
        }
    }
    inline::of_something_else(page, &mut out);
    labelled::in_order(page, &mut out);
    within(page, &mut out);
    table::leaves_out(page, &mut out);
    wish::unfulfilled(page, &mut out);
    also(page, &mut out);
    labelled::except(page, &mut out);
    labelled::instead(page, &mut out);
    inline::for_the_meal(page, &mut out);
    inline::under_quote(page, &mut out);
    implied::implied(page, census, offers, &mut out);
    table::eats_elsewhere(page, &mut out);
    labelled::labelled(page, &mut out);
    unsaid::gapped(page, &mut out);
    labelled::refused(page, &mut out);
    told_of_the_way(page, &mut out);
    busy::busy(page, &mut out);
    out
}

/// The words name an event.
fn names(page: &Page<'_>, piece: &Piece, words: &std::ops::Range<usize>) -> bool {
    !mentions(&piece.passage, words.clone(), page.config).is_empty()
}

/// Words of a clause that is nothing but what links it: "en revanche".
const LINK: usize = 2;

/// "Le 27 à Valence, par contre je peux pas": the clause before it in its sentence does nothing but name the event.
fn framed(page: &Page<'_>, piece: &Piece, clause: usize) -> bool {
    let clauses = &piece.passage.clauses;
    // "Le samedi 25 en revanche, aucun de nous…": what only sets it against the rest stands between.
    let only_a_link = |at: &usize| clauses.get(*at).is_some_and(|c| c.link == "contrast" && c.words.len() <= LINK);
    let before = clause.checked_sub(1).map(|b| if only_a_link(&b) { b.saturating_sub(1) } else { b });
    let Some((before, here)) = before.and_then(|b| Some((clauses.get(b)?, clauses.get(clause)?))) else {
        return false;
    };
    let frame = before.sentence == here.sentence && bare_name(&piece.passage, page.pack, &before.words);
    frame && names(page, piece, &before.words) && !names(page, piece, &here.words)
}

/// "Faut-il marcher loin ? Mes genoux me lâchent.": who asks, and of an event gives nothing but a reason that names no
/// day, wants to know; that is no answer.
fn told_of_the_way(page: &Page<'_>, votes: &mut Vec<Vote>) {
    // "Envoyez-nous le compte rendu": of a day that is over.
    let of_afterwards =
        |piece: &Piece, f: &Finding| courtesy::parting(page, piece).any(|p| piece.sentence(p) == piece.sentence(f));
    let asks = page.findings("question").any(|(piece, f, _)| piece.place == Place::Body && !of_afterwards(piece, f));
    for event in 0..page.config.events.len() {
        let slight = |v: &Vote| v.weight == Weight::Weak && v.says == Attendance::No && !regrets(page, v);
        if asks && votes.iter().filter(|v| v.event == event).all(slight) {
            votes.retain(|v| v.event != event);
        }
    }
}

/// A reason that is a word of regret, or stands in a sentence with one.
fn regrets(page: &Page<'_>, vote: &Vote) -> bool {
    let Some(piece) = page.pieces.get(vote.at.0) else { return false };
    let regret = |f: &Finding| page.rule(f).is_some_and(|r| r.field == "coverage" && r.says("cue") == "no");
    piece.scan.found.iter().any(regret)
}

/// "Je viens de 10 h à midi, j'ai rendez-vous ensuite": who says for how long they come gives reasons for that, no refusal.
fn within(page: &Page<'_>, votes: &mut Vec<Vote>) {
    for event in 0..page.config.events.len() {
        let comes = |v: &Vote| v.event == event && !v.other && v.says == Attendance::Yes && v.weight > Weight::Weak;
        let partly = page.findings("attending").any(|(piece, f, rule)| {
            !rule.says("part").is_empty() && f.plain() && !piece.asked(f) && piece.about(f).events.contains(&event)
        });
        if partly && votes.iter().any(comes) {
            votes.retain(|v| v.event != event || v.says != Attendance::No || v.turns);
        }
    }
}

/// "… le 3 mars, et aussi à la soirée du 27": a clause that adds an event says of it what the clause before said.
fn also(page: &Page<'_>, votes: &mut Vec<Vote>) {
    let mut added = Vec::new();
    // "Le 3 je suis de garde, et le 27 pareil": a reason that names the day is as good.
    let stronger =
        |v: &Vote| votes.iter().any(|o| (o.at, o.clause, o.event) == (v.at, v.clause, v.event) && o.weight > v.weight);
    let firm = |v: &Vote| v.weight > Weight::Weak || (v.that_day && !v.other && !stronger(v));
    let plain: Vec<Vote> = votes.iter().filter(|v| firm(v)).cloned().collect();
    for (index, piece) in page.pieces.iter().enumerate() {
        for (c, clause) in piece.passage.clauses.iter().enumerate().skip(1) {
            let Some(about) = piece.about.get(c).filter(|a| a.named) else { continue };
            let also = piece.scan.found.iter().filter(|f| f.clause == c).filter_map(|f| page.rule(f));
            let also: Vec<_> = also.filter(|r| r.field == "events" && r.says("is") == "also").collect();
            let (adds, same) = (!also.is_empty(), also.iter().any(|r| r.says("same") == "true"));
            let at = (index, clause.sentence);
            let spoken = |event: usize| votes.iter().any(|v| v.event == event && v.at == at && v.weight > Weight::Weak);
            if !adds || !about.events.iter().any(|e| !spoken(*e)) {
                continue;
            }
            // "Soupe et ateliers pour moi, mais le concert sans nous": what a "mais" opposes to it says nothing of it.
            let opposed = |v: &Vote| {
                let mut between = piece.passage.clauses.iter().take(v.clause + 1).skip(c + 1);
                v.clause > c && between.any(|c| c.link == "contrast")
            };
            // "… et l'après-midi je garde ma petite-fille": it gives its own reason.
            let own = |v: &&Vote| v.at == at && v.clause == c && v.weight == Weight::Weak && !v.other;
            let mut before = nearest(&plain, at, c).filter(|v| !opposed(v));
            if votes.iter().filter(own).any(|o| before.is_some_and(|v| v.says != o.says)) {
                continue;
            }
            // "Je serai là le 12. La conférence aussi.": a sentence that is nothing but that carries on the last answer.
            let adds = framed_by_also(page, piece, c) && names(page, piece, &clause.words);
            if before.is_none() && clause.words.len() <= SHORT_ADDITION && adds {
                let strong = |v: &Vote| v.weight == Weight::Strong || (v.named && firm(v));
                let last = |v: &&Vote| v.at.0 == index && v.at.1 < at.1 && strong(v);
                before = votes.iter().rev().find(last);
            }
            let Some(before) = before.filter(|v| !about.events.contains(&v.event)) else { continue };
            for event in about.events.iter().filter(|e| !spoken(**e)) {
                let words = piece.passage.words_of(clause.words.clone()).to_owned();
                let same_as = Some(before.event).filter(|_| same);
                // "Et si je trouve une voiture, la marche aussi."
                let says = if depends(page, piece, clause) { Attendance::Maybe } else { before.says };
                added.push(Vote { event: *event, says, named: true, clause: c, words, same_as, ..before.clone() });
            }
        }
    }
    votes.extend(added);
}

/// A condition bears on the clause.
fn depends(page: &Page<'_>, piece: &Piece, clause: &Clause) -> bool {
    let borne = bearing(&piece.passage, page.pack, &piece.scan, &clause.words, "attendance");
    borne.iter().any(|r| r.says("does") == "condition")
}

/// Words of a sentence that only adds an event to the one before: "La conférence du 16 aussi".
const SHORT_ADDITION: usize = 7;

/// A word that adds an event opens or ends its clause ("et pareil pour le film").
fn framed_by_also(page: &Page<'_>, piece: &Piece, clause: usize) -> bool {
    let Some(words) = piece.passage.clauses.get(clause).map(|c| &c.words) else { return false };
    piece.scan.found.iter().any(|f| {
        let framing = f.words.end == words.end || f.words.start <= words.start + 1 && words.contains(&f.words.start);
        framing && page.rule(f).is_some_and(|r| r.field == "events" && r.says("is") == "also")
    })
}

/// The vote of a sentence that stands nearest to a clause, rather before than after it.
fn nearest(votes: &[Vote], at: (usize, usize), clause: usize) -> Option<&Vote> {
    let here = || votes.iter().filter(|v| v.at == at);
    here().filter(|v| v.clause <= clause).max_by_key(|v| v.clause).or_else(|| here().min_by_key(|v| v.clause))
}

/// A word that turns what went before ("finalement", "PS", "donc", "contrairement") in the clause or its sentence.
fn turns(page: &Page<'_>, piece: &Piece, clause: usize) -> bool {
    let Some(sentence) = piece.passage.clauses.get(clause).map(|c| c.sentence) else { return false };
    turned(page, piece, sentence, |is| is != "hedge")
}

/// The sentence holds a word of `turns` that says so.
fn turned(page: &Page<'_>, piece: &Piece, sentence: usize, wanted: impl Fn(&str) -> bool) -> bool {
    let says = |f: &Finding| page.rule(f).is_some_and(|r| r.field == "turns" && wanted(r.says("is")));
    piece.scan.found.iter().any(|f| says(f) && piece.sentence(f) == sentence)
}
