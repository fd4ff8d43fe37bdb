//! Written values → meant values, each refusal naming its key, its place and what is expected.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;

use super::raw::{Raw, RawEvent, RawMeal, RawServer, place};
use super::{Acknowledge, Association, Config, Digest, Mail, Security, Server};
use crate::event::{Event, SharedMeal, Workshop};
use crate::failure::{Failure, Result};

/// The file that a refusal points into.
struct Source<'a> {
    file: &'a str,
    text: &'a str,
}

impl Source<'_> {
    fn bad(&self, says: &'static str, key: &str, at: usize, value: impl std::fmt::Display) -> Failure {
        let (line, column) = place(self.text, at);
        let failure = Failure::fatal(says).with("file", self.file).with("line", line).with("column", column);
        failure.with("key", key).with("value", value)
    }

    /// The place of a key that carries no span of its own: the first line that sets it.
    fn find(&self, key: &str) -> usize {
        let mut at = 0;
        for line in self.text.split_inclusive('\n') {
            if line.trim_start().strip_prefix(key).is_some_and(|r| r.trim_start().starts_with('=')) {
                return at;
            }
            at += line.len();
        }
        0
    }

    /// A written value that must be understood by `read`.
    fn value<T>(
        &self,
        says: &'static str,
        key: &str,
        written: &toml::Spanned<String>,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<T> {
        read(written.get_ref()).ok_or_else(|| self.bad(says, key, written.span().start, written.get_ref()))
    }
}

pub(super) fn config(file: &str, text: &str, raw: Raw) -> Result<Config> {
    let source = Source { file, text };
    let association = association(&source, &raw)?;
    let mail = mail(&source, &raw)?;
    let a = &raw.acknowledge;
    let acknowledge = Acknowledge {
        send: a.send,
        delay_seconds: source.value("config/delay", "delay", &a.delay, seconds)?,
        backlog: a.backlog,
        per_sender_per_day: a.per_sender_per_day,
        per_hour: a.per_hour,
        quiet: if a.quiet.get_ref().trim().is_empty() {
            None
        } else {
            Some(source.value("config/quiet", "quiet", &a.quiet, hours)?)
        },
        missing_line: a.missing_line,
    };
    let digest = Digest {
        to: addresses(&source, "to", &raw.digest.to)?,
        at: source.value("config/time", "at", &raw.digest.at, time)?,
        attach: raw.digest.attach,
    };
    let mut events: Vec<Event> = Vec::new();
    for written in raw.event {
        if events.iter().any(|e| e.id == written.id) {
            return Err(source.bad("config/event-twice", "id", source.find("id"), &written.id));
        }
        events.push(event(&source, written)?);
    }
    let erase_after_days = raw.privacy.erase_after_days;
    Ok(Config { association, mail, store: raw.store.path, acknowledge, digest, erase_after_days, events })
}

fn association(source: &Source<'_>, raw: &Raw) -> Result<Association> {
    let a = &raw.association;
    let refuse = |says, key: &'static str, value: &str| source.bad(says, key, source.find(key), value);
    Ok(Association {
        name: a.name.clone(),
        short_name: if a.short_name.is_empty() { a.name.clone() } else { a.short_name.clone() },
        address: address(&a.address).ok_or_else(|| refuse("config/address", "address", &a.address))?,
        aliases: addresses(source, "aliases", &a.aliases)?,
        organisers: addresses(source, "organisers", &a.organisers)?,
        invitation: a.invitation.clone(),
        timezone: TimeZone::get(&a.timezone).map_err(|_| refuse("config/timezone", "timezone", &a.timezone))?,
        language: a.language.clone(),
        rules_dir: a.rules_dir.clone(),
    })
}

fn mail(source: &Source<'_>, raw: &Raw) -> Result<Mail> {
    match (&raw.imap, &raw.smtp, &raw.maildir) {
        (None, None, None) => Ok(Mail::None),
        (None, None, Some(m)) => Ok(Mail::Maildir { inbox: m.inbox.clone(), sent: m.sent.clone() }),
        (Some(imap), Some(smtp), None) => Ok(Mail::Servers {
            imap: Box::new(server(source, imap, [993, 143])?),
            smtp: Box::new(server(source, smtp, [465, 587])?),
        }),
        (Some(_), None, None) => Err(source.bad("config/half", "smtp", 0, "imap")),
        (None, Some(_), None) => Err(source.bad("config/half", "imap", 0, "smtp")),
        _ => Err(source.bad("config/both", "maildir", 0, "imap")),
    }
}

/// `ports`: for TLS, and for the rest.
fn server(source: &Source<'_>, raw: &RawServer, ports: [u16; 2]) -> Result<Server> {
    let ip = raw.host.parse::<std::net::IpAddr>();
    let loopback = raw.host == "localhost" || ip.is_ok_and(|a| a.is_loopback());
    if raw.security == Security::None && !loopback {
        return Err(source.bad("config/plaintext", "security", source.find("security"), &raw.host));
    }
    let since = if raw.since.get_ref().is_empty() {
        None
    } else {
        Some(source.value("config/date", "since", &raw.since, |t| t.parse::<Date>().ok())?)
    };
    let [tls, other] = ports;
    Ok(Server {
        host: raw.host.clone(),
        port: raw.port.unwrap_or(if raw.security == Security::Tls { tls } else { other }),
        security: raw.security,
        user: raw.user.clone(),
        password_file: raw.password_file.clone(),
        password_command: raw.password_command.clone(),
        auth: raw.auth,
        token_command: raw.token_command.clone(),
        authserv_id: raw.authserv_id.clone(),
        since,
        folder: raw.folder.clone(),
        ca_file: raw.ca_file.clone(),
    })
}

fn event(source: &Source<'_>, raw: RawEvent) -> Result<Event> {
    let moment = |key: &'static str, written: &toml::Spanned<toml::value::Datetime>| {
        let refuse = || source.bad("config/datetime", key, written.span().start, written.get_ref());
        datetime(written.get_ref()).ok_or_else(refuse)
    };
    let start = moment("start", &raw.start)?;
    let end = raw.end.as_ref().map(|e| moment("end", e)).transpose()?;
    if let (Some(e), Some(written)) = (end, &raw.end)
        && e <= start
    {
        return Err(source.bad("config/end-before-start", "end", written.span().start, written.get_ref()));
    }
    let meal = match &raw.shared_meal {
        RawMeal::Flag(false) => SharedMeal::None,
        RawMeal::Flag(true) => SharedMeal::Beside,
        RawMeal::Word(w) if w == "itself" => SharedMeal::Itself,
        RawMeal::Word(w) => return Err(source.bad("config/meal", "shared_meal", source.find("shared_meal"), w)),
    };
    Ok(Event {
        id: raw.id,
        title: raw.title,
        start,
        end,
        place: raw.place,
        address: raw.address,
        meal,
        default: raw.default,
        bring: raw.bring,
        words: raw.words,
        workshops: raw.workshop.into_iter().map(|w| Workshop { number: w.number, title: w.title }).collect(),
        wanted: raw.wanted,
    })
}

/// A local date and time, or a date alone (midnight); an offset is refused: the association's zone counts.
fn datetime(value: &toml::value::Datetime) -> Option<DateTime> {
    if value.offset.is_some() {
        return None;
    }
    let small = |v: u8| i8::try_from(v).ok();
    let date = value.date?;
    let date = Date::new(i16::try_from(date.year).ok()?, small(date.month)?, small(date.day)?).ok()?;
    let Some(time) = value.time else { return Some(date.at(0, 0, 0, 0)) };
    let time = Time::new(small(time.hour)?, small(time.minute)?, small(time.second.unwrap_or(0))?, 0).ok()?;
    Some(date.to_datetime(time))
}

fn address(text: &str) -> Option<String> {
    let (local, domain) = text.split_once('@')?;
    let strange = |c: char| c.is_whitespace() || c.is_control() || "<>@,;".contains(c);
    let fine = |s: &str| !s.is_empty() && !s.contains(strange);
    (fine(local) && fine(domain)).then(|| text.to_lowercase())
}

fn addresses(source: &Source<'_>, key: &str, list: &[String]) -> Result<Vec<String>> {
    let refuse = |a: &String| source.bad("config/address", key, source.find(key), a);
    list.iter().map(|a| address(a).ok_or_else(|| refuse(a))).collect()
}

/// `90`, `30s`, `5m`, `2h`.
fn seconds(text: &str) -> Option<u32> {
    let text = text.trim();
    let (digits, factor) = match text.char_indices().next_back()? {
        (i, 's') => (text.get(..i)?, 1),
        (i, 'm') => (text.get(..i)?, 60),
        (i, 'h') => (text.get(..i)?, 3600),
        _ => (text, 1),
    };
    digits.trim().parse::<u32>().ok()?.checked_mul(factor)
}

/// `22:00-07:00`.
fn hours(text: &str) -> Option<(Time, Time)> {
    let (from, to) = text.split_once('-')?;
    Some((time(from)?, time(to)?))
}

/// `07:30`.
fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.trim().split_once(':')?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}
