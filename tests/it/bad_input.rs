//! Bad input: one clear sentence in French that says what to do, exit 1, nothing half-written.
//!
//! Runs the built program on real files and real sockets; what is wrong is wrong for good, nothing is simulated.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use astir_rsvp::config::Security;

use crate::servers::dovecot::USERS;
use crate::servers::{Dovecot, free_port};

const CONFIG: &str = r#"
[association]
name = "Les Amis"
address = "amis@exemple.fr"

[[event]]
id = "fete"
title = "Fête"
start = 2027-05-23T10:00:00
"#;

/// Runs the program in a folder.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_astir-rsvp"))
        .current_dir(folder)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// The one sentence on standard error of a run that failed with exit 1 and printed nothing else.
fn complaint(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(text.trim_end().lines().count(), 1, "one line: {text}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "");
    assert!(!text.contains("{{") && !text.contains("os error"), "words for a person: {text}");
    text.trim_end().to_owned()
}

fn folder(config: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("config.toml"), config).unwrap();
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Every command that reads the configuration, with what it needs beside.
const COMMANDS: [&[&str]; 12] = [
    &["understand", "x.eml"],
    &["check"],
    &["run"],
    &["run", "--once"],
    &["roster"],
    &["digest", "--preview"],
    &["export", "x.csv"],
    &["correct", "1 : absent"],
    &["event"],
    &["forget", "a@exemple.fr"],
    &["purge"],
    &["backup", "x.sqlite"],
];

#[test]
fn a_configuration_that_is_not_there_is_named_with_the_command_that_makes_one() {
    let empty = tempfile::tempdir().unwrap();
    for command in COMMANDS {
        let output = run(empty.path(), &[&["--config", "absent.toml"], command].concat());
        let said = complaint(&output);
        assert!(said.contains("absent.toml") && said.contains("astir-rsvp init"), "{command:?}: {said}");
    }
    assert!(names(empty.path()).is_empty(), "nothing was written");
}

#[test]
fn a_configuration_that_is_not_text_or_is_a_folder_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("latin.toml"), b"[association]\nname = \"\xe9t\xe9\"\n").unwrap();
    let said = complaint(&run(folder.path(), &["--config", "latin.toml", "check"]));
    assert!(said.contains("latin.toml") && said.contains("pas du texte"), "{said}");
    let said = complaint(&run(folder.path(), &["--config", ".", "check"]));
    assert!(said.contains("c'est un dossier"), "{said}");
}

#[test]
fn an_unknown_key_is_named_with_its_place_and_the_nearest_known_one() {
    let folder = folder(&CONFIG.replace("address =", "adress ="));
    for command in COMMANDS {
        let said = complaint(&run(folder.path(), &[&["--config", "config.toml"], command].concat()));
        assert!(said.contains("ligne 4") && said.contains("« adress »") && said.contains("« address »"), "{said}");
    }
    assert_eq!(names(folder.path()), ["config.toml"]);
}

#[test]
fn a_rule_without_a_miss_is_refused_by_name() {
    let folder = folder(&CONFIG.replace("address =", "rules_dir = \"regles\"\naddress ="));
    std::fs::create_dir_all(folder.path().join("regles/mail")).unwrap();
    let rule =
        "[[rule]]\nid = \"header/ours\"\nmatch = ['^message transmis$']\nhits = [\"Message transmis\"]\nmisses = []\n";
    std::fs::write(folder.path().join("regles/mail/quotes.toml"), rule).unwrap();
    std::fs::write(folder.path().join("x.eml"), "From: a@exemple.fr\n\nOui\n").unwrap();
    for command in [["understand", "x.eml"].as_slice(), &["rules"]] {
        let said = complaint(&run(folder.path(), &[&["--config", "config.toml"], command].concat()));
        assert!(said.contains("header/ours") && said.contains("(misses)"), "{said}");
    }
}

#[test]
fn a_path_that_cannot_be_opened_is_named_and_the_others_are_read() {
    let folder = folder(CONFIG);
    std::fs::write(folder.path().join("x.eml"), "From: a@exemple.fr\n\nOui\n").unwrap();
    let output = run(folder.path(), &["--config", "config.toml", "understand", "--json", "absent.eml", "x.eml"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("« absent.eml »") && said.contains("il n'existe pas"), "{said}");
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 1, "the other file has its line");
}

/// A configuration with two servers on this machine.
fn with_servers(imap: u16, smtp: u16, user: &str) -> tempfile::TempDir {
    let server = |part: &str, port: u16| {
        format!(
            "[{part}]\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\nuser = \"{user}\"\n\
             password_file = \"imap-password\"\n\n"
        )
    };
    let servers = server("imap", imap) + &server("smtp", smtp);
    let store = "[store]\npath = \"rsvp.sqlite\"\n\n";
    let folder = folder(&CONFIG.replace("[[event]]", &format!("{servers}{store}[[event]]")));
    let password = folder.path().join("imap-password");
    std::fs::write(&password, "le-secret-du-test\n").unwrap();
    std::fs::set_permissions(&password, std::fs::Permissions::from_mode(0o600)).unwrap();
    folder
}

/// What `check` says is to be done about the servers.
fn to_do(folder: &Path) -> Vec<String> {
    let output = run(folder, &["--config", "config.toml", "check"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(!out.contains("le-secret-du-test") && !out.contains("os error"), "{out}");
    out.lines().filter(|l| l.starts_with("À FAIRE") && l.contains("127.0.0.1")).map(str::to_owned).collect()
}

#[test]
fn a_refused_connection_is_named_with_server_and_port() {
    // A port that was free a moment ago: nobody listens there.
    let port = free_port();
    let folder = with_servers(port, port, "amis");
    let wrong = to_do(folder.path());
    assert_eq!(wrong.len(), 2, "one line for each server: {wrong:?}");
    for line in wrong {
        assert!(line.contains("127.0.0.1") && line.contains(&port.to_string()), "{line}");
        assert!(line.contains("« host » et « port »"), "{line}");
    }
    assert_eq!(names(folder.path()), ["config.toml", "imap-password"], "check creates nothing");
    let said = complaint(&run(folder.path(), &["--config", "config.toml", "run", "--once"]));
    assert!(said.contains("127.0.0.1") && said.contains(&port.to_string()), "{said}");
}

#[test]
fn a_wrong_password_is_told_from_a_server_that_is_away() {
    let dovecot = Dovecot::start();
    let imap = dovecot.server(0, Security::None).port;
    let smtp = free_port();
    let folder = with_servers(imap, smtp, USERS[0]);
    let wrong = to_do(folder.path());
    assert_eq!(wrong.len(), 2, "{wrong:?}");
    assert!(wrong[0].contains("mot de passe") && !wrong[0].contains("ne répond pas"), "{wrong:?}");
    let said = complaint(&run(folder.path(), &["--config", "config.toml", "run", "--once"]));
    assert!(said.contains("mot de passe") && !said.contains("le-secret-du-test"), "{said}");
}

#[test]
fn bad_usage_exits_with_2() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(run(folder.path(), &["unheard-of"]).status.code(), Some(2));
    assert_eq!(run(folder.path(), &["understand"]).status.code(), Some(2));
}
