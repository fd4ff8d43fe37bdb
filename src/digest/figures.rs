//! The figures of each event, with their change since the last digest in words. Never a total over events.

use jiff::civil::Date;
use serde_json::json;

use super::page::Section;
use super::view::View;
use crate::event::SharedMeal;
use crate::reading::Kind;
use crate::roster::{Gathering, Totals};

/// Answers are drawn day by day over that many days.
const DAYS: i64 = 14;

/// One section for each event.
pub fn figures(view: &View<'_>) -> Vec<Section> {
    view.by_day().into_iter().map(|g| event(view, g)).collect()
}

/// `Samedi 3 mars — Saint-Nicolas, Romans (dans 4 jours)`.
fn heading(view: &View<'_>, gathering: &Gathering) -> String {
    let day = gathering.event.start.date();
    let days = view.days_to(day);
    view.say(
        "figures-heading",
        json!({ "day": view.day(day), "title": gathering.event.title, "place": gathering.event.place, "days": days }),
    )
}

fn event(view: &View<'_>, gathering: &Gathering) -> Section {
    let mut section = Section::new(heading(view, gathering));
    if gathering.guests.is_empty() {
        section.text(view.words("figures-nobody"));
        return section;
    }
    let now = gathering.totals();
    let was = view.was(gathering).map(Gathering::totals);
    let mut rows = Vec::new();
    let mut row = |key: &str, text: String, figure: fn(&Totals) -> u64| {
        rows.push(vec![view.words(key), text, view.change(was.as_ref().map(figure), figure(&now))]);
    };
    row("row-coming", view.tally(now.coming), |t| t.coming.people);
    if now.partial.answers > 0 {
        row("row-partial", view.tally(now.partial), |t| t.partial.people);
    }
    if now.coming.unnumbered > 0 {
        let text = view.say("answers", json!({ "n": now.coming.unnumbered }));
        row("row-unnumbered", text, |t| t.coming.unnumbered as u64);
    }
    row("row-maybe", view.tally(now.maybe), |t| t.maybe.people);
    row("row-absent", view.say("answers", json!({ "n": now.absent })), |t| t.absent as u64);
    if gathering.event.meal != SharedMeal::None {
        row("row-meal", view.tally(now.meal), |t| t.meal.people);
        if now.meal_skipped.answers > 0 {
            row("row-meal-skipped", view.tally(now.meal_skipped), |t| t.meal_skipped.people);
        }
        if now.meal_unsaid.answers > 0 {
            row("row-meal-unsaid", view.tally(now.meal_unsaid), |t| t.meal_unsaid.people);
        }
    }
    section.table(Vec::new(), rows);
    section
}

/// Answers day by day, as bars.
pub fn over_time(view: &View<'_>) -> Vec<Section> {
    let first = view.today().saturating_sub(jiff::Span::new().days(DAYS - 1));
    let mut days: std::collections::BTreeMap<Date, u64> = std::collections::BTreeMap::new();
    for letter in view.ledger.letters.iter().filter(|l| l.kind == Kind::Rsvp) {
        let day = view.local(letter.received).date();
        if day >= first && day <= view.today() {
            *days.entry(day).or_default() += 1;
        }
    }
    if days.len() < 3 {
        return Vec::new();
    }
    let mut section = Section::new(view.words("time-heading"));
    let bar = |(day, n): (Date, u64)| (view.day(day), view.say("answers", json!({ "n": n })), n, 0);
    section.bars(days.into_iter().map(bar).collect());
    vec![section]
}
