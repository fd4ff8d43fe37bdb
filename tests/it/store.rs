//! The database on real files: what is committed stands, what is not does not, and erased means erased.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use astir_rsvp::entry::{Content, LetterRecord, Location, Occasion, Origin, Position, Said, Sending, Total};
use astir_rsvp::failure::Consequence;
use astir_rsvp::letter::{Letter, Mailbox};
use astir_rsvp::reading::Kind;
use astir_rsvp::store::{Batch, Kept, NewEntry, NewMail, Store, lock};
use jiff::Timestamp;
use tempfile::TempDir;

use crate::book::{DAY, answer, at, person};

fn database() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rsvp.sqlite");
    (folder, path)
}

fn record(hash: &str, who: &str) -> LetterRecord {
    LetterRecord {
        id: 0,
        hash: hash.into(),
        received: at("2018-02-20 10:00"),
        read: at("2018-02-20 10:01"),
        person: person(who),
        shown: "Yvette Caron".into(),
        signed: "Yvette".into(),
        language: "fr".into(),
        kind: Kind::Rsvp,
        review: vec![],
        needs_human: false,
        refusal: String::new(),
        message_id: format!("{hash}@orange.example"),
        references: vec!["invitation@example.org".into()],
        subject: "Re: Rencontre".into(),
        excerpt: "Nous viendrons à deux.".into(),
        backlog: false,
        about: String::new(),
    }
}

fn place(key: &str) -> Location {
    Location { folder: "INBOX".into(), uid_validity: 7, key: key.into() }
}

fn keep(batch: &Batch<'_>, record: &LetterRecord, key: &str) -> Option<i64> {
    let location = place(key);
    batch.keep(&Kept { account: "us", location: &location, record, quarantined: None }).unwrap()
}

fn mail(letter: i64, who: &str, sending: Sending) -> NewMail {
    NewMail {
        occasion: Occasion::Acknowledge,
        letter: Some(letter),
        to: who.into(),
        person: person(who),
        planned: at("2018-02-20 10:01"),
        due: at("2018-02-20 10:05"),
        sending,
        message_id: format!("ack.{letter}.0@example.org"),
        reason: String::new(),
        bytes: None,
    }
}

fn said(letter: i64, who: &str) -> NewEntry {
    NewEntry {
        at: at("2018-02-20 10:01"),
        said: at("2018-02-20 10:00"),
        origin: Origin::Letter(letter),
        person: person(who),
        shown: "Yvette Caron".into(),
        content: Content::Said(Said {
            answers: vec![answer(DAY, "yes 2 meal w1")],
            words: vec!["nous viendrons à deux".into()],
            ..Said::default()
        }),
    }
}

/// A letter with its answer and its mail; returns its number and the mail's.
fn recorded(store: &mut Store, hash: &str, who: &str) -> (i64, i64) {
    let batch = store.begin().unwrap();
    let letter = keep(&batch, &record(hash, who), hash).unwrap();
    batch.enter(&said(letter, who)).unwrap();
    let mail = batch.post(&mail(letter, who, Sending::Due)).unwrap().unwrap();
    batch.commit().unwrap();
    (letter, mail)
}

/// Whether a text stands anywhere in the database's files.
fn stands(path: &Path, text: &str) -> bool {
    ["", "-wal", "-shm"].iter().any(|end| {
        let file = PathBuf::from(format!("{}{end}", path.display()));
        std::fs::read(file).is_ok_and(|b| b.windows(text.len()).any(|w| w == text.as_bytes()))
    })
}

#[test]
fn what_was_written_comes_back_the_same_after_reopening() {
    let (_folder, path) = database();
    let (letter, mail_id) = recorded(&mut Store::open(&path).unwrap(), "aa", "yvette@orange.example");
    let ledger = Store::open(&path).unwrap().ledger().unwrap();
    assert_eq!(ledger.letters, vec![LetterRecord { id: letter, ..record("aa", "yvette@orange.example") }]);
    let expected = said(letter, "yvette@orange.example");
    let [entry] = &ledger.entries[..] else { panic!("{:?}", ledger.entries) };
    assert_eq!(
        (&entry.content, &entry.origin, entry.at, entry.said),
        (&expected.content, &expected.origin, expected.at, expected.said)
    );
    let [row] = &ledger.outgoing[..] else { panic!("{:?}", ledger.outgoing) };
    assert_eq!((row.id, row.letter, &row.sending, row.attempts), (mail_id, Some(letter), &Sending::Due, 0));
}

#[test]
fn the_file_is_for_its_owner_alone_and_a_second_daemon_is_refused() {
    let (folder, path) = database();
    let store = Store::open(&path).unwrap();
    store.checkpoint().unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(entry.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", entry.path());
    }
    let held = lock(&path).unwrap();
    let refused = lock(&path).unwrap_err();
    assert_eq!((refused.says, refused.then), ("store/locked", Consequence::Fatal));
    drop(held);
    lock(&path).unwrap();
}

#[test]
fn root_creates_the_file_for_the_owner_of_the_folder() {
    if !crate::servers::is_root() {
        return; // only root can give files away
    }
    use std::os::unix::fs::MetadataExt;
    let (folder, path) = database();
    std::os::unix::fs::chown(folder.path(), Some(65534), Some(65534)).unwrap();
    let mut store = Store::open(&path).unwrap();
    recorded(&mut store, "aa", "yvette@orange.example");
    let _held = lock(&path).unwrap();
    let names = ["rsvp.sqlite", "rsvp.sqlite-wal", "rsvp.sqlite-shm", "rsvp.sqlite.lock"];
    for name in names {
        let file = std::fs::metadata(folder.path().join(name)).unwrap();
        assert_eq!((file.uid(), file.gid()), (65534, 65534), "{name}");
    }
}

#[test]
fn a_database_of_a_newer_version_or_a_damaged_one_is_refused_and_left_alone() {
    let (_folder, path) = database();
    recorded(&mut Store::open(&path).unwrap(), "aa", "yvette@orange.example");
    let version = |n: i64| {
        let connection = rusqlite::Connection::open(&path).unwrap();
        connection.pragma_update(None, "user_version", n).unwrap();
    };
    version(99);
    assert_eq!(Store::open(&path).unwrap_err().says, "store/newer");
    version(1);
    let whole = std::fs::read(&path).unwrap();
    let mut damaged = whole.clone();
    for byte in &mut damaged[5000..9000] {
        *byte ^= 0xA5;
    }
    for (what, bytes) in [("bytes changed", damaged), ("no database", b"this is a text".repeat(400))] {
        std::fs::write(&path, &bytes).unwrap();
        let refused = Store::open(&path).unwrap_err();
        assert_eq!((refused.says, refused.then), ("store/damaged", Consequence::Fatal), "{what}");
        assert_eq!(std::fs::read(&path).unwrap(), bytes, "{what}: changed");
    }
    std::fs::write(&path, whole).unwrap();
    assert_eq!(Store::open(&path).unwrap().ledger().unwrap().letters.len(), 1);
}

#[test]
fn a_log_cut_or_changed_at_any_place_opens_with_whole_transactions_or_is_refused() {
    let (folder, path) = database();
    let mut store = Store::open(&path).unwrap();
    store.checkpoint().unwrap();
    for n in 0..4 {
        recorded(&mut store, &format!("h{n}"), &format!("p{n}@orange.example"));
    }
    let copy = folder.path().join("copy.sqlite");
    let wal_of = |p: &Path| PathBuf::from(format!("{}-wal", p.display()));
    let (base, wal) = (std::fs::read(&path).unwrap(), std::fs::read(wal_of(&path)).unwrap());
    assert!(wal.len() > 10_000, "the log holds nothing: {}", wal.len());
    let mut seen = std::collections::BTreeSet::new();
    for step in 0..60 {
        let cut = wal.len() * step / 60;
        let mut changed = wal.clone();
        changed[cut] ^= 0x55;
        for log in [wal[..cut].to_vec(), changed] {
            let _ = std::fs::remove_file(format!("{}-shm", copy.display()));
            std::fs::write(&copy, &base).unwrap();
            std::fs::write(wal_of(&copy), log).unwrap();
            let Ok(store) = Store::open(&copy) else { continue };
            let ledger = store.ledger().unwrap();
            let counts = (ledger.letters.len(), ledger.entries.len(), ledger.outgoing.len());
            assert!(counts.0 == counts.1 && counts.1 == counts.2, "half a transaction: {counts:?}");
            seen.insert(counts.0);
        }
    }
    assert!(seen.contains(&0) && seen.len() > 3, "the cuts hit nothing: {seen:?}");
}

#[test]
fn a_batch_that_is_not_committed_leaves_nothing_and_its_position_does_not_move() {
    let (_folder, path) = database();
    let mut store = Store::open(&path).unwrap();
    let position = Position { folder: "INBOX".into(), uid_validity: 7, next_uid: 12 };
    {
        let batch = store.begin().unwrap();
        let letter = keep(&batch, &record("aa", "yvette@orange.example"), "11").unwrap();
        batch.enter(&said(letter, "yvette@orange.example")).unwrap();
        batch.position("us", &position).unwrap();
    }
    assert_eq!(store.ledger().unwrap().letters, vec![]);
    assert_eq!(store.positions("us").unwrap(), vec![]);
    let batch = store.begin().unwrap();
    keep(&batch, &record("aa", "yvette@orange.example"), "11").unwrap();
    batch.position("us", &position).unwrap();
    batch.commit().unwrap();
    assert_eq!(store.positions("us").unwrap(), vec![position]);
    assert_eq!(store.positions("somebody else").unwrap(), vec![]);
}

#[test]
fn the_same_letter_at_ten_thousand_places_is_one_letter_with_one_mail() {
    let (_folder, path) = database();
    let mut store = Store::open(&path).unwrap();
    let (letter, _) = recorded(&mut store, "aa", "yvette@orange.example");
    let batch = store.begin().unwrap();
    let again = record("aa", "yvette@orange.example");
    for n in 0..10_000 {
        let location = Location { folder: "INBOX".into(), uid_validity: n % 3, key: n.to_string() };
        let kept = Kept { account: "us", location: &location, record: &again, quarantined: None };
        assert_eq!(batch.keep(&kept).unwrap(), None);
    }
    let second =
        NewMail { message_id: "ack.other@example.org".into(), ..mail(letter, "yvette@orange.example", Sending::Due) };
    assert_eq!(batch.post(&second).unwrap(), None, "a second mail for one letter");
    batch.commit().unwrap();
    let ledger = store.ledger().unwrap();
    assert_eq!((ledger.letters.len(), ledger.outgoing.len()), (1, 1));
    assert_eq!(store.sightings("us").unwrap().len(), 10_001);
}

#[test]
fn letters_in_work_are_counted_until_they_are_kept() {
    let (_folder, path) = database();
    let mut store = Store::open(&path).unwrap();
    let places = [place("1"), place("2")];
    assert_eq!(store.attempt("us", &places).unwrap(), vec![1, 1]);
    assert_eq!(store.attempt("us", &places[..1]).unwrap(), vec![2]);
    let batch = store.begin().unwrap();
    keep(&batch, &record("aa", "yvette@orange.example"), "1");
    batch.commit().unwrap();
    assert_eq!(store.unfinished("us").unwrap(), vec![(place("2"), 1)]);
    store.unattempt("us").unwrap();
    assert_eq!(store.unfinished("us").unwrap(), vec![]);
}

#[test]
fn a_mail_is_in_doubt_on_disk_before_it_leaves_and_takes_the_merged_ones_along() {
    let (_folder, path) = database();
    let mut store = Store::open(&path).unwrap();
    let (_, first) = recorded(&mut store, "aa", "yvette@orange.example");
    let (_, second) = recorded(&mut store, "bb", "yvette@orange.example");
    let now = at("2018-02-20 10:06");
    store.in_doubt(second, b"bytes", &[first], now).unwrap();
    let state = |store: &Store| -> Vec<(Sending, u32, String)> {
        let rows = store.ledger().unwrap().outgoing;
        rows.into_iter().map(|o| (o.sending, o.attempts, o.reason)).collect()
    };
    let reopened = Store::open(&path).unwrap();
    let merged = (Sending::Dropped, 0, "merged".to_owned());
    assert_eq!(state(&reopened), vec![merged.clone(), (Sending::Uncertain, 1, String::new())]);
    assert_eq!(reopened.view().bytes(second).unwrap().as_deref(), Some(&b"bytes"[..]));
    store.not_taken(second, now).unwrap();
    assert_eq!(state(&store)[1].0, Sending::Frozen);
    store.in_doubt(second, b"bytes", &[], now).unwrap();
    store.settle(second, &Sending::Sent, "", now).unwrap();
    assert_eq!(state(&store), vec![merged, (Sending::Sent, 2, String::new())]);
    assert_eq!(store.view().bytes(second).unwrap(), None, "a sent mail's text is not kept");
    assert_eq!(store.view().open_mail().unwrap(), vec![]);
    let refused = store.in_doubt(second, b"bytes", &[], now).unwrap_err();
    assert_eq!(refused.says, "store/gone", "a settled mail may not leave again");
}

#[test]
fn a_forgotten_person_is_gone_from_every_file_and_a_rescan_does_not_bring_them_back() {
    let (_folder, path) = database();
    let mut store = Store::open(&path).unwrap();
    let address = "yvette.caron@gmail.com";
    let (_, mail_id) = recorded(&mut store, "aa", address);
    recorded(&mut store, "bb", "paul@orange.example");
    store.in_doubt(mail_id, b"Bonjour Yvette", &[], at("2018-02-20 10:06")).unwrap();
    store.not_taken(mail_id, at("2018-02-20 10:06")).unwrap();
    assert!(stands(&path, "yvette.caron") && stands(&path, "Bonjour Yvette"), "nothing to erase");
    // The same mailbox, written otherwise.
    let erased = store.forget("YvetteCaron+asti@gmail.com", at("2018-02-21 10:00")).unwrap();
    assert_eq!((erased.letters, erased.entries, erased.mails), (1, 1, 1));
    for text in ["yvette.caron", "yvettecaron", "Bonjour Yvette", "aa@orange.example"] {
        assert!(!stands(&path, text), "{text} is still there");
    }
    let ledger = store.ledger().unwrap();
    assert_eq!(
        ledger.letters.iter().map(|l| (l.hash.as_str(), l.kind)).collect::<Vec<_>>(),
        vec![("aa", Kind::Rsvp), ("bb", Kind::Rsvp)]
    );
    assert_eq!(ledger.letters[0].shown, "");
    assert_eq!(ledger.letters[1].shown, "Yvette Caron", "somebody else was erased, too");
    assert_eq!(ledger.outgoing[0].sending, Sending::Dropped, "a mail to an erased person waits");
    assert!(store.in_doubt(mail_id, b"x", &[], at("2018-02-21 10:00")).is_err());
    let from = Mailbox { name: String::new(), address: address.into() };
    let letter = Letter { hash: "cc".into(), from: Some(from), ..Letter::default() };
    assert_eq!(store.view().known(&letter).unwrap().forgotten, Some(at("2018-02-21 10:00")));
}

#[test]
fn a_waiting_digest_that_may_name_an_erased_person_is_to_be_written_anew() {
    let (_folder, path) = database();
    let mut store = Store::open(&path).unwrap();
    let (letter, _) = recorded(&mut store, "aa", "yvette@orange.example");
    let batch = store.begin().unwrap();
    let digest = NewMail {
        occasion: Occasion::Digest("2018-02-20".into()),
        letter: None,
        sending: Sending::Frozen,
        bytes: Some(b"Yvette vient".to_vec()),
        message_id: "digest@example.org".into(),
        ..mail(letter, "anne@example.org", Sending::Frozen)
    };
    let id = batch.post(&digest).unwrap().unwrap();
    batch.commit().unwrap();
    store.forget("yvette@orange.example", at("2018-02-20 12:00")).unwrap();
    assert_eq!(store.view().bytes(id).unwrap(), None);
    assert!(!stands(&path, "Yvette vient"));
    assert_eq!(store.ledger().unwrap().outgoing.last().unwrap().sending, Sending::Due);
}

#[test]
fn a_purge_leaves_figures_and_hashes_and_nobody() {
    let (_folder, path) = database();
    let mut store = Store::open(&path).unwrap();
    recorded(&mut store, "aa", "yvette@orange.example");
    assert!(store.holds_people().unwrap());
    let now = at("2018-05-03 00:00");
    let total = Total { at: now, event: DAY.into(), name: "people".into(), value: 2 };
    store.purge(std::slice::from_ref(&total), now).unwrap();
    assert!(!store.holds_people().unwrap());
    for text in ["yvette", "Yvette", "Nous viendrons", "nous viendrons"] {
        assert!(!stands(&path, text), "{text} is still there");
    }
    let ledger = store.ledger().unwrap();
    assert_eq!((ledger.letters.len(), ledger.entries.len(), ledger.totals), (1, 0, vec![total]));
    let known = store.view().known(&Letter { hash: "aa".into(), ..Letter::default() }).unwrap();
    assert!(known.recorded, "a rescan would take the letter for a new one");
    assert_eq!(known.forgotten, Some(now));
}

#[test]
fn a_copy_made_while_others_write_is_whole_and_never_replaces_a_file() {
    let (folder, path) = database();
    let mut store = Store::open(&path).unwrap();
    recorded(&mut store, "aa", "yvette@orange.example");
    let copy = folder.path().join("copy.sqlite");
    {
        let batch = store.begin().unwrap();
        keep(&batch, &record("bb", "paul@orange.example"), "bb");
        Store::open(&path).unwrap().backup(&copy).unwrap();
        batch.commit().unwrap();
    }
    assert_eq!(Store::open(&copy).unwrap().ledger().unwrap().letters.len(), 1, "only what was committed");
    assert_eq!(std::fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    let before = std::fs::read(&copy).unwrap();
    assert_eq!(store.backup(&copy).unwrap_err().says, "backup/exists");
    assert_eq!(std::fs::read(&copy).unwrap(), before);
    let nowhere = store.backup(&folder.path().join("no/such/folder/copy")).unwrap_err();
    assert_eq!(nowhere.says, "backup/unwritable");
}

#[test]
fn what_is_known_of_a_sender_is_theirs_alone_and_undone_entries_do_not_count() {
    let (_folder, path) = database();
    let mut store = Store::open(&path).unwrap();
    let (letter, mail_id) = recorded(&mut store, "aa", "yvette@orange.example");
    recorded(&mut store, "bb", "paul@orange.example");
    store.settle(mail_id, &Sending::Sent, "", at("2018-02-20 10:06")).unwrap();
    let from = Mailbox { name: String::new(), address: "yvette@orange.example".into() };
    let reply = Letter { hash: "cc".into(), from: Some(from), ..Letter::default() };
    let known = store.view().known(&reply).unwrap();
    assert_eq!((known.entries.len(), known.acknowledgements.len(), known.recorded), (1, 1, false));
    assert_eq!(known.signers, vec![("Yvette".into(), person("yvette@orange.example"))]);
    let batch = store.begin().unwrap();
    let undo = NewEntry { content: Content::Undo(known.entries[0].id), origin: Origin::Command, ..said(letter, "") };
    batch.enter(&undo).unwrap();
    batch.commit().unwrap();
    assert_eq!(store.view().known(&reply).unwrap().entries, vec![]);
    let nobody = store.view().known(&Letter { hash: "dd".into(), ..Letter::default() }).unwrap();
    assert_eq!((nobody.entries.len(), nobody.acknowledgements.len()), (0, 0), "an empty address is nobody's");
}

#[test]
fn writing_the_same_small_fact_again_writes_nothing() {
    let (_folder, path) = database();
    let mut store = Store::open(&path).unwrap();
    let now: Timestamp = at("2018-02-20 10:00");
    store.set_moment("first-start", Some(now)).unwrap();
    let before = std::fs::read(format!("{}-wal", path.display())).unwrap();
    store.set_moment("first-start", Some(now)).unwrap();
    assert_eq!(std::fs::read(format!("{}-wal", path.display())).unwrap(), before);
    assert_eq!(store.moment("first-start").unwrap(), Some(now));
}
