//! Acknowledgements as mail: every golden one, rendered, is read back by two strict parsers, its `.ics` by a third.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use astir_rsvp::acknowledge;
use astir_rsvp::draft::Draft;
use astir_rsvp::submit;
use mail_parser::{MessageParser, MimeHeaders};
use serde_json::Value;

use super::{drafts, speech};

/// Everything that is rendered in these tests: the golden drafts, and a few with hostile names, subjects and ids.
fn rendered() -> BTreeMap<String, (Draft, Vec<u8>)> {
    let mut out = BTreeMap::new();
    for (name, (mut situation, config, draft)) in drafts() {
        out.insert(name.clone(), draft);
        if name == "yes-both" {
            for (n, subject) in HOSTILE.iter().enumerate() {
                situation.letters[0].subject = (*subject).to_owned();
                situation.letters[0].message_id = format!("{subject}@x.example");
                situation.letters[0].references =
                    (0..40).map(|i| format!("{i}.{}@x.example", "y".repeat(200))).collect();
                situation.signed = (*subject).to_owned();
                let draft = acknowledge::compose(&situation, &config, &speech("fr")).unwrap();
                out.insert(format!("hostile-{n}"), draft);
            }
        }
    }
    out.into_iter().map(|(name, draft)| (name, (draft.clone(), submit::render(&draft).unwrap()))).collect()
}

const HOSTILE: &[&str] = &[
    "Oui\r\nBcc: victime@example.org",
    "=?utf-8?q?Oui=0D=0ABcc=3A_x=40y.z?=",
    "\u{202e}\u{0}\u{7f}Oui\t\u{85}\u{2028}non",
    "Été à la fête — « très » longue, avec des accents partout : éèàùçœæÿ et encore bien des mots pour devoir plier la ligne",
    "<script>alert(1)</script>\"><img src=x>",
    "\u{1f600}\u{1f44d}\u{1f3fd}",
];

#[test]
fn another_languages_strict_parsers_read_every_acknowledgement_and_its_calendar() {
    let folder = tempfile::tempdir().unwrap();
    let mails = rendered();
    for (name, (_, bytes)) in &mails {
        std::fs::write(folder.path().join(format!("{name}.eml")), bytes).unwrap();
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drafts/strict.py");
    // Debian's own, which has python3-icalendar (tests/packages).
    let files = mails.keys().map(|n| folder.path().join(format!("{n}.eml")));
    let output = Command::new("/usr/bin/python3").arg(script).args(files).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    let mut wrong = Vec::new();
    for line in lines.lines() {
        let read: Value = serde_json::from_str(line).unwrap();
        let (draft, _) = &mails[read["file"].as_str().unwrap().trim_end_matches(".eml")];
        wrong.extend(differences(draft, &read).into_iter().map(|d| format!("{}: {d}", read["file"])));
    }
    assert_eq!(lines.lines().count(), mails.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn differences(draft: &Draft, read: &Value) -> Vec<String> {
    if let Some(error) = read.get("error") {
        return vec![error.to_string()];
    }
    let mut out = Vec::new();
    let mut same = |what: &str, ours: Value| {
        if read[what] != ours {
            out.push(format!("{what} is {} and should be {ours}", read[what]));
        }
    };
    let bracketed = |id: &String| format!("<{id}>");
    same("from", vec![draft.from.clone()].into());
    same("to", vec![draft.to.clone()].into());
    same("subject", draft.subject.clone().into());
    same("message_id", bracketed(&draft.message_id).into());
    same("in_reply_to", draft.in_reply_to.as_ref().map(bracketed).unwrap_or_default().into());
    same("references", draft.references.iter().map(bracketed).collect::<Vec<_>>().into());
    same("auto_submitted", "auto-replied".into());
    same("suppress", "All".into());
    same("text", draft.text.clone().into());
    // Python up to 3.12 puts a blank between two encoded words of a name (cpython issue 80222).
    let unspaced = |t: &str| t.replace(' ', "");
    if unspaced(read["name"].as_str().unwrap()) != unspaced(&draft.from_name) {
        out.push(format!("name is {}", read["name"]));
    }
    let calendars = read["calendars"].as_array().unwrap();
    let names: Vec<&str> = calendars.iter().filter_map(|c| c["name"].as_str()).collect();
    let ours: Vec<&str> = draft.attachments.iter().map(|a| a.name.as_str()).collect();
    if names != ours {
        out.push(format!("files {names:?} should be {ours:?}"));
    }
    for calendar in calendars {
        let organiser = calendar["organizer"].as_str().unwrap().to_lowercase();
        if organiser != format!("mailto:{}", draft.from) || !calendar["uid"].as_str().unwrap().contains('@') {
            out.push(format!("calendar {calendar}"));
        }
    }
    out
}

#[test]
fn our_own_parser_reads_back_what_was_written() {
    for (name, (draft, bytes)) in rendered() {
        let mail = MessageParser::default().parse(&bytes).unwrap();
        assert_eq!(mail.subject(), Some(draft.subject.as_str()), "{name}");
        assert_eq!(mail.body_text(0).unwrap().trim_end().replace("\r\n", "\n"), draft.text.trim_end(), "{name}");
        assert_eq!(mail.message_id(), Some(draft.message_id.as_str()), "{name}");
        let to: Vec<&str> = mail.to().unwrap().iter().filter_map(|a| a.address()).collect();
        assert_eq!(to, [draft.to.as_str()], "{name}");
        assert!(mail.cc().is_none() && mail.bcc().is_none(), "{name}");
        let files: Vec<&[u8]> = mail.attachments().map(|a| a.contents()).collect();
        assert_eq!(files, draft.attachments.iter().map(|a| a.bytes.as_slice()).collect::<Vec<_>>(), "{name}");
        for part in mail.attachments() {
            let method = part.content_type().and_then(|c| c.attribute("method"));
            assert_eq!(method, Some("PUBLISH"), "{name}");
        }
    }
}

#[test]
fn the_same_situation_gives_the_same_bytes() {
    let (situation, config, draft) = drafts().remove("yes-both").unwrap();
    let again = acknowledge::compose(&situation, &config, &speech("fr")).unwrap();
    assert_eq!(draft, again);
    assert_eq!(acknowledge::message_id("ab12", 0, "a@b.example"), "ack.ab12.0@b.example");
    assert!(config.events.len() > 1 && super::config("banquet").events.len() == 1);
}
