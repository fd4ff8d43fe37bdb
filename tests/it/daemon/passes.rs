//! Passes over a Maildir: recorded once, sent once, nothing in a second pass; erasure holds against a rescan.

use std::time::{Duration, Instant};

use astir_rsvp::entry::Sending;
use astir_rsvp::reading::Kind;

use super::association::{Association, header, letter, letters, now};

/// Sends at once, whatever the hour; letters from before the first start are answered.
pub const AT_ONCE: &str = "send = true\ndelay = \"0s\"\nquiet = \"\"\nbacklog = \"answer\"";

fn full(acknowledge: &str) -> Association {
    let association = Association::maildir(acknowledge);
    for (name, text) in letters() {
        association.deliver(&name, &text);
    }
    association
}

#[test]
fn every_letter_is_recorded_and_each_person_gets_one_mail() {
    let association = full(AT_ONCE);
    association.pass();
    let ledger = association.ledger();
    assert_eq!(ledger.letters.len(), 6);
    assert_eq!(ledger.letters.iter().filter(|l| l.kind == Kind::Auto).count(), 1);
    let sent = association.sent();
    let mut to: Vec<String> = sent.values().map(|m| header(m, "To")).collect();
    to.sort();
    let everyone = ["karim", "odette", "paul", "yvette"].map(|who| format!("{who}@orange.example"));
    assert_eq!(to, everyone, "Yvette's two letters get one mail, the absence note none");
    for mail in sent.values() {
        assert_eq!(header(mail, "Auto-Submitted"), "auto-replied");
        assert!(header(mail, "In-Reply-To").ends_with("@mail.example>"), "not in the thread");
    }
    let merged = ledger.outgoing.iter().filter(|o| o.reason == "merged").count();
    assert_eq!(merged, 1);
}

#[test]
fn a_second_pass_writes_nothing_and_sends_nothing() {
    let association = full(AT_ONCE);
    association.pass();
    let files = || ["rsvp.sqlite", "rsvp.sqlite-wal"].map(|n| std::fs::read(association.path(n)).unwrap_or_default());
    let (before, sent) = (files(), association.sent());
    let line = association.pass();
    assert!(line.contains("aucun nouveau message"), "{line}");
    assert!(files() == before, "the database was written to");
    assert_eq!(association.sent(), sent);
}

#[test]
fn the_same_letters_under_other_names_make_no_second_entry_and_no_second_mail() {
    let association = full(AT_ONCE);
    association.pass();
    let before = association.end();
    for (name, text) in letters_again(&association) {
        association.deliver(&format!("copy-{name}"), &text);
    }
    association.pass();
    assert_eq!(association.end(), before);
}

/// The very bytes that lie there.
fn letters_again(association: &Association) -> Vec<(String, String)> {
    let files = std::fs::read_dir(association.path("inbox/new")).unwrap().map(|e| e.unwrap().path());
    files
        .map(|p| (p.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&p).unwrap()))
        .collect()
}

#[test]
fn while_sending_is_off_nothing_leaves_and_turning_it_on_answers_only_what_comes_afterwards() {
    let association = full("send = false\ndelay = \"0s\"\nquiet = \"\"\nbacklog = \"answer\"");
    let line = association.pass();
    assert!(line.contains("send = false"), "{line}");
    assert!(association.sent().is_empty());
    let config = association.path("config.toml");
    let text = std::fs::read_to_string(&config).unwrap().replace("send = false", "send = true");
    std::fs::write(&config, text).unwrap();
    association.pass();
    assert!(association.sent().is_empty(), "what was withheld stays withheld");
    std::thread::sleep(Duration::from_millis(20));
    association.deliver("later", &letter("later", "samira@orange.example", "Je serai présente.\r\n\r\nSamira"));
    association.pass();
    let to: Vec<String> = association.sent().values().map(|m| header(m, "To")).collect();
    assert_eq!(to, vec!["samira@orange.example"]);
    let withheld = association.ledger().outgoing.iter().filter(|o| o.sending == Sending::Withheld).count();
    assert_eq!(withheld, 5);
}

#[test]
fn mail_from_before_the_first_start_is_recorded_and_not_answered() {
    let association = full("send = true\ndelay = \"0s\"\nquiet = \"\"");
    association.pass();
    assert!(association.sent().is_empty());
    let ledger = association.ledger();
    assert!(ledger.letters.iter().all(|l| l.backlog));
    assert!(ledger.entries.len() >= 5, "{} entries", ledger.entries.len());
}

#[test]
fn a_forgotten_person_does_not_come_back_when_the_mailbox_is_read_again() {
    let association = full(AT_ONCE);
    association.pass();
    let done = association.command(&["forget", "yvette@orange.example"]).output().unwrap();
    assert!(done.status.success());
    // A new mailbox file for each letter, and one more letter of hers that was on its way.
    for (name, text) in letters_again(&association) {
        std::fs::remove_file(association.path("inbox/new").join(&name)).unwrap();
        association.deliver(&format!("moved-{name}"), &text);
    }
    let late = association.path("inbox/new/late");
    association.deliver("late", &letter("late", "yvette@orange.example", "Je serai présente.\r\n\r\nYvette"));
    let yesterday = now() - jiff::SignedDuration::from_hours(24);
    std::fs::File::options().write(true).open(&late).unwrap().set_modified(yesterday.into()).unwrap();
    association.pass();
    let ledger = association.ledger();
    assert_eq!(ledger.letters.len(), 7, "every message is accounted for");
    assert!(!ledger.letters.iter().any(|l| l.person.address.contains("yvette") || l.shown.contains("Yvette")));
    assert!(!ledger.entries.iter().any(|e| e.person.address.contains("yvette")));
    for end in ["", "-wal"] {
        let bytes = std::fs::read(association.path(&format!("rsvp.sqlite{end}"))).unwrap_or_default();
        assert!(!bytes.windows(6).any(|w| w.eq_ignore_ascii_case(b"yvette")), "rsvp.sqlite{end}");
    }
}

#[test]
fn purge_waits_for_its_day_and_then_leaves_figures_only() {
    let association = full(AT_ONCE);
    association.pass();
    let purge = || {
        let done = association.command(&["purge"]).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    };
    assert!(purge().contains("Rien n'a été effacé"));
    assert_eq!(association.ledger().entries.len(), 5);
    // The event moves into the past, and with it the day of erasure.
    let config = association.path("config.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let year = jiff::Zoned::now().year();
    let moved: Vec<String> = text
        .lines()
        .map(|l| {
            if l.starts_with("start") || l.starts_with("end") {
                l.replace(&format!("{year}"), "2020").replace(&format!("{}", year + 1), "2020")
            } else {
                l.to_owned()
            }
        })
        .collect();
    std::fs::write(&config, moved.join("\n")).unwrap();
    assert!(purge().contains("sont effacées"));
    let ledger = association.ledger();
    assert_eq!((ledger.letters.len(), ledger.entries.len()), (6, 0));
    let people = ledger.totals.iter().find(|t| t.name == "people").unwrap();
    assert_eq!(people.value, 4, "Yvette's three and Paul");
    assert!(purge().contains("plus rien à effacer"));
    let line = association.pass();
    assert!(line.contains("aucun nouveau message"), "{line}");
}

#[test]
fn commands_without_a_database_or_with_a_wrong_address_say_so_and_make_none() {
    let association = Association::maildir(AT_ONCE);
    for arguments in [&["backup", "copy"][..], &["purge"], &["forget", "yvette@orange.example"], &["forget", "yvette"]]
    {
        let done = association.command(arguments).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!((done.status.code(), said.lines().count()), (Some(1), 1), "{arguments:?}: {said}");
        let expected = if arguments[1..] == ["yvette"] { "n'est pas une adresse" } else { "n'existe pas encore" };
        assert!(said.contains(expected), "{arguments:?}: {said}");
        assert!(!association.path("rsvp.sqlite").exists(), "{arguments:?} made a database");
    }
}

#[test]
fn the_daemon_takes_new_letters_up_refuses_a_second_instance_and_ends_when_asked() {
    let association = Association::maildir(AT_ONCE);
    let mut daemon = association.daemon();
    let until = |what: &str, holds: &dyn Fn() -> bool| {
        let end = Instant::now() + Duration::from_secs(60);
        while !holds() {
            assert!(Instant::now() < end, "{what}: {}", std::fs::read_to_string(association.path("log")).unwrap());
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    until("ready", &|| std::fs::read_to_string(association.path("log")).unwrap().contains("ready"));
    let second = association.once();
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert_eq!((second.status.code(), said.lines().count()), (Some(1), 1), "{said}");
    assert!(said.contains("déjà en marche"), "{said}");
    // A command works meanwhile.
    let copy = association.command(&["backup", "copy.sqlite"]).output().unwrap();
    assert!(copy.status.success(), "{}", String::from_utf8_lossy(&copy.stderr));
    association.deliver("1", &letter("one", "yvette@orange.example", "Je serai présente.\r\n\r\nYvette"));
    until("acknowledged", &|| association.sent().len() == 1);
    let asked = Instant::now();
    terminate(&daemon);
    let status = daemon.wait().unwrap();
    assert!(status.success(), "{status}");
    assert!(asked.elapsed() < Duration::from_secs(20), "took {:?}", asked.elapsed());
    let log = std::fs::read_to_string(association.path("log")).unwrap();
    for secret in ["yvette", "Yvette", "orange.example", "présente"] {
        assert!(!log.contains(secret), "the log holds {secret}:\n{log}");
    }
}

/// SIGTERM, as systemd sends it.
fn terminate(child: &std::process::Child) {
    let done = std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(done.success());
}
