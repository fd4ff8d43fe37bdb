//! Dates, plurals, elision and typography of the languages that ship inside the program.

use astir_rsvp::rules;
use astir_rsvp::speech::Speech;

fn speech(language: &str) -> Speech {
    Speech::new(language, &rules::embedded()).unwrap()
}

/// One line rendered with no-break spaces shown as `_` (wide) and `^` (narrow).
fn line(language: &str, template: &str) -> String {
    let mut files = rules::embedded();
    files.insert(format!("{language}/line.txt.j2"), template.to_owned());
    let speech = Speech::new(language, &files).unwrap();
    speech.render("line.txt", ()).unwrap().replace('\u{a0}', "_").replace('\u{202f}', "^")
}

#[test]
fn french_dates_and_hours_are_said_as_people_say_them() {
    for (template, expected) in [
        ("{{ '2018-03-03T09:00:00' | date }}", "samedi 3_mars"),
        ("{{ '2018-08-01' | date_year }}", "mercredi 1er_août_2018"),
        ("{{ '2018-05-02' | day }}", "2_mai"),
        ("{{ '2018-03-03T19:00:00' | hour }}", "19_h"),
        ("{{ '2018-03-03T08:05:00' | hour }}", "8_h_05"),
        ("{{ '2018-03-03T09:00:00' | hours('2018-03-03T13:00:00') }}", "de 9_h à 13_h"),
        ("{{ '2018-02-27T19:00:00' | when(none) }}", "mardi 27_février, à 19_h"),
        ("{{ '2018-06-21T00:00:00' | when(none) }}", "jeudi 21_juin"),
        ("{{ '2018-06-21T20:00:00' | hours('2018-06-22T00:00:00') }}", "de 20_h à minuit"),
        ("{{ '2018-12-31T20:30:00' | when('2019-01-01T02:00:00') }}", "lundi 31_décembre, de 20_h_30 à 2_h"),
        (
            "{{ '2018-03-03T09:00:00' | when('2018-03-04T17:00:00') }}",
            "du samedi 3_mars à 9_h au dimanche 4_mars à 17_h",
        ),
    ] {
        assert_eq!(line("fr", template), expected);
    }
}

#[test]
fn english_dates_are_said_in_english() {
    assert_eq!(
        line("en", "{{ '2018-03-03T09:00:00' | when('2018-03-03T13:30:00') }}"),
        "Saturday 3_March, from 9:00 to 13:30"
    );
    assert_eq!(line("en", "Really ? {{ 0 | plural('person', 'people') }}, it's"), "Really ? people, it's");
}

#[test]
fn a_value_that_is_no_date_is_an_error_and_not_a_blank() {
    let mut files = rules::embedded();
    files.insert("fr/line.txt.j2".to_owned(), "{{ 'demain' | date }}".to_owned());
    assert!(Speech::new("fr", &files).unwrap().render("line.txt", ()).is_err());
}

#[test]
fn names_take_their_article_and_their_elision() {
    for (template, expected) in [
        ("{{ 'Romans' | of }}", "de Romans"),
        ("{{ 'Étoile' | of }}", "d’Étoile"),
        ("{{ 'houmous' | of }}", "de houmous"),
        ("{{ 'huile' | of }}", "d’huile"),
        ("{{ 'le Secours populaire' | of }}", "du Secours populaire"),
        ("{{ 'les Restos' | of }}", "des Restos"),
        ("{{ 'Les Amis du Lavoir' | named | of }}", "des Amis du Lavoir"),
        ("{{ 'ASTIR' | named }}", "l’ASTIR"),
        ("{{ 'ASTIR' | named | of }}", "de l’ASTIR"),
        ("{{ 'la Cimade' | named }}", "la Cimade"),
        ("{{ 'MRAP' | named }}", "l’association MRAP"),
        ("{{ 'Emmaüs Valence' | named | of }}", "de l’association Emmaüs Valence"),
        ("{{ 'Lezarts' | named }}", "l’association Lezarts"),
    ] {
        assert_eq!(line("fr", template), expected);
    }
}

#[test]
fn numbers_and_lists_agree() {
    assert_eq!(
        line("fr", "{{ 1 | plural('personne', 'personnes') }} {{ 2 | plural('personne', 'personnes') }}"),
        "personne personnes"
    );
    assert_eq!(line("fr", "{{ ['a', 'b', 'c'] | listed }} ; {{ ['a'] | listed }}"), "a, b et c^; a");
}

#[test]
fn spaces_before_french_marks_never_break() {
    assert_eq!(line("fr", "Voici : « oui » ; vraiment ? l'eau !"), "Voici_: «_oui_»^; vraiment^? l’eau^!");
}

#[test]
fn an_address_a_smiley_and_a_quotation_of_code_keep_their_characters() {
    let text = "http://a.fr :-) 'x' ;)\n : début";
    assert_eq!(line("fr", text), text);
}

#[test]
fn typography_done_twice_changes_nothing() {
    let speech = speech("fr");
    let once = speech.typography().set("Oui : « l'eau » ?");
    assert_eq!(speech.typography().set(&once), once);
}

#[test]
fn a_sentence_that_stands_in_two_files_is_refused() {
    let mut files = rules::embedded();
    let clash = "\n[reason]\nceiling = \"x\"\n";
    files.entry("fr/correct.toml".into()).or_default().push_str(clash);
    let failure = Speech::new("fr", &files).unwrap_err();
    assert_eq!((failure.says, failure.with["rule"].as_str()), ("rules/twice", "reason/ceiling"));
}
