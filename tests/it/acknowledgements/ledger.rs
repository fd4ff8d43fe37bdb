//! From the ledger to the mail: what stands, what was told before, which calendar entries go with it.

use astir_rsvp::acknowledge::{self, gather};
use astir_rsvp::draft::Draft;
use astir_rsvp::entry::{Content, Ledger, Occasion, Origin, Said, Sending};
use astir_rsvp::reading::{Course, Kind, Review, Tone};

use crate::book::{Book, DAY, EVENING, answer, at, config, dish, speech};

/// The acknowledgement that waits for the last letter of the book.
fn waiting(book: &mut Book, config: &astir_rsvp::config::Config, letters: &[i64], now: &str) -> Draft {
    let last = *letters.last().unwrap();
    let to = book.ledger.letters.iter().find(|l| l.id == last).unwrap().person.address.clone();
    book.ledger.outgoing.retain(|o| !letters.contains(&o.letter.unwrap_or(0)));
    let id = book.send(now, Occasion::Acknowledge, Some(last), &to, Sending::Due);
    let row = book.ledger.outgoing.iter().find(|o| o.id == id).unwrap().clone();
    let mut situation = gather::gather(&book.ledger, config, &row, letters, at(now)).unwrap();
    if config.acknowledge.missing_line {
        situation.missing = vec!["main".to_owned(), "bread".to_owned()];
    }
    acknowledge::compose(&situation, &gather::announced(&book.ledger, config, at(now)), &speech()).unwrap()
}

fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ").replace('\u{2019}', "'")
}

#[test]
fn the_first_answer_is_told_with_its_calendar_entry() {
    let mut book = Book::new();
    let letter =
        book.answers("2018-02-12 10:00", "Marie", &[answer(DAY, "yes 2 meal")], &[dish("quiche", Course::Starter, 1)]);
    let draft = waiting(&mut book, &config(), &[letter], "2018-02-12 10:05");
    let text = plain(&draft.text);
    assert!(text.contains("Bonjour Marie,") && text.contains("2 personnes, en vous comptant"), "{text}");
    assert!(text.contains("Vous apportez : quiche."), "{text}");
    assert_eq!(draft.attachments.len(), 1);
    assert_eq!(draft.in_reply_to.as_deref(), Some("1@letters.example.org"));
}

#[test]
fn a_correction_is_told_against_what_was_sent_and_keeps_the_rest() {
    let mut book = Book::new();
    book.answers("2018-02-12 10:00", "Marie", &[answer(DAY, "yes 2 meal w1")], &[dish("quiche", Course::Starter, 1)]);
    let second = book.answers("2018-02-13 10:00", "Marie", &[answer(DAY, "yes 3")], &[]);
    let draft = waiting(&mut book, &config(), &[second], "2018-02-13 10:05");
    let text = plain(&draft.text);
    assert!(text.contains("nous avions noté 2 personnes, nous notons maintenant 3 personnes."), "{text}");
    assert!(text.contains("Vous apportez : quiche.") && text.contains("1 (L'accueil)"), "{text}");
    assert!(draft.attachments.is_empty(), "the calendar entry went with the first yes");
}

#[test]
fn what_was_never_sent_was_never_told() {
    for sending in [Sending::Withheld, Sending::Dropped, Sending::Failed] {
        let mut book = Book::new();
        book.answers("2018-02-12 10:00", "Marie", &[answer(DAY, "yes 2")], &[]);
        book.ledger.outgoing[0].sending = sending;
        let second = book.answers("2018-02-13 10:00", "Marie", &[answer(DAY, "yes 3")], &[]);
        let draft = waiting(&mut book, &config(), &[second], "2018-02-13 10:05");
        assert!(!draft.text.contains("nous avions noté"), "{}", draft.text);
        assert_eq!(draft.attachments.len(), 1);
    }
}

#[test]
fn a_neutral_answer_told_nothing() {
    let mut book = Book::new();
    book.answers("2018-02-12 10:00", "Marie", &[answer(DAY, "yes 2")], &[]);
    book.ledger.letters[0].review.push(Review::LowCoverage);
    let second = book.answers("2018-02-13 10:00", "Marie", &[answer(DAY, "yes 3")], &[]);
    let draft = waiting(&mut book, &config(), &[second], "2018-02-13 10:05");
    assert!(!draft.text.contains("nous avions noté"), "{}", draft.text);
}

#[test]
fn a_cancellation_frees_the_dish_and_says_so() {
    let mut book = Book::new();
    book.answers("2018-02-12 10:00", "Marie", &[answer(DAY, "yes 2")], &[dish("quiche", Course::Starter, 1)]);
    let second = book.answers("2018-02-13 10:00", "Marie", &[answer(DAY, "no")], &[]);
    let text = plain(&waiting(&mut book, &config(), &[second], "2018-02-13 10:05").text);
    assert!(text.contains("Nous ne comptons plus sur : quiche."), "{text}");
    assert!(text.contains("nous notons maintenant que vous ne venez pas"), "{text}");
}

#[test]
fn two_letters_get_one_answer_about_both() {
    let mut book = Book::new();
    let first = book.answers("2018-02-12 10:00", "Marie", &[answer(DAY, "yes 2")], &[]);
    let second =
        book.answers("2018-02-12 10:03", "Marie", &[answer(EVENING, "no")], &[dish("tarte", Course::Dessert, 1)]);
    let draft = waiting(&mut book, &config(), &[first, second], "2018-02-12 10:08");
    let text = plain(&draft.text);
    assert!(text.contains("Vous ne venez pas") && text.contains("Vous apportez : tarte."), "{text}");
    assert_eq!(draft.in_reply_to.as_deref(), Some("2@letters.example.org"));
    assert!(draft.references.contains(&"1@letters.example.org".to_owned()));
}

#[test]
fn a_changed_event_is_told_as_it_is_now_with_a_new_calendar_entry() {
    let mut book = Book::new();
    book.answers("2018-02-12 10:00", "Marie", &[answer(DAY, "yes 2")], &[]);
    let fields = [("place".to_owned(), "Salle B, Crest".to_owned())].into();
    let changed = Content::EventChanged { event: DAY.into(), fields };
    book.enter("2018-02-14 09:00", Origin::Command, &crate::book::person(""), "", changed);
    let second = book.answers("2018-02-15 10:00", "Marie", &[answer(DAY, "yes 3")], &[]);
    let draft = waiting(&mut book, &config(), &[second], "2018-02-15 10:05");
    assert!(draft.text.contains("Salle B, Crest"), "{}", draft.text);
    let ics = String::from_utf8(draft.attachments[0].bytes.clone()).unwrap();
    assert!(ics.contains("SEQUENCE:1\r\n") && ics.contains("Salle B"), "{ics}");
}

#[test]
fn what_others_say_and_bring_stays_with_them() {
    let mut book = Book::new();
    book.answers("2018-02-12 09:00", "Zacharie", &[answer(DAY, "yes 7 meal")], &[dish("couscous", Course::Main, 1)]);
    let letter = book.answers("2018-02-12 10:00", "Marie", &[answer(DAY, "yes 2 meal")], &[]);
    let draft = waiting(&mut book, &config(), &[letter], "2018-02-12 10:05");
    for word in ["Zacharie", "couscous", "7"] {
        assert!(!draft.text.contains(word), "{word} in {}", draft.text);
    }
}

#[test]
fn a_question_alone_is_promised_an_answer_and_repeats_nothing() {
    let mut book = Book::new();
    book.answers("2018-02-12 10:00", "Marie", &[answer(DAY, "yes 2")], &[dish("quiche", Course::Starter, 1)]);
    let asked = book.question("2018-02-13 10:00", "Marie", "Et la quiche ?", Review::Question);
    let text = plain(&waiting(&mut book, &config(), &[asked], "2018-02-13 10:05").text);
    assert!(text.contains("Votre question sera lue par une personne") && !text.contains("quiche"), "{text}");
}

#[test]
fn somebody_in_their_place_is_not_told_that_they_come() {
    let mut book = Book::new();
    let said = Said { answers: vec![answer(DAY, "yes 1")], tones: vec![Tone::InPlace], ..Said::default() };
    let letter = book.said("2018-02-12 10:00", "Odette", said);
    let text = plain(&waiting(&mut book, &config(), &[letter], "2018-02-12 10:05").text);
    assert!(text.contains("- Oui : 1 personne.") && !text.contains("Vous venez"), "{text}");
}

#[test]
fn what_is_missing_is_told_only_when_the_association_wants_it_and_names_nobody() {
    let wanted = config();
    let mut book = Book::new();
    book.answers(
        "2018-02-12 09:00",
        "Paul",
        &[answer(DAY, "yes 1 meal")],
        &[dish("couscous", Course::Main, 1), dish("flan", Course::Dessert, 1)],
    );
    let letter = book.answers("2018-02-12 10:00", "Marie", &[answer(DAY, "yes 2 meal")], &[]);
    let mut told = wanted.clone();
    told.acknowledge.missing_line = true;
    let silent = waiting(&mut book, &wanted, &[letter], "2018-02-12 10:05").text;
    assert!(!silent.contains("manque"), "{silent}");
    let text = plain(&waiting(&mut book, &told, &[letter], "2018-02-12 10:06").text);
    assert!(text.contains("il manque encore surtout des plats et du pain."), "{text}");
}

#[test]
fn a_row_without_its_letter_has_nothing_to_say() {
    let mut book = Book::new();
    let letter = book.letter("2018-02-12 10:00", "Marie", Kind::Rsvp, "");
    book.send("2018-02-12 10:05", Occasion::Acknowledge, Some(letter), "marie@example.org", Sending::Due);
    let row = book.ledger.outgoing[0].clone();
    assert!(gather::gather(&Ledger::default(), &config(), &row, &[letter], at("2018-02-12 10:05")).is_none());
}
