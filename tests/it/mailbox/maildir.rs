//! A Maildir, read while people read it too.

use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

use astir_rsvp::config::Mail;
use astir_rsvp::entry::{Arrived, Extent, Position};
use astir_rsvp::mailbox::{Limits, Mailbox, Woken};

use super::{impatient, keys};

fn maildir() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for part in ["new", "cur", "tmp"] {
        std::fs::create_dir(folder.path().join(part)).unwrap();
    }
    folder
}

fn open(root: &Path, limits: Limits) -> Mailbox {
    let mail = Mail::Maildir { inbox: root.to_string_lossy().into_owned(), sent: String::new() };
    Mailbox::open(&mail, Path::new("/")).unwrap().with(impatient(), limits)
}

async fn drain(mailbox: &mut Mailbox, known: &mut HashSet<String>) -> Vec<Arrived> {
    let mut all = Vec::new();
    while let Some(batch) = mailbox.next(&Position::default(), known).await.unwrap() {
        known.extend(batch.letters.iter().map(|letter| letter.location.key.clone()));
        all.extend(batch.letters);
    }
    all
}

#[tokio::test]
async fn new_and_old_letters_are_read_by_time_and_nothing_is_changed() {
    let folder = maildir();
    for name in [
        "cur/1519000002.b.host:2,S",
        "new/1519000001.a.host",
        "new/1519000003.c.host",
        "tmp/1519000004.d.host",
        "new/.hidden",
    ] {
        std::fs::write(folder.path().join(name), name).unwrap();
    }
    let mut known = HashSet::new();
    let letters = drain(&mut open(folder.path(), Limits::default()), &mut known).await;
    assert_eq!(keys(&letters), ["1519000001.a.host", "1519000002.b.host", "1519000003.c.host"]);
    assert_eq!(letters[0].received.to_string(), "2018-02-19T00:26:41Z");
    assert_eq!(letters[1].bytes, b"cur/1519000002.b.host:2,S");
    assert!(folder.path().join("new/1519000001.a.host").exists(), "not moved");
}

#[tokio::test]
async fn a_letter_marked_by_a_mail_program_is_the_same_letter() {
    let folder = maildir();
    std::fs::write(folder.path().join("new/1519000001.a.host"), "x").unwrap();
    let mut mailbox = open(folder.path(), Limits::default());
    let mut known = HashSet::new();
    assert_eq!(drain(&mut mailbox, &mut known).await.len(), 1);
    std::fs::rename(folder.path().join("new/1519000001.a.host"), folder.path().join("cur/1519000001.a.host:2,RS"))
        .unwrap();
    assert!(drain(&mut mailbox, &mut known).await.is_empty());
    let mut later = open(folder.path(), Limits::default());
    assert!(drain(&mut later, &mut known).await.is_empty());
}

#[tokio::test]
async fn a_batch_that_was_not_kept_comes_again_and_a_large_letter_is_cut() {
    let folder = maildir();
    for n in 0..25 {
        std::fs::write(folder.path().join(format!("new/15190000{n:02}.a.host")), vec![b'x'; 100 + n]).unwrap();
    }
    let limits = Limits { letters: 10, whole: 120, beginning: 50, ..Limits::default() };
    let mut mailbox = open(folder.path(), limits);
    let mut known = HashSet::new();
    let first = mailbox.next(&Position::default(), &known).await.unwrap().unwrap();
    assert_eq!((first.letters.len(), first.remaining), (10, 15));
    let letters = drain(&mut mailbox, &mut known).await;
    assert_eq!(letters.len(), 25);
    let mut sorted = keys(&letters);
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(sorted.len(), 25, "each once");
    let cut: Vec<_> = letters.iter().filter(|l| l.extent == Extent::Truncated).collect();
    assert!(cut.len() == 4 && cut.iter().all(|l| l.bytes.len() == 50 && l.size > 120));
}

#[tokio::test]
async fn waiting_ends_when_a_letter_comes_and_not_before() {
    let folder = maildir();
    let mut mailbox = open(folder.path(), Limits::default());
    let mut known = HashSet::new();
    tokio::time::sleep(Duration::from_millis(150)).await;
    drain(&mut mailbox, &mut known).await;
    assert_eq!(mailbox.wait(Duration::from_millis(250)).await.unwrap(), Woken::Quiet);
    for n in 0..5 {
        std::fs::write(folder.path().join(format!("new/151900000{n}.a.host")), "x").unwrap();
        assert_eq!(mailbox.wait(Duration::from_secs(20)).await.unwrap(), Woken::News);
        assert_eq!(drain(&mut mailbox, &mut known).await.len(), 1);
    }
}

#[tokio::test]
async fn a_folder_that_is_no_maildir_is_said_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let mut mailbox = open(folder.path(), Limits::default());
    let failure = mailbox.next(&Position::default(), &HashSet::new()).await.unwrap_err();
    assert_eq!(failure.says, "mail/maildir");
}
