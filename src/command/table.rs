//! The roster as a table for the terminal: who comes to what, with what, event by event.
//!
//! Promises: every guest of the roster is a line; the figures below are counted from those lines. Columns are aligned
//! by characters; a stranger's text is cut and holds no control character, so that it cannot disturb the terminal.

use std::fmt::Write;

use crate::reading::{Attendance, Meal, Part};
use crate::roster::{Gathering, Gift, Guest, Roster};
use crate::speech::Speech;

/// Widths after which the cells of a column are cut; the last one is never cut.
const WIDEST: [usize; 4] = [44, 9, 8, 28];

/// The whole roster.
pub fn roster(roster: &Roster, speech: &Speech) -> String {
    let mut out = String::new();
    for gathering in &roster.gatherings {
        let event = &gathering.event;
        let values = serde_json::json!({
            "title": event.title, "start": event.start.to_string(), "place": event.place,
        });
        let _ = writeln!(out, "{}\n", speech.say("table/event", values));
        if gathering.guests.is_empty() {
            let _ = writeln!(out, "  {}\n", speech.say("table/nobody", ()));
            continue;
        }
        out.push_str(&lines(gathering, speech));
        let _ = writeln!(out, "\n  {}\n", totals(gathering, speech));
    }
    out
}

/// Heading and one line a guest: those who come first, then the undecided, then the absent.
fn lines(gathering: &Gathering, speech: &Speech) -> String {
    let heading = ["who", "comes", "people", "details", "brings"].map(|k| speech.say(&format!("table/{k}"), ()));
    let mut rows = vec![heading];
    let order = [Attendance::Yes, Attendance::Maybe, Attendance::No];
    let guests = order.iter().flat_map(|a| gathering.guests.iter().filter(move |g| g.attendance == *a));
    rows.extend(guests.map(|guest| row(guest, gathering, speech)));
    let strangers = gathering.brought().filter(|g| gathering.attendance(g).is_none());
    rows.extend(strangers.map(|gift| {
        let none = String::new;
        [clean(&gift.shown), none(), none(), none(), thing(gift, speech)]
    }));
    let mut out = String::new();
    let width = |i: usize| rows.iter().filter_map(|r| r.get(i)).map(|c| c.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = WIDEST.iter().enumerate().map(|(i, widest)| width(i).min(*widest)).collect();
    for row in &rows {
        let mut line = String::from("  ");
        for (i, cell) in row.iter().enumerate() {
            match widths.get(i) {
                Some(width) => {
                    let _ = write!(line, "{:width$}  ", cut(cell, *width));
                }
                None => line.push_str(cell),
            }
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

fn row(guest: &Guest, gathering: &Gathering, speech: &Speech) -> [String; 5] {
    let comes = match guest.attendance {
        Attendance::Yes => "table/yes",
        Attendance::Maybe => "table/maybe",
        Attendance::No => "table/no",
    };
    let people = match (guest.attendance, guest.people) {
        (Attendance::No, _) => String::new(),
        (_, Some(people)) => people.to_string(),
        (_, None) => "?".to_owned(),
    };
    let theirs = |g: &&Gift| g.person == guest.person;
    let brings: Vec<String> = gathering.brought().filter(theirs).map(|g| thing(g, speech)).collect();
    let who = match &guest.organisation {
        Some(organisation) if *organisation != guest.shown => format!("{} ({organisation})", guest.shown),
        _ => guest.shown.clone(),
    };
    [clean(&who), speech.say(comes, ()), people, details(guest, speech), brings.join(", ")]
}

/// Part, meal and workshops, as far as something was said.
fn details(guest: &Guest, speech: &Speech) -> String {
    let mut said = Vec::new();
    match guest.part {
        Part::Full => {}
        Part::Partial => said.push(speech.say("table/partial", ())),
        Part::MealOnly => said.push(speech.say("table/meal-only", ())),
    }
    match guest.meal {
        Some(Meal::Yes) if guest.part != Part::MealOnly => said.push(speech.say("table/meal", ())),
        Some(Meal::No) => said.push(speech.say("table/no-meal", ())),
        _ => {}
    }
    if !guest.workshops.is_empty() {
        let numbers: Vec<String> = guest.workshops.iter().map(u32::to_string).collect();
        said.push(speech.say("table/workshops", serde_json::json!({ "numbers": numbers.join("+") })));
    }
    said.join(", ")
}

fn thing(gift: &Gift, speech: &Speech) -> String {
    let what = clean(&gift.contribution.what);
    let what = match gift.contribution.quantity {
        Some(number) if number > 1 => format!("{number} {what}"),
        _ => what,
    };
    if gift.contribution.tentative {
        return speech.say("table/tentative", serde_json::json!({ "what": what }));
    }
    what
}

fn totals(gathering: &Gathering, speech: &Speech) -> String {
    let totals = gathering.totals();
    let values = serde_json::json!({
        "people": totals.coming.people,
        "answers": totals.coming.answers,
        "unnumbered": totals.coming.unnumbered,
        "maybe": totals.maybe.people,
        "undecided": totals.maybe.answers,
        "absent": totals.absent,
    });
    speech.say("table/totals", values)
}

/// A stranger's text on one line, without what a terminal would obey.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::Person;
    use crate::reading::{Contribution, Sort};
    use crate::roster::Number;

    fn speech() -> Speech {
        Speech::new("fr", &crate::rules::embedded()).unwrap()
    }

    fn event() -> crate::event::Event {
        let config = "[association]\nname = \"A\"\naddress = \"a@exemple.fr\"\n[[event]]\nid = \"e\"\ntitle = \"Fête\"\nstart = 2026-05-23T10:00:00\nplace = \"Pré\"\n";
        crate::config::Config::parse("c", config).unwrap().events.remove(0)
    }

    fn guest(name: &str, attendance: Attendance, people: Option<u32>) -> Guest {
        Guest {
            person: Person { address: format!("{name}@exemple.fr"), name: String::new() },
            shown: name.into(),
            number: Number::Letter(1),
            entry: 1,
            said: jiff::Timestamp::UNIX_EPOCH,
            corrected: false,
            attendance,
            people,
            meal: None,
            workshops: Vec::new(),
            part: Part::Full,
            organisation: None,
        }
    }

    fn gift(of: &Guest, what: &str, quantity: Option<u32>) -> Gift {
        let contribution =
            Contribution { kind: Sort::Food, what: what.into(), course: None, quantity, own: false, tentative: false };
        let (person, shown) = (of.person.clone(), of.shown.clone());
        Gift { person, shown, number: of.number, said: of.said, contribution, free: false }
    }

    fn table(guests: Vec<Guest>, gifts: Vec<Gift>) -> String {
        let gatherings = vec![Gathering { event: event(), guests, gifts }];
        let at = jiff::Timestamp::UNIX_EPOCH;
        let (diets, doubles, waiting) = (Vec::new(), Vec::new(), Vec::new());
        roster(&Roster { at, gatherings, diets, doubles, waiting, silent: Default::default() }, &speech())
    }

    #[test]
    fn guests_stand_in_aligned_columns_those_who_come_first() {
        let mut zoe = guest("Zoé", Attendance::Yes, Some(3));
        (zoe.workshops, zoe.meal) = (vec![1, 2], Some(Meal::No));
        let cakes = gift(&zoe, "tartes", Some(2));
        let out =
            table(vec![guest("Anne", Attendance::No, Some(0)), zoe, guest("Bo", Attendance::Yes, None)], vec![cakes]);
        let lines: Vec<&str> = out.lines().collect();
        assert!(lines[0].starts_with("Fête, samedi 23"), "{out}");
        assert_eq!(lines[3], "  Zoé   oui    3        sans repas, atelier 1+2  2 tartes");
        assert_eq!(lines[4], "  Bo    oui    ?");
        assert_eq!(lines[5], "  Anne  non");
        assert!(lines[7].contains("3 personnes viennent (2 réponses, dont 1 sans nombre)"), "{out}");
    }

    #[test]
    fn a_strangers_name_cannot_disturb_the_terminal() {
        let out = table(vec![guest("x\u{1b}[2J\nOui  oui  99", Attendance::Yes, Some(1))], Vec::new());
        assert!(!out.contains('\u{1b}'));
        assert_eq!(out.lines().filter(|l| l.starts_with("  ") && l.contains("99")).count(), 1);
        assert!(out.lines().any(|l| l.starts_with("  x [2J Oui")), "{out}");
    }

    #[test]
    fn who_only_sends_something_is_listed_with_it() {
        let sender = guest("Lou", Attendance::Yes, Some(1));
        let out = table(vec![guest("Anne", Attendance::Yes, Some(1))], vec![gift(&sender, "du pain", None)]);
        assert!(out.lines().any(|l| l.starts_with("  Lou") && l.ends_with("du pain")), "{out}");
    }
}
