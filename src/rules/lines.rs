//! Rules on lines: what mail programs and machines write, as regular expressions on folded text.
//!
//! Promises: the expressions run on folded text (`text::fold`), as one `RegexSet` over bytes without Unicode classes:
//! linear time, compiled once. A rule without a hit and a miss is refused, and so is a rule one of whose expressions no
//! hit needs.

use std::collections::BTreeMap;

use regex::bytes::{Regex, RegexBuilder, RegexSet, RegexSetBuilder};
use serde::Deserialize;

use crate::failure::{Failure, Result};
use crate::text::fold;

/// One rule as written in `rules/mail/*.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineRule {
    /// Unique, `group/name`.
    pub id: String,
    /// The place of the match matters: [`LineRules::place`] finds it.
    #[serde(default)]
    pub place: bool,
    /// What a match means, as the file's reader understands it.
    #[serde(default)]
    pub says: BTreeMap<String, String>,
    /// Regular expressions on the folded text: lower case, no accents, `'` and `"` and `-` only, one kind of space.
    #[serde(rename = "match")]
    pub matches: Vec<String>,
    /// Expressions that take a match back.
    #[serde(default)]
    pub unless: Vec<String>,
    /// Real lines that must match, as programs write them.
    pub hits: Vec<String>,
    /// Lines that must not.
    pub misses: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileOfRules {
    #[serde(default)]
    rule: Vec<LineRule>,
}

/// The rules of one file, compiled together.
#[derive(Debug)]
pub struct LineRules {
    file: String,
    rules: Vec<LineRule>,
    set: RegexSet,
    /// For each expression of the set, its rule.
    owner: Vec<usize>,
    unless: Vec<Vec<Regex>>,
    /// The expressions of the rules whose place matters.
    places: Vec<Regex>,
}

impl LineRules {
    /// Reads the texts of one file (the shipped one, then the association's own).
    pub fn load(file: &str, texts: &[&str]) -> Result<Self> {
        let mut rules: Vec<LineRule> = Vec::new();
        for text in texts {
            let read: FileOfRules = toml::from_str(text).map_err(|e| toml_failure(file, text, &e))?;
            let mut ids: Vec<&str> = read.rule.iter().map(|r| r.id.as_str()).collect();
            ids.sort_unstable();
            if let Some(pair) = ids.windows(2).find(|w| w.first() == w.last()) {
                return Err(Failure::fatal("rules/twice").with("file", file).with("rule", pair.first().unwrap_or(&"")));
            }
            for rule in read.rule {
                for (missing, list) in [("hit", &rule.hits), ("miss", &rule.misses), ("match", &rule.matches)] {
                    if list.is_empty() {
                        return Err(Failure::fatal("rules/incomplete")
                            .with("file", file)
                            .with("rule", &rule.id)
                            .with("missing", missing));
                    }
                }
                match rules.iter_mut().find(|r| r.id == rule.id) {
                    Some(old) => *old = rule,
                    None => rules.push(rule),
                }
            }
        }
        Self::compile(file, rules)
    }

    fn compile(file: &str, rules: Vec<LineRule>) -> Result<Self> {
        let bad = |rule: &LineRule, e: &regex::Error| {
            Failure::fatal("rules/pattern").with("file", file).with("rule", &rule.id).with("why", e)
        };
        let mut owner = Vec::new();
        let mut patterns = Vec::new();
        let mut unless = Vec::new();
        let mut places = Vec::new();
        for (i, rule) in rules.iter().enumerate() {
            for pattern in &rule.matches {
                let compiled = regex(pattern).map_err(|e| bad(rule, &e))?;
                if rule.place {
                    places.push(compiled);
                }
                patterns.push(pattern.as_str());
                owner.push(i);
            }
            unless.push(
                rule.unless
                    .iter()
                    .map(|p| regex(p))
                    .collect::<std::result::Result<Vec<_>, _>>()
                    .map_err(|e| bad(rule, &e))?,
            );
        }
        let set = RegexSetBuilder::new(&patterns)
            .unicode(false)
            .multi_line(true)
            .size_limit(64 << 20)
            .build()
            .map_err(|e| Failure::fatal("rules/pattern").with("file", file).with("rule", "").with("why", e))?;
        Ok(Self { file: file.to_owned(), rules, set, owner, unless, places })
    }

    /// The rules that match a folded text, in the order of the file, each once.
    pub fn find(&self, folded: &str) -> Vec<&LineRule> {
        let mut found: Vec<usize> =
            self.set.matches(folded.as_bytes()).iter().filter_map(|p| self.owner.get(p).copied()).collect();
        found.dedup();
        found
            .into_iter()
            .filter(|i| !self.unless.get(*i).is_some_and(|u| u.iter().any(|r| r.is_match(folded.as_bytes()))))
            .filter_map(|i| self.rules.get(i))
            .collect()
    }

    /// Where the first match of a rule with `place` starts, in bytes of the folded text.
    pub fn place(&self, folded: &str) -> Option<usize> {
        self.places.iter().filter_map(|r| r.find(folded.as_bytes())).map(|m| m.start()).min()
    }

    /// Whether any rule matches.
    pub fn any(&self, folded: &str) -> bool {
        self.set.is_match(folded.as_bytes()) && !self.find(folded).is_empty()
    }

    /// Every rule, in order.
    pub fn rules(&self) -> &[LineRule] {
        &self.rules
    }

    /// What its own examples say against it: one failure a wrong example, and one an expression that no hit needs.
    pub fn check(&self) -> Vec<Failure> {
        let mut wrong = Vec::new();
        for rule in &self.rules {
            let fires = |example: &str| self.find(&fold(example)).iter().any(|r| r.id == rule.id);
            let fail = |says, example: &str| {
                Failure::fatal(says).with("file", &self.file).with("rule", &rule.id).with("example", example)
            };
            wrong.extend(rule.hits.iter().filter(|h| !fires(h)).map(|h| fail("rules/hit-missed", h)));
            wrong.extend(rule.misses.iter().filter(|m| fires(m)).map(|m| fail("rules/miss-hit", m)));
            for pattern in &rule.matches {
                if let Ok(regex) = regex(pattern)
                    && !rule.hits.iter().any(|h| regex.is_match(fold(h).as_bytes()))
                {
                    wrong.push(fail("rules/dead", pattern));
                }
            }
        }
        wrong
    }
}

fn regex(pattern: &str) -> std::result::Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).unicode(false).multi_line(true).build()
}

/// A TOML error with line and column, counted from 1.
pub fn toml_failure(file: &str, text: &str, error: &toml::de::Error) -> Failure {
    let at = error.span().map_or(0, |s| s.start);
    let before = text.get(..at).unwrap_or("");
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    Failure::fatal("rules/toml")
        .with("file", file)
        .with("line", line)
        .with("column", column)
        .with("why", error.message())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "[[rule]]\nid = \"a\"\nmatch = ['^le .* a ecrit ?:$']\nhits = [\"Le 3 mars 2018, X a écrit :\"]\nmisses = [\"Le 3 mars je viens\"]\n";

    #[test]
    fn a_rule_without_a_miss_is_refused() {
        let text = GOOD.replace("misses = [\"Le 3 mars je viens\"]", "misses = []");
        assert_eq!(LineRules::load("x.toml", &[&text]).unwrap_err().says, "rules/incomplete");
    }

    #[test]
    fn the_associations_own_folder_replaces_a_rule_by_its_id() {
        let own = GOOD.replace("ecrit", "repondu").replace("écrit", "répondu");
        let rules = LineRules::load("x.toml", &[GOOD, &own]).unwrap();
        assert_eq!(rules.rules().len(), 1);
        assert!(rules.any("le 3 mars 2018, x a repondu :") && !rules.any("le 3 mars 2018, x a ecrit :"));
        assert!(rules.check().is_empty());
    }

    #[test]
    fn an_expression_that_no_hit_needs_is_reported() {
        let text = GOOD.replace("ecrit ?:$'", "ecrit ?:$', '^dead$'");
        assert_eq!(LineRules::load("x.toml", &[&text]).unwrap().check().first().map(|f| f.says), Some("rules/dead"));
    }
}
