//! The subject line: the state of things, different every day, since mail programs fold mails that look alike.

use serde_json::json;

use super::Edition;
use super::meal::{ENOUGH, missing};
use super::view::View;
use crate::event::SharedMeal;
use crate::roster::{Gathering, Totals};

/// `[ASTIR] 3 mars : 42 personnes (+5), 6 peut-être — 2 messages à lire — il manque des plats`.
pub fn subject(view: &View<'_>, to_read: usize) -> String {
    let answered = |g: &&Gathering| !g.guests.is_empty();
    let parts: Vec<String> = view.current().into_iter().filter(answered).take(2).map(|g| figures(view, g)).collect();
    let main = view.current().into_iter().find(|g| g.event.meal != SharedMeal::None && !g.guests.is_empty());
    let edition = match view.facts.edition {
        Edition::Daily => "daily",
        Edition::Weekly => "weekly",
        Edition::Eve => "eve",
        Edition::After => "after",
    };
    let last = view.by_day().into_iter().next_back();
    let values = json!({
        "short_name": view.config.association.short_name,
        "edition": edition,
        "trouble": !view.ledger.troubles.is_empty(),
        "events": parts,
        "to_read": to_read,
        "missing": main.filter(|g| worth(view, g)).map(|g| missing(view, g)).unwrap_or_default(),
        "day": view.day(view.today()),
        "last": last.map(|g| figures(view, g)).unwrap_or_default(),
    });
    view.say("subject", values)
}

fn figures(view: &View<'_>, gathering: &Gathering) -> String {
    let now = gathering.totals();
    let was: Option<Totals> = view.was(gathering).map(Gathering::totals);
    let more = was.map_or(0, |w| i128::from(now.coming.people) - i128::from(w.coming.people));
    view.say(
        "subject-event",
        json!({
            "day": view.short_day(gathering.event.start.date()),
            "days": view.days_to(gathering.event.start.date()),
            "people": now.coming.people,
            "unnumbered": now.coming.unnumbered,
            "more": i64::try_from(more).unwrap_or(0),
            "maybe": now.maybe.people,
        }),
    )
}

/// Whether what is missing belongs in the subject: wished for by the organisers, or guests enough to tell.
fn worth(view: &View<'_>, gathering: &Gathering) -> bool {
    let enough = gathering.totals().meal.people >= ENOUGH;
    !view.over(gathering) && (enough || !gathering.event.wanted.is_empty())
}
