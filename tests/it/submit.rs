//! Sending: through real servers, through one that fails at each stage, and into a Maildir.

use std::path::Path;
use std::time::{Duration, Instant};

use astir_rsvp::config::{Auth, Mail, Security, Server};
use astir_rsvp::draft::{Attachment, Automatic, Draft};
use astir_rsvp::failure::Failure;
use astir_rsvp::submit::{Envelope, Outcome, Submission, render};
use astir_rsvp::wire::Deadlines;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt};

use crate::servers::authority::Flaw;
use crate::servers::postal::kinds;
use crate::servers::scripted_smtp::{At, Fault, ScriptedSmtp};
use crate::servers::{Authority, Dovecot, Postal};

fn draft(to: &str, n: usize) -> Draft {
    Draft {
        from_name: "ASTI Romans".into(),
        from: "asti@example.org".into(),
        to: to.into(),
        subject: "Re: Réunion du 3 mars".into(),
        text: "Bonjour,\n\nC'est noté : à deux, avec une quiche.\n.\n.suite\n".into(),
        html: Some("<p>C'est noté.</p>".into()),
        attachments: vec![Attachment {
            name: "reunion.ics".into(),
            media_type: "text/calendar; method=PUBLISH; charset=utf-8".into(),
            bytes: b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n".to_vec(),
        }],
        message_id: format!("ack.{n}@example.org"),
        in_reply_to: Some("m1@example.net".into()),
        references: vec!["m1@example.net".into()],
        automatic: Automatic::Replied,
        date: "2018-02-20T10:00:00Z".parse().unwrap(),
    }
}

fn envelope(to: &str, n: usize) -> Envelope {
    Envelope { from: Some("asti@example.org".into()), to: to.into(), message_id: format!("ack.{n}@example.org") }
}

fn impatient() -> Deadlines {
    let short = Duration::from_millis(500);
    Deadlines { greeting: short, reply: short, dot: short, ..Deadlines::default() }
}

fn open(mail: &Mail, beside: &Path) -> Submission {
    Submission::open(mail, beside).unwrap()
}

async fn send(submission: &mut Submission, to: &str, n: usize) -> Outcome {
    let bytes = render(&draft(to, n)).unwrap();
    submission.send(&envelope(to, n), &bytes, || Ok(())).await
}

fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Sent => "sent",
        Outcome::Transient(_) => "transient",
        Outcome::Permanent(_) => "permanent",
        Outcome::Uncertain(_) => "uncertain",
        Outcome::Paused(_) => "paused",
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn real_servers_take_our_mail_by_tls_and_by_starttls() {
    for kind in kinds() {
        let postal = Postal::start(*kind);
        for (n, security) in [Security::Tls, Security::Starttls].into_iter().enumerate() {
            let mut submission = open(&postal.mail(security), postal.beside());
            submission.probe().await.unwrap();
            for (to, expected) in [
                ("jeanne@example.net", "sent"),
                ("refuse@example.net", "permanent"),
                ("later@example.net", "transient"),
                ("paul..b@example.net", "sent"),
            ] {
                let outcome = send(&mut submission, to, n).await;
                assert_eq!(word(&outcome), expected, "{kind:?} {security:?} {to}: {outcome:?}");
            }
            submission.close().await;
        }
        let received = postal.received(4);
        assert_eq!(received.len(), 4, "{kind:?}");
        for mail in &received {
            let mail = mail.replace("\r\n", "\n");
            for part in [
                "Return-Path: <asti@example.org>\n",
                "Message-ID: <ack.",
                "Auto-Submitted: auto-replied\n",
                "X-Astir-Rsvp: acknowledgement\n",
                "C'est not=C3=A9 : =C3=A0 deux, avec une quiche.\n.\n.suite\n",
                "multipart/mixed",
            ] {
                assert!(mail.contains(part), "{kind:?}: {part:?} is missing in\n{mail}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_null_sender_and_a_kept_connection_work_with_real_servers() {
    for kind in kinds() {
        let postal = Postal::start(*kind);
        let mut submission = open(&postal.mail(Security::Tls), postal.beside());
        let started = Instant::now();
        for n in 0..50 {
            let bytes = render(&draft("jeanne@example.net", n)).unwrap();
            let nobody = Envelope { from: None, ..envelope("jeanne@example.net", n) };
            assert_eq!(submission.send(&nobody, &bytes, || Ok(())).await, Outcome::Sent, "{kind:?}");
        }
        // Waiting for delayed acknowledgements would take 2 s on its own.
        println!("{kind:?}: {:?} a mail", started.elapsed() / 50);
        let received = postal.received(50);
        assert_eq!(received.len(), 50);
        assert!(received.iter().all(|mail| mail.contains("Return-Path: <>")), "{}", received[0]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_or_an_unknown_authority_pauses_the_queue() {
    for kind in kinds() {
        let postal = Postal::start(*kind);
        for security in [Security::Tls, Security::Starttls] {
            let with = |change: fn(&mut astir_rsvp::config::Server)| {
                let mut server = postal.server(security);
                change(&mut server);
                Mail::Servers { imap: Box::default(), smtp: Box::new(server) }
            };
            for (mail, says) in [
                (with(|s| s.password_file = "accented".into()), "server/login"),
                (with(|s| s.ca_file = String::new()), "server/certificate-unknown"),
            ] {
                match send(&mut open(&mail, postal.beside()), "jeanne@example.net", 1).await {
                    Outcome::Paused(failure) => assert_eq!(failure.says, says, "{kind:?} {security:?}"),
                    other => panic!("{kind:?} {security:?} {says}: {other:?}"),
                }
            }
        }
        assert!(postal.received(0).is_empty());
    }
}

#[tokio::test]
async fn a_fault_at_each_stage_gives_the_outcome_that_is_true() {
    use At::{Auth, Connect, Data, Dot, Ehlo, Kept, Mail, Rcpt};
    let before = [Connect, Ehlo, Auth, Mail, Rcpt, Data];
    let mut cases: Vec<(At, Fault, &str)> = Vec::new();
    for at in before.into_iter().chain([Dot]) {
        cases.push((at, Fault::Say("451 4.3.0 later"), "transient"));
        cases.push((at, Fault::SayClose("421 4.7.0 closing"), "transient"));
    }
    for at in before {
        cases.push((at, Fault::Close, "transient"));
        cases.push((at, Fault::Stall, "transient"));
        cases.push((at, Fault::SayClose("nonsense"), "transient"));
    }
    for (at, expected) in [
        (Connect, "paused"),
        (Ehlo, "paused"),
        (Auth, "paused"),
        (Mail, "paused"),
        (Rcpt, "permanent"),
        (Data, "permanent"),
        (Dot, "permanent"),
    ] {
        cases.push((at, Fault::Say("554 5.7.1 no"), expected));
        cases.push((at, Fault::Say("550 5.4.5 Daily user sending limit exceeded"), "paused"));
    }
    for at in [Dot, Kept] {
        for fault in [Fault::Close, Fault::Stall, Fault::SayClose("nonsense"), Fault::SayClose("354 go on")] {
            cases.push((at, fault, "uncertain"));
        }
    }
    // Out of step: an answer that would mean success at another stage.
    cases.push((Data, Fault::Say("250 ok"), "transient"));
    cases.push((Mail, Fault::Say("354 go"), "transient"));
    for (at, fault, expected) in cases {
        let told = fault.clone();
        let server = ScriptedSmtp::start(move |_, now| if now == at { told.clone() } else { Fault::Fine }).await;
        let mut submission = open(&server.mail(), Path::new("/")).with(impatient());
        let mut committed = false;
        let bytes = render(&draft("jeanne@example.net", 1)).unwrap();
        let commit = || {
            committed = true;
            Ok(())
        };
        let outcome = submission.send(&envelope("jeanne@example.net", 1), &bytes, commit).await;
        assert_eq!(word(&outcome), expected, "{at:?} {fault:?}: {outcome:?}");
        assert_eq!(server.kept(), usize::from(at == Kept), "{at:?} {fault:?}");
        assert_eq!(committed, matches!(at, Dot | Kept), "{at:?} {fault:?}: committed before the content, not earlier");
    }
}

#[tokio::test]
async fn a_connection_cut_inside_the_content_is_no_doubt() {
    let server = ScriptedSmtp::start(|_, at| if at == At::Content { Fault::Close } else { Fault::Fine }).await;
    let mut submission = open(&server.mail(), Path::new("/"));
    let mut large = draft("jeanne@example.net", 1);
    large.attachments[0].bytes = vec![b'x'; 20 << 20];
    let bytes = render(&large).unwrap();
    let outcome = submission.send(&envelope("jeanne@example.net", 1), &bytes, || Ok(())).await;
    assert_eq!(word(&outcome), "transient", "{outcome:?}");
}

#[tokio::test]
async fn if_the_caller_cannot_commit_nothing_is_sent() {
    let server = ScriptedSmtp::start(|_, _| Fault::Fine).await;
    let mut submission = open(&server.mail(), Path::new("/")).with(impatient());
    let bytes = render(&draft("jeanne@example.net", 1)).unwrap();
    let full = || Err(Failure::transient("store/full"));
    let outcome = submission.send(&envelope("jeanne@example.net", 1), &bytes, full).await;
    assert_eq!(outcome, Outcome::Transient(Failure::transient("store/full")));
    assert_eq!(server.kept(), 0);
    assert_eq!(send(&mut submission, "paul@example.net", 2).await, Outcome::Sent, "on a fresh connection");
    assert_eq!(server.kept.lock().unwrap()[0].0, "RCPT TO:<paul@example.net>");
}

#[tokio::test]
async fn after_a_fault_the_next_mail_is_the_right_one_to_the_right_person() {
    for at in [At::Mail, At::Rcpt, At::Data, At::Dot, At::Kept] {
        for fault in [Fault::Stall, Fault::Close, Fault::Say("451 later"), Fault::Say("354 go"), Fault::Say("550 no")] {
            let told = fault.clone();
            let server =
                ScriptedSmtp::start(move |n, now| if n == 1 && now == at { told.clone() } else { Fault::Fine }).await;
            let mut submission = open(&server.mail(), Path::new("/")).with(impatient());
            assert_ne!(send(&mut submission, "first@example.net", 1).await, Outcome::Sent, "{at:?} {fault:?}");
            assert_eq!(send(&mut submission, "second@example.net", 2).await, Outcome::Sent, "{at:?} {fault:?}");
            let kept = server.kept.lock().unwrap();
            let (to, content) = kept.last().unwrap();
            assert_eq!(to, "RCPT TO:<second@example.net>", "{at:?} {fault:?}");
            assert!(content.contains("Message-ID: <ack.2@example.org>"), "{at:?} {fault:?}");
            assert_eq!(kept.len(), 1 + usize::from(at == At::Kept));
        }
    }
}

#[tokio::test]
async fn a_batch_shares_a_connection_and_outlives_its_being_closed_between_two_mails() {
    let server = ScriptedSmtp::start(|n, at| match (n, at) {
        (3, At::Mail) => Fault::SayClose("421 4.4.2 idle for too long"),
        (5, At::Mail) => Fault::Close,
        _ => Fault::Fine,
    })
    .await;
    let mut submission = open(&server.mail(), Path::new("/")).with(impatient());
    for n in 1..=4 {
        assert_eq!(send(&mut submission, "jeanne@example.net", n).await, Outcome::Sent, "{n}");
    }
    assert_eq!((server.kept(), *server.connections.lock().unwrap()), (4, 3));
}

#[tokio::test]
async fn no_password_and_no_mail_leave_without_starttls() {
    let server = ScriptedSmtp::start(|_, _| Fault::Fine).await;
    let Mail::Servers { mut smtp, imap } = server.mail() else { unreachable!() };
    smtp.security = Security::Starttls;
    let outcome =
        send(&mut open(&Mail::Servers { imap, smtp }, Path::new("/")).with(impatient()), "a@example.net", 1).await;
    match outcome {
        Outcome::Paused(failure) => assert_eq!(failure.says, "server/no-starttls"),
        other => panic!("{other:?}"),
    }
    assert_eq!(server.kept(), 0);
}

#[tokio::test]
async fn what_is_slipped_in_before_the_handshake_breaks_it() {
    let folder = crate::servers::folder();
    let acceptor = Authority::new(folder.path()).acceptor(Flaw::None);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let serving = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut plain = tokio::io::BufReader::new(stream);
        for answer in ["220 ready\r\n", "250-me\r\n250 STARTTLS\r\n", "220 go\r\n250 AUTH PLAIN\r\n"] {
            if !answer.starts_with("220 r") {
                plain.read_line(&mut String::new()).await.unwrap();
            }
            plain.write_all(answer.as_bytes()).await.unwrap();
        }
        acceptor.accept(plain.into_inner()).await.is_ok()
    });
    let smtp = Server {
        host: "127.0.0.1".into(),
        port,
        security: Security::Starttls,
        user: "asti".into(),
        password_command: "echo secret".into(),
        ca_file: folder.path().join("ca.pem").to_string_lossy().into_owned(),
        ..Server::default()
    };
    let mail = Mail::Servers { imap: Box::default(), smtp: Box::new(smtp) };
    let outcome = send(&mut open(&mail, Path::new("/")).with(impatient()), "a@example.net", 1).await;
    assert_ne!(outcome, Outcome::Sent);
    assert!(!serving.await.unwrap(), "no session came of it");
}

#[tokio::test]
async fn an_expired_token_pauses_the_queue() {
    let refusal = |_: usize, at: At| match at {
        At::Auth => Fault::Say("334 eyJzdGF0dXMiOiI0MDAifQ=="),
        _ => Fault::Fine,
    };
    let server = ScriptedSmtp::start(refusal).await;
    let Mail::Servers { mut smtp, imap } = server.mail() else { unreachable!() };
    (smtp.auth, smtp.token_command) = (Auth::Xoauth2, "echo token".into());
    let outcome =
        send(&mut open(&Mail::Servers { imap, smtp }, Path::new("/")).with(impatient()), "a@example.net", 1).await;
    match outcome {
        Outcome::Paused(failure) => assert_eq!(failure.says, "server/login"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_maildir_gets_each_mail_once_whatever_is_retried() {
    let folder = tempfile::tempdir().unwrap();
    let sent = folder.path().join("not/yet/there");
    let mail = Mail::Maildir { inbox: String::new(), sent: sent.to_string_lossy().into_owned() };
    for _ in 0..3 {
        let mut submission = open(&mail, Path::new("/"));
        for n in 0..2 {
            assert_eq!(send(&mut submission, "jeanne@example.net", n).await, Outcome::Sent);
        }
    }
    let list =
        |part: &str| -> Vec<_> { std::fs::read_dir(sent.join(part)).unwrap().map(|e| e.unwrap().path()).collect() };
    let files = list("new");
    assert_eq!((files.len(), list("tmp").len()), (2, 0));
    // A mail program has read one of them.
    let read = sent.join("cur").join(format!("{}:2,S", files[0].file_name().unwrap().to_string_lossy()));
    std::fs::rename(&files[0], read).unwrap();
    for n in 0..2 {
        assert_eq!(send(&mut open(&mail, Path::new("/")), "jeanne@example.net", n).await, Outcome::Sent);
    }
    assert_eq!((list("new").len(), list("cur").len()), (1, 1));
}

#[tokio::test]
async fn a_maildir_that_cannot_be_written_pauses() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("file"), "").unwrap();
    let sent = folder.path().join("file/below").to_string_lossy().into_owned();
    let outcome =
        send(&mut open(&Mail::Maildir { inbox: String::new(), sent }, Path::new("/")), "a@example.net", 1).await;
    assert_eq!(word(&outcome), "paused", "{outcome:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_we_send_is_what_a_mailbox_shows() {
    // Rendered by us, delivered and read back over IMAP: nothing in between changes a byte.
    let dovecot = Dovecot::start();
    let bytes = render(&draft("asti@example.org", 1)).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    dovecot.deliver(0, &text.replace("\r\n", "\n"));
    let shown = dovecot.doveadm(0, &["fetch", "body", "mailbox", "INBOX"]);
    let body = text.split_once("\r\n\r\n").unwrap().1.replace("\r\n", "\n");
    assert!(shown.contains(body.trim_end()), "{shown}");
}
