//! The few words of the sender that an acknowledgement repeats: a dish, a diet, a first name.
//!
//! Promises: short, one line, no address, link, number or invisible character; so that a letter with a forged sender
//! cannot make us write somebody else's advertising. What does not pass is left out, never mended.

use serde::Serialize;

/// Longest words repeated, in characters.
const LONGEST: usize = 80;
/// Longest first name, in characters.
const NAME: usize = 24;

/// A thing in the sender's own words with its number, when more than one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Thing {
    /// 2 and more; `None` for one or unsaid.
    pub quantity: Option<u32>,
    /// "grosse salade de lentilles".
    pub what: String,
}

/// The words, when they may be repeated.
pub fn own_words(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !invisible(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    let joined = words.join(" ");
    let joined = joined.trim_matches(|c: char| ".,;:!?-\"'\u{ab}\u{bb}*_>() ".contains(c));
    let digits = joined.chars().filter(char::is_ascii_digit).count();
    let fine = !joined.is_empty() && joined.chars().any(char::is_alphabetic) && joined.chars().count() <= LONGEST;
    (fine && digits <= 4 && !joined.contains(['@', '<', '>', '{', '}', '|', '\\']) && !words.iter().any(|w| link(w)))
        .then(|| joined.to_owned())
}

/// `www.x`, `http://x`, `x.org/y`: a dot or slashes between letters.
fn link(word: &str) -> bool {
    let dotted = word.split('.').collect::<Vec<_>>();
    let inner = |w: &[&str]| {
        w.windows(2).any(
            |p| matches!(p, [a, b] if a.ends_with(char::is_alphanumeric) && b.chars().take_while(|c| c.is_alphabetic()).count() > 1),
        )
    };
    word.contains("://") || word.to_lowercase().starts_with("www.") || inner(&dotted)
}

/// Zero-width and direction characters, which could make a line read otherwise than it is.
fn invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The first name to greet with: only when they sign with it alone. `never` holds folded words that are no name
/// ("cordialement", "secretariat").
pub fn first_name(signed: &str, organisation: Option<&str>, never: &str) -> Option<String> {
    let name = signed.trim().trim_matches(|c: char| ",.-\u{2013} ".contains(c));
    let folded = crate::text::fold(name);
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let one_word = name.chars().all(|c| c.is_alphabetic() || c == '-' || c == '\'' || c == '\u{2019}');
    let shouted = name.chars().all(|c| !c.is_lowercase());
    let capital = name.chars().next().is_some_and(char::is_uppercase);
    let known =
        never.split_whitespace().any(|n| n == folded) || organisation.is_some_and(|o| crate::text::fold(o) == folded);
    (one_word && capital && !shouted && !known && (3..=NAME).contains(&letters)).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dishes_pass_as_they_were_written() {
        for text in ["grosse salade de lentilles", "quiche (aux poireaux)", "gateaux au choc.", "bouteilles de 1,5 l"] {
            assert!(own_words(text).is_some(), "{text}");
        }
        assert_eq!(own_words(" tarte\n aux\u{200b} pommes. ").as_deref(), Some("tarte aux pommes"));
    }

    #[test]
    fn links_addresses_numbers_and_speeches_do_not() {
        let long = "mot ".repeat(30);
        for text in [
            "pilules sur http://x.example",
            "voir www.x.fr",
            "x.example/y",
            "a@b.c",
            "06 12 34 56 78",
            &long,
            "",
            "...",
            "<b>x",
        ] {
            assert_eq!(own_words(text), None, "{text}");
        }
    }

    #[test]
    fn only_a_lone_first_name_is_greeted() {
        for name in ["Marie", "Marie-Claude", "Jo\u{eb}l,"] {
            assert!(first_name(name, None, "cordialement").is_some(), "{name}");
        }
        for name in ["Marie Dupont", "DUPONT", "M", "Al", "marie et paul", "Cordialement", "x@y", "Marie\nDupont", ""] {
            assert_eq!(first_name(name, None, "cordialement"), None, "{name}");
        }
        assert_eq!(first_name("Cimade", Some("CIMADE"), ""), None);
    }
}
