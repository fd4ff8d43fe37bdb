//! The labelled letters and replies: the built program reads all of them, and its figures stay above the floors.
//!
//! Held: every letter gets one line; for the open and the held-out letters each figure of `letters/floors.toml` is
//! reached, for the replies of many hands each of `replies/floors.toml`. What is held out (number divisible by 3) is
//! measured only: its mistakes are never printed.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// `floors.toml`: what a set of letters must reach, and what it may not exceed.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Floors {
    at_least: BTreeMap<String, f64>,
    at_most: BTreeMap<String, f64>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/letters")
}

fn floors(folder: &Path) -> BTreeMap<String, Floors> {
    toml::from_str(&std::fs::read_to_string(folder.join("floors.toml")).unwrap()).unwrap()
}

fn letters() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder()).unwrap().map(|e| e.unwrap().path());
    let mut letters: Vec<PathBuf> = entries.filter(|p| p.extension().is_some_and(|e| e == "eml")).collect();
    letters.sort();
    letters
}

/// What the built program prints for every letter, one JSON object a line.
fn readings() -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_astir-rsvp"))
        .arg("understand")
        .arg("--config")
        .arg(folder().join("egm.toml"))
        .arg("--json")
        .args(letters())
        .output()
        .unwrap();
    assert!(output.status.success(), "understand failed: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The scorer's figures over `open` or `held` letters.
fn figures(readings: &str, only: &str) -> BTreeMap<String, Value> {
    let mut file = tempfile::Builder::new().suffix(".jsonl").tempfile().unwrap();
    file.write_all(readings.as_bytes()).unwrap();
    let score = folder().join("score.py");
    let output = Command::new("python3")
        .args([score.as_path(), &folder(), file.path()])
        .args(["--only", only, "--json"])
        .output()
        .expect("python3 is there (tests/packages)");
    assert!(output.status.success(), "score.py failed: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Every floor that is not reached, in words; a floor whose figure the scorer does not know is one too.
fn below(figures: &BTreeMap<String, Value>, floors: &Floors) -> Vec<String> {
    let check = |key: &String, limit: f64, fine: fn(f64, f64) -> bool| match figures.get(key).and_then(Value::as_f64) {
        Some(figure) if fine(figure, limit) => None,
        Some(figure) => Some(format!("{key} is {figure}, the floor is {limit}")),
        None => Some(format!("{key} is not a figure of the scorer")),
    };
    let low = floors.at_least.iter().filter_map(|(k, v)| check(k, *v, |figure, limit| figure >= limit));
    let high = floors.at_most.iter().filter_map(|(k, v)| check(k, *v, |figure, limit| figure <= limit));
    low.chain(high).collect()
}

#[test]
fn the_program_understands_the_labelled_letters_as_well_as_the_floors_ask() {
    let floors = floors(&folder());
    let readings = readings();
    assert_eq!(readings.lines().count(), 230, "one line for each letter");
    let mut wrong = Vec::new();
    for only in ["open", "held"] {
        let figures = figures(&readings, only);
        eprintln!("{only}: {}", serde_json::to_string(&figures).unwrap());
        wrong.extend(below(&figures, &floors[only]).into_iter().map(|w| format!("{only}: {w}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_program_understands_the_replies_of_many_hands_as_well_as_the_floors_ask() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/replies");
    let floors = floors(&folder);
    let mut wrong = Vec::new();
    for only in ["open", "held"] {
        let output = Command::new("python3")
            .arg(folder.join("score.py"))
            .args([env!("CARGO_BIN_EXE_astir-rsvp"), "--only", only, "--json"])
            .output()
            .expect("python3 is there (tests/packages)");
        assert!(output.status.success(), "score.py failed: {}", String::from_utf8_lossy(&output.stderr));
        let figures: BTreeMap<String, Value> = serde_json::from_slice(&output.stdout).unwrap();
        eprintln!("{only}: {}", serde_json::to_string(&figures).unwrap());
        wrong.extend(below(&figures, &floors[only]).into_iter().map(|w| format!("{only}: {w}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_figure_below_its_floor_or_unknown_to_the_scorer_is_told() {
    let figures = BTreeMap::from([("kind".to_owned(), Value::from(80)), ("false_acks".to_owned(), Value::from(3))]);
    let floors = |least: &[(&str, f64)], most: &[(&str, f64)]| Floors {
        at_least: least.iter().map(|(k, v)| ((*k).to_owned(), *v)).collect(),
        at_most: most.iter().map(|(k, v)| ((*k).to_owned(), *v)).collect(),
    };
    assert!(below(&figures, &floors(&[("kind", 80.0)], &[("false_acks", 3.0)])).is_empty());
    assert_eq!(below(&figures, &floors(&[("kind", 81.0)], &[("false_acks", 2.0)])).len(), 2);
    assert_eq!(below(&figures, &floors(&[("kinds", 0.0)], &[])), ["kinds is not a figure of the scorer"]);
}
