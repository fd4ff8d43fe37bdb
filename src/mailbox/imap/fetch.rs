//! What the folder holds, and the bytes of letters.
//!
//! Promises: `EXAMINE` and `BODY.PEEK[]` only, closed ranges only (`n:*` gives the last letter again); an answer
//! counts if it names a UID that was asked for and what was asked of it: others are people marking mail meanwhile.
//! ENVELOPE and BODYSTRUCTURE are never asked for.

use std::collections::{BTreeMap, HashMap, HashSet};

use async_imap::imap_proto::{AttributeValue, MailboxDatum, Response, ResponseCode, StatusAttribute};
use jiff::civil::Date;
use jiff::fmt::strtime;
use jiff::{Timestamp, Zoned};

use super::dialogue::{Answered, Dialogue, Trouble};
use super::name::{quoted, set};

/// A folder as EXAMINE shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct View {
    /// Letters in it.
    pub exists: u32,
    /// RFC 3501 §2.3.1.1.
    pub uid_validity: u32,
    /// Every letter has a lower UID.
    pub uid_next: u32,
}

/// A letter as listed, before its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    /// Its UID.
    pub uid: u32,
    /// Its size in bytes.
    pub size: u32,
    /// INTERNALDATE.
    pub received: Timestamp,
    /// The day of INTERNALDATE in the server's own offset, as SEARCH SINCE means it.
    pub day: Date,
}

/// What a listing told of one letter, in one answer or in several.
#[derive(Debug, Default)]
struct Told {
    size: Option<u32>,
    date: Option<(Timestamp, Date)>,
}

/// Opens a folder to look at it.
pub(super) async fn examine(dialogue: &mut Dialogue, folder: &str) -> Answered<View> {
    let (mut exists, mut validity, mut next) = (0, None, None);
    dialogue.news = false;
    let seen = dialogue.command("EXAMINE", format!("EXAMINE {}", quoted(folder)), |response| match response {
        Response::MailboxData(MailboxDatum::Exists(n)) => exists = *n,
        Response::Data { outcome, .. } => match outcome.code {
            Some(ResponseCode::UidValidity(n)) => validity = Some(n),
            Some(ResponseCode::UidNext(n)) => next = Some(n),
            _ => {}
        },
        _ => {}
    });
    seen.await?;
    dialogue.news = false;
    let Some(uid_validity) = validity.filter(|v| *v != 0) else {
        return Err(Trouble::Lost("EXAMINE without UIDVALIDITY"));
    };
    let uid_next = match next {
        Some(n) if n > 0 => n,
        _ => status(dialogue, folder).await?,
    };
    Ok(View { exists, uid_validity, uid_next })
}

/// UIDNEXT from servers whose EXAMINE does not tell it.
async fn status(dialogue: &mut Dialogue, folder: &str) -> Answered<u32> {
    let mut next = None;
    let seen = dialogue.command("STATUS", format!("STATUS {} (UIDNEXT)", quoted(folder)), |response| {
        if let Response::MailboxData(MailboxDatum::Status { status, .. }) = response {
            next = next.or(status.iter().find_map(|s| match s {
                StatusAttribute::UidNext(n) if *n > 0 => Some(*n),
                _ => None,
            }));
        }
    });
    seen.await?;
    next.ok_or(Trouble::Lost("no UIDNEXT"))
}

/// A UID SEARCH, ascending.
pub(super) async fn search(dialogue: &mut Dialogue, criteria: &str) -> Answered<Vec<u32>> {
    let mut uids = Vec::new();
    let seen = dialogue.command("SEARCH", format!("UID SEARCH {criteria}"), |response| {
        if let Response::MailboxData(MailboxDatum::Search(found)) = response {
            uids.extend_from_slice(found);
        }
    });
    seen.await?;
    uids.sort_unstable();
    uids.dedup();
    Ok(uids)
}

/// A day as SEARCH writes it: `7-Feb-2018`.
pub(super) fn day(date: Date) -> String {
    date.strftime("%-d-%b-%Y").to_string()
}

/// Sizes and dates of what is in `set`, ascending by UID.
pub(super) async fn list(dialogue: &mut Dialogue, set: &str) -> Answered<Vec<Listed>> {
    let mut found: BTreeMap<u32, Told> = BTreeMap::new();
    let text = format!("UID FETCH {set} (UID RFC822.SIZE INTERNALDATE)");
    let seen = dialogue.command("FETCH", text, |response| {
        let Response::Fetch(_, attributes) = response else { return };
        let (mut uid, mut size, mut date) = (None, None, None);
        for attribute in attributes {
            match attribute {
                AttributeValue::Uid(n) => uid = Some(*n),
                AttributeValue::Rfc822Size(n) => size = Some(*n),
                AttributeValue::InternalDate(text) => date = internal_date(text),
                _ => {}
            }
        }
        if let Some(uid) = uid {
            let known = found.entry(uid).or_default();
            *known = Told { size: size.or(known.size), date: date.or(known.date) };
        }
    });
    seen.await?;
    // A letter named without size or date is there all the same: not to be taken for absent.
    let listed = |(uid, told): (u32, Told)| {
        let (received, day) = told.date.unwrap_or_else(|| (Timestamp::now(), Zoned::now().date()));
        Listed { uid, size: told.size.unwrap_or(0), received, day }
    };
    Ok(found.into_iter().map(listed).collect())
}

/// ` 7-Feb-2018 22:34:00 +0100` (RFC 3501 §9, date-time).
fn internal_date(text: &str) -> Option<(Timestamp, Date)> {
    let broken = strtime::parse("%d-%b-%Y %H:%M:%S %z", text.trim()).ok()?;
    Some((broken.to_timestamp().ok()?, broken.to_date().ok()?))
}

/// The bytes of these letters by UID; of each only the first `beginning` bytes when that is given. One that has gone
/// is missing from the answer.
pub(super) async fn bodies(
    dialogue: &mut Dialogue,
    uids: &[u32],
    beginning: Option<u32>,
) -> Answered<HashMap<u32, Vec<u8>>> {
    let part = beginning.map(|n| format!("<0.{n}>")).unwrap_or_default();
    let wanted: HashSet<u32> = uids.iter().copied().collect();
    let mut found = HashMap::with_capacity(uids.len());
    let seen = dialogue.command("FETCH", format!("UID FETCH {} (UID BODY.PEEK[]{part})", set(uids)), |response| {
        let Response::Fetch(_, attributes) = response else { return };
        let uid = attributes.iter().find_map(|a| match a {
            AttributeValue::Uid(n) => Some(*n),
            _ => None,
        });
        let body = attributes.iter().find_map(|a| match a {
            AttributeValue::BodySection { section: None, data: Some(data), .. } => Some(data.as_ref()),
            _ => None,
        });
        if let (Some(uid), Some(body)) = (uid, body)
            && wanted.contains(&uid)
        {
            found.insert(uid, body.to_vec());
        }
    });
    seen.await?;
    Ok(found)
}

/// Which of these letters are still there.
pub(super) async fn present(dialogue: &mut Dialogue, uids: &[u32]) -> Answered<HashSet<u32>> {
    let mut found = HashSet::new();
    let seen = dialogue.command("FETCH", format!("UID FETCH {} (UID)", set(uids)), |response| {
        if let Response::Fetch(_, attributes) = response {
            found.extend(attributes.iter().filter_map(|a| match a {
                AttributeValue::Uid(n) => Some(*n),
                _ => None,
            }));
        }
    });
    seen.await?;
    found.retain(|uid| uids.contains(uid));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn internal_dates_keep_their_moment_and_the_servers_own_day() {
        let (moment, day) = internal_date(" 7-Feb-2018 00:34:00 +0100").unwrap();
        assert_eq!(moment.to_string(), "2018-02-06T23:34:00Z");
        assert_eq!(day.to_string(), "2018-02-07");
        assert!(internal_date("17-Nov-2026 09:05:59 -0330").is_some());
        assert!(internal_date("31-Feb-2026 09:05:59 +0000").is_none());
    }

    #[test]
    fn a_day_is_written_as_search_wants_it() {
        assert_eq!(day(Date::constant(2018, 2, 7)), "7-Feb-2018");
    }
}
