//! Opens the database file: rights, owner, safety settings, health, version.
//!
//! Promises: a file of mode 0600 that belongs to whoever owns its folder (also when root types the command); every
//! commit on disk before it counts (`synchronous=FULL`); erased means overwritten (`secure_delete`). Never replaces a
//! damaged database and never touches one written by a newer version: it refuses and says so.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, chown};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, TransactionBehavior};

use crate::failure::{Failure, Result};

/// One step a version; the number of steps is the version that this program writes (`user_version`).
const MIGRATIONS: [&str; 1] = [include_str!("schema.sql")];

/// Opens or creates the database.
pub(super) fn open(path: &Path) -> Result<Connection> {
    create(path)?;
    let connection = Connection::open(path).map_err(|e| failure(path, &e))?;
    prepare(path, connection)
}

/// Creates the file before SQLite does, so that its rights are never wider than they should be.
fn create(path: &Path) -> Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(file) => own_like_folder(path, &file),
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(e) => Err(refused(path, &e)),
    }
}

fn refused(path: &Path, error: &std::io::Error) -> Failure {
    let says = match error.kind() {
        std::io::ErrorKind::NotFound => "store/no-folder",
        std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => "store/not-allowed",
        std::io::ErrorKind::StorageFull => return Failure::transient("store/full").with("file", path.display()),
        _ => "store/unusable",
    };
    let folder = path.parent().unwrap_or(path);
    Failure::fatal(says).with("file", path.display()).with("folder", folder.display()).with("why", error).detail(error)
}

/// When root creates a file, it belongs to the folder's owner: the daemon must still be able to write it.
pub(super) fn own_like_folder(path: &Path, file: &File) -> Result<()> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let (Ok(folder), Ok(own)) = (std::fs::metadata(folder), file.metadata()) else { return Ok(()) };
    if (folder.uid(), folder.gid()) != (own.uid(), own.gid()) {
        // Only root can; anybody else creates files of their own in a folder of their own group.
        let _ = chown(path, Some(folder.uid()), Some(folder.gid()));
    }
    Ok(())
}

fn prepare(path: &Path, mut connection: Connection) -> Result<Connection> {
    let fail = |e: rusqlite::Error| failure(path, &e);
    connection.busy_timeout(Duration::from_secs(5)).map_err(fail)?;
    connection.pragma_update(None, "journal_mode", "WAL").map_err(fail)?;
    connection.pragma_update(None, "synchronous", "FULL").map_err(fail)?;
    connection.pragma_update(None, "foreign_keys", "ON").map_err(fail)?;
    connection.pragma_update(None, "secure_delete", "ON").map_err(fail)?;
    connection.set_prepared_statement_cache_capacity(64);
    let health: String = connection.query_row("PRAGMA quick_check(1)", [], |r| r.get(0)).map_err(fail)?;
    if health != "ok" {
        return Err(Failure::fatal("store/damaged").with("file", path.display()).detail(health));
    }
    migrate(path, &mut connection)?;
    Ok(connection)
}

fn migrate(path: &Path, connection: &mut Connection) -> Result<()> {
    let fail = |e: rusqlite::Error| failure(path, &e);
    let version = |c: &Connection| -> rusqlite::Result<usize> {
        let version: u32 = c.query_row("PRAGMA user_version", [], |r| r.get(0))?;
        Ok(usize::try_from(version).unwrap_or(usize::MAX))
    };
    let before = version(connection).map_err(fail)?;
    if before > MIGRATIONS.len() {
        return Err(Failure::fatal("store/newer").with("file", path.display()).with("version", before));
    }
    if before == MIGRATIONS.len() {
        return Ok(());
    }
    if before > 0 {
        super::copy::copy(path, connection, &copy_before(path, before))?;
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(fail)?;
    // Another process may have done it while this one waited for the write lock.
    let now = version(&transaction).map_err(fail)?;
    for step in MIGRATIONS.iter().skip(now) {
        transaction.execute_batch(step).map_err(fail)?;
    }
    if now < MIGRATIONS.len() {
        let version = u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX);
        transaction.pragma_update(None, "user_version", version).map_err(fail)?;
    }
    transaction.commit().map_err(fail)
}

/// Where the copy goes that is made before a migration.
fn copy_before(path: &Path, version: usize) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".before-{}", version + 1));
    name.into()
}

/// Removes the copies made before migrations: they hold personal data, too.
pub(super) fn remove_copies(path: &Path) -> Result<()> {
    for version in 1..=MIGRATIONS.len() {
        let copy = copy_before(path, version);
        match std::fs::remove_file(&copy) {
            Ok(()) => {}
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
            Err(e) => return Err(refused(&copy, &e)),
        }
    }
    Ok(())
}

/// An error of SQLite by what the program will do about it.
pub(super) fn failure(path: &Path, error: &rusqlite::Error) -> Failure {
    let (consequence, says): (fn(&'static str) -> Failure, _) = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => (Failure::transient, "store/full"),
        Some(ErrorCode::SystemIoFailure) => (Failure::transient, "store/disk"),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => (Failure::transient, "store/busy"),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => (Failure::fatal, "store/damaged"),
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            (Failure::fatal, "store/not-allowed")
        }
        _ => (Failure::fatal, "store/unusable"),
    };
    let folder = path.parent().unwrap_or(path);
    // The code alone: SQLite's text may hold the SQL with its values.
    let detail = format!("sqlite {:?}", error.sqlite_error().map(|e| e.extended_code));
    consequence(says)
        .with("file", path.display())
        .with("folder", folder.display())
        .with("why", &detail)
        .detail(if error.sqlite_error().is_some() { detail } else { error.to_string() })
}
