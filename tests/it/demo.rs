//! `demo`: the built program does the whole job on its sample mailbox, and every letter is accounted for.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

fn demo(arguments: &[&Path]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_astir-rsvp")).arg("demo").args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn files(folder: &Path) -> Vec<String> {
    let mut files: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|e| std::fs::read_to_string(e.unwrap().path()).unwrap()).collect();
    files.sort();
    files
}

/// The number before each of these words in a sentence.
fn number_before(sentence: &str, words: &str) -> u32 {
    let pattern = format!(r"(\d+)[ \u{{a0}}\u{{202f}}]{}", regex::escape(words));
    let found = regex::Regex::new(&pattern).unwrap().captures(sentence);
    found.unwrap_or_else(|| panic!("{words} in {sentence}"))[1].parse().unwrap()
}

#[test]
fn the_demo_prints_who_comes_and_every_letter_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let output = demo(&[folder.path()]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "");
    let out = text(&output.stdout);
    assert_eq!(out.lines().last(), Some(folder.path().to_str().unwrap()), "the folder's path is printed last");
    for name in
        ["Jeanne Martel", "Sylvie Berger", "Odette Lemoine", "Karim", "Isabelle Marchetti", "gros gâteau au chocolat"]
    {
        assert!(out.lines().any(|l| l.contains(name)), "{name} is in the table:\n{out}");
    }
    let letters = files(&folder.path().join("recus/new")).len() as u32;
    let line = out.lines().find(|l| l.contains(" lus sur ")).unwrap();
    assert_eq!(number_before(line, "messages lus"), letters);
    let kinds = ["réponse", "question", "sur un autre sujet", "automatique", "non remis"];
    assert_eq!(kinds.iter().map(|k| number_before(line, k)).sum::<u32>(), letters, "the count closes: {line}");
}

#[test]
fn the_demo_answers_people_and_no_machine() {
    let folder = tempfile::tempdir().unwrap();
    assert!(demo(&[folder.path()]).status.success());
    let sent = files(&folder.path().join("envoyes/new"));
    let to = regex::Regex::new(r"(?m)^To: .*?([^\s<>]+@[^\s<>]+)").unwrap();
    let to: BTreeSet<String> = sent.iter().map(|m| to.captures(m).unwrap()[1].to_owned()).collect();
    for guest in ["jeanne.martel@gmail.example", "odette.lemoine@free.example", "roussel@laposte.example"] {
        assert!(to.iter().any(|a| a.ends_with(guest)), "{guest} is answered: {to:?}");
    }
    for machine in ["mailer-daemon", "lettre@vallee", "al.petit@mairie", "lucien.perrot"] {
        assert!(!to.iter().any(|a| a.to_lowercase().contains(machine)), "{machine} is not answered: {to:?}");
    }
    assert!(sent.iter().all(|m| m.contains("\nAuto-Submitted: auto-") || m.starts_with("Auto-Submitted: auto-")));
    for digest in ["digest.html", "digest.txt"] {
        let digest = std::fs::read_to_string(folder.path().join(digest)).unwrap();
        assert!(digest.contains("Jeanne Martel") && digest.contains("Fête du lavoir"));
    }
}

#[test]
fn a_second_demo_in_the_same_folder_answers_nobody_again() {
    let folder = tempfile::tempdir().unwrap();
    let first = demo(&[folder.path()]);
    let sent = files(&folder.path().join("envoyes/new"));
    let second = demo(&[folder.path()]);
    assert_eq!(text(&second.stdout), text(&first.stdout));
    assert_eq!(files(&folder.path().join("envoyes/new")), sent);
}

#[test]
fn the_demo_leaves_a_folder_that_holds_something_else_alone() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("letters.txt"), "mine").unwrap();
    let output = demo(&[folder.path()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("contient déjà autre chose"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn without_a_folder_the_demo_makes_one_of_its_own() {
    let output = demo(&[]);
    assert_eq!(output.status.code(), Some(0));
    let out = text(&output.stdout);
    let folder = Path::new(out.lines().last().unwrap());
    assert!(folder.join("digest.html").is_file());
    std::fs::remove_dir_all(folder).unwrap();
}
