//! A consistent copy of the database while others write it (`VACUUM INTO`).
//!
//! Promises: the copy is whole or absent, of mode 0600, owned like its folder, and on disk when it is announced.
//! Never overwrites a file.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::open::{failure, own_like_folder};
use crate::failure::{Failure, Result};

pub(super) fn copy(from: &Path, connection: &Connection, to: &Path) -> Result<()> {
    if to.exists() {
        return Err(Failure::fatal("backup/exists").with("file", to.display()));
    }
    let part = part(to);
    let _ = std::fs::remove_file(&part);
    let wrong = |e: std::io::Error| Failure::fatal("backup/unwritable").with("file", to.display()).with("why", e);
    // VACUUM INTO takes an empty file, and leaves its rights as they are.
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part).map_err(wrong)?;
    let done = fill(from, connection, &part).and_then(|()| {
        own_like_folder(&part, &file)?;
        File::open(&part).and_then(|f| f.sync_all()).map_err(wrong)?;
        std::fs::rename(&part, to).map_err(wrong)
    });
    if done.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    done
}

fn fill(from: &Path, connection: &Connection, part: &Path) -> Result<()> {
    let Some(name) = part.to_str() else {
        return Err(Failure::fatal("backup/unwritable").with("file", part.display()).with("why", "UTF-8"));
    };
    connection.execute("VACUUM INTO ?1", [name]).map(|_| ()).map_err(|e| failure(from, &e))
}

fn part(to: &Path) -> PathBuf {
    let mut name = to.as_os_str().to_owned();
    name.push(".part");
    name.into()
}
