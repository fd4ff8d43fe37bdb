//! Bytes → what is to be kept of them. A letter that makes the program panic is caught here.

use std::panic::{AssertUnwindSafe, catch_unwind};

use sha2::{Digest, Sha256};

use super::Setup;
use crate::entry::{Arrived, Extent};
use crate::letter::{self, Letter, Ourselves, Trouble};
use crate::reading::{Kind, Reading, Review};
use crate::understand;

/// A letter as read.
#[derive(Debug)]
pub(super) struct Read {
    pub letter: Letter,
    pub reading: Reading,
    /// It could not be read: its bytes are kept for a person.
    pub quarantined: bool,
}

/// Reads one letter. Never fails: what cannot be read is set aside.
pub(super) fn read(arrived: &Arrived, setup: &Setup, us: &Ourselves) -> Read {
    if arrived.extent == Extent::Unreadable {
        return aside(arrived);
    }
    // A panic in a parser of strangers' mail must not stop the letters behind it.
    let work = catch_unwind(AssertUnwindSafe(|| {
        super::crash::point("reading a letter");
        let mut letter = letter::read(&arrived.bytes, &setup.rules, us);
        if arrived.extent == Extent::Truncated && !letter.troubles.contains(&Trouble::Truncated) {
            letter.troubles.push(Trouble::Truncated);
        }
        let reading = understand::understand(&letter, &setup.config, &setup.rules);
        (letter, reading)
    }));
    match work {
        Ok((letter, reading)) if !letter.hash.is_empty() => Read { letter, reading, quarantined: false },
        Ok((mut letter, reading)) => {
            letter.hash = identity(arrived);
            Read { letter, reading, quarantined: false }
        }
        Err(_) => aside(arrived),
    }
}

/// A letter that is not looked into any further.
pub(super) fn aside(arrived: &Arrived) -> Read {
    let letter = Letter { hash: identity(arrived), troubles: vec![Trouble::Unparsable], ..Letter::default() };
    let reading =
        Reading { kind: Kind::Other, needs_human: true, review: vec![Review::Unreadable], ..Reading::default() };
    Read { letter, reading, quarantined: true }
}

/// The identity of a letter whose content could not be told from its trace: its bytes, or its place when it has none.
fn identity(arrived: &Arrived) -> String {
    let mut hash = Sha256::new();
    if arrived.bytes.is_empty() {
        let at = &arrived.location;
        hash.update(format!("{}\n{}\n{}", at.folder, at.uid_validity, at.key));
    } else {
        hash.update(&arrived.bytes);
    }
    hash.finalize().iter().map(|b| format!("{b:02x}")).collect()
}
