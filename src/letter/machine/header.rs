//! The header of a message as lines for the rules: decoded where a person would read it, each at most 500 characters.
//!
//! Never trusts an address to be there: what cannot be parsed is given as it was written.

use super::super::Letter;
use super::super::headers::{Headers, addresses, decoded, one_line};

/// A header never says anything of interest beyond this.
const LONGEST: usize = 500;

/// One line and the place it belongs to, as the rules name places.
pub(super) struct Line {
    pub(super) place: &'static str,
    pub(super) text: String,
}

/// Every header of the message: `header`, `sender` ("from: name <address>" and "user: what stands before the @"),
/// and one `subject`.
pub(super) fn lines(headers: &Headers, letter: &Letter) -> Vec<Line> {
    let mut lines = vec![line("subject", &format!("subject: {}", letter.subject))];
    for header in headers.list() {
        match header.name.as_str() {
            "subject" => {}
            name @ ("from" | "sender") => senders(name, &header.value, &mut lines),
            name => lines.push(line("header", &format!("{name}: {}", header.value))),
        }
    }
    lines
}

/// Names decoded, one line an address; as written when no address can be made out ("MAILER-DAEMON", "<>").
fn senders(name: &str, value: &str, lines: &mut Vec<Line>) {
    let found = addresses(value);
    for one in found.iter().take(5) {
        let user = one.address.rsplit_once('@').map_or(one.address.as_str(), |(user, _)| user);
        lines.push(line("sender", &format!("{name}: {} <{}>", one.name, one.address)));
        lines.push(line("sender", &format!("user: {user}")));
    }
    if found.is_empty() {
        let text = decoded(value);
        let user = text.trim_matches(['<', '>', '"', ' ']).split('@').next().unwrap_or("");
        lines.push(line("sender", &format!("user: {user}")));
        lines.push(line("sender", &format!("{name}: {text}")));
    }
}

fn line(place: &'static str, text: &str) -> Line {
    Line { place, text: one_line(text).chars().take(LONGEST).collect() }
}
