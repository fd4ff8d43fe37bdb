//! Beside the letters: what was sent, who answered by hand, and what `check` wants to know.
//!
//! Promises: looks only (`EXAMINE`, `UID SEARCH`, `LIST`); leaves the reading of letters where it was.

use std::collections::HashSet;

use async_imap::imap_proto::{AttributeValue, MailboxDatum, NameAttribute, Response};

use super::dialogue::{Answered, Dialogue};
use super::name::{quoted, set, shown};
use super::{Imap, Session, fetch};
use crate::draft::MARK;
use crate::failure::Result;
use crate::mailbox::{Filed, Probe};

/// The last part of its name where a server gives no attribute, in modified UTF-7, lower-cased.
const SENT_NAMES: [&str; 7] = [
    "sent",
    "sent items",
    "sent messages",
    "outbox", // Orange
    "envoy&aok-s",
    "messages envoy&aok-s",
    "&amk-l&aok-ments envoy&aok-s",
];
/// Where what is sent by SMTP is filed by the server (so does Gmail, known by its capability).
const MICROSOFT: [&str; 3] = [".office365.com", ".outlook.com", ".hotmail.com"];
/// Letters whose Authentication-Results are compared.
const RECENT: usize = 20;

impl Imap {
    pub async fn sent_contains(&mut self, message_id: &str) -> Result<Filed> {
        let mut session = self.session().await.map_err(|t| t.failure(&self.server))?;
        let filed = self.filed(&mut session, message_id).await.map_err(|t| t.failure(&self.server))?;
        self.session = Some(session);
        Ok(filed)
    }

    async fn filed(&self, session: &mut Session, message_id: &str) -> Answered<Filed> {
        if !self.open_sent(session).await? {
            return Ok(Filed::Unknown);
        }
        let id = quoted(&format!("<{message_id}>"));
        // Exchange gives every mail an id of its own and keeps ours aside.
        let criteria = format!("OR HEADER Message-ID {id} HEADER X-Microsoft-Original-Message-ID {id}");
        let dialogue = &mut session.dialogue;
        if !fetch::search(dialogue, &criteria).await?.is_empty() {
            return Ok(Filed::Yes);
        }
        let host = self.server.host.to_ascii_lowercase();
        let files = session.abilities.contains("X-GM-EXT-1") || MICROSOFT.iter().any(|name| host.ends_with(name));
        let files = files || !fetch::search(dialogue, &format!("HEADER {MARK} \"\"")).await?.is_empty();
        Ok(if files { Filed::No } else { Filed::Unknown })
    }

    pub async fn answered_by_hand(&mut self, message_ids: &[String]) -> Result<bool> {
        // A stranger's Message-ID may hold anything; SEARCH takes ASCII.
        let plain = |id: &&String| !id.is_empty() && id.len() <= 250 && id.bytes().all(|b| b.is_ascii_graphic());
        let ids: Vec<String> = message_ids.iter().filter(plain).map(|id| format!("<{id}>")).collect();
        let mut session = self.session().await.map_err(|t| t.failure(&self.server))?;
        let answered = self.answered(&mut session, &ids).await.map_err(|t| t.failure(&self.server))?;
        self.session = Some(session);
        Ok(answered)
    }

    async fn answered(&self, session: &mut Session, ids: &[String]) -> Answered<bool> {
        if ids.is_empty() || !self.open_sent(session).await? {
            return Ok(false);
        }
        for id in ids {
            let criteria = format!("OR HEADER In-Reply-To {0} HEADER References {0}", quoted(id));
            let found = fetch::search(&mut session.dialogue, &criteria).await?;
            if !found.is_empty() && by_hand(&mut session.dialogue, &found, id).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Opens the folder of sent mail; `false` when there is none. The next look at letters starts anew.
    async fn open_sent(&self, session: &mut Session) -> Answered<bool> {
        let Some(folder) = sent(session).await? else { return Ok(false) };
        session.plan = None;
        self.examine(session, &folder).await?;
        session.folder = None;
        Ok(true)
    }

    pub async fn probe(&mut self) -> Result<Probe> {
        let mut session = self.session().await.map_err(|t| t.failure(&self.server))?;
        let probe = self.probed(&mut session).await.map_err(|t| t.failure(&self.server))?;
        self.session = Some(session);
        Ok(probe)
    }

    async fn probed(&self, session: &mut Session) -> Answered<Probe> {
        session.plan = None;
        let view = self.examine(session, &self.folder).await?;
        let authserv_id = match view.exists {
            0 => None,
            _ => verdict_of(&mut session.dialogue).await?,
        };
        let sent_folder = sent(session).await?.is_some();
        session.folder = None;
        let idle = session.abilities.contains("IDLE");
        Ok(Probe { letters: view.exists as usize, idle, sent_folder, authserv_id })
    }
}

/// The folder that mail programs file sent mail in: by attribute (RFC 6154), since its name is in any language.
async fn sent(session: &mut Session) -> Answered<Option<String>> {
    let text = match session.abilities.contains("SPECIAL-USE") && session.abilities.contains("LIST-EXTENDED") {
        true => "LIST \"\" \"*\" RETURN (SPECIAL-USE)",
        false => "LIST \"\" \"*\"",
    };
    let (mut marked, mut named) = (None, None);
    let seen = session.dialogue.command("LIST", text, |response| {
        let Response::MailboxData(MailboxDatum::List(list)) = response else { return };
        let name = list.name.as_ref();
        let last = list.delimiter.as_deref().and_then(|d| name.rsplit(d).next()).unwrap_or(name).to_ascii_lowercase();
        if list.name_attributes.contains(&NameAttribute::Sent) {
            marked.get_or_insert_with(|| name.to_owned());
        } else if SENT_NAMES.contains(&last.as_str()) && !list.name_attributes.contains(&NameAttribute::NoSelect) {
            named.get_or_insert_with(|| name.to_owned());
        }
    });
    seen.await?;
    Ok(marked.or(named))
}

/// The names of the folders, as a person reads them: to choose from when one is misspelt.
pub(super) async fn folders(session: &mut Session) -> Answered<Vec<String>> {
    let mut names = Vec::new();
    let seen = session.dialogue.command("LIST", "LIST \"\" \"*\"", |response| {
        if let Response::MailboxData(MailboxDatum::List(list)) = response
            && !list.name_attributes.contains(&NameAttribute::NoSelect)
        {
            names.push(shown(&list.name));
        }
    });
    seen.await?;
    Ok(names)
}

/// Whether one of these sent mails names `id` and does not bear our mark. Read rather than searched for: servers
/// search headers they do not index as they like.
async fn by_hand(dialogue: &mut Dialogue, uids: &[u32], id: &str) -> Answered<bool> {
    let text = format!("UID FETCH {} (UID BODY.PEEK[HEADER.FIELDS ({MARK} IN-REPLY-TO REFERENCES)])", set(uids));
    let mut found = false;
    let mark = format!("{}:", MARK.to_ascii_lowercase());
    let seen = dialogue.command("FETCH", text, |response| {
        for head in headers(response) {
            found |= head.contains(id) && !head.lines().any(|line| line.to_ascii_lowercase().starts_with(&mark));
        }
    });
    seen.await?;
    Ok(found)
}

/// The header blocks in an answer to FETCH.
fn headers(response: &Response<'_>) -> Vec<String> {
    let Response::Fetch(_, attributes) = response else { return Vec::new() };
    let block = |a: &AttributeValue<'_>| match a {
        AttributeValue::BodySection { data: Some(data), .. } => Some(String::from_utf8_lossy(data).into_owned()),
        _ => None,
    };
    attributes.iter().filter_map(block).collect()
}

/// Who wrote the topmost Authentication-Results of the last letters, if all that have one agree. The topmost is the
/// last one added: by the server that keeps the mailbox.
async fn verdict_of(dialogue: &mut Dialogue) -> Answered<Option<String>> {
    let uids = fetch::search(dialogue, "ALL").await?;
    let recent = uids.get(uids.len().saturating_sub(RECENT)..).unwrap_or_default();
    if recent.is_empty() {
        return Ok(None);
    }
    let text = format!("UID FETCH {} (UID BODY.PEEK[HEADER.FIELDS (AUTHENTICATION-RESULTS)])", set(recent));
    let mut named = HashSet::new();
    let seen = dialogue.command("FETCH", text, |response| {
        named.extend(headers(response).iter().filter_map(|head| authserv(head)));
    });
    seen.await?;
    Ok(if named.len() == 1 { named.into_iter().next() } else { None })
}

/// The authserv-id of the first header in a block (RFC 8601 §2.2), lower-cased, without its version.
fn authserv(header: &str) -> Option<String> {
    let (_, value) = header.split_once(':')?;
    let id = value.split(';').next()?.split_whitespace().next()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    id.chars().all(plain).then(|| id.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_authserv_id_is_the_first_word_of_the_topmost_header() {
        let block = "Authentication-Results: mx.Google.com;\r\n dkim=pass\r\nAuthentication-Results: forged.example; spf=pass\r\n";
        assert_eq!(authserv(block).unwrap(), "mx.google.com");
        assert_eq!(authserv("Authentication-Results: orange.fr 1; none").unwrap(), "orange.fr");
        assert_eq!(authserv("\r\n"), None);
    }
}
