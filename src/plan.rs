//! Letter + Reading + what we already told them → steps: plan as data, decided before anything happens.
//!
//! Promises: nothing is acknowledged that is not understood to want it; every refusal has a name that the digest can
//! count; the same case gives the same steps. Pure: no clock, no database. Doubt means silence and a person.
//!
//! - [`belts`]: whom never to answer; [`person`]: who wrote; [`memory`]: what they said before; `keep`: what is kept of a letter.

use jiff::{SignedDuration, Timestamp};

use crate::config::{Backlog, Config};
use crate::entry::{Content, Entry, LetterRecord, Outgoing, Person, Said};
use crate::event::Event;
use crate::letter::{Letter, Verified};
use crate::reading::{Kind, Reading, Review, Tone};
use crate::rules::Rules;

pub mod belts;
mod keep;
pub mod memory;
pub mod person;
#[cfg(test)]
mod tests;

pub use belts::Refusal;
pub use person::Sender;

/// How a letter came to us.
#[derive(Debug, Clone, PartialEq)]
pub struct Arrival {
    /// When the server received it.
    pub received: Timestamp,
    /// It lay in the junk folder: shown to a person, never acknowledged.
    pub junk: bool,
}

/// What the store tells about the sender and about us when a letter is planned.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Known {
    /// This letter is recorded already.
    pub recorded: bool,
    /// What stands in the ledger about people at the sender's address, oldest first; undone entries are left out.
    pub entries: Vec<Entry>,
    /// Names signed at this address so far, with the person each was taken for.
    pub signers: Vec<(String, Person)>,
    /// Acknowledgements to the sender's address, of whatever state, oldest first.
    pub acknowledgements: Vec<Outgoing>,
    /// The letter's thread holds one of our digests or reports.
    pub replies_to_digest: bool,
    /// An organiser's, in no digest's thread, whose lines would change what stands about somebody else.
    pub about_others: bool,
    /// When the association first started.
    pub first_start: Option<Timestamp>,
    /// Since when acknowledgements are sent; `None` while `send = false`.
    pub sending_since: Option<Timestamp>,
    /// The sender was erased at that time: what is older is not taken up again.
    pub forgotten: Option<Timestamp>,
}

/// Everything that a plan looks at.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The letter.
    pub letter: &'a Letter,
    /// What it means.
    pub reading: &'a Reading,
    /// How it came.
    pub arrival: &'a Arrival,
    /// What is known of its sender.
    pub known: &'a Known,
    /// The configuration.
    pub config: &'a Config,
    /// The announced events, as organisers changed them.
    pub events: &'a [Event],
    /// The rules: which words are no name.
    pub rules: &'a Rules,
    /// Now.
    pub now: Timestamp,
}

/// One thing to do. Nothing is done that is not a step.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Keep this of the letter; always the first step.
    Keep(LetterRecord),
    /// Write this into the ledger.
    Enter {
        /// About whom.
        person: Person,
        /// How they are shown.
        shown: String,
        /// What it says.
        content: Content,
    },
    /// Tell the sender what was understood, not before `due`.
    Acknowledge {
        /// The one recipient.
        to: String,
        /// Whom it is about.
        person: Person,
        /// Not before.
        due: Timestamp,
        /// It is written down and not sent (`send = false`, or older than the moment it was turned on).
        withheld: bool,
    },
    /// No acknowledgement, and why.
    Refuse(Refusal),
    /// Take the letter as an organiser's corrections, and report to them.
    Correct {
        /// The organiser.
        organiser: String,
        /// The receiving server gives no verdict on the sender: the other organisers are told, too.
        tell_others: bool,
    },
}

/// Decides what to do about one letter. Nothing, if it is recorded already.
pub fn plan(case: &Case<'_>) -> Vec<Step> {
    if case.known.recorded {
        return Vec::new();
    }
    let sender = person::sender(case.letter, case.known, case.rules);
    let completed = memory::complete(case, &sender);
    let reading = with_doubt(&completed, &sender, case.known);
    let case = Case { reading: &reading, ..*case };
    let refusal = belts::refusal(&case);
    let correction = correction(&case, refusal);
    let mut steps = vec![Step::Keep(keep::record(&case, &sender, refusal, correction.is_some()))];
    if let Some(step) = correction {
        steps.push(step);
    } else if refusal != Some(Refusal::Forgotten) && refusal != Some(Refusal::OurOwn) {
        steps.extend(entries(&reading, &sender));
    }
    steps.push(match refusal {
        Some(refusal) => Step::Refuse(refusal),
        None => acknowledgement(&case, &sender),
    });
    steps
}

/// Where nothing tells whose answer it is, a person decides: which of several people at an address wrote, or an organiser
/// about somebody else ("Blanc : absent") elsewhere than in a digest's thread.
fn with_doubt(reading: &Reading, sender: &Sender, known: &Known) -> Reading {
    let mut reading = reading.clone();
    let says = !reading.answers.is_empty() || !reading.contributions.is_empty();
    let why = if known.about_others && !known.replies_to_digest {
        Review::Forwarded
    } else if sender.doubt && says {
        Review::DoesNotFit
    } else {
        return reading;
    };
    reading.answers.clear();
    reading.contributions.clear();
    reading.needs_human = true;
    if !reading.review.contains(&why) {
        reading.review.push(why);
    }
    reading
}

/// An organiser's reply to a digest, written by a person and not disowned by the receiving server.
fn correction(case: &Case<'_>, refusal: Option<Refusal>) -> Option<Step> {
    let from = case.letter.from.as_ref()?;
    let at = |list: &[String]| list.iter().any(|a| person::compared(a) == person::compared(&from.address));
    let listed = at(&case.config.association.organisers);
    // Only what `belts` finds wrong with the message itself forbids it: machine, false sender, erased.
    let fit = !matches!(
        refusal,
        Some(
            Refusal::Forgotten
                | Refusal::OurOwn
                | Refusal::Bounce
                | Refusal::Machine
                | Refusal::List
                | Refusal::SenderUnclear
                | Refusal::SenderUnverified
        )
    );
    let verified = case.letter.verified != Verified::Fail && !case.letter.forwards;
    (listed && fit && verified && case.known.replies_to_digest).then(|| Step::Correct {
        organiser: from.address.clone(),
        tell_others: case.letter.verified == Verified::Unknown,
    })
}

/// What goes into the ledger.
fn entries(reading: &Reading, sender: &Sender) -> Vec<Step> {
    let enter = |content| Step::Enter { person: sender.person.clone(), shown: sender.shown.clone(), content };
    let mut steps = Vec::new();
    if matches!(reading.kind, Kind::Rsvp | Kind::Question) {
        steps.push(enter(Content::Said(said(reading))));
    }
    if reading.tones.contains(&Tone::NoMoreMail) && !matches!(reading.kind, Kind::Auto | Kind::Bounce) {
        steps.push(enter(Content::NoMoreMail));
    }
    steps
}

fn said(reading: &Reading) -> Said {
    let mut words: Vec<String> = Vec::new();
    for evidence in &reading.evidence {
        if !evidence.words.is_empty() && !words.contains(&evidence.words) {
            words.push(evidence.words.clone());
        }
    }
    Said {
        answers: reading.answers.clone(),
        contributions: reading.contributions.clone(),
        organisation: reading.organisation.clone(),
        diets: reading.diets.clone(),
        tones: reading.tones.clone(),
        words,
        review: reading.review.clone(),
    }
}

fn acknowledgement(case: &Case<'_>, sender: &Sender) -> Step {
    let received = case.arrival.received;
    let delay = SignedDuration::from_secs(case.config.acknowledge.delay_seconds.into());
    let backlog = case.known.first_start.is_some_and(|start| received < start);
    let answers_backlog = backlog && case.config.acknowledge.backlog == Backlog::Answer;
    let withheld = case.known.sending_since.is_none_or(|since| {
        // Sent from the first start on: then the backlog that is to be answered is not older than the switch.
        let from_start = case.known.first_start.is_some_and(|start| since <= start);
        received < since && !(answers_backlog && from_start)
    });
    let to = case.letter.from.as_ref().map(|f| f.address.clone()).unwrap_or_default();
    Step::Acknowledge {
        to,
        person: sender.person.clone(),
        due: received.saturating_add(delay).unwrap_or(case.now),
        withheld,
    }
}
