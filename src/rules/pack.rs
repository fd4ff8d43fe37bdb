//! The rules of one language, read from `rules/LANG/*.toml` and compiled together.
//!
//! A file's name, up to a hyphen, is the field it speaks about (`attendance-not.toml`); `operators.toml` holds what reaches over the other
//! rules' matches (negation, doubt, condition…), `dates.toml` what is recognised first, `phrases.toml` phrases that
//! every file may name. Any file may define phrases of its own, lists of words, and values of words.
//!
//! Promises: a rule without a hit and a miss is refused; an id is unique within its file; the association's own folder
//! adds rules, or replaces them by file and id, and its lists add words.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Deserialize;

use super::Files;
use super::leaning::Leanings;
use super::lexicon::Lexicon;
use super::lines::toml_failure;
use super::passage::Passage;
use super::template::{First, Grammar, Node, Slot, Words};
use crate::failure::{Failure, Result};

/// One rule as written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    id: String,
    says: BTreeMap<String, toml::Value>,
    #[serde(rename = "match")]
    matches: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
    hits: Vec<String>,
    misses: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WrittenFile {
    /// Name → template or templates.
    phrases: toml::Table,
    /// Name → (word → value).
    values: BTreeMap<String, BTreeMap<String, i64>>,
    /// Name → plain words or phrases, folded and compared whole; also usable as `<name>`.
    lists: BTreeMap<String, Vec<String>>,
    /// Name → words, or several in a row, known in singular and plural; also usable as `<name>`.
    lexicon: BTreeMap<String, Vec<String>>,
    /// Word as people type it → word as the rules know it.
    spellings: BTreeMap<String, String>,
    rule: Vec<Written>,
}

/// One rule, compiled.
#[derive(Debug)]
pub struct Rule {
    /// The field it speaks about: the file's name up to a hyphen.
    pub field: String,
    /// The file it is written in, from the rules folder.
    pub file: String,
    /// Unique within the file.
    pub id: String,
    /// What a match means.
    pub says: BTreeMap<String, String>,
    /// Templates with their source.
    pub templates: Vec<(String, Node)>,
    /// Templates that take a match back when they overlap it.
    pub unless: Vec<Node>,
    /// Sentences in which it must fire.
    pub hits: Vec<String>,
    /// Sentences in which it must not stand.
    pub misses: Vec<String>,
}

impl Rule {
    /// `field/id`, as evidence names it.
    pub fn name(&self) -> String {
        format!("{}/{}", self.field, self.id)
    }

    /// A value it says, empty when it says none of that key.
    pub fn says(&self, key: &str) -> &str {
        self.says.get(key).map_or("", String::as_str)
    }
}

/// Where a template may begin, to try only those that can match.
#[derive(Debug, Default)]
struct Index {
    words: HashMap<u32, Vec<(usize, usize)>>,
    prefixes: HashMap<String, Vec<(usize, usize)>>,
    slots: Vec<(Slot, Vec<(usize, usize)>)>,
    shortest_prefix: usize,
    longest_prefix: usize,
}

/// The rules of one language.
#[derive(Debug, Default)]
pub struct Pack {
    /// `fr`, `en`…
    pub language: String,
    /// Phrases and vocabulary.
    pub grammar: Grammar,
    /// Every rule.
    pub rules: Vec<Rule>,
    /// Word values by table and folded word (`numbers`, `months`, `weekdays`, `persons`…).
    pub values: BTreeMap<String, HashMap<String, i64>>,
    /// Plain lists, folded.
    pub lists: BTreeMap<String, HashSet<String>>,
    /// Words by meaning.
    pub lexicon: Lexicon,
    /// Folded words as people type them, and as the rules know them.
    pub spellings: HashMap<String, String>,
    /// What words lean to, by question.
    pub leanings: HashMap<String, Leanings>,
    first: Index,
    early: Index,
}

impl Pack {
    /// Reads the files of `LANG/` from each folder, the association's own last.
    pub fn load(language: &str, folders: &[Files]) -> Result<Self> {
        let mut pack = Self { language: language.to_owned(), ..Self::default() };
        let prefix = format!("{language}/");
        let skip = ["terminal.toml", "words.toml", "correct.toml"];
        let mut names: Vec<&str> = folders
            .iter()
            .flat_map(|f| f.keys())
            .filter_map(|p| p.strip_prefix(&prefix))
            .filter(|n| n.ends_with(".toml") && !skip.contains(n))
            .collect();
        // Phrases first, `attendance` before `attendance-not`: the later ones name them.
        names.sort_by_key(|n| (*n != "phrases.toml", n.trim_end_matches(".toml")));
        names.dedup();
        // Lists and values of every file first: phrases and rules name them whatever the file.
        for name in &names {
            let path = format!("{prefix}{name}");
            for text in folders.iter().filter_map(|f| f.get(&path)) {
                let file: WrittenFile = toml::from_str(text).map_err(|e| toml_failure(&path, text, &e))?;
                pack.define_words(&path, &file)?;
            }
        }
        for name in names {
            let path = format!("{prefix}{name}");
            let field = name.trim_end_matches(".toml").split('-').next().unwrap_or_default();
            let mut rules: Vec<Written> = Vec::new();
            for text in folders.iter().filter_map(|f| f.get(&path)) {
                let file: WrittenFile = toml::from_str(text).map_err(|e| toml_failure(&path, text, &e))?;
                pack.define_phrases(&path, &file)?;
                merge(&path, &mut rules, file.rule)?;
            }
            for rule in rules {
                let rule = pack.compile(&path, field, rule)?;
                pack.rules.push(rule);
            }
        }
        for (path, text) in folders.iter().flatten() {
            let question = path.strip_prefix(&prefix).and_then(|p| p.strip_prefix("leaning-")?.strip_suffix(".tsv"));
            if let Some(question) = question {
                pack.leanings.insert(question.to_owned(), Leanings::parse(path, text)?);
            }
        }
        pack.first = pack.index(false)?;
        pack.early = pack.index(true)?;
        Ok(pack)
    }

    fn define_words(&mut self, path: &str, file: &WrittenFile) -> Result<()> {
        let bad = |name: &str, why: String| {
            Failure::fatal("rules/pattern").with("file", path).with("rule", name).with("why", why)
        };
        for (typed, meant) in &file.spellings {
            self.spellings.insert(crate::text::fold(typed), crate::text::fold(meant));
        }
        for (name, words) in &file.lists {
            // Phrases and lists share one space of names; a list is matched as plain words.
            self.grammar.define(name, words).map_err(|e| bad(name, e))?;
            self.lists.entry(name.clone()).or_default().extend(words.iter().map(|w| crate::text::fold(w)));
        }
        for (name, words) in &file.lexicon {
            self.grammar.define(name, words).map_err(|e| bad(name, e))?;
            self.lexicon.add(name, words);
        }
        for (table, words) in &file.values {
            let keys: Vec<String> = words.keys().cloned().collect();
            self.grammar.define(table, &keys).map_err(|e| bad(table, e))?;
            let folded = words.iter().map(|(w, v)| (crate::text::fold(w), *v));
            self.values.entry(table.clone()).or_default().extend(folded);
        }
        Ok(())
    }

    fn define_phrases(&mut self, path: &str, file: &WrittenFile) -> Result<()> {
        let bad = |name: &str, why: String| {
            Failure::fatal("rules/pattern").with("file", path).with("rule", name).with("why", why)
        };
        for (name, value) in &file.phrases {
            let templates: Vec<String> = match value {
                toml::Value::String(one) => vec![one.clone()],
                toml::Value::Array(many) => many.iter().filter_map(|v| v.as_str().map(str::to_owned)).collect(),
                _ => return Err(bad(name, "a phrase is a text or a list of texts".into())),
            };
            self.grammar.define(name, &templates).map_err(|e| bad(name, e))?;
        }
        Ok(())
    }

    fn compile(&mut self, path: &str, field: &str, rule: Written) -> Result<Rule> {
        let bad =
            |why: String| Failure::fatal("rules/pattern").with("file", path).with("rule", &rule.id).with("why", why);
        for (missing, list) in [("hit", &rule.hits), ("miss", &rule.misses), ("match", &rule.matches)] {
            if list.is_empty() {
                let failure = Failure::fatal("rules/incomplete").with("file", path);
                return Err(failure.with("rule", &rule.id).with("missing", missing));
            }
        }
        let mut templates = Vec::new();
        for template in &rule.matches {
            let node = self.grammar.compile(template).map_err(|e| bad(format!("{template}: {e}")))?;
            templates.push((template.clone(), node));
        }
        let mut unless = Vec::new();
        for template in &rule.unless {
            unless.push(self.grammar.compile(template).map_err(|e| bad(format!("{template}: {e}")))?);
        }
        let text = |v: toml::Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
        let says = rule.says.into_iter().map(|(k, v)| (k, text(v))).collect();
        Ok(Rule {
            field: field.into(),
            file: path.into(),
            id: rule.id,
            says,
            templates,
            unless,
            hits: rule.hits,
            misses: rule.misses,
        })
    }

    fn index(&self, early: bool) -> Result<Index> {
        let mut index = Index { shortest_prefix: usize::MAX, ..Index::default() };
        for (r, rule) in self.rules.iter().enumerate().filter(|(_, r)| (r.field == "dates") == early) {
            for (t, (source, node)) in rule.templates.iter().enumerate() {
                let mut first = First::default();
                if self.grammar.first(node, &mut first) || first.any {
                    let failure = Failure::fatal("rules/pattern").with("file", &rule.file);
                    let why = format!("{source}: a template must begin with a word or a phrase");
                    return Err(failure.with("rule", &rule.id).with("why", why));
                }
                first.words.sort_unstable();
                first.words.dedup();
                for word in first.words {
                    index.words.entry(word).or_default().push((r, t));
                }
                for prefix in first.prefixes {
                    index.shortest_prefix = index.shortest_prefix.min(prefix.len());
                    index.longest_prefix = index.longest_prefix.max(prefix.len());
                    index.prefixes.entry(prefix).or_default().push((r, t));
                }
                for slot in first.slots {
                    match index.slots.iter_mut().find(|(s, _)| *s == slot) {
                        Some((_, list)) => list.push((r, t)),
                        None => index.slots.push((slot, vec![(r, t)])),
                    }
                }
            }
        }
        Ok(index)
    }

    /// The (rule, template) pairs that may match at a word; `early`: those of `dates.toml` alone, else the others.
    pub(super) fn candidates(
        &self,
        words: &dyn super::template::Words,
        at: usize,
        early: bool,
        out: &mut Vec<(usize, usize)>,
    ) {
        let index = if early { &self.early } else { &self.first };
        out.clear();
        if let Some(list) = index.words.get(&words.id(at)) {
            out.extend(list);
        }
        let word = words.word(at);
        for length in index.shortest_prefix..=index.longest_prefix.min(word.len()) {
            if let Some(list) = word.get(..length).and_then(|p| index.prefixes.get(p)) {
                out.extend(list);
            }
        }
        for (slot, list) in &index.slots {
            if words.slot(at, *slot).is_some() {
                out.extend(list);
            }
        }
        out.sort_unstable();
        out.dedup();
    }

    /// Whether a folded word or phrase stands in a list; no language need have every list.
    pub fn listed(&self, list: &str, word: &str) -> bool {
        self.lists.get(list).is_some_and(|l| l.contains(word))
    }

    /// Whether a folded word ends as a list of endings says, and is more than the ending.
    pub fn ends_like(&self, endings: &str, word: &str) -> bool {
        let ends = |e: &String| word.len() > e.len() && word.ends_with(e.as_str());
        self.lists.get(endings).is_some_and(|l| l.iter().any(ends))
    }

    /// A folded word without the endings by which its language makes a plural.
    pub fn singular<'w>(&self, word: &'w str) -> &'w str {
        let ends = |word: &'w str| {
            let endings = self.lists.get("plural-endings")?;
            endings.iter().find_map(|e| word.strip_suffix(e.as_str())).filter(|rest| !rest.is_empty())
        };
        std::iter::successors(Some(word), |w| ends(w)).last().unwrap_or(word)
    }

    /// Where the longest match of a named phrase that begins at a word ends; no language need have every phrase.
    pub fn phrase(&self, passage: &Passage, name: &str, at: usize) -> Option<usize> {
        let node = self.grammar.names.get(name).and_then(|i| self.grammar.phrases.get(*i))?;
        self.grammar.ends(node, passage, at, passage.len()).last().filter(|e| *e > at)
    }

    /// The value of a folded word in a table.
    pub fn value(&self, table: &str, word: &str) -> Option<i64> {
        self.values.get(table).and_then(|t| t.get(word)).copied()
    }
}

fn merge(path: &str, rules: &mut Vec<Written>, more: Vec<Written>) -> Result<()> {
    let mut seen = std::collections::HashSet::new();
    for rule in more {
        if !seen.insert(rule.id.clone()) {
            return Err(Failure::fatal("rules/twice").with("file", path).with("rule", &rule.id));
        }
        match rules.iter_mut().find(|r| r.id == rule.id) {
            Some(old) => *old = rule,
            None => rules.push(rule),
        }
    }
    Ok(())
}
