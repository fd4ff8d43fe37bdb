//! Small grammar: plurals, lists, elision, articles, from the `[grammar]` table of a language's `words.toml`.
//!
//! Promises: knows no language; a table without a key leaves the words as they are. Guesses no gender.

use std::collections::BTreeMap;

use super::fill;
use crate::text::fold;

/// The small grammar of one language.
#[derive(Debug, Clone, Default)]
pub struct Grammar {
    table: BTreeMap<String, String>,
}

impl Grammar {
    /// `table` is `[grammar]`.
    pub fn new(table: &BTreeMap<String, String>) -> Self {
        Self { table: table.clone() }
    }

    fn words(&self, key: &str) -> impl Iterator<Item = &str> {
        self.table.get(key).map(String::as_str).unwrap_or_default().split_whitespace()
    }

    fn pattern(&self, key: &str, name: &str) -> String {
        self.table.get(key).map_or_else(|| name.to_owned(), |p| fill(p, &[("name", name)]))
    }

    /// `one` for the numbers of `singular`, else `many`.
    pub fn plural<'a>(&self, number: u64, one: &'a str, many: &'a str) -> &'a str {
        if self.words("singular").any(|n| n == number.to_string()) { one } else { many }
    }

    /// "a, b et c".
    pub fn list(&self, items: &[String]) -> String {
        let and = self.table.get("and").map(String::as_str).unwrap_or_default();
        match items {
            [] => String::new(),
            [one] => one.clone(),
            [first @ .., last] => format!("{} {and} {last}", first.join(", ")),
        }
    }

    /// "de Romans", "d'Alixan", "du Secours", "de l'ASTIR".
    pub fn of(&self, name: &str) -> String {
        let whole = self.pattern(if self.elides(name) { "of-elided" } else { "of" }, name);
        for contraction in self.table.get("contractions").map(String::as_str).unwrap_or_default().split(',') {
            // "de" + "Les Amis": a name's article is often written with a capital.
            if let Some((long, short)) = contraction.split_once('=')
                && let Some((head, rest)) = whole.split_at_checked(long.trim().len())
                && head.eq_ignore_ascii_case(long.trim())
                && let Some(rest) = rest.strip_prefix(' ')
            {
                return format!("{} {rest}", short.trim());
            }
        }
        whole
    }

    /// A name with its article, where it can be known: "l'ASTIR"; a name that brings its own keeps it ("la Cimade");
    /// else "l'association Emmaüs".
    pub fn named(&self, name: &str) -> String {
        let folded = fold(name);
        let letters = || name.chars().filter(|c| c.is_alphabetic());
        let acronym = letters().count() > 1 && letters().all(char::is_uppercase) && !name.contains(' ');
        if self
            .words("articles")
            .any(|a| folded.starts_with(&fold(a)) && folded.len() > a.len() && own_word(&folded, a))
        {
            name.to_owned()
        } else if acronym && self.elides(name) {
            self.pattern("named-elided", name)
        } else {
            self.pattern("named", name)
        }
    }

    /// Whether a word before this one loses its vowel.
    fn elides(&self, name: &str) -> bool {
        let folded = fold(name);
        let Some(first) = folded.chars().find(|c| c.is_alphanumeric()) else { return false };
        let vowel = self.table.get("vowels").is_some_and(|v| v.contains(first));
        vowel && !self.words("aspirated").any(|a| folded.starts_with(a))
    }
}

/// An article ends with an apostrophe, or is followed by a space.
fn own_word(folded: &str, article: &str) -> bool {
    let article = fold(article);
    article.ends_with('\'') || folded.strip_prefix(&article).is_some_and(|r| r.starts_with(' '))
}

/// The first letter upper case, the rest as it is.
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
