//! What colours an answer: illness, praise, thanks alone, a correction; and what only a person should answer.

use std::sync::LazyLock;

use astir_rsvp::config::Config;
use astir_rsvp::letter::{Block, Letter, Mailbox, Writer};
use astir_rsvp::reading::{Reading, Review, Tone};
use astir_rsvp::rules::{self, Rules};
use astir_rsvp::understand::understand;

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::load(&[rules::embedded()]).unwrap());

/// A letter that answers one of our mails.
fn read(text: &str) -> Reading {
    let config = "[association]\nname = \"A\"\naddress = \"a@example.org\"\n[[event]]\nid = \"day\"\n\
                  title = \"Rencontre\"\nstart = 2018-03-03T09:00:00\nshared_meal = true\n";
    let letter = Letter {
        blocks: vec![Block { by: Writer::Sender, text: text.to_owned() }],
        subject: "Re: Invitation".to_owned(),
        references: vec!["ours@example.org".to_owned()],
        answers_us: true,
        from: Some(Mailbox { name: String::new(), address: "b@example.org".to_owned() }),
        ..Letter::default()
    };
    understand(&letter, &Config::parse("c.toml", config).unwrap(), &RULES)
}

#[test]
fn thanks_alone_are_thanks_alone() {
    for text in [
        "Merci !",
        "Merci beaucoup pour votre réponse rapide.\nÀ bientôt\n\nMarie",
        "C'est noté, merci",
        "Bien reçu, merci. Bonne soirée",
        "Bravo et merci !",
    ] {
        assert!(read(text).tones.contains(&Tone::ThanksOnly), "{text}: {:?}", read(text).tones);
    }
}

#[test]
fn thanks_beside_something_said_are_not_alone() {
    for text in [
        "Merci, mais nous serons 3.",
        "Bien reçu, merci. Le parking est-il loin ?",
        "Merci, j'apporte une tarte.",
        "Merci de me dire où nous nous retrouvons.",
        "Merci. Je vous enverrai l'affiche la semaine prochaine.",
        "Merci, mais vous vous trompez de personne.",
        "Bonjour, ma voisine voudrait vous parler.",
    ] {
        assert!(!read(text).tones.contains(&Tone::ThanksOnly), "{text}");
    }
}

#[test]
fn illness_makes_it_sober_and_calls_nobody() {
    for text in ["Je suis malade, je ne viendrai pas.", "Mon mari a la grippe, je viendrai sans lui."] {
        let reading = read(text);
        assert!(reading.tones.contains(&Tone::Illness) && !reading.needs_human, "{text}: {reading:?}");
    }
    assert!(!read("Je suis malade de voir cela. Je viendrai.").tones.contains(&Tone::Illness));
}

#[test]
fn a_death_is_for_a_person_unless_it_is_the_reason_of_a_plain_answer() {
    for text in
        ["Suite au décès de ma mère, je ne viendrai pas.", "Je ne viendrai pas, j'ai un enterrement ce jour-là."]
    {
        let reading = read(text);
        assert!(reading.tones.contains(&Tone::Grief) && !reading.needs_human, "{text}: {reading:?}");
    }
    for text in ["Ma sœur est morte dimanche.", "J'ai perdu mon mari. Pouvez-vous me rappeler ?"] {
        let reading = read(text);
        assert!(reading.review.contains(&Review::Grief) && reading.needs_human, "{text}: {reading:?}");
    }
    assert!(!read("Je ne viens pas : enterrement de vie de garçon.").tones.contains(&Tone::Grief));
}

#[test]
fn who_wants_no_automatic_mail_or_asks_about_data_is_read_by_a_person() {
    let reading = read("Je viendrai. Je souhaite ne plus recevoir de message automatique.");
    assert!(reading.tones.contains(&Tone::NoMoreMail) && reading.review.contains(&Review::PersonalData));
    for text in ["Merci d'effacer mes données.", "effacer", "Que faites-vous de mes données ?"] {
        assert!(read(text).review.contains(&Review::PersonalData), "{text}");
    }
}

#[test]
fn a_correction_is_known_as_one() {
    assert!(read("Finalement nous serons 3.").tones.contains(&Tone::Correction));
    assert!(!read("Nous serons 3.").tones.contains(&Tone::Correction));
}

#[test]
fn praise_is_no_question() {
    let reading = read("Bravo pour cette belle initiative, je viendrai.");
    assert!(reading.tones.contains(&Tone::Praise) && !reading.needs_human);
}

#[test]
fn others_who_come_are_not_the_sender() {
    assert!(read("Ma collègue me remplacera.").tones.contains(&Tone::InPlace));
    assert!(!read("Je viendrai avec ma collègue.").tones.contains(&Tone::InPlace));
}
