//! Will they come? Votes from what fired, weighed sentence by sentence; the last firm word on an event wins.
//!
//! Never decides between a yes and a no that stand side by side without a word that resolves them: that is a perhaps,
//! and a contradiction for a person to read.

use crate::event::SharedMeal;
use crate::reading::Attendance;
use crate::rules::scan::{Effect, Finding};

use super::contributions::Offer;
use super::event::mentions;
use super::kind::found::elsewhere;
use super::page::{Page, Piece};

mod implied;
mod labelled;
mod subject;
pub(super) mod table;
mod wish;

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
    /// Piece and sentence it stands in.
    pub at: (usize, usize),
    /// Its clause.
    pub clause: usize,
    /// Its clause corrects or resolves what went before ("finalement", "donc", "mais").
    pub turns: bool,
    /// The rule, for evidence.
    pub rule: String,
    /// The sender's words.
    pub words: String,
    /// What was done to it.
    pub note: String,
    /// A reason whose own clause names the event ("samedi, je suis de garde"): as good as a refusal.
    pub that_day: bool,
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
            at,
            clause: 0,
            turns: false,
            rule: rule.into(),
            words: words.into(),
            note: String::new(),
            that_day: false,
            same_as: None,
        }
    }
}

/// What is decided about one event.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// Event, by place in the configuration.
    pub event: usize,
    /// Will they come.
    pub says: Attendance,
    /// The votes it rests on.
    pub votes: Vec<Vote>,
    /// The strongest of them.
    pub weight: Weight,
    /// A yes and a no stand side by side, unresolved.
    pub contradiction: bool,
}

impl Verdict {
    /// A reason that names the day, or two different ones, say it plainly: "Samedi, je suis de garde", "Désolée, j'ai cours".
    pub fn backed(&self) -> bool {
        let mut own = self.votes.iter().filter(|v| !v.other);
        own.next().is_some_and(|first| first.that_day || own.any(|v| v.that_day || v.rule != first.rule))
    }
}

/// Every vote of a letter, in order.
pub fn votes(page: &Page<'_>, offers: &[Offer]) -> Vec<Vote> {
    let mut out = Vec::new();
    for (index, piece) in page.pieces.iter().enumerate() {
        for finding in &piece.scan.found {
            let Some(rule) = page.rule(finding).filter(|r| r.field == "attendance") else { continue };
            let about = piece.about(finding);
            let Some((says, written, weight)) = weigh(page, piece, finding, rule, elsewhere(page, piece, finding))
            else {
                continue;
            };
            let third = rule.says("who") == "third";
            let other = third || subject::somebody_else(page, piece, finding);
            let clause = piece.passage.clauses.get(finding.clause);
            let link = clause.map_or("", |c| c.link.as_str());
            let that_day = rule.says("sure") == "named"
                && clause.is_some_and(|c| !mentions(&piece.passage, c.words.clone(), page.config).is_empty());
            for event in &about.events {
                out.push(Vote {
                    event: *event,
                    says,
                    written,
                    weight,
                    third,
                    other,
                    named: about.named,
                    at: (index, piece.sentence(finding)),
                    clause: finding.clause,
                    turns: matches!(link, "contrast" | "and") || turns(page, piece, finding.clause),
                    rule: rule.name(),
                    words: piece.words(finding).to_owned(),
                    note: finding.note(page.pack),
                    that_day,
                    same_as: None,
                });
            }
        }
    }
    labelled::in_order(page, &mut out);
    within(page, &mut out);
    table::leaves_out(page, &mut out);
    wish::unfulfilled(page, &mut out);
    also(page, &mut out);
    labelled::except(page, &mut out);
    labelled::instead(page, &mut out);
    under_quote(page, &mut out);
    implied::implied(page, offers, &mut out);
    labelled::labelled(page, &mut out);
    out
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
    let plain: Vec<Vote> = votes.iter().filter(|v| v.weight > Weight::Weak).cloned().collect();
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
            let mut before = nearest(&plain, at, c);
            // "Je serai là le 12. La conférence aussi.": a sentence that is nothing but that carries on the last answer.
            if before.is_none() && clause.words.len() <= SHORT_ADDITION && framed_by_also(page, piece, c) {
                let last = |v: &&Vote| v.at.0 == index && v.at.1 < at.1 && v.weight == Weight::Strong;
                before = votes.iter().rev().find(last);
            }
            let Some(before) = before.filter(|v| !about.events.contains(&v.event)) else { continue };
            for event in about.events.iter().filter(|e| !spoken(**e)) {
                let words = piece.passage.words_of(clause.words.clone()).to_owned();
                let same_as = Some(before.event).filter(|_| same);
                added.push(Vote { event: *event, named: true, clause: c, words, same_as, ..before.clone() });
            }
        }
    }
    votes.extend(added);
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

/// "Moi seul", "tous les trois" right below the quoted announcement of an event: they come, that many.
fn under_quote(page: &Page<'_>, votes: &mut Vec<Vote>) {
    for (index, piece) in page.pieces.iter().enumerate() {
        if piece.above.is_empty() || piece.above_meal || votes.iter().any(|v| v.at.0 == index) {
            continue;
        }
        let counted = piece.scan.found.iter().find(|f| {
            let people = page.rule(f).is_some_and(|r| r.field == "people" && r.says("weight") != "low");
            people && f.plain() && !piece.asked(f) && piece.about(f).named
        });
        let Some(finding) = counted else { continue };
        for event in piece.about(finding).events {
            let words = piece.words(finding);
            let vote = Vote::implied(event, true, (index, piece.sentence(finding)), "attendance/under-quote", words);
            votes.push(Vote { clause: finding.clause, ..vote });
        }
    }
}

/// What a finding says once the operators have acted, and what it said before; `None` when it says nothing.
fn weigh(
    page: &Page<'_>,
    piece: &Piece,
    finding: &Finding,
    rule: &crate::rules::pack::Rule,
    elsewhere: bool,
) -> Option<(Attendance, Attendance, Weight)> {
    let written = match rule.says("attendance") {
        "yes" => Attendance::Yes,
        "no" => Attendance::No,
        "maybe" => Attendance::Maybe,
        _ => return None,
    };
    // "Pas d'atelier 2 pour moi": of a workshop, not of coming.
    if refuses_workshop(page, piece, finding) {
        return None;
    }
    let mut weight = match rule.says("strength") {
        "weak" => Weight::Weak,
        "bare" => Weight::Bare,
        _ => Weight::Strong,
    };
    if finding.is(Effect::Cancelled) || (weight < Weight::Strong && courteous(page, piece, finding, weight)) {
        return None;
    }
    let registering = rule.says("asked") == "counts";
    if (piece.asked(finding) || finding.is(Effect::Asked)) && !registering {
        return None;
    }
    if rule.says("counts") == "negated" && !finding.negated() {
        return None;
    }
    let unsure = finding.is(Effect::Doubted) || finding.is(Effect::Conditional);
    let says = match (written, finding.negated(), unsure) {
        (Attendance::Yes, true, true) => Attendance::Maybe,
        (Attendance::Yes, true, false) if weight == Weight::Bare => return None,
        (Attendance::Yes, true, false) => Attendance::No,
        (Attendance::Yes, false, true) => Attendance::Maybe,
        (Attendance::Yes, false, false) => Attendance::Yes,
        // "Ce n'est pas impossible", "je ne suis pas absent": too fine to act on.
        (Attendance::No, true, _) if weight == Weight::Weak => return None,
        (Attendance::No, true, _) => Attendance::Maybe,
        (Attendance::No, false, true) if weight == Weight::Weak => return None,
        (Attendance::No, false, true) => Attendance::Maybe,
        (Attendance::No, false, false) => Attendance::No,
        (Attendance::Maybe, _, _) => Attendance::Maybe,
    };
    if about_the_meal(page, piece, finding, written, says) || (weight == Weight::Bare && piece.above_meal) {
        return None;
    }
    // A day that is no event's is another matter; a reason may be one.
    let reason = says == Attendance::No && weight == Weight::Weak;
    let another_day = rule.says("day") == "same" && piece.about(finding).another_matter();
    if reason && another_day {
        return None;
    }
    if elsewhere && !reason && says != Attendance::Maybe {
        return None;
    }
    if finding.is(Effect::Aside) {
        weight = Weight::Weak;
    }
    Some((says, written, weight))
}

/// "Super affiche", "je la partage 👍": a lone word of assent that is part of a courtesy, or beside what was done with
/// the invitation, answers nothing; nor does a reason in the very clause that says what was done with it.
fn courteous(page: &Page<'_>, piece: &Piece, finding: &Finding, weight: Weight) -> bool {
    let courtesy = |f: &Finding| page.rule(f).is_some_and(|r| r.field == "polite" && r.says("is") == "courtesy");
    let around = |f: &Finding| {
        f.words.start <= finding.words.start && finding.words.end <= f.words.end && f.words != finding.words
    };
    if piece.scan.found.iter().any(|f| around(f) && courtesy(f)) {
        return true;
    }
    match weight {
        Weight::Bare => passed_on(page, piece, piece.sentence(finding)),
        _ => piece.scan.found.iter().any(|f| f.clause == finding.clause && passes_on(page, f)),
    }
}

/// A sentence says what was done with the invitation.
fn passed_on(page: &Page<'_>, piece: &Piece, sentence: usize) -> bool {
    piece.scan.found.iter().any(|f| passes_on(page, f) && piece.sentence(f) == sentence)
}

fn passes_on(page: &Page<'_>, finding: &Finding) -> bool {
    page.rule(finding).is_some_and(|r| r.field == "polite" && r.says("passes") == "true")
}

/// The words overlap those that refuse a workshop, or waver between two.
fn refuses_workshop(page: &Page<'_>, piece: &Piece, finding: &Finding) -> bool {
    piece.scan.found.iter().any(|f| {
        let over = f.words.start < finding.words.end && f.words.end > finding.words.start;
        over && page.rule(f).is_some_and(|r| r.field == "workshops" && !r.says("refuses").is_empty())
    })
}

/// A refusal of the meal is no refusal to come, and a doubt about it no doubt about coming.
fn about_the_meal(page: &Page<'_>, piece: &Piece, finding: &Finding, written: Attendance, says: Attendance) -> bool {
    let sentence = piece.sentence(finding);
    let fires = |field: &str, whole: bool| {
        piece.scan.found.iter().any(|f| {
            let here = if whole { piece.sentence(f) == sentence } else { f.clause == finding.clause };
            here && f.words != finding.words && page.rule(f).is_some_and(|r| r.field == field)
        })
    };
    // "Pour le déjeuner, ne comptez pas sur moi": part of what is said of the meal.
    let within = |f: &Finding| {
        f.words.start <= finding.words.start && finding.words.end <= f.words.end && f.words != finding.words
    };
    let refuses = |f: &Finding| within(f) && page.rule(f).is_some_and(|r| r.field == "meal" && r.says("meal") == "no");
    let beside = |e: &usize| page.config.events.get(*e).is_some_and(|e| e.meal == SharedMeal::Beside);
    if says == Attendance::No && piece.about(finding).events.iter().any(beside) && piece.scan.found.iter().any(refuses)
    {
        return true;
    }
    match written {
        Attendance::Yes => says == Attendance::No && fires("meal", false),
        Attendance::No => {
            let strength = page.rule(finding).map_or("", |r| r.says("strength"));
            let slight = strength == "weak" || (strength == "bare" && piece.about(finding).events.iter().any(beside));
            says == Attendance::No && slight && fires("meal", false)
        }
        Attendance::Maybe => {
            let vague = page.rule(finding).is_some_and(|r| r.says("about") == "anything");
            vague && (fires("meal", false) || (fires("meal", true) && !decided(page, piece, sentence)))
        }
    }
}

/// The sentence says elsewhere whether they come.
fn decided(page: &Page<'_>, piece: &Piece, sentence: usize) -> bool {
    piece.scan.found.iter().any(|f| {
        let rule = page.rule(f).filter(|r| r.field == "attendance" && r.says("counts").is_empty());
        rule.is_some_and(|r| r.says("attendance") != "maybe") && piece.sentence(f) == sentence
    })
}

/// A word that turns what went before ("finalement", "PS", "donc", "contrairement") in the clause or its sentence.
fn turns(page: &Page<'_>, piece: &Piece, clause: usize) -> bool {
    let Some(sentence) = piece.passage.clauses.get(clause).map(|c| c.sentence) else { return false };
    page_findings(page, piece, "turns", sentence)
}

fn page_findings(page: &Page<'_>, piece: &Piece, field: &str, sentence: usize) -> bool {
    piece.scan.found.iter().any(|f| page.rule(f).is_some_and(|r| r.field == field) && piece.sentence(f) == sentence)
}

/// Decides each event that has votes, in the order of the configuration.
pub fn decide(votes: &[Vote], events: usize) -> Vec<Verdict> {
    (0..events).filter_map(|event| decide_one(event, votes)).collect()
}

fn decide_one(event: usize, votes: &[Vote]) -> Option<Verdict> {
    let mut mine: Vec<&Vote> = votes.iter().filter(|v| v.event == event).collect();
    // "Ma fille, si elle est là, …", "mon mari ne peut pas" leave the sender's own yes as it is.
    if mine.iter().any(|v| !v.other && v.says == Attendance::Yes && v.weight > Weight::Weak) {
        mine.retain(|v| !v.other || v.says == Attendance::Yes);
    }
    // "Je ne peux pas, mais ma collègue me remplace", "Marie oui, Gérard non": somebody comes.
    if mine.iter().any(|v| v.other && v.says == Attendance::Yes && v.weight > Weight::Weak) {
        let comes: Vec<(usize, usize)> = mine.iter().filter(|v| v.says == Attendance::Yes).map(|v| v.at).collect();
        let aside = |v: &Vote| v.other && v.says == Attendance::Maybe && !v.turns && !comes.contains(&v.at);
        mine.retain(|v| (v.says != Attendance::No || (v.other && v.turns)) && !aside(v));
    }
    // A reason counts only where nothing better stands.
    let heaviest = mine.iter().map(|v| v.weight).max()?;
    if heaviest > Weight::Weak {
        mine.retain(|v| v.weight > Weight::Weak);
    }
    let mut places: Vec<(usize, usize)> = mine.iter().map(|v| v.at).collect();
    places.dedup();
    let mut verdict: Option<Verdict> = None;
    for place in places {
        let here: Vec<&Vote> = mine.iter().copied().filter(|v| v.at == place).collect();
        let strongest = here.iter().map(|v| v.weight).max().unwrap_or(Weight::Weak);
        let here: Vec<&Vote> = here.into_iter().filter(|v| v.weight == strongest).collect();
        let (says, contradiction) = sentence(&here);
        let kept: Vec<Vote> = here.iter().filter(|v| v.says == says || contradiction).map(|v| (*v).clone()).collect();
        let next = Verdict { event, says, votes: kept, weight: strongest, contradiction };
        verdict = Some(match verdict {
            None => next,
            Some(before) => follow(before, next),
        });
    }
    verdict
}

/// What one sentence says: doubt wins over certainty; of a yes and a no, the one after the turn.
fn sentence(votes: &[&Vote]) -> (Attendance, bool) {
    let has = |a: Attendance| votes.iter().any(|v| v.says == a);
    if has(Attendance::Yes) && has(Attendance::No) {
        if let Some(third) = votes.iter().find(|v| v.other && v.says == Attendance::Yes) {
            return (third.says, false);
        }
        let last = votes.last().map_or(Attendance::Maybe, |v| v.says);
        let turned = votes.iter().skip(1).any(|v| v.turns);
        return if turned { (last, false) } else { (Attendance::Maybe, true) };
    }
    if has(Attendance::Maybe) {
        return (Attendance::Maybe, false);
    }
    (votes.last().map_or(Attendance::Maybe, |v| v.says), false)
}

/// A later sentence after an earlier one.
fn follow(before: Verdict, next: Verdict) -> Verdict {
    if before.says == next.says {
        let mut both = before;
        both.votes.extend(next.votes);
        both.weight = both.weight.max(next.weight);
        return both;
    }
    let turned = next.votes.iter().any(|v| v.turns);
    let third = next.votes.iter().any(|v| v.third);
    match (before.says, next.says) {
        // A lone "oui" or "non" does not undo a sentence.
        _ if next.weight < before.weight => before,
        (Attendance::Maybe, _) if !before.contradiction => next,
        // "Je ne peux plus venir. Il faudra trouver quelqu'un d'autre": a doubt voiced after a firm word is about
        // something else, unless it turns against it.
        (_, Attendance::Maybe) if !turned && next.votes.iter().all(|v| v.written == Attendance::Maybe) => before,
        (_, Attendance::Maybe) => next,
        _ if before.weight < next.weight => next,
        (Attendance::No, Attendance::Yes) if third || turned => next,
        (Attendance::Yes, Attendance::No) if turned => next,
        _ => {
            let mut votes = before.votes;
            votes.extend(next.votes);
            Verdict { says: Attendance::Maybe, contradiction: true, votes, ..next }
        }
    }
}
