//! What words lean to is learnt here, from the labelled replies that are not held out: `UPDATE_DRAFTS=1` writes
//! `rules/fr/leaning.tsv`. Without it, a part of those replies is read as the program reads them: most lean to their label.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use astir_rsvp::config::Config;
use astir_rsvp::letter::{self, Ourselves};
use astir_rsvp::reading::{Attendance, Reading, Review};
use astir_rsvp::rules::leaning::{Lean, Leanings, softmax};
use astir_rsvp::rules::{Rules, embedded};
use astir_rsvp::understand::leaning::words;
use astir_rsvp::understand::page::Page;
use astir_rsvp::understand::understand;
use serde_json::Value;

/// Replies in which a word must stand to have a weight, and associations to which they answer.
const SEEN: usize = 3;
const ASSOCIATIONS: usize = 3;
/// Times that all replies are gone through.
const ROUNDS: usize = 30;
/// How much a weight may grow on what is seen: the inverse strength of its pull to nought.
const TRUST: f32 = 0.5;
/// Weights below this, in hundredths, are left out.
const SLIGHT: f32 = 8.0;
/// Of the replies not held out, one of so many is read by the test.
const EVERY: usize = 25;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// A labelled reply.
struct Reply {
    words: BTreeSet<String>,
    lean: Lean,
    /// Whom it answers.
    config: String,
}

/// What a label leans to.
fn lean(gold: &Value) -> Lean {
    let answers = gold["answers"].as_array().map(Vec::as_slice).unwrap_or_default();
    let says = |what: &str| answers.iter().any(|a| a["attendance"] == what);
    match gold["kind"].as_str() {
        Some("rsvp") if says("yes") => Lean::Yes,
        Some("rsvp") if says("maybe") => Lean::Maybe,
        Some("rsvp") if says("no") => Lean::No,
        _ => Lean::Nothing,
    }
}

/// The words of every n-th reply that is not held out, and what its label leans to.
fn replies(rules: &Rules, every: usize) -> Vec<Reply> {
    let french = rules.packs.iter().find(|p| p.language == "fr").unwrap();
    let mut configs: BTreeMap<String, Config> = BTreeMap::new();
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder("tests/replies/mail")).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    let lines = files.iter().map(|f| std::fs::read_to_string(f).unwrap()).collect::<Vec<_>>().join("\n");
    let written = lines.lines().filter(|l| !l.trim().is_empty()).map(|l| serde_json::from_str::<Value>(l).unwrap());
    let number = |reply: &Value| reply["id"].as_str().unwrap().rsplit('-').next().unwrap().parse::<usize>().unwrap();
    let open = written.filter(|reply| number(reply) % 3 != 0);
    open.step_by(every)
        .map(|reply| {
            let name = reply["config"].as_str().unwrap().to_owned();
            let config = configs.entry(name.clone()).or_insert_with(|| {
                let path = folder("tests/replies/announced").join(format!("{name}.toml"));
                Config::parse(&name, &std::fs::read_to_string(path).unwrap()).unwrap()
            });
            let threaded = reply["thread"].as_str().is_none_or(|t| t == "reply");
            let thread = if threaded { "In-Reply-To: <invitation@mail.example>\r\n" } else { "" };
            let raw = format!(
                "From: someone@mail.example\r\nTo: us@mail.example\r\nSubject: {}\r\n{thread}\
                 Content-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n",
                reply["subject"].as_str().unwrap_or("Re: invitation"),
                reply["text"].as_str().unwrap().replace('\n', "\r\n"),
            );
            let letter = letter::read(raw.as_bytes(), rules, &Ourselves::default());
            Reply { words: words(&Page::new(&letter, config, french)), lean: lean(&reply["gold"]), config: name }
        })
        .collect()
}

/// The weights of every word: stochastic gradient descent with steps that shrink as a word is seen.
fn learn(replies: &[Reply]) -> BTreeMap<String, [f32; 4]> {
    let mut seen: BTreeMap<&str, (usize, BTreeSet<&str>)> = BTreeMap::new();
    for (reply, word) in replies.iter().flat_map(|r| r.words.iter().map(move |w| (r, w))) {
        let (n, associations) = seen.entry(word).or_default();
        *n += 1;
        associations.insert(&reply.config);
    }
    seen.retain(|_, (n, associations)| *n >= SEEN && associations.len() >= ASSOCIATIONS);
    let names: Vec<&str> = std::iter::once("").chain(seen.keys().copied()).collect();
    let pulls: Vec<f32> = std::iter::once(0.0).chain(seen.values().map(|(n, _)| 1.0 / (TRUST * *n as f32))).collect();
    let place: BTreeMap<&str, usize> = names.iter().enumerate().map(|(i, n)| (*n, i)).collect();
    let held: Vec<(Vec<usize>, usize)> = replies
        .iter()
        .map(|reply| {
            let known = reply.words.iter().filter_map(|w| place.get(w.as_str()).copied());
            (std::iter::once(0).chain(known).collect(), reply.lean as usize)
        })
        .collect();
    let mut weights = vec![[0.0f32; 4]; names.len()];
    let mut steps = vec![[1e-2f32; 4]; names.len()];
    for round in 0..ROUNDS {
        for n in 0..held.len() {
            // Another order each round, the same each time it is learnt.
            let (words, told) = &held[(n * 7919 + round * 104_729) % held.len()];
            let mut sums = [0.0f32; 4];
            words.iter().for_each(|w| sums.iter_mut().zip(weights[*w]).for_each(|(s, x)| *s += x));
            let shares = softmax(sums);
            for w in words {
                for c in 0..4 {
                    let wanted = if c == *told { 1.0 } else { 0.0 };
                    let gradient = shares[c] - wanted + pulls[*w] * weights[*w][c];
                    steps[*w][c] += gradient * gradient;
                    weights[*w][c] -= 0.2 * gradient / steps[*w][c].sqrt();
                }
            }
        }
    }
    names.into_iter().map(str::to_owned).zip(weights).collect()
}

/// As the file holds them.
fn written(weights: &BTreeMap<String, [f32; 4]>) -> String {
    let mut out = String::from("# Learnt by tests/it/leaning.rs from tests/replies; no hand writes here.\n");
    for (word, weight) in weights {
        let told = weight.map(|w| (w * 100.0).round() + 0.0);
        if word.is_empty() || told.iter().any(|w| w.abs() >= SLIGHT) {
            let _ = writeln!(out, "{word}\t{}", told.map(|w| format!("{w:.0}")).join(" "));
        }
    }
    out
}

fn right(leanings: &Leanings, replies: &[Reply]) -> f64 {
    let leans = |words: &BTreeSet<String>| {
        let shares = leanings.shares(words).unwrap();
        (0..4).max_by(|a, b| shares[*a].total_cmp(&shares[*b])).unwrap()
    };
    let right = replies.iter().filter(|r| leans(&r.words) == r.lean as usize).count();
    right as f64 / replies.len() as f64
}

#[test]
fn replies_lean_to_their_labels() {
    let rules = Rules::load(&[embedded()]).unwrap();
    let path = folder("rules/fr/leaning.tsv");
    if std::env::var_os("UPDATE_DRAFTS").is_some() {
        let replies = replies(&rules, 1);
        let text = written(&learn(&replies));
        let share = right(&Leanings::parse("fr/leaning.tsv", &text).unwrap(), &replies);
        std::fs::write(&path, text).unwrap();
        eprintln!("{} replies, {:.1} % lean to their label", replies.len(), 100.0 * share);
        return;
    }
    let replies = replies(&rules, EVERY);
    let leanings = Leanings::parse("fr/leaning.tsv", &std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(replies.len() > 150, "only {} replies", replies.len());
    let share = right(&leanings, &replies);
    assert!(share > 0.95, "{:.1} % of {} lean to their label", 100.0 * share, replies.len());
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
fn what_no_rule_explains_may_lean_to_a_refusal_that_a_person_reads() {
    let reading = read("Le 14, finale de boules à Die toute la journée, et le soir ma petite-fille à la maison.");
    assert_eq!(attendance(&reading), [Attendance::No]);
    assert!(reading.review.contains(&Review::LowCoverage), "{:?}", reading.review);
    assert!(reading.evidence.iter().any(|e| e.rule == "leaning/no" && !e.words.is_empty()), "{:?}", reading.evidence);
    // It is too short to lean anywhere, or names no event: nothing is refused.
    assert_eq!(attendance(&read("Le 14, belle lumière.")), []);
    assert_eq!(attendance(&read("Finale de boules toute la journée, et le soir ma petite-fille à la maison.")), []);
}

#[test]
fn where_it_is_all_but_sure_of_something_else_a_person_reads() {
    let reading =
        read("nous serons des vôtres le 14 rené et moi on apporte une tourte si le four veut bien et une miche");
    assert_eq!((attendance(&reading), reading.review), (vec![Attendance::Maybe], vec![Review::TwoReadings]));
}

#[test]
fn a_refusal_that_only_leans_is_read_however_it_takes_leave() {
    let reading = read(
        "Le 14, finale de boules à Die toute la journée, et le soir ma petite-fille à la maison. Bien amicalement à toute l'équipe, et à bientôt.",
    );
    assert_eq!((attendance(&reading), reading.review), (vec![Attendance::No], vec![Review::LowCoverage]));
}

#[test]
fn what_a_person_reads_anyway_is_told_as_it_leans() {
    let reading = read(
        "Je ne peux pas vous dire combien le programme du 14 nous plaît, mon mari et moi avons retenu notre place dans le car, quelle joie.",
    );
    assert_eq!(attendance(&reading), [Attendance::Yes]);
    assert_eq!(reading.review, [Review::LowCoverage, Review::TwoReadings]);
    assert!(reading.evidence.iter().any(|e| e.rule == "leaning/yes"), "{:?}", reading.evidence);
}
