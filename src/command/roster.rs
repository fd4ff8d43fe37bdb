//! `roster [--json]`: who comes to what, with what, as of now.
//!
//! Promises: read from the ledger, nothing is written; without a database nothing is created and one sentence says so.

use std::io::Write;
use std::process::ExitCode;

use serde_json::{Value, json};

use super::run::Shared;
use super::{Context, table};
use crate::daemon::Clock;
use crate::failure::Result;
use crate::roster::{self, Gathering, Gift, Guest, Roster};
use crate::speech::Speech;
use crate::store::Store;

/// Runs it.
pub fn run(context: &Context, as_json: bool) -> Result<ExitCode> {
    let setup = Shared::default().setup(context, Clock::System)?;
    let ledger = Store::open_existing(&setup.store_path())?.ledger()?;
    let roster = roster::fold(&ledger, &setup.config, setup.clock.now());
    let text = if as_json { format!("{}\n", whole(&roster)) } else { shown(&roster, setup.speech()?) };
    let _ = write!(std::io::stdout(), "{text}");
    Ok(ExitCode::SUCCESS)
}

/// The table, and what else deserves a look.
fn shown(roster: &Roster, speech: &Speech) -> String {
    let values = json!({ "to_read": roster.waiting.len(), "doubles": roster.doubles.len() });
    format!("{}{}\n", table::roster(roster, speech), speech.say("roster/more", values).trim())
}

/// One object: the events with guests, gifts and figures; diets; what waits for a person.
fn whole(roster: &Roster) -> Value {
    let diets = roster.diets.iter().map(|d| json!({ "name": d.shown, "address": d.person.address, "words": d.words }));
    json!({
        "at": roster.at.to_string(),
        "events": roster.gatherings.iter().map(gathering).collect::<Vec<_>>(),
        "diets": diets.collect::<Vec<_>>(),
        "waiting": roster.waiting,
        "doubles": roster.doubles.iter().map(|d| json!({
            "event": d.event, "why": d.why.key().trim_start_matches("double/"),
            "first": d.first.0.to_string(), "second": d.second.0.to_string(),
        })).collect::<Vec<_>>(),
    })
}

fn gathering(gathering: &Gathering) -> Value {
    let totals = gathering.totals();
    json!({
        "event": gathering.event.id,
        "title": gathering.event.title,
        "start": gathering.event.start.to_string(),
        "place": gathering.event.place,
        "coming": totals.coming.people,
        "coming_answers": totals.coming.answers,
        "coming_unnumbered": totals.coming.unnumbered,
        "maybe": totals.maybe.people,
        "maybe_answers": totals.maybe.answers,
        "absent_answers": totals.absent,
        "meal": totals.meal.people,
        "meal_unsaid": totals.meal_unsaid.people,
        "guests": gathering.guests.iter().map(guest).collect::<Vec<_>>(),
        "contributions": gathering.gifts.iter().map(gift).collect::<Vec<_>>(),
    })
}

fn guest(guest: &Guest) -> Value {
    json!({
        "number": guest.number.to_string(),
        "name": guest.shown,
        "address": guest.person.address,
        "attendance": guest.attendance,
        "people": guest.people,
        "meal": guest.meal,
        "workshops": guest.workshops,
        "part": guest.part,
        "organisation": guest.organisation,
        "said": guest.said.to_string(),
        "corrected": guest.corrected,
    })
}

fn gift(gift: &Gift) -> Value {
    let mut value = serde_json::to_value(&gift.contribution).unwrap_or_default();
    if let Some(object) = value.as_object_mut() {
        object.insert("number".into(), gift.number.to_string().into());
        object.insert("name".into(), gift.shown.clone().into());
        object.insert("address".into(), gift.person.address.clone().into());
        object.insert("free".into(), gift.free.into());
    }
    value
}
