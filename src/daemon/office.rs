//! One association's desk: everything that blocks (parsing, understanding, SQLite) happens here, off the network loop.
//!
//! Promises: attempts are counted and committed before the work, so that a letter that kills the process three times
//! is set aside; a batch of letters is one transaction with the position that it moves. Never waits for a server.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Setup, keep, read, retention};
use crate::entry::{Arrived, Location, Position};
use crate::failure::{Failure, Result};
use crate::letter::Ourselves;
use crate::mailbox::Batch;
use crate::reading::Kind;
use crate::store::Store;

/// So many ends of the process in the middle of a letter, and it is set aside unread.
const CRASHES: u32 = 3;

/// What does not change, and what the two loops share.
#[derive(Debug)]
pub struct Office {
    /// Configuration, rules, words.
    pub setup: Setup,
    account: String,
    /// For letters.
    ledger: Mutex<Store>,
    /// For mails: a connection of its own, so that a commit before the data need not wait for a batch being parsed.
    outbox: Mutex<Store>,
    /// Letters that were in work when an earlier process ended.
    suspects: Mutex<HashMap<Location, u32>>,
    /// When the mailbox was last read to its end.
    last_read: Mutex<Option<Timestamp>>,
    /// The local day on which the daily chores were last done.
    chores_day: Mutex<Option<Date>>,
    /// The local day on which the digest was last looked at.
    digest_day: Mutex<Option<Date>>,
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic while it was held left nothing half done: SQLite rolls a dropped transaction back.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs blocking work away from the network loop.
pub(super) async fn off<T: Send + 'static>(
    office: &Arc<Office>,
    work: impl FnOnce(&Office) -> Result<T> + Send + 'static,
) -> Result<T> {
    let office = Arc::clone(office);
    let done = tokio::task::spawn_blocking(move || work(&office)).await;
    done.unwrap_or_else(|e| Err(Failure::transient("run/panic").detail(e)))
}

impl Office {
    /// Opens the database, and writes down the first start and since when mail is sent.
    pub(super) fn open(setup: Setup, path: &Path) -> Result<Self> {
        let mut store = Store::open(path)?;
        super::crash::point("database open");
        let now = setup.clock.now();
        if store.moment("first-start")?.is_none() {
            store.set_moment("first-start", Some(now))?;
        }
        match (setup.config.acknowledge.send, store.moment("sending-since")?) {
            (true, None) => store.set_moment("sending-since", Some(now))?,
            (false, Some(_)) => store.set_moment("sending-since", None)?,
            _ => {}
        }
        let account = setup.account();
        let suspects = store.unfinished(&account)?.into_iter().collect();
        let outbox = Store::open(path)?;
        Ok(Self {
            setup,
            account,
            ledger: Mutex::new(store),
            outbox: Mutex::new(outbox),
            suspects: Mutex::new(suspects),
            last_read: Mutex::new(None),
            chores_day: Mutex::new(None),
            digest_day: Mutex::new(None),
        })
    }

    /// The connection for mails.
    pub(super) fn outbox(&self) -> MutexGuard<'_, Store> {
        held(&self.outbox)
    }

    /// The connection for letters, also for looking at what is recorded.
    pub fn store(&self) -> MutexGuard<'_, Store> {
        held(&self.ledger)
    }

    pub(super) fn last_read(&self) -> Option<Timestamp> {
        *held(&self.last_read)
    }

    pub(super) fn digest_day(&self) -> MutexGuard<'_, Option<Date>> {
        held(&self.digest_day)
    }

    /// Once a local day: what has had its time is erased, and the write-ahead log emptied.
    pub(super) fn chores(&self, store: &mut Store) -> Result<()> {
        let today = self.setup.clock.now().to_zoned(self.setup.config.association.timezone.clone()).date();
        if held(&self.chores_day).replace(today) == Some(today) {
            return Ok(());
        }
        if let Some(erased) = retention::apply(store, &self.setup)? {
            tracing::info!(letters = erased.letters, entries = erased.entries, mails = erased.mails, "erased");
        }
        store.checkpoint()
    }

    pub(super) fn read_to_the_end(&self) {
        *held(&self.last_read) = Some(self.setup.clock.now());
    }

    /// How far a folder was read.
    pub(super) fn position(&self, folder: &str) -> Result<Position> {
        let found = self.store().positions(&self.account)?.into_iter().find(|p| p.folder == folder);
        Ok(found.unwrap_or_else(|| Position { folder: folder.to_owned(), ..Position::default() }))
    }

    /// The file names already kept of a Maildir; nothing for a server, which has UIDs.
    pub(super) fn known_keys(&self) -> Result<HashSet<String>> {
        if !self.setup.on_disk() {
            return Ok(HashSet::new());
        }
        Ok(self.store().sightings(&self.account)?.into_iter().map(|l| l.key).collect())
    }

    /// Reads, understands and records a batch.
    pub(super) fn keep(&self, batch: &Batch) -> Result<keep::Tally> {
        let mut store = self.store();
        let us = self.ourselves(&store)?;
        let (suspects, fine) = self.sort(&batch.letters);
        let mut tally = keep::Tally::default();
        for (arrived, count) in suspects {
            tally.add(self.keep_one(&mut store, arrived, count, &us)?);
        }
        tally.add(self.keep_all(&mut store, &fine, &us, Some(&batch.position))?);
        Ok(tally)
    }

    /// Our own Message-IDs, those sent up to now included.
    fn ourselves(&self, store: &Store) -> Result<Ourselves> {
        let mut us = self.setup.us.clone();
        us.message_ids.extend(store.view().our_message_ids()?);
        Ok(us)
    }

    fn sort<'a>(&self, letters: &'a [Arrived]) -> (Vec<(&'a Arrived, u32)>, Vec<&'a Arrived>) {
        let known = held(&self.suspects);
        let (mut suspects, mut fine) = (Vec::new(), Vec::new());
        for arrived in letters {
            match known.get(&arrived.location) {
                Some(count) => suspects.push((arrived, *count)),
                None => fine.push(arrived),
            }
        }
        (suspects, fine)
    }

    /// A letter that was in work when the process ended is worked on alone, so that it takes no other with it.
    fn keep_one(&self, store: &mut Store, arrived: &Arrived, count: u32, us: &Ourselves) -> Result<keep::Tally> {
        let tally = if count >= CRASHES {
            let read = read::aside(arrived);
            self.write(store, &[(arrived, read)], None)?
        } else {
            self.keep_all(store, &[arrived], us, None)?
        };
        held(&self.suspects).remove(&arrived.location);
        Ok(tally)
    }

    fn keep_all(
        &self,
        store: &mut Store,
        letters: &[&Arrived],
        us: &Ourselves,
        position: Option<&Position>,
    ) -> Result<keep::Tally> {
        let locations: Vec<Location> = letters.iter().map(|a| a.location.clone()).collect();
        if !letters.is_empty() {
            store.attempt(&self.account, &locations)?;
            super::crash::point("attempts counted");
        }
        let read: Vec<(&Arrived, read::Read)> = letters.iter().map(|a| (*a, read::read(a, &self.setup, us))).collect();
        let kept = self.write(store, &read, position);
        if kept.is_err() {
            // It ended in good order: the letters are not to blame.
            let _ = store.unattempt(&self.account);
        }
        kept
    }

    fn write(
        &self,
        store: &mut Store,
        letters: &[(&Arrived, read::Read)],
        position: Option<&Position>,
    ) -> Result<keep::Tally> {
        let batch = store.begin()?;
        let now = self.setup.clock.now();
        let events = crate::roster::events(&batch.view().event_changes()?, &self.setup.config, now);
        let desk = keep::Desk { setup: &self.setup, account: &self.account, events: &events, now };
        let mut tally = keep::Tally::default();
        for (arrived, read) in letters {
            desk.keep(&batch, arrived, read, &mut tally)?;
        }
        if let Some(position) = position {
            batch.position(&self.account, position)?;
        }
        super::crash::point("before the commit of letters");
        batch.commit()?;
        super::crash::point("letters committed");
        Ok(tally)
    }
}

impl keep::Tally {
    /// Counts one recorded letter.
    pub(super) fn count(&mut self, kind: Kind, to_read: bool, unreadable: bool) {
        self.recorded += 1;
        self.answers += usize::from(matches!(kind, Kind::Rsvp | Kind::Question));
        self.to_read += usize::from(to_read);
        self.unreadable += usize::from(unreadable);
    }
}
