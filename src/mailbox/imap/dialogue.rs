//! One command, one answer: success only at our own tagged OK.
//!
//! async-imap 0.12 reports a tagged NO and a clean close as an empty success (chatmail/async-imap#95), and waits for
//! ever; here it only frames and parses. Promises: a deadline on every answer, counted without progress and in all; a
//! parser that panics or gives up is a failure like others. Never: passes a server's text on to the log.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use async_imap::Client;
use async_imap::imap_proto::{Capability, MailboxDatum, Outcome, Response, ResponseCode, Status};
use futures_util::FutureExt;
use tokio::io::AsyncWriteExt;
use tokio::time::{Instant, timeout};

use crate::config::Server;
use crate::failure::Failure;
use crate::wire::{Deadlines, Stream, about};

/// Why a command did not succeed.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Tagged NO or BAD; the connection is still in step.
    Refused { command: &'static str, answer: String },
    /// An answer that cannot be read; the connection is of no more use.
    Unparsable,
    /// The connection ended.
    Lost(&'static str),
    /// Too slow.
    Slow(&'static str),
    /// Known elsewhere by its sentence.
    Other(Failure),
}

/// What a command gave, or why it did not.
pub(super) type Answered<T> = Result<T, Trouble>;

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Other(failure)
    }
}

impl Trouble {
    /// As the caller of the mailbox sees it.
    pub fn failure(self, server: &Server) -> Failure {
        match self {
            Self::Other(failure) => failure,
            Self::Refused { command, answer } if passing(&answer) => {
                about(Failure::transient("server/busy"), server).with("answer", answer).detail(command)
            }
            Self::Refused { command, answer } => about(Failure::transient("server/answer"), server)
                .with("command", command)
                .with("answer", answer)
                .detail(format!("{command} was refused")),
            Self::Unparsable => about(Failure::transient("server/unparsable"), server).detail("unreadable answer"),
            Self::Lost(when) => about(Failure::transient("server/closed"), server).detail(when),
            Self::Slow(when) => crate::wire::slow(server, when),
        }
    }
}

/// A refusal that time will mend (RFC 5530, and what Gmail, Exchange and Orange write instead).
pub(super) fn passing(answer: &str) -> bool {
    const SIGNS: [&str; 11] = [
        "[UNAVAILABLE]",
        "[INUSE]",
        "[LIMIT]",
        "[SERVERBUG]",
        "[THROTTLED]",
        "[OVERQUOTA]",
        "TOO MANY",
        "TRY AGAIN",
        "TEMPORAR",
        "OFR004_104",
        "BACKEND",
    ];
    let answer = answer.to_ascii_uppercase();
    SIGNS.iter().any(|sign| answer.contains(sign))
}

/// A connection that speaks IMAP.
#[derive(Debug)]
pub(super) struct Dialogue {
    client: Client<Stream>,
    deadlines: Deadlines,
    tag: u32,
    /// The server said that mail came, since the flag was last lowered.
    pub news: bool,
    /// The last `[ALERT]` (RFC 3501 §7.1): to be shown to a person.
    pub alert: String,
}

/// What one answer means for the command that waits.
enum Seen {
    Ours(bool, String, Vec<String>),
    Continue,
    Bye,
    OutOfStep,
    Exists,
    Data,
}

impl Dialogue {
    /// Over a connection that has just been made or secured.
    pub fn new(stream: Stream, deadlines: Deadlines) -> Self {
        Self { client: Client::new(stream), deadlines, tag: 0, news: false, alert: String::new() }
    }

    /// The bare connection, for STARTTLS. Whatever the server sent beyond its answer is thrown away unread, so nothing
    /// slipped in before the handshake counts afterwards.
    pub fn into_stream(self) -> Stream {
        self.client.into_inner()
    }

    /// The greeting: capabilities when it names them. BYE is a failure, PREAUTH says so.
    pub async fn greeting(&mut self) -> Answered<(bool, Vec<String>)> {
        let end = Instant::now() + self.deadlines.greeting;
        let read = self.read(self.deadlines.greeting, end, "greeting", |response| match response {
            Response::Data { status: Status::Ok, outcome } => Some((false, named(outcome))),
            Response::Data { status: Status::PreAuth, outcome } => Some((true, named(outcome))),
            _ => None,
        });
        match read.await {
            Ok(Some(greeting)) => Ok(greeting),
            Ok(None) => Err(Trouble::Lost("the greeting is no welcome")),
            Err(Trouble::Unparsable) => Err(Trouble::Lost("the greeting is not IMAP")),
            Err(trouble) => Err(trouble),
        }
    }

    /// Runs a command to its tagged OK; `on` sees every untagged answer on the way. Gives the capabilities that the OK
    /// names, when it does. `name` is what the log may call it.
    pub async fn command(
        &mut self,
        name: &'static str,
        text: impl AsRef<str>,
        mut on: impl FnMut(&Response<'_>),
    ) -> Answered<Vec<String>> {
        let tag = self.send(name, text.as_ref()).await?;
        let end = Instant::now() + self.deadlines.batch;
        loop {
            match self.hear(&tag, self.deadlines.command, end, name, &mut on).await? {
                Seen::Ours(true, _, capabilities) => return Ok(capabilities),
                Seen::Ours(false, answer, _) => return Err(Trouble::Refused { command: name, answer }),
                Seen::Continue => return Err(Trouble::Lost("a continuation nobody asked for")),
                Seen::Exists => self.news = true,
                _ => {}
            }
        }
    }

    /// AUTHENTICATE (RFC 3501 §6.2.2): the first challenge is answered with `response`, any further one (XOAUTH2's
    /// error report, RFC 7628 §3.2.3) with an empty line, after which the server says NO.
    pub async fn authenticate(&mut self, mechanism: &str, response: &str, initial: bool) -> Answered<Vec<String>> {
        let name = "AUTHENTICATE";
        let text = match initial {
            true => format!("AUTHENTICATE {mechanism} {response}"),
            false => format!("AUTHENTICATE {mechanism}"),
        };
        let tag = self.send(name, &text).await?;
        let end = Instant::now() + self.deadlines.batch;
        let mut due = (!initial).then_some(response);
        for _ in 0..20 {
            match self.hear(&tag, self.deadlines.command, end, name, &mut |_| {}).await? {
                Seen::Ours(true, _, capabilities) => return Ok(capabilities),
                Seen::Ours(false, answer, _) => return Err(Trouble::Refused { command: name, answer }),
                Seen::Continue => self.write(name, &format!("{}\r\n", due.take().unwrap_or_default())).await?,
                _ => {}
            }
        }
        Err(Trouble::Lost("endless challenges"))
    }

    /// IDLE (RFC 2177) until mail comes or `within` has passed; by our own clock, because the server's keepalives
    /// would hold the crate's for ever. True when mail came.
    pub async fn idle(&mut self, within: Duration) -> Answered<bool> {
        let name = "IDLE";
        let tag = self.send(name, name).await?;
        let asked = Instant::now();
        let mut end = asked + self.deadlines.command;
        let mut idling = false;
        while !self.news {
            match self.hear(&tag, self.deadlines.batch.max(within), end, name, &mut |_| {}).await {
                Ok(Seen::Continue) => {
                    idling = true;
                    end = asked + within;
                }
                Ok(Seen::Exists) => self.news = true,
                Ok(Seen::Ours(true, ..)) => return Ok(self.news),
                Ok(Seen::Ours(false, answer, _)) => return Err(Trouble::Refused { command: name, answer }),
                Ok(_) => {}
                Err(Trouble::Slow(_)) if idling => break,
                Err(trouble) => return Err(trouble),
            }
        }
        self.write("DONE", "DONE\r\n").await?;
        let end = Instant::now() + self.deadlines.done;
        loop {
            match self.hear(&tag, self.deadlines.done, end, "DONE", &mut |_| {}).await? {
                Seen::Ours(true, ..) => return Ok(self.news),
                Seen::Ours(false, answer, _) => return Err(Trouble::Refused { command: name, answer }),
                Seen::Exists => self.news = true,
                _ => {}
            }
        }
    }

    async fn send(&mut self, name: &'static str, text: &str) -> Answered<String> {
        self.tag += 1;
        let tag = format!("r{}", self.tag);
        // One write: one TLS record, one packet.
        self.write(name, &format!("{tag} {text}\r\n")).await?;
        Ok(tag)
    }

    async fn write(&mut self, name: &'static str, line: &str) -> Answered<()> {
        let within = self.deadlines.command;
        let stream = self.client.get_mut();
        let written = async {
            stream.write_all(line.as_bytes()).await?;
            stream.flush().await
        };
        match timeout(within, written).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Trouble::Lost(name)),
            Err(_) => Err(Trouble::Slow(name)),
        }
    }

    /// The next answer, sorted by what it means for the command `tag`.
    async fn hear(
        &mut self,
        tag: &str,
        still: Duration,
        end: Instant,
        name: &'static str,
        on: &mut impl FnMut(&Response<'_>),
    ) -> Answered<Seen> {
        let mut alert = None;
        let seen = self.read(still, end, name, |response| {
            on(response);
            match response {
                Response::Done { tag: t, status, outcome } if t.0 == tag => {
                    Seen::Ours(*status == Status::Ok, text(outcome), named(outcome))
                }
                Response::Done { .. } => Seen::OutOfStep,
                Response::Continue(_) => Seen::Continue,
                Response::Data { status: Status::Bye, .. } => Seen::Bye,
                Response::Data { outcome: o @ Outcome { code: Some(ResponseCode::Alert), .. }, .. } => {
                    alert = Some(text(o));
                    Seen::Data
                }
                Response::MailboxData(MailboxDatum::Exists(_)) => Seen::Exists,
                _ => Seen::Data,
            }
        });
        let seen = seen.await?;
        if let Some(alert) = alert {
            self.alert = alert;
        }
        match seen {
            Seen::Bye => Err(Trouble::Lost("BYE")),
            Seen::OutOfStep => Err(Trouble::Lost("an answer to another command")),
            seen => Ok(seen),
        }
    }

    /// Reads one response: at most `still` without a byte, and not beyond `end`.
    async fn read<R>(
        &mut self,
        still: Duration,
        end: Instant,
        name: &'static str,
        see: impl FnOnce(&Response<'_>) -> R,
    ) -> Answered<R> {
        loop {
            let before = self.client.get_ref().received();
            let left = end.saturating_duration_since(Instant::now());
            let response = AssertUnwindSafe(self.client.read_response()).catch_unwind();
            match timeout(still.min(left), response).await {
                Ok(Ok(Ok(Some(response)))) => return Ok(see(response.parsed())),
                Ok(Ok(Ok(None))) => return Err(Trouble::Lost(name)),
                // The parser's own complaint repeats the whole answer: not passed on.
                Ok(Ok(Err(e))) if e.kind() == std::io::ErrorKind::Other => return Err(Trouble::Unparsable),
                Ok(Ok(Err(_))) => return Err(Trouble::Lost(name)),
                Ok(Err(_panic)) => return Err(Trouble::Unparsable),
                Err(_) if still < left && self.client.get_ref().received() > before => {}
                Err(_) => return Err(Trouble::Slow(name)),
            }
        }
    }
}

/// The human part of an answer; a code that the parser does not know is still in it.
fn text(outcome: &Outcome<'_>) -> String {
    outcome.information.as_deref().unwrap_or_default().to_owned()
}

/// Capabilities named in an answer's code.
fn named(outcome: &Outcome<'_>) -> Vec<String> {
    match &outcome.code {
        Some(ResponseCode::Capabilities(list)) => capabilities(list),
        _ => Vec::new(),
    }
}

/// Upper-cased names.
pub(super) fn capabilities(list: &[Capability<'_>]) -> Vec<String> {
    let name = |c: &Capability<'_>| match c {
        Capability::Imap4rev1 => "IMAP4REV1".to_owned(),
        Capability::Auth(mechanism) => format!("AUTH={}", mechanism.to_ascii_uppercase()),
        Capability::Atom(atom) => atom.to_ascii_uppercase(),
    };
    list.iter().map(name).collect()
}
