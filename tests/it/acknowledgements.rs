//! Acknowledgements as people get them: each situation of `tests/drafts/acknowledgements` against its text.
//!
//! `NAME.json` holds the association and the situation, `NAME.txt` the mail. With `UPDATE_DRAFTS=1` the texts are
//! written anew: then read the difference aloud.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use astir_rsvp::acknowledge::{self, Situation};
use astir_rsvp::config::Config;
use astir_rsvp::draft::Draft;
use astir_rsvp::rules;
use astir_rsvp::speech::Speech;
use serde_json::{Value, json};

mod examples;
mod ledger;
mod mail;
mod property;
mod truth;

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drafts/acknowledgements")
}

pub fn config(name: &str) -> Config {
    let file = format!("{name}.toml");
    Config::parse(&file, &std::fs::read_to_string(folder().join(&file)).unwrap()).unwrap()
}

pub fn speech(language: &str) -> Speech {
    Speech::new(language, &rules::embedded()).unwrap()
}

/// A situation with what is left out in the file: an ordinary letter at an ordinary moment.
fn situation(mut written: Value) -> Situation {
    let defaults = json!({
        "now": "2018-02-10T09:00:00Z", "to": "marie@example.org", "kind": "rsvp",
        "message_id": "ack.0123456789abcdef.0@gmail.com",
        "letters": [{"message_id": "lettre@example.org", "references": ["invitation@gmail.com"], "subject": "Re: Invitation"}],
        "language": "fr", "said": {},
    });
    fill(&mut written, &defaults);
    for said in ["said", "before"] {
        if let Some(said) = written.get_mut(said).filter(|s| s.is_object()) {
            fill(
                said,
                &json!({"answers": [], "contributions": [], "diets": [], "tones": [], "words": [], "review": []}),
            );
            each(said, "answers", &json!({"people": null, "meal": null, "workshops": [], "part": "full"}));
            each(said, "contributions", &json!({"course": null, "quantity": null, "own": false, "tentative": false}));
        }
    }
    serde_json::from_value(written).unwrap()
}

fn fill(object: &mut Value, defaults: &Value) {
    for (key, value) in defaults.as_object().unwrap() {
        object.as_object_mut().unwrap().entry(key).or_insert_with(|| value.clone());
    }
}

fn each(object: &mut Value, key: &str, defaults: &Value) {
    object[key].as_array_mut().unwrap().iter_mut().for_each(|item| fill(item, defaults));
}

/// Every golden situation by name, with its association, and the mail it becomes.
pub fn drafts() -> BTreeMap<String, (Situation, Config, Draft)> {
    let mut out = BTreeMap::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "json") {
            continue;
        }
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let written: Value =
            serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap_or_else(|e| panic!("{name}: {e}"));
        let config = config(written["association"].as_str().unwrap_or("romans"));
        let situation = situation(written["situation"].clone());
        let speech = speech(written["speech"].as_str().unwrap_or("fr"));
        let draft = acknowledge::compose(&situation, &config, &speech).unwrap_or_else(|e| panic!("{name}: {e}"));
        out.insert(name, (situation, config, draft));
    }
    out
}

fn shown(draft: &Draft) -> String {
    let files: String = draft.attachments.iter().map(|a| format!("Pièce jointe : {}\n", a.name)).collect();
    format!("De : {}\nObjet : {}\n{files}\n{}", draft.from_name, draft.subject, draft.text)
}

#[test]
fn every_situation_is_told_as_it_was_agreed() {
    let update = std::env::var_os("UPDATE_DRAFTS").is_some();
    let mut wrong = Vec::new();
    for (name, (_, _, draft)) in drafts() {
        let path = folder().join(format!("{name}.txt"));
        let text = shown(&draft);
        if update {
            std::fs::write(&path, &text).unwrap();
        } else if std::fs::read_to_string(&path).unwrap_or_default() != text {
            wrong.push(format!("── {name} is now:\n{text}"));
        }
    }
    assert!(wrong.is_empty(), "{}\n{} drafts differ", wrong.join("\n"), wrong.len());
}

#[test]
fn there_are_forty_situations_at_least_and_no_text_without_one() {
    let names: Vec<String> = drafts().into_keys().collect();
    assert!(names.len() >= 40, "{}", names.len());
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "txt") {
            assert!(names.contains(&path.file_stem().unwrap().to_string_lossy().into_owned()), "{}", path.display());
        }
    }
}
