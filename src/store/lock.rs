//! One daemon a database: a lock file beside it, held while `run` runs. Other commands do not take it.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::open::own_like_folder;
use crate::failure::{Failure, Result};

/// Held as long as it lives; the system drops it with the process, however that ends.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "held, never read")] File);

/// Takes the lock of the database at `path`, or says that another daemon has it.
pub fn lock(path: &Path) -> Result<Lock> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let name = Path::new(&name);
    let unusable = |e: std::io::Error| {
        let says = if e.kind() == std::io::ErrorKind::NotFound { "store/no-folder" } else { "store/not-allowed" };
        let folder = path.parent().unwrap_or(path);
        Failure::fatal(says).with("file", path.display()).with("folder", folder.display()).with("why", e)
    };
    let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(name).map_err(unusable)?;
    own_like_folder(name, &file)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock(file)),
        Err(TryLockError::WouldBlock) => Err(Failure::fatal("store/locked").with("file", path.display())),
        Err(TryLockError::Error(e)) => Err(unusable(e)),
    }
}
