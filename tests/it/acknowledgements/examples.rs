//! What we suggest to answer ("par exemple « finalement nous serons 3 »") is understood when it is answered.

use std::collections::BTreeSet;

use astir_rsvp::letter::{Block, Letter, Mailbox, Writer};
use astir_rsvp::reading::{Attendance, Kind, Meal, Reading};
use astir_rsvp::rules::{self, Rules};
use astir_rsvp::understand::understand;

use super::{config, drafts};

/// Every suggestion in the golden acknowledgements in French, with plain spaces.
fn suggestions() -> BTreeSet<String> {
    let quoted = regex::Regex::new("par exemple «\u{a0}([^»]+)\u{a0}»").unwrap();
    let texts: Vec<String> = drafts().into_values().map(|(_, _, draft)| draft.text).collect();
    let found = texts.iter().flat_map(|t| quoted.captures_iter(t).map(|c| c[1].replace('\u{a0}', " ")));
    found.collect()
}

fn read(text: &str, rules: &Rules) -> Reading {
    let letter = Letter {
        blocks: vec![Block { by: Writer::Sender, text: text.to_owned() }],
        subject: "Re: Invitation".to_owned(),
        references: vec!["ack.1.0@gmail.com".to_owned()],
        answers_us: true,
        from: Some(Mailbox { name: String::new(), address: "marie@example.org".to_owned() }),
        ..Letter::default()
    };
    understand(&letter, &config("romans"), rules)
}

#[test]
fn every_answer_that_we_suggest_is_understood() {
    let rules = Rules::load(&[rules::embedded()]).unwrap();
    let suggestions = suggestions();
    assert!(suggestions.len() > 3, "{suggestions:?}");
    for text in suggestions {
        let reading = read(&text, &rules);
        assert!(reading.kind == Kind::Rsvp && reading.review.is_empty(), "{text}: {reading:?}");
        let [answer] = reading.answers.as_slice() else { panic!("{text}: {reading:?}") };
        assert_eq!(answer.attendance, Attendance::Yes, "{text}");
        let number: Option<u32> = text.split(' ').find_map(|w| w.parse().ok());
        match number {
            Some(_) => assert_eq!(answer.people, number, "{text}"),
            None => assert_eq!(answer.meal, Some(Meal::Yes), "{text}"),
        }
    }
}
