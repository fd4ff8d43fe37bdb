//! The words of digest, report and spreadsheet: none missing, none dead.

use std::collections::BTreeMap;

use astir_rsvp::reading::Review;
use astir_rsvp::rules;

use crate::book::speech;

type Tables = BTreeMap<String, BTreeMap<String, String>>;

fn tables(path: &str) -> Tables {
    toml::from_str(&rules::embedded()[path]).unwrap()
}

/// Every string literal of `src/`, as one text.
fn code() -> String {
    let mut all = String::new();
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                all += &std::fs::read_to_string(path).unwrap();
            }
        }
    }
    all
}

#[test]
fn every_reason_to_read_a_letter_has_its_words() {
    let all = [
        Review::Question,
        Review::Request,
        Review::OfferToConfirm,
        Review::Contradiction,
        Review::TwoReadings,
        Review::UnknownLanguage,
        Review::LowCoverage,
        Review::WhichEvent,
        Review::Forwarded,
        Review::AttachmentOnly,
        Review::CalendarDiffers,
        Review::CalendarUnmatched,
        Review::SenderUnverified,
        Review::SenderUnclear,
        Review::MaybeAutomatic,
        Review::ThroughList,
        Review::Grief,
        Review::PersonalData,
        Review::Unreadable,
        Review::DoesNotFit,
        Review::HeadCount,
    ];
    let speech = speech();
    for review in all {
        let key = serde_json::to_value(review).unwrap();
        assert!(speech.knows(&format!("review/{}", key.as_str().unwrap())), "{key}");
    }
    assert_eq!(tables("fr/words.toml")["review"].len(), all.len() + 1, "\"unsure\" alone stands beside them");
}

#[test]
fn no_sentence_of_the_digest_the_report_and_the_sheet_is_dead() {
    let code = code();
    let courses = ["starter", "main", "side", "cheese", "bread", "dessert", "snack", "drink"];
    let made = |key: &str| {
        ["some-", "lack-", "course-"].iter().any(|p| key.strip_prefix(p).is_some_and(|c| courses.contains(&c)))
    };
    // Values of a reading are written down under their own names.
    let named = [
        "yes",
        "no",
        "maybe",
        "full",
        "partial",
        "meal_only",
        "food",
        "drink",
        "tableware",
        "equipment",
        "help",
        "starter",
        "main",
        "side",
        "cheese",
        "bread",
        "dessert",
        "snack",
    ];
    let mut dead = Vec::new();
    for (path, names) in [
        ("fr/words.toml", ["digest", "double", "correct", "sheet"].as_slice()),
        (
            "fr/correct.toml",
            ["correct-line", "correct-who", "correct-what", "correct-event", "correct-number"].as_slice(),
        ),
    ] {
        let tables = tables(path);
        for table in names {
            for key in tables[*table].keys() {
                let short = table.strip_prefix("correct-").unwrap_or(table);
                let used = code.contains(&format!("\"{key}\""))
                    || code.contains(&format!("\"{short}/{key}\""))
                    || code.contains(&format!("\"{table}/{key}\""));
                let known = used
                    || made(key)
                    || (*table == "sheet" && named.contains(&key.as_str()))
                    || (*table == "correct-event" && courses.contains(&key.as_str()));
                if !known {
                    dead.push(format!("{table}/{key}"));
                }
            }
        }
    }
    assert!(dead.is_empty(), "{dead:?}");
}
