//! A ledger written by hand, for tests of what is computed from it: one association, two events, made-up people.

use astir_rsvp::config::Config;
use astir_rsvp::entry::{Content, Entry, Ledger, LetterRecord, Occasion, Origin, Outgoing, Person, Said, Sending};
use astir_rsvp::reading::{Answer, Attendance, Contribution, Course, Kind, Meal, Part, Review, Sort};
use astir_rsvp::rules;
use astir_rsvp::speech::Speech;
use jiff::Timestamp;

/// The main event, with a meal and two workshops.
pub const DAY: &str = "journee-2018-03-03";
/// An evening before it, without a meal.
pub const EVENING: &str = "soiree-2018-02-27";

const CONFIG: &str = r#"
[association]
name = "Collectif d'accueil de Crest"
short_name = "Collectif"
address = "collectif@example.org"
organisers = ["anne@example.org", "luc@example.org"]

[acknowledge]
send = true

[digest]
to = ["anne@example.org", "luc@example.org"]

[[event]]
id = "journee-2018-03-03"
title = "Journée de travail"
start = 2018-03-03T09:00:00
end = 2018-03-03T13:00:00
place = "Maison de quartier, Crest"
shared_meal = true
bring = "assiette, verre et couverts"
default = true
words = ["journée"]

[[event.workshop]]
number = 1
title = "L'accueil"
[[event.workshop]]
number = 2
title = "Le logement"

[[event]]
id = "soiree-2018-02-27"
title = "Soirée avec une chercheuse"
start = 2018-02-27T19:00:00
place = "Salle des fêtes, Die"
words = ["soirée"]
"#;

/// The association's configuration.
pub fn config() -> Config {
    Config::parse("config.toml", CONFIG).unwrap()
}

/// The configuration with one piece of its text replaced.
pub fn config_with(from: &str, to: &str) -> Config {
    assert!(CONFIG.contains(from));
    Config::parse("config.toml", &CONFIG.replacen(from, to, 1)).unwrap()
}

/// The words that ship inside the program.
pub fn speech() -> Speech {
    Speech::new("fr", &rules::embedded()).unwrap()
}

/// `2018-02-20 10:30` in the association's zone.
pub fn at(text: &str) -> Timestamp {
    let local: jiff::civil::DateTime = text.replace(' ', "T").parse().unwrap();
    local.in_tz("Europe/Paris").unwrap().timestamp()
}

/// Somebody with an address.
pub fn person(address: &str) -> Person {
    Person { address: address.into(), name: String::new() }
}

/// An answer: `yes 2`, `maybe`, `no`.
pub fn answer(event: &str, text: &str) -> Answer {
    let mut words = text.split(' ');
    let attendance = match words.next().unwrap() {
        "yes" => Attendance::Yes,
        "maybe" => Attendance::Maybe,
        "no" => Attendance::No,
        other => panic!("{other}"),
    };
    let mut answer =
        Answer { event: event.into(), attendance, people: None, meal: None, workshops: vec![], part: Part::Full };
    if attendance == Attendance::No {
        answer.people = Some(0);
    }
    for word in words {
        match word {
            "meal" => answer.meal = Some(Meal::Yes),
            "nomeal" => answer.meal = Some(Meal::No),
            "partial" => answer.part = Part::Partial,
            w if w.starts_with('w') => answer.workshops.push(w[1..].parse().unwrap()),
            n => answer.people = Some(n.parse().unwrap()),
        }
    }
    answer
}

/// A dish of a course.
pub fn dish(what: &str, course: Course, quantity: u32) -> Contribution {
    Contribution {
        kind: Sort::Food,
        what: what.into(),
        course: Some(course),
        quantity: Some(quantity),
        own: false,
        tentative: false,
    }
}

/// A thing of another sort.
pub fn thing(what: &str, kind: Sort) -> Contribution {
    Contribution { kind, what: what.into(), course: None, quantity: None, own: false, tentative: false }
}

/// The ledger in the making.
#[derive(Default)]
pub struct Book {
    /// What was written so far.
    pub ledger: Ledger,
}

impl Book {
    /// An empty one, of a program that first ran a while ago.
    pub fn new() -> Self {
        let mut book = Self::default();
        book.ledger.first_start = Some(at("2018-02-10 10:00"));
        book
    }

    /// A letter; its number.
    pub fn letter(&mut self, when: &str, shown: &str, kind: Kind, excerpt: &str) -> i64 {
        let id = self.ledger.letters.len() as i64 + 1;
        let known = matches!(kind, Kind::Rsvp | Kind::Question);
        let address = format!("{}@example.org", astir_rsvp::text::fold(shown).replace(' ', "."));
        self.ledger.letters.push(LetterRecord {
            id,
            hash: format!("{id:064x}"),
            received: at(when),
            read: at(when),
            person: person(if known { &address } else { "" }),
            shown: if known { shown.into() } else { String::new() },
            kind,
            review: vec![],
            message_id: format!("{id}@letters.example.org"),
            references: vec![],
            subject: if known { "Re: Invitation".into() } else { String::new() },
            excerpt: excerpt.into(),
            signed: shown.into(),
            language: "fr".into(),
            needs_human: false,
            refusal: String::new(),
            backlog: false,
            about: String::new(),
        });
        id
    }

    /// A letter that a person must read.
    pub fn question(&mut self, when: &str, shown: &str, excerpt: &str, why: Review) -> i64 {
        let id = self.letter(when, shown, Kind::Question, excerpt);
        let letter = self.ledger.letters.last_mut().unwrap();
        letter.review.push(why);
        letter.needs_human = true;
        id
    }

    /// An answer in a letter of its own, acknowledged five minutes later; the letter's number.
    pub fn answers(&mut self, when: &str, shown: &str, answers: &[Answer], brings: &[Contribution]) -> i64 {
        let said = Said { answers: answers.to_vec(), contributions: brings.to_vec(), ..Said::default() };
        self.said(when, shown, said)
    }

    /// The same with everything that can be said.
    pub fn said(&mut self, when: &str, shown: &str, said: Said) -> i64 {
        let id = self.letter(when, shown, Kind::Rsvp, &said.words.join(" "));
        let letter = self.ledger.letters.last().unwrap().clone();
        self.enter(when, Origin::Letter(id), &letter.person, shown, Content::Said(said));
        self.send(when, Occasion::Acknowledge, Some(id), &letter.person.address, Sending::Sent);
        id
    }

    /// An entry; its number.
    pub fn enter(&mut self, when: &str, origin: Origin, person: &Person, shown: &str, content: Content) -> i64 {
        let id = self.ledger.entries.len() as i64 + 1;
        self.ledger.entries.push(Entry {
            id,
            at: at(when),
            said: at(when),
            origin,
            person: person.clone(),
            shown: shown.into(),
            content,
        });
        id
    }

    /// A mail of ours.
    pub fn send(&mut self, when: &str, occasion: Occasion, letter: Option<i64>, to: &str, sending: Sending) -> i64 {
        let id = self.ledger.outgoing.len() as i64 + 1;
        let settled = !matches!(sending, Sending::Due | Sending::Frozen | Sending::Withheld);
        self.ledger.outgoing.push(Outgoing {
            id,
            occasion,
            letter,
            to: to.into(),
            person: person(to),
            planned: at(when),
            due: at(when),
            sending,
            attempts: 1,
            attempted: None,
            message_id: format!("{id}@ours.example.org"),
            reason: String::new(),
            settled: settled.then(|| at(when)),
            bytes: None,
        });
        id
    }

    /// A digest that was sent.
    pub fn digest(&mut self, day: &str) {
        let when = format!("{day} 07:30");
        self.send(&when, Occasion::Digest(day.into()), None, "anne@example.org", Sending::Sent);
    }
}
