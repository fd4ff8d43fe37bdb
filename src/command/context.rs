//! What every command needs: the configuration, the rules and the words, read from disk once.
//!
//! Promises: a failure is one sentence on standard error, in the association's language. Writes nothing else.

use std::io::Write;
use std::path::{Path, PathBuf};

use crate::config::Config;
use crate::failure::{Failure, Result};
use crate::rules::{self, Files, Rules};
use crate::speech::Speech;

/// Where the configuration is, and how to read what it names.
#[derive(Debug)]
pub struct Context {
    path: PathBuf,
}

impl Context {
    /// For one configuration file.
    pub fn new(path: PathBuf) -> Self {
        Self { path }
    }

    /// The configuration file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The configuration, read now.
    pub fn config(&self) -> Result<Config> {
        let file = self.path.display().to_string();
        let text = std::fs::read_to_string(&self.path).map_err(|e| {
            let says = match e.kind() {
                std::io::ErrorKind::NotFound => "config/not-found",
                std::io::ErrorKind::PermissionDenied => "config/not-allowed",
                _ => "config/unreadable",
            };
            Failure::fatal(says).with("file", &file).with("why", &e)
        })?;
        Config::parse(&file, &text)
    }

    /// A path named in the configuration: relative ones are beside the configuration file.
    pub fn beside(&self, path: &str) -> PathBuf {
        // `--config config.toml` has a parent, the empty path, which is no folder to the system.
        let folder = self.path.parent().filter(|p| !p.as_os_str().is_empty());
        folder.unwrap_or_else(|| Path::new(".")).join(path)
    }

    /// The rules inside the program, and the association's own.
    pub fn rule_files(&self, config: &Config) -> Result<Vec<Files>> {
        let mut folders = vec![rules::embedded()];
        if !config.association.rules_dir.is_empty() {
            folders.push(read_folder(&self.beside(&config.association.rules_dir))?);
        }
        Ok(folders)
    }

    /// The rules, ready to run.
    pub fn rules(&self, config: &Config) -> Result<Rules> {
        Rules::load(&self.rule_files(config)?)
    }

    /// The words of a language, the association's own files replacing those inside the program by name.
    pub fn speech(&self, config: &Config) -> Result<Speech> {
        let mut files = Files::new();
        for folder in self.rule_files(config)? {
            files.extend(folder);
        }
        Speech::new(&config.association.language, &files)
    }

    /// Says what is wrong, in the association's language where it is known, else in French.
    pub fn complain(&self, failure: &Failure) {
        let language = self.config().map_or_else(|_| "fr".to_owned(), |c| c.association.language);
        let files = rules::embedded();
        let speech = Speech::new(&language, &files).or_else(|_| Speech::new("fr", &files));
        let sentence = speech.map_or_else(|f| f.to_string(), |speech| speech.failure(failure));
        let _ = writeln!(std::io::stderr(), "{sentence}");
    }
}

/// The texts of a rules folder on disk, by path inside it.
pub fn read_folder(root: &Path) -> Result<Files> {
    let mut files = Files::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let fail = |e: std::io::Error| Failure::fatal("rules/unreadable").with("file", folder.display()).with("why", e);
        for entry in std::fs::read_dir(&folder).map_err(fail)? {
            let path = entry.map_err(fail)?.path();
            let wanted = path.extension().is_some_and(|e| e == "toml" || e == "j2");
            if path.is_dir() {
                folders.push(path);
            } else if wanted {
                let text = std::fs::read_to_string(&path)
                    .map_err(|e| Failure::fatal("rules/unreadable").with("file", path.display()).with("why", e))?;
                let inside = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                files.insert(inside, text);
            }
        }
    }
    Ok(files)
}
