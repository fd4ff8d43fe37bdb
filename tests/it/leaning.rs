//! What words lean to is learnt here, from the labelled letters and replies that are not held out, and from sentences that
//! stand alone: `UPDATE_DRAFTS=1` writes `rules/fr/leaning-*.tsv`. Without it, a part of them is read as the program reads
//! them: most lean to their label.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use astir_rsvp::config::Config;
use astir_rsvp::event::SharedMeal;
use astir_rsvp::letter::{self, Letter, Ourselves};
use astir_rsvp::reading::{Attendance, Meal, Part, Reading, Review};
use astir_rsvp::rules::leaning::Leanings;
use astir_rsvp::rules::{Rules, embedded};
use astir_rsvp::text::fold;
use astir_rsvp::understand::contributions::things;
use astir_rsvp::understand::leaning::{attendance, heads, offers, stays};
use astir_rsvp::understand::page::Page;
use astir_rsvp::understand::understand;
use serde_json::Value;

use learn::{Said, learn};

mod learn;

/// Of the replies and sentences, one of so many is read by the test.
const EVERY: usize = 25;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// A text with its label, as the program gets it.
struct Labelled {
    letter: Letter,
    config: Config,
    /// For each event what the label says.
    gold: Vec<Gold>,
    /// What is brought, by the label, in the sender's words.
    brought: Vec<String>,
    hand: String,
}

/// What a label says of one event, as far as it tells.
#[derive(Default)]
struct Gold {
    /// The event, by place in the configuration.
    event: usize,
    /// Whether somebody comes; `None`: nothing is said of it.
    says: Option<String>,
    /// How many; `None`: nobody knows.
    people: Option<u32>,
    /// For what part of it, and whether to its meal: `None` where the label tells no such thing.
    stay: Option<(String, String)>,
}

impl Gold {
    fn says(event: usize, says: Option<String>) -> Self {
        Self { event, says, ..Self::default() }
    }

    fn comes(people: Option<u32>) -> Self {
        Self { says: Some("yes".into()), people, ..Self::default() }
    }

    /// Somebody comes, or may.
    fn may_come(&self) -> bool {
        matches!(self.says.as_deref(), Some("yes" | "maybe"))
    }
}

/// The files of a folder that end so, in order.
fn files(name: &str, end: &str) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder(name)).unwrap().map(|f| f.unwrap().path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == end));
    files.sort();
    files
}

fn announced(path: &Path) -> Config {
    Config::parse(&path.display().to_string(), &std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Every n-th reply that is not held out.
fn replies(rules: &Rules, every: usize) -> Vec<Labelled> {
    let mut configs: BTreeMap<String, Config> = BTreeMap::new();
    let lines = files("tests/replies/mail", "jsonl");
    let lines = lines.iter().map(|f| std::fs::read_to_string(f).unwrap()).collect::<Vec<_>>().join("\n");
    let written = lines.lines().filter(|l| !l.trim().is_empty()).map(|l| serde_json::from_str::<Value>(l).unwrap());
    let number = |reply: &Value| reply["id"].as_str().unwrap().rsplit('-').next().unwrap().parse::<usize>().unwrap();
    let open = written.filter(|reply| number(reply) % 3 != 0);
    let mut out = Vec::new();
    for reply in open.step_by(every) {
        let hand = reply["config"].as_str().unwrap().to_owned();
        let config = configs
            .entry(hand.clone())
            .or_insert_with(|| announced(&folder("tests/replies/announced").join(format!("{hand}.toml"))))
            .clone();
        let threaded = reply["thread"].as_str().is_none_or(|t| t == "reply");
        let thread = if threaded { "In-Reply-To: <invitation@mail.example>\r\n" } else { "" };
        let raw = format!(
            "From: someone@mail.example\r\nTo: us@mail.example\r\nSubject: {}\r\n{thread}\
             Content-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n",
            reply["subject"].as_str().unwrap_or("Re: invitation"),
            reply["text"].as_str().unwrap().replace('\n', "\r\n"),
        );
        let letter = letter::read(raw.as_bytes(), rules, &Ourselves::default());
        out.push(labelled(letter, &config, &reply["gold"], &hand));
    }
    out
}

/// A letter with the label that its writer or reader gave it.
fn labelled(letter: Letter, config: &Config, gold: &Value, hand: &str) -> Labelled {
    let answers = gold["answers"].as_array().map(Vec::as_slice).unwrap_or_default();
    let each = config.events.iter().enumerate().map(|(at, event)| {
        let answer = answers.iter().find(|a| a["event"] == event.id.as_str() && gold["kind"] == "rsvp");
        let told = |field: &str| answer.and_then(|a| a[field].as_str()).map(str::to_owned);
        let people = answer.and_then(|a| a["people"].as_u64()).map(|n| n as u32);
        let meal = || told("meal").unwrap_or_else(|| stays::NOTHING.to_owned());
        let stay = told("part").map(|part| (part, meal()));
        Gold { event: at, says: told("attendance"), people, stay }
    });
    let to_us = matches!(gold["kind"].as_str(), Some("rsvp" | "question"));
    let brought = gold["contributions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let brought = brought.iter().filter(|c| to_us && c["kind"] != "help");
    let brought = brought.map(|c| c["what"].as_str().unwrap_or_default().to_owned()).collect();
    Labelled { gold: each.collect(), letter, config: config.clone(), brought, hand: hand.to_owned() }
}

/// Every n-th of the labelled letters (`tests/letters`) that are not held out.
fn letters(rules: &Rules, every: usize) -> Vec<Labelled> {
    let config = announced(&folder("tests/letters/egm.toml"));
    let number = |path: &Path| -> usize {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        stem.rsplit('-').next().unwrap().parse().unwrap()
    };
    let open = files("tests/letters", "eml").into_iter().filter(|path| number(path) % 3 != 0);
    let read = |path: PathBuf| {
        let gold = std::fs::read_to_string(path.with_extension("json")).unwrap();
        let letter = letter::read(&std::fs::read(&path).unwrap(), rules, &Ourselves::default());
        labelled(letter, &config, &serde_json::from_str(&gold).unwrap(), "letters")
    };
    open.step_by(every).map(read).collect()
}

/// What the event of a sentence (`[E]`) and the other one (`[F]`) are called, in turn.
const CALLED: [(&str, [&str; 4]); 2] = [
    ("[E]", ["la rencontre", "la rencontre du 25", "le 25 mai", "samedi 25"]),
    ("[F]", ["la soirée contes", "le 6 juin", "jeudi 6", "les contes"]),
];

/// A sentence with its events named, "à le" and "de les" drawn together.
fn named(text: &str, turn: usize) -> String {
    let mut text = text.to_owned();
    for (sign, names) in CALLED {
        let name = names[turn % names.len()];
        for (before, short) in [("à le ", "au "), ("à les ", "aux "), ("de le ", "du "), ("de les ", "des ")] {
            let (word, article) = before.split_once(' ').unwrap();
            if let Some(rest) = name.strip_prefix(article) {
                text = text.replace(&format!("{word} {sign}"), &format!("{short}{rest}"));
            }
        }
        text = text.replace(sign, name);
    }
    text
}

/// A text as the whole of a reply to an invitation.
fn reply(text: &str, day: &str, rules: &Rules) -> Letter {
    let raw = format!(
        "From: someone@mail.example\r\nTo: us@mail.example\r\nDate: {day} 10:12:00 +0200\r\nSubject: Re: Invitation\r\n\
         In-Reply-To: <invitation@mail.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    );
    letter::read(raw.as_bytes(), rules, &Ourselves::default())
}

/// Every n-th of the sentences that stand alone: whether somebody comes (`said`), how many do (`heads`), for what part of it
/// and whether they stay for its meal (`stays`).
fn sentences(name: &str, rules: &Rules, every: usize) -> Vec<Labelled> {
    let config = announced(&folder("tests/replies/said/announced.toml"));
    let mut out = Vec::new();
    for file in files(&format!("tests/replies/{name}"), "tsv") {
        let hand = file.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).unwrap();
        for (turn, line) in text.lines().enumerate().step_by(every) {
            let (told, text) = line.split_once('\t').unwrap_or_else(|| panic!("{}:{}", file.display(), turn + 1));
            let letter = reply(&named(text, turn), "Mon, 13 May 2024", rules);
            // "yes/no": the event, then the other one.
            let gold = match name {
                "heads" => vec![Gold::comes(told.parse().ok())],
                "stays" => vec![Gold { stay: Some(stay(told, &file)), ..Gold::comes(None) }],
                _ => told.split('/').enumerate().map(|(at, told)| Gold::says(at, says(told, &file))).collect(),
            };
            let (config, hand) = (config.clone(), hand.clone());
            out.push(Labelled { letter, config, gold, brought: Vec::new(), hand });
        }
    }
    out
}

/// "partial no", "full -".
fn stay(told: &str, path: &Path) -> (String, String) {
    let (part, meal) = told.split_once(' ').unwrap_or_else(|| panic!("{}: no label {told:?}", path.display()));
    let meal = if meal == "-" { stays::NOTHING } else { meal };
    assert!(stays::PARTS.iter().any(|(name, _)| *name == part), "{}: no label {told:?}", path.display());
    assert!(stays::MEALS.iter().any(|(name, _)| *name == meal), "{}: no label {told:?}", path.display());
    (part.to_owned(), meal.to_owned())
}

fn says(told: &str, path: &Path) -> Option<String> {
    match told {
        "yes" | "no" | "maybe" => Some(told.to_owned()),
        "nothing" | "other" | "question" | "-" => None,
        other => panic!("{}: no label {other:?}", path.display()),
    }
}

/// Every n-th of the sentences that rules must read, of one file (`tests/sentences`): what is wanted, and a reply that says it.
fn wanted(name: &str, rules: &Rules, every: usize) -> Vec<(String, Letter)> {
    let text = std::fs::read_to_string(folder("tests/sentences").join(name)).unwrap();
    let lines = text.lines().filter_map(|l| l.trim_start_matches('!').split_once('\t'));
    let letter = |(told, text): (&str, &str)| {
        let text = text.rsplit_once("] ").map_or(text, |(_, text)| text).replace('⏎', "\r\n");
        (told.to_owned(), reply(&format!("Bonjour,\r\n{text}"), "Mon, 2 Jun 2025", rules))
    };
    lines.step_by(every).map(letter).collect()
}

/// Every n-th of the sentences that rules must read (`tests/sentences`), about each of their events.
fn read_by_rules(rules: &Rules, every: usize) -> Vec<Labelled> {
    let config = announced(&folder("tests/sentences/events.toml"));
    let mut out = Vec::new();
    for name in ["attendance.tsv", "answers.tsv", "hands.tsv", "matters.tsv", "replies.tsv", "stays.tsv", "voices.tsv"]
    {
        let whose = |wanted: &str| !wanted.starts_with("rsvp") && !wanted.starts_with("auto");
        for (wanted, letter) in wanted(name, rules, every).into_iter().filter(|(wanted, _)| whose(wanted)) {
            // "forum=yes film=no", or of the first event alone "yes partial -".
            let told = config.events.iter().enumerate().filter_map(|(at, event)| {
                let told = wanted.split(' ').filter_map(|w| w.split_once('=')).find(|(e, _)| *e == event.id);
                let alone = || (!wanted.contains('=') && at == 0).then(|| wanted.split(' ').next().unwrap_or(&wanted));
                Some(Gold::says(at, says(told.map(|(_, told)| told).or_else(alone)?, Path::new(name))))
            });
            let (gold, config) = (told.collect(), config.clone());
            out.push(Labelled { letter, config, gold, brought: Vec::new(), hand: name.to_owned() });
        }
    }
    out
}

/// The same of the sentences whose part and meal rules must read.
fn stayed(rules: &Rules, every: usize) -> Vec<Labelled> {
    let config = announced(&folder("tests/sentences/events.toml"));
    let labelled = |(told, letter): (String, Letter)| {
        let (says, told) = told.split_once(' ').filter(|(says, _)| matches!(*says, "yes" | "maybe"))?;
        let stay = Some(stay(told, Path::new("stays.tsv")));
        let gold = vec![Gold { stay, ..Gold::says(0, Some(says.to_owned())) }];
        Some(Labelled { letter, config: config.clone(), gold, brought: Vec::new(), hand: "stays.tsv".into() })
    };
    wanted("stays.tsv", rules, every).into_iter().filter_map(labelled).collect()
}

/// The same of those in which rules must count heads.
fn counted(rules: &Rules, every: usize) -> Vec<Labelled> {
    let config = announced(&folder("tests/sentences/events.toml"));
    let labelled = |(told, letter): (String, Letter)| {
        let gold = vec![Gold::comes(told.parse().ok())];
        Labelled { letter, config: config.clone(), gold, brought: Vec::new(), hand: "people.tsv".into() }
    };
    let come = wanted("people.tsv", rules, every).into_iter().filter(|(told, _)| told != "0");
    come.map(labelled).collect()
}

/// Every n-th of the sentences about what is brought (`tests/contributions.toml`).
fn cases(rules: &Rules, every: usize) -> Vec<Labelled> {
    let config = announced(&folder("tests/replies/said/announced.toml"));
    let text = std::fs::read_to_string(folder("tests/contributions.toml")).unwrap();
    let cases: toml::Table = toml::from_str(&text).unwrap();
    let case = |case: &toml::Value| {
        let letter = reply(case["text"].as_str().unwrap(), "Mon, 13 May 2024", rules);
        let offers = case.get("offers").and_then(toml::Value::as_array).cloned().unwrap_or_default();
        let offers = offers.iter().map(|o| o.as_str().unwrap().split('|').map(str::trim).collect::<Vec<_>>());
        let brought = offers.filter(|o| o[0] != "help").map(|o| o[1].to_owned()).collect();
        Labelled { letter, config: config.clone(), gold: Vec::new(), brought, hand: "cases".into() }
    };
    cases["case"].as_array().unwrap().iter().step_by(every).map(case).collect()
}

/// A word of the name stands in what is brought, in the singular or the plural.
fn is_brought(name: &str, brought: &[String]) -> bool {
    let words = |text: &str| -> BTreeSet<String> {
        let folded = fold(text);
        let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() > 2);
        words.map(|w| w.trim_end_matches(['s', 'x']).to_owned()).collect()
    };
    let name = words(name);
    brought.iter().any(|b| !words(b).is_disjoint(&name))
}

/// What each question learns from, and its sides.
fn said(question: &str, rules: &Rules, every: usize) -> (Vec<Said>, Vec<&'static str>) {
    let mut labelled = replies(rules, every);
    labelled.extend(letters(rules, every));
    match question {
        attendance::QUESTION => {
            labelled.extend(sentences("said", rules, every));
            labelled.extend(read_by_rules(rules, every));
            let sides: Vec<&str> = attendance::SIDES.iter().map(|(name, _)| *name).collect();
            let says = |gold: &Gold| Some(gold.says.clone().unwrap_or_else(|| "nothing".to_owned()));
            (of_events(&labelled, rules, &sides, attendance::features, says), sides)
        }
        heads::QUESTION => {
            labelled.extend(sentences("heads", rules, every));
            labelled.extend(counted(rules, every));
            let side = |gold: &Gold| gold.may_come().then(|| heads::side(gold.people).to_owned());
            (of_events(&labelled, rules, &heads::SIDES, heads::features, side), heads::SIDES.to_vec())
        }
        stays::PART | stays::MEAL => {
            labelled.extend(sentences("stays", rules, every));
            labelled.extend(stayed(rules, every));
            let parts: Vec<&str> = stays::PARTS.iter().map(|(name, _)| *name).collect();
            let meals: Vec<&str> = stays::MEALS.iter().map(|(name, _)| *name).collect();
            let (sides, meal) = if question == stays::MEAL { (meals, true) } else { (parts, false) };
            // Of an event that is itself the meal there is nothing to learn.
            labelled.retain_mut(|l| {
                let beside = |g: &Gold| !meal || l.config.events[g.event].meal == SharedMeal::Beside;
                l.gold.retain(beside);
                !l.gold.is_empty()
            });
            let side = |gold: &Gold| {
                let (part, dines) = gold.stay.clone().filter(|_| gold.may_come())?;
                Some(if meal { dines } else { part })
            };
            (of_events(&labelled, rules, &sides, attendance::features, side), sides)
        }
        _ => {
            labelled.extend(cases(rules, every));
            (of_things(&labelled, rules), offers::SIDES.to_vec())
        }
    }
}

/// What is learnt of each event of a text that the label tells of.
fn of_events(
    labelled: &[Labelled],
    rules: &Rules,
    sides: &[&str],
    features: fn(&Page<'_>, usize) -> BTreeSet<String>,
    side: impl Fn(&Gold) -> Option<String>,
) -> Vec<Said> {
    let french = rules.packs.iter().find(|p| p.language == "fr").unwrap();
    let mut said = Vec::new();
    for l in labelled {
        let page = Page::new(&l.letter, &l.config, french);
        let told = l.gold.iter().filter_map(|gold| Some((gold.event, side(gold)?)));
        said.extend(told.map(|(event, told)| Said {
            features: features(&page, event),
            side: sides.iter().position(|s| *s == told).unwrap_or_else(|| panic!("no side {told:?}")),
            hand: l.hand.clone(),
        }));
    }
    said
}

/// What is learnt of each thing that a text names.
fn of_things(labelled: &[Labelled], rules: &Rules) -> Vec<Said> {
    let french = rules.packs.iter().find(|p| p.language == "fr").unwrap();
    let mut said = Vec::new();
    for l in labelled {
        let page = Page::new(&l.letter, &l.config, french);
        for piece in &page.pieces {
            let things = things(&page, piece);
            said.extend(things.iter().map(|thing| {
                let name = piece.passage.words_of(thing.name.clone());
                Said {
                    features: offers::features(&page, piece, &things, thing),
                    side: usize::from(!is_brought(name, &l.brought)),
                    hand: l.hand.clone(),
                }
            }));
        }
    }
    said
}

fn right(leanings: &Leanings, said: &[Said]) -> f64 {
    let leans = |features: &BTreeSet<String>| {
        let shares = leanings.shares(features);
        (0..shares.len()).max_by(|a, b| shares[*a].total_cmp(&shares[*b])).unwrap()
    };
    let right = said.iter().filter(|r| leans(&r.features) == r.side).count();
    right as f64 / said.len() as f64
}

fn lean_to_their_labels(question: &str) {
    let rules = Rules::load(&[embedded()]).unwrap();
    let path = folder(&format!("rules/fr/leaning-{question}.tsv"));
    let learns = std::env::var_os("UPDATE_DRAFTS").is_some();
    let (said, sides) = said(question, &rules, if learns { 1 } else { EVERY });
    if learns {
        std::fs::write(&path, learn(&said, &sides)).unwrap();
    }
    let leanings = Leanings::parse("leaning", &std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(said.len() > 200, "only {} readings", said.len());
    let share = right(&leanings, &said);
    eprintln!("{question}: {:.1} % of {} readings lean to their label", 100.0 * share, said.len());
    assert!(share > 0.95, "{question}: {:.1} % of {} readings lean to their label", 100.0 * share, said.len());
}

#[test]
fn replies_lean_to_whether_they_come() {
    lean_to_their_labels(attendance::QUESTION);
}

#[test]
fn replies_lean_to_what_is_brought() {
    lean_to_their_labels(offers::QUESTION);
}

#[test]
fn replies_lean_to_how_many_come() {
    lean_to_their_labels(heads::QUESTION);
}

#[test]
fn replies_lean_to_the_part_they_come_for() {
    lean_to_their_labels(stays::PART);
}

#[test]
fn replies_lean_to_who_stays_for_the_meal() {
    lean_to_their_labels(stays::MEAL);
}

/// The reading of a reply to the forum of the sentences' events.
fn read(text: &str) -> Reading {
    let rules = Rules::load(&[embedded()]).unwrap();
    let events = std::fs::read_to_string(folder("tests/sentences/events.toml")).unwrap();
    let config = Config::parse("events.toml", &events).unwrap();
    let raw = format!(
        "From: Jeanne <jeanne@invitee.example>\r\nTo: contact@gervanne.example\r\nSubject: Re: Forum de l'eau\r\n\
         Date: Mon, 2 Jun 2025 10:00:00 +0200\r\nIn-Reply-To: <invitation@gervanne.example>\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\nBonjour,\r\n{text}\r\n"
    );
    understand(&letter::read(raw.as_bytes(), &rules, &Ourselves::default()), &config, &rules)
}

fn attendance(reading: &Reading) -> Vec<Attendance> {
    reading.answers.iter().map(|a| a.attendance).collect()
}

#[test]
fn of_a_contradiction_a_person_is_told_the_likelier_side() {
    let reading = read("Je viens samedi 14 avec ma tourte, comptez sur moi. Absente samedi 14.");
    assert_eq!((attendance(&reading), reading.review), (vec![Attendance::Yes], vec![Review::Contradiction]));
}

#[test]
fn what_no_rule_explains_is_told_as_it_leans_and_a_person_reads() {
    let reading =
        read("Samedi 14 il faudra vous passer de mes bras, mon médecin me veut couchée jusqu'à la fin du mois.");
    assert_eq!((attendance(&reading), reading.review), (vec![Attendance::No], vec![Review::TwoReadings]));
    assert!(reading.evidence.iter().any(|e| e.rule == "leaning/no" && !e.words.is_empty()), "{:?}", reading.evidence);
}

#[test]
fn words_say_nothing_of_a_text_that_is_too_short_or_in_another_tongue() {
    assert_eq!(attendance(&read("Le 14, belle lumière.")), []);
    assert_eq!(attendance(&read("Am Samstag, dem 14., kommen wir leider nicht, wir sind dann in Kassel.")), []);
}

#[test]
fn no_guest_is_lost_to_words() {
    let reading = read("J'étais inscrit au 1, je préfère passer au 2, si ce n'est pas trop compliqué pour vous.");
    assert_eq!(attendance(&reading), [Attendance::Yes], "{:?}", reading.review);
}

#[test]
fn a_count_that_words_hardly_lean_to_is_read_by_a_person() {
    let reading =
        read("Je viendrai samedi avec plaisir. Comptez une vingtaine de samoussas maison, à mettre au frais.");
    assert!(reading.review.contains(&Review::HeadCount), "{:?}", reading.review);
    assert_eq!(read("Je viendrai samedi avec plaisir, et avec mes deux filles.").review, []);
}

#[test]
fn the_part_and_the_meal_that_no_rule_reads_are_told_as_they_lean() {
    let told = |text: &str| read(text).answers.first().map(|a| (a.part, a.meal));
    let part = "Comptez-moi samedi 14, juste le temps d'un café, mes vaches n'attendent pas.";
    assert_eq!(told(part).map(|(part, _)| part), Some(Part::Partial));
    let meal = "Je serai là samedi 14, pour le casse-croûte je file chez ma fille à côté.";
    assert_eq!(told(meal).and_then(|(_, meal)| meal), Some(Meal::No));
    assert!(read(meal).evidence.iter().any(|e| e.rule == "leaning/meal" && !e.words.is_empty()));
}
