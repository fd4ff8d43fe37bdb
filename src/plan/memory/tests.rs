//! What was said before completes a reading: case by case, on letters as people write them.

use super::*;
use crate::config::Config;
use crate::letter::{Block, Letter, Mailbox, Writer};
use crate::rules::Rules;
use crate::understand::understand;

const CONFIG: &str = r#"
[association]
name = "A"
address = "a@example.org"
[[event]]
id = "day"
title = "Rencontre"
start = 2018-03-03T09:00:00
place = "Romans"
shared_meal = true
default = true
[[event]]
id = "evening"
title = "Conference"
start = 2018-02-27T19:00:00
place = "Valence"
words = ["conference"]
"#;

fn config() -> Config {
    Config::parse("c.toml", CONFIG).unwrap()
}

static RULES: std::sync::LazyLock<Rules> =
    std::sync::LazyLock::new(|| Rules::load(&[crate::rules::embedded()]).unwrap());

fn stands(list: &[(&str, Attendance, Option<u32>)]) -> Standing {
    let answer = |(event, attendance, people): &(&str, Attendance, Option<u32>)| {
        let event = (*event).to_owned();
        let (meal, workshops, part) = (None, Vec::new(), Part::Full);
        (event.clone(), Answer { event, attendance: *attendance, people: *people, meal, workshops, part })
    };
    list.iter().map(answer).collect()
}

/// The answers of a letter by somebody of whom that stands, as `event attendance people`, or the doubts.
fn read(text: &str, standing: &[(&str, Attendance, Option<u32>)], to_us: bool) -> Vec<String> {
    let letter = Letter {
        blocks: vec![Block { by: Writer::Sender, text: text.to_owned() }],
        references: vec!["ack.1.0@example.org".to_owned()],
        subject: "Re: Invitation".to_owned(),
        answers_us: true,
        from: Some(Mailbox { name: String::new(), address: "b@example.org".to_owned() }),
        ..Letter::default()
    };
    let config = config();
    let reading = understand(&letter, &config, &RULES);
    let reading = completed(&reading, &stands(standing), &config.events, to_us, text);
    let mut out: Vec<String> =
        reading.answers.iter().map(|a| format!("{} {:?} {:?}", a.event, a.attendance, a.people)).collect();
    out.extend(reading.review.iter().map(|r| format!("{r:?}")));
    out
}

use Attendance::{Maybe, No, Yes};

#[test]
fn a_new_number_is_for_the_events_they_come_to() {
    let three = "Finalement nous serons 3.";
    assert_eq!(read(three, &[("day", Yes, Some(2))], true), ["day Yes Some(3)"]);
    assert_eq!(read(three, &[("evening", Yes, Some(2))], true), ["evening Yes Some(3)"]);
    assert_eq!(
        read(three, &[("day", Yes, Some(2)), ("evening", Maybe, None)], true),
        ["day Yes Some(3)", "evening Yes Some(3)"]
    );
}

#[test]
fn a_number_after_a_yes_and_a_no_is_for_a_person() {
    let stands = [("day", No, Some(0)), ("evening", Yes, Some(2))];
    assert_eq!(read("Finalement nous serons 3.", &stands, true), ["WhichEvent"]);
}

#[test]
fn a_change_of_mind_is_for_the_event_that_was_refused() {
    let stands = [("day", No, Some(0)), ("evening", Yes, Some(2))];
    assert_eq!(read("Finalement je viendrai.", &stands, true), ["day Yes Some(1)"]);
}

#[test]
fn a_cancellation_without_a_date_is_for_all_they_said_yes_to() {
    let stands = [("day", Yes, Some(2)), ("evening", Yes, Some(1))];
    assert_eq!(read("Finalement je ne pourrai pas venir.", &stands, true), ["day No Some(0)", "evening No Some(0)"]);
    assert_eq!(read("Finalement je ne pourrai pas venir.", &stands[1..], true), ["evening No Some(0)"]);
    assert_eq!(read("Je ne pourrai pas venir le 27.", &stands, true), ["evening No Some(0)"]);
}

#[test]
fn a_fresh_answer_to_the_invitation_is_left_as_it_is() {
    let stands = [("evening", Yes, Some(2))];
    assert_eq!(read("Je serai absent.", &stands, false), ["day No Some(0)"]);
    assert_eq!(read("Nous serons 3.", &stands, false), ["day Yes Some(3)"]);
}

#[test]
fn one_that_was_taken_for_granted_does_not_undo_a_number() {
    let stands = [("day", Yes, Some(2))];
    assert_eq!(read("Oui.", &stands, true), ["day Yes None"]);
    assert_eq!(read("Je viens, j'apporte une tarte.", &stands, true), ["day Yes None"]);
    assert_eq!(read("Je viendrai seul.", &stands, true), ["day Yes Some(1)"]);
    assert_eq!(read("Oui.", &[("day", Yes, None)], true), ["day Yes Some(1)"]);
}

#[test]
fn a_number_alone_answers_our_question() {
    assert_eq!(read("3", &[("day", Yes, None)], true), ["day Yes Some(3)"]);
    assert_eq!(read("3 !\nMarie", &[("evening", Yes, None)], true), ["evening Yes Some(3)"]);
    for (text, stands, to_us) in [
        ("3", [("day", Yes, None)], false),
        ("3", [("day", Yes, Some(2))], true),
        ("2018", [("day", Yes, None)], true),
        ("0", [("day", Yes, None)], true),
    ] {
        assert!(read(text, &stands, to_us).iter().all(|a| !a.contains("Yes")), "{text}");
    }
}

#[test]
fn what_is_said_of_others_does_not_cancel_the_sender() {
    let stands = [("day", Yes, Some(2))];
    assert!(read("Finalement mon mari ne viendra pas.", &stands, true).contains(&"DoesNotFit".to_owned()));
    assert_eq!(read("Ma fille viendra aussi.", &stands, true), ["DoesNotFit"]);
}

#[test]
fn thanks_change_nothing() {
    assert!(read("Merci !", &[("day", Yes, None)], true).is_empty());
    assert!(read("Merci beaucoup pour votre message.", &[("day", Yes, Some(2))], true).is_empty());
}

#[test]
fn nothing_known_leaves_the_reading_alone() {
    assert_eq!(read("Finalement nous serons 3.", &[], true), ["day Yes Some(3)"]);
}
