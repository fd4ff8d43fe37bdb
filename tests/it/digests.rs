//! The digest as organisers read it: golden mails, what must never be in one, and when one is due.
//!
//! A golden mail that changed is written anew by `UPDATE_DRAFTS=1`; then the difference is read.

use std::path::PathBuf;

use astir_rsvp::config::Config;
use astir_rsvp::digest::{self, Edition, Facts};
use astir_rsvp::draft::Draft;
use astir_rsvp::entry::{Content, Occasion, Origin, Said, Sending};
use astir_rsvp::reading::{Course, Kind, Review, Sort, Tone};
use astir_rsvp::roster;

use crate::book::{Book, DAY, EVENING, answer, at, config, config_with, dish, speech, thing};

fn compose(book: &Book, config: &Config, now: &str, edition: Edition) -> Draft {
    let now = at(now);
    let roster = roster::fold(&book.ledger, config, now);
    let facts = Facts { now, since: digest::since(&book.ledger), edition, last_read: Some(now) };
    digest::compose(&book.ledger, &roster, &facts, config, &speech()).unwrap()
}

fn golden(name: &str, draft: &Draft) {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/drafts/digests");
    let text = format!("Subject: {}\n\n{}", draft.subject, draft.text);
    for (file, now) in [(format!("{name}.txt"), text), (format!("{name}.html"), draft.html.clone().unwrap())] {
        let path = folder.join(file);
        if std::env::var_os("UPDATE_DRAFTS").is_some() {
            std::fs::write(&path, &now).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == now, "{} differs:\n{now}", path.display());
    }
}

/// An ordinary association on the morning of 21 February.
fn ordinary() -> Book {
    let mut book = Book::new();
    let quiche = dish("quiche aux poireaux", Course::Starter, 1);
    book.answers("2018-02-12 10:00", "Marie Roux", &[answer(DAY, "yes 2 meal w1")], &[quiche]);
    book.answers("2018-02-13 09:10", "Paul Bernard", &[answer(DAY, "yes 2")], &[]);
    let tart = dish("tartes aux pommes", Course::Dessert, 2);
    book.answers("2018-02-14 18:40", "Lise Petit", &[answer(DAY, "yes 1 meal w2"), answer(EVENING, "yes 1")], &[tart]);
    book.answers("2018-02-15 21:05", "Karim Haddad", &[answer(DAY, "maybe")], &[]);
    book.letter("2018-02-16 08:00", "", Kind::Auto, "");
    book.letter("2018-02-16 11:00", "", Kind::Other, "");
    book.question("2018-02-17 15:00", "Odile Faure", "Y aura-t-il un covoiturage depuis Die ?", Review::Request);
    book.digest("2018-02-20");
    let said = Said { tones: vec![Tone::Correction], answers: vec![answer(DAY, "yes 1")], ..Said::default() };
    book.said("2018-02-20 12:00", "Paul Bernard", said);
    book.answers("2018-02-20 14:00", "Lise Petit", &[answer(DAY, "no")], &[]);
    let said = Said {
        answers: vec![answer(DAY, "yes 3 meal w2")],
        contributions: vec![
            dish("grosse salade de lentilles", Course::Starter, 1),
            thing("jus de pomme", Sort::Drink),
            thing("installer les tables", Sort::Help),
        ],
        organisation: Some("Vivre ensemble".into()),
        diets: vec!["ma fille est allergique aux arachides".into()],
        ..Said::default()
    };
    book.said("2018-02-20 19:30", "Anna Roche", said);
    let excerpt = "Est-ce que la salle est accessible en fauteuil ? Ma mère voudrait venir mais ne marche plus.";
    book.question("2018-02-20 20:15", "Jeanne Dupont", excerpt, Review::Question);
    book
}

/// A hundred and twenty answers, in the words of nobody.
fn crowd() -> Book {
    let mut book = Book::new();
    let names = ["Marie", "Paul", "Odile", "Karim", "Lise", "Jean-Noël", "Anna", "Hélène", "Luc", "Zoé"];
    let heads = ["Ro", "Ber", "Fau", "Had", "Pe", "Du", "Gi", "Bla", "Vi", "Ma", "Li", "Co"];
    let tails = ["ux", "nard", "re", "dad", "tit", "mas", "rard", "chet", "al", "rin"];
    let dishes = [
        ("grosse salade de lentilles", Course::Starter),
        ("gratin de courge", Course::Main),
        ("tarte aux noix", Course::Dessert),
        ("pain de campagne", Course::Bread),
        ("picodons", Course::Cheese),
        ("quiche aux poireaux", Course::Starter),
    ];
    for i in 0..120usize {
        let name = format!("{} {}{}", names[(i * 7 + i / 10) % 10], heads[i / 10], tails[i % 10]);
        let when = format!("2018-02-{:02} {:02}:{:02}", 12 + i / 15, 8 + i % 12, i % 60);
        let day = match i % 8 {
            0 => "no".to_owned(),
            1 => "maybe".to_owned(),
            n => format!("yes {} meal w{}", 1 + n % 3, 1 + n % 2),
        };
        let (what, course) = dishes[i % 6];
        let brings = if i % 3 == 2 && i % 8 > 1 { vec![dish(what, course, 1)] } else { vec![] };
        let mut answers = vec![answer(DAY, &day)];
        if i % 4 == 3 {
            answers.push(answer(EVENING, "yes 1"));
        }
        book.answers(&when, &name, &answers, &brings);
    }
    book
}

#[test]
fn nothing_yet() {
    golden("nothing-yet", &compose(&Book::new(), &config(), "2018-02-11 07:30", Edition::Daily));
}

#[test]
fn the_first_day() {
    let mut book = Book::new();
    book.answers("2018-02-10 18:00", "Marie Roux", &[answer(DAY, "yes 2")], &[]);
    book.answers("2018-02-10 19:00", "Paul Bernard", &[answer(DAY, "no"), answer(EVENING, "yes 1")], &[]);
    golden("first-day", &compose(&book, &config(), "2018-02-11 07:30", Edition::Daily));
}

#[test]
fn an_ordinary_day() {
    golden("ordinary-day", &compose(&ordinary(), &config(), "2018-02-21 07:30", Edition::Daily));
}

#[test]
fn a_day_with_only_questions() {
    let mut book = Book::new();
    book.answers("2018-02-12 10:00", "Marie Roux", &[answer(DAY, "yes 2 meal")], &[]);
    book.digest("2018-02-13");
    book.question("2018-02-13 15:00", "Odile Faure", "Y aura-t-il un covoiturage depuis Die ?", Review::Request);
    let id = book.letter("2018-02-13 16:00", "", Kind::Other, "");
    book.ledger.letters[id as usize - 1].review.push(Review::Unreadable);
    book.question("2018-02-13 17:00", "Luc Vial", "Merci de me dire si je peux amener mon chien.", Review::Question);
    golden("only-questions", &compose(&book, &config(), "2018-02-14 07:30", Edition::Daily));
}

#[test]
fn a_hundred_and_twenty_answers() {
    let mut book = crowd();
    book.digest("2018-02-19");
    book.answers("2018-02-19 20:00", "Rose Alary", &[answer(DAY, "yes 4 meal")], &[]);
    let draft = compose(
        &book,
        &config_with("bring =", "wanted = { starter = 12, main = 20, drink = 10 }\nbring ="),
        "2018-02-20 07:30",
        Edition::Daily,
    );
    let size = draft.html.as_ref().unwrap().len();
    assert!(size < 60_000, "{size} bytes");

    golden("120-answers", &draft);
}

#[test]
fn the_eve() {
    let mut book = ordinary();
    book.digest("2018-03-01");
    golden("eve", &compose(&book, &config(), "2018-03-02 07:30", Edition::Eve));
}

#[test]
fn after_the_last_event() {
    let mut book = ordinary();
    book.digest("2018-03-02");
    golden("after", &compose(&book, &config(), "2018-03-04 07:30", Edition::After));
}

#[test]
fn a_quiet_week() {
    let mut book = Book::new();
    book.answers("2018-02-10 18:00", "Marie Roux", &[answer(DAY, "yes 2")], &[]);
    book.digest("2018-02-11");
    golden("quiet-week", &compose(&book, &config(), "2018-02-18 07:30", Edition::Weekly));
}

#[test]
fn trouble_stands_at_the_very_top() {
    let mut book = ordinary();
    book.ledger.troubles.push(("imap-down".into(), at("2018-02-20 22:10")));
    let row = book.ledger.outgoing.iter().find(|o| o.letter == Some(10)).unwrap().message_id.clone();
    book.letter("2018-02-20 23:00", "", Kind::Bounce, "");
    book.ledger.letters.last_mut().unwrap().about = row;
    book.send("2018-02-20 09:00", Occasion::Acknowledge, Some(4), "karim@example.org", Sending::Failed);
    golden("trouble", &compose(&book, &config(), "2018-02-21 07:30", Edition::Daily));
}

#[test]
fn while_sending_is_off_the_digest_says_what_would_have_been_sent() {
    let mut book = Book::new();
    book.answers("2018-02-10 18:00", "Marie Roux", &[answer(DAY, "yes 2")], &[]);
    book.answers("2018-02-10 19:00", "Paul Bernard", &[answer(DAY, "no")], &[]);
    for row in &mut book.ledger.outgoing {
        row.sending = Sending::Withheld;
    }
    let config = config_with("send = true", "send = false");
    golden("sending-off", &compose(&book, &config, "2018-02-11 07:30", Edition::Daily));
}

#[test]
fn corrections_and_likely_doubles_are_shown_for_what_they_are() {
    let mut book = Book::new();
    book.answers("2018-02-12 10:00", "Marie Roux", &[answer(DAY, "yes 2 meal")], &[]);
    let said =
        Said { words: vec!["je viendrai avec Marie".into()], answers: vec![answer(DAY, "yes 2")], ..Said::default() };
    book.said("2018-02-12 11:00", "Paul Roux", said);
    book.digest("2018-02-13");
    let phone = astir_rsvp::entry::Person { address: String::new(), name: "mme durand".into() };
    let said = Said {
        answers: vec![answer(DAY, "yes 2 meal")],
        contributions: vec![dish("quiche", Course::Starter, 1)],
        ..Said::default()
    };
    book.enter("2018-02-13 10:00", Origin::Command, &phone, "Mme Durand", Content::Said(said));
    book.enter("2018-02-13 10:05", Origin::Command, &phone, "", moved());
    golden("corrected", &compose(&book, &config(), "2018-02-14 07:30", Edition::Daily));
}

fn moved() -> Content {
    let fields = [("place", "Salle B, Crest"), ("start", "2018-03-03T09:30:00"), ("wanted.main", "3")];
    let fields = fields.map(|(k, v)| (k.to_owned(), v.to_owned())).into_iter().collect();
    Content::EventChanged { event: DAY.into(), fields }
}
