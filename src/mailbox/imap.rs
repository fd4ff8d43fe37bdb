//! A folder on an IMAP server, read by UID.
//!
//! Promises: sizes first, then bodies in batches; a UID is passed over when it was handed over or proven absent; a
//! letter on which server or parser fails again and again is handed over as unreadable and stops none behind it.
//! The connection is kept between calls, and dropped by any failure or by a call dropped half-way.

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::civil::Date;
use jiff::{ToSpan, Zoned};

use super::{Batch, Limits, Woken};
use crate::config::Server;
use crate::entry::{Arrived, Extent, Location, Position};
use crate::failure::{Failure, Result};
use crate::wire::{Deadlines, Tls, about};

mod dialogue;
mod fetch;
mod login;
mod look;
mod name;

use dialogue::{Answered, Dialogue, Trouble};
use fetch::Listed;
use login::Abilities;

/// Strikes after which a letter is given up: two for each refusal or unreadable answer, one for each connection lost.
const STRUCK_OUT: u8 = 6;
/// Reconnections within one call, while a batch is narrowed down to the letter that breaks it.
const NARROWING: usize = 16;

/// The mailbox behind one server.
#[derive(Debug)]
pub(super) struct Imap {
    server: Server,
    beside: PathBuf,
    folder: String,
    deadlines: Deadlines,
    limits: Limits,
    tls: Option<Tls>,
    session: Option<Session>,
    /// Letters in the next batch: fewer after a failure, more after each success.
    width: usize,
    /// Strikes by UIDVALIDITY and UID.
    strikes: HashMap<(u32, u32), u8>,
    /// The server offers IDLE and does not keep to it.
    no_idle: bool,
}

/// A logged-in connection.
#[derive(Debug)]
struct Session {
    dialogue: Dialogue,
    abilities: Abilities,
    /// The folder under EXAMINE.
    folder: Option<String>,
    plan: Option<Plan>,
}

/// What is left to fetch of one look at a folder.
#[derive(Debug)]
struct Plan {
    /// The position the next batch starts from.
    at: Position,
    /// The UIDNEXT that ends it.
    until: u32,
    rescan: bool,
    left: VecDeque<Listed>,
}

impl Imap {
    pub fn new(server: &Server, beside: &Path) -> Self {
        let limits = Limits::default();
        Self {
            folder: name::folder(&server.folder),
            server: server.clone(),
            beside: beside.to_path_buf(),
            deadlines: Deadlines::default(),
            limits,
            tls: None,
            session: None,
            width: limits.letters,
            strikes: HashMap::new(),
            no_idle: false,
        }
    }

    pub fn tune(&mut self, deadlines: Deadlines, limits: Limits) {
        (self.deadlines, self.limits, self.width) = (deadlines, limits, limits.letters);
    }

    pub async fn close(&mut self) {
        if let Some(mut session) = self.session.take() {
            let goodbye = session.dialogue.command("LOGOUT", "LOGOUT", |_| {});
            let _ = tokio::time::timeout(Duration::from_secs(2), goodbye).await;
        }
    }

    pub fn folder(&self) -> &str {
        &self.folder
    }

    /// The kept session, else a new one. It is taken out while a call uses it: a failure leaves none behind.
    async fn session(&mut self) -> Answered<Session> {
        if let Some(session) = self.session.take() {
            return Ok(session);
        }
        let made = login::login(&self.server, &self.beside, &mut self.tls, self.deadlines).await;
        let (dialogue, abilities) = made.inspect_err(|_| self.tls = None)?;
        Ok(Session { dialogue, abilities, folder: None, plan: None })
    }

    pub async fn next(&mut self, position: &Position) -> Result<Option<Batch>> {
        for _ in 0..NARROWING {
            let mut session = self.session().await.map_err(|t| t.failure(&self.server))?;
            match self.batch(&mut session, position).await {
                Ok(batch) => {
                    self.session = Some(session);
                    return Ok(batch);
                }
                Err(Trouble::Unparsable) => {}
                Err(trouble) => return Err(trouble.failure(&self.server)),
            }
        }
        Err(Trouble::Unparsable.failure(&self.server))
    }

    async fn batch(&mut self, session: &mut Session, position: &Position) -> Answered<Option<Batch>> {
        let fits = session.plan.take().filter(|plan| plan.at == *position && !plan.left.is_empty());
        let mut plan = match fits {
            Some(plan) => plan,
            None => match self.survey(session, position).await? {
                Some(plan) => plan,
                None => return Ok(None),
            },
        };
        let letters = self.fetch(session, &mut plan).await?;
        let (position, rescan, remaining) = (plan.at.clone(), plan.rescan, plan.left.len());
        session.plan = Some(plan);
        Ok(Some(Batch { letters, position, rescan, remaining }))
    }

    /// Looks at the folder: what is there that `position` has not passed? `None`: nothing, and nothing to keep.
    async fn survey(&self, session: &mut Session, position: &Position) -> Answered<Option<Plan>> {
        let folder = if position.folder.is_empty() { &self.folder } else { &position.folder };
        let view = self.examine(session, folder).await?;
        let first_start = position.uid_validity == 0;
        let renumbered =
            !first_start && (view.uid_validity != position.uid_validity || view.uid_next < position.next_uid);
        let first = if first_start || renumbered { 1 } else { position.next_uid.max(1) };
        if !first_start && !renumbered && first >= view.uid_next {
            return Ok(None);
        }
        let floor = if renumbered { self.server.since.max(window(self.limits.rescan_days)) } else { self.server.since };
        let set = match floor {
            _ if view.exists == 0 || first >= view.uid_next => String::new(),
            Some(day) if first == 1 => {
                let criteria = format!("SINCE {}", fetch::day(day));
                let uids = fetch::search(&mut session.dialogue, &criteria).await?;
                // Their span, not themselves: thousands of single numbers would be too long a line for servers.
                match (uids.first(), uids.last()) {
                    (Some(first), Some(last)) => format!("{first}:{}", last.min(&(view.uid_next - 1))),
                    _ => String::new(),
                }
            }
            _ => format!("{first}:{}", view.uid_next - 1),
        };
        let mut left = match set.is_empty() {
            true => Vec::new(),
            false => fetch::list(&mut session.dialogue, &set).await?,
        };
        left.retain(|l| l.uid >= first && l.uid < view.uid_next && floor.is_none_or(|day| l.day >= day));
        let at = Position { folder: folder.clone(), uid_validity: view.uid_validity, next_uid: first };
        Ok(Some(Plan { at, until: view.uid_next, rescan: renumbered, left: left.into() }))
    }

    async fn examine(&self, session: &mut Session, folder: &str) -> Answered<fetch::View> {
        session.folder = None;
        match fetch::examine(&mut session.dialogue, folder).await {
            Ok(view) => {
                session.folder = Some(folder.to_owned());
                Ok(view)
            }
            Err(Trouble::Refused { answer, .. }) if !dialogue::passing(&answer) => {
                let folders = look::folders(session).await?.join(", ");
                let failure = about(Failure::fatal("server/folder"), &self.server).with("folder", name::shown(folder));
                Err(failure.with("answer", answer).with("folders", folders).detail("EXAMINE was refused").into())
            }
            Err(trouble) => Err(trouble),
        }
    }

    /// The next letters of the plan, and the plan moved past them.
    async fn fetch(&mut self, session: &mut Session, plan: &mut Plan) -> Answered<Vec<Arrived>> {
        loop {
            let group = self.group(plan);
            let Some(front) = group.first() else {
                plan.pass(0);
                return Ok(Vec::new());
            };
            let marked = (plan.at.uid_validity, front.uid);
            if self.strikes.get(&marked).is_some_and(|n| *n >= STRUCK_OUT) {
                self.strikes.remove(&marked);
                let letter = plan.arrived(front, None, Extent::Unreadable);
                plan.pass(1);
                return Ok(vec![letter]);
            }
            let large = front.size > self.limits.whole;
            let beginning = large.then_some(self.limits.beginning);
            let uids: Vec<u32> = group.iter().map(|l| l.uid).collect();
            let mut bodies = match fetch::bodies(&mut session.dialogue, &uids, beginning).await {
                Ok(bodies) => bodies,
                Err(trouble) => {
                    self.stumble(&trouble, marked, group.len());
                    match trouble {
                        Trouble::Refused { ref answer, .. } if !dialogue::passing(answer) => continue,
                        trouble => return Err(trouble),
                    }
                }
            };
            let stuck = self.stuck(session, &group, &bodies).await?;
            let done = stuck.unwrap_or(group.len());
            if done == 0 {
                self.stumble(&Trouble::Unparsable, marked, 1);
                continue;
            }
            self.width = if stuck.is_some() { 1 } else { (self.width * 2).min(self.limits.letters) };
            let extent = if large { Extent::Truncated } else { Extent::Whole };
            let letters =
                group.iter().take(done).filter_map(|l| Some(plan.arrived(l, Some(bodies.remove(&l.uid)?), extent)));
            let letters = letters.collect();
            plan.pass(done);
            return Ok(letters);
        }
    }

    /// The letters of one command: as many as fit, at least one; a large one goes alone.
    fn group(&self, plan: &Plan) -> Vec<Listed> {
        let mut group: Vec<Listed> = Vec::new();
        let mut bytes = 0u64;
        for listed in plan.left.iter().take(self.width.max(1)) {
            bytes += u64::from(listed.size);
            let large = listed.size > self.limits.whole;
            let marked = self.strikes.contains_key(&(plan.at.uid_validity, listed.uid));
            if !group.is_empty() && (bytes > self.limits.bytes || large || marked) {
                break;
            }
            group.push(listed.clone());
            if large || marked {
                break;
            }
        }
        group
    }

    /// After a tagged OK: the place of the first letter that is still there and whose bytes did not come. Those that
    /// have gone are no loss.
    async fn stuck(
        &self,
        session: &mut Session,
        group: &[Listed],
        bodies: &HashMap<u32, Vec<u8>>,
    ) -> Answered<Option<usize>> {
        let missing: Vec<u32> = group.iter().map(|l| l.uid).filter(|uid| !bodies.contains_key(uid)).collect();
        if missing.is_empty() {
            return Ok(None);
        }
        let present = fetch::present(&mut session.dialogue, &missing).await?;
        Ok(group.iter().position(|l| present.contains(&l.uid)))
    }

    /// A batch failed: a narrower one next time; a letter that fails alone gets a strike.
    fn stumble(&mut self, trouble: &Trouble, front: (u32, u32), width: usize) {
        let weight = match trouble {
            Trouble::Refused { answer, .. } if dialogue::passing(answer) => return,
            Trouble::Refused { .. } | Trouble::Unparsable => 2,
            Trouble::Lost(_) | Trouble::Slow(_) => 1,
            Trouble::Other(_) => return,
        };
        self.width = (width / 2).max(1);
        if width == 1 {
            *self.strikes.entry(front).or_default() += weight;
        }
    }

    pub async fn wait(&mut self, within: Duration) -> Result<Woken> {
        let idle = match &self.session {
            Some(session) if session.dialogue.news || session.folder.is_none() => return Ok(Woken::News),
            Some(session) => !self.no_idle && session.abilities.contains("IDLE"),
            None => false,
        };
        if !idle {
            tokio::time::sleep(within.min(self.deadlines.poll)).await;
            return Ok(Woken::Quiet);
        }
        let Some(mut session) = self.session.take() else { return Ok(Woken::Quiet) };
        match session.dialogue.idle(within.min(self.deadlines.idle)).await {
            Ok(news) => {
                self.session = Some(session);
                Ok(if news { Woken::News } else { Woken::Quiet })
            }
            Err(Trouble::Refused { .. }) => {
                self.no_idle = true;
                self.session = Some(session);
                Ok(Woken::Quiet)
            }
            Err(trouble) => {
                // Mute when asked to idle: the next connection is not asked again.
                self.no_idle |= matches!(trouble, Trouble::Slow("IDLE"));
                Err(trouble.failure(&self.server))
            }
        }
    }
}

impl Plan {
    /// The first `count` letters are dealt with.
    fn pass(&mut self, count: usize) {
        let mut last = None;
        for _ in 0..count {
            last = self.left.pop_front();
        }
        self.at.next_uid = match (self.left.is_empty(), last) {
            (true, _) => self.until,
            (false, Some(listed)) => listed.uid.saturating_add(1),
            (false, None) => self.at.next_uid,
        };
    }

    fn arrived(&self, listed: &Listed, bytes: Option<Vec<u8>>, extent: Extent) -> Arrived {
        let location = Location {
            folder: self.at.folder.clone(),
            uid_validity: self.at.uid_validity,
            key: listed.uid.to_string(),
        };
        let bytes = bytes.unwrap_or_default();
        Arrived { location, received: listed.received, size: u64::from(listed.size), bytes, extent }
    }
}

/// The first day of a rescan's window.
fn window(days: u16) -> Option<Date> {
    Zoned::now().date().checked_sub(i32::from(days).days()).ok()
}
