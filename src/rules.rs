//! The texts of a rules folder → [`Rules`], or one clear failure. Pure: reads no disk.
//!
//! Promises: a rule without a hit and a miss is refused; ids are unique; a later folder adds rules or replaces them by
//! id; everything ships inside the binary. Knows no French: French is in `rules/fr`.
//!
//! - [`lines`]: what mail programs write (`rules/mail/*.toml`), as regular expressions on folded lines.
//! - [`pack`]: what people write (`rules/LANG/*.toml`), as [`template`]s over the words of a [`passage`]; [`scan`] runs
//!   them and decides how they combine.

use std::collections::BTreeMap;

use include_dir::{Dir, DirEntry, include_dir};

use crate::failure::{Failure, Result};

mod check;
pub mod leaning;
pub mod lexicon;
pub mod lines;
pub mod pack;
pub mod passage;
pub mod scan;
pub mod template;

static EMBEDDED: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// Texts of a rules folder, by path inside it (`fr/attendance.toml`).
pub type Files = BTreeMap<String, String>;

/// Every rule of every language, ready to run.
#[derive(Debug)]
pub struct Rules {
    /// What mail programs write around a reply, and what machines write.
    pub mail: BTreeMap<String, lines::LineRules>,
    /// What people write, a pack a language.
    pub packs: Vec<pack::Pack>,
}

/// The rules that ship inside the binary.
pub fn embedded() -> Files {
    let mut files = Files::new();
    collect(&EMBEDDED, &mut files);
    files
}

fn collect(dir: &Dir<'_>, files: &mut Files) {
    for entry in dir.entries() {
        match entry {
            DirEntry::Dir(dir) => collect(dir, files),
            DirEntry::File(file) => {
                if let (Some(path), Some(text)) = (file.path().to_str(), file.contents_utf8()) {
                    files.insert(path.to_owned(), text.to_owned());
                }
            }
        }
    }
}

impl Rules {
    /// Reads the texts of one or more folders, the association's own last.
    pub fn load(folders: &[Files]) -> Result<Self> {
        let mut mail: BTreeMap<String, lines::LineRules> = BTreeMap::new();
        let mut paths: Vec<&String> =
            folders.iter().flat_map(|f| f.keys()).filter(|p| p.starts_with("mail/") && p.ends_with(".toml")).collect();
        paths.sort();
        paths.dedup();
        for path in paths {
            let texts: Vec<&str> = folders.iter().filter_map(|f| f.get(path)).map(String::as_str).collect();
            let name = path.trim_start_matches("mail/").trim_end_matches(".toml").to_owned();
            mail.insert(name, lines::LineRules::load(path, &texts)?);
        }
        let mut languages: Vec<&str> =
            folders.iter().flat_map(|f| f.keys()).filter_map(|p| p.strip_suffix("/phrases.toml")).collect();
        languages.sort_unstable();
        languages.dedup();
        let packs = languages.into_iter().map(|l| pack::Pack::load(l, folders)).collect::<Result<_>>()?;
        Ok(Self { mail, packs })
    }

    /// Line rules of `rules/mail/NAME.toml`.
    pub fn lines(&self, name: &str) -> Result<&lines::LineRules> {
        self.mail
            .get(name)
            .ok_or_else(|| Failure::fatal("rules/missing-file").with("file", format!("mail/{name}.toml")))
    }

    /// What the rules' own examples say against them.
    pub fn check(&self) -> Vec<Failure> {
        let lines = self.mail.values().flat_map(lines::LineRules::check);
        lines.chain(self.packs.iter().flat_map(check::check)).collect()
    }

    /// How many rules there are, and how many examples.
    pub fn size(&self) -> (usize, usize) {
        let lines = self.mail.values().flat_map(|f| f.rules()).map(|r| r.hits.len() + r.misses.len());
        let packs = self.packs.iter().flat_map(|p| &p.rules).map(|r| r.hits.len() + r.misses.len());
        lines.chain(packs).fold((0, 0), |(rules, examples), n| (rules + 1, examples + n))
    }
}
