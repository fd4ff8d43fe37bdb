//! An association that works in English: the same words as in French, the digest and corrections as organisers read
//! them, and every command without a key in place of a sentence.
//!
//! A change of a golden text is written by `UPDATE_DRAFTS=1`; then the difference is read.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Command, Stdio};

use astir_rsvp::config::Config;
use astir_rsvp::correct::{self, Asked, Outcome};
use astir_rsvp::digest::{self, Edition, Facts};
use astir_rsvp::entry::{Content, Origin, Said};
use astir_rsvp::reading::{Course, Review, Sort};
use astir_rsvp::roster;
use astir_rsvp::rules::{self, Rules};
use astir_rsvp::speech::Speech;

use crate::book::{Book, DAY, EVENING, answer, at, config_with, dish, thing};

type Tables = BTreeMap<String, BTreeMap<String, String>>;

fn tables(path: &str) -> Tables {
    toml::from_str(&rules::embedded()[path]).unwrap()
}

/// What a sentence fills in or looks at: words in `{{ }}` and `{% %}` that are no text, filter or keyword; `{n}`.
fn holes(sentence: &str) -> BTreeSet<String> {
    let tag = regex::Regex::new(r"(?s)\{[{%](.*?)[}%]\}|(\{(?:n|list|items)\})").unwrap();
    let noise = regex::Regex::new(r#"'[^']*'|"[^"]*"|\|\s*\w+|\bloop\.last\b"#).unwrap();
    let word = regex::Regex::new(r"[a-z_][a-z_.]*").unwrap();
    let keywords = ["if", "elif", "else", "endif", "for", "in", "endfor", "is", "none", "not", "and", "or"];
    let mut found = BTreeSet::new();
    for tag in tag.captures_iter(sentence) {
        found.extend(tag.get(2).map(|hole| hole.as_str().to_owned()));
        let inside = tag.get(1).map(|t| noise.replace_all(t.as_str(), " ").into_owned()).unwrap_or_default();
        let words = word.find_iter(&inside).map(|w| w.as_str().to_owned());
        found.extend(words.filter(|w| !keywords.contains(&w.as_str())));
    }
    found
}

/// Sentences that stand in one language only, or are filled with something else. How each language writes dates, plurals
/// and spaces is its own.
fn differences(french: &Tables, english: &Tables) -> Vec<String> {
    let own = ["dates", "grammar", "typography"];
    let all = |tables: &Tables| -> BTreeMap<String, BTreeSet<String>> {
        let tables = tables.iter().filter(|(table, _)| !own.contains(&table.as_str()));
        tables.flat_map(|(t, keys)| keys.iter().map(move |(k, s)| (format!("{t}/{k}"), holes(s)))).collect()
    };
    let (french, english) = (all(french), all(english));
    let keys: BTreeSet<&String> = french.keys().chain(english.keys()).collect();
    let differs = keys.into_iter().filter(|k| french.get(*k) != english.get(*k));
    differs.map(|k| format!("{k}: {:?} and {:?}", french.get(k), english.get(k))).collect()
}

#[test]
fn every_sentence_stands_in_both_languages_and_is_filled_with_the_same() {
    let table = |text: &str| toml::from_str::<Tables>(text).unwrap();
    let bad = differences(&table("[a]\nb = \"{{ n | plural('x', 'y') }}\""), &table("[a]\nb = \"\"\nc = \"\""));
    assert_eq!(bad, ["a/b: Some({\"n\"}) and Some({})", "a/c: None and Some({})"]);
    for file in ["words.toml", "terminal.toml", "correct.toml"] {
        let differences = differences(&tables(&format!("fr/{file}")), &tables(&format!("en/{file}")));
        assert!(differences.is_empty(), "{file}: {differences:#?}");
    }
    let files = rules::embedded();
    for path in files.keys().filter(|p| p.starts_with("fr/") && p.ends_with(".j2")) {
        // Said in two languages at once to somebody whose language we do not know.
        let known = path.ends_with("acknowledge-foreign.txt.j2") || files.contains_key(&path.replacen("fr", "en", 1));
        assert!(known, "{path} is not there in English");
    }
}

fn english() -> Speech {
    Speech::new("en", &rules::embedded()).unwrap()
}

fn config() -> Config {
    config_with("short_name = \"Collectif\"", "short_name = \"Welcome Group\"\nlanguage = \"en\"")
}

/// Letters 1 to 8, of seven people.
fn book() -> Book {
    let mut book = Book::new();
    let quiche = dish("leek quiche", Course::Starter, 1);
    book.answers("2018-02-12 10:00", "Mary Dupont", &[answer(DAY, "yes 2 meal w1")], &[quiche]);
    book.answers("2018-02-13 09:10", "Paul Bernard", &[answer(DAY, "yes 2")], &[]);
    let pie = dish("apple pies", Course::Dessert, 2);
    book.answers("2018-02-14 18:40", "Lisa Petit", &[answer(DAY, "yes 1 meal w2"), answer(EVENING, "yes 1")], &[pie]);
    book.answers("2018-02-15 21:05", "Karim Haddad", &[answer(DAY, "maybe")], &[]);
    book.question("2018-02-17 15:00", "Odile Faure", "Will there be a lift from Die?", Review::Request);
    book.digest("2018-02-20");
    book.answers("2018-02-20 14:00", "Lisa Petit", &[answer(DAY, "no")], &[]);
    let said = Said {
        answers: vec![answer(DAY, "yes 3 meal w2")],
        contributions: vec![dish("lentil salad", Course::Starter, 1), thing("setting up tables", Sort::Help)],
        organisation: Some("Living Together".into()),
        diets: vec!["my daughter is allergic to peanuts".into()],
        ..Said::default()
    };
    book.said("2018-02-20 19:30", "Anna Roche", said);
    let excerpt = "Is the room accessible by wheelchair? My mother doesn't walk any more.";
    book.question("2018-02-20 20:15", "Jane Dubois", excerpt, Review::Question);
    book
}

/// Compares with what is kept.
fn golden(file: &str, now: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drafts").join(file);
    if std::env::var_os("UPDATE_DRAFTS").is_some() {
        std::fs::write(&path, now).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == now, "{} differs:\n{now}", path.display());
}

/// No key where a sentence should be, and nothing in French.
fn in_english(text: &str) {
    let keys: BTreeSet<String> = ["words", "terminal", "correct"]
        .iter()
        .flat_map(|file| tables(&format!("fr/{file}.toml")))
        .flat_map(|(table, keys)| keys.into_keys().map(move |k| format!("{table}/{k}")))
        .collect();
    for word in text.split_whitespace() {
        assert!(!keys.contains(word), "{word} stands for itself in {text}");
    }
    let french = |c: char| "«»éèêàçùîôû".contains(c);
    assert!(!text.contains(french) && !text.contains("{{"), "not English: {text}");
}

#[test]
fn the_digest_of_an_ordinary_day_and_of_the_eve() {
    let config = config();
    for (name, now, edition) in
        [("ordinary-day", "2018-02-21 07:30", Edition::Daily), ("eve", "2018-03-02 07:30", Edition::Eve)]
    {
        let mut book = book();
        if edition == Edition::Eve {
            book.digest("2018-03-01");
        }
        let now = at(now);
        let roster = roster::fold(&book.ledger, &config, now);
        let facts = Facts { now, since: digest::since(&book.ledger), edition, last_read: Some(now) };
        let draft = digest::compose(&book.ledger, &roster, &facts, &config, &english()).unwrap();
        golden(&format!("digests/english-{name}.txt"), &format!("Subject: {}\n\n{}", draft.subject, draft.text));
        let html = draft.html.unwrap();
        assert!(html.contains("<html lang=\"en\">"));
        golden(&format!("digests/english-{name}.html"), &html);
    }
}

fn corrected(book: &Book, text: &str) -> Outcome {
    static RULES: std::sync::OnceLock<Rules> = std::sync::OnceLock::new();
    let rules = RULES.get_or_init(|| Rules::load(&[rules::embedded()]).unwrap());
    let (config, speech) = (config(), english());
    let (origin, now) = (Origin::Command, at("2018-02-21 09:00"));
    correct::lines(&Asked { text, origin, ledger: &book.ledger, config: &config, rules, speech: &speech, now })
}

/// Writes an outcome down, as the store would; the rows.
fn written(book: &mut Book, outcome: &Outcome) -> Vec<i64> {
    let enter = |change: &correct::Change| {
        book.enter("2018-02-21 09:00", Origin::Command, &change.person, &change.shown, change.content.clone())
    };
    outcome.changes.iter().map(enter).collect()
}

/// One correction a line, and whether it does something.
const LINES: [(&str, bool); 30] = [
    ("2: 3 people", true),
    ("Dupont absent", true),
    ("cancel 7", true),
    ("Mrs Durand (phone): 2 people on the 3rd, a quiche", true),
    ("event: room B, 9.30", true),
    ("Mr Bernard isn't coming any more", true),
    ("Bernard can't make it", true),
    ("6: coming after all, with a rice salad", true),
    ("no. 2: three people, staying for the meal, workshops 1 and 2", true),
    ("1: she also brings bread", true),
    ("1: no quiche", true),
    ("1: a tart instead of the quiche", true),
    ("Haddad: 2 people on March 3rd, a cake", true),
    ("3: not coming on 27 February", true),
    ("seen 5", true),
    ("Anna Roche: maybe", true),
    ("2: vegetarian", true),
    ("2: no more e-mails", true),
    ("2: without the meal", true),
    ("event: from 10 am to 2.30 pm", true),
    ("meeting of 27 February: village hall, 7 o'clock in the evening", true),
    ("event: Saturday 10 March", true),
    ("event: we need 8 main dishes, 6 starters", true),
    ("event: cancelled", false),
    ("event: in the morning", false),
    ("2: 2 or 3 people", false),
    ("2: 2 people but not before noon", false),
    ("Smith: 2 people", false),
    ("2: yes, absent", false),
    ("Who brings the wine?", false),
];

#[test]
fn corrections_do_what_the_report_says_and_can_be_taken_back() {
    let (config, speech, now) = (config(), english(), at("2018-02-21 09:00"));
    let mut all = String::new();
    for (line, does) in LINES {
        let mut book = book();
        let outcome = corrected(&book, line);
        let ids = written(&mut book, &outcome);
        let report = correct::report(&outcome, &ids, "", &speech).unwrap();
        in_english(&report.replace("Journée", "").replace("Soirée", ""));
        all += &format!("=======================================================================\n{report}");
        assert_eq!(outcome.lines[0].done, does, "{report}");
        let back = match &outcome.lines[0].back {
            empty if empty.is_empty() => ids.iter().fold("cancel".to_owned(), |all, id| format!("{all} C{id}")),
            back => back.clone(),
        };
        if does && !outcome.changes.iter().any(|c| matches!(c.content, Content::Handled(_))) {
            let undo = corrected(&book, &back);
            written(&mut book, &undo);
            let fold = |book: &Book| roster::fold(&book.ledger, &config, now).gatherings;
            assert_eq!(fold(&self::book()), fold(&book), "{line} is not undone by {back}");
        }
    }
    golden("english-corrections.txt", &all);
}

const CONFIG: &str = r#"
[association]
name = "Friends of the Mill"
address = "mill@example.org"
language = "en"
organisers = ["anne@example.org"]
[maildir]
inbox = "inbox"
sent = "sent"
[store]
path = "rsvp.sqlite"
[acknowledge]
send = true
backlog = "answer"
delay = "0s"
quiet = ""
[digest]
to = ["anne@example.org"]
[[event]]
id = "picnic"
title = "Picnic"
start = 2090-05-23T12:00:00
shared_meal = true
place = "The Mill"
"#;

#[test]
fn every_command_of_an_english_association_speaks_english() {
    let folder = crate::program::home(CONFIG);
    let date = jiff::Zoned::now().strftime("%a, %d %b %Y %H:%M:%S %z");
    let letter = format!(
        "From: Jane Miller <jane@example.net>\r\nTo: mill@example.org\r\nSubject: Re: Picnic\r\nDate: {date}\r\n\
         Message-ID: <1@example.net>\r\n\r\nHello,\r\n\r\nWe will be there, two of us, and we bring an apple pie.\r\n\r\nJane\r\n"
    );
    std::fs::write(folder.path().join("inbox/new/1"), letter).unwrap();
    let run = |arguments: &[&str]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_astir-rsvp"));
        let program = program.current_dir(folder.path()).args(["--config", "config.toml"]).args(arguments);
        let output = program.env("RUST_LOG", "off").stdin(Stdio::null()).output().unwrap();
        let said = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap()).concat();
        in_english(&said);
        said
    };
    assert!(run(&["check"]).contains("1 event."));
    assert!(run(&["run", "--once"]).contains("1 new message, 1 of them an answer or question about the events"));
    let roster = run(&["roster"]);
    assert!(roster.contains("2 people are coming (1 answer)") && roster.contains("apple pie"), "{roster}");
    let preview = run(&["digest", "--preview"]);
    assert!(preview.starts_with("Subject: ") && preview.contains("Jane Miller: yes, 2 people"), "{preview}");
    assert!(run(&["correct", "Miller: 3 people"]).contains("“yes, 3 people"));
    assert!(run(&["event"]).contains("Tuesday 23"));
    assert!(run(&["export", "answers.csv"]).contains("is written"));
    assert!(run(&["export", "answers.txt"]).contains("must end with"));
    assert!(run(&["rules"]).contains("all is well"));
    assert!(run(&["forget", "jane@example.net"]).contains("is erased"));
    for mail in std::fs::read_dir(folder.path().join("sent/new")).unwrap() {
        in_english(&std::fs::read_to_string(mail.unwrap().path()).unwrap());
    }
}

#[test]
fn a_language_without_words_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let config = CONFIG.replace("language = \"en\"", "language = \"es\"");
    std::fs::write(folder.path().join("config.toml"), config).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_astir-rsvp"));
    let output = program.current_dir(folder.path()).args(["--config", "config.toml", "check"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("es/words.toml") && !said.contains("rules/missing-file"), "{said}");
}
