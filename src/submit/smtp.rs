//! One mail over SMTP, stage by stage, over lettre's bare connection.
//!
//! lettre's own `send` hides the stage of a failure and its pool falls out of step after a timeout; here each command
//! is ours, each wait has a deadline, and the stream tells whether the end of the data was handed to the network.
//! Never: plaintext beyond the loopback; a connection reused after an error.

use std::path::{Path, PathBuf};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::{Response, Severity};
use tokio::time::timeout;

use super::stream::{Dot, Watched};
use super::verdict::{Stage, refused};
use super::{Envelope, Outcome, compose, stream};
use crate::config::{Auth, Security, Server};
use crate::failure::{Consequence, Failure};
use crate::wire::{self, Deadlines, Secret, Tls, about};

/// The way to one server.
pub(super) struct Smtp {
    server: Server,
    beside: PathBuf,
    pub deadlines: Deadlines,
    tls: Option<Tls>,
    open: Option<Open>,
}

/// A logged-in connection.
struct Open {
    connection: AsyncSmtpConnection,
    dot: Dot,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Smtp").field("host", &self.server.host).field("open", &self.open.is_some()).finish()
    }
}

impl Smtp {
    pub fn new(server: &Server, beside: &Path) -> Self {
        let (server, beside) = (server.clone(), beside.to_path_buf());
        Self { server, beside, deadlines: Deadlines::default(), tls: None, open: None }
    }

    pub async fn send(
        &mut self,
        envelope: &Envelope,
        bytes: &[u8],
        before_data: impl FnOnce() -> Result<(), Failure>,
    ) -> Outcome {
        let kept = self.open.is_some();
        let mut open = match self.take().await {
            Ok(open) => open,
            Err(outcome) => return outcome,
        };
        let mut accepted = self.envelope(&mut open, envelope, bytes).await;
        if kept && matches!(&accepted, Err(Outcome::Transient(f)) if f.says == "server/closed") {
            // The server may have closed a connection kept from an earlier mail; nothing was sent on it.
            open = match self.connect().await {
                Ok(open) => open,
                Err(outcome) => return outcome,
            };
            accepted = self.envelope(&mut open, envelope, bytes).await;
        }
        if let Err(outcome) = accepted {
            return outcome;
        }
        if let Err(failure) = before_data() {
            return Outcome::Transient(failure);
        }
        let outcome = self.content(&mut open, bytes, &envelope.to).await;
        if outcome == Outcome::Sent {
            self.open = Some(open);
        }
        outcome
    }

    pub async fn probe(&mut self) -> Result<(), Failure> {
        match self.take().await {
            Ok(open) => {
                self.open = Some(open);
                self.close().await;
                Ok(())
            }
            Err(Outcome::Transient(f) | Outcome::Permanent(f) | Outcome::Uncertain(f) | Outcome::Paused(f)) => Err(f),
            Err(Outcome::Sent) => Ok(()),
        }
    }

    pub async fn close(&mut self) {
        if let Some(mut open) = self.open.take() {
            let _ = timeout(Duration::from_secs(2), open.connection.quit()).await;
        }
    }

    async fn take(&mut self) -> Result<Open, Outcome> {
        match self.open.take() {
            Some(open) => Ok(open),
            None => self.connect().await,
        }
    }

    /// A new connection, secured and logged in.
    async fn connect(&mut self) -> Result<Open, Outcome> {
        let secret = match self.server.user.is_empty() {
            true => None,
            false => Some(wire::secret(&self.server, "smtp", &self.beside).await.map_err(paused)?),
        };
        let (watched, dot) = self.secured().await.map_err(paused)?;
        let hello = ClientId::default();
        let greeted = AsyncSmtpConnection::connect_with_transport(Box::new(watched), &hello);
        let connection = match timeout(self.deadlines.greeting, greeted).await {
            Ok(Ok(connection)) => connection,
            Ok(Err(e)) => return Err(self.failed(Stage::Hello, &e, "")),
            Err(_) => return Err(Outcome::Transient(wire::slow(&self.server, "greeting"))),
        };
        let mut open = Open { connection, dot };
        if let Some(secret) = secret {
            self.login(&mut open, &secret).await?;
        }
        Ok(open)
    }

    async fn secured(&mut self) -> Result<(Watched, Dot), Failure> {
        let server = &self.server;
        let mut plain = wire::connect(server, &self.deadlines).await?;
        if server.security == Security::None {
            return Ok(Watched::new(plain, b""));
        }
        let tls = match self.tls.take() {
            Some(tls) => tls,
            None => Tls::new(server, &self.beside)?,
        };
        let mut greeting: &'static [u8] = b"";
        if server.security == Security::Starttls {
            stream::starttls(&mut plain, server, &self.deadlines).await?;
            // lettre waits for a greeting, and after STARTTLS there is none.
            greeting = b"220 secured\r\n";
        }
        let secured = plain.secure(server, &tls, &self.deadlines).await?;
        self.tls = Some(tls);
        Ok(Watched::new(secured, greeting))
    }

    async fn login(&self, open: &mut Open, secret: &Secret) -> Result<(), Outcome> {
        let (user, password) = (self.server.user.as_str(), secret.reveal());
        let info = open.connection.server_info();
        let only_login =
            info.supports_auth_mechanism(Mechanism::Login) && !info.supports_auth_mechanism(Mechanism::Plain);
        let login = async {
            if self.server.auth == Auth::Xoauth2 {
                let token = STANDARD.encode(format!("user={user}\u{1}auth=Bearer {password}\u{1}\u{1}"));
                let reply = open.connection.command(format!("AUTH XOAUTH2 {token}\r\n")).await?;
                // A challenge is the error report; an empty line fetches the refusal itself.
                return if reply.has_code(334) { open.connection.command("\r\n").await } else { Ok(reply) };
            }
            if only_login {
                let credentials = Credentials::new(user.to_owned(), password.to_owned());
                return open.connection.auth(&[Mechanism::Login], &credentials).await;
            }
            let response = STANDARD.encode(format!("\0{user}\0{password}"));
            open.connection.command(format!("AUTH PLAIN {response}\r\n")).await
        };
        match timeout(self.deadlines.reply, login).await {
            Ok(Ok(reply)) if reply.has_code(235) => Ok(()),
            Ok(Ok(_)) => Err(self.out_of_step()),
            Ok(Err(e)) => Err(self.failed(Stage::Login, &e, "")),
            Err(_) => Err(Outcome::Transient(wire::slow(&self.server, "AUTH"))),
        }
    }

    /// MAIL, RCPT and DATA: after it, the server waits for the content.
    async fn envelope(&self, open: &mut Open, envelope: &Envelope, bytes: &[u8]) -> Result<(), Outcome> {
        let from = envelope.from.as_deref().map(compose::address).transpose().map_err(Outcome::Permanent)?;
        let to = compose::address(&envelope.to).map_err(Outcome::Permanent)?;
        let eight = !bytes.is_ascii() && open.connection.server_info().supports_feature(Extension::EightBitMime);
        let parameters = if eight { vec![MailParameter::Body(MailBodyParameter::EightBitMime)] } else { Vec::new() };
        let connection = &mut open.connection;
        let reply = timeout(self.deadlines.reply, connection.command(Mail::new(from, parameters))).await;
        self.expect(Stage::Sender, Severity::PositiveCompletion, reply, &envelope.to)?;
        let reply = timeout(self.deadlines.reply, connection.command(Rcpt::new(to, Vec::new()))).await;
        self.expect(Stage::Recipient, Severity::PositiveCompletion, reply, &envelope.to)?;
        let reply = timeout(self.deadlines.reply, connection.command(Data)).await;
        self.expect(Stage::Data, Severity::PositiveIntermediate, reply, &envelope.to)
    }

    fn expect(
        &self,
        stage: Stage,
        wanted: Severity,
        reply: Result<Result<Response, Error>, tokio::time::error::Elapsed>,
        to: &str,
    ) -> Result<(), Outcome> {
        match reply {
            Ok(Ok(reply)) if reply.code().severity == wanted => Ok(()),
            Ok(Ok(_)) => Err(self.out_of_step()),
            Ok(Err(e)) => Err(self.failed(stage, &e, to)),
            Err(_) => Err(Outcome::Transient(wire::slow(&self.server, "reply"))),
        }
    }

    /// The content, its end, and the answer to it: the one place where doubt can arise.
    async fn content(&self, open: &mut Open, bytes: &[u8], to: &str) -> Outcome {
        open.dot.reset();
        let reply = timeout(self.deadlines.dot, open.connection.message(bytes)).await;
        let doubt = |detail: &str| about(Failure::transient("submit/uncertain"), &self.server).detail(detail);
        match reply {
            Ok(Ok(reply)) if reply.code().severity == Severity::PositiveCompletion => Outcome::Sent,
            Ok(Ok(_)) => Outcome::Uncertain(doubt("an answer out of step")),
            Ok(Err(e)) if e.status().is_some() => self.failed(Stage::Content, &e, to),
            Ok(Err(_)) if open.dot.sent() => Outcome::Uncertain(doubt("connection lost after the data")),
            Err(_) if open.dot.sent() => Outcome::Uncertain(doubt("no answer to the data in time")),
            Ok(Err(e)) => self.failed(Stage::Content, &e, to),
            Err(_) => Outcome::Transient(wire::slow(&self.server, "data")),
        }
    }

    fn failed(&self, stage: Stage, e: &Error, to: &str) -> Outcome {
        let answer = std::error::Error::source(e).map(ToString::to_string).unwrap_or_default();
        match e.status() {
            Some(code) => refused(stage, u16::from(code), &answer, &self.server, to),
            None => {
                let detail = format!("connection lost at {stage:?}");
                Outcome::Transient(about(Failure::transient("server/closed"), &self.server).detail(detail))
            }
        }
    }

    fn out_of_step(&self) -> Outcome {
        Outcome::Transient(about(Failure::transient("server/unparsable"), &self.server).detail("an answer out of step"))
    }
}

/// Before a connection stands: what a person must mend pauses everything, the rest is waited out.
fn paused(failure: Failure) -> Outcome {
    match failure.then {
        Consequence::Transient => Outcome::Transient(failure),
        _ => Outcome::Paused(failure),
    }
}
