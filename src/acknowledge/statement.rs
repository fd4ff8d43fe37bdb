//! What stands for a person, as values for the template: each upcoming event that was answered, and what they bring.
//!
//! Promises: nothing that the answer does not hold; a value that cannot be (a meal where none is shared, a workshop
//! that was not announced, nobody for a yes) is left out. Events that are over are not spoken of.

use jiff::civil::DateTime;
use serde::Serialize;

use super::Situation;
use super::own_words::{Thing, own_words};
use crate::config::Config;
use crate::entry::Said;
use crate::event::{Event, SharedMeal};
use crate::reading::{Answer, Attendance, Contribution, Meal, Part, Sort};

/// How an event is spoken of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Label {
    /// Local start (civil, `2018-03-03T09:00:00`).
    pub start: DateTime,
    /// Local end.
    pub end: Option<DateTime>,
    /// Its title, when there are several events; empty otherwise.
    pub title: String,
    /// Its title again when another event is on the same day, so that a date alone would not tell; else empty.
    pub same_day: String,
}

/// One event answered.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Statement {
    /// [`Event::id`].
    #[serde(skip)]
    pub event: String,
    /// How it is spoken of.
    pub label: Label,
    /// Will they come?
    pub attendance: Attendance,
    /// How many, themselves included; `None` when unknown, and for a no.
    pub people: Option<u32>,
    /// Others come, perhaps not they.
    pub in_place: bool,
    /// The shared meal beside the event.
    pub meal: Option<Meal>,
    /// The event is the meal.
    pub itself: bool,
    /// Nothing is known of the meal beside the event, for someone who comes to all of it.
    pub meal_open: bool,
    /// They may eat at it: a meal is shared, and they do not say that they skip it.
    pub eats: bool,
    /// How much of it.
    pub part: Part,
    /// The workshops chosen.
    pub workshops: Vec<Chosen>,
    /// Where, with the address when it says more.
    pub place: String,
    /// What everyone brings for themselves; empty for who skips the meal.
    pub bring: String,
}

/// A workshop by number and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Chosen {
    /// As printed in the invitation.
    pub number: u32,
    /// Its name.
    pub title: String,
}

/// What they bring, lend, do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Brought {
    /// To share.
    pub share: Vec<Thing>,
    /// Equipment, brought or lent.
    pub equipment: Vec<Thing>,
    /// What they will do.
    pub help: Vec<Thing>,
    /// Offered or asked, not settled.
    pub offered: Vec<Thing>,
    /// Only for themselves.
    pub own: Vec<Thing>,
}

/// How the events of the configuration are spoken of.
pub fn label(event: &Event, config: &Config) -> Label {
    let twin = config.events.iter().any(|e| e.id != event.id && e.start.date() == event.start.date());
    let title = if config.events.len() > 1 { event.title.clone() } else { String::new() };
    let same_day = if twin { event.title.clone() } else { String::new() };
    Label { start: event.start, end: event.end, title, same_day }
}

/// Each event that is not over and that `said` answers, in the order of time.
pub fn upcoming<'a>(said: &'a Said, config: &'a Config, now: DateTime) -> Vec<(&'a Event, &'a Answer)> {
    let mut events: Vec<&Event> = config.events.iter().filter(|e| e.over() >= now).collect();
    events.sort_by_key(|e| e.start);
    events.into_iter().filter_map(|e| Some((e, said.answers.iter().rev().find(|a| a.event == e.id)?))).collect()
}

/// What is stated of one event.
pub fn statement(event: &Event, answer: &Answer, situation: &Situation, config: &Config) -> Statement {
    let comes = answer.attendance != Attendance::No;
    let beside = comes && event.meal == SharedMeal::Beside;
    let meal_only = answer.part == Part::MealOnly;
    let part = match answer.part {
        Part::MealOnly if event.meal != SharedMeal::Beside => Part::Full,
        part => part,
    };
    let meal =
        answer.meal.filter(|m| (beside && !meal_only) || (comes && event.meal == SharedMeal::Itself && *m == Meal::No));
    let chosen = |w: &crate::event::Workshop| Chosen { number: w.number, title: w.title.clone() };
    let picked = event.workshops.iter().filter(|w| comes && answer.workshops.contains(&w.number)).map(chosen).collect();
    let in_place = comes && situation.in_place.contains(&event.id);
    let stays = answer.meal != Some(Meal::No);
    Statement {
        event: event.id.clone(),
        label: label(event, config),
        attendance: answer.attendance,
        people: answer.people.filter(|n| comes && *n > 0),
        in_place,
        meal,
        itself: event.meal == SharedMeal::Itself,
        meal_open: beside && answer.meal.is_none() && part == Part::Full && !in_place,
        eats: comes && stays && event.meal != SharedMeal::None,
        part: if comes { part } else { Part::Full },
        workshops: picked,
        place: place(event),
        bring: if comes && (stays || event.meal != SharedMeal::Beside) { event.bring.clone() } else { String::new() },
    }
}

/// The place, then what the address adds.
fn place(event: &Event) -> String {
    match (event.place.trim(), event.address.trim()) {
        (place, address) if address.is_empty() || place.contains(address) => place.to_owned(),
        (place, address) if place.is_empty() || address.contains(place) => address.to_owned(),
        (place, address) => format!("{place}, {address}"),
    }
}

/// What they bring, sorted for the template. Words that may not be repeated are left out.
pub fn brought(contributions: &[Contribution]) -> Brought {
    let mut out = Brought::default();
    for c in contributions {
        let Some(what) = own_words(&c.what) else { continue };
        let thing = Thing { quantity: c.quantity.filter(|n| (2..=999).contains(n)), what };
        let list = match c.kind {
            _ if c.tentative => &mut out.offered,
            _ if c.own => &mut out.own,
            Sort::Food | Sort::Drink | Sort::Tableware => &mut out.share,
            Sort::Equipment => &mut out.equipment,
            Sort::Help => &mut out.help,
        };
        if !list.contains(&thing) {
            list.push(thing);
        }
    }
    out
}
