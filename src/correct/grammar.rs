//! The organisers' turns of phrase, from `rules/LANG/correct.toml`, and how a clause is compared with them.
//!
//! Promises: a clause means something only when all of its words are accounted for; nothing is matched in the middle of
//! words that are not understood. Compares folded text: accents, capitals and punctuation do not count.

use crate::speech::Speech;
use crate::text::fold;

/// The turns of phrase of one language.
pub struct Grammar<'a> {
    speech: &'a Speech,
}

impl<'a> Grammar<'a> {
    /// Of the association's language.
    pub fn new(speech: &'a Speech) -> Self {
        Self { speech }
    }

    /// Turns of phrase as written, by `table/key`.
    pub fn turns(&self, key: &str) -> Vec<String> {
        let key = format!("correct-{key}");
        if !self.speech.knows(&key) {
            return Vec::new();
        }
        self.speech.say(&key, ()).split('|').map(normal).filter(|t| !t.is_empty()).collect()
    }

    /// Whether a text is one of the turns.
    pub fn is(&self, key: &str, text: &str) -> bool {
        let text = normal(text);
        self.turns(key).contains(&text)
    }

    /// A number in digits or in words.
    pub fn number(&self, text: &str) -> Option<u32> {
        let text = normal(text);
        if text.len() <= 4
            && let Ok(n) = text.parse()
        {
            return Some(n);
        }
        if self.turns("number/one").contains(&text) {
            return Some(1);
        }
        self.turns("number/words").iter().position(|w| *w == text).and_then(|n| u32::try_from(n).ok())
    }

    /// The number in a turn with `{n}`.
    pub fn counted(&self, key: &str, text: &str) -> Option<u32> {
        self.filled(key, "{n}", text).into_iter().find_map(|hole| self.number(&hole))
    }

    /// The numbers in a turn with `{list}`.
    pub fn listed(&self, key: &str, text: &str) -> Option<Vec<u32>> {
        self.filled(key, "{list}", text).into_iter().find_map(|hole| {
            let parts = hole.split([' ', '&', '+', '/']).filter(|p| !p.is_empty() && !self.is("number/and", p));
            parts.map(|p| p.parse().ok()).collect::<Option<Vec<u32>>>().filter(|l| !l.is_empty())
        })
    }

    /// What stands in the hole of each turn that fits.
    fn filled(&self, key: &str, hole: &str, text: &str) -> Vec<String> {
        let text = normal(text);
        let fits = |turn: &String| {
            let (before, after) = turn.split_once(hole)?;
            let inner = text.strip_prefix(before)?.strip_suffix(after)?;
            Some(inner.trim().to_owned()).filter(|i| !i.is_empty())
        };
        self.turns(key).iter().filter_map(fits).collect()
    }

    /// The rest of a text after one of the turns it begins with, the longest first; as written.
    pub fn after<'t>(&self, key: &str, text: &'t str) -> Option<&'t str> {
        let mut turns = self.turns(key);
        turns.sort_by_key(|t| std::cmp::Reverse(t.len()));
        turns.iter().find_map(|turn| begins(text, turn))
    }

    /// Whether a text ends with the words of one of the turns, after other words.
    pub fn ends(&self, key: &str, text: &str) -> bool {
        let text = normal(text);
        self.turns(key).iter().any(|turn| text.strip_suffix(turn.as_str()).is_some_and(|before| before.ends_with(' ')))
    }

    /// A text split at the first of the turns inside it: what stands before and after, as written.
    pub fn around<'t>(&self, key: &str, text: &'t str) -> Option<(&'t str, &'t str)> {
        let mut turns = self.turns(key);
        turns.sort_by_key(|t| std::cmp::Reverse(t.len()));
        let starts: Vec<usize> = text.char_indices().filter(|(_, c)| *c == ' ').map(|(i, _)| i + 1).collect();
        starts.into_iter().find_map(|at| {
            let (before, rest) = (text.get(..at)?, text.get(at..)?);
            turns.iter().find_map(|t| begins(rest, t)).map(|after| (before.trim(), after.trim()))
        })
    }

    /// Drops words at the beginning that change nothing.
    pub fn bare<'t>(&self, text: &'t str) -> &'t str {
        let mut text = text.trim();
        while let Some(rest) = self.after("what/filler", text) {
            text = rest.trim();
        }
        text
    }
}

/// Folded, one space between words, punctuation at the ends gone.
pub fn normal(text: &str) -> String {
    let folded = fold(text);
    let words: Vec<&str> = folded.split_whitespace().collect();
    words.join(" ").trim_matches(|c: char| ".,;:!?\"() ".contains(c)).to_owned()
}

/// The rest of `text` when it begins with the folded words of `turn`, at a word's end (or after an apostrophe).
fn begins<'t>(text: &'t str, turn: &str) -> Option<&'t str> {
    let mut folded = String::new();
    for (at, c) in text.char_indices() {
        if folded == turn && (!c.is_alphanumeric() || turn.ends_with('\'')) {
            return text.get(at..);
        }
        let one = fold(text.get(at..at + c.len_utf8())?);
        folded.push_str(&one);
        if !turn.starts_with(folded.as_str()) {
            return None;
        }
    }
    (folded == turn).then_some("")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speech() -> Speech {
        Speech::new("fr", &crate::rules::embedded()).unwrap()
    }

    #[test]
    fn a_turn_matches_whole_clauses_only() {
        let speech = speech();
        let grammar = Grammar::new(&speech);
        assert!(grammar.is("what/no", "Absente."));
        assert!(!grammar.is("what/no", "absente le matin"));
        assert_eq!(grammar.counted("what/people", "Deux personnes"), Some(2));
        assert_eq!(grammar.counted("what/people", "deux personnes de plus"), None);
        assert_eq!(grammar.listed("what/workshops", "ateliers 1 et 3"), Some(vec![1, 3]));
    }

    #[test]
    fn what_follows_a_turn_is_given_as_written() {
        let speech = speech();
        let grammar = Grammar::new(&speech);
        assert_eq!(grammar.after("what/bring", "Apporte Du Pain"), Some(" Du Pain"));
        assert_eq!(grammar.after("what/bring", "apporterait du pain"), None);
        assert_eq!(grammar.after("what/bring-not", "pas d\u{2019}eau"), Some("eau"));
        assert_eq!(grammar.around("what/instead", "une quiche au lieu de la tarte"), Some(("une quiche", "la tarte")));
    }
}
