//! What the ledger knows when an acknowledgement is due: the letters it answers, what stands for the person, and what
//! we told them last, as one [`Situation`].
//!
//! Promises: what stands is what the roster counts, so that the mail, the digest and the list cannot differ; "before" is
//! what a sent acknowledgement really told, not what was merely recorded; `None` when nothing is left to answer.

use jiff::Timestamp;

use super::manner::trusted;
use super::{Answered, Invite, Situation};
use crate::config::Config;
use crate::entry::{Content, Entry, Ledger, LetterRecord, Occasion, Origin, Outgoing, Person, Said, Sending};
use crate::reading::{Answer, Attendance, Kind, Tone};
use crate::roster::{self, Roster};

/// The situation of an outbox row that answers `letters` ([`LetterRecord::id`]). The ledger may be the part that is
/// about the row's address and the events. `config` has the events as announced; what organisers changed is applied
/// here and in [`announced`]. [`Situation::missing`] is the caller's: it is counted over everybody.
pub fn gather(ledger: &Ledger, config: &Config, row: &Outgoing, letters: &[i64], now: Timestamp) -> Option<Situation> {
    let mut answered: Vec<&LetterRecord> = ledger.letters.iter().filter(|l| letters.contains(&l.id)).collect();
    answered.sort_by_key(|l| (l.received, l.id));
    let last = *answered.last()?;
    let roster = roster::fold(ledger, config, now);
    let mut said = standing(&roster, &row.person);
    for entry in ledger.entries.iter().filter(|e| comes_from(e, letters)) {
        if let Content::Said(of_letter) = &entry.content {
            said.tones.extend(of_letter.tones.iter().filter(|t| !said.tones.contains(t)).copied().collect::<Vec<_>>());
            said.organisation = of_letter.organisation.clone().or(said.organisation);
        }
    }
    for review in answered.iter().flat_map(|l| &l.review) {
        if !said.review.contains(review) {
            said.review.push(*review);
        }
    }
    let told = told(ledger, &row.person, row.id);
    let before =
        told.map(|at| standing(&roster::fold(&without(ledger, letters, &row.person), config, at), &row.person));
    let find = |text: fn(&LetterRecord) -> &String| answered.iter().rev().map(|l| text(l)).find(|t| !t.is_empty());
    let kind = if answered.iter().any(|l| l.kind == Kind::Rsvp) { Kind::Rsvp } else { last.kind };
    Some(Situation {
        now,
        message_id: row.message_id.clone(),
        to: row.to.clone(),
        signed: find(|l| &l.signed).cloned().unwrap_or_default(),
        letters: answered.iter().map(|l| of(l)).collect(),
        language: find(|l| &l.language).cloned().unwrap_or_default(),
        kind,
        invites: invites(ledger, &said, before.as_ref(), told),
        missing: Vec::new(),
        in_place: in_place(ledger, &row.person, now),
        said,
        before,
    })
}

/// The configuration with the events as organisers changed them.
pub fn announced(ledger: &Ledger, config: &Config, now: Timestamp) -> Config {
    Config { events: roster::events(ledger, config, now), ..config.clone() }
}

fn of(letter: &LetterRecord) -> Answered {
    Answered {
        message_id: letter.message_id.clone(),
        references: letter.references.clone(),
        subject: letter.subject.clone(),
    }
}

fn comes_from(entry: &Entry, letters: &[i64]) -> bool {
    matches!(entry.origin, Origin::Letter(id) if letters.contains(&id))
}

/// What the roster holds about one person.
fn standing(roster: &Roster, person: &Person) -> Said {
    let mut said = Said::default();
    for gathering in &roster.gatherings {
        for guest in gathering.guests.iter().filter(|g| g.person == *person) {
            said.organisation = guest.organisation.clone().or(said.organisation);
            said.answers.push(Answer {
                event: gathering.event.id.clone(),
                attendance: guest.attendance,
                people: guest.people,
                meal: guest.meal,
                workshops: guest.workshops.clone(),
                part: guest.part,
            });
        }
        let theirs = gathering.gifts.iter().filter(|g| g.person == *person && !g.free);
        said.contributions.extend(theirs.map(|g| g.contribution.clone()));
    }
    said.diets = roster.diets.iter().filter(|d| d.person == *person).map(|d| d.words.clone()).collect();
    said
}

/// Events for which the person's last word is that others come, not they.
fn in_place(ledger: &Ledger, person: &Person, now: Timestamp) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for entry in roster::live(ledger, now).into_iter().filter(|e| e.person == *person) {
        let Content::Said(said) = &entry.content else { continue };
        out.retain(|event| !said.answers.iter().any(|a| a.event == *event));
        if said.tones.contains(&Tone::InPlace) {
            out.extend(said.answers.iter().filter(|a| a.attendance != Attendance::No).map(|a| a.event.clone()));
        }
    }
    out
}

/// The person's part of the ledger as it was before these letters.
fn without(ledger: &Ledger, letters: &[i64], person: &Person) -> Ledger {
    let about = |e: &&Entry| e.person == *person || !matches!(e.content, Content::Said(_));
    let entries = ledger.entries.iter().filter(about).filter(|e| !comes_from(e, letters));
    Ledger { entries: entries.cloned().collect(), ..Ledger::default() }
}

/// When an acknowledgement last told the person what stands: one that was sent for an answer that we trusted.
fn told(ledger: &Ledger, person: &Person, this: i64) -> Option<Timestamp> {
    let theirs = |o: &&Outgoing| o.occasion == Occasion::Acknowledge && o.person == *person && o.id != this;
    let mut rows: Vec<(Timestamp, &Outgoing)> =
        ledger.outgoing.iter().filter(theirs).filter_map(|o| Some((o.attempted.or(o.settled)?, o))).collect();
    rows.sort_by_key(|(at, o)| (*at, o.id));
    let mut last = None;
    let mut answers: Vec<&LetterRecord> = Vec::new();
    for (at, row) in rows {
        let letter = ledger.letters.iter().find(|l| Some(l.id) == row.letter);
        match row.sending {
            Sending::Sent | Sending::Uncertain => {
                answers.extend(letter);
                let plain = answers.iter().all(|l| l.review.iter().all(|r| trusted(*r)));
                if plain && answers.iter().any(|l| l.kind == Kind::Rsvp) {
                    last = Some(at);
                }
                answers.clear();
            }
            // Merged into one that is sent after it.
            Sending::Dropped => answers.extend(letter.filter(|_| row.reason == "merged")),
            _ => {}
        }
    }
    last
}

/// The `.ics` goes with the first yes or maybe, and again when the event changed since we last wrote.
fn invites(ledger: &Ledger, said: &Said, before: Option<&Said>, told: Option<Timestamp>) -> Vec<Invite> {
    let coming = |s: &Said, event: &str| s.answers.iter().any(|a| a.event == event && a.attendance != Attendance::No);
    let mut out = Vec::new();
    for answer in said.answers.iter().filter(|a| a.attendance != Attendance::No) {
        let changed = |e: &&Entry| matches!(&e.content, Content::EventChanged { event, .. } if *event == answer.event);
        let changes: Vec<&Entry> = ledger.entries.iter().filter(changed).collect();
        let since = told.is_some_and(|t| changes.iter().any(|c| c.at > t));
        if since || !before.is_some_and(|b| coming(b, &answer.event)) {
            let sequence = u32::try_from(changes.len()).unwrap_or(u32::MAX);
            out.push(Invite { event: answer.event.clone(), sequence });
        }
    }
    out
}
