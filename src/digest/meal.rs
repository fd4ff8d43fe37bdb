//! The shared meal: what is missing first, then who brings what, then tableware.
//!
//! Promises: where the configuration wishes for nothing, rules of thumb say what the guests need (one main dish for
//! seven, one loaf for ten…), and are called so. What is only proposed is counted apart.

use std::collections::BTreeMap;

use serde_json::json;

use super::page::{Item, Section};
use super::view::View;
use crate::event::SharedMeal;
use crate::reading::{Attendance, Course, Sort};
use crate::roster::{Gathering, Gift};
use crate::text::fold;

/// What dishes are counted by: the courses, drinks beside them; the key of its word, and how many guests one serves.
const COUNTED: [(&str, u64); 8] = [
    ("starter", 7),
    ("main", 7),
    ("side", 0),
    ("cheese", 15),
    ("bread", 10),
    ("dessert", 8),
    ("snack", 0),
    ("drink", 4),
];

/// With fewer guests than that, rules of thumb tell nothing before the eve.
pub const ENOUGH: u64 = 10;

/// More pieces than that in one contribution are one dish ("trente samoussas").
const DISHES: u32 = 5;

/// One line of the meal: what, how many there are, how many are wished for (0: no wish).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// Key of its word: a course, or `drink`.
    pub what: &'static str,
    /// How many are promised.
    pub have: u64,
    /// How many are wished for.
    pub want: u64,
}

impl Need {
    /// How many are missing.
    pub fn missing(&self) -> u64 {
        self.want.saturating_sub(self.have)
    }
}

/// What the meal has and needs.
pub fn needs(gathering: &Gathering) -> Vec<Need> {
    let totals = gathering.totals();
    // Whoever said nothing of the meal may stay: half of them are counted.
    let guests = totals.meal.people + totals.meal_unsaid.people.div_ceil(2);
    let wanted = &gathering.event.wanted;
    let mut needs = Vec::new();
    for (what, serves) in COUNTED {
        let thumb = if wanted.is_empty() && serves > 0 { guests.div_ceil(serves) } else { 0 };
        let want = wanted.get(what).map_or(thumb, |n| u64::from(*n));
        let firm = gathering.brought().filter(|g| key(g) == Some(what) && !g.contribution.tentative);
        let have = firm.map(dishes).sum();
        if have > 0 || want > 0 {
            needs.push(Need { what, have, want });
        }
    }
    needs
}

/// Which line a gift counts in; `None`: a dish of unknown course, or no food.
fn key(gift: &Gift) -> Option<&'static str> {
    match (gift.contribution.kind, gift.contribution.course) {
        (Sort::Drink, _) => Some("drink"),
        (Sort::Food, Some(course)) => Some(match course {
            Course::Starter => "starter",
            Course::Main => "main",
            Course::Side => "side",
            Course::Cheese => "cheese",
            Course::Bread => "bread",
            Course::Dessert => "dessert",
            Course::Snack => "snack",
        }),
        _ => None,
    }
}

fn dishes(gift: &Gift) -> u64 {
    match gift.contribution.quantity {
        Some(n) if n <= DISHES || gift.contribution.kind == Sort::Drink => u64::from(n),
        _ => 1,
    }
}

/// What is missing most, in words, at most three things; empty when nothing is.
pub fn missing(view: &View<'_>, gathering: &Gathering) -> String {
    let mut needs = needs(gathering);
    needs.retain(|n| n.missing() > 0);
    needs.sort_by_key(|n| std::cmp::Reverse(n.missing()));
    view.list(needs.iter().take(3).map(|n| view.words(&format!("some-{}", n.what))))
}

/// One section for each event with a meal.
pub fn meal(view: &View<'_>) -> Vec<Section> {
    let with_meal = |g: &&Gathering| g.event.meal != SharedMeal::None && !g.guests.is_empty();
    view.current().into_iter().filter(with_meal).map(|g| section(view, g)).collect()
}

fn section(view: &View<'_>, gathering: &Gathering) -> Section {
    let mut section = Section::new(view.heading("meal-heading", gathering));
    let totals = gathering.totals();
    let values = json!({ "people": totals.meal.people, "unsaid": totals.meal_unsaid.people });
    section.text(view.say("meal-people", values));
    let mut needs = needs(gathering);
    let thumb = gathering.event.wanted.is_empty();
    let early = thumb && totals.meal.people < ENOUGH && view.days_to(gathering.event.start.date()) > 1;
    if early {
        needs.retain(|n| n.have > 0);
        needs.iter_mut().for_each(|n| n.want = 0);
        section.text(view.words("meal-early"));
    } else {
        lacking(view, gathering, &needs, &mut section);
    }
    let bar = |n: &Need| {
        let figure = view.say("have-want", json!({ "have": n.have, "want": n.want }));
        (view.words(&format!("course-{}", n.what)), figure, n.have, n.want)
    };
    section.bars(needs.iter().map(bar).collect());
    section.items(who_brings(view, gathering));
    section.items(repeated(view, gathering));
    tableware(view, gathering, &mut section);
    section
}

/// What is missing, and a sentence to copy into a reminder.
fn lacking(view: &View<'_>, gathering: &Gathering, needs: &[Need], section: &mut Section) {
    let say = |n: &Need| view.say(&format!("lack-{}", n.what), json!({ "n": n.missing() }));
    let lacking = view.list(needs.iter().filter(|n| n.missing() > 0).map(say));
    if lacking.is_empty() {
        section.text(view.words("meal-complete"));
        return;
    }
    let thumb = gathering.event.wanted.is_empty();
    section.text(view.say("meal-missing", json!({ "what": lacking, "thumb": thumb })));
    let day = view.short_day(gathering.event.start.date());
    section.text(view.say("meal-reminder", json!({ "what": missing(view, gathering), "day": day })));
}

/// `Desserts : tarte aux pommes (L. Petit, 60) ; …`, course by course, then what cannot be told, then proposals.
fn who_brings(view: &View<'_>, gathering: &Gathering) -> Vec<Item> {
    let firm = |g: &&Gift| !g.contribution.tentative;
    let mut items = Vec::new();
    for (what, _) in COUNTED {
        let of = gathering.brought().filter(firm).filter(|g| key(g) == Some(what));
        items.extend(line(view, gathering, &format!("course-{what}"), of));
    }
    let unknown = gathering.brought().filter(firm).filter(|g| g.contribution.kind == Sort::Food && key(g).is_none());
    items.extend(line(view, gathering, "course-unknown", unknown));
    let edible = |g: &&Gift| matches!(g.contribution.kind, Sort::Food | Sort::Drink);
    let proposed = gathering.brought().filter(edible).filter(|g| g.contribution.tentative);
    items.extend(line(view, gathering, "proposed", proposed));
    items
}

/// One line that names things and who brings them; none when there are none.
pub fn line<'g>(
    view: &View<'_>,
    gathering: &Gathering,
    label: &str,
    gifts: impl Iterator<Item = &'g Gift>,
) -> Option<Item> {
    let one = |g: &Gift| {
        let attendance = match gathering.attendance(g) {
            Some(Attendance::Yes) => "yes",
            Some(Attendance::Maybe) => "maybe",
            Some(Attendance::No) => "no",
            None => "unsaid",
        };
        let values = json!({
            "what": view.thing(g), "name": view.name(&g.shown), "number": g.number.to_string(), "attendance": attendance,
        });
        view.say("gift", values)
    };
    let all: Vec<String> = gifts.map(one).collect();
    if all.is_empty() {
        return None;
    }
    let all = view.say("joined", json!({ "items": all }));
    Some(Item::plain(view.say("labelled", json!({ "label": view.words(label), "text": all }))))
}

/// The same dish three times or more.
fn repeated(view: &View<'_>, gathering: &Gathering) -> Vec<Item> {
    let mut same: BTreeMap<String, Vec<&Gift>> = BTreeMap::new();
    for gift in gathering.brought().filter(|g| g.contribution.kind == Sort::Food) {
        let what = fold(&gift.contribution.what);
        same.entry(what.trim_end_matches('s').to_owned()).or_default().push(gift);
    }
    let often = same.into_values().filter(|g| g.len() > 2);
    let say = |gifts: Vec<&Gift>| {
        let what = gifts.first().map_or("", |g| g.contribution.what.as_str());
        let what = super::page::clean(what, super::view::THING);
        Item::plain(view.say("repeated", json!({ "what": what, "n": gifts.len() })))
    };
    often.map(say).collect()
}

fn tableware(view: &View<'_>, gathering: &Gathering, section: &mut Section) {
    let of = |g: &&Gift| g.contribution.kind == Sort::Tableware;
    section.items(line(view, gathering, "tableware", gathering.brought().filter(of)).into_iter().collect());
    let shared = gathering.brought().filter(of).count();
    let bring = &gathering.event.bring;
    if !bring.is_empty() {
        section.text(view.say("tableware-own", json!({ "bring": bring })));
    } else if shared == 0 {
        section.text(view.words("tableware-none"));
    }
}
