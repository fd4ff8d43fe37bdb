//! Killed at every point between receiving and sending, then started again: the end is that of an undisturbed run.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::association::{Association, End, letter, letters};
use super::passes::AT_ONCE;

/// The same letters for every run: their bytes must not depend on when a run is made.
fn filled(mail: &[(String, String)]) -> Association {
    let association = Association::maildir(AT_ONCE);
    for (name, text) in mail {
        association.deliver(name, text);
    }
    association
}

fn undisturbed(mail: &[(String, String)]) -> (End, u64) {
    let association = filled(mail);
    let count = association.path("count");
    let done = association.command(&["run", "--once"]).env("ASTIR_CRASH_COUNT", &count).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let points = std::fs::read_to_string(count).unwrap().parse().unwrap();
    (association.end(), points)
}

#[test]
fn killed_at_every_point_it_ends_as_if_nothing_had_happened() {
    let mail = letters();
    let (expected, points) = undisturbed(&mail);
    assert_eq!(expected.sent.len(), 4, "the undisturbed run sends too little to prove anything");
    assert!(points >= 25, "only {points} points: the test tests nothing");
    let mut killed = 0;
    for point in 1..=points {
        let association = filled(&mail);
        let crash = association.command(&["run", "--once"]).env("ASTIR_CRASH", point.to_string()).output().unwrap();
        killed += u64::from(!crash.status.success());
        association.pass();
        assert_eq!(association.end(), expected, "killed at point {point} of {points}");
    }
    assert_eq!(killed, points, "some points were never reached");
}

#[test]
fn killed_by_signal_at_any_moment_nobody_is_lost_and_nobody_gets_two_mails() {
    let mut mail = letters();
    for n in 0..30 {
        let text = format!("Bonjour,\r\n\r\nJe serai présente à la rencontre, numéro {n}.\r\n\r\nMarie");
        mail.push((format!("p{n}"), letter(&format!("p{n}"), &format!("p{n}@orange.example"), &text)));
    }
    let (expected, _) = undisturbed(&mail);
    assert!(expected.sent.len() > 30);
    let mut states = BTreeSet::new();
    for left in [0, 1, 4, 11, 23] {
        let association = filled(&mail);
        // Once while letters are read or the first mails leave, and once more a little later.
        for more in [0, 3] {
            let mut daemon = association.daemon();
            let end = Instant::now() + Duration::from_secs(60);
            while association.sent().len() < left + more {
                assert!(Instant::now() < end, "{}", std::fs::read_to_string(association.path("log")).unwrap());
                std::thread::sleep(Duration::from_millis(1));
            }
            std::thread::sleep(Duration::from_millis(if left == 0 { 300 } else { 0 }));
            daemon.kill().unwrap();
            daemon.wait().unwrap();
            states.insert(association.sent().len());
        }
        association.pass();
        assert_eq!(association.end(), expected, "killed when {left} mails had left");
    }
    assert!(states.len() > 4, "the kills hit too few places: {states:?}");
}

#[test]
fn a_letter_that_ends_the_program_three_times_is_set_aside_and_those_behind_it_are_read() {
    let association = Association::maildir(AT_ONCE);
    association.deliver("1", &letter("bad", "bad@orange.example", "Je serai présent.\r\n\r\nJean"));
    for attempt in 1..=3 {
        // 1: the database is open; 2: the attempt is counted; 3: the letter is being read.
        let crash = association.command(&["run", "--once"]).env("ASTIR_CRASH", "3").output().unwrap();
        assert!(!crash.status.success(), "attempt {attempt} was to end in the middle of the letter");
        assert!(association.ledger().letters.is_empty());
    }
    association.deliver("2", &letter("good", "good@orange.example", "Je serai présent.\r\n\r\nJean"));
    let line = association.pass();
    assert!(line.contains("illisible"), "{line}");
    let ledger = association.ledger();
    let unreadable: Vec<_> = ledger.letters.iter().filter(|l| l.needs_human).collect();
    assert_eq!(unreadable.len(), 1, "{:?}", ledger.letters);
    assert_eq!(association.sent().len(), 1, "the letter behind it is answered");
    assert!(association.pass().contains("aucun nouveau message"));
}
