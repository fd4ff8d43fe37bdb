//! What people bring, lend or do, read in sentences of our own through the public interface.
//!
//! Held: every case of `tests/contributions.toml` gives exactly its offers, in any order.

use std::path::Path;

use astir_rsvp::config::Config;
use astir_rsvp::letter::{Block, Letter, Writer};
use astir_rsvp::reading::Contribution;
use astir_rsvp::rules::{Rules, embedded};
use astir_rsvp::understand::contributions::contributions;
use astir_rsvp::understand::diets::diets;
use astir_rsvp::understand::page::Page;

const CONFIG: &str = r#"
[association]
name = "Amicale du quartier des Tilleuls"
short_name = "Amicale"
address = "amicale@exemple.fr"
timezone = "Europe/Paris"

[[event]]
id = "fete"
title = "Fête du quartier"
start = 2019-06-16T11:00:00
place = "Parc des Tilleuls"
shared_meal = true
default = true
"#;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    text: String,
    #[serde(default)]
    offers: Vec<String>,
    #[serde(default)]
    diets: Vec<String>,
}

/// `sort | what | course | quantity | own, tentative`, as the cases write it.
fn line(offer: &Contribution) -> String {
    let name = |v: serde_json::Value| v.as_str().unwrap_or_default().to_owned();
    let sort = name(serde_json::to_value(offer.kind).unwrap());
    let course = offer.course.map(|c| name(serde_json::to_value(c).unwrap())).unwrap_or_default();
    let quantity = offer.quantity.map(|q| q.to_string()).unwrap_or_default();
    let flags = [(offer.own, "own"), (offer.tentative, "tentative")];
    let flags: Vec<&str> = flags.iter().filter(|(on, _)| *on).map(|(_, f)| *f).collect();
    columns(&format!("{sort} | {} | {course} | {quantity} | {}", offer.what, flags.join(", ")))
}

fn columns(line: &str) -> String {
    let mut parts: Vec<&str> = line.split('|').map(str::trim).collect();
    while parts.last().is_some_and(|p| p.is_empty()) {
        parts.pop();
    }
    parts.join(" | ")
}

#[test]
fn every_sentence_gives_exactly_its_offers() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/contributions.toml")).unwrap();
    let cases: Cases = toml::from_str(&text).unwrap();
    assert!(cases.case.len() >= 120);
    let config = Config::parse("config.toml", CONFIG).unwrap();
    let rules = Rules::load(&[embedded()]).unwrap();
    let pack = rules.packs.iter().find(|p| p.language == "fr").unwrap();
    let mut wrong = Vec::new();
    for case in &cases.case {
        let block = Block { by: Writer::Sender, text: case.text.clone() };
        let letter =
            Letter { blocks: vec![block], subject: "Re: invitation".into(), quotes_us: true, ..Letter::default() };
        let page = Page::new(&letter, &config, pack);
        let offers = contributions(&page);
        let stated = diets(&page, &offers);
        let mut found: Vec<String> = offers.iter().map(|o| line(&o.contribution)).collect();
        let mut wanted: Vec<String> = case.offers.iter().map(|o| columns(o)).collect();
        found.sort();
        wanted.sort();
        if found != wanted || stated != case.diets {
            wrong.push(format!(
                "{}\n    wanted {wanted:?} {:?}\n    found  {found:?} {stated:?}",
                case.text, case.diets
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.case.len(), wrong.join("\n"));
}
