//! Prose about other things, `tests/noise/*.txt`: no answer of anybody's, so that nothing of it is acknowledged.
//!
//! What the rules find in it all the same stands in `tests/noise/findings.txt`, one finding a line: a rule that fires
//! where it should not shows in the diff. It is written anew by `UPDATE_DRAFTS=1`; then the difference is read.

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use astir_rsvp::config::Config;
use astir_rsvp::letter::{self, Block, Letter, Ourselves, Writer};
use astir_rsvp::reading::Reading;
use astir_rsvp::rules::pack::Rule;
use astir_rsvp::rules::scan::Finding;
use astir_rsvp::rules::{self, Rules};
use astir_rsvp::understand::contributions::contributions;
use astir_rsvp::understand::organisation::organisation;
use astir_rsvp::understand::page::Page;
use astir_rsvp::understand::understand;

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::load(&[rules::embedded()]).unwrap());

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/noise")
}

fn config() -> Config {
    let events = folder().with_file_name("sentences").join("events.toml");
    Config::parse("events.toml", &fs::read_to_string(events).unwrap()).unwrap()
}

/// Every file's name without `.txt`, and its text.
fn texts() -> Vec<(String, String)> {
    let entries = fs::read_dir(folder()).unwrap().map(|e| e.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|p| p.extension().is_some_and(|e| e == "txt")).collect();
    files.sort();
    let name = |path: &PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
    let files = files.iter().map(|p| (name(p), fs::read_to_string(p).unwrap()));
    files.filter(|(name, _)| name != "findings").collect()
}

/// A text as a mail of its own, that answers none.
fn mail(text: &str) -> Reading {
    let raw = format!(
        "From: Jeanne <jeanne@ailleurs.example>\r\nTo: contact@gervanne.example\r\nSubject: Des nouvelles\r\n\
         Date: Mon, 2 Jun 2025 10:00:00 +0200\r\nMessage-ID: <1@ailleurs.example>\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\n{}\r\n",
        text.replace('\n', "\r\n")
    );
    understand(&letter::read(raw.as_bytes(), &RULES, &Ourselves::default()), &config(), &RULES)
}

/// A rule that claims something by itself; the others only situate words or need a thing beside them.
fn claims(rule: &Rule, finding: &Finding) -> bool {
    let claims = ["attendance", "people", "part", "meal", "diet"].iter().any(|key| !rule.says(key).is_empty());
    let idle = rule.says("meal") == "mention" || (rule.says("counts") == "negated" && !finding.negated());
    claims && !idle
}

/// `rule «words» effects`: what the rules claim in one line, what it would offer, and in whose name.
fn listed(page: &Page<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for (piece, finding) in page.pieces.iter().flat_map(|p| p.scan.found.iter().map(move |f| (p, f))) {
        let Some(rule) = page.rule(finding).filter(|r| claims(r, finding)) else { continue };
        let mut effects: Vec<String> = finding.effects.iter().map(|(e, _)| format!("{e:?}").to_lowercase()).collect();
        effects.sort();
        effects.dedup();
        let line = format!("{} «{}» {}", rule.name(), piece.words(finding), effects.join(" "));
        lines.push(line.trim_end().to_owned());
    }
    for offer in contributions(page) {
        lines.push(format!("{} offers «{}»", offer.evidence.rule, offer.contribution.what));
    }
    if let Some((name, rule)) = organisation(page) {
        lines.push(format!("{rule} «{name}»"));
    }
    lines
}

fn findings() -> String {
    let config = config();
    let french = RULES.packs.iter().find(|p| p.language == "fr").unwrap();
    let mut lines = Vec::new();
    for (name, text) in texts() {
        for (number, line) in text.lines().enumerate().map(|(i, l)| (i + 1, l.to_owned())) {
            let letter = Letter { blocks: vec![Block { by: Writer::Sender, text: line }], ..Letter::default() };
            let found = listed(&Page::new(&letter, &config, french));
            lines.extend(found.iter().map(|f| format!("{name}:{number} {f}")));
        }
    }
    lines.join("\n") + "\n"
}

#[test]
fn prose_about_other_things_is_never_acknowledged() {
    let texts = texts();
    assert!(texts.iter().map(|(_, t)| t.len()).sum::<usize>() > 100_000, "it holds over 100 kB");
    for (name, text) in texts {
        let reading = mail(&text);
        assert!(!reading.ack, "{name}.txt: {reading:?}");
    }
}

#[test]
fn no_paragraph_of_it_is_acknowledged_either() {
    let mut wrong = Vec::new();
    for (name, text) in texts() {
        for paragraph in text.split("\n\n").filter(|p| mail(p).ack) {
            wrong.push(format!("{name}: {paragraph}\n    {:?}", mail(paragraph).evidence));
        }
    }
    assert!(wrong.is_empty(), "{} acknowledged:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_rules_find_in_prose_about_other_things_is_known() {
    let path = folder().join("findings.txt");
    let known = fs::read_to_string(&path).unwrap_or_default();
    let found = findings();
    if std::env::var_os("UPDATE_DRAFTS").is_some() {
        fs::write(&path, &found).unwrap();
        return;
    }
    let mut differences: Vec<String> =
        known.lines().filter(|l| !found.lines().any(|f| f == *l)).map(|l| format!("- {l}")).collect();
    differences.extend(found.lines().filter(|l| !known.lines().any(|k| k == *l)).map(|l| format!("+ {l}")));
    assert!(
        found == known,
        "{} lines differ from tests/noise/findings.txt:\n{}\n\
         This is prose that answers nothing. A new finding (+) there is right only if the words say, out of context, what \
         the rule claims; else tighten the rule.\n\
         Then write the file anew, and commit it with the rule:\n    \
         UPDATE_DRAFTS=1 cargo nextest run noise && git diff tests/noise/findings.txt",
        differences.len(),
        differences.join("\n")
    );
}
