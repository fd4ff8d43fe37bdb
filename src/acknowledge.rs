//! What we understood, told to the one person who wrote: a [`Situation`] → [`Draft`].
//!
//! Promises: states nothing that the reading does not hold; what is doubtful is not printed, or is the one question
//! asked; names nobody but the reader; always says how to correct. The same situation gives the same mail.
//! Never decides whether a mail is due (`plan`) or when it leaves (`release`); never quotes the letter. No French here:
//! the sentences are in `rules/LANG/acknowledge.txt.j2` and its parts.
//!
//! - [`gather`]: the situation as the ledger knows it; [`manner`]: which text, which opening, which one question; [`statement`], [`change`]: the values in it;
//!   [`mod@own_words`]: the few words of theirs that are repeated; [`thread`]: subject and ids; [`invite`]: the `.ics`.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::draft::{Attachment, Automatic, Draft};
use crate::entry::Said;
use crate::failure::{Failure, Result};
use crate::reading::{Attendance, Kind, Tone};
use crate::speech::Speech;

pub mod change;
pub mod gather;
pub mod invite;
pub mod manner;
pub mod own_words;
pub mod statement;
pub mod thread;

use manner::{Ask, Follow, Manner, Opening};
use own_words::{Thing, own_words};
use statement::{Brought, Label, Statement};

/// At most so many missing courses are told.
const MISSING: usize = 3;

/// One letter that the acknowledgement answers.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Answered {
    /// Its Message-ID, without angle brackets; empty when missing.
    pub message_id: String,
    /// Its thread, oldest first, without angle brackets.
    pub references: Vec<String>,
    /// Its subject, decoded.
    pub subject: String,
}

/// An event whose `.ics` goes with the mail: the first yes or maybe for it, or its data changed since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// [`crate::event::Event::id`].
    pub event: String,
    /// How many times the event's data changed since it was announced (RFC 5545 §3.8.7.4).
    #[serde(default)]
    pub sequence: u32,
}

/// Everything an acknowledgement is written from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Situation {
    /// The moment of writing: the `Date:` header, and which events are over.
    pub now: Timestamp,
    /// Our own Message-ID, from [`message_id`].
    #[serde(default)]
    pub message_id: String,
    /// The one recipient.
    pub to: String,
    /// The name signed with, as written ("Marie", "Jean Dupont"); empty when none.
    #[serde(default)]
    pub signed: String,
    /// The letters answered, oldest first: several merge into one mail, in the thread of the last.
    pub letters: Vec<Answered>,
    /// Language read (`fr`, `en`…), empty when unknown.
    #[serde(default)]
    pub language: String,
    /// What kind of message it is: `rsvp` as soon as one of the letters is.
    pub kind: Kind,
    /// What stands for the person now, these letters included. `review` and `tones` are those of these letters alone.
    pub said: Said,
    /// What we had told them in our last acknowledgement; `None` when this is the first.
    #[serde(default)]
    pub before: Option<Said>,
    /// Events of which they say that others come ("my daughter will come instead of me"): they are not counted in.
    #[serde(default)]
    pub in_place: Vec<String>,
    /// The calendar entries that go with it.
    #[serde(default)]
    pub invites: Vec<Invite>,
    /// Courses still missing at the shared meal (keys of [`crate::event::Event::wanted`]), the most wanting first: three
    /// at most are told. Empty: nothing is said.
    #[serde(default)]
    pub missing: Vec<String>,
}

/// What the templates see.
#[derive(Debug, Serialize)]
struct View<'a> {
    association: Us<'a>,
    name: Option<String>,
    manner: Manner,
    opening: Opening,
    praise: bool,
    sober: bool,
    first: bool,
    changes: Vec<change::Change>,
    dropped: Vec<Thing>,
    events: Vec<Statement>,
    brought: Brought,
    conditional: bool,
    absent: bool,
    diets: Vec<String>,
    ask: Ask,
    follow: Follow,
    upcoming: Vec<Label>,
    missing: Vec<String>,
    invites: usize,
    erased: Option<Erased>,
}

/// Who we are.
#[derive(Debug, Serialize)]
struct Us<'a> {
    name: &'a str,
    short_name: &'a str,
    address: &'a str,
}

/// The day when personal data go.
#[derive(Debug, Serialize)]
struct Erased {
    on: Date,
    this_year: bool,
}

/// The Message-ID of the `number`th acknowledgement of a letter (from 0), without angle brackets: stable over retries.
pub fn message_id(letter_hash: &str, number: u32, our_address: &str) -> String {
    let domain = our_address.rsplit_once('@').map_or("localhost", |(_, domain)| domain);
    let hash: String = letter_hash.chars().filter(char::is_ascii_alphanumeric).take(32).collect();
    format!("ack.{hash}.{number}@{domain}")
}

/// Writes the acknowledgement of a situation. `speech` is in the language of the letter where we have it, else in the
/// association's. Fails for a message that nobody acknowledges, and for a broken template.
pub fn compose(situation: &Situation, config: &Config, speech: &Speech) -> Result<Draft> {
    if !matches!(situation.kind, Kind::Rsvp | Kind::Question) {
        return Err(Failure::permanent("acknowledge/unwanted"));
    }
    let ours = &config.association;
    let now = situation.now.to_zoned(ours.timezone.clone()).datetime();
    let mut view = view(situation, config, speech, now);
    let attachments = attachments(situation, &view, config, speech);
    view.invites = attachments.len();
    let subject = situation.letters.last().map_or("", |l| l.subject.as_str());
    let (in_reply_to, references) = thread::thread(&situation.letters);
    Ok(Draft {
        from_name: speech.say("acknowledge/from-name", &view),
        from: ours.address.clone(),
        to: situation.to.clone(),
        subject: thread::subject(subject, &speech.say("acknowledge/no-subject", &view)),
        text: tidy(&speech.render("acknowledge.txt", &view)?),
        html: None,
        attachments,
        message_id: situation.message_id.clone(),
        in_reply_to,
        references,
        automatic: Automatic::Replied,
        date: situation.now,
    })
}

fn view<'a>(s: &'a Situation, config: &'a Config, speech: &Speech, now: DateTime) -> View<'a> {
    let ours = &config.association;
    let mut events: Vec<Statement> = statement::upcoming(&s.said, config, now)
        .into_iter()
        .map(|(event, answer)| statement::statement(event, answer, s, config))
        .collect();
    let mut upcoming: Vec<Label> =
        config.events.iter().filter(|e| e.over() >= now).map(|e| statement::label(e, config)).collect();
    upcoming.sort_by_key(|l| l.start);
    let brought = statement::brought(&s.said.contributions);
    let manner = manner::manner(s, !events.is_empty() || brought != Brought::default(), upcoming.len());
    let before = s.before.as_ref().filter(|_| manner == Manner::Answer);
    let changes = before.map(|b| change::changes(b, &s.said, config, now)).unwrap_or_default();
    let dropped = before.map(|b| change::dropped(b, &s.said)).unwrap_or_default();
    let settled = changes.iter().all(|c| matches!(c.what, change::What::Attendance { before: Attendance::Maybe, .. }));
    let opening = manner::opening(s, manner, &events, !settled || !dropped.is_empty());
    let ask = manner::ask(s, manner, &events);
    let comes = |attendance: Attendance| events.iter().any(|e| e.attendance == attendance);
    let (yes, maybe) = (comes(Attendance::Yes), comes(Attendance::Maybe));
    let absent = !events.is_empty() && !yes && !maybe;
    let hungry = events.iter().any(|e| e.attendance != Attendance::No && e.eats);
    events.retain(|e| e.attendance != Attendance::No || !told(&changes, e));
    View {
        association: Us { name: &ours.name, short_name: &ours.short_name, address: &ours.address },
        name: own_words::first_name(
            &s.signed,
            s.said.organisation.as_deref(),
            &speech.say("acknowledge/not-names", ()),
        ),
        praise: s.said.tones.contains(&Tone::Praise),
        sober: manner::sober(s),
        first: s.before.is_none(),
        diets: s.said.diets.iter().filter_map(|d| own_words(d)).collect(),
        follow: manner::follow(s),
        missing: if hungry { missing(s, speech) } else { Vec::new() },
        erased: erased(config, now),
        conditional: maybe && !yes,
        manner,
        opening,
        changes,
        dropped,
        events,
        brought,
        absent,
        ask,
        upcoming,
        invites: 0,
    }
}

/// A change has told them already that they do not come to that event.
fn told(changes: &[change::Change], event: &Statement) -> bool {
    let absent = |w: &change::What| matches!(w, change::What::Attendance { after: Attendance::No, .. });
    changes.iter().any(|c| c.label == event.label && absent(&c.what))
}

/// The missing courses that we have a word for.
fn missing(situation: &Situation, speech: &Speech) -> Vec<String> {
    let keys = situation.missing.iter().map(|m| format!("acknowledge/missing-{m}"));
    keys.filter(|k| speech.knows(k)).take(MISSING).map(|k| speech.say(&k, ())).collect()
}

/// Personal data go so many days after the last announced event.
fn erased(config: &Config, now: DateTime) -> Option<Erased> {
    let last = config.events.iter().map(|e| e.over().date()).max()?;
    let on = last.checked_add(jiff::Span::new().try_days(config.erase_after_days).ok()?).ok()?;
    Some(Erased { on, this_year: on.year() == now.year() })
}

/// The calendar entries: only of events that are stated as a yes or a maybe.
fn attachments(situation: &Situation, view: &View<'_>, config: &Config, speech: &Speech) -> Vec<Attachment> {
    let mut out: Vec<Attachment> = Vec::new();
    let stated = |id: &String| view.events.iter().any(|e| e.event == *id && e.attendance != Attendance::No);
    for invite in situation.invites.iter().filter(|i| view.manner == Manner::Answer && stated(&i.event)) {
        let Some(event) = config.events.iter().find(|e| e.id == invite.event) else { continue };
        let name = speech.say("acknowledge/file-name", statement::label(event, config));
        let mut file = invite::attachment(event, invite.sequence, &config.association, situation.now, &name);
        if out.iter().any(|o| o.name == file.name) {
            file.name = format!("{}-{}", out.len() + 1, file.name);
        }
        out.push(file);
    }
    out
}

/// Templates may leave blank lines where a part says nothing: one is kept, none at the ends.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = true;
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() {
            blank = blank || !out.is_empty();
            continue;
        }
        if blank && !out.is_empty() {
            out.push('\n');
        }
        blank = false;
        out.push_str(line);
        out.push('\n');
    }
    out
}
