//! Calendar answers matched to announced events, and what they answer.

use super::*;

const CONFIG: &str = "[association]\nname = \"Les Voisins\"\nshort_name = \"Voisins\"\naddress = \"contact@lesvoisins.example\"\ntimezone = \"Europe/Paris\"\n\n[[event]]\nid = \"pique-nique\"\ntitle = \"Pique-nique des voisins\"\nstart = 2018-03-03T12:00:00\nplace = \"Parc\"\nwords = [\"pique-nique\"]\n\n[[event]]\nid = \"banquet\"\ntitle = \"Banquet\"\nstart = 2018-06-09T19:00:00\nplace = \"Parc\"\nshared_meal = \"itself\"\n";

fn config() -> Config {
    Config::parse("voisins.toml", CONFIG).unwrap()
}

fn reply(change: impl FnOnce(&mut Calendar)) -> Outcome {
    let mut calendar = Calendar {
        method: "REPLY".into(),
        uid: "pique-nique@lesvoisins.example".into(),
        attendee: "marie@quartier.example".into(),
        partstat: "ACCEPTED".into(),
        ..Calendar::default()
    };
    change(&mut calendar);
    outcome(&Letter { calendar: Some(calendar), ..Letter::default() }, &config())
}

fn answered(outcome: Outcome) -> Option<(String, Attendance, Option<u32>)> {
    match outcome {
        Outcome::Answered(a) => Some((a.event, a.attendance, a.people)),
        _ => None,
    }
}

#[test]
fn each_status_is_an_attendance_and_guests_are_counted() {
    for (partstat, guests, want) in [
        ("ACCEPTED", None, (Attendance::Yes, Some(1))),
        ("ACCEPTED", Some(3), (Attendance::Yes, Some(4))),
        ("TENTATIVE", Some(1), (Attendance::Maybe, Some(2))),
        ("DECLINED", Some(2), (Attendance::No, Some(0))),
        ("ACCEPTED", Some(4_000_000_000), (Attendance::Yes, Some(1))),
    ] {
        let got = answered(reply(|c| (c.partstat, c.guests) = (partstat.into(), guests))).unwrap();
        assert_eq!((got.1, got.2), want, "{partstat}");
    }
    for partstat in ["NEEDS-ACTION", "DELEGATED", ""] {
        assert_eq!(reply(|c| c.partstat = partstat.into()), Outcome::Unclear, "{partstat}");
    }
}

#[test]
fn an_event_is_found_by_its_uid_or_by_its_name_on_its_day() {
    let at = |uid: &str, summary: &str, start: &str| {
        answered(reply(|c| (c.uid, c.summary, c.start) = (uid.into(), summary.into(), start.into()))).map(|a| a.0)
    };
    let ours = Some("pique-nique".to_owned());
    assert_eq!(at("pique-nique", "", ""), ours);
    assert_eq!(at("x", "PIQUE-NIQUE des voisins", "2018-03-03"), ours);
    assert_eq!(at("x", "Accepted: Pique-nique des voisins", "2018-03-03T11:00:00Z"), ours);
    assert_eq!(at("x", "Le pique-nique", "2018-03-03T12:00:00"), ours);
    assert_eq!(at("x", "", "2018-03-03T12:00:00"), ours);
    for (uid, summary, start) in [
        ("pique-nique-2@ailleurs.example", "", ""),
        ("x", "Pique-nique des voisins", "2018-03-10T12:00:00"),
        ("x", "Réunion du bureau", "2018-03-03T12:00:00"),
        ("x", "", "2018-03-03"),
        ("x", "", "2018-03-03T13:00:00"),
        ("x", "des", "2018-03-03T12:00:00"),
    ] {
        assert_eq!(at(uid, summary, start), None, "{uid} {summary} {start}");
    }
}

#[test]
fn what_is_no_reply_or_is_passed_on_answers_nothing() {
    assert_eq!(reply(|c| c.method = "COUNTER".into()), Outcome::Counter);
    for method in ["REQUEST", "CANCEL", "PUBLISH", "REFRESH", ""] {
        assert_eq!(reply(|c| c.method = method.into()), Outcome::Elsewhere, "{method}");
    }
    let calendar = Calendar { method: "REPLY".into(), partstat: "ACCEPTED".into(), ..Calendar::default() };
    let letter = Letter { calendar: Some(calendar), forwards: true, ..Letter::default() };
    assert_eq!(outcome(&letter, &config()), Outcome::None);
}

#[test]
fn whoever_accepts_a_banquet_eats() {
    let meal = |partstat: &str| match reply(|c| (c.uid, c.partstat) = ("banquet@x".into(), partstat.into())) {
        Outcome::Answered(a) => a.meal,
        other => panic!("{other:?}"),
    };
    assert_eq!((meal("ACCEPTED"), meal("DECLINED")), (Some(Meal::Yes), None));
}

#[test]
fn words_that_say_otherwise_go_to_a_person_and_others_add() {
    let of = |attendance, people| Answer {
        event: "pique-nique".into(),
        attendance,
        people,
        meal: None,
        workshops: Vec::new(),
        part: Part::Full,
    };
    let said = |answer: Answer| Reading { answers: vec![answer], ..Reading::default() };
    let against = beside(said(of(Attendance::No, Some(0))), of(Attendance::Yes, Some(1)));
    assert_eq!((against.answers, against.review), (vec![of(Attendance::Yes, Some(1))], vec![Review::CalendarDiffers]));
    let more = beside(said(of(Attendance::Yes, Some(3))), of(Attendance::Yes, Some(1)));
    assert_eq!((more.answers, more.review), (vec![of(Attendance::Yes, Some(3))], vec![]));
}
