//! What kind of message a letter is: by its marks, its calendar, and what the fields found it to be about.
//!
//! Promises: no acknowledgement without a person's letter that is certainly about an announced event; what may be a
//! guest is never dropped in silence: a doubt is a reason for review. No sign found is never a reason to acknowledge.
//! Judges the letter alone, at any date. Never reads words itself: [`found`] does, by `rules/LANG/kind.toml`.

use crate::letter::{Letter, MarkOf, Strength, Trouble, Verified};
use crate::reading::{Kind, Review};

use super::calendar::{Outcome, is_from_attendee};
use found::{Found, Ground, SHORT};
use made::{Made, made};

pub mod found;
pub mod made;
mod naming;

/// A letter this long that answers no mail speaks to many: its "nous y serons" is no answer.
const LONG: usize = 250;

/// What a letter is, and whether it may be acknowledged as far as it alone tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// Its kind.
    pub kind: Kind,
    /// Whether an acknowledgement is due.
    pub ack: bool,
    /// Why a person should read it.
    pub review: Vec<Review>,
}

impl Verdict {
    fn new(kind: Kind) -> Self {
        Self { kind, ack: matches!(kind, Kind::Rsvp | Kind::Question), review: Vec::new() }
    }

    /// No acknowledgement, and a person reads it, for that reason.
    fn doubt(mut self, why: Review) -> Self {
        self.ack = false;
        if !self.review.contains(&why) {
            self.review.push(why);
        }
        self
    }

    fn silent(kind: Kind) -> Self {
        Self { kind, ack: false, review: Vec::new() }
    }
}

/// What marks alone decide, so that nothing of the letter need be read: our own mail, reports, machines.
pub fn at_once(letter: &Letter) -> Option<Verdict> {
    let kind = match made(letter) {
        _ if letter.marks.iter().any(|m| m.of == MarkOf::Ourselves) => return ourselves(letter),
        Made::Report => Kind::Bounce,
        // Agendas send people's answers with `Auto-Submitted`.
        Made::Machine if letter.calendar.is_none() => Kind::Auto,
        _ => return None,
    };
    Some(Verdict::silent(kind))
}

/// What kind of message a letter is.
pub fn kind(letter: &Letter, found: &Found) -> Verdict {
    if let Some(verdict) = at_once(letter) {
        return verdict;
    }
    let made = made(letter);
    if let Some(verdict) = calendar(letter, found) {
        return checked(letter, verdict);
    }
    let verdict = match made {
        Made::Machine => return Verdict::silent(Kind::Auto),
        Made::List => through_list(found),
        Made::Likely => likely(letter, found),
        Made::Unclear => unclear(letter, found),
        _ if letter.forwards => person(letter, found),
        _ => leaned(person(letter, found), found),
    };
    checked(letter, verdict)
}

/// Our own mail: the program's is automatic, a volunteer's is not about an answer.
fn ourselves(letter: &Letter) -> Option<Verdict> {
    let mut ours = letter.marks.iter().filter(|m| m.of == MarkOf::Ourselves).peekable();
    ours.peek()?;
    let written = ours.all(|m| m.rule == "ourselves/address");
    Some(Verdict::silent(if written { Kind::Other } else { Kind::Auto }))
}

/// A calendar is looked at before the marks of machines.
fn calendar(letter: &Letter, found: &Found) -> Option<Verdict> {
    Some(match &found.calendar {
        Outcome::None => return None,
        Outcome::Answered(_) if is_from_attendee(letter) => Verdict::new(Kind::Rsvp),
        Outcome::Answered(_) => Verdict::new(Kind::Rsvp).doubt(Review::SenderUnclear),
        Outcome::Unclear => Verdict::new(Kind::Question).doubt(Review::CalendarUnmatched),
        Outcome::Counter => Verdict::new(Kind::Question).doubt(Review::CalendarUnmatched),
        Outcome::Elsewhere => match made(letter) {
            Made::Person | Made::Unclear if names_us(found) => {
                Verdict::new(Kind::Rsvp).doubt(Review::CalendarUnmatched)
            }
            _ => Verdict::silent(Kind::Other),
        },
    })
}

/// What a list passes on is answered by nobody; an answer to a mail of ours among it is shown.
fn through_list(found: &Found) -> Verdict {
    if found.thread && here(&found.answers).any(|g| g.first_person) {
        return Verdict::new(Kind::Rsvp).doubt(Review::ThroughList);
    }
    Verdict::silent(Kind::Auto)
}

/// Probably a machine: only an answer that names our event, in the first person, speaks against it; in what looks like
/// a mass mailing ("nous y serons nombreux") only if it answers a mail.
fn likely(letter: &Letter, found: &Found) -> Verdict {
    let mass = letter.marks.iter().any(|m| matches!(m.of, MarkOf::Bulk | MarkOf::Robot | MarkOf::Spam));
    if names_us(found) && (found.thread || found.reply || !mass) {
        return Verdict::new(Kind::Rsvp).doubt(Review::MaybeAutomatic);
    }
    Verdict::silent(Kind::Auto)
}

/// One weak sign: a person whose own words answer us by name is heard; for the rest a person decides.
fn unclear(letter: &Letter, found: &Found) -> Verdict {
    let verdict = person(letter, found);
    if names_us(found) || !verdict.ack { verdict } else { verdict.doubt(Review::MaybeAutomatic) }
}

/// What looks like no answer, or is for a person to tell, and leans to one is told as an answer; it is acknowledged, and
/// read by a person, as it would have been.
fn leaned(verdict: Verdict, found: &Found) -> Verdict {
    let doubtful = verdict.kind == Kind::Other && !verdict.review.is_empty();
    let answers = found.leaned && (verdict.kind == Kind::Question || doubtful);
    if answers { Verdict { kind: Kind::Rsvp, ..verdict } } else { verdict }
}

/// A person's letter: what it is about decides.
fn person(letter: &Letter, found: &Found) -> Verdict {
    if letter.forwards {
        return forwarded(found);
    }
    if found.words == 0 {
        return wordless(letter, found);
    }
    if answers_us(found) {
        return answering(letter, found);
    }
    // "Je fais passer l'affiche lundi": an offer for another day drops nothing that is tied to the invitation.
    let dropped = !found.answers.is_empty() || (!found.offers.is_empty() && (found.topic || !found.tied));
    if dropped && !found.named {
        // "Je viendrai le 4 mars" in our thread: a slip, or another occasion. A person looks, unless the words are clear.
        let slip = (found.thread || found.subject) && !found.topic && !found.answers.is_empty();
        return if slip { Verdict::new(Kind::Other).doubt(Review::WhichEvent) } else { Verdict::silent(Kind::Other) };
    }
    if found.named {
        return spoken_to_us(found, Kind::Question);
    }
    if !(found.thread || found.subject) {
        let addressed = found::addressed(letter);
        // "Pourriez-vous nous adresser des affiches du forum ?", of a letter that answers nobody.
        if found.asks && addressed && !(found.topic || found.other_day) && found.words <= SHORT {
            return Verdict::new(Kind::Question);
        }
        // "Y a-t-il un ascenseur ?" in answer to some mail of ours.
        let asked = found.ours && found.tied && !found.topic;
        return if asked { Verdict::new(Kind::Other).doubt(Review::WhichEvent) } else { Verdict::silent(Kind::Other) };
    }
    match (found.topic, found.mixed) {
        (false, _) if found.tied => Verdict::new(Kind::Question),
        // In our thread, and nothing in it is for us: somebody answered the wrong mail. A person looks.
        (false, _) => Verdict::new(Kind::Other).doubt(Review::LowCoverage),
        (true, false) => Verdict::silent(Kind::Other),
        (true, true) => Verdict::new(Kind::Question).doubt(Review::TwoReadings),
    }
}

/// An answer, or an offer: to an announced event, as far as names, thread and the rest of the text tell.
fn answering(letter: &Letter, found: &Found) -> Verdict {
    let grounds = || here(&found.answers).chain(here(&found.offers));
    if found.named || found.mixed && grounds().any(|g| g.named) {
        return spoken_to_us(found, Kind::Rsvp);
    }
    // In our thread "je ne peux pas venir au cours, je suis malade" answers the lesson, not us.
    let regrets = found.news && found.regret && here(&found.answers).next().is_some();
    let answered = regrets || here(&found.answers).any(|g| g.firm);
    match (found.topic, grounds().any(|g| g.firm)) {
        // What is given away or lent is no dish for us; and news may be a reason: a person looks.
        (true, firm) if !answered && !grounds().any(|g| g.named) => {
            let verdict = Verdict::silent(Kind::Other);
            if found.news || firm { verdict.doubt(Review::TwoReadings) } else { verdict }
        }
        _ if !(found.thread || found.subject) => unpointed(letter, found),
        (true, true) if found.beside => Verdict::new(Kind::Rsvp).doubt(Review::TwoReadings),
        _ => Verdict::new(Kind::Rsvp),
    }
}

/// A long text that answers no mail and names an event may be a circular that came without a list's marks.
fn spoken_to_us(found: &Found, kind: Kind) -> Verdict {
    let circular = found.words > LONG && !(found.thread || found.reply || found.subject);
    let verdict = Verdict::new(kind);
    if circular { verdict.doubt(Review::MaybeAutomatic) } else { verdict }
}

/// An answer that nothing ties to an event: somebody else's conversation, or a guest who says no more.
fn unpointed(letter: &Letter, found: &Found) -> Verdict {
    let addressed = found::addressed(letter);
    let alone = addressed && !found.reply && !found.topic && !found.other_day && found.words <= SHORT;
    let first = here(&found.answers).any(|g| g.first_person && g.firm);
    if alone && first {
        return Verdict::new(Kind::Rsvp).doubt(Review::WhichEvent);
    }
    // An answer in a thread that is not known to be ours: the invitation may have left from elsewhere.
    let asked = addressed && found.reply && !found.topic && found.words <= SHORT;
    if !(asked && first) {
        return Verdict::silent(Kind::Other);
    }
    // "Je viens samedi", in answer to some mail of ours, under "samedi" or no subject at all.
    match found.blank {
        true if found.weekday => Verdict::new(Kind::Rsvp),
        true => Verdict::new(Kind::Rsvp).doubt(Review::WhichEvent),
        false => Verdict::new(Kind::Other).doubt(Review::WhichEvent),
    }
}

/// A person passes something on: it may be a third person's answer.
fn forwarded(found: &Found) -> Verdict {
    if answers_us(found) && (found.named || found.subject || found.thread) {
        return Verdict::new(Kind::Rsvp).doubt(Review::Forwarded);
    }
    if found.named || found.subject || found.quoted {
        return Verdict::new(Kind::Other).doubt(Review::Forwarded);
    }
    Verdict::silent(Kind::Other)
}

/// Nothing was written: an attachment may hold the answer (a photo of a note).
fn wordless(letter: &Letter, found: &Found) -> Verdict {
    if !letter.attachments.is_empty() {
        return Verdict::new(Kind::Other).doubt(Review::AttachmentOnly);
    }
    if found.thread || found.subject {
        return Verdict::new(Kind::Other).doubt(Review::LowCoverage);
    }
    Verdict::silent(Kind::Other)
}

/// What forbids an acknowledgement whatever the words say.
fn checked(letter: &Letter, verdict: Verdict) -> Verdict {
    let unreadable = letter.troubles.iter().any(|t| matches!(t, Trouble::Unparsable | Trouble::Opaque));
    if unreadable {
        return verdict.doubt(Review::Unreadable);
    }
    if !matches!(verdict.kind, Kind::Rsvp | Kind::Question) {
        return verdict;
    }
    let mut verdict = verdict;
    let one_sender = letter.from.is_some() && !letter.troubles.contains(&Trouble::SeveralSenders);
    if !one_sender {
        verdict = verdict.doubt(Review::SenderUnclear);
    }
    if letter.verified == Verified::Fail {
        verdict = verdict.doubt(Review::SenderUnverified);
    }
    for mark in letter.marks.iter().filter(|m| m.of == MarkOf::NoAnswerWanted && m.strength >= Strength::Weak) {
        let listed = mark.rule == "recipient/not-addressed";
        verdict = verdict.doubt(if listed { Review::ThroughList } else { Review::MaybeAutomatic });
    }
    verdict
}

/// Grounds that are not about another day or occasion.
fn here(grounds: &[Ground]) -> impl Iterator<Item = &Ground> {
    grounds.iter().filter(|g| !g.elsewhere)
}

/// An answer or offer in the first person that names an event, in a letter that is surely about it.
fn names_us(found: &Found) -> bool {
    let sure = found.named || found.mixed || found.subject || found.thread;
    sure && here(&found.answers).chain(here(&found.offers)).any(|g| g.named && g.first_person)
}

fn answers_us(found: &Found) -> bool {
    here(&found.answers).chain(here(&found.offers)).next().is_some()
}

#[cfg(test)]
mod tests;
