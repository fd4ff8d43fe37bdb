//! Sentences of every kind, one a line, each answered as a secretary would: `tests/sentences/*.tsv`.
//!
//! A line that begins with `!` is a known miss: it must still be missed, so that a repair announces itself.

use astir_rsvp::config::Config;
use astir_rsvp::letter::{self, Ourselves};
use astir_rsvp::reading::{Reading, Review};
use astir_rsvp::rules::{Rules, embedded};
use astir_rsvp::understand::understand;

fn folder() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sentences")
}

/// Reads each sentence as the whole text of a reply to the invitation and compares what `show` makes of the reading.
fn check(file: &str, show: impl Fn(&Reading, &str) -> String) {
    check_under("Re: Forum de l'eau", file, show);
}

/// The same under another subject.
fn check_under(subject: &str, file: &str, show: impl Fn(&Reading, &str) -> String) {
    check_of("events.toml", subject, file, show);
}

/// The same of other announced events.
fn check_of(announced: &str, subject: &str, file: &str, show: impl Fn(&Reading, &str) -> String) {
    let rules = Rules::load(&[embedded()]).unwrap();
    let events = std::fs::read_to_string(folder().join(announced)).unwrap();
    let config = Config::parse(announced, &events).unwrap();
    let lines = std::fs::read_to_string(folder().join(file)).unwrap();
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in lines.lines() {
        let known_miss = line.starts_with('!');
        let Some((wanted, sentence)) = line.trim_start_matches('!').split_once('\t') else { continue };
        count += 1;
        // "[Fanfare de Loriol] On vient.⏎Momo": the name on the envelope, and lines.
        let named = sentence.strip_prefix('[').and_then(|s| s.split_once("] "));
        let (shown, text) = named.unwrap_or(("Jeanne", sentence));
        let text = text.replace('⏎', "\r\n");
        let raw = format!(
            "From: {shown} <jeanne@invitee.example>\r\nTo: contact@gervanne.example\r\nSubject: {subject}\r\n\
             Date: Mon, 2 Jun 2025 10:00:00 +0200\r\nIn-Reply-To: <invitation@gervanne.example>\r\n\
             Message-ID: <{count}@invitee.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
             Bonjour,\r\n{text}\r\n"
        );
        let letter = letter::read(raw.as_bytes(), &rules, &Ourselves::default());
        let reading = understand(&letter, &config, &rules);
        let got = show(&reading, wanted);
        if (got == wanted) == known_miss {
            wrong.push(format!(
                "{}«{sentence}»: {wanted} wanted, {got} read",
                if known_miss { "now right: " } else { "" }
            ));
        }
    }
    assert!(count >= 20, "{file} holds only {count} sentences");
    assert!(wrong.is_empty(), "{} of {count} in {file}:\n{}", wrong.len(), wrong.join("\n"));
}

fn attendance(reading: &Reading, event: &str) -> String {
    let answer = reading.answers.iter().find(|a| a.event == event);
    answer.map_or("-".into(), |a| format!("{:?}", a.attendance).to_lowercase())
}

fn events(reading: &Reading, wanted: &str) -> String {
    let one = |pair: &str| {
        let event = pair.split('=').next().unwrap();
        format!("{event}={}", attendance(reading, event))
    };
    wanted.split(' ').map(one).collect::<Vec<_>>().join(" ")
}

#[test]
fn plain_sentences_say_yes_no_or_perhaps() {
    check("attendance.tsv", |reading, _| attendance(reading, "forum"));
}

#[test]
fn whole_replies_say_yes_no_or_perhaps() {
    check("replies.tsv", events);
}

#[test]
fn the_event_meant_is_found() {
    check("answers.tsv", events);
}

#[test]
fn of_a_series_what_points_at_events_and_is_not_resolved_goes_to_a_person() {
    check_of("season.toml", "Re: Invitation", "season-doubts.tsv", |reading, _| {
        if reading.review.is_empty() { "sure".into() } else { "doubt".into() }
    });
}

#[test]
fn of_a_day_and_of_a_series_the_events_meant_are_found() {
    check_of("season.toml", "Re: Invitation", "season.tsv", |reading, _| {
        let said = |event: &str| match attendance(reading, event).as_str() {
            "yes" => "+",
            "no" => "-",
            "maybe" => "?",
            _ => ".",
        };
        ["talk", "couscous", "ball", "orchard", "oven"].map(said).concat()
    });
}

#[test]
fn heads_are_counted() {
    check("people.tsv", |reading, _| {
        let answer = reading.answers.iter().find(|a| a.event == "forum");
        answer.map_or("none".into(), |a| a.people.map_or("-".into(), |n| n.to_string()))
    });
}

#[test]
fn how_long_they_stay_and_whether_they_eat_is_read() {
    check("stays.tsv", |reading, _| {
        let answer = reading.answers.iter().find(|a| a.event == "forum");
        let word = |w: String| w.to_lowercase();
        answer.map_or("-".into(), |a| {
            let part =
                if format!("{:?}", a.part) == "MealOnly" { "meal_only".into() } else { word(format!("{:?}", a.part)) };
            let meal = a.meal.map_or("-".into(), |m| word(format!("{m:?}")));
            format!("{} {part} {meal}", attendance(reading, "forum"))
        })
    });
}

#[test]
fn answers_between_quoted_lines_are_of_what_those_ask() {
    check("inline.tsv", |reading, wanted| {
        let one = |told: &str| {
            let event = told.split(':').next().unwrap();
            let Some(a) = reading.answers.iter().find(|a| a.event == event) else { return format!("{event}:-") };
            let people = a.people.map_or("-".into(), |n| n.to_string());
            let meal = a.meal.map_or("-".into(), |m| format!("{m:?}").to_lowercase());
            let chosen = a.workshops.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
            let chosen = if chosen.is_empty() { "-" } else { &chosen };
            format!("{event}:{}:{people}:{meal}:{chosen}", attendance(reading, event))
        };
        wanted.split(' ').map(one).collect::<Vec<_>>().join(" ")
    });
}

#[test]
fn workshops_are_found_by_number_and_by_name() {
    check("workshops.tsv", |reading, _| {
        let chosen =
            reading.answers.iter().find(|a| a.event == "forum").map(|a| a.workshops.clone()).unwrap_or_default();
        let text = chosen.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
        if text.is_empty() { "-".into() } else { text }
    });
}

#[test]
fn what_no_rule_explains_goes_to_a_person() {
    check("doubts.tsv", |reading, _| if reading.review.is_empty() { "sure".into() } else { "doubt".into() });
}

#[test]
fn the_organisation_meant_is_found() {
    check("organisations.tsv", |reading, _| reading.organisation.clone().unwrap_or_else(|| "-".into()));
}

#[test]
fn what_wants_an_answer_is_told_from_rhetoric() {
    let asks = |r: &Reading| r.review.iter().any(|why| matches!(why, Review::Question | Review::Request));
    check("asks.tsv", |reading, _| if asks(reading) { "ask".into() } else { "-".into() });
}

#[test]
fn what_is_about_something_else_is_told_from_what_is_for_us() {
    check("matters.tsv", |reading, _| format!("{:?}", reading.kind).to_lowercase());
}

#[test]
fn a_day_is_enough_for_who_answers_an_invitation() {
    check_under("Re: Invitation aux Rencontres de juin", "invited.tsv", |reading, _| {
        let kind = format!("{:?}", reading.kind).to_lowercase();
        format!("{kind} {}", if reading.review.is_empty() { "sure" } else { "doubt" })
    });
}

#[test]
fn other_languages_are_read_plainly() {
    check("languages.tsv", languages);
}

/// "es yes 2 vino?+tortilla": the language, whether and how many come, what they bring; "review" when a person reads it.
fn languages(reading: &Reading, wanted: &str) -> String {
    let answer = reading.answers.iter().find(|a| a.event == "forum");
    let mut words = vec![if reading.language.is_empty() { "?".to_owned() } else { reading.language.clone() }];
    words.push(attendance(reading, "forum"));
    words.push(answer.and_then(|a| a.people).map_or("-".into(), |n| n.to_string()));
    if !reading.contributions.is_empty() {
        let what = reading.contributions.iter().map(|c| c.what.replace(' ', "_"));
        words.push(what.collect::<Vec<_>>().join("+"));
    }
    if wanted.ends_with("review") && !reading.review.is_empty() {
        words.push("review".into());
    }
    words.join(" ")
}

#[test]
fn replies_of_many_hands_say_who_comes_to_what() {
    check("hands.tsv", events);
    check("voices.tsv", events);
}
