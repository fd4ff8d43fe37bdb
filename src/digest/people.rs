//! Workshops, help and equipment; the undecided; diets and allergies; the complete list.

use serde_json::json;

use super::meal::line;
use super::page::{Item, Section, clean};
use super::view::{THING, View, by_person};
use crate::reading::{Attendance, Sort};
use crate::roster::{Gathering, Gift, Guest};

/// Longer lists are cut: mail programs clip a mail of more than 100 KB, and nobody scrolls that far.
const LIST: usize = 200;

/// Workshops with who chose them; help and equipment.
pub fn activities(view: &View<'_>) -> Vec<Section> {
    let mut sections = Vec::new();
    for gathering in view.current() {
        let mut section = Section::new(view.heading("activities-heading", gathering));
        let coming = || gathering.guests.iter().filter(|g| g.attendance != Attendance::No);
        if coming().any(|g| !g.workshops.is_empty()) {
            section.items(gathering.event.workshops.iter().map(|w| workshop(view, w, coming())).collect());
        }
        let of = |sort: Sort| gathering.brought().filter(move |g| g.contribution.kind == sort);
        let lines = [("help", Sort::Help), ("equipment", Sort::Equipment)];
        section.items(lines.into_iter().filter_map(|(key, sort)| line(view, gathering, key, of(sort))).collect());
        if !section.blocks.is_empty() {
            sections.push(section);
        }
    }
    sections
}

fn workshop<'g>(view: &View<'_>, workshop: &crate::event::Workshop, coming: impl Iterator<Item = &'g Guest>) -> Item {
    let chose: Vec<&Guest> = coming.filter(|g| g.workshops.contains(&workshop.number)).collect();
    let names = view.list(chose.iter().map(|g| view.name(&g.shown)));
    let values = json!({ "number": workshop.number, "title": workshop.title, "n": chose.len(), "names": names });
    Item::plain(view.say("workshop", values))
}

/// People to call: the undecided, answers without a number, and those who bring something but did not say they come.
pub fn undecided(view: &View<'_>) -> Vec<Section> {
    let mut sections = Vec::new();
    for gathering in view.current().into_iter().filter(|g| !view.over(g)) {
        let mut items = Vec::new();
        for guest in gathering.guests.iter().filter(|g| g.attendance == Attendance::Maybe) {
            let values = json!({ "who": view.who(guest), "state": view.state(guest, gathering) });
            items.push(Item::numbered(guest.number, view.say("undecided", values)));
        }
        let unnumbered = |g: &&Guest| g.attendance == Attendance::Yes && g.people.is_none();
        for guest in gathering.guests.iter().filter(unnumbered) {
            items.push(Item::numbered(guest.number, view.say("unnumbered", json!({ "who": view.who(guest) }))));
        }
        let silent = |g: &&Gift| gathering.attendance(g).is_none();
        for gifts in by_person(gathering.brought().filter(silent)).into_values() {
            let Some(first) = gifts.first() else { continue };
            let values = json!({ "who": view.name(&first.shown), "what": view.things(gifts.iter().copied()) });
            items.push(Item::numbered(first.number, view.say("unsaid", values)));
        }
        if !items.is_empty() {
            let mut section = Section::new(view.heading("undecided-heading", gathering));
            section.items(items);
            sections.push(section);
        }
    }
    sections
}

/// Diets and allergies, each on a line of its own.
pub fn diets(view: &View<'_>) -> Vec<Section> {
    if view.roster.diets.is_empty() || view.current().is_empty() {
        return Vec::new();
    }
    let mut section = Section::new(view.words("diets-heading"));
    let one = |d: &crate::roster::Diet| {
        let values = json!({ "name": view.name(&d.shown), "words": clean(&d.words, THING) });
        Item::numbered(d.number, view.say("diet", values))
    };
    section.items(view.roster.diets.iter().map(one).collect());
    vec![section]
}

/// Everybody who answered, by name, with what they bring: the list that the figures are counted from.
pub fn list(view: &View<'_>) -> Vec<Section> {
    let mut sections = Vec::new();
    for gathering in view.current().into_iter().filter(|g| !g.guests.is_empty()) {
        let mut section = Section::new(view.heading("list-heading", gathering));
        let head = ["list-number", "list-name", "list-answer"].map(|k| view.words(k)).to_vec();
        let rows = gathering.guests.iter().take(LIST).map(|g| row(view, gathering, g)).collect();
        section.rows(head, rows);
        if gathering.guests.len() > LIST {
            section.text(view.say("list-more", json!({ "n": gathering.guests.len() - LIST })));
        }
        sections.push(section);
    }
    sections
}

fn row(view: &View<'_>, gathering: &Gathering, guest: &Guest) -> Vec<String> {
    let (brings, helps) = view.brings(gathering.brought().filter(|g| g.person == guest.person));
    let own = view.things(gathering.gifts.iter().filter(|g| g.contribution.own && !g.free && g.person == guest.person));
    let values = json!({ "state": view.state(guest, gathering), "brings": brings, "helps": helps, "own": own });
    vec![guest.number.to_string(), view.who(guest), view.say("list-line", values)]
}
