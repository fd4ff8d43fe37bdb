//! The whole road on real servers: letters arrive at Dovecot, acknowledgements leave by SMTP; and what goes wrong there.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use astir_rsvp::config::{Security, Server};
use astir_rsvp::entry::Sending;

use super::association::{Association, header, letter, letters};
use super::passes::AT_ONCE;
use crate::servers::{Dovecot, Postal, free_port, postal};

/// As Dovecot names it on disk, and Gmail in French.
const SENT: &str = ".Messages envoy&AOk-s";

fn said(output: &std::process::Output) -> String {
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(said.trim_end().lines().count(), 1, "one sentence, no more: {said}");
    said
}

#[test]
fn from_dovecot_to_smtp_once_and_a_second_pass_records_and_sends_nothing() {
    let dovecot = Dovecot::start();
    let postal = Postal::start(postal::kinds()[0]);
    for (_, text) in letters() {
        dovecot.deliver(0, &text);
    }
    let flags = || dovecot.doveadm(0, &["fetch", "uid flags", "mailbox", "INBOX"]);
    let before = flags();
    let (imap, smtp) = (dovecot.server(0, Security::Tls), postal.server(Security::Starttls));
    let association = Association::servers(&imap, &smtp, AT_ONCE);
    association.pass();
    let received = postal.received(4);
    let mut to: Vec<String> = received.iter().map(|m| header(m, "To")).collect();
    to.sort();
    assert_eq!(to, ["karim", "odette", "paul", "yvette"].map(|who| format!("{who}@orange.example")));
    assert_eq!(association.ledger().letters.len(), 6);
    let end = association.end();
    let line = association.pass();
    assert!(line.contains("aucun nouveau message"), "{line}");
    assert_eq!(association.end(), end);
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert_eq!(postal.received(4).len(), 4);
    assert_eq!(flags(), before, "the mailbox belongs to people");
}

#[test]
fn where_a_volunteer_has_answered_in_the_thread_the_program_is_silent() {
    let dovecot = Dovecot::start();
    let postal = Postal::start(postal::kinds()[0]);
    dovecot.deliver(0, &letter("one", "yvette@orange.example", "Je serai présente.\r\n\r\nYvette"));
    dovecot.deliver(0, &letter("two", "paul@orange.example", "Je serai présent.\r\n\r\nPaul"));
    let by_hand = letter("hand", super::association::ADDRESS, "Merci Yvette, à bientôt !").replacen(
        "Subject:",
        "In-Reply-To: <one@mail.example>\r\nSubject:",
        1,
    );
    dovecot.place(0, SENT, &[by_hand]);
    let (imap, smtp) = (dovecot.server(0, Security::Tls), postal.server(Security::Starttls));
    let association = Association::servers(&imap, &smtp, AT_ONCE);
    association.pass();
    let to: Vec<String> = postal.received(1).iter().map(|m| header(m, "To")).collect();
    assert_eq!(to, vec!["paul@orange.example"]);
    let dropped = association.ledger().outgoing.into_iter().find(|o| o.to.starts_with("yvette")).unwrap();
    assert_eq!((dropped.sending, dropped.reason.as_str()), (Sending::Dropped, "answered-by-hand"));
}

#[test]
fn a_wrong_password_and_a_refused_connection_are_one_sentence_and_nothing_is_recorded() {
    let dovecot = Dovecot::start();
    dovecot.deliver(0, &letter("one", "yvette@orange.example", "Je serai présente.\r\n\r\nYvette"));
    let imap = dovecot.server(0, Security::Tls);
    let nobody = Server { port: free_port(), ..imap.clone() };
    let association = Association::servers(&imap, &nobody, AT_ONCE);
    let good = std::fs::read(association.path("password")).unwrap();
    std::fs::write(association.path("password"), "wrong").unwrap();
    let wrong = said(&association.once());
    assert!(wrong.contains("mot de passe"), "{wrong}");
    assert!(association.ledger().letters.is_empty());
    std::fs::write(association.path("password"), good).unwrap();
    let closed = Association::servers(&nobody, &nobody, AT_ONCE);
    let refused = said(&closed.once());
    assert!(refused.contains("ne répond pas"), "{refused}");
    assert!(closed.ledger().letters.is_empty());
    // Receiving works, sending does not: the letter is recorded, its mail waits, and the sentence says which server.
    let refused = said(&association.once());
    assert!(refused.contains("ne répond pas"), "{refused}");
    let ledger = association.ledger();
    assert_eq!((ledger.letters.len(), ledger.outgoing.len()), (1, 1));
    assert!(matches!(ledger.outgoing[0].sending, Sending::Due | Sending::Frozen), "{:?}", ledger.outgoing[0]);
}

/// An SMTP server that takes a mail whole and goes away without a word. Counts the mails it took.
fn forgetful() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (port, taken) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
    let count = Arc::clone(&taken);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let mut say = |text: &str| stream.write_all(format!("{text}\r\n").as_bytes());
            let _ = say("220 forgetful");
            while let Some(Ok(line)) = lines.next() {
                let verb = line.split(' ').next().unwrap_or_default().to_uppercase();
                let _ = match verb.as_str() {
                    "EHLO" => say("250-forgetful\r\n250 AUTH PLAIN LOGIN"),
                    "AUTH" => say("235 welcome"),
                    "DATA" => {
                        let _ = say("354 go on");
                        while lines.next().is_some_and(|l| l.is_ok_and(|l| l != ".")) {}
                        count.fetch_add(1, Ordering::SeqCst);
                        break;
                    }
                    "QUIT" => break,
                    _ => say("250 fine"),
                };
            }
        }
    });
    (port, taken)
}

#[test]
fn a_mail_in_doubt_is_not_sent_again_and_the_folder_of_sent_mail_settles_it() {
    let dovecot = Dovecot::start();
    let (port, taken) = forgetful();
    dovecot.deliver(0, &letter("one", "yvette@orange.example", "Je serai présente.\r\n\r\nYvette"));
    let imap = dovecot.server(0, Security::Tls);
    let smtp = Server { host: "127.0.0.1".into(), port, security: Security::None, ..imap.clone() };
    let association = Association::servers(&imap, &smtp, AT_ONCE);
    association.once();
    let row = association.ledger().outgoing.remove(0);
    assert_eq!((row.sending, row.attempts), (Sending::Uncertain, 1));
    association.pass();
    association.pass();
    assert_eq!(taken.load(Ordering::SeqCst), 1, "sent again blindly");
    let filed = letter("x", super::association::ADDRESS, "…").replacen("x@mail.example", &row.message_id, 1);
    dovecot.place(0, SENT, &[filed]);
    association.pass();
    assert_eq!(association.ledger().outgoing[0].sending, Sending::Sent);
    assert_eq!(taken.load(Ordering::SeqCst), 1);
}

#[test]
fn systemd_hears_ready_without_a_network_a_status_in_french_and_a_heartbeat() {
    let nobody = Server {
        host: "localhost".into(),
        port: free_port(),
        user: "us".into(),
        password_file: "password".into(),
        ..Server::default()
    };
    let association = Association::servers(&nobody, &nobody, AT_ONCE);
    let path = association.path("notify");
    let socket = std::os::unix::net::UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(std::time::Duration::from_secs(60))).unwrap();
    let mut command = association.command(&["run"]);
    command.env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", "2000000").stderr(std::process::Stdio::null());
    let mut daemon = command.spawn().unwrap();
    let mut heard = String::new();
    let mut buffer = [0; 4096];
    while heard.matches("WATCHDOG=1").count() < 4 || !heard.contains("ne répond pas") {
        let length = socket.recv(&mut buffer).unwrap_or_else(|e| panic!("{e}; heard: {heard}"));
        heard.push_str(&String::from_utf8_lossy(&buffer[..length]));
        heard.push('\n');
    }
    daemon.kill().unwrap();
    daemon.wait().unwrap();
    assert!(heard.starts_with("READY=1"), "{heard}");
    assert!(heard.contains("STATUS=En marche pour Collectif."), "{heard}");
}
