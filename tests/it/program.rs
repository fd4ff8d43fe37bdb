//! The built program in a folder of its own, with Maildirs for its mailbox and for what it sends.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A folder with that configuration and empty Maildirs `inbox` and `sent`.
pub fn home(config: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("config.toml"), config).unwrap();
    for maildir in ["inbox", "sent"] {
        for sub in ["new", "cur", "tmp"] {
            std::fs::create_dir_all(folder.path().join(maildir).join(sub)).unwrap();
        }
    }
    folder
}

/// Runs the program there; what it prints. It must succeed.
pub fn run(home: &Path, arguments: &[&str]) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_astir-rsvp"));
    let output = program.arg("--config").arg(home.join("config.toml")).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The mails that the program has sent there.
pub fn sent(home: &Path) -> Vec<PathBuf> {
    let read = |sub: &str| std::fs::read_dir(home.join("sent").join(sub)).unwrap().map(|e| e.unwrap().path());
    read("new").chain(read("cur")).collect()
}
