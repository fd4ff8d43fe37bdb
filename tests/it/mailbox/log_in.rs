//! Before the first letter: certificates, STARTTLS and log-in. No password leaves where it must not.

use std::sync::{Arc, Mutex};

use astir_rsvp::config::{Auth, Mail, Security, Server};
use astir_rsvp::failure::{Consequence, Failure};
use astir_rsvp::mailbox::{Limits, Mailbox};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::{impatient, next, start};
use crate::servers::authority::Flaw;
use crate::servers::scripted_imap::{Act, ScriptedImap};
use crate::servers::{Authority, folder};

async fn refused(server: Server) -> Failure {
    let mail = Mail::Servers { imap: Box::new(server), smtp: Box::default() };
    let mut mailbox = Mailbox::open(&mail, std::path::Path::new("/")).unwrap().with(impatient(), Limits::default());
    let mut position = start(&mailbox);
    next(&mut mailbox, &mut position).await.unwrap_err()
}

#[tokio::test]
async fn a_refused_log_in_is_for_a_person_and_a_busy_server_is_not() {
    for (answer, expected) in [
        ("% NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)\r\n", (Consequence::Fatal, "server/login")),
        ("* NO [ALERT] Log in with your browser\r\n% NO no\r\n", (Consequence::Fatal, "server/login")),
        ("% NO [UNAVAILABLE] Temporary failure\r\n", (Consequence::Transient, "server/busy")),
        ("% NO Too many simultaneous connections\r\n", (Consequence::Transient, "server/busy")),
        ("* BYE overloaded\r\n", (Consequence::Transient, "server/closed")),
    ] {
        let server = ScriptedImap::start(1, move |_, command| match command {
            c if c.starts_with("LOGIN") => Act::Say(answer.into()),
            _ => Act::Usual,
        })
        .await;
        let failure = refused(server.server()).await;
        assert_eq!((failure.then, failure.says), expected, "{answer}");
        if answer.contains("ALERT") {
            assert_eq!(failure.with["answer"], "Log in with your browser");
        }
        assert!(!failure.to_string().contains("secret"), "{failure}");
    }
}

#[tokio::test]
async fn a_goodbye_for_a_greeting_is_waited_out() {
    for greeting in ["* BYE too busy\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n", "* NO no\r\n"] {
        let server = ScriptedImap::start(1, move |_, command| match command {
            "GREETING" => Act::SayClose(greeting.into()),
            _ => Act::Usual,
        })
        .await;
        let failure = refused(server.server()).await;
        assert_eq!((failure.then, failure.says), (Consequence::Transient, "server/closed"), "{greeting}");
        assert_eq!(server.heard("LOGIN"), 0);
    }
}

#[tokio::test]
async fn no_password_is_sent_where_the_server_forbids_it() {
    let server = ScriptedImap::start(1, |_, _| Act::Usual).await;
    server.state.lock().unwrap().abilities = "IMAP4rev1 LOGINDISABLED".into();
    let failure = refused(server.server()).await;
    assert_eq!((failure.then, failure.says), (Consequence::Fatal, "server/login-forbidden"));
    assert_eq!(server.heard("LOGIN"), 0);
}

#[tokio::test]
async fn no_password_is_sent_where_starttls_is_not_offered() {
    let server = ScriptedImap::start(1, |_, _| Act::Usual).await;
    let failure = refused(Server { security: Security::Starttls, ..server.server() }).await;
    assert_eq!((failure.then, failure.says), (Consequence::Fatal, "server/no-starttls"));
    assert_eq!(server.heard("LOGIN"), 0);
    let known = |_: usize, command: &str| match command {
        "GREETING" => Act::Say("* PREAUTH welcome\r\n".into()),
        _ => Act::Usual,
    };
    let server = ScriptedImap::start(1, known).await;
    let failure = refused(Server { security: Security::Starttls, ..server.server() }).await;
    assert_eq!(failure.says, "server/no-starttls", "a PREAUTH greeting must not skip TLS");
}

#[tokio::test]
async fn an_expired_token_is_reported_and_the_challenge_is_answered_with_an_empty_line() {
    let server = ScriptedImap::start(1, |_, command| match command {
        c if c.starts_with("AUTHENTICATE XOAUTH2") => Act::Say("+ eyJzdGF0dXMiOiI0MDAifQ==\r\n".into()),
        "" => Act::Say("r2 NO [AUTHENTICATIONFAILED] Invalid credentials\r\n".into()),
        _ => Act::Usual,
    })
    .await;
    server.state.lock().unwrap().abilities = "IMAP4rev1 AUTH=XOAUTH2 SASL-IR".into();
    let oauth = Server { auth: Auth::Xoauth2, token_command: "echo token".into(), ..server.server() };
    let failure = refused(oauth).await;
    assert_eq!((failure.then, failure.says), (Consequence::Fatal, "server/login"));
    assert_eq!(server.heard("AUTHENTICATE XOAUTH2"), 1);
}

#[tokio::test]
async fn a_certificate_that_cannot_be_trusted_is_refused_with_its_own_sentence() {
    let (ours, theirs) = (folder(), folder());
    let (authority, stranger) = (Authority::new(ours.path()), Authority::new(theirs.path()));
    for (signer, flaw, expected) in [
        (&authority, Flaw::Expired, "server/certificate-date"),
        (&authority, Flaw::OtherName, "server/certificate-name"),
        (&stranger, Flaw::None, "server/certificate-unknown"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let acceptor = signer.acceptor(flaw);
        let serving = tokio::spawn(async move {
            let (stream, _) = listener.accept().await.unwrap();
            assert!(acceptor.accept(stream).await.is_err(), "the handshake must fail");
        });
        let ca_file = authority.file().to_string_lossy().into_owned();
        let failure = refused(Server { ca_file, ..tls(port) }).await;
        assert_eq!((failure.then, failure.says), (Consequence::Fatal, expected), "{flaw:?}: {failure}");
        serving.await.unwrap();
    }
}

#[tokio::test]
async fn a_plaintext_server_where_tls_is_expected_is_said_as_such() {
    let server = ScriptedImap::start(1, |_, _| Act::Usual).await;
    assert_eq!(refused(tls(server.port)).await.says, "server/not-tls");
}

#[tokio::test]
async fn nobody_listening_is_waited_out() {
    let failure = refused(tls(crate::servers::free_port())).await;
    assert_eq!((failure.then, failure.says), (Consequence::Transient, "server/refused"));
}

#[tokio::test]
async fn what_is_slipped_in_before_the_handshake_does_not_count_after_it() {
    let folder = folder();
    let authority = Authority::new(folder.path());
    let acceptor = authority.acceptor(Flaw::None);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let said = heard.clone();
    let serving = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut plain = BufReader::new(stream);
        plain.write_all(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] hello\r\n").await.unwrap();
        let mut line = String::new();
        plain.read_line(&mut line).await.unwrap();
        // An answer to the next command, in plaintext, behind the answer to STARTTLS.
        let slipped = b"r1 OK go\r\n* CAPABILITY IMAP4rev1 AUTH=EVIL LOGINDISABLED\r\nr1 OK slipped in\r\n";
        plain.write_all(slipped).await.unwrap();
        let mut secured = BufReader::new(acceptor.accept(plain.into_inner()).await.unwrap());
        for answer in
            ["* CAPABILITY IMAP4rev1\r\nr1 OK done\r\n", "r2 OK welcome\r\n", "* CAPABILITY IMAP4rev1\r\nr3 OK\r\n"]
        {
            let mut line = String::new();
            secured.read_line(&mut line).await.unwrap();
            said.lock().unwrap().push(line);
            secured.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let ca_file = authority.file().to_string_lossy().into_owned();
    refused(Server { ca_file, security: Security::Starttls, ..tls(port) }).await;
    let _ = serving.await;
    let heard = heard.lock().unwrap();
    assert!(heard[0].contains("CAPABILITY"), "{heard:?}");
    assert!(heard[1].contains("LOGIN \"asti\" \"secret\""), "asked after the handshake, and answered: {heard:?}");
}

fn tls(port: u16) -> Server {
    Server {
        host: "127.0.0.1".into(),
        port,
        security: Security::Tls,
        user: "asti".into(),
        password_command: "echo secret".into(),
        folder: "INBOX".into(),
        ..Server::default()
    }
}
