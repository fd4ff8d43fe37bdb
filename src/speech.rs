//! What we say: the templates and sentences of `rules/LANG/`, filled in. No French here.
//!
//! Promises: strict (a missing value is an error, never a silent blank), HTML escaped by the template's name; what a
//! template renders has the spaces and apostrophes of the language. Knows no language: it is all in `words.toml`.
//!
//! Filters of templates and sentences, on civil dates as text (`2018-03-03T09:00:00`): `date` "samedi 3 mars",
//! `date_year` "samedi 3 mars 2018", `day` "3 mars", `day_year`, `hour` "19 h 30", `start | hours(end)` "de 9 h à
//! 13 h", `start | when(end)` "samedi 3 mars, de 9 h à 13 h". On numbers: `n | plural("personne", "personnes")` (the
//! word alone). On lists: `listed` "a, b et c". On names: `of` "d'Alixan", `named` "l'ASTIR"; `capital`.

use std::collections::BTreeMap;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};
use serde::Serialize;

use crate::failure::{Failure, Result};

pub mod dates;
mod filters;
pub mod grammar;
pub mod typography;

use dates::Dates;
use grammar::Grammar;
use typography::Typography;

/// The sentences and templates of one language.
#[derive(Debug)]
pub struct Speech {
    /// `fr`, `en`…
    pub language: String,
    environment: Environment<'static>,
    sentences: BTreeMap<String, String>,
    typography: Typography,
}

/// Fills `{{ key }}` in a pattern of `words.toml`; `~` is a space that never breaks.
fn fill(pattern: &str, values: &[(&str, &str)]) -> String {
    let mut out = pattern.replace('~', "\u{a0}");
    for (key, value) in values {
        out = out.replace(&format!("{{{{ {key} }}}}"), value);
    }
    out
}

/// The folder of templates that hold no words: a language's own of the same name comes before them.
const SHARED: &str = "shared";

/// The files of a folder: path, text, and name inside it.
fn within<'f>(
    folder: &str,
    files: &'f BTreeMap<String, String>,
) -> impl Iterator<Item = (&'f String, &'f String, &'f str)> {
    files.iter().filter_map(move |(path, text)| Some((path, text, path.strip_prefix(folder)?.strip_prefix('/')?)))
}

impl Speech {
    /// `files` are the texts of `rules/LANG/`: every `*.j2` is a template by its name without `.j2`; every key of
    /// `terminal.toml`, `words.toml` and `correct.toml` is a one-line template by `table/key`, and stands in one of them only.
    pub fn new(language: &str, files: &BTreeMap<String, String>) -> Result<Self> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        if let Ok(syntax) =
            SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()
        {
            environment.set_syntax(syntax);
        }
        environment
            .set_auto_escape_callback(|name| if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None });
        let mut sentences = BTreeMap::new();
        for (path, text, name) in within(SHARED, files).chain(within(language, files)) {
            if let Some(name) = name.strip_suffix(".j2") {
                environment.add_template_owned(name.to_owned(), text.clone()).map_err(|e| {
                    Failure::fatal("rules/template").with("file", path).with("line", e.line().unwrap_or(0)).detail(&e)
                })?;
            } else if ["terminal.toml", "words.toml", "correct.toml"].contains(&name) {
                let tables: BTreeMap<String, BTreeMap<String, String>> = toml::from_str(text)
                    .map_err(|e| Failure::fatal("rules/toml").with("file", path).with("why", e.message()))?;
                for (table, keys) in tables {
                    for (key, sentence) in keys {
                        let key = format!("{table}/{key}");
                        if sentences.insert(key.clone(), sentence).is_some() {
                            return Err(Failure::fatal("rules/twice").with("file", path).with("rule", key));
                        }
                    }
                }
            }
        }
        if sentences.is_empty() {
            return Err(Failure::fatal("rules/missing-file").with("file", format!("{language}/words.toml")));
        }
        let table = |name: &str| {
            let of = |(key, text): (&String, &String)| Some((key.strip_prefix(name)?.to_owned(), text.clone()));
            sentences.iter().filter_map(of).collect::<BTreeMap<String, String>>()
        };
        filters::add(&mut environment, Dates::new(&table("dates/")), Grammar::new(&table("grammar/")));
        let typography = Typography::new(&table("typography/"));
        Ok(Self { language: language.to_owned(), environment, sentences, typography })
    }

    /// Renders a template (`acknowledge.txt`, `digest.html`).
    pub fn render(&self, template: &str, values: impl Serialize) -> Result<String> {
        let rendered =
            self.environment.get_template(template).and_then(|t| t.render(Value::from(Serde(&values)))).map_err(
                |e| {
                    Failure::fatal("rules/template")
                        .with("file", template)
                        .with("line", e.line().unwrap_or(0))
                        .detail(format!("{e:#}"))
                },
            )?;
        Ok(self.typography.set(&rendered))
    }

    /// Fills a sentence of `terminal.toml` or `words.toml` (`config/unknown-key`). An unknown key comes back as the
    /// key itself with its values: the reader still learns what went wrong.
    pub fn say(&self, key: &str, values: impl Serialize) -> String {
        let values = Value::from(Serde(&values));
        match self.sentences.get(key) {
            Some(sentence) => {
                self.environment.render_str(sentence, &values).unwrap_or_else(|_| format!("{key} {values}"))
            }
            None => format!("{key} {values}"),
        }
    }

    /// Whether a sentence of that key exists.
    pub fn knows(&self, key: &str) -> bool {
        self.sentences.contains_key(key)
    }

    /// The spaces and apostrophes of the language; [`Speech::render`] has set them already.
    pub fn typography(&self) -> &Typography {
        &self.typography
    }

    /// A failure as a sentence for the volunteer.
    pub fn failure(&self, failure: &Failure) -> String {
        let mut with = failure.with.clone();
        if let Some(why) = with.get_mut("why")
            && let Some(reason) = self.reason(why)
        {
            *why = reason;
        }
        self.say(failure.says, &with)
    }

    /// The operating system's reason in the association's language (`[why]` of `terminal.toml`), by the number that
    /// its English sentence ends with ("No such file or directory (os error 2)").
    fn reason(&self, why: &str) -> Option<String> {
        let number = why.rsplit_once("(os error ").and_then(|(_, n)| n.strip_suffix(')'));
        let key = match number {
            Some(number) => format!("why/{number}"),
            None if why == "stream did not contain valid UTF-8" => "why/text".to_owned(),
            None => return None,
        };
        self.knows(&key).then(|| self.say(&key, ()))
    }
}
