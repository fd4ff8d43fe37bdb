//! `init` and `check` through the built program: what one writes, the other accepts; what is wrong is named.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const ANSWERS: &str = "Les Amis du Pré\namis@laposte.net\n\nanne@exemple.fr\nFête des voisins\n23/05/2037 10:00\n";

fn run(folder: &Path, arguments: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_astir-rsvp"))
        .current_dir(folder)
        .args(["--config", "etc/config.toml"])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The program may end before it has read everything.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn six_answers_make_a_configuration_that_check_accepts() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["init"], ANSWERS);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let text = std::fs::read_to_string(folder.path().join("etc/config.toml")).unwrap();
    assert!(text.contains("host = \"imap.laposte.net\"") && text.contains("start = 2037-05-23T10:00:00"), "{text}");

    let password = folder.path().join("etc/imap-password");
    let output = run(folder.path(), &["check", "--offline"], "");
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("etc/imap-password"), "{}", said(&output));

    std::fs::write(&password, "secret-of-the-test\n").unwrap();
    std::fs::set_permissions(&password, std::fs::Permissions::from_mode(0o644)).unwrap();
    let output = run(folder.path(), &["check", "--offline"], "");
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("chmod 600"), "{}", said(&output));

    std::fs::set_permissions(&password, std::fs::Permissions::from_mode(0o600)).unwrap();
    let output = run(folder.path(), &["check", "--offline"], "");
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(!said(&output).contains("secret-of-the-test"));

    // Named from its own folder, the database beside it is in a folder that exists.
    let beside = text.replace("#path = \"/var/lib/astir-rsvp/", "path = \"");
    assert_ne!(beside, text, "{text}");
    std::fs::write(folder.path().join("etc/config.toml"), beside).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_astir-rsvp"))
        .args(["check", "--offline", "--config", "config.toml"])
        .current_dir(folder.path().join("etc"))
        .output()
        .unwrap();
    assert!(said(&output).contains("sera créée au premier démarrage"), "{}", said(&output));
}

#[test]
fn a_configuration_that_is_there_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("etc")).unwrap();
    std::fs::write(folder.path().join("etc/config.toml"), "mine").unwrap();
    let output = run(folder.path(), &["init"], ANSWERS);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("existe déjà"), "{}", said(&output));
    assert_eq!(std::fs::read_to_string(folder.path().join("etc/config.toml")).unwrap(), "mine");
}

#[test]
fn answers_that_end_too_soon_write_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["init"], "Les Amis du Pré\namis@laposte.net\n");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
