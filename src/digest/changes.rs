//! What is new since the last digest: new answers, changes as before → now, cancellations with what they were to bring.

use serde_json::json;

use super::page::{Item, Section};
use super::view::View;
use crate::entry::Person;
use crate::event::Event;
use crate::reading::{Attendance, Sort};
use crate::roster::{Gathering, Gift, Guest};
use crate::text::fold;

/// A first pass over a full mailbox must still make a mail that is read: the rest stands in the complete list.
const LINES: usize = 100;

/// One section for each event where something changed.
pub fn changes(view: &View<'_>) -> Vec<Section> {
    let mut sections = Vec::new();
    for gathering in view.current() {
        let mut items = items(view, gathering);
        if !items.is_empty() {
            let mut section = Section::new(view.heading("changes-heading", gathering));
            let left = items.len().saturating_sub(LINES);
            items.truncate(LINES);
            section.items(items);
            if left > 0 {
                section.text(view.say("more", json!({ "n": left })));
            }
            sections.push(section);
        }
    }
    sections
}

/// Whether anything changed at all.
pub fn any(view: &View<'_>) -> bool {
    view.current().into_iter().any(|g| !items(view, g).is_empty())
}

fn items(view: &View<'_>, gathering: &Gathering) -> Vec<Item> {
    let was = view.was(gathering);
    let before = |p: &Person| was.and_then(|g| g.guests.iter().find(|g| g.person == *p));
    let mut items: Vec<Item> = was.map(|was| announced(view, &was.event, &gathering.event)).unwrap_or_default();
    let mut told: Vec<&Person> = Vec::new();
    let mut order: Vec<&Guest> = gathering.guests.iter().collect();
    order.sort_by_key(|g| (g.said, g.number));
    for guest in order {
        let item = match before(&guest.person) {
            None => Some(new(view, gathering, guest)),
            Some(known) if same(known, guest) => None,
            Some(known) => Some(changed(view, gathering, known, guest)),
        };
        if let Some(item) = item {
            told.push(&guest.person);
            items.push(item);
        }
    }
    if let Some(was) = was {
        for gone in was.guests.iter().filter(|g| !gathering.guests.iter().any(|n| n.person == g.person)) {
            items.push(Item::plain(view.say("gone", json!({ "who": view.who(gone) }))));
        }
    }
    items.extend(more(view, gathering, was, &told));
    items
}

/// Whether two states say the same.
fn same(a: &Guest, b: &Guest) -> bool {
    (a.attendance, a.people, a.meal, &a.workshops, a.part) == (b.attendance, b.people, b.meal, &b.workshops, b.part)
}

fn new(view: &View<'_>, gathering: &Gathering, guest: &Guest) -> Item {
    let (brings, helps) = view.brings(gathering.brought().filter(|g| g.person == guest.person));
    let values = json!({
        "who": view.who(guest),
        "state": view.state(guest, gathering),
        "brings": brings,
        "helps": helps,
        "corrected": guest.corrected,
    });
    Item::numbered(guest.number, view.say("new", values))
}

fn changed(view: &View<'_>, gathering: &Gathering, was: &Guest, guest: &Guest) -> Item {
    let cancels = guest.attendance == Attendance::No;
    let lost = gathering.gifts.iter().filter(|g| cancels && g.person == guest.person && g.free && !g.contribution.own);
    let values = json!({
        "who": view.who(guest),
        "before": view.state(was, gathering),
        "now": view.state(guest, gathering),
        "cancels": cancels,
        "lost": view.things(lost),
        "corrected": guest.corrected,
    });
    Item::numbered(guest.number, view.say("changed", values))
}

/// What people whose answer did not change bring besides, or no longer.
fn more(view: &View<'_>, gathering: &Gathering, was: Option<&Gathering>, told: &[&Person]) -> Vec<Item> {
    let same = |a: &Gift, b: &Gift| a.person == b.person && fold(&a.contribution.what) == fold(&b.contribution.what);
    let before = |gift: &Gift| was.and_then(|g| g.gifts.iter().find(|b| same(b, gift)));
    let mut items = Vec::new();
    for gift in gathering.gifts.iter().filter(|g| !g.contribution.own) {
        let known = before(gift);
        let (was_there, is_there) = (known.is_some_and(|k| !k.free), !gift.free);
        let cancelled = gathering.attendance(gift) == Some(Attendance::No) && told.contains(&&gift.person);
        let key = match (was_there, is_there) {
            (false, true) if !told.contains(&&gift.person) || known.is_some() => "brings-too",
            (true, false) if !cancelled => "brings-not",
            (true, true) if known.is_some_and(|k| view.thing(k) != view.thing(gift)) => "brings-now",
            _ => continue,
        };
        let values = json!({
            "name": view.name(&gift.shown), "what": view.thing(gift), "helps": gift.contribution.kind == Sort::Help,
        });
        items.push(Item::numbered(gift.number, view.say(key, values)));
    }
    items
}

/// What organisers changed about the event itself.
fn announced(view: &View<'_>, was: &Event, now: &Event) -> Vec<Item> {
    let moment = |e: &Event| {
        let end = e.end.map(|end| end.to_string());
        view.say("moment", json!({ "start": e.start.to_string(), "end": end }))
    };
    let pairs = [
        ("event-title", was.title.clone(), now.title.clone()),
        ("event-moment", moment(was), moment(now)),
        ("event-place", was.place.clone(), now.place.clone()),
        ("event-address", was.address.clone(), now.address.clone()),
        ("event-bring", was.bring.clone(), now.bring.clone()),
    ];
    let changed = pairs.into_iter().filter(|(_, before, after)| before != after);
    changed.map(|(key, before, after)| Item::plain(view.say(key, json!({ "before": before, "now": after })))).collect()
}
