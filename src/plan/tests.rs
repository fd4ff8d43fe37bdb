//! Helpers shared by the tests of `plan`; the belts have their table in `tests/it/plan.rs`.

use crate::entry::{Occasion, Outgoing, Person, Sending};

/// An acknowledgement that was sent.
pub fn acknowledged(message_id: &str, person: Person) -> Outgoing {
    Outgoing {
        id: 1,
        occasion: Occasion::Acknowledge,
        letter: Some(1),
        to: person.address.clone(),
        person,
        planned: jiff::Timestamp::UNIX_EPOCH,
        due: jiff::Timestamp::UNIX_EPOCH,
        sending: Sending::Sent,
        attempts: 1,
        attempted: None,
        message_id: message_id.to_owned(),
        reason: String::new(),
        settled: Some(jiff::Timestamp::UNIX_EPOCH),
        bytes: None,
    }
}
