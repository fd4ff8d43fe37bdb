//! What organisers write to correct, and what becomes of it: entries and report, kept in `tests/drafts/corrections.txt`.
//!
//! A change there is written by `UPDATE_DRAFTS=1`; then the difference is read.

use astir_rsvp::correct::{self, Asked, Outcome};
use astir_rsvp::entry::{Content, Entry, Origin, Said};
use astir_rsvp::reading::{Course, Review};
use astir_rsvp::roster;
use astir_rsvp::rules::{self, Rules};

use crate::book::{Book, DAY, EVENING, answer, at, config, dish, speech};

/// Letters 1 to 7, of six people; 8 is the organiser's own.
fn book() -> Book {
    let mut book = Book::new();
    book.answers(
        "2018-02-12 10:00",
        "Marie Roux",
        &[answer(DAY, "yes 2 meal w1")],
        &[dish("quiche aux poireaux", Course::Starter, 1)],
    );
    book.answers("2018-02-13 09:10", "Paul Bernard", &[answer(DAY, "yes 2")], &[]);
    let tart = dish("tarte aux pommes", Course::Dessert, 1);
    book.answers("2018-02-14 18:40", "Lise Petit", &[answer(DAY, "yes 1 meal"), answer(EVENING, "yes 1")], &[tart]);
    book.answers("2018-02-15 21:05", "Karim Haddad", &[answer(EVENING, "maybe")], &[]);
    book.answers("2018-02-15 21:06", "Anne-Laure Roux", &[answer(DAY, "no")], &[]);
    book.question("2018-02-17 15:00", "Odile Faure", "Y aura-t-il un covoiturage ?", Review::Request);
    book.letter("2018-02-17 16:00", "", astir_rsvp::reading::Kind::Other, "");
    book.letter("2018-02-20 08:00", "Luc Vial", astir_rsvp::reading::Kind::Other, "");
    book.ledger.letters.last_mut().unwrap().shown = "Luc Vial".into();
    book
}

fn corrected(book: &Book, text: &str) -> Outcome {
    let (config, speech) = (config(), speech());
    static RULES: std::sync::OnceLock<Rules> = std::sync::OnceLock::new();
    let rules = RULES.get_or_init(|| Rules::load(&[rules::embedded()]).unwrap());
    let origin = Origin::Organiser { letter: 8 };
    let asked = Asked {
        text,
        origin,
        ledger: &book.ledger,
        config: &config,
        rules,
        speech: &speech,
        now: at("2018-02-20 09:00"),
    };
    correct::lines(&asked)
}

/// Writes an outcome down, as the store would; the rows.
fn written(book: &mut Book, outcome: &Outcome) -> Vec<i64> {
    let mut ids = Vec::new();
    for change in &outcome.changes {
        let origin = Origin::Organiser { letter: 8 };
        ids.push(book.enter("2018-02-20 09:00", origin, &change.person, &change.shown, change.content.clone()));
    }
    ids
}

fn shown(entry: &Entry) -> String {
    let who = if entry.shown.is_empty() { "-" } else { &entry.shown };
    match &entry.content {
        Content::Said(Said { answers, contributions, diets, .. }) => {
            let mut out = format!("{who}:");
            for a in answers {
                out += &format!(
                    " [{} {:?} {:?} {:?} {:?} {:?}]",
                    a.event, a.attendance, a.people, a.meal, a.workshops, a.part
                );
            }
            for c in contributions {
                out += &format!(" ({:?} {} {:?})", c.kind, c.what, c.quantity);
            }
            out + &diets.iter().map(|d| format!(" diet {d}")).collect::<String>()
        }
        other => format!("{who}: {other:?}"),
    }
}

/// One correction mail a line; `\n` parts its lines.
const MAILS: [&str; 57] = [
    "2 : 2 personnes",
    "2 : 3 personnes",
    "[2] 1 personne",
    "n° 2 : trois personnes, au repas, ateliers 1 et 2",
    "Bernard absent",
    "M. Bernard : absent",
    "Roux : absente",
    "Marie Roux : 1 personne",
    "anne-laure vient quand même",
    "5 vient quand même, avec une salade de riz",
    "annuler 1",
    "annuler 1 et 2",
    "Annulez la réponse 3",
    "annuler 7",
    "rétablir 1",
    "1 : elle apporte aussi du pain",
    "1 : pas de quiche",
    "1 : une tarte au lieu de la quiche",
    "1 : apporte seulement du vin",
    "3 : absente le 27",
    "3 : absente",
    "3 : 2 personnes le 3 mars, absente le 27 février",
    "4 : oui",
    "Haddad : 2 personnes le 3, une quiche",
    "Mme Durand (téléphone) : 2 personnes le 3, une quiche",
    "Mme Durand, par téléphone : 2 personnes, une quiche",
    "Mme Durand : 2 personnes",
    "Petit (téléphone) : 2 personnes",
    "vu 6",
    "6 : répondu",
    "6 : 2 personnes",
    "7 : 2 personnes",
    "99 : 2 personnes",
    "2 : allergique aux noix",
    "2 : plus de mail",
    "2 : 2 personnes mais pas avant midi",
    "2 : ne sera finalement pas 2 personnes",
    "2 : 2 ou 3 personnes",
    "2 : peut-être",
    "2 : sans le repas",
    "événement : salle B, 9 h 30",
    "événement : de 10 h à 14 h",
    "Événement du 27 février : adresse : 12 rue du Port, 26150 Die",
    "rencontre : samedi 10 mars",
    "événement : prévoir 8 plats, 6 entrées",
    "événement : annulé",
    "événement du 4 avril : salle B",
    "Bonjour,\n\nBernard : absent\nvu 6\n\nMerci\nLuc\n--\nLuc Vial",
    "> 1 : absent\n> 2 : absent\nBonne journée",
    "Qui apporte le vin ?",
    "=HYPERLINK(\"http://x\") : absent",
    "2 : absent\nannuler 2",
    "2 et 3 : absents",
    "2 : oui, absent",
    "Mme Nouvelle (téléphone) : 3 personnes",
    "Mme Papier par téléphone : 3 personnes",
    "Mme : 3 personnes",
];

#[test]
fn corrections_do_what_the_report_says() {
    let speech = speech();
    let mut all = String::new();
    for mail in MAILS {
        let mut book = book();
        let before = book.ledger.entries.len();
        let outcome = corrected(&book, mail);
        let ids = written(&mut book, &outcome);
        let report = correct::report(&outcome, &ids, "", &speech).unwrap();
        assert!(!report.contains("correct/"), "a sentence is missing: {report}");
        all += "=======================================================================\n";
        all += &mail.lines().map(|l| format!("| {l}\n")).collect::<String>();
        all += "-- entries\n";
        all += &book.ledger.entries[before..].iter().map(|e| format!("{}\n", shown(e))).collect::<String>();
        all += "-- report\n";
        all += &report;
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drafts/corrections.txt");
    if std::env::var_os("UPDATE_DRAFTS").is_some() {
        std::fs::write(&path, &all).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let place = kept.lines().zip(all.lines()).position(|(a, b)| a != b);
    assert!(kept == all, "tests/drafts/corrections.txt differs from line {place:?} on");
}

#[test]
fn every_correction_can_be_taken_back() {
    let now = at("2018-02-20 09:00");
    let mut taken_back = 0;
    for mail in MAILS {
        let mut book = book();
        let outcome = corrected(&book, mail);
        let ids = written(&mut book, &outcome);
        if outcome.lines.len() != 1 || !outcome.lines[0].done {
            continue;
        }
        let line = &outcome.lines[0];
        let back = if line.back.is_empty() {
            line.changes.iter().map(|i| format!("C{}", ids[*i])).fold("annuler".to_owned(), |all, c| all + " " + &c)
        } else {
            line.back.clone()
        };
        let undo = corrected(&book, &back);
        assert!(undo.lines[0].done, "{mail}: {back} does nothing: {:?}", undo.lines);
        written(&mut book, &undo);
        let (was, is) =
            (roster::fold(&self::book().ledger, &config(), now), roster::fold(&book.ledger, &config(), now));
        assert_eq!(was.gatherings, is.gatherings, "{mail} is not undone by {back}");
        taken_back += 1;
    }
    assert!(taken_back > 25, "{taken_back}");
}

#[test]
fn the_copy_for_the_other_organisers_says_who_is_said_to_have_written() {
    let mut book = book();
    let outcome = corrected(&book, "2 : absent");
    let ids = written(&mut book, &outcome);
    let mut reply = correct::Reply {
        to: "luc@example.org".into(),
        subject: "Re: [Collectif] 3 mars".into(),
        message_id: "a@example.org".into(),
        references: vec!["d@example.org".into()],
        on_behalf: String::new(),
    };
    let draft = |reply: &correct::Reply| {
        correct::draft(&outcome, &ids, reply, &config(), &speech(), at("2018-02-20 09:00")).unwrap()
    };
    let own = draft(&reply);
    assert!(own.text.starts_with("Bonjour,") && !own.text.contains("au nom de"), "{}", own.text);
    assert_eq!((own.subject.as_str(), own.references.len()), ("Re: [Collectif] 3 mars", 2));
    reply.on_behalf = "anne@example.org".into();
    assert!(
        draft(&reply).text.contains("au nom de\nanne@example.org")
            || draft(&reply).text.contains("au nom de anne@example.org")
    );
}
