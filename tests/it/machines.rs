//! Whom never to answer, on whole messages: what machines, lists, agendas and ourselves send, and the people who are
//! nearly taken for them.
//!
//! `machines/NAME.eml` with `NAME.json`: who made it, its kind, what it bounces, what its calendar answers. Where nothing
//! but people's words decide (`person: true`) the kind must not be a machine's.

use std::path::{Path, PathBuf};

use astir_rsvp::config::Config;
use astir_rsvp::letter::{self, Bounced, Letter, Ourselves, Verified};
use astir_rsvp::reading::{Attendance, Kind};
use astir_rsvp::rules::{self, Rules};
use astir_rsvp::understand::calendar::{self, Outcome};
use astir_rsvp::understand::kind::found::{Found, Ground};
use astir_rsvp::understand::kind::made::{Made, made};
use astir_rsvp::understand::kind::{Verdict, kind};
use astir_rsvp::understand::page::Page;
use astir_rsvp::understand::understand;

/// What a message is expected to be.
#[derive(serde::Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Expected {
    made: String,
    kind: Option<Kind>,
    ack: Option<bool>,
    person: bool,
    /// Its answer names no event.
    unnamed: bool,
    bounced: Option<Failed>,
    answer: Option<Answered>,
    comment: String,
    verified: String,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Failed {
    recipient: String,
    message_id: String,
    delayed: bool,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Answered {
    attendance: Attendance,
    people: u32,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/machines")
}

fn config() -> Config {
    Config::parse("voisins.toml", &std::fs::read_to_string(folder().join("voisins.toml")).unwrap()).unwrap()
}

fn us(config: &Config) -> Ourselves {
    Ourselves {
        addresses: config.own_addresses(),
        message_ids: vec!["pique-nique.2018@lesvoisins.example".into(), "ack.41.1@lesvoisins.example".into()],
        authserv_id: "mx.lesvoisins.example".into(),
        ..Ourselves::default()
    }
}

/// Every message with its name and what is expected of it.
fn messages() -> Vec<(String, Vec<u8>, Expected)> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder()).unwrap().map(|e| e.unwrap().path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "eml"));
    paths.sort();
    let read = |path: PathBuf| {
        let expected = std::fs::read_to_string(path.with_extension("json")).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let expected = serde_json::from_str(&expected).unwrap_or_else(|e| panic!("{name}: {e}"));
        (name, std::fs::read(&path).unwrap(), expected)
    };
    paths.into_iter().map(read).collect()
}

/// An answer in the first person, that names our event.
const NAMED: Ground = Ground { named: true, elsewhere: false, first_person: true, firm: true };

/// An answer in the first person, to whatever was asked.
const UNNAMED: Ground = Ground { named: false, elsewhere: false, first_person: true, firm: true };

/// What a letter is when its words are read to answer so.
fn judged(letter: &Letter, config: &Config, rules: &Rules, answer: Option<Ground>) -> Verdict {
    let pack = rules.packs.iter().find(|p| p.language == "fr").unwrap();
    let mut found = Found::survey(&Page::new(letter, config, pack));
    found.named |= answer.is_some_and(|a| a.named);
    found.answers.extend(answer);
    kind(letter, &found)
}

fn of(word: &str) -> Option<Made> {
    Some(match word {
        "report" => Made::Report,
        "machine" => Made::Machine,
        "list" => Made::List,
        "likely" => Made::Likely,
        "unclear" => Made::Unclear,
        "person" => Made::Person,
        "" => return None,
        other => panic!("{other} is nobody who makes letters"),
    })
}

/// What is wrong with a message's reading, one line each.
fn wrong(letter: &Letter, verdict: &Verdict, expected: &Expected, config: &Config) -> Vec<String> {
    let mut wrong = Vec::new();
    if let Some(want) = of(&expected.made).filter(|m| *m != made(letter)) {
        wrong.push(format!("made by {want:?}, read as {:?} for {:?}", made(letter), letter.marks));
    }
    if let Some(want) = expected.kind.filter(|k| *k != verdict.kind) {
        wrong.push(format!("{want:?} read as {:?}", verdict.kind));
    }
    if expected.person && matches!(verdict.kind, Kind::Auto | Kind::Bounce) {
        wrong.push(format!("a person read as {:?} for {:?}", verdict.kind, letter.marks));
    }
    if expected.ack.is_some_and(|a| a != verdict.ack) {
        wrong.push(format!("ack is {}, for {:?}", verdict.ack, verdict.review));
    }
    let bounced = expected.bounced.as_ref().map(|b| Bounced {
        recipient: b.recipient.clone(),
        message_id: b.message_id.clone(),
        delayed: b.delayed,
    });
    if bounced != letter.bounced {
        wrong.push(format!("bounced {bounced:?} read as {:?}", letter.bounced));
    }
    let answer = match calendar::outcome(letter, config) {
        Outcome::Answered(answer) => Some((answer.attendance, answer.people)),
        _ => None,
    };
    if answer != expected.answer.as_ref().map(|a| (a.attendance, Some(a.people))) {
        wrong.push(format!("calendar read as {answer:?}"));
    }
    if calendar::comment(letter) != expected.comment {
        wrong.push(format!("comment read as {:?}", calendar::comment(letter)));
    }
    let verified = match letter.verified {
        Verified::Unknown => "unknown",
        Verified::Pass => "pass",
        Verified::Fail => "fail",
    };
    if !expected.verified.is_empty() && verified != expected.verified {
        wrong.push(format!("the server's verdict read as {verified}"));
    }
    wrong
}

#[test]
fn every_message_is_known_for_what_it_is() {
    let (config, rules) = (config(), Rules::load(&[rules::embedded()]).unwrap());
    let mut all = Vec::new();
    for (name, bytes, expected) in messages() {
        let letter = letter::read(&bytes, &rules, &us(&config));
        let answer = expected.person.then_some(Ground { named: !expected.unnamed, ..NAMED });
        let verdict = judged(&letter, &config, &rules, answer);
        all.extend(wrong(&letter, &verdict, &expected, &config).into_iter().map(|w| format!("{name}: {w}")));
    }
    assert!(all.is_empty(), "\n{}\n", all.join("\n"));
}

#[test]
fn nothing_that_a_machine_sent_is_acknowledged_even_as_a_reply_to_our_invitation_that_seems_to_answer() {
    let (config, rules) = (config(), Rules::load(&[rules::embedded()]).unwrap());
    let mut answered = Vec::new();
    let mut count = 0;
    for (name, bytes, expected) in messages() {
        if !matches!(expected.kind, Some(Kind::Auto | Kind::Bounce)) {
            continue;
        }
        count += 1;
        let reply = [b"In-Reply-To: <pique-nique.2018@lesvoisins.example>\n".as_slice(), &bytes].concat();
        let letter = letter::read(&reply, &rules, &us(&config));
        for answers in [None, Some(NAMED)] {
            if judged(&letter, &config, &rules, answers).ack {
                answered.push(name.clone());
            }
        }
    }
    assert!(count > 30, "only {count} messages of machines");
    assert_eq!(answered, Vec::<String>::new());
}

/// Each of these in the header of a person's answer forbids an acknowledgement.
const SIGNS: [&str; 34] = [
    "Auto-Submitted: auto-replied",
    "Auto-Submitted: auto-generated (rejected)",
    "auto-submitted: AUTO-NOTIFIED; owner-email=\"x@y.example\"",
    "Return-Path: <>",
    "Precedence: bulk",
    "Precedence: JUNK",
    "X-Precedence: list",
    "Preference: auto_reply",
    "List-Id: <a.b.example>",
    "List-Help: <mailto:a@b.example>",
    "List-Unsubscribe: <https://b.example>",
    "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
    "List-Post: <mailto:a@b.example>",
    "List-Owner: <mailto:a@b.example>",
    "List-Archive: <https://b.example>",
    "X-Mailing-List: a@b.example",
    "X-Autoreply: yes",
    "X-Autorespond: 1",
    "X-Auto-Reply-From: a@b.example",
    "X-FC-MachineGenerated: true",
    "X-POST-MessageClass: 9; Autoresponder",
    "Content-Identifier: Auto-replied",
    "Delivered-To: autoresponder",
    "X-Apple-Action: VACATION",
    "X-Auto-Response-Suppress: OOF, AutoReply",
    "X-MS-Exchange-Inbox-Rules-Loop: a@b.example",
    "X-Loop: yes",
    "X-No-Ack: 1",
    "X-Ack: no",
    "X-Cron-Env: <SHELL=/bin/sh>",
    "X-Failed-Recipients: a@b.example",
    "X-Spam-Status: Yes, score=12",
    "X-Astir-Rsvp: acknowledgement",
    "Sender: contact@lesvoisins.example",
];

/// A person's answer with one more header line, as a reply to our invitation.
fn answer_with(header: &str) -> String {
    format!(
        "{header}\nFrom: Marie <marie@quartier.example>\nTo: contact@lesvoisins.example\nSubject: Re: Pique-nique des voisins\nIn-Reply-To: <pique-nique.2018@lesvoisins.example>\n\nJe viens le 3 mars avec une quiche.\n"
    )
}

#[test]
fn each_sign_in_the_header_of_an_answer_forbids_an_acknowledgement() {
    let (config, rules) = (config(), Rules::load(&[rules::embedded()]).unwrap());
    let acknowledged = |header: &str| {
        let letter = letter::read(answer_with(header).as_bytes(), &rules, &us(&config));
        judged(&letter, &config, &rules, Some(NAMED)).ack
    };
    assert!(acknowledged("X-Mailer: Orange Webmail"), "without a sign it is acknowledged");
    let wrong: Vec<&str> = SIGNS.into_iter().filter(|s| acknowledged(s)).collect();
    assert_eq!(wrong, Vec::<&str>::new());
}

#[test]
fn an_answer_that_may_be_a_persons_is_shown_to_somebody() {
    let (config, rules) = (config(), Rules::load(&[rules::embedded()]).unwrap());
    for header in ["X-Auto-Response-Suppress: All", "List-Id: <adherents.example>", "X-Autogenerated: Mirror"] {
        let letter = letter::read(answer_with(header).as_bytes(), &rules, &us(&config));
        let verdict = judged(&letter, &config, &rules, Some(NAMED));
        assert_eq!((verdict.kind, verdict.ack, verdict.review.len()), (Kind::Rsvp, false, 1), "{header}");
    }
}

#[test]
fn an_answer_to_a_mail_of_ours_that_says_nothing_in_its_subject_needs_an_event_by_name() {
    let (config, rules) = (config(), Rules::load(&[rules::embedded()]).unwrap());
    let read = |subject: &str, to: &str, text: &str| {
        let mail = format!(
            "From: Marie <marie@quartier.example>\nTo: {to}\nSubject: {subject}\nIn-Reply-To: <x@mailer.example>\n\n{text}\n"
        );
        let reading = understand(&letter::read(mail.as_bytes(), &rules, &us(&config)), &config, &rules);
        (reading.kind, reading.ack, reading.needs_human)
    };
    let us = "contact@lesvoisins.example";
    for named in ["Je viens au pique-nique.", "Impossible pour moi le 3, désolée."] {
        assert_eq!(read("Re: Le mot de la semaine", us, named), (Kind::Rsvp, true, false), "{named}");
        assert!(!read("Re: Vente du 9 juin", us, named).1, "a day that is none of ours: {named}");
        assert!(!read("Re: Le mot de la semaine", "chorale@ailleurs.example", named).1, "not to us: {named}");
    }
    for vague in ["Je viens.", "Samedi je passe vous voir.", "Y a-t-il un ascenseur ?"] {
        assert_eq!(read("Re: Le mot de la semaine", us, vague), (Kind::Other, false, true), "{vague}");
    }
}

#[test]
fn an_answer_under_a_subject_that_says_nothing_is_ours_when_it_names_the_weekday_and_else_a_persons_to_place() {
    let (config, rules) = (config(), Rules::load(&[rules::embedded()]).unwrap());
    let read = |subject: &str, text: &str| {
        let mail = format!(
            "From: Marie <marie@quartier.example>\nTo: contact@lesvoisins.example\nSubject: {subject}\nDate: Mon, 26 Feb 2018 10:00:00 +0100\nIn-Reply-To: <x@mailer.example>\n\n{text}\n"
        );
        let reading = understand(&letter::read(mail.as_bytes(), &rules, &us(&config)), &config, &rules);
        (reading.kind, reading.ack, reading.needs_human)
    };
    for subject in ["", "samedi", "Re: samedi soir", "Re: Grenoble, le 7 février 2018"] {
        assert_eq!(read(subject, "Je viendrai samedi avec mon frère."), (Kind::Rsvp, true, false), "{subject}");
    }
    for subject in ["", "Re:", "Re: Grenoble, le 7 février 2018"] {
        assert_eq!(read(subject, "Je viendrai avec mon frère."), (Kind::Rsvp, false, true), "{subject}");
    }
    for other in ["Re: Compte rendu du 7 février", "Re: Vente du 7 février, salle des fêtes"] {
        assert!(!read(other, "Je viendrai samedi avec mon frère.").1, "{other}");
    }
    assert!(!read("", "Je viendrai samedi 10 avec mon frère.").1, "another Saturday");
}

/// A person's answer under a subject that names none of our events.
fn under_subject(subject: &str, to: &str, reply: bool) -> String {
    let thread = if reply { "In-Reply-To: <x@mailer.example>\n" } else { "" };
    format!("From: Marie <marie@quartier.example>\nTo: {to}\nSubject: {subject}\n{thread}\nOui, avec une quiche !\n")
}

#[test]
fn whoever_answers_a_mail_that_invited_answers_us_unless_it_invited_to_something_else() {
    let (config, rules) = (config(), Rules::load(&[rules::embedded()]).unwrap());
    let acknowledged = |subject: &str, to: &str, reply: bool| {
        let letter = letter::read(under_subject(subject, to, reply).as_bytes(), &rules, &us(&config));
        judged(&letter, &config, &rules, Some(UNNAMED)).ack
    };
    let us = "contact@lesvoisins.example";
    assert!(acknowledged("Re: Invitation aux journées de printemps", us, true));
    assert!(acknowledged("Re: Nos rendez-vous de printemps : dites-nous si vous venez", us, true));
    assert!(!acknowledged("Re: Nos rendez-vous avec le conseil d'administration", us, true), "another matter");
    assert!(!acknowledged("Re: Nouvelles de printemps", us, true), "nothing says that it was an invitation");
    assert!(!acknowledged("Invitation aux journées de printemps", us, false), "an invitation of somebody else's");
    assert!(!acknowledged("Re: Invitation pour le 9 juin", us, true), "a day that is none of ours");
    assert!(!acknowledged("Re: Invitation au conseil d'administration", us, true), "another matter");
    assert!(!acknowledged("Re: Invitation aux journées de printemps", "chorale@ailleurs.example", true), "not to us");
}
