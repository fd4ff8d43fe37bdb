//! From nothing to a logged-in session.
//!
//! Promises: no password before TLS (but to the loopback where the configuration says so), none where the server
//! forbids LOGIN; a refused log-in is told apart from a busy server.

use std::collections::HashSet;
use std::path::Path;

use async_imap::imap_proto::Response;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::dialogue::{Answered, Dialogue, Trouble, capabilities, passing};
use super::name::quoted;
use crate::config::{Auth, Security, Server};
use crate::failure::Failure;
use crate::wire::{self, Deadlines, Secret, Tls, about};

/// What the server can do, upper-cased (`IDLE`, `AUTH=PLAIN`…).
pub(super) type Abilities = HashSet<String>;

/// Connects, secures, greets and logs in.
pub(super) async fn login(
    server: &Server,
    beside: &Path,
    tls: &mut Option<Tls>,
    deadlines: Deadlines,
) -> Answered<(Dialogue, Abilities)> {
    let secret = wire::secret(server, "imap", beside).await?;
    let (mut dialogue, mut abilities, known) = secured(server, beside, tls, deadlines).await?;
    if known {
        abilities = ask(&mut dialogue, Vec::new()).await?;
    } else {
        let told = authenticate(&mut dialogue, server, &secret, &abilities).await;
        let told = told.map_err(|trouble| refused(trouble, server, &dialogue))?;
        abilities = ask(&mut dialogue, told).await?;
    }
    if abilities.contains("ID") {
        // Gmail asks for it, some servers serve nobody without it (RFC 2971). A refusal changes nothing.
        let id = concat!("ID (\"name\" \"astir-rsvp\" \"version\" \"", env!("CARGO_PKG_VERSION"), "\")");
        match dialogue.command("ID", id, |_| {}).await {
            Ok(_) | Err(Trouble::Refused { .. }) => {}
            Err(trouble) => return Err(trouble),
        }
    }
    Ok((dialogue, abilities))
}

/// A connection as secure as the configuration wants it, its abilities, and whether the server knows us already.
async fn secured(
    server: &Server,
    beside: &Path,
    tls: &mut Option<Tls>,
    deadlines: Deadlines,
) -> Answered<(Dialogue, Abilities, bool)> {
    let mut stream = wire::connect(server, &deadlines).await?;
    if server.security != Security::None && tls.is_none() {
        *tls = Some(Tls::new(server, beside)?);
    }
    if let (Security::Tls, Some(tls)) = (server.security, &*tls) {
        stream = stream.secure(server, tls, &deadlines).await?;
    }
    let mut dialogue = Dialogue::new(stream, deadlines);
    let (mut known, told) = dialogue.greeting().await?;
    let mut abilities = ask(&mut dialogue, told).await?;
    if let (Security::Starttls, Some(tls)) = (server.security, &*tls) {
        if known || !abilities.contains("STARTTLS") {
            return Err(about(Failure::fatal("server/no-starttls"), server).into());
        }
        dialogue.command("STARTTLS", "STARTTLS", |_| {}).await?;
        let stream = dialogue.into_stream().secure(server, tls, &deadlines).await?;
        dialogue = Dialogue::new(stream, deadlines);
        // What was said before TLS may have been said by anybody (RFC 3501 §6.2.1).
        abilities = ask(&mut dialogue, Vec::new()).await?;
        known = false;
    }
    Ok((dialogue, abilities, known))
}

/// What the server can do: as told, else as asked. A server that names nothing is a connection gone wrong.
async fn ask(dialogue: &mut Dialogue, told: Vec<String>) -> Answered<Abilities> {
    let mut found = told;
    if found.is_empty() {
        let named = dialogue.command("CAPABILITY", "CAPABILITY", |response| {
            if let Response::Capabilities(list) = response {
                found.extend(capabilities(list));
            }
        });
        let named = named.await?;
        found.extend(named);
    }
    if found.is_empty() { Err(Trouble::Lost("no capability named")) } else { Ok(found.into_iter().collect()) }
}

async fn authenticate(
    dialogue: &mut Dialogue,
    server: &Server,
    secret: &Secret,
    abilities: &Abilities,
) -> Answered<Vec<String>> {
    let (user, password) = (server.user.as_str(), secret.reveal());
    let initial = abilities.contains("SASL-IR");
    if server.auth == Auth::Xoauth2 {
        let token = STANDARD.encode(format!("user={user}\u{1}auth=Bearer {password}\u{1}\u{1}"));
        return dialogue.authenticate("XOAUTH2", &token, initial).await;
    }
    let forbidden = abilities.contains("LOGINDISABLED");
    let plain = abilities.contains("AUTH=PLAIN");
    if forbidden && !plain {
        return Err(about(Failure::fatal("server/login-forbidden"), server).into());
    }
    // A quoted string holds ASCII only (RFC 3501 §4.3).
    if forbidden || !user.is_ascii() || !password.is_ascii() {
        let response = STANDARD.encode(format!("\0{user}\0{password}"));
        return dialogue.authenticate("PLAIN", &response, initial).await;
    }
    dialogue.command("LOGIN", format!("LOGIN {} {}", quoted(user), quoted(password)), |_| {}).await
}

/// A log-in that the server refused: a person must act, unless the server says that it will pass.
fn refused(trouble: Trouble, server: &Server, dialogue: &Dialogue) -> Trouble {
    match trouble {
        Trouble::Refused { answer, .. } if !passing(&answer) => {
            let shown = if dialogue.alert.is_empty() { answer } else { dialogue.alert.clone() };
            let failure = about(Failure::fatal("server/login"), server);
            failure.with("user", &server.user).with("answer", shown).detail("log-in refused").into()
        }
        other => other,
    }
}
