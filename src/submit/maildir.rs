//! Sent mail as files: for a demonstration, or for a mail system that picks them up.
//!
//! Promises: a file appears whole or not at all (written and synced in `tmp`, renamed into `new`), under a name made
//! from its Message-ID, so that a retry after a crash finds it and makes no second one.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::Outcome;
use crate::failure::{Failure, Result};

/// Files one mail.
pub(super) fn deliver(
    root: &Path,
    message_id: &str,
    bytes: &[u8],
    before_data: impl FnOnce() -> Result<()>,
) -> Outcome {
    if let Err(e) = prepare(root) {
        return Outcome::Paused(refused(root, &e));
    }
    let name = name(message_id);
    match filed(root, &name) {
        Ok(true) => return Outcome::Sent,
        Ok(false) => {}
        Err(e) => return Outcome::Transient(refused(root, &e)),
    }
    if let Err(failure) = before_data() {
        return Outcome::Transient(failure);
    }
    match write(root, &name, bytes) {
        Ok(()) => Outcome::Sent,
        Err(e) => Outcome::Transient(refused(root, &e)),
    }
}

/// The three folders, made when they are missing, for the owner alone.
pub(super) fn prepare(root: &Path) -> io::Result<()> {
    for folder in ["tmp", "new", "cur"] {
        DirBuilder::new().recursive(true).mode(0o700).create(root.join(folder))?;
    }
    Ok(())
}

/// A failure of the folder.
pub(super) fn refused(root: &Path, e: &io::Error) -> Failure {
    let failure = match e.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::NotADirectory => Failure::fatal("mail/maildir"),
        _ => Failure::transient("mail/maildir"),
    };
    failure.with("folder", root.display()).with("why", e).detail(e.kind())
}

fn name(message_id: &str) -> String {
    let hash = Sha256::digest(message_id.as_bytes());
    let hex: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("{hex}.astir-rsvp")
}

/// Whether it is there already, seen and marked by a mail program or not.
fn filed(root: &Path, name: &str) -> io::Result<bool> {
    for folder in ["new", "cur"] {
        for entry in fs::read_dir(root.join(folder))? {
            let found = entry?.file_name();
            if found.to_string_lossy().split(':').next() == Some(name) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn write(root: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let (draft, place) = (root.join("tmp").join(name), root.join("new").join(name));
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&draft, &place)?;
    // The name must survive a power cut too.
    File::open(root.join("new"))?.sync_all()
}
