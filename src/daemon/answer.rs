//! What an acknowledgement is written from: the letters it answers, what stands for the person, what we told before.
//!
//! Promises: computed from the ledger at the moment of writing, so that a correction made meanwhile is in it; looks at
//! one address only, so that nobody else's answer can slip in. Blocking.

use jiff::Timestamp;

use super::Setup;
use crate::acknowledge::{Answered, Invite, Situation};
use crate::config::Config;
use crate::entry::{Content, Entry, Ledger, LetterRecord, Occasion, Origin, Outgoing, Person, Said, Sending};
use crate::failure::Result;
use crate::reading::{Answer, Attendance, Kind};
use crate::roster::{self, Roster};
use crate::store::View;

/// The situation of a mail that is about to leave, with the configuration as organisers changed it. `None` when its
/// letters are gone (erased).
pub(super) fn situation(
    view: View<'_>,
    row: &Outgoing,
    merged: &[&Outgoing],
    setup: &Setup,
    now: Timestamp,
) -> Result<Option<(Situation, Config)>> {
    let ledger = ledger(view, &row.to)?;
    let config = Config { events: roster::events(&ledger, &setup.config, now), ..setup.config.clone() };
    let letters = letters(&ledger, row, merged);
    let Some(last) = letters.last() else { return Ok(None) };
    let person = &row.person;
    let said = said(&roster::fold(&ledger, &config, now), person, &entries_of(&ledger, &letters));
    let told = told(&ledger, person);
    let before = told.map(|at| standing(&roster::fold(&ledger, &config, at), person));
    let kind = if letters.iter().any(|l| l.kind == Kind::Rsvp) { Kind::Rsvp } else { last.kind };
    let situation = Situation {
        now,
        message_id: row.message_id.clone(),
        to: row.to.clone(),
        signed: last.signed.clone(),
        letters: letters.iter().map(|l| answered(l)).collect(),
        language: last.language.clone(),
        kind,
        invites: invites(&ledger, &said, before.as_ref(), told),
        said,
        before,
        in_place: Vec::new(),
        missing: if config.acknowledge.missing_line { missing(view, &config, now)? } else { Vec::new() },
    };
    Ok(Some((situation, config)))
}

/// What concerns one address, and what organisers changed about the events.
fn ledger(view: View<'_>, address: &str) -> Result<Ledger> {
    let mut ledger = view.ledger_at(address)?;
    for entry in view.event_changes()?.entries {
        if !ledger.entries.iter().any(|e| e.id == entry.id) {
            ledger.entries.push(entry);
        }
    }
    ledger.entries.sort_by_key(|e| e.id);
    Ok(ledger)
}

fn letters<'a>(ledger: &'a Ledger, row: &Outgoing, merged: &[&Outgoing]) -> Vec<&'a LetterRecord> {
    let mut ids: Vec<i64> = merged.iter().filter_map(|m| m.letter).chain(row.letter).collect();
    ids.sort_unstable();
    let mut letters: Vec<&LetterRecord> = ledger.letters.iter().filter(|l| ids.contains(&l.id)).collect();
    letters.sort_by_key(|l| (l.received, l.id));
    letters
}

fn answered(letter: &LetterRecord) -> Answered {
    Answered {
        message_id: letter.message_id.clone(),
        references: letter.references.clone(),
        subject: letter.subject.clone(),
    }
}

fn entries_of<'a>(ledger: &'a Ledger, letters: &[&LetterRecord]) -> Vec<&'a Said> {
    let from = |e: &&Entry| letters.iter().any(|l| e.origin == Origin::Letter(l.id));
    let said = |e: &'a Entry| if let Content::Said(said) = &e.content { Some(said) } else { None };
    ledger.entries.iter().filter(from).filter_map(said).collect()
}

/// What stands now, with the doubts, the tone and the diets of these letters alone.
fn said(roster: &Roster, person: &Person, fresh: &[&Said]) -> Said {
    let mut said = standing(roster, person);
    for new in fresh {
        for review in &new.review {
            if !said.review.contains(review) {
                said.review.push(*review);
            }
        }
        for tone in &new.tones {
            if !said.tones.contains(tone) {
                said.tones.push(*tone);
            }
        }
        said.words.extend(new.words.iter().cloned());
        said.organisation = new.organisation.clone().or(said.organisation);
    }
    said
}

/// What a roster holds about one person.
fn standing(roster: &Roster, person: &Person) -> Said {
    let mut said = Said::default();
    for gathering in &roster.gatherings {
        if let Some(guest) = gathering.guests.iter().find(|g| g.person == *person) {
            said.organisation = said.organisation.or_else(|| guest.organisation.clone());
            said.answers.push(Answer {
                event: gathering.event.id.clone(),
                attendance: guest.attendance,
                people: guest.people,
                meal: guest.meal,
                workshops: guest.workshops.clone(),
                part: guest.part,
            });
        }
        let gifts = gathering.gifts.iter().filter(|g| g.person == *person && !g.free);
        said.contributions.extend(gifts.map(|g| g.contribution.clone()));
    }
    said.diets = roster.diets.iter().filter(|d| d.person == *person).map(|d| d.words.clone()).collect();
    said
}

/// When we last told this person anything.
fn told(ledger: &Ledger, person: &Person) -> Option<Timestamp> {
    let left = |o: &&Outgoing| {
        o.occasion == Occasion::Acknowledge
            && o.person == *person
            && matches!(o.sending, Sending::Sent | Sending::Uncertain)
    };
    ledger.outgoing.iter().filter(left).filter_map(|o| o.attempted.or(o.settled)).max()
}

/// The calendar entry goes with the first yes or maybe, and again when the event changed since.
fn invites(ledger: &Ledger, said: &Said, before: Option<&Said>, told: Option<Timestamp>) -> Vec<Invite> {
    let comes = |s: &Said, event: &str| s.answers.iter().any(|a| a.event == event && a.attendance != Attendance::No);
    let mut invites = Vec::new();
    for answer in said.answers.iter().filter(|a| a.attendance != Attendance::No) {
        let changes: Vec<Timestamp> = roster::live(ledger, Timestamp::MAX)
            .into_iter()
            .filter(|e| matches!(&e.content, Content::EventChanged { event, .. } if *event == answer.event))
            .map(|e| e.at)
            .collect();
        let changed = told.is_some_and(|at| changes.iter().any(|c| *c > at));
        if changed || !before.is_some_and(|b| comes(b, &answer.event)) {
            let sequence = u32::try_from(changes.len()).unwrap_or(u32::MAX);
            invites.push(Invite { event: answer.event.clone(), sequence });
        }
    }
    invites
}

/// Courses that the meal still lacks: from everybody's answers, but without a name.
fn missing(view: View<'_>, config: &Config, now: Timestamp) -> Result<Vec<String>> {
    let roster = roster::fold(&view.ledger()?, config, now);
    let mut missing: Vec<String> = Vec::new();
    for gathering in &roster.gatherings {
        for need in crate::digest::needs(gathering) {
            if need.missing() > 0 && !missing.iter().any(|m| m == need.what) {
                missing.push(need.what.to_owned());
            }
        }
    }
    Ok(missing)
}

/// Every event that a letter answers is over; one that answers none is about them all.
pub(super) fn over(view: View<'_>, row: &Outgoing, config: &Config, now: Timestamp) -> Result<bool> {
    let ledger = ledger(view, &row.to)?;
    let events = roster::events(&ledger, config, now);
    let local = now.to_zoned(config.association.timezone.clone()).datetime();
    let said: Vec<&Said> = ledger
        .entries
        .iter()
        .filter(|e| row.letter.is_some_and(|l| e.origin == Origin::Letter(l)))
        .filter_map(|e| if let Content::Said(s) = &e.content { Some(s) } else { None })
        .collect();
    let answers = |id: &str| said.iter().any(|s| s.answers.iter().any(|a| a.event == id));
    let some = events.iter().any(|e| answers(&e.id));
    let mut about = events.iter().filter(|e| !some || answers(&e.id)).peekable();
    Ok(about.peek().is_some() && about.all(|e| e.over() < local))
}
