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
    let tart = dish("tarte aux pommes", Course::Dessert, 2);
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

#[test]
fn nothing_yet() {
    golden("nothing-yet", &compose(&Book::new(), &config(), "2018-02-11 07:30", Edition::Daily));
}

#[test]
fn an_ordinary_day() {
    golden("ordinary-day", &compose(&ordinary(), &config(), "2018-02-21 07:30", Edition::Daily));
}
