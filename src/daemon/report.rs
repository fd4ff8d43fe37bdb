//! Mails to the organisers: the digest at its hour, an alert for trouble that cannot wait. Planned with their bytes.
//!
//! Promises: one digest a recipient and local day, one alert a recipient, day and trouble, held by their Message-IDs.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::office::Office;
use crate::digest::{self, Due};
use crate::draft::{Automatic, Draft};
use crate::entry::{Ledger, Occasion, Person, Sending};
use crate::failure::Result;
use crate::roster;
use crate::store::{NewMail, Store};
use crate::submit;

/// A server that is away for less is nobody's business.
const PATIENCE: SignedDuration = SignedDuration::from_hours(1);

impl Office {
    /// Plans the digest if it is its hour; `true` if one was planned. Looks once a local day, unless it is asked to.
    pub(super) fn plan_digest(&self, store: &mut Store) -> Result<bool> {
        let config = &self.setup.config;
        let now = self.setup.clock.now();
        let local = now.to_zoned(config.association.timezone.clone()).datetime();
        if config.digest.to.is_empty() || local.time() < config.digest.at || !self.first_look(local.date()) {
            return Ok(false);
        }
        let ledger = store.ledger()?;
        match digest::due(now, config, &ledger) {
            Some(due) => self.post_digest(store, &ledger, &due, now),
            None => Ok(false),
        }
    }

    /// Whether nobody looked that day before.
    fn first_look(&self, day: Date) -> bool {
        let mut last = self.digest_day();
        let first = *last != Some(day);
        *last = Some(day);
        first
    }

    /// Writes a digest to each recipient into the outbox.
    pub fn post_digest(&self, store: &mut Store, ledger: &Ledger, due: &Due, now: Timestamp) -> Result<bool> {
        self.post(store, ledger, due, &["digest", &due.day], now).map(|()| true)
    }

    /// The same out of turn: a mail of its own, whatever was sent that day.
    pub fn post_digest_now(&self, store: &mut Store) -> Result<()> {
        let now = self.setup.clock.now();
        let ledger = store.ledger()?;
        let day = now.to_zoned(self.setup.config.association.timezone.clone()).date().to_string();
        let daily = Due { day, edition: digest::Edition::Daily };
        let due = digest::due(now, &self.setup.config, &ledger).unwrap_or(daily);
        self.post(store, &ledger, &due, &["digest", &due.day, &now.to_string()], now)
    }

    fn post(&self, store: &mut Store, ledger: &Ledger, due: &Due, name: &[&str], now: Timestamp) -> Result<()> {
        let config = &self.setup.config;
        let mut draft = self.digest_draft(ledger, due, now)?;
        if digest::wants_sheet(due.edition, config) {
            draft.attachments.push(crate::sheet::attachment(ledger, config, self.setup.speech()?, now)?);
        }
        let occasion = Occasion::Digest(due.day.clone());
        let mails = self.mails(store, &draft, &occasion, name, now)?;
        let batch = store.begin()?;
        for mail in &mails {
            batch.post(mail)?;
        }
        super::crash::point("before the commit of a digest");
        batch.commit()
    }

    /// The digest as it would be now.
    pub fn digest_draft(&self, ledger: &Ledger, due: &Due, now: Timestamp) -> Result<Draft> {
        // As configured: what organisers changed since is in the ledger, and the digest tells before from now.
        let config = &self.setup.config;
        let roster = roster::fold(ledger, config, now);
        let facts =
            digest::Facts { now, since: digest::since(ledger), edition: due.edition, last_read: self.last_read() };
        let speech = self.setup.speech()?;
        digest::compose(ledger, &roster, &facts, config, speech)
    }

    /// One mail a recipient of the digest, with its bytes.
    fn mails(
        &self,
        store: &mut Store,
        draft: &Draft,
        occasion: &Occasion,
        name: &[&str],
        now: Timestamp,
    ) -> Result<Vec<NewMail>> {
        let mut mails = Vec::new();
        for to in &self.setup.config.digest.to {
            let mut words = name.to_vec();
            words.push(to);
            let message_id = self.secret_id(store, &words)?;
            let draft = Draft { to: to.clone(), message_id: message_id.clone(), ..draft.clone() };
            mails.push(NewMail {
                occasion: occasion.clone(),
                letter: None,
                to: to.clone(),
                person: Person { address: to.clone(), name: String::new() },
                planned: now,
                due: now,
                sending: Sending::Frozen,
                message_id,
                reason: String::new(),
                bytes: Some(submit::render(&draft)?),
            });
        }
        Ok(mails)
    }

    /// A Message-ID that cannot be guessed: to answer it is to have received it.
    pub(super) fn secret_id(&self, store: &mut Store, words: &[&str]) -> Result<String> {
        let address = &self.setup.config.association.address;
        let domain = address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
        Ok(format!("{}@{domain}", store.secret_name(words)?))
    }

    /// Plans alerts for trouble with receiving that lasts: organisers would otherwise believe that nobody answers.
    pub(super) fn plan_alerts(&self, store: &mut Store) -> Result<()> {
        let now = self.setup.clock.now();
        let zone = self.setup.config.association.timezone.clone();
        for (trouble, since) in store.view().troubles()? {
            if !trouble.starts_with("imap-") || now.duration_since(since) < PATIENCE {
                continue;
            }
            let day = now.to_zoned(zone.clone()).date().to_string();
            let occasion = Occasion::Alert(trouble.clone());
            if store.view().recent_mail(now - SignedDuration::from_hours(24))?.iter().any(|o| o.occasion == occasion) {
                continue;
            }
            let Some(draft) = self.alert(&trouble, since, now) else { continue };
            let mails = self.mails(store, &draft, &occasion, &["alert", &trouble, &day], now)?;
            let batch = store.begin()?;
            for mail in &mails {
                batch.post(mail)?;
            }
            batch.commit()?;
        }
        Ok(())
    }

    fn alert(&self, trouble: &str, since: Timestamp, now: Timestamp) -> Option<Draft> {
        let speech = self.setup.speech().ok()?;
        let association = &self.setup.config.association;
        let since = since.to_zoned(association.timezone.clone()).datetime().to_string();
        let values = serde_json::json!({ "association": association.short_name, "since": since, "trouble": trouble });
        Some(Draft {
            from_name: association.short_name.clone(),
            from: association.address.clone(),
            to: String::new(),
            subject: speech.say("alert/subject", &values),
            text: speech.say("alert/text", &values),
            html: None,
            attachments: Vec::new(),
            message_id: String::new(),
            in_reply_to: None,
            references: Vec::new(),
            automatic: Automatic::Generated,
            date: now,
        })
    }

    /// Notes that something is in trouble, with its beginning.
    pub(super) fn in_trouble(&self, name: &str) -> Result<()> {
        let now = self.setup.clock.now();
        let mut store = self.outbox();
        let key = format!("trouble/{name}");
        if store.mark(&key)?.is_none() {
            store.set_moment(&key, Some(now))?;
        }
        Ok(())
    }

    /// Notes that a part is well again.
    pub(super) fn out_of_trouble(&self, part: &str) -> Result<()> {
        let mut store = self.outbox();
        for end in ["down", "stopped"] {
            store.set_mark(&format!("trouble/{part}-{end}"), None)?;
        }
        Ok(())
    }
}
