//! The same against a real Dovecot over TLS.

use std::time::{Duration, Instant};

use astir_rsvp::config::{Mail, Security};
use astir_rsvp::entry::Extent;
use astir_rsvp::failure::Consequence;
use astir_rsvp::mailbox::{Filed, Limits, Mailbox, Woken};
use astir_rsvp::wire::Deadlines;

use super::{drain, keys, next, start, whole};
use crate::servers::Dovecot;

fn message(n: usize) -> String {
    format!(
        "From: Jeanne <jeanne@example.net>\nTo: asti@example.org\nSubject: Re: {n}\nMessage-ID: <m{n}@example.net>\n\
         Content-Type: text/plain; charset=utf-8\n\nOui, je viendrai. Numéro {n}.\n.\n..\n"
    )
}

fn open(dovecot: &Dovecot, user: usize, security: Security) -> Mailbox {
    let mail = Mail::Servers { imap: Box::new(dovecot.server(user, security)), smtp: Box::default() };
    Mailbox::open(&mail, dovecot.beside()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_delivered_to_dovecot_come_whole_and_stay_unmarked() {
    let dovecot = Dovecot::start();
    // LOGIN over TLS with a password to quote; AUTHENTICATE PLAIN after STARTTLS with one beyond ASCII.
    for (user, security) in [(0, Security::Tls), (1, Security::Starttls)] {
        for n in 0..3 {
            dovecot.deliver(user, &message(n));
        }
        dovecot.doveadm(user, &["flags add", "\\Seen \\Answered", "mailbox", "INBOX", "uid", "2"]);
        let before = dovecot.doveadm(user, &["fetch", "uid flags", "mailbox", "INBOX"]);
        let mut mailbox = open(&dovecot, user, security);
        let mut position = start(&mailbox);
        let letters = drain(&mut mailbox, &mut position).await.unwrap();
        assert_eq!(keys(&letters), ["1", "2", "3"], "what a person read first comes too");
        assert!(whole(&letters));
        let text = String::from_utf8(letters[1].bytes.clone()).unwrap();
        assert!(text.ends_with("Numéro 1.\r\n.\r\n..\r\n"), "{text}");
        assert_eq!(letters[1].bytes.len() as u64, letters[1].size);
        assert!(drain(&mut mailbox, &mut position).await.unwrap().is_empty());
        mailbox.close().await;
        let after = dovecot.doveadm(user, &["fetch", "uid flags", "mailbox", "INBOX"]);
        assert_eq!(after, before, "no flag changed");
        // A new process with the kept position.
        assert!(drain(&mut open(&dovecot, user, security), &mut position).await.unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_is_woken_by_mail_and_not_by_a_person_reading() {
    let dovecot = Dovecot::start();
    dovecot.deliver(0, &message(0));
    let mut mailbox = open(&dovecot, 0, Security::Tls);
    let mut position = start(&mailbox);
    drain(&mut mailbox, &mut position).await.unwrap();
    for n in 1..6 {
        // Before IDLE begins, and while it lasts.
        let early = n % 2 == 0;
        if early {
            dovecot.deliver(0, &message(n));
        }
        let waiting = async {
            let asked = Instant::now();
            while mailbox.wait(Duration::from_secs(30)).await.unwrap() == Woken::Quiet {}
            asked.elapsed()
        };
        let delivering = async {
            tokio::time::sleep(Duration::from_millis(200)).await;
            if !early {
                tokio::task::block_in_place(|| dovecot.deliver(0, &message(n)));
            }
        };
        let (took, ()) = tokio::join!(waiting, delivering);
        assert!(took < Duration::from_secs(5), "{took:?}");
        assert_eq!(keys(&drain(&mut mailbox, &mut position).await.unwrap()), [(n + 1).to_string()]);
    }
    dovecot.doveadm(0, &["flags add", "\\Seen", "mailbox", "INBOX", "all"]);
    assert_eq!(mailbox.wait(Duration::from_millis(1500)).await.unwrap(), Woken::Quiet);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mailbox_rebuilt_under_new_uids_is_read_again_by_its_window() {
    let dovecot = Dovecot::start();
    for n in 0..4 {
        dovecot.deliver(0, &message(n));
    }
    let mut mailbox = open(&dovecot, 0, Security::Tls);
    let mut position = start(&mailbox);
    assert_eq!(drain(&mut mailbox, &mut position).await.unwrap().len(), 4);
    let old = position.clone();
    mailbox.close().await;
    // Dovecot numbers by the second.
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let maildir = dovecot.maildir(0);
    for entry in std::fs::read_dir(&maildir).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_string_lossy().starts_with("dovecot") && path.is_file() {
            std::fs::remove_file(path).unwrap();
        }
    }
    dovecot.deliver(0, &message(4));
    let batch = next(&mut mailbox, &mut position).await.unwrap().unwrap();
    assert_ne!(position.uid_validity, old.uid_validity, "Dovecot renumbered");
    assert!(batch.rescan && batch.letters.len() == 5, "{}", batch.letters.len());
    assert!(drain(&mut mailbox, &mut position).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_mailbox_comes_in_batches_with_its_largest_letter_cut() {
    let dovecot = Dovecot::start();
    let mut messages: Vec<String> = (0..1200).map(message).collect();
    messages[700] = format!("Subject: large\n\n{}", "0123456789abcde\n".repeat(11 << 16));
    dovecot.place(0, "", &messages);
    let mut mailbox = open(&dovecot, 0, Security::Tls);
    let mut position = start(&mailbox);
    let (mut count, mut cut, mut most) = (0, 0, 0);
    while let Some(batch) = next(&mut mailbox, &mut position).await.unwrap() {
        count += batch.letters.len();
        cut += batch.letters.iter().filter(|l| l.extent == Extent::Truncated && l.bytes.len() == 1 << 20).count();
        most = most.max(batch.letters.iter().map(|l| l.bytes.len()).sum());
    }
    assert_eq!((count, cut), (1200, 1));
    assert!(most <= 5 << 20, "{most} bytes in one batch");
}

#[tokio::test(flavor = "multi_thread")]
async fn sent_mail_is_found_by_its_id_and_a_persons_answer_by_its_thread() {
    let dovecot = Dovecot::start();
    let ours =
        "Message-ID: <ack.1@example.org>\nIn-Reply-To: <m1@example.net>\nX-Astir-Rsvp: acknowledgement\n\nBonjour\n";
    let theirs = "Message-ID: <hand@example.org>\nReferences: <m2@example.net> <x@y>\n\nBonjour\n";
    let mut mailbox = open(&dovecot, 0, Security::Tls);
    let unknown = mailbox.sent_contains("ack.1@example.org").await.unwrap();
    assert_eq!(unknown, Filed::Unknown, "nothing of ours was ever filed there: its absence proves nothing");
    mailbox.close().await;
    dovecot.place(0, ".Messages envoy&AOk-s", &[ours.to_owned(), theirs.to_owned()]);
    dovecot.deliver(0, &message(0));
    let mut mailbox = open(&dovecot, 0, Security::Tls);
    assert_eq!(mailbox.sent_contains("ack.1@example.org").await.unwrap(), Filed::Yes);
    assert_eq!(mailbox.sent_contains("ack.2@example.org").await.unwrap(), Filed::No);
    let answered = async |mailbox: &mut Mailbox, id: &str| mailbox.answered_by_hand(&[id.to_owned()]).await.unwrap();
    assert!(answered(&mut mailbox, "m2@example.net").await);
    assert!(!answered(&mut mailbox, "m1@example.net").await, "our own acknowledgement is no person's answer");
    assert!(!answered(&mut mailbox, "strange \" id\r\nx LOGOUT").await);
    let mut position = start(&mailbox);
    assert_eq!(drain(&mut mailbox, &mut position).await.unwrap().len(), 1, "reading goes on where it was");
    let probe = mailbox.probe().await.unwrap();
    assert!((probe.letters, probe.idle, probe.sent_folder) == (1, true, true) && probe.authserv_id.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_that_judges_senders_is_found_when_recent_letters_agree() {
    let dovecot = Dovecot::start();
    let judged = |n| format!("Authentication-Results: mx.example.org; dkim=pass\n{}", message(n));
    dovecot.place(0, "", &[judged(0), judged(1), message(2)]);
    let probe = open(&dovecot, 0, Security::Tls).probe().await.unwrap();
    assert_eq!(probe.authserv_id.as_deref(), Some("mx.example.org"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_must_mend_is_fatal_and_names_its_sentence() {
    let dovecot = Dovecot::start();
    let wrong = |change: fn(&mut astir_rsvp::config::Server)| {
        let mut server = dovecot.server(0, Security::Tls);
        change(&mut server);
        let mail = Mail::Servers { imap: Box::new(server), smtp: Box::default() };
        Mailbox::open(&mail, dovecot.beside()).unwrap().with(Deadlines::default(), Limits::default())
    };
    for (mut mailbox, expected) in [
        (wrong(|s| s.password_file = "accented".into()), "server/login"),
        (wrong(|s| s.folder = "Réponses".into()), "server/folder"),
        (wrong(|s| s.ca_file = String::new()), "server/certificate-unknown"),
        (wrong(|s| s.ca_file = "nowhere.pem".into()), "server/ca-file"),
        (wrong(|s| s.password_file = "nowhere".into()), "secret/not-found"),
    ] {
        let failure = mailbox.probe().await.unwrap_err();
        assert_eq!((failure.then, failure.says), (Consequence::Fatal, expected), "{failure}");
        if expected == "server/folder" {
            assert_eq!(failure.with["folder"], "Réponses");
            assert!(failure.with["folders"].contains("Messages envoyés"), "{:?}", failure.with);
        }
    }
}
