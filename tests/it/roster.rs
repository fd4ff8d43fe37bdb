//! The roster on random ledgers: sums agree, a cancelled person counts nowhere, every message is counted once.

use astir_rsvp::digest::{self, Count, Edition, Facts};
use astir_rsvp::entry::{Content, Origin, Person, Said};
use astir_rsvp::reading::{Attendance, Course, Kind, Meal, Sort};
use astir_rsvp::roster::{self, Roster};
use jiff::{Timestamp, ToSpan};

use crate::book::{Book, DAY, EVENING, answer, at, config, dish, speech, thing};

/// A small generator: the same seed gives the same ledger (xorshift64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.roll(from.len() as u64) as usize]
    }
}

const NAMES: [&str; 9] = [
    "Marie Roux",
    "Paul Roux",
    "=HYPERLINK(\"http://x\")",
    "<b>Zo\u{e9}</b> & Cie",
    "\u{202e}odnum eL\u{202c}",
    "Anna Roche",
    "karim@example.org",
    "Mme Durand",
    "",
];

fn random(seed: u64) -> Book {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut book = Book::new();
    let answers =
        ["yes 1", "yes 2 meal", "yes", "yes 4 nomeal w1", "maybe", "maybe 2 meal", "no", "yes 3 partial meal w1 w2"];
    let dishes =
        [dish("quiche", Course::Starter, 1), dish("tartes", Course::Dessert, 2), dish("quiche", Course::Main, 0)];
    for i in 0..dice.roll(60) {
        let when = (at("2018-02-12 08:00") + (i as i64 * 3).hours())
            .to_zoned(jiff::tz::TimeZone::get("Europe/Paris").unwrap());
        let when = when.strftime("%Y-%m-%d %H:%M").to_string();
        let name = *dice.pick(&NAMES);
        match dice.roll(9) {
            0 => drop(book.letter(&when, "", Kind::Auto, "")),
            1 => drop(book.letter(&when, "", Kind::Bounce, "")),
            2 => drop(book.letter(&when, "", Kind::Other, "")),
            3 => drop(book.question(&when, name, "Combien de marches ?", astir_rsvp::reading::Review::Question)),
            4 => {
                let target = 1 + dice.roll(book.ledger.entries.len() as u64 + 1) as i64;
                let nobody = Person { address: String::new(), name: String::new() };
                book.enter(&when, Origin::Command, &nobody, "", Content::Undo(target));
            }
            _ => {
                let mut said = Said { answers: vec![answer(DAY, dice.pick::<&str>(&answers))], ..Said::default() };
                if dice.roll(3) == 0 {
                    said.answers.push(answer(EVENING, dice.pick::<&str>(&["yes 1", "no", "maybe"])));
                }
                if dice.roll(2) == 0 {
                    said.contributions.push(dice.pick(&dishes).clone());
                    said.contributions.push(thing("aide \u{e0} la vaisselle", Sort::Help));
                }
                book.said(&when, name, said);
            }
        }
    }
    book
}

fn folded(book: &Book, now: Timestamp) -> Roster {
    roster::fold(&book.ledger, &config(), now)
}

#[test]
fn on_random_ledgers_the_sums_agree_with_the_list() {
    for seed in 1..400 {
        let book = random(seed);
        let roster = folded(&book, at("2018-02-26 07:30"));
        for gathering in &roster.gatherings {
            let totals = gathering.totals();
            let yes: Vec<_> = gathering.guests.iter().filter(|g| g.attendance == Attendance::Yes).collect();
            let people: u64 = yes.iter().filter_map(|g| g.people).map(u64::from).sum();
            assert_eq!(totals.coming.people, people, "seed {seed}");
            assert_eq!(totals.coming.answers, yes.len(), "seed {seed}");
            let by_meal = totals.meal.people + totals.meal_skipped.people + totals.meal_unsaid.people;
            assert_eq!(by_meal, totals.coming.people, "seed {seed}");
            let all = totals.coming.answers + totals.maybe.answers + totals.absent;
            assert_eq!(all, gathering.guests.len(), "seed {seed}");
            let mut people: Vec<&Person> = gathering.guests.iter().map(|g| &g.person).collect();
            people.sort();
            people.dedup();
            assert_eq!(people.len(), gathering.guests.len(), "seed {seed}: a person is listed twice");
        }
    }
}

#[test]
fn on_random_ledgers_who_cancelled_counts_nowhere() {
    let mut cancelled = 0;
    for seed in 1..400 {
        let mut book = random(seed);
        let name = "Marie Roux";
        book.answers("2018-02-25 10:00", name, &[answer(DAY, "no"), answer(EVENING, "no")], &[]);
        let roster = folded(&book, at("2018-02-26 07:30"));
        let marie = book.ledger.letters.last().unwrap().person.clone();
        for gathering in &roster.gatherings {
            let guest = gathering.guests.iter().find(|g| g.person == marie).unwrap();
            assert_eq!((guest.attendance, guest.people), (Attendance::No, Some(0)), "seed {seed}");
            assert_eq!((guest.meal, guest.workshops.len()), (None::<Meal>, 0), "seed {seed}");
            assert!(gathering.brought().all(|g| g.person != marie), "seed {seed}: the quiche still counts");
            cancelled += gathering.gifts.iter().filter(|g| g.person == marie).count();
        }
        assert!(roster.diets.iter().all(|d| d.person != marie), "seed {seed}");
    }
    assert!(cancelled > 100, "the ledgers must hold things to set free, {cancelled} were");
}

#[test]
fn on_random_ledgers_every_message_is_counted_once_and_the_digest_can_be_written() {
    let speech = speech();
    for seed in 1..60 {
        let mut book = random(seed);
        if seed % 2 == 0 {
            book.digest("2018-02-15");
        }
        let now = at("2018-02-26 07:30");
        let count = Count::of(&book.ledger);
        assert_eq!(count.all(), book.ledger.letters.len(), "seed {seed}");
        let config = config();
        let roster = roster::fold(&book.ledger, &config, now);
        let since = digest::since(&book.ledger);
        let facts = Facts { now, since, edition: Edition::Daily, last_read: None };
        let draft = digest::compose(&book.ledger, &roster, &facts, &config, &speech).unwrap();
        let all = format!("{}\u{a0}message", count.all());
        assert!(draft.text.contains(&all), "seed {seed}: {all}");
        for piece in [draft.text.as_str(), draft.subject.as_str(), draft.html.as_deref().unwrap()] {
            let key = ["digest/", "double/", "review/", "reason/"].iter().find(|k| piece.contains(**k));
            assert!(key.is_none(), "seed {seed}: a sentence of {key:?} is missing");
        }
    }
}

#[test]
fn an_undone_undo_counts_again() {
    let mut book = Book::new();
    let nobody = Person { address: String::new(), name: String::new() };
    book.answers("2018-02-12 10:00", "Marie Roux", &[answer(DAY, "yes 2")], &[]);
    let coming = |book: &Book| folded(book, at("2018-02-20 07:30")).gatherings[0].totals().coming.people;
    assert_eq!(coming(&book), 2);
    let undo = book.enter("2018-02-12 11:00", Origin::Command, &nobody, "", Content::Undo(1));
    assert_eq!(coming(&book), 0);
    book.enter("2018-02-12 12:00", Origin::Command, &nobody, "", Content::Undo(undo));
    assert_eq!(coming(&book), 2);
}

#[test]
fn the_last_word_wins_by_the_time_it_was_written_not_by_the_time_it_was_read() {
    let mut book = Book::new();
    book.answers("2018-02-14 10:00", "Marie Roux", &[answer(DAY, "no")], &[]);
    book.answers("2018-02-12 10:00", "Marie Roux", &[answer(DAY, "yes 2")], &[]);
    book.ledger.entries[1].at = at("2018-02-15 10:00");
    let roster = folded(&book, at("2018-02-20 07:30"));
    assert_eq!(roster.gatherings[0].guests[0].attendance, Attendance::No);
}

#[test]
fn a_letter_that_says_nothing_of_the_meal_leaves_what_was_said_and_an_organiser_replaces_all() {
    let mut book = Book::new();
    book.answers("2018-02-12 10:00", "Marie Roux", &[answer(DAY, "yes 2 meal w1")], &[]);
    book.answers("2018-02-13 10:00", "Marie Roux", &[answer(DAY, "yes 3")], &[]);
    let now = at("2018-02-20 07:30");
    let guest = folded(&book, now).gatherings[0].guests[0].clone();
    assert_eq!((guest.people, guest.meal, guest.workshops), (Some(3), Some(Meal::Yes), vec![1]));
    let said = Said { answers: vec![answer(DAY, "yes 1")], ..Said::default() };
    let marie = guest.person.clone();
    book.enter("2018-02-14 10:00", Origin::Command, &marie, "Marie Roux", Content::Said(said));
    let guest = folded(&book, now).gatherings[0].guests[0].clone();
    assert_eq!((guest.people, guest.meal, guest.workshops), (Some(1), None, vec![]));
}

#[test]
fn a_dish_sent_by_somebody_absent_counts_and_one_of_somebody_back_again_is_to_be_confirmed() {
    let mut book = Book::new();
    let tart = || dish("tarte", Course::Dessert, 1);
    book.answers("2018-02-12 10:00", "Marie Roux", &[answer(DAY, "no")], &[tart()]);
    book.answers("2018-02-12 11:00", "Paul Ott", &[answer(DAY, "yes 1")], &[tart()]);
    book.answers("2018-02-13 11:00", "Paul Ott", &[answer(DAY, "no")], &[]);
    book.answers("2018-02-14 11:00", "Paul Ott", &[answer(DAY, "yes 1")], &[]);
    let roster = folded(&book, at("2018-02-20 07:30"));
    let brought: Vec<(&str, bool)> =
        roster.gatherings[0].brought().map(|g| (g.shown.as_str(), g.contribution.tentative)).collect();
    assert_eq!(brought, [("Marie Roux", false), ("Paul Ott", true)]);
}

#[test]
fn likely_doubles_are_listed_for_their_reason_and_leave_when_dealt_with() {
    let mut book = Book::new();
    book.answers("2018-02-12 10:00", "Marie Roux", &[answer(DAY, "yes 2")], &[]);
    book.answers("2018-02-12 11:00", "Paul Roux", &[answer(DAY, "yes 1")], &[]);
    let words = vec!["nous serons deux, avec Luc Vial".to_owned()];
    book.said(
        "2018-02-12 12:00",
        "Zo\u{e9} Petit",
        Said { answers: vec![answer(DAY, "yes 2")], words, ..Said::default() },
    );
    book.answers("2018-02-12 13:00", "Luc Vial", &[answer(DAY, "yes 1")], &[]);
    let of = |book: &Book| {
        let roster = folded(book, at("2018-02-20 07:30"));
        roster.doubles.iter().map(|d| (d.second.0.to_string(), d.why.key())).collect::<Vec<_>>()
    };
    assert_eq!(of(&book), [("2".to_owned(), "double/same-family"), ("4".to_owned(), "double/named")]);
    let nobody = Person { address: String::new(), name: String::new() };
    book.enter("2018-02-13 10:00", Origin::Command, &nobody, "", Content::Handled(4));
    assert_eq!(of(&book), [("2".to_owned(), "double/same-family")]);
}
