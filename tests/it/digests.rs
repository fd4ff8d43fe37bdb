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
fn five_hundred_answers_still_make_one_mail_and_the_figures_count_them_all() {
    let mut book = Book::new();
    for i in 0..500 {
        let name = format!("Nom{i:03} Famille{i:03}");
        book.answers("2018-02-12 10:00", &name, &[answer(DAY, "yes 2 meal")], &[dish("tarte", Course::Dessert, 1)]);
        book.question("2018-02-12 11:00", &name, "Combien de marches ?", Review::Question);
    }
    let draft = compose(&book, &config(), "2018-02-20 07:30", Edition::Daily);
    let size = draft.html.as_ref().unwrap().len();
    assert!(size < 100_000, "{size} bytes are clipped by Gmail");
    assert!(draft.text.contains("1000\u{a0}personnes (500\u{a0}r\u{e9}ponses)"), "{}", draft.text);
    assert!(draft.text.contains("300\u{a0}autres"), "the list says how many it leaves out");
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

fn edition(book: &Book, now: &str) -> Option<Edition> {
    digest::due(at(now), &config(), &book.ledger).map(|due| due.edition)
}

#[test]
fn one_digest_a_day_at_its_hour_or_as_soon_after_it_as_the_machine_is_awake() {
    let mut book = Book::new();
    book.answers("2018-02-12 06:00", "Marie Roux", &[answer(DAY, "yes 1")], &[]);
    assert_eq!(edition(&book, "2018-02-12 07:29"), None);
    assert_eq!(edition(&book, "2018-02-12 07:30"), Some(Edition::Daily));
    assert_eq!(edition(&book, "2018-02-12 23:50"), Some(Edition::Daily), "it slept all day");
    assert_eq!(edition(&book, "2018-02-15 03:00"), None, "days that were missed are not made up for at night");
    book.digest("2018-02-15");
    assert_eq!(edition(&book, "2018-02-15 07:31"), None);
    assert_eq!(edition(&book, "2018-02-15 20:00"), None);
    assert_eq!(edition(&book, "2018-02-16 08:00"), None, "nothing changed and nothing waits");
    book.answers("2018-02-16 09:00", "Paul Ott", &[answer(DAY, "no")], &[]);
    assert_eq!(edition(&book, "2018-02-16 10:00"), Some(Edition::Daily), "the morning's hour brought nothing");
    assert_eq!(edition(&book, "2018-02-17 07:30"), Some(Edition::Daily));
}

#[test]
fn a_letter_that_waits_is_a_reason_for_a_week_and_a_quiet_week_brings_a_sign_of_life() {
    let mut book = Book::new();
    book.question("2018-02-10 12:00", "Odile Faure", "Combien de marches ?", Review::Question);
    book.digest("2018-02-11");
    assert_eq!(edition(&book, "2018-02-12 07:30"), Some(Edition::Daily));
    let nobody = astir_rsvp::entry::Person { address: String::new(), name: String::new() };
    book.enter("2018-02-11 12:00", Origin::Command, &nobody, "", Content::Handled(1));
    for day in 12..18 {
        assert_eq!(edition(&book, &format!("2018-02-{day} 07:30")), None);
    }
    assert_eq!(edition(&book, "2018-02-18 07:30"), Some(Edition::Weekly));
    book.letter("2018-02-12 12:00", "", Kind::Auto, "");
    book.letter("2018-02-12 12:00", "", Kind::Other, "");
    assert_eq!(edition(&book, "2018-02-13 07:30"), None, "other mail is no reason");
}

#[test]
fn the_eve_comes_whatever_happened_and_on_the_day_itself_only_if_it_was_slept_through() {
    let mut book = Book::new();
    book.answers("2018-02-12 06:00", "Marie Roux", &[answer(DAY, "yes 1")], &[]);
    book.digest("2018-02-24");
    assert_eq!(edition(&book, "2018-02-25 07:30"), None);
    assert_eq!(edition(&book, "2018-02-26 07:30"), Some(Edition::Eve), "of the evening");
    assert_eq!(edition(&book, "2018-02-27 08:00"), Some(Edition::Eve), "slept through");
    book.digest("2018-02-26");
    assert_eq!(edition(&book, "2018-02-27 08:00"), None);
    assert_eq!(edition(&book, "2018-03-02 07:30"), Some(Edition::Eve));
    assert_eq!(edition(&book, "2018-03-03 08:30"), Some(Edition::Eve));
    assert_ne!(edition(&book, "2018-03-03 09:30"), Some(Edition::Eve), "it has begun");
}

#[test]
fn after_the_last_event_comes_one_last_digest() {
    let mut book = Book::new();
    book.answers("2018-02-12 06:00", "Marie Roux", &[answer(DAY, "yes 1")], &[]);
    book.digest("2018-03-02");
    assert_eq!(edition(&book, "2018-03-03 20:00"), None);
    assert_eq!(edition(&book, "2018-03-04 07:30"), Some(Edition::After));
    book.digest("2018-03-04");
    for day in ["2018-03-05", "2018-03-12", "2018-04-04"] {
        assert_eq!(edition(&book, &format!("{day} 07:30")), None, "silence afterwards");
    }
    let mut late = Book::new();
    late.ledger.first_start = Some(at("2018-03-10 10:00"));
    assert_eq!(edition(&late, "2018-03-11 07:30"), None, "installed when all was over");
}

#[test]
fn changing_clocks_neither_skip_nor_repeat_a_digest() {
    let config = config_with("[digest]\n", "[digest]\nat = \"02:30\"\n");
    let mut book = Book::new();
    let mut sent = Vec::new();
    // Half an hour at a time over both changes of 2018, something new every hour; events moved out of the way.
    let far = [("start", "2019-06-01T09:00:00"), ("end", "2019-06-01T12:00:00")];
    for event in [DAY, EVENING] {
        let fields = far.map(|(k, v)| (k.to_owned(), v.to_owned())).into_iter().collect();
        let nobody = astir_rsvp::entry::Person { address: String::new(), name: String::new() };
        let content = Content::EventChanged { event: event.into(), fields };
        book.enter("2018-02-11 10:00", Origin::Command, &nobody, "", content);
    }
    for (from, hours) in [("2018-03-23 12:00", 96), ("2018-10-26 12:00", 96)] {
        for half in 0..hours * 2 {
            let now = at(from) + jiff::SignedDuration::from_mins(half * 30);
            book.letter("2018-02-12 10:00", "Zo\u{e9}", Kind::Rsvp, "");
            book.ledger.letters.last_mut().unwrap().read = now;
            if let Some(due) = digest::due(now, &config, &book.ledger) {
                sent.push(due.day.clone());
                book.send("2018-02-12 10:00", Occasion::Digest(due.day), None, "anne@example.org", Sending::Sent);
                book.ledger.outgoing.last_mut().unwrap().planned = now;
            }
        }
    }
    let expected = [
        "2018-03-23",
        "2018-03-24",
        "2018-03-25",
        "2018-03-26",
        "2018-03-27",
        "2018-10-26",
        "2018-10-27",
        "2018-10-28",
        "2018-10-29",
        "2018-10-30",
    ];
    assert_eq!(sent, expected);
}

#[test]
fn a_digest_that_never_left_told_nobody() {
    let mut book = Book::new();
    book.answers("2018-02-12 06:00", "Marie Roux", &[answer(DAY, "yes 1")], &[]);
    book.send("2018-02-12 07:30", Occasion::Digest("2018-02-12".into()), None, "anne@example.org", Sending::Failed);
    assert_eq!(digest::since(&book.ledger), None);
    assert_eq!(edition(&book, "2018-02-13 07:30"), Some(Edition::Daily));
}
