//! Roster + last digest → Draft of the digest: what the organisers read once a day.
//!
//! Promises: what a person must do comes first; every figure is counted from the list in the same mail; every message
//! received is in exactly one class of the count that closes; text and HTML say the same. Never names a total over
//! events, never quotes what is not about the events. Pure: `now` is an argument.
//!
//! - [`due`]: when one is to be sent; `page`: what it is made of; one file for each group of sections.

use jiff::Timestamp;

use crate::config::Config;
use crate::draft::{Automatic, Draft};
use crate::entry::Ledger;
use crate::failure::Result;
use crate::roster::Roster;
use crate::speech::Speech;

mod attention;
mod changes;
mod closing;
mod due;
mod figures;
mod meal;
mod page;
mod people;
mod subject;
mod view;
mod wrap;

pub use attention::why;
pub use closing::Count;
pub use due::{Due, Edition, due, since};
pub use meal::{Need, needs};
pub use page::{Bar, Block, Item, Page, Section, clean};
use view::View;
pub use view::state;
pub use wrap::wrap;

/// What the digest knows besides ledger and roster.
#[derive(Debug, Clone)]
pub struct Facts {
    /// Now.
    pub now: Timestamp,
    /// When the last digest was planned ([`since`]); `None` before the first.
    pub since: Option<Timestamp>,
    /// Which one it is.
    pub edition: Edition,
    /// When the mailbox was last read to its end.
    pub last_read: Option<Timestamp>,
}

/// The sections, in the order they are read. The reader stops after ten lines.
type SectionOf = fn(&View<'_>) -> Vec<Section>;
const SECTIONS: [SectionOf; 13] = [
    attention::trouble,
    attention::to_read,
    figures::figures,
    changes::changes,
    attention::doubles,
    meal::meal,
    people::activities,
    people::undecided,
    people::diets,
    people::list,
    figures::over_time,
    closing::correcting,
    closing::withheld,
];

/// Composes the digest. `to` and `message_id` are left empty: each recipient gets a mail of their own. The spreadsheet is
/// attached by the caller when [`wants_sheet`] says so.
pub fn compose(ledger: &Ledger, roster: &Roster, facts: &Facts, config: &Config, speech: &Speech) -> Result<Draft> {
    let page = page(ledger, roster, facts, config, speech);
    let text = wrap(&speech.render("digest.txt", &page)?);
    let html = speech.render("digest.html", &page)?;
    Ok(Draft {
        from_name: config.association.short_name.clone(),
        from: config.association.address.clone(),
        to: String::new(),
        subject: page.subject,
        text,
        html: Some(html),
        attachments: Vec::new(),
        message_id: String::new(),
        in_reply_to: None,
        references: Vec::new(),
        automatic: Automatic::Generated,
        date: facts.now,
    })
}

/// What the templates lay out.
pub fn page(ledger: &Ledger, roster: &Roster, facts: &Facts, config: &Config, speech: &Speech) -> Page {
    let before = facts.since.map(|since| crate::roster::fold(ledger, config, since));
    let view = View { ledger, roster, before, facts, config, speech };
    let mut sections: Vec<Section> = SECTIONS.iter().flat_map(|section| section(&view)).collect();
    sections.extend(closing::count(&view));
    let edition = match facts.edition {
        Edition::Daily => "daily",
        Edition::Weekly => "weekly",
        Edition::Eve => "eve",
        Edition::After => "after",
    };
    let answers: usize = roster.gatherings.iter().map(|g| g.guests.len()).sum();
    let quiet = !changes::any(&view);
    let next = view.by_day().into_iter().find(|g| !view.over(g)).map(|g| view.days_to(g.event.start.date()));
    let values = serde_json::json!({ "edition": edition, "first": facts.since.is_none(), "quiet": quiet, "days": next, "answers": answers });
    Page {
        subject: subject::subject(&view, roster.waiting.len()),
        language: speech.language.clone(),
        greeting: view.words("greeting"),
        opening: view.say("opening", values),
        sections,
        footer: closing::footer(&view),
    }
}

/// Whether the spreadsheet goes with this edition.
pub fn wants_sheet(edition: Edition, config: &Config) -> bool {
    use crate::config::Attach;
    match config.digest.attach {
        Attach::Daily => true,
        Attach::Eve => edition == Edition::Eve,
        Attach::Never => false,
    }
}
