//! The template language of the rules, compiled and matched over the folded words of a text.
//!
//! `(a|b)` one of, `[x]` may be missing, `<name>` a phrase defined once, `…` up to four words, `word*` any ending,
//! `<n>` a count, `<number>` any number, `<date>`, `<hour>`, `<Name>`, `<event>`, `<word>` any word or sign.
//! A template is plain text otherwise, folded like the text it is matched against: no accents, no capitals, hyphens
//! separate words. Alternatives may stand inside a word (`ser(a|ons)`). Signs match themselves (`,` `:` `+`).
//!
//! Matching gives every possible end, never backtracks without bound, and never looks outside the words given.

use std::collections::HashMap;

use crate::text::fold;

/// How many words `…` may stand for.
const GAP: usize = 4;

/// A match is shorter than this many words: its possible ends are the bits of one number, and matching allocates nothing.
const LONGEST: usize = u64::BITS as usize;

/// A compiled template.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// One word or sign.
    Word(u32),
    /// A word that begins so.
    Prefix(Box<str>),
    /// One of many single words, ascending.
    Set(Box<[u32]>),
    /// A phrase, by its place in [`Grammar::phrases`].
    Phrase(usize),
    /// One after the other.
    Seq(Vec<Node>),
    /// One of.
    Alt(Vec<Node>),
    /// May be missing.
    Opt(Box<Node>),
    /// Up to [`GAP`] words, none of them a sign.
    Gap,
    /// What the caller has recognised before: a count, a number, a date, a name, an event…
    Slot(Slot),
}

/// What a text is annotated with before templates run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Slot {
    /// `<n>`: a number that is no date, hour, telephone or amount.
    Count,
    /// `<number>`: any number, in digits or words.
    Number,
    /// `<date>`: a day, however said.
    Date,
    /// `<hour>`: a time of day or a duration.
    Hour,
    /// `<Name>`: a word with a capital that no lexicon knows.
    Name,
    /// `<event>`: an announced event by name, place or day.
    Event,
    /// `<word>`: any single word.
    Any,
}

/// Words that templates know, numbered.
#[derive(Debug, Default)]
pub struct Vocabulary {
    ids: HashMap<String, u32>,
}

impl Vocabulary {
    fn intern(&mut self, word: &str) -> u32 {
        if let Some(id) = self.ids.get(word) {
            return *id;
        }
        let id = self.ids.len() as u32 + 1;
        self.ids.insert(word.to_owned(), id);
        id
    }

    /// The number of a word; 0 for one that no template knows.
    pub fn id(&self, word: &str) -> u32 {
        self.ids.get(word).copied().unwrap_or(0)
    }
}

/// Phrases and vocabulary shared by the templates of one language.
#[derive(Debug, Default)]
pub struct Grammar {
    /// Known words.
    pub words: Vocabulary,
    /// Phrase names, in order of definition.
    pub names: HashMap<String, usize>,
    /// Compiled phrases.
    pub phrases: Vec<Node>,
}

/// The words of a text, as templates see them.
pub trait Words {
    /// Number of words.
    fn len(&self) -> usize;
    /// Vocabulary number of a word.
    fn id(&self, at: usize) -> u32;
    /// The folded word.
    fn word(&self, at: usize) -> &str;
    /// Where an annotation that begins at `at` ends.
    fn slot(&self, at: usize, slot: Slot) -> Option<usize>;
    /// No words.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Grammar {
    /// Compiles a template; `Err` says what is wrong with it, in plain English.
    pub fn compile(&mut self, template: &str) -> Result<Node, String> {
        let chars: Vec<char> = template.chars().collect();
        let mut parser = Parser { grammar: self, chars, at: 0 };
        let node = parser.alternatives()?;
        match parser.peek() {
            None => Ok(simplify(node)),
            Some(c) => Err(format!("unexpected {c:?}")),
        }
    }

    /// Defines a phrase. Phrases may only name phrases defined before.
    pub fn define(&mut self, name: &str, templates: &[String]) -> Result<(), String> {
        let mut nodes = Vec::new();
        for template in templates {
            nodes.push(self.compile(template)?);
        }
        let node = simplify(Node::Alt(nodes));
        match self.names.get(name).copied().and_then(|i| self.phrases.get_mut(i)) {
            Some(old) => *old = simplify(Node::Alt(vec![std::mem::replace(old, Node::Gap), node])),
            None => {
                self.names.insert(name.to_owned(), self.phrases.len());
                self.phrases.push(node);
            }
        }
        Ok(())
    }

    /// Where a match that begins at `at` may end, none beyond `limit`.
    pub fn ends(&self, node: &Node, words: &dyn Words, at: usize, limit: usize) -> Ends {
        Ends { at, offsets: self.walk(node, words, at, limit.min(words.len())) }
    }

    /// Bit k: a match may end k words after `at`.
    fn walk(&self, node: &Node, words: &dyn Words, at: usize, limit: usize) -> u64 {
        let one = |matches: bool| u64::from(matches) << 1;
        match node {
            Node::Word(id) => one(at < limit && words.id(at) == *id),
            Node::Set(set) => one(at < limit && set.binary_search(&words.id(at)).is_ok()),
            Node::Prefix(prefix) => one(at < limit && words.word(at).starts_with(&**prefix)),
            Node::Phrase(index) => self.phrases.get(*index).map_or(0, |p| self.walk(p, words, at, limit)),
            Node::Seq(nodes) => {
                let mut here = 1;
                for node in nodes {
                    here = offsets(here).fold(0, |next, k| next | self.walk(node, words, at + k, limit) << k);
                    if here == 0 {
                        break;
                    }
                }
                here
            }
            Node::Alt(nodes) => nodes.iter().fold(0, |all, n| all | self.walk(n, words, at, limit)),
            Node::Opt(node) => 1 | self.walk(node, words, at, limit),
            Node::Gap => {
                let word = |k: &usize| at + k < limit && words.word(at + k).starts_with(char::is_alphanumeric);
                let reach = (0..GAP).take_while(word).count();
                (2 << reach) - 1
            }
            Node::Slot(slot) if at < limit => match words.slot(at, *slot) {
                Some(end) if end <= limit && end - at < LONGEST => 1 << (end - at),
                _ => 0,
            },
            Node::Slot(_) => 0,
        }
    }

    /// What a match of this template may begin with.
    pub fn first(&self, node: &Node, into: &mut First) -> bool {
        match node {
            Node::Word(id) => into.words.push(*id),
            Node::Set(set) => into.words.extend(set.iter()),
            Node::Prefix(prefix) => into.prefixes.push(prefix.to_string()),
            Node::Phrase(index) => return self.phrases.get(*index).is_some_and(|p| self.first(p, into)),
            Node::Seq(nodes) => return nodes.iter().all(|n| self.first(n, into)),
            // Every branch is looked at, also behind one that may be empty.
            Node::Alt(nodes) => return nodes.iter().filter(|n| self.first(n, into)).count() > 0,
            Node::Opt(node) => {
                self.first(node, into);
                return true;
            }
            Node::Gap => {
                into.any = true;
                return true;
            }
            Node::Slot(Slot::Any) => into.any = true,
            Node::Slot(slot) => into.slots.push(*slot),
        }
        false
    }
}

/// Where the matches of a template that begin at one word may end.
#[derive(Debug, Clone, Copy)]
pub struct Ends {
    at: usize,
    offsets: u64,
}

impl Ends {
    /// The end of the longest match.
    pub fn last(self) -> Option<usize> {
        self.offsets.checked_ilog2().map(|k| self.at + k as usize)
    }

    /// Every end, the longest match first.
    pub fn longest_first(self) -> impl Iterator<Item = usize> {
        (0..LONGEST).rev().filter(move |k| self.offsets >> k & 1 == 1).map(move |k| self.at + k)
    }

    /// Whether a match ends right before this word.
    pub fn contains(self, end: usize) -> bool {
        end.checked_sub(self.at).is_some_and(|k| k < LONGEST && self.offsets >> k & 1 == 1)
    }
}

/// The places of the bits that are set, ascending.
fn offsets(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let lowest = (bits != 0).then(|| bits.trailing_zeros() as usize);
        bits &= bits.wrapping_sub(1);
        lowest
    })
}

/// What a match may begin with.
#[derive(Debug, Default)]
pub struct First {
    /// These words.
    pub words: Vec<u32>,
    /// A word that begins so.
    pub prefixes: Vec<String>,
    /// These annotations.
    pub slots: Vec<Slot>,
    /// Anything.
    pub any: bool,
}

struct Parser<'a> {
    grammar: &'a mut Grammar,
    chars: Vec<char>,
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn alternatives(&mut self) -> Result<Node, String> {
        let mut all = vec![self.sequence()?];
        while self.peek() == Some('|') {
            self.at += 1;
            all.push(self.sequence()?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Node::Alt(all) })
    }

    fn sequence(&mut self) -> Result<Node, String> {
        let mut nodes = Vec::new();
        while let Some(c) = self.peek() {
            match c {
                '|' | ')' | ']' => break,
                ' ' | '\n' => self.at += 1,
                '[' => {
                    self.at += 1;
                    let inside = self.alternatives()?;
                    self.expect(']')?;
                    nodes.push(Node::Opt(Box::new(inside)));
                }
                '…' => {
                    self.at += 1;
                    nodes.push(Node::Gap);
                }
                '<' => nodes.push(self.phrase()?),
                _ => nodes.push(self.word()?),
            }
        }
        Ok(Node::Seq(nodes))
    }

    fn expect(&mut self, c: char) -> Result<(), String> {
        if self.peek() == Some(c) {
            self.at += 1;
            return Ok(());
        }
        Err(format!("{c:?} is missing"))
    }

    fn phrase(&mut self) -> Result<Node, String> {
        self.at += 1;
        let mut name = String::new();
        while let Some(c) = self.peek().filter(|c| *c != '>') {
            name.push(c);
            self.at += 1;
        }
        self.expect('>')?;
        Ok(match name.as_str() {
            "n" => Node::Slot(Slot::Count),
            "number" => Node::Slot(Slot::Number),
            "date" => Node::Slot(Slot::Date),
            "hour" => Node::Slot(Slot::Hour),
            "Name" => Node::Slot(Slot::Name),
            "event" => Node::Slot(Slot::Event),
            "word" => Node::Slot(Slot::Any),
            name => match self.grammar.names.get(name) {
                Some(index) => Node::Phrase(*index),
                None => return Err(format!("no phrase is called <{name}>")),
            },
        })
    }

    /// A word, perhaps with alternatives glued inside it, or a group that stands alone.
    fn word(&mut self) -> Result<Node, String> {
        let mut forms = vec![String::new()];
        let mut glued = false;
        while let Some(c) = self.peek() {
            match c {
                ' ' | '\n' | '|' | ')' | '[' | ']' | '<' | '…' => break,
                '(' => {
                    let alone = forms.iter().all(String::is_empty);
                    self.at += 1;
                    let start = self.at;
                    let inside = self.alternatives()?;
                    self.expect(')')?;
                    let glue_follows = self.peek().is_some_and(|c| c.is_alphanumeric() || c == '\'' || c == '(');
                    if alone && !glue_follows {
                        return Ok(inside);
                    }
                    glued = true;
                    let text: String = self.chars.get(start..self.at - 1).unwrap_or(&[]).iter().collect();
                    let parts: Vec<&str> = text.split('|').collect();
                    forms = forms.iter().flat_map(|f| parts.iter().map(move |p| format!("{f}{p}"))).collect();
                }
                c => {
                    self.at += 1;
                    forms.iter_mut().for_each(|f| f.push(c));
                }
            }
        }
        if forms.len() > 200 {
            return Err("too many forms of one word".into());
        }
        let mut nodes: Vec<Node> = forms.iter().map(|f| self.plain(f)).collect();
        debug_assert!(glued || nodes.len() == 1);
        Ok(if nodes.len() == 1 { nodes.remove(0) } else { Node::Alt(nodes) })
    }

    /// A written word, cut into tokens as texts are.
    fn plain(&mut self, form: &str) -> Node {
        let (stem, any_ending) = match form.strip_suffix('*') {
            Some(stem) => (stem, true),
            None => (form, false),
        };
        let folded = fold(stem);
        let tokens = crate::text::tokens(&folded);
        let count = tokens.len();
        let mut nodes = Vec::new();
        for (i, token) in tokens.iter().enumerate() {
            nodes.push(if any_ending && i + 1 == count {
                Node::Prefix(token.word.as_str().into())
            } else {
                Node::Word(self.grammar.words.intern(&token.word))
            });
        }
        if nodes.len() == 1 { nodes.remove(0) } else { Node::Seq(nodes) }
    }
}

/// Flattens, and gathers alternatives that are single words into one set.
fn simplify(node: Node) -> Node {
    match node {
        Node::Seq(nodes) => {
            let mut flat = Vec::new();
            for node in nodes.into_iter().map(simplify) {
                match node {
                    Node::Seq(inner) => flat.extend(inner),
                    other => flat.push(other),
                }
            }
            if flat.len() == 1 { flat.remove(0) } else { Node::Seq(flat) }
        }
        Node::Opt(node) => Node::Opt(Box::new(simplify(*node))),
        Node::Alt(nodes) => {
            let mut set = std::collections::BTreeSet::new();
            let mut rest = Vec::new();
            for node in nodes.into_iter().map(simplify) {
                gather(node, &mut set, &mut rest);
            }
            match set.len() {
                0 => {}
                1 => rest.extend(set.into_iter().map(Node::Word)),
                _ => rest.push(Node::Set(set.into_iter().collect())),
            }
            if rest.len() == 1 { rest.remove(0) } else { Node::Alt(rest) }
        }
        other => other,
    }
}

fn gather(node: Node, set: &mut std::collections::BTreeSet<u32>, rest: &mut Vec<Node>) {
    match node {
        Node::Word(id) => {
            set.insert(id);
        }
        Node::Set(ids) => set.extend(ids),
        Node::Alt(nodes) => nodes.into_iter().for_each(|n| gather(n, set, rest)),
        other => rest.push(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Token, tokens};

    struct Plain<'a>(&'a Grammar, Vec<Token>);
    impl Words for Plain<'_> {
        fn len(&self) -> usize {
            self.1.len()
        }
        fn id(&self, at: usize) -> u32 {
            self.0.words.id(&self.1[at].word)
        }
        fn word(&self, at: usize) -> &str {
            &self.1[at].word
        }
        fn slot(&self, at: usize, slot: Slot) -> Option<usize> {
            (slot == Slot::Count && self.1[at].word.parse::<u32>().is_ok()).then_some(at + 1)
        }
    }

    fn matches(template: &str, text: &str) -> bool {
        let mut grammar = Grammar::default();
        grammar.define("je", &["je|j'".into(), "moi je".into()]).unwrap();
        let node = grammar.compile(template).unwrap();
        let folded = fold(text);
        let words = Plain(&grammar, tokens(&folded));
        grammar.ends(&node, &words, 0, words.len()).contains(words.len())
    }

    #[test]
    fn alternatives_options_phrases_and_gaps_match_as_a_reader_expects() {
        assert!(matches("<je> serai [bien] (présent|présente)", "Moi je serai bien présente"));
        assert!(matches("nous ser(ons|a) <n>", "nous serons 4"));
        assert!(matches("j'apporte* …", "J’apporterai une tarte"));
        assert!(matches("peut-être", "peut etre"));
        assert!(!matches("<je> serai [bien] présent", "je ne serai présent"));
        assert!(!matches("a … b", "a , b"));
    }

    #[test]
    fn an_unknown_phrase_and_a_missing_bracket_are_refused() {
        assert!(Grammar::default().compile("<rien> a").is_err());
        assert!(Grammar::default().compile("(a|b").is_err());
    }
}
