//! Whom never to answer, whatever the message looks like: each refusal has a name that the digest can count.
//!
//! Promises: denies first; a doubt is a refusal. A wrong acknowledgement to an administration, a list or a machine is
//! worse than none: it shames the association, or loops (RFC 3834 §2, RFC 5230 §4).

use jiff::SignedDuration;
use serde::Serialize;

use super::{Case, person};
use crate::config::Backlog;
use crate::entry::{Content, Sending};
use crate::event::Event;
use crate::letter::{Letter, Mark, MarkOf, Strength, Trouble, Verified};
use crate::reading::{Kind, Review, Tone};

/// Why a letter gets no acknowledgement. Its [`Refusal::key`] has a sentence in `[refusal]` of `words.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// The sender asked to be erased, and this is older; or it is older than an erasure of everybody.
    Forgotten,
    /// Our own mail come back.
    OurOwn,
    /// A delivery report or a read receipt.
    Bounce,
    /// A machine wrote it, or may have.
    Machine,
    /// It is about something else.
    OtherMatter,
    /// An organiser writes: recorded like anyone, not acknowledged.
    Organiser,
    /// Nobody, or several, to answer to.
    SenderUnclear,
    /// The receiving server says that the sender may be false: the answer would go to a stranger.
    SenderUnverified,
    /// It came through a list.
    List,
    /// The sender's program asks for no automatic answer.
    NoAnswerWanted,
    /// The person asked for no more automatic mail.
    NoMoreMail,
    /// It lay in the junk folder.
    Junk,
    /// A volunteer passes on somebody else's answer.
    Forwarded,
    /// It speaks of a death: a person should write.
    Grief,
    /// It could not be read, or only a part of it.
    Unreadable,
    /// Our address is neither in To nor in Cc.
    NotToUs,
    /// It was there before the first start.
    Backlog,
    /// It is more than 72 hours old.
    TooOld,
    /// Every event that it is about is over.
    Over,
    /// Thanks for our own mail: to answer would go on for ever.
    Thanks,
    /// This sender had as many acknowledgements as one may get in a day.
    Ceiling,
    /// It looks like an exchange between two machines.
    Loop,
    /// The reading sees nothing to acknowledge.
    NotWanted,
}

impl Refusal {
    /// Its name in tables, logs and word files (`too-old`).
    pub fn key(self) -> String {
        serde_json::to_value(self).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

/// Letters older than that when read are for a person.
pub const TOO_OLD: SignedDuration = SignedDuration::from_hours(72);
/// So many acknowledgements to one address in all, and there will be no more.
pub const IN_ALL: usize = 10;
/// So many within an hour look like a loop, whatever the headers say.
pub const IN_AN_HOUR: usize = 3;

/// The first reason not to answer.
pub(super) fn refusal(case: &Case<'_>) -> Option<Refusal> {
    by_message(case).or_else(|| by_sender(case)).or_else(|| by_time(case)).or_else(|| by_count(case))
}

fn marked(letter: &Letter, of: &[MarkOf]) -> bool {
    letter.marks.iter().any(|m: &Mark| m.strength == Strength::Strong && of.contains(&m.of))
}

/// What the message itself says.
fn by_message(case: &Case<'_>) -> Option<Refusal> {
    let (letter, reading) = (case.letter, case.reading);
    let review = |r: Review| reading.review.contains(&r);
    let own = case.config.own_addresses();
    let ours = |a: &str| own.iter().any(|o| person::compared(o) == person::compared(a));
    let null_sender = letter.return_path.as_deref() == Some("");
    let forgotten = case.known.forgotten.is_some_and(|until| case.arrival.received <= until);
    let checks = [
        (forgotten, Refusal::Forgotten),
        (
            marked(letter, &[MarkOf::Ourselves]) || letter.from.as_ref().is_some_and(|f| ours(&f.address)),
            Refusal::OurOwn,
        ),
        (reading.kind == Kind::Bounce || letter.bounced.is_some(), Refusal::Bounce),
        (marked(letter, &[MarkOf::Bulk]) || review(Review::ThroughList), Refusal::List),
        (reading.kind == Kind::Auto || null_sender || review(Review::MaybeAutomatic), Refusal::Machine),
        (marked(letter, &[MarkOf::Bounce, MarkOf::AutoReply, MarkOf::Robot, MarkOf::Spam]), Refusal::Machine),
        (marked(letter, &[MarkOf::NoAnswerWanted]), Refusal::NoAnswerWanted),
        (letter.forwards || review(Review::Forwarded), Refusal::Forwarded),
        (reading.kind == Kind::Other, Refusal::OtherMatter),
        (case.arrival.junk, Refusal::Junk),
        (review(Review::Grief), Refusal::Grief),
        (letter.troubles.iter().any(|t| matches!(t, Trouble::Unparsable | Trouble::Opaque)), Refusal::Unreadable),
        (review(Review::Unreadable) || review(Review::AttachmentOnly), Refusal::Unreadable),
        (!reading.ack, Refusal::NotWanted),
        (!letter.recipients.iter().any(|r| ours(&r.address)), Refusal::NotToUs),
    ];
    checks.into_iter().find_map(|(holds, refusal)| holds.then_some(refusal))
}

/// Who the sender is, and what they asked for.
fn by_sender(case: &Case<'_>) -> Option<Refusal> {
    let (letter, reading, known) = (case.letter, case.reading, case.known);
    let Some(from) = letter.from.as_ref().filter(|f| !f.address.is_empty()) else {
        return Some(Refusal::SenderUnclear);
    };
    let several = letter.troubles.iter().any(|t| matches!(t, Trouble::NoSender | Trouble::SeveralSenders));
    let organiser =
        case.config.association.organisers.iter().any(|o| person::compared(o) == person::compared(&from.address));
    let no_more = reading.tones.contains(&Tone::NoMoreMail)
        || known.entries.iter().any(|e| matches!(e.content, Content::NoMoreMail));
    let checks = [
        (several || reading.review.contains(&Review::SenderUnclear), Refusal::SenderUnclear),
        (
            letter.verified == Verified::Fail || reading.review.contains(&Review::SenderUnverified),
            Refusal::SenderUnverified,
        ),
        (organiser, Refusal::Organiser),
        (no_more, Refusal::NoMoreMail),
    ];
    checks.into_iter().find_map(|(holds, refusal)| holds.then_some(refusal))
}

/// Too early, too late.
fn by_time(case: &Case<'_>) -> Option<Refusal> {
    let received = case.arrival.received;
    let backlog = case.known.first_start.is_some_and(|start| received < start);
    if backlog && case.config.acknowledge.backlog == Backlog::Record {
        return Some(Refusal::Backlog);
    }
    if !backlog && case.now.duration_since(received) > TOO_OLD {
        return Some(Refusal::TooOld);
    }
    over(case).then_some(Refusal::Over)
}

/// Every event that the letter answers is over; a letter that answers none is about them all.
fn over(case: &Case<'_>) -> bool {
    let local = case.now.to_zoned(case.config.association.timezone.clone()).datetime();
    let answered = |e: &&Event| case.reading.answers.iter().any(|a| a.event == e.id);
    let mut about: Vec<&Event> = case.events.iter().filter(answered).collect();
    if about.is_empty() {
        about = case.events.iter().collect();
    }
    !about.is_empty() && about.iter().all(|e| e.over() < local)
}

/// What was already sent to that address.
fn by_count(case: &Case<'_>) -> Option<Refusal> {
    let sent: Vec<_> = case
        .known
        .acknowledgements
        .iter()
        .filter(|a| matches!(a.sending, Sending::Sent | Sending::Uncertain))
        .collect();
    let within = |hours: i64| {
        let since = case.now - SignedDuration::from_hours(hours);
        sent.iter().filter(|a| a.settled.or(a.attempted).is_some_and(|t| t > since)).count()
    };
    let in_reply = case.known.acknowledgements.iter().any(|a| case.letter.references.contains(&a.message_id));
    let says_nothing = case.reading.answers.is_empty() && case.reading.contributions.is_empty();
    let thanks = case.reading.tones.contains(&Tone::ThanksOnly) && says_nothing && (in_reply || !sent.is_empty());
    let per_day = usize::try_from(case.config.acknowledge.per_sender_per_day).unwrap_or(usize::MAX);
    let checks = [
        (thanks, Refusal::Thanks),
        (sent.len() >= IN_ALL || within(1) >= IN_AN_HOUR, Refusal::Loop),
        (within(24) >= per_day, Refusal::Ceiling),
    ];
    checks.into_iter().find_map(|(holds, refusal)| holds.then_some(refusal))
}
