//! No acknowledgement states anything that the reading does not hold, names a third person, or lacks the way to
//! correct: over thousands of generated situations, and over the labels of every labelled letter.

use std::path::Path;

use astir_rsvp::acknowledge::{self, Answered, Invite, Situation};
use astir_rsvp::config::Config;
use astir_rsvp::entry::Said;
use astir_rsvp::reading::{Answer, Attendance, Contribution, Kind, Meal, Part, Review, Sort, Tone};
use serde_json::Value;

use super::{config, drafts, speech, truth};

/// A small generator with a fixed seed: the same situations at each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }

    fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.roll(of.len() as u64) as usize].clone()
    }

    fn often(&mut self) -> bool {
        self.roll(3) > 0
    }
}

fn answer(dice: &mut Dice, event: &str) -> Answer {
    let attendance = dice.one(&[Attendance::Yes, Attendance::Yes, Attendance::No, Attendance::Maybe]);
    Answer {
        event: event.to_owned(),
        attendance,
        people: if attendance == Attendance::No {
            Some(0)
        } else {
            dice.one(&[None, Some(1), Some(2), Some(17), Some(0)])
        },
        meal: dice.one(&[None, Some(Meal::Yes), Some(Meal::No)]),
        workshops: dice.one(&[vec![], vec![1], vec![2, 4], vec![9]]),
        part: dice.one(&[Part::Full, Part::Full, Part::Partial, Part::MealOnly]),
    }
}

const THINGS: &[&str] = &[
    "tarte",
    "bouteilles de jus",
    "gros gâteau",
    "houmous maison",
    "grande table",
    "pilules sur www.x.example",
    "a@b.example",
    "",
];

fn said(dice: &mut Dice, config: &Config) -> Said {
    let mut out = Said {
        organisation: dice.one(&[None, Some("Secrète".to_owned())]),
        words: vec!["chez Monsieur Secret".to_owned()],
        diets: dice.one(&[vec![], vec![], vec!["sans gluten".to_owned()]]),
        ..Said::default()
    };
    for event in &config.events {
        if dice.often() {
            out.answers.push(answer(dice, &event.id));
        }
    }
    for _ in 0..dice.roll(4) {
        out.contributions.push(Contribution {
            kind: dice.one(&[Sort::Food, Sort::Drink, Sort::Tableware, Sort::Equipment, Sort::Help]),
            what: dice.one(THINGS).to_owned(),
            course: None,
            quantity: dice.one(&[None, Some(1), Some(3)]),
            own: dice.roll(5) == 0,
            tentative: dice.roll(5) == 0,
        });
    }
    out
}

const REVIEWS: &[Review] = &[
    Review::Question,
    Review::Request,
    Review::OfferToConfirm,
    Review::LowCoverage,
    Review::Contradiction,
    Review::UnknownLanguage,
    Review::WhichEvent,
    Review::DoesNotFit,
    Review::Grief,
    Review::PersonalData,
];

fn situation(dice: &mut Dice, config: &Config) -> Situation {
    let mut now = said(dice, config);
    if dice.roll(3) == 0 {
        now.review.push(dice.one(REVIEWS));
    }
    if dice.roll(4) == 0 {
        now.tones.push(dice.one(&[Tone::Illness, Tone::Grief, Tone::Praise, Tone::Correction, Tone::ThanksOnly]));
    }
    let start = config.events[0].start.in_tz("Europe/Paris").unwrap().timestamp();
    let event = config.events[0].id.clone();
    Situation {
        now: start - jiff::SignedDuration::from_hours(dice.one(&[24 * 20, 24, -2])),
        message_id: "ack.1.0@example.org".to_owned(),
        to: "secret@example.org".to_owned(),
        signed: dice.one(&["", "Marie", "Marie Secret", "Secrète"]).to_owned(),
        letters: vec![Answered { subject: "Chez Secret".to_owned(), ..Answered::default() }],
        language: "fr".to_owned(),
        kind: dice.one(&[Kind::Rsvp, Kind::Rsvp, Kind::Rsvp, Kind::Question]),
        before: if dice.roll(3) == 0 { Some(said(dice, config)) } else { None },
        in_place: if dice.roll(8) == 0 { vec![event.clone()] } else { vec![] },
        invites: if dice.often() { vec![Invite { event, sequence: 0 }] } else { vec![] },
        missing: if dice.roll(6) == 0 { vec!["main".to_owned()] } else { vec![] },
        said: now,
    }
}

#[test]
fn three_thousand_generated_situations_are_told_truly() {
    let (speech, templates) = (speech("fr"), truth::templates());
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for name in ["romans", "banquet", "jour"] {
        let config = config(name);
        for _ in 0..1000 {
            let situation = situation(&mut dice, &config);
            let draft = acknowledge::compose(&situation, &config, &speech).unwrap();
            let wrong = truth::check(&situation, &config, &draft.text, &templates);
            assert!(wrong.is_empty(), "{wrong:?}\n{situation:#?}\n{}", draft.text);
            assert!(
                !draft.text.contains("Secr")
                    || situation.signed == "Secrète" && draft.text.starts_with("Bonjour Secrète")
            );
        }
    }
}

#[test]
fn every_golden_acknowledgement_is_true() {
    let templates = truth::templates();
    for (name, (situation, config, draft)) in drafts() {
        if draft.from_name.contains("automatique") {
            let wrong = truth::check(&situation, &config, &draft.text, &templates);
            assert!(wrong.is_empty(), "{name}: {wrong:?}\n{}", draft.text);
        }
    }
}

#[test]
fn a_false_acknowledgement_would_be_found() {
    let templates = truth::templates();
    let (situation, config, draft) = drafts().remove("yes-two-with-a-dish").unwrap();
    for (from, to) in [
        ("2\u{a0}personnes", "4\u{a0}personnes"),
        ("Vous venez", "Vous ne venez pas"),
        ("grosse salade de lentilles", "quiche"),
        ("répondez simplement à ce message", "merci"),
        ("Bonjour Marie", "Bonjour Paul"),
        ("Vous apportez", "Jeanne Durand et vous apportez"),
        ("Repas partagé\u{a0}: oui", "Repas partagé\u{a0}: non"),
    ] {
        assert!(draft.text.contains(from), "{from}");
        let wrong = truth::check(&situation, &config, &draft.text.replace(from, to), &templates);
        assert!(!wrong.is_empty(), "{from} → {to} was not noticed");
    }
}

/// The labels of the letters that are to be acknowledged, as a situation: a first answer, unsigned.
fn labelled() -> Vec<(String, Situation)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/letters");
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "json") {
            continue;
        }
        let label: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        if label["ack"] != true {
            continue;
        }
        let review = if label["needs_human"] == true { vec![Review::Question] } else { vec![] };
        let said = Said {
            answers: serde_json::from_value(label["answers"].clone()).unwrap(),
            contributions: serde_json::from_value(label["contributions"].clone()).unwrap(),
            organisation: serde_json::from_value(label["organisation"].clone()).unwrap(),
            review,
            ..Said::default()
        };
        let situation = Situation {
            now: "2018-02-12T10:00:00Z".parse().unwrap(),
            message_id: "ack.1.0@example.org".to_owned(),
            to: "someone@example.org".to_owned(),
            signed: String::new(),
            letters: vec![Answered { message_id: "1@example.org".to_owned(), ..Answered::default() }],
            language: "fr".to_owned(),
            kind: serde_json::from_value(label["kind"].clone()).unwrap(),
            said,
            before: None,
            in_place: vec![],
            invites: vec![],
            missing: vec![],
        };
        out.push((path.file_stem().unwrap().to_string_lossy().into_owned(), situation));
    }
    out.sort_by(|a, b| a.0.cmp(&b.0));
    out
}

#[test]
fn the_labels_of_every_letter_are_told_truly() {
    let egm = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/letters/egm.toml");
    let config = Config::parse("egm.toml", &std::fs::read_to_string(egm).unwrap()).unwrap();
    let (speech, templates) = (speech("fr"), truth::templates());
    let letters = labelled();
    assert!(letters.len() > 150, "{}", letters.len());
    for (name, situation) in letters {
        let draft = acknowledge::compose(&situation, &config, &speech).unwrap();
        let wrong = truth::check(&situation, &config, &draft.text, &templates);
        // Of the letters that are held out (number divisible by 3) nothing is printed.
        let open = name.rsplit('-').next().and_then(|n| n.parse::<u32>().ok()).is_none_or(|n| n % 3 != 0);
        let shown = if open { format!("{wrong:?}\n{}", draft.text) } else { String::new() };
        assert!(wrong.is_empty(), "{name}: {shown}");
    }
}
