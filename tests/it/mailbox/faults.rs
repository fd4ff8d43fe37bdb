//! What servers do wrong, one at a time: no letter is lost, none comes twice, nothing hangs.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use astir_rsvp::config::{Mail, Server};
use astir_rsvp::entry::Extent;
use astir_rsvp::failure::Consequence;
use astir_rsvp::mailbox::{Limits, Mailbox, Woken};
use astir_rsvp::wire::Deadlines;

use super::{drain, impatient, insist, keys, next, open, start, whole};
use crate::servers::scripted_imap::{Act, ScriptedImap, letter};

/// Fails the first command that holds `text`, on the first connection.
fn once(text: &'static str, act: Act) -> impl Fn(usize, &str) -> Act + Send + Sync {
    move |connection, command| if connection == 1 && command.contains(text) { act.clone() } else { Act::Usual }
}

const BODIES: &str = "BODY.PEEK[]";
const SIZES: &str = "RFC822.SIZE";

#[tokio::test]
async fn letters_come_in_order_once_and_a_second_look_finds_nothing() {
    let server = ScriptedImap::start(5, |_, _| Act::Usual).await;
    let mut mailbox = open(&server.mail());
    let mut position = start(&mailbox);
    let letters = drain(&mut mailbox, &mut position).await.unwrap();
    assert_eq!(keys(&letters), ["1", "2", "3", "4", "5"]);
    assert!(whole(&letters) && letters.iter().zip(1..).all(|(l, uid)| l.bytes == letter(uid)));
    assert_eq!(letters[0].received.to_string(), "2018-02-20T09:00:00Z");
    assert_eq!((position.uid_validity, position.next_uid), (7, 6));
    assert!(drain(&mut mailbox, &mut position).await.unwrap().is_empty());
    for forbidden in ["SELECT", "STORE", "COPY", "MOVE", "EXPUNGE", "APPEND", ":*", "ENVELOPE", "BODY["] {
        assert_eq!(server.heard(forbidden), 0, "{forbidden}");
    }
}

#[tokio::test]
async fn a_no_to_any_command_is_a_failure_and_loses_nothing() {
    for command in ["CAPABILITY", "EXAMINE", SIZES, BODIES] {
        let server = ScriptedImap::start(3, once(command, Act::Say("% NO [UNAVAILABLE] later\r\n".into()))).await;
        let mut mailbox = open(&server.mail());
        let mut position = start(&mailbox);
        let failure = drain(&mut mailbox, &mut position).await.unwrap_err();
        assert_eq!((failure.then, failure.says), (Consequence::Transient, "server/busy"), "{command}");
        assert_eq!(position.next_uid, 0, "{command}");
        assert_eq!(keys(&drain(&mut mailbox, &mut position).await.unwrap()), ["1", "2", "3"], "{command}");
    }
}

#[tokio::test]
async fn a_connection_cut_at_any_byte_of_any_answer_loses_nothing_and_doubles_nothing() {
    // Long enough for every answer here; beyond an answer's end the cut comes after it, which must be noticed too.
    for command in ["GREETING", "CAPABILITY", "LOGIN", "EXAMINE", SIZES, BODIES] {
        for byte in (0..330).step_by(if command == BODIES { 1 } else { 5 }) {
            let server = ScriptedImap::start(3, once(command, Act::Cut(byte))).await;
            let mut mailbox = open(&server.mail());
            let mut position = start(&mailbox);
            let (letters, _) = insist(&mut mailbox, &mut position).await;
            assert_eq!(keys(&letters), ["1", "2", "3"], "{command} cut after {byte} bytes");
            assert!(whole(&letters), "{command} cut after {byte} bytes");
        }
    }
}

#[tokio::test]
async fn a_server_that_goes_mute_at_any_step_is_left_in_time() {
    for command in ["GREETING", "CAPABILITY", "LOGIN", "EXAMINE", SIZES, BODIES] {
        let server = ScriptedImap::start(3, once(command, Act::Mute)).await;
        let mut mailbox = open(&server.mail());
        let mut position = start(&mailbox);
        let asked = Instant::now();
        let failure = drain(&mut mailbox, &mut position).await.unwrap_err();
        assert_eq!((failure.then, failure.says), (Consequence::Transient, "server/slow"), "{command}");
        assert!(asked.elapsed() < Duration::from_secs(3), "{command}: {:?}", asked.elapsed());
        assert_eq!(keys(&drain(&mut mailbox, &mut position).await.unwrap()), ["1", "2", "3"], "{command}");
    }
}

#[tokio::test]
async fn examine_without_uidvalidity_is_no_empty_mailbox() {
    for act in [
        Act::SayClose("* 3 EXISTS\r\n".into()),
        Act::Say("* 3 EXISTS\r\n* OK [UIDNEXT 4] n\r\n% OK done\r\n".into()),
        Act::Say("* 3 EXISTS\r\n* OK [UIDVALIDITY 0] v\r\n* OK [UIDNEXT 4] n\r\n% OK done\r\n".into()),
    ] {
        let server = ScriptedImap::start(3, once("EXAMINE", act)).await;
        let mut mailbox = open(&server.mail());
        let mut position = start(&mailbox);
        let failure = next(&mut mailbox, &mut position).await.unwrap_err();
        assert_eq!(failure.then, Consequence::Transient);
        assert_eq!(drain(&mut mailbox, &mut position).await.unwrap().len(), 3);
    }
}

#[tokio::test]
async fn without_uidnext_the_server_is_asked_for_it() {
    let server = ScriptedImap::start(3, |_, command| match command {
        c if c.starts_with("EXAMINE") => Act::Say("* 3 EXISTS\r\n* OK [UIDVALIDITY 7] v\r\n% OK done\r\n".into()),
        c if c.starts_with("STATUS") => Act::Say("* STATUS INBOX (UIDNEXT 4)\r\n% OK done\r\n".into()),
        _ => Act::Usual,
    })
    .await;
    let mut mailbox = open(&server.mail());
    let mut position = start(&mailbox);
    assert_eq!(drain(&mut mailbox, &mut position).await.unwrap().len(), 3);
    assert_eq!(position.next_uid, 4);
}

#[tokio::test]
async fn marks_that_people_set_meanwhile_are_not_taken_for_letters() {
    let noise = "* 2 FETCH (FLAGS (\\Seen))\r\n* 3 FETCH (UID 3 FLAGS (\\Seen))\r\n* 9 FETCH (UID 99 BODY[] {3}\r\nabc)\r\n\
                 * 9 FETCH (UID 98 RFC822.SIZE 3 INTERNALDATE \"20-Feb-2018 10:00:00 +0100\")\r\n* 1 EXPUNGE\r\n";
    let server = ScriptedImap::start(3, |_, command| match command {
        c if c.contains("FETCH") => Act::Before(noise.into()),
        _ => Act::Usual,
    })
    .await;
    let mut mailbox = open(&server.mail());
    let mut position = start(&mailbox);
    let letters = drain(&mut mailbox, &mut position).await.unwrap();
    assert_eq!(keys(&letters), ["1", "2", "3"]);
    assert!(whole(&letters));
}

#[tokio::test]
async fn a_letter_listed_in_pieces_or_without_its_size_is_there_all_the_same() {
    let server = ScriptedImap::start(3, |_, command| match command {
        c if c.contains(SIZES) => Act::Say(
            "* 1 FETCH (UID 1 RFC822.SIZE 70)\r\n* 1 FETCH (UID 1 INTERNALDATE \"20-Feb-2018 10:00:00 +0100\")\r\n\
             * 2 FETCH (UID 2 INTERNALDATE \"nonsense\")\r\n* 3 FETCH (FLAGS (\\Seen) UID 3)\r\n% OK done\r\n"
                .into(),
        ),
        _ => Act::Usual,
    })
    .await;
    let mut mailbox = open(&server.mail());
    let mut position = start(&mailbox);
    let letters = drain(&mut mailbox, &mut position).await.unwrap();
    assert_eq!(keys(&letters), ["1", "2", "3"]);
    assert_eq!(letters[0].received.to_string(), "2018-02-20T09:00:00Z");
}

#[tokio::test]
async fn a_letter_that_went_between_listing_and_fetching_is_passed_over() {
    let server = ScriptedImap::start(4, |_, command| match command {
        "UID FETCH 1:4 (UID BODY.PEEK[])" => {
            let body = |uid: u32| {
                let bytes = String::from_utf8(letter(uid)).unwrap();
                format!("* {uid} FETCH (UID {uid} BODY[] {{{}}}\r\n{bytes})\r\n", bytes.len())
            };
            Act::Say(format!("{}{}{}% OK done\r\n", body(1), body(3), body(4)))
        }
        "UID FETCH 2 (UID)" => Act::Say("% OK done\r\n".into()),
        _ => Act::Usual,
    })
    .await;
    let mut mailbox = open(&server.mail());
    let mut position = start(&mailbox);
    assert_eq!(keys(&drain(&mut mailbox, &mut position).await.unwrap()), ["1", "3", "4"]);
    assert_eq!(position.next_uid, 5);
}

/// What a server can do with the one letter it chokes on.
fn choking(act: Act) -> impl Fn(usize, &str) -> Act + Send + Sync {
    move |_, command| {
        let Some(set) = command.strip_suffix(" (UID BODY.PEEK[])").and_then(|c| c.strip_prefix("UID FETCH ")) else {
            return Act::Usual;
        };
        let number = |text: &str| text.parse::<u32>().unwrap();
        let holds = |part: &str| match part.split_once(':') {
            Some((from, to)) => (number(from)..=number(to)).contains(&13),
            None => number(part) == 13,
        };
        if set.split(',').any(holds) { act.clone() } else { Act::Usual }
    }
}

#[tokio::test]
async fn a_letter_that_breaks_the_server_or_the_parser_is_shown_and_stops_none_behind_it() {
    for (act, what) in [
        (Act::Say("% NO cannot read that message\r\n".into()), "NO"),
        (Act::Say("% BAD\r\n".into()), "bare BAD"),
        (Act::Say("* 13 FETCH (UID 13 BODY[] ~{3}\r\nabc)\r\n% OK done\r\n".into()), "an unreadable answer"),
        (Act::Say("% OK done\r\n".into()), "an empty success"),
        (Act::SayClose(String::new()), "a closed connection"),
    ] {
        let server = ScriptedImap::start(20, choking(act)).await;
        let mut mailbox = open(&server.mail());
        let mut position = start(&mailbox);
        let (letters, failures) = insist(&mut mailbox, &mut position).await;
        let expected: Vec<String> = (1..=20).map(|uid: u32| uid.to_string()).collect();
        assert_eq!(keys(&letters), expected, "{what}, {failures} failures");
        let (unreadable, rest): (Vec<_>, Vec<_>) = letters.iter().partition(|l| l.location.key == "13");
        assert_eq!(unreadable[0].extent, Extent::Unreadable, "{what}");
        assert!(unreadable[0].bytes.is_empty() && rest.iter().all(|l| l.extent == Extent::Whole), "{what}");
        assert!(failures <= 20, "{what}: {failures}");
    }
}

#[tokio::test]
async fn idle_that_is_refused_is_replaced_by_polling() {
    for refusal in ["% NO not now\r\n", "% BAD\r\n", "% BAD what?\r\n"] {
        let server = ScriptedImap::start(1, move |_, command| match command {
            "IDLE" => Act::Say(refusal.into()),
            _ => Act::Usual,
        })
        .await;
        let mut mailbox = open(&server.mail());
        let mut position = start(&mailbox);
        drain(&mut mailbox, &mut position).await.unwrap();
        for _ in 0..3 {
            mailbox.wait(Duration::from_secs(5)).await.unwrap();
        }
        assert_eq!(server.heard("IDLE"), 1, "asked once, then polling");
        server.add();
        assert_eq!(keys(&drain(&mut mailbox, &mut position).await.unwrap()), ["2"]);
    }
}

#[tokio::test]
async fn a_server_mute_to_idle_is_not_asked_again() {
    let server = ScriptedImap::start(1, |_, command| if command == "IDLE" { Act::Mute } else { Act::Usual }).await;
    let mut mailbox = open(&server.mail());
    let mut position = start(&mailbox);
    drain(&mut mailbox, &mut position).await.unwrap();
    assert_eq!(mailbox.wait(Duration::from_secs(5)).await.unwrap_err().says, "server/slow");
    server.add();
    assert_eq!(keys(&drain(&mut mailbox, &mut position).await.unwrap()), ["2"]);
    assert_eq!(mailbox.wait(Duration::from_secs(5)).await.unwrap(), Woken::Quiet);
    assert_eq!(server.heard("IDLE"), 1);
}

#[tokio::test]
async fn keepalives_do_not_hold_idle_beyond_our_own_timer() {
    let server = ScriptedImap::start(1, |_, command| if command == "IDLE" { Act::Chatter } else { Act::Usual }).await;
    let mut mailbox = open(&server.mail());
    let mut position = start(&mailbox);
    drain(&mut mailbox, &mut position).await.unwrap();
    let asked = Instant::now();
    assert_eq!(mailbox.wait(Duration::from_secs(60)).await.unwrap(), Woken::Quiet);
    assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
    assert!(drain(&mut mailbox, &mut position).await.unwrap().is_empty(), "the connection is in step");
    assert_eq!(server.state.lock().unwrap().connections, 1);
}

#[tokio::test]
async fn a_connection_that_died_in_silence_is_noticed_when_idle_ends() {
    let server = ScriptedImap::start(1, |connection, command| match command {
        "IDLE" if connection == 1 => Act::Say("+ idling\r\n".into()),
        "" if connection == 1 => Act::Mute,
        _ => Act::Usual,
    })
    .await;
    let mut mailbox = open(&server.mail());
    let mut position = start(&mailbox);
    drain(&mut mailbox, &mut position).await.unwrap();
    let asked = Instant::now();
    assert_eq!(mailbox.wait(Duration::from_secs(60)).await.unwrap_err().says, "server/slow");
    assert!(asked.elapsed() < Duration::from_secs(3), "{:?}", asked.elapsed());
    server.add();
    assert_eq!(keys(&drain(&mut mailbox, &mut position).await.unwrap()), ["2"]);
    assert_eq!(mailbox.wait(Duration::from_millis(50)).await.unwrap(), Woken::Quiet);
    assert_eq!(server.heard("IDLE"), 2, "the server can idle: the network was at fault");
}

#[tokio::test]
async fn a_slow_answer_that_moves_is_waited_for_but_not_for_ever() {
    let server = ScriptedImap::start(3, once(BODIES, Act::Slow(Duration::from_millis(100)))).await;
    let mut mailbox = open(&server.mail());
    let mut position = start(&mailbox);
    assert_eq!(
        drain(&mut mailbox, &mut position).await.unwrap().len(),
        3,
        "a second in all, never half of one without a byte"
    );
    let server = ScriptedImap::start(3, once(BODIES, Act::Slow(Duration::from_millis(200)))).await;
    let hasty = Deadlines { batch: Duration::from_millis(700), ..impatient() };
    let mut mailbox = Mailbox::open(&server.mail(), Path::new("/")).unwrap().with(hasty, Limits::default());
    let mut position = start(&mailbox);
    assert_eq!(drain(&mut mailbox, &mut position).await.unwrap_err().says, "server/slow");
    assert_eq!(drain(&mut mailbox, &mut position).await.unwrap().len(), 3);
}

#[tokio::test]
async fn nothing_older_than_the_configured_day_is_looked_at() {
    for (since, expected) in [("2018-02-20", 3), ("2018-02-21", 0)] {
        let server = ScriptedImap::start(3, |_, _| Act::Usual).await;
        let imap = Server { since: Some(since.parse().unwrap()), ..server.server() };
        let mail = Mail::Servers { imap: Box::new(imap), smtp: Box::default() };
        let mut mailbox = open(&mail);
        let mut position = start(&mailbox);
        assert_eq!(drain(&mut mailbox, &mut position).await.unwrap().len(), expected, "{since}");
        assert_eq!(position.next_uid, 4);
        server.add();
        let later = drain(&mut mailbox, &mut position).await.unwrap().len();
        assert_eq!(later, expected.min(1), "{since}: an old letter moved in later is old all the same");
    }
}

#[tokio::test]
async fn the_server_closing_or_saying_goodbye_in_idle_is_a_failure_not_a_quiet_end() {
    for act in [Act::SayClose("+ idling\r\n".into()), Act::SayClose("+ idling\r\n* BYE Session expired\r\n".into())] {
        let server = ScriptedImap::start(1, once("IDLE", act)).await;
        let mut mailbox = open(&server.mail());
        let mut position = start(&mailbox);
        drain(&mut mailbox, &mut position).await.unwrap();
        let failure = mailbox.wait(Duration::from_secs(5)).await.unwrap_err();
        assert_eq!((failure.then, failure.says), (Consequence::Transient, "server/closed"));
        server.add();
        assert_eq!(keys(&drain(&mut mailbox, &mut position).await.unwrap()), ["2"]);
    }
}

#[tokio::test]
async fn mail_that_comes_while_letters_are_fetched_is_not_slept_over() {
    let told = AtomicBool::new(false);
    let server = ScriptedImap::start(2, move |_, command| {
        let first = command.contains(BODIES) && !told.swap(true, Ordering::Relaxed);
        if first { Act::Before("* 3 EXISTS\r\n".into()) } else { Act::Usual }
    })
    .await;
    let mut mailbox = open(&server.mail());
    let mut position = start(&mailbox);
    next(&mut mailbox, &mut position).await.unwrap();
    assert_eq!(mailbox.wait(Duration::from_secs(60)).await.unwrap(), Woken::News);
    assert_eq!(server.heard("IDLE"), 0);
    drain(&mut mailbox, &mut position).await.unwrap();
    server.add();
    assert_eq!(mailbox.wait(Duration::from_secs(60)).await.unwrap(), Woken::News);
    assert_eq!(keys(&drain(&mut mailbox, &mut position).await.unwrap()), ["3"]);
}

#[tokio::test]
async fn a_wait_that_is_dropped_half_way_leaves_no_connection_out_of_step() {
    let server = ScriptedImap::start(1, |_, _| Act::Usual).await;
    let mut mailbox = open(&server.mail());
    let mut position = start(&mailbox);
    drain(&mut mailbox, &mut position).await.unwrap();
    let dropped = tokio::time::timeout(Duration::from_millis(50), mailbox.wait(Duration::from_secs(60))).await;
    assert!(dropped.is_err());
    server.add();
    assert_eq!(keys(&drain(&mut mailbox, &mut position).await.unwrap()), ["2"]);
}

#[tokio::test]
async fn a_renumbered_folder_is_read_again_and_says_so() {
    let server = ScriptedImap::start(3, |_, _| Act::Usual).await;
    let mut mailbox = open(&server.mail());
    for (validity, next_uid) in [(6, 4), (7, 50)] {
        let mut position = start(&mailbox);
        (position.uid_validity, position.next_uid) = (validity, next_uid);
        let batch = next(&mut mailbox, &mut position).await.unwrap().unwrap();
        // The window: letters of 2018 are far outside it.
        assert!(batch.rescan && batch.letters.is_empty(), "{validity} {next_uid}");
        assert_eq!((position.uid_validity, position.next_uid), (7, 4));
        assert!(next(&mut mailbox, &mut position).await.unwrap().is_none());
    }
    assert_eq!(server.heard("UID SEARCH SINCE"), 2);
    let all = Limits { rescan_days: 20_000, ..Limits::default() };
    let mut mailbox = Mailbox::open(&server.mail(), Path::new("/")).unwrap().with(impatient(), all);
    let mut position = start(&mailbox);
    (position.uid_validity, position.next_uid) = (6, 4);
    let batch = next(&mut mailbox, &mut position).await.unwrap().unwrap();
    assert!(batch.rescan);
    assert_eq!(keys(&batch.letters), ["1", "2", "3"]);
}

#[tokio::test]
async fn a_caller_that_could_not_keep_a_batch_gets_it_again() {
    let server = ScriptedImap::start(30, |_, _| Act::Usual).await;
    let few = Limits { letters: 10, ..Limits::default() };
    let mut mailbox = Mailbox::open(&server.mail(), Path::new("/")).unwrap().with(impatient(), few);
    let mut position = start(&mailbox);
    next(&mut mailbox, &mut position).await.unwrap().unwrap();
    let kept = position.clone();
    next(&mut mailbox, &mut position).await.unwrap().unwrap();
    let mut position = kept;
    let again = next(&mut mailbox, &mut position).await.unwrap().unwrap();
    assert_eq!((again.letters[0].location.key.as_str(), again.letters.len(), again.remaining), ("11", 10, 10));
    assert_eq!(drain(&mut mailbox, &mut position).await.unwrap().len(), 10);
}

#[tokio::test]
async fn many_letters_take_few_commands_and_a_large_one_only_its_beginning() {
    let server = ScriptedImap::start(2050, |_, _| Act::Usual).await;
    server.state.lock().unwrap().letters.insert(1000, vec![b'x'; 70_000]);
    let limits = Limits { whole: 60_000, beginning: 1_000, ..Limits::default() };
    let mut mailbox = Mailbox::open(&server.mail(), Path::new("/")).unwrap().with(impatient(), limits);
    let mut position = start(&mailbox);
    let letters = drain(&mut mailbox, &mut position).await.unwrap();
    assert_eq!(letters.len(), 2050);
    let large = &letters[999];
    assert_eq!((large.extent, large.size, large.bytes.len()), (Extent::Truncated, 70_000, 1_000));
    let commands = server.state.lock().unwrap().heard.len();
    assert!(commands <= 2050 / 200 + 15, "{commands} commands");
}
