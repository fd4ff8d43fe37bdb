//! One letter's steps → rows, inside the batch's transaction. Executes steps; decides nothing.

use jiff::Timestamp;

use super::Setup;
use super::read::Read;
use crate::acknowledge;
use crate::correct::{self, Outcome};
use crate::entry::{Arrived, Occasion, Origin, Person, Sending};
use crate::event::Event;
use crate::failure::Result;
use crate::letter::Letter;
use crate::plan::{self, Arrival, Case, Step, person};
use crate::store::{Batch, Kept, NewEntry, NewMail};
use crate::submit;

/// What a batch came to.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    pub recorded: usize,
    pub answers: usize,
    pub to_read: usize,
    pub unreadable: usize,
    pub withheld: usize,
}

impl Tally {
    pub(super) fn add(&mut self, other: Self) {
        self.recorded += other.recorded;
        self.answers += other.answers;
        self.to_read += other.to_read;
        self.unreadable += other.unreadable;
        self.withheld += other.withheld;
    }
}

/// What all letters of a batch have in common.
pub(super) struct Desk<'a> {
    pub setup: &'a Setup,
    pub account: &'a str,
    pub events: &'a [Event],
    pub now: Timestamp,
}

impl Desk<'_> {
    pub(super) fn keep(&self, batch: &Batch<'_>, arrived: &Arrived, read: &Read, tally: &mut Tally) -> Result<()> {
        let mut known = batch.view().known(&read.letter)?;
        known.about_others = !known.replies_to_digest && self.about_others(batch, &read.letter)?;
        let arrival = Arrival { received: super::whole(arrived.received), junk: false };
        let case = Case {
            letter: &read.letter,
            reading: &read.reading,
            arrival: &arrival,
            known: &known,
            config: &self.setup.config,
            events: self.events,
            rules: &self.setup.rules,
            now: self.now,
        };
        let steps = plan::plan(&case);
        if steps.is_empty() {
            return batch.again(self.account, &arrived.location, &read.letter.hash);
        }
        let mut letter = None;
        for step in &steps {
            if let Step::Keep(record) = step {
                let quarantined = read.quarantined.then_some(arrived.bytes.as_slice());
                let kept = Kept { account: self.account, location: &arrived.location, record, quarantined };
                letter = batch.keep(&kept)?;
                if letter.is_some() {
                    let to_read = record.needs_human || !record.review.is_empty();
                    tally.count(record.kind, to_read, read.quarantined);
                }
            } else if let Some(id) = letter {
                self.execute(batch, step, id, read, &arrival, tally)?;
            }
        }
        Ok(())
    }

    fn execute(
        &self,
        batch: &Batch<'_>,
        step: &Step,
        letter: i64,
        read: &Read,
        arrival: &Arrival,
        tally: &mut Tally,
    ) -> Result<()> {
        match step {
            Step::Keep(_) | Step::Refuse(_) => Ok(()),
            Step::Enter { person, shown, content } => batch
                .enter(&NewEntry {
                    at: self.now,
                    said: arrival.received,
                    origin: Origin::Letter(letter),
                    person: person.clone(),
                    shown: shown.clone(),
                    content: content.clone(),
                })
                .map(|_| ()),
            Step::Acknowledge { to, person, due, withheld } => {
                let our = &self.setup.config.association.address;
                tally.withheld += usize::from(*withheld);
                let mail = NewMail {
                    occasion: Occasion::Acknowledge,
                    letter: Some(letter),
                    to: to.clone(),
                    person: person.clone(),
                    planned: self.now,
                    due: *due,
                    sending: if *withheld { Sending::Withheld } else { Sending::Due },
                    message_id: acknowledge::message_id(&read.letter.hash, 0, our),
                    reason: if *withheld { "sending-off".into() } else { String::new() },
                    bytes: None,
                };
                batch.post(&mail).map(|_| ())
            }
            Step::Correct { organiser, tell_others } => self.correct(batch, letter, read, organiser, *tell_others),
        }
    }

    /// Whether an organiser's lines would change what stands about somebody else.
    fn about_others(&self, batch: &Batch<'_>, letter: &Letter) -> Result<bool> {
        let config = &self.setup.config;
        let Some(from) = letter.from.as_ref().map(|f| person::compared(&f.address)) else { return Ok(false) };
        if !config.association.organisers.iter().any(|o| person::compared(o) == from) {
            return Ok(false);
        }
        let ledger = batch.view().ledger()?;
        let asked = correct::Asked {
            text: &letter.reply_text(),
            origin: Origin::Command,
            ledger: &ledger,
            config,
            rules: &self.setup.rules,
            speech: self.setup.speech()?,
            now: self.now,
        };
        let known = |p: &Person| ledger.entries.iter().any(|e| e.person == *p);
        Ok(correct::lines(&asked)
            .changes
            .iter()
            .any(|c| known(&c.person) && person::compared(&c.person.address) != from))
    }

    /// An organiser's corrections, and the report on them with its bytes, in the same transaction.
    fn correct(&self, batch: &Batch<'_>, letter: i64, read: &Read, organiser: &str, tell_others: bool) -> Result<()> {
        let origin = Origin::Organiser { letter };
        let ledger = batch.view().ledger()?;
        let (config, speech) = (&self.setup.config, self.setup.speech()?);
        let text = read.letter.reply_text();
        let asked = correct::Asked {
            text: &text,
            origin: origin.clone(),
            ledger: &ledger,
            config,
            rules: &self.setup.rules,
            speech,
            now: self.now,
        };
        let outcome = correct::lines(&asked);
        let ids = enter_changes(batch, &outcome, &origin, self.now)?;
        let others = config.association.organisers.iter().filter(|o| *o != organiser && tell_others);
        for to in std::iter::once(organiser).chain(others.map(String::as_str)) {
            let reply = correct::Reply {
                to: to.to_owned(),
                subject: read.letter.subject.clone(),
                message_id: read.letter.message_id.clone(),
                references: read.letter.references.clone(),
                on_behalf: if to == organiser { String::new() } else { organiser.to_owned() },
            };
            let mut draft = correct::draft(&outcome, &ids, &reply, config, speech, self.now)?;
            draft.message_id = self.report_id(batch, &read.letter.hash, to)?;
            batch.post(&NewMail {
                occasion: Occasion::Report,
                letter: Some(letter),
                to: to.to_owned(),
                person: Person { address: to.to_owned(), name: String::new() },
                planned: self.now,
                due: self.now,
                sending: Sending::Frozen,
                message_id: draft.message_id.clone(),
                reason: String::new(),
                bytes: Some(submit::render(&draft)?),
            })?;
        }
        Ok(())
    }

    /// Organisers may answer a report, too: its Message-ID cannot be guessed either.
    fn report_id(&self, batch: &Batch<'_>, hash: &str, to: &str) -> Result<String> {
        let address = &self.setup.config.association.address;
        let domain = address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
        Ok(format!("{}@{domain}", batch.secret_name(&["report", hash, to])?))
    }
}

/// Writes what an organiser's lines come to; returns the numbers of the entries.
pub fn enter_changes(batch: &Batch<'_>, outcome: &Outcome, origin: &Origin, now: Timestamp) -> Result<Vec<i64>> {
    let mut ids = Vec::with_capacity(outcome.changes.len());
    for change in &outcome.changes {
        ids.push(batch.enter(&NewEntry {
            at: now,
            said: now,
            origin: origin.clone(),
            person: change.person.clone(),
            shown: change.shown.clone(),
            content: change.content.clone(),
        })?);
    }
    Ok(ids)
}
