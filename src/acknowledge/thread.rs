//! The thread of the letter answered: subject, ids, references.
//!
//! Promises: one `Re:`, whatever prefixes came; at most 120 characters on one line; only well-formed ids, so few that
//! the header stays short. Never invents a thread where the letter has no usable id.

use super::Answered;
use crate::letter::subject::base;

/// Longest subject, in characters.
const SUBJECT: usize = 120;
/// Longest id taken up, in bytes; the oldest and the last nineteen are kept.
const ID: usize = 250;
const IDS: usize = 19;

/// "Re: " and the bare subject; `without` stands for an empty one.
pub fn subject(original: &str, without: &str) -> String {
    let one_line = original.split(|c: char| c.is_whitespace() || c.is_control()).filter(|w| !w.is_empty());
    // What looks like an encoded word (RFC 2047) and was none would be decoded by the reader's program.
    let one_line = one_line.collect::<Vec<_>>().join(" ").replace("=?", "= ?");
    let bare = base(&one_line);
    let bare = if bare.is_empty() { without } else { bare };
    let room = SUBJECT - "Re: ".len();
    if bare.chars().count() <= room {
        return format!("Re: {bare}");
    }
    let cut: String = bare.chars().take(room - 1).collect();
    let cut = cut.rsplit_once(' ').map_or(cut.as_str(), |(head, _)| head);
    format!("Re: {cut}\u{2026}")
}

/// The letter that the acknowledgement replies to, and the thread: the last letter's, the others' ids before its own.
pub fn thread(letters: &[Answered]) -> (Option<String>, Vec<String>) {
    let Some((last, others)) = letters.split_last() else { return (None, Vec::new()) };
    let own = Some(&last.message_id).filter(|id| well_formed(id));
    let mut references: Vec<String> = Vec::new();
    let all = last.references.iter().chain(others.iter().map(|l| &l.message_id)).chain(own);
    for id in all.filter(|id| well_formed(id)) {
        references.retain(|r| r != id);
        references.push(id.clone());
    }
    if references.len() > IDS + 1 {
        references.drain(1..references.len() - IDS);
    }
    (own.cloned(), references)
}

/// `left@right`, printable ASCII without spaces or brackets (RFC 5322 §3.6.4 as it is found in practice).
fn well_formed(id: &str) -> bool {
    let printable = id.chars().all(|c| c.is_ascii_graphic() && !"<>,;\"\\()".contains(c));
    let encoded = id.contains("=?");
    printable && !encoded && id.len() <= ID && id.split_once('@').is_some_and(|(l, r)| !l.is_empty() && !r.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_of_every_mail_program_become_one_re() {
        for (from, to) in [
            ("Invitation", "Re: Invitation"),
            ("RE: Re : TR: Invitation", "Re: Invitation"),
            ("R\u{e9}p : Fwd: Re[2]: Invitation", "Re: Invitation"),
            ("AW: WG: 3 mars : rencontre", "Re: 3 mars : rencontre"),
            ("Rencontre: le 3", "Re: Rencontre: le 3"),
            ("Re:", "Re: nothing"),
            ("", "Re: nothing"),
            ("=?utf-8?q?Oui=0D=0ABcc=3A?=", "Re: = ?utf-8?q?Oui=0D=0ABcc=3A?="),
            ("Oui\r\nBcc: x@y.z", "Re: Oui Bcc: x@y.z"),
        ] {
            assert_eq!(subject(from, "nothing"), to);
        }
    }

    #[test]
    fn a_long_subject_is_cut_between_words_at_120_characters() {
        let cut = subject(&"mot ".repeat(60), "");
        assert!(cut.chars().count() <= 120 && cut.ends_with("mot\u{2026}"), "{cut}");
        assert!(subject(&"x".repeat(300), "").chars().count() <= 120);
    }

    fn letter(id: &str, references: &[&str]) -> Answered {
        let references = references.iter().map(|r| (*r).to_owned()).collect();
        Answered { message_id: id.to_owned(), references, subject: String::new() }
    }

    #[test]
    fn the_thread_is_the_last_letters_with_the_others_before_it() {
        let (to, references) = thread(&[letter("a@x", &["i@us"]), letter("b@x", &["i@us", "ack.1.0@us"])]);
        assert_eq!(to.as_deref(), Some("b@x"));
        assert_eq!(references, ["i@us", "ack.1.0@us", "a@x", "b@x"]);
    }

    #[test]
    fn an_id_that_would_break_a_header_is_left_out() {
        let (to, references) =
            thread(&[letter("a b@x", &["ok@x", "<bad@x", "x\r\nBcc: y@z", "nothing", "=?utf-8?q?a?=@x"])]);
        assert_eq!((to, references), (None, vec!["ok@x".to_owned()]));
    }

    #[test]
    fn a_long_thread_keeps_its_first_and_last_nineteen() {
        let ids: Vec<String> = (0..60).map(|i| format!("{i}@x")).collect();
        let refs: Vec<&str> = ids.iter().map(String::as_str).collect();
        let (_, kept) = thread(&[letter("last@x", &refs)]);
        assert_eq!((kept.len(), kept.first().unwrap().as_str(), kept.last().unwrap().as_str()), (20, "0@x", "last@x"));
    }
}
