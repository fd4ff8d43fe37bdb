//! Receiving: from a real Dovecot, from a server that misbehaves, and from a Maildir.

use std::collections::HashSet;
use std::time::Duration;

use astir_rsvp::config::Mail;
use astir_rsvp::entry::{Arrived, Extent, Position};
use astir_rsvp::failure::Failure;
use astir_rsvp::mailbox::{Batch, Limits, Mailbox};
use astir_rsvp::wire::Deadlines;

mod faults;
mod log_in;
mod maildir;
mod real;

/// Short enough that a mute server is noticed at once.
fn impatient() -> Deadlines {
    let short = Duration::from_millis(500);
    Deadlines {
        connect: Duration::from_secs(5),
        tls: Duration::from_secs(5),
        greeting: short,
        command: short,
        batch: Duration::from_secs(10),
        done: short,
        idle: Duration::from_millis(400),
        poll: Duration::from_millis(100),
        ..Deadlines::default()
    }
}

fn open(mail: &Mail) -> Mailbox {
    Mailbox::open(mail, std::path::Path::new("/")).unwrap().with(impatient(), Limits::default())
}

/// What a caller does: asks until there is nothing, keeping each batch and its position.
async fn drain(mailbox: &mut Mailbox, position: &mut Position) -> Result<Vec<Arrived>, Failure> {
    let mut all = Vec::new();
    while let Some(batch) = next(mailbox, position).await? {
        all.extend(batch.letters);
    }
    Ok(all)
}

async fn next(mailbox: &mut Mailbox, position: &mut Position) -> Result<Option<Batch>, Failure> {
    let batch = mailbox.next(position, &HashSet::new()).await?;
    if let Some(batch) = &batch {
        position.clone_from(&batch.position);
    }
    Ok(batch)
}

/// As `drain`, over failures: how many there were, too.
async fn insist(mailbox: &mut Mailbox, position: &mut Position) -> (Vec<Arrived>, usize) {
    let (mut all, mut failures) = (Vec::new(), 0);
    loop {
        match next(mailbox, position).await {
            Ok(Some(batch)) => all.extend(batch.letters),
            Ok(None) => return (all, failures),
            Err(failure) => {
                failures += 1;
                assert!(failures < 50, "still failing: {failure}");
            }
        }
    }
}

fn start(mailbox: &Mailbox) -> Position {
    Position { folder: mailbox.folder().to_owned(), ..Position::default() }
}

fn keys(letters: &[Arrived]) -> Vec<&str> {
    letters.iter().map(|letter| letter.location.key.as_str()).collect()
}

fn whole(letters: &[Arrived]) -> bool {
    letters.iter().all(|letter| letter.extent == Extent::Whole)
}
