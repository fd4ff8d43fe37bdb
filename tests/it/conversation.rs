//! Twelve letters between four people, two of them at one address: the built program reads each as it comes, and the
//! roster and the mails it sends are as a secretary would have them.

use std::path::{Path, PathBuf};

use jiff::{ToSpan, Zoned};
use mail_parser::MessageParser;
use serde_json::Value;

use crate::program;

/// An association with a Maildir, and what was sent so far.
struct Association {
    folder: tempfile::TempDir,
    letters: usize,
}

/// A mail that the program sent.
#[derive(Debug)]
struct Sent {
    to: String,
    id: String,
    text: String,
    files: usize,
}

impl Association {
    fn new() -> Self {
        let day = |days: i64| Zoned::now().checked_add(days.days()).unwrap().date();
        let config = format!(
            r#"
[association]
name = "Amis du Vercors"
short_name = "les Amis du Vercors"
address = "amis@example.org"
[maildir]
inbox = "inbox"
sent = "sent"
[store]
path = "rsvp.sqlite"
[acknowledge]
send = true
delay = "0s"
quiet = ""
[digest]
to = []
[[event]]
id = "journee"
title = "Journée de travail"
start = {}T09:00:00
end = {}T13:00:00
place = "Salle des fêtes, Die"
shared_meal = true
default = true
words = ["journée"]
[[event]]
id = "soiree"
title = "Soirée avec une chercheuse"
start = {}T19:00:00
place = "Maison commune, Crest"
words = ["soirée"]
"#,
            day(40),
            day(40),
            day(30)
        );
        let folder = program::home(&config);
        let association = Self { folder, letters: 0 };
        association.run(&["run", "--once"]);
        association
    }

    fn run(&self, arguments: &[&str]) -> String {
        program::run(self.folder.path(), arguments)
    }

    fn sent_files(&self) -> Vec<PathBuf> {
        program::sent(self.folder.path())
    }

    /// A letter comes, and is answered or not.
    fn letter(&mut self, from: &str, replies_to: &str, text: &str) -> Option<Sent> {
        self.letters += 1;
        let before = self.sent_files();
        let thread = if replies_to.is_empty() { String::new() } else { format!("In-Reply-To: <{replies_to}>\n") };
        let date = Zoned::now().strftime("%a, %d %b %Y %H:%M:%S %z");
        let mail = format!(
            "Return-Path: <{from}>\nFrom: <{from}>\nTo: amis@example.org\nSubject: Re: Journée de travail à Die\nDate: {date}\n\
             Message-ID: <{}@letters.example.org>\n{thread}MIME-Version: 1.0\n\
             Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n",
            self.letters
        );
        std::fs::write(self.folder.path().join(format!("inbox/new/{}.letter", self.letters)), mail).unwrap();
        self.run(&["run", "--once"]);
        let new: Vec<PathBuf> = self.sent_files().into_iter().filter(|f| !before.contains(f)).collect();
        assert!(new.len() <= 1, "one mail at most");
        new.first().map(|f| sent(f))
    }

    /// `Marie: yes 3` for each guest of an event, by name.
    fn guests(&self, event: &str) -> Vec<String> {
        let guest = |g: &Value| format!("{}: {} {}", text_of(&g["name"]), text_of(&g["attendance"]), g["people"]);
        self.gathering(event)["guests"].as_array().unwrap().iter().map(guest).collect()
    }

    fn gathering(&self, event: &str) -> Value {
        let roster: Value = serde_json::from_str(&self.run(&["roster", "--json"])).unwrap();
        roster["events"].as_array().unwrap().iter().find(|g| g["event"] == event).unwrap().clone()
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn sent(path: &Path) -> Sent {
    let bytes = std::fs::read(path).unwrap();
    let mail = MessageParser::default().parse(&bytes).unwrap();
    Sent {
        to: mail.to().unwrap().first().unwrap().address().unwrap().to_owned(),
        id: mail.message_id().unwrap().to_owned(),
        text: mail.body_text(0).unwrap().replace(['\u{a0}', '\u{202f}'], " ").replace('\u{2019}', "'"),
        files: mail.attachments().count(),
    }
}

#[track_caller]
fn says(sent: &Option<Sent>, to: &str, all: &[&str], none: &[&str]) -> String {
    let sent = sent.as_ref().expect("it is answered");
    assert_eq!(sent.to, to);
    for words in all {
        assert!(sent.text.contains(words), "{words} is missing in\n{}", sent.text);
    }
    for words in none {
        assert!(!sent.text.contains(words), "{words} is in\n{}", sent.text);
    }
    sent.id.clone()
}

const MARIE: &str = "marie@free.example";
const DURAND: &str = "durand@orange.example";
const LUC: &str = "luc@laposte.example";

#[test]
fn four_people_write_twelve_letters_and_each_is_understood_and_answered_as_they_should() {
    let mut us = Association::new();

    let first = us.letter(
        MARIE,
        "",
        "Bonjour,\n\nJe viendrai à la journée avec mon mari, nous apporterons une quiche.\n\nMarie",
    );
    let all = ["Bonjour Marie,", "2 personnes, en vous comptant", "Vous apportez : quiche."];
    let to_marie = says(&first, MARIE, &all, &["Vous ne venez pas", "soirée"]);
    assert_eq!(first.unwrap().files, 1);

    let second = us.letter(DURAND, "", "Je serai présent à la journée.\n\nPaul Durand");
    says(&second, DURAND, &["Bonjour,", "Vous venez : 1 personne."], &["quiche", "Marie"]);

    let third = us.letter(DURAND, "", "Bonjour, je serai présente à la soirée seulement.\n\nJeanne Durand");
    let to_jeanne =
        says(&third, DURAND, &["Soirée avec une chercheuse", "Vous venez : 1 personne."], &["nous avions noté"]);

    let fourth = us.letter(LUC, "", "Peut-être à la journée, je vous dirai.\n\nLuc");
    let to_luc =
        says(&fourth, LUC, &["Bonjour Luc,", "Vous viendrez peut-être", "Dès que vous savez"], &["- Vous venez"]);

    let fifth = us.letter(MARIE, &to_marie, "Finalement nous serons 3.\n\nMarie");
    let all = ["nous avions noté 2 personnes, nous notons maintenant 3 personnes", "quiche"];
    let to_marie = says(&fifth, MARIE, &all, &["soirée"]);
    assert_eq!(fifth.unwrap().files, 0, "the calendar entry went before");

    assert!(us.letter(MARIE, &to_marie, "Merci !\n\nMarie").is_none(), "thanks are not answered");

    let seventh = us.letter(LUC, &to_luc, "C'est bon, je viens, et j'apporte une tarte.\n\nLuc");
    let all = ["viendriez peut-être, nous notons maintenant que vous venez", "Vous apportez : tarte."];
    let to_luc = says(&seventh, LUC, &all, &[]);

    let eighth = us.letter(DURAND, &to_jeanne, "Finalement nous serons 2.");
    says(&eighth, DURAND, &["Soirée avec une chercheuse", "maintenant 2 personnes"], &["Journée"]);
    assert_eq!(us.guests("journee"), ["Luc: yes 1", "Marie: yes 3", "Paul Durand: yes 1"]);
    assert_eq!(us.guests("soiree"), ["Jeanne Durand: yes 2"]);

    // Which of the two? Nothing changes, and a person reads it.
    us.letter(DURAND, "", "Finalement je ne viens pas.");
    assert_eq!(us.guests("journee"), ["Luc: yes 1", "Marie: yes 3", "Paul Durand: yes 1"]);
    let roster: Value = serde_json::from_str(&us.run(&["roster", "--json"])).unwrap();
    assert!(roster["waiting"].as_array().unwrap().contains(&9.into()), "{}", roster["waiting"]);

    let tenth = us.letter(LUC, &to_luc, "Finalement je ne pourrai pas venir.\n\nLuc");
    says(&tenth, LUC, &["maintenant que vous ne venez pas", "Nous ne comptons plus sur : tarte."], &["Lieu"]);

    let eleventh = us.letter(MARIE, &to_marie, "Et la quiche, faut-il la couper avant ?\n\nMarie");
    says(&eleventh, MARIE, &["Votre question sera lue par une personne"], &["quiche"]);

    us.letter(MARIE, "", "Je ne pourrai pas venir à la soirée.\n\nMarie");
    assert_eq!(us.guests("soiree"), ["Jeanne Durand: yes 2", "Marie: no 0"]);
    assert_eq!(us.guests("journee"), ["Luc: no 0", "Marie: yes 3", "Paul Durand: yes 1"]);
    let day = us.gathering("journee");
    let brought: Vec<&Value> = day["contributions"].as_array().unwrap().iter().filter(|c| c["free"] != true).collect();
    assert_eq!(brought.len(), 1, "{brought:?}");
    assert_eq!(brought[0]["what"], "quiche");
}
