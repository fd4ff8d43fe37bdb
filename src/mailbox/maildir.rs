//! A Maildir, read where it lies.
//!
//! Promises: `new` and `cur` are listed and read; a letter is known by the unique part of its file name, so that a
//! mail program that marks it (a rename) makes no second letter of it. Never: renames, moves or writes anything.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use jiff::Timestamp;

use super::{Batch, Limits, Probe, Woken};
use crate::entry::{Arrived, Extent, Location, Position};
use crate::failure::{Failure, Result};
use crate::wire::Deadlines;

/// The two folders with finished letters; `tmp` holds unfinished ones.
const FOLDERS: [&str; 2] = ["new", "cur"];
/// How often the folders are looked at: two `stat` calls.
const PERIOD: Duration = Duration::from_secs(2);
/// A file that cannot be read this often is handed over as unreadable.
const TRIES: u8 = 3;

/// A Maildir to read from.
#[derive(Debug)]
pub(super) struct Maildir {
    root: PathBuf,
    limits: Limits,
    period: Duration,
    /// Found by the last listing and not handed over yet.
    left: VecDeque<Found>,
    /// Failed readings by key.
    failed: HashMap<String, u8>,
    /// When the folders had changed last, at the last listing.
    changed: Option<[SystemTime; 2]>,
}

#[derive(Debug, Clone)]
struct Found {
    key: String,
    path: PathBuf,
    received: Timestamp,
    size: u64,
}

impl Maildir {
    pub fn new(root: PathBuf) -> Self {
        let limits = Limits::default();
        Self { root, limits, period: PERIOD, left: VecDeque::new(), failed: HashMap::new(), changed: None }
    }

    pub fn tune(&mut self, deadlines: Deadlines, limits: Limits) {
        self.limits = limits;
        self.period = PERIOD.min(deadlines.poll);
    }

    pub fn next(&mut self, position: &Position, known: &HashSet<String>) -> Result<Option<Batch>> {
        self.left.retain(|found| !known.contains(&found.key));
        if self.left.is_empty() {
            self.left = self.list()?.into_iter().filter(|found| !known.contains(&found.key)).collect();
        }
        let (mut letters, mut bytes) = (Vec::new(), 0u64);
        while let Some(found) = self.left.pop_front() {
            if !letters.is_empty() && bytes + found.size > self.limits.bytes {
                self.left.push_front(found);
                break;
            }
            if let Some(letter) = self.read(found) {
                bytes += letter.bytes.len() as u64;
                letters.push(letter);
            }
            if letters.len() >= self.limits.letters {
                break;
            }
        }
        if letters.is_empty() {
            return Ok(None);
        }
        Ok(Some(Batch { letters, position: position.clone(), rescan: false, remaining: self.left.len() }))
    }

    /// Every letter there is, by time.
    fn list(&mut self) -> Result<Vec<Found>> {
        self.changed = self.stamp();
        let mut found = BTreeMap::new();
        for folder in FOLDERS {
            let path = self.root.join(folder);
            for entry in fs::read_dir(&path).map_err(|e| refused(&path, &e))? {
                let entry = entry.map_err(|e| refused(&path, &e))?;
                // A file that a mail program renames at this moment shows up in the next listing.
                let Ok(about) = entry.metadata() else { continue };
                let name = entry.file_name().to_string_lossy().into_owned();
                let key = key(&name).to_owned();
                if !about.is_file() || key.is_empty() || name.starts_with('.') {
                    continue;
                }
                let received = received(&key, about.modified().ok());
                found.insert((received, key.clone()), Found { key, path: entry.path(), received, size: about.len() });
            }
        }
        Ok(found.into_values().collect())
    }

    /// A letter, or `None` when it has gone, or could not be read this time.
    fn read(&mut self, found: Found) -> Option<Arrived> {
        let (bytes, extent) = match self.bytes(&found) {
            Ok(read) => read,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return None,
            Err(_) => {
                let tries = self.failed.entry(found.key.clone()).or_default();
                *tries += 1;
                if *tries < TRIES {
                    return None;
                }
                (Vec::new(), Extent::Unreadable)
            }
        };
        self.failed.remove(&found.key);
        let location = Location { folder: String::new(), uid_validity: 0, key: found.key };
        Some(Arrived { location, received: found.received, size: found.size, bytes, extent })
    }

    fn bytes(&self, found: &Found) -> io::Result<(Vec<u8>, Extent)> {
        let file = match File::open(&found.path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => File::open(self.again(&found.key)?)?,
            other => other?,
        };
        let (most, extent) = match found.size > u64::from(self.limits.whole) {
            true => (u64::from(self.limits.beginning), Extent::Truncated),
            false => (u64::MAX, Extent::Whole),
        };
        let mut bytes = Vec::new();
        file.take(most).read_to_end(&mut bytes)?;
        Ok((bytes, extent))
    }

    /// Where a letter is now that a mail program has marked it since the listing.
    fn again(&self, wanted: &str) -> io::Result<PathBuf> {
        for folder in FOLDERS {
            for entry in fs::read_dir(self.root.join(folder))? {
                let entry = entry?;
                if key(&entry.file_name().to_string_lossy()) == wanted {
                    return Ok(entry.path());
                }
            }
        }
        Err(io::ErrorKind::NotFound.into())
    }

    pub async fn wait(&mut self, within: Duration) -> Woken {
        let end = tokio::time::Instant::now() + within;
        loop {
            if self.changed.is_none() || self.stamp() != self.changed {
                return Woken::News;
            }
            let left = end.saturating_duration_since(tokio::time::Instant::now());
            if left.is_zero() {
                return Woken::Quiet;
            }
            tokio::time::sleep(left.min(self.period)).await;
        }
    }

    /// When the folders changed last. `None` when that is so recent that a further change might carry the same time.
    fn stamp(&self) -> Option<[SystemTime; 2]> {
        let at = |folder: &str| fs::metadata(self.root.join(folder)).and_then(|m| m.modified()).ok();
        let stamp = [at("new")?, at("cur")?];
        let settled = |t: &SystemTime| t.elapsed().is_ok_and(|age| age > Duration::from_millis(100));
        stamp.iter().all(settled).then_some(stamp)
    }

    pub fn probe(&mut self) -> Result<Probe> {
        Ok(Probe { letters: self.list()?.len(), ..Probe::default() })
    }
}

/// The unique part of a file name: what follows `:` are marks, which change.
fn key(name: &str) -> &str {
    name.split(':').next().unwrap_or_default()
}

/// A Maildir name starts with the seconds of its delivery (cr.yp.to/proto/maildir.html); a file put there by hand
/// may not.
fn received(key: &str, modified: Option<SystemTime>) -> Timestamp {
    let named = key.split('.').next().filter(|s| (9..=10).contains(&s.len())).and_then(|s| s.parse::<i64>().ok());
    let named = named.and_then(|s| Timestamp::from_second(s).ok());
    named.or_else(|| Timestamp::try_from(modified?).ok()).unwrap_or_else(Timestamp::now)
}

fn refused(path: &Path, e: &io::Error) -> Failure {
    Failure::fatal("mail/maildir").with("folder", path.display()).with("why", e).detail(e.kind())
}
