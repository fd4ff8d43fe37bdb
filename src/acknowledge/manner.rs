//! How an acknowledgement speaks: which text, which opening, which one question, who will answer.
//!
//! Promises: a reading that is not trusted gets a neutral text; one question at most, and never a second time; illness
//! and grief make it sober. Decides nothing about whether it is sent.

use serde::Serialize;

use super::Situation;
use super::statement::Statement;
use crate::entry::Said;
use crate::reading::{Attendance, Kind, Review, Tone};

/// Which text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Manner {
    /// The reading is not trusted: received, a person will read it.
    Neutral,
    /// The same in two languages: no rules for theirs.
    Foreign,
    /// An answer, but not for which event: the one question.
    WhichEvent,
    /// A message that answers nothing.
    Message,
    /// An answer.
    Answer,
}

/// The first words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Opening {
    /// Nothing but received.
    Received,
    /// Thanks for an answer.
    Answer,
    /// Thanks for letting us know: they do not come.
    Absence,
    /// What they changed is changed.
    Corrected,
    /// What they added is added.
    Completed,
    /// Thanks for a message that changes nothing.
    Message,
}

/// Who will answer what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Follow {
    /// Nothing waits.
    Nothing,
    /// A question.
    Question,
    /// A request.
    Request,
    /// An offer.
    Offer,
}

/// The one question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ask {
    /// None.
    Nothing,
    /// How many they will be.
    People,
    /// Whether they stay for the meal.
    Meal,
    /// To tell us when they know.
    WhenKnown,
}

/// Whether the reading is trusted although a person is to read the letter: it asks something, nothing more.
pub fn trusted(review: Review) -> bool {
    matches!(review, Review::Question | Review::Request | Review::OfferToConfirm | Review::PersonalData)
}

/// Which text a situation gets. `upcoming`: how many announced events are still to come.
pub fn manner(situation: &Situation, stated: bool, upcoming: usize) -> Manner {
    let doubts = || situation.said.review.iter().filter(|r| !trusted(**r));
    if doubts().any(|r| *r == Review::UnknownLanguage) {
        Manner::Foreign
    } else if upcoming > 1 && doubts().count() > 0 && doubts().all(|r| *r == Review::WhichEvent) {
        Manner::WhichEvent
    } else if doubts().count() > 0 {
        Manner::Neutral
    } else if situation.kind == Kind::Rsvp && stated {
        Manner::Answer
    } else if situation.kind == Kind::Rsvp {
        Manner::Neutral
    } else {
        Manner::Message
    }
}

/// Whether the text keeps to the facts.
pub fn sober(situation: &Situation) -> bool {
    situation.said.tones.iter().any(|t| matches!(t, Tone::Illness | Tone::Grief))
        || situation.said.review.contains(&Review::Grief)
}

/// The first words of an answer or a message. `changed`: something definite that we had told them
/// is different now.
pub fn opening(situation: &Situation, manner: Manner, statements: &[Statement], changed: bool) -> Opening {
    let absent = !statements.is_empty() && statements.iter().all(|s| s.attendance == Attendance::No);
    match (manner, &situation.before) {
        _ if sober(situation) => Opening::Received,
        (Manner::Neutral | Manner::Foreign | Manner::WhichEvent, _) => Opening::Received,
        (Manner::Message, _) => Opening::Message,
        (Manner::Answer, Some(before)) if !changed && same(before, &situation.said) => Opening::Message,
        (Manner::Answer, _) if absent => Opening::Absence,
        (Manner::Answer, Some(_)) if changed => Opening::Corrected,
        (Manner::Answer, Some(before)) if decided(before, &situation.said) => Opening::Answer,
        (Manner::Answer, Some(_)) => Opening::Completed,
        (Manner::Answer, None) => Opening::Answer,
    }
}

/// Whether a maybe has become a yes or a no.
fn decided(before: &Said, after: &Said) -> bool {
    let maybe = before.answers.iter().filter(|a| a.attendance == Attendance::Maybe);
    maybe.into_iter().any(|b| after.answers.iter().any(|a| a.event == b.event && a.attendance != b.attendance))
}

/// Whether two states tell a person the same.
pub fn same(before: &Said, after: &Said) -> bool {
    before.answers == after.answers && before.contributions == after.contributions && before.diets == after.diets
}

/// Who will answer what.
pub fn follow(situation: &Situation) -> Follow {
    let holds = |r: Review| situation.said.review.contains(&r);
    if holds(Review::Question) {
        Follow::Question
    } else if holds(Review::Request) || holds(Review::PersonalData) {
        Follow::Request
    } else if holds(Review::OfferToConfirm) {
        Follow::Offer
    } else {
        Follow::Nothing
    }
}

/// The one question: how many, else the meal, else to tell us when they know. Once answered to, we do not insist.
pub fn ask(situation: &Situation, manner: Manner, statements: &[Statement]) -> Ask {
    let comes = |s: &&Statement| s.attendance == Attendance::Yes;
    let told = |event: &Statement| {
        let earlier = situation.before.iter().flat_map(|b| &b.answers);
        earlier.filter(|a| a.attendance == Attendance::Yes).any(|a| a.event == event.event)
    };
    if manner != Manner::Answer || sober(situation) {
        Ask::Nothing
    } else if statements.iter().filter(comes).any(|s| s.people.is_none() && !told(s)) {
        Ask::People
    } else if statements.iter().filter(comes).any(|s| s.meal_open && !told(s)) {
        Ask::Meal
    } else if statements.iter().any(|s| s.attendance == Attendance::Maybe) {
        Ask::WhenKnown
    } else {
        Ask::Nothing
    }
}
