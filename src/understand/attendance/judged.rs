//! What the rules decided, held against what the words lean to: together they are right more often than either.
//!
//! Promises: where both say the same, nothing changes but how sure it is; where they part, the likelier answer is told and a
//! person reads. Never takes an answer away without another, nor tells of an event that no clause is about, nor gainsays an
//! answer whose event is told by an order or an hour.

use crate::reading::Attendance;

use super::super::leaning::Leaning;
use super::super::leaning::attendance::{QUESTION, Read, leaning, rule, side};
use super::super::page::{Page, Piece, Place};
use super::{Verdict, Vote, Weight};

/// Likeliness above which an answer that the rules read is not doubted.
const LIKELY: f32 = 0.9;
/// The same of an answer that a sentence of a short letter says: a rule is hardly ever wrong about it.
const LIKELY_SAID: f32 = 0.7;
/// A letter of fewer words and signs is short: "Bravo pour cette belle initiative, je viendrai."
const SHORT: usize = 16;
/// Above which it needs no other ground.
const SURE: f32 = 0.95;

/// What became of the rules' verdicts.
#[derive(Debug, Clone, Default)]
pub struct Judgement {
    /// What is decided about each event.
    pub verdicts: Vec<Verdict>,
    /// An answer was told in place of the rules' own.
    pub overruled: bool,
    /// An answer was told that no rule had read.
    pub added: bool,
    /// What the words lean to where they overrule, or make the answer doubtful: a rule's name and the words.
    pub doubt: Option<(String, String)>,
    /// Of every event it is all but certain what the letter says.
    pub sure: bool,
}

/// Holds the rules' verdicts against what the words lean to.
pub fn judged(page: &Page<'_>, verdicts: Vec<Verdict>) -> Judgement {
    let mut out = Judgement { sure: true, ..Judgement::default() };
    // "Non merci" below the line about the meal says nothing of coming, and words do not see the line.
    let below = page.pieces.iter().any(Piece::under_the_meal);
    let mut left = verdicts.into_iter().peekable();
    for event in 0..page.config.events.len() {
        let verdict = left.next_if(|v| v.event == event);
        let given = verdict.as_ref().is_some_and(|v| v.votes.iter().any(|v| v.given));
        let Some(leaning) = (!given && !below).then(|| leaning(page, event)).flatten() else {
            out.sure &= verdict.is_none() && page.pack.leanings.contains_key(QUESTION);
            out.verdicts.extend(verdict);
            continue;
        };
        let rules = match &verdict {
            None => Read::Nothing,
            Some(v) if v.contradiction => Read::Contradiction,
            Some(v) => Read::Answer(v.says, v.weight == Weight::Strong),
        };
        let judged = leaning.beside(rules);
        out.sure &= judged.share > SURE && !leaning.slight();
        let parts = !rules.agrees(judged.says);
        if leaning.slight() && verdict.is_none() {
            continue;
        }
        let said = matches!(rules, Read::Answer(_, true)) && leaning.of < SHORT;
        let likely = if said { LIKELY_SAID } else { LIKELY };
        if (parts || judged.share <= likely) && out.doubt.is_none() {
            out.doubt = Some((rule(judged.says), leaning.words(side(judged.says))));
        }
        match (verdict, judged.says) {
            (Some(verdict), Some(side)) if verdict.contradiction => out.verdicts.push(settled(verdict, side)),
            // Words that lean to no answer take none away, nor do a few of them tell against a rule: a person reads.
            (Some(verdict), None) => out.verdicts.push(verdict),
            (Some(verdict), _) if leaning.slight() && parts => out.verdicts.push(verdict),
            (Some(mut verdict), _) if !parts => {
                verdict.sure = judged.share > SURE && !leaning.slight();
                out.verdicts.push(verdict);
            }
            (verdict, says) => {
                out.added |= verdict.is_none() && says.is_some();
                out.verdicts.extend(says.map(|says| leaned(page, event, says, &leaning, verdict.as_ref())));
                out.overruled |= verdict.is_some();
            }
        }
    }
    out.sure &= !out.verdicts.is_empty();
    out
}

/// Of a contradiction, the side that the words lean to.
fn settled(mut verdict: Verdict, side: Attendance) -> Verdict {
    if verdict.votes.iter().any(|v| v.says == side) {
        verdict.says = side;
        verdict.votes.retain(|v| v.says == side);
    }
    verdict
}

/// An answer as the words lean, where the rules had read another one, or none.
fn leaned(page: &Page<'_>, event: usize, says: Attendance, leaning: &Leaning<'_>, read: Option<&Verdict>) -> Verdict {
    let body = page.pieces.iter().filter(|p| p.place == Place::Body);
    let named = body.flat_map(|p| &p.about).any(|a| a.named && a.events.contains(&event));
    let vote = Vote::implied(event, named, (0, 0), &rule(Some(says)), &leaning.words(side(Some(says))));
    let vote = match read.and_then(|r| r.votes.last()) {
        Some(last) => Vote { at: last.at, clause: last.clause, third: last.third, other: last.other, ..vote },
        None => vote,
    };
    let votes = vec![Vote { says, written: says, ..vote }];
    Verdict { event, says, weight: Weight::Bare, votes, contradiction: false, sure: false }
}
