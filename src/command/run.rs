//! `run [CONFIG…]`: the daemon, for one association or several; `--once`: one pass, then exit.
//!
//! Promises: with `--once`, one line for each association says what was done, and a failure of one does not keep the
//! others from their pass. The daemon stays up whatever servers do; only configuration, rules and database stop it.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use super::Context;
use crate::config::Config;
use crate::daemon::{self, Association, Clock, Pass, Setup};
use crate::failure::{Failure, Result};
use crate::rules::{Files, Rules};
use crate::speech::Speech;

/// Runs it.
pub fn run(context: &Context, configs: &[PathBuf], once: bool) -> Result<ExitCode> {
    let contexts: Vec<Context> = if configs.is_empty() {
        vec![Context::new(context.path().to_path_buf())]
    } else {
        configs.iter().cloned().map(Context::new).collect()
    };
    log(once);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(4)
        .build()
        .map_err(|e| Failure::fatal("run/runtime").with("why", e))?;
    let mut shared = Shared::default();
    if once {
        let mut code = ExitCode::SUCCESS;
        for context in &contexts {
            if let Err(failure) = runtime.block_on(pass(context, &mut shared)) {
                context.complain(&failure);
                code = ExitCode::FAILURE;
            }
        }
        return Ok(code);
    }
    let mut associations = Vec::new();
    for context in &contexts {
        match shared.setup(context, Clock::System).and_then(Association::open) {
            Ok(association) => associations.push(association),
            Err(failure) => {
                context.complain(&failure);
                return Ok(ExitCode::FAILURE);
            }
        }
    }
    let names: Vec<String> =
        associations.iter().map(|a| a.office().setup.config.association.short_name.clone()).collect();
    let ready = associations
        .first()
        .and_then(|a| a.office().setup.speech().ok().map(|s| s.say("run/ready", serde_json::json!({ "names": names }))))
        .unwrap_or_default();
    runtime.block_on(daemon::run(associations, &ready)).map(|()| ExitCode::SUCCESS)
}

/// One pass of one association, with its line.
async fn pass(context: &Context, shared: &mut Shared) -> Result<()> {
    let mut association = Association::open(shared.setup(context, Clock::System)?)?;
    let office = Arc::clone(association.office());
    let speech = office.setup.speech()?;
    let terminal = std::io::stderr().is_terminal();
    let pass = association
        .once(|done, remaining| {
            if terminal && remaining > 0 {
                let values = serde_json::json!({ "done": done, "all": done + remaining });
                let _ = write!(std::io::stderr(), "\r{}", speech.say("run/progress", values));
            }
        })
        .await;
    if terminal {
        let _ = write!(std::io::stderr(), "\r{:70}\r", "");
    }
    let _ = writeln!(std::io::stdout(), "{}", summary(&pass?, &office.setup, speech));
    Ok(())
}

/// What a pass did, in one line.
pub fn summary(pass: &Pass, setup: &Setup, speech: &Speech) -> String {
    let values = serde_json::json!({
        "association": setup.config.association.short_name,
        "send": setup.config.acknowledge.send,
        "pass": pass,
    });
    speech.say("run/once", values).trim().to_owned()
}

/// English, for journald or a terminal; never a name, an address or a text. A single pass only speaks of trouble.
fn log(once: bool) {
    use tracing_subscriber::EnvFilter;
    let usual = if once { "error" } else { "info" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    let under_systemd = std::env::var_os("JOURNAL_STREAM").is_some();
    let format = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    // journald has the time already.
    let _ = if under_systemd {
        format.without_time().with_ansi(false).try_init()
    } else {
        format.with_ansi(std::io::stderr().is_terminal()).try_init()
    };
}

/// Rules and words, loaded once for all associations that have none of their own.
#[derive(Debug, Default)]
pub struct Shared {
    loaded: Vec<Loaded>,
}

#[derive(Debug)]
struct Loaded {
    dir: PathBuf,
    language: String,
    rules: Arc<Rules>,
    speeches: Arc<[Speech]>,
}

impl Shared {
    /// Everything that an association needs to start, read from disk.
    pub fn setup(&mut self, context: &Context, clock: Clock) -> Result<Setup> {
        let config = context.config()?;
        let us = super::understand::ourselves(context, &config)?;
        let (rules, speeches) = self.load(context, &config)?;
        let beside = context.beside("");
        Ok(Setup { config, rules, speeches, us, beside, clock })
    }

    fn load(&mut self, context: &Context, config: &Config) -> Result<(Arc<Rules>, Arc<[Speech]>)> {
        let own = &config.association.rules_dir;
        let dir = if own.is_empty() { PathBuf::new() } else { context.beside(own) };
        let language = &config.association.language;
        if let Some(known) = self.loaded.iter().find(|l| l.dir == dir && l.language == *language) {
            return Ok((Arc::clone(&known.rules), Arc::clone(&known.speeches)));
        }
        let folders = context.rule_files(config)?;
        let rules = Arc::new(Rules::load(&folders)?);
        let speeches: Arc<[Speech]> = speeches(&folders, language)?.into();
        let loaded = Loaded { dir, language: language.clone(), rules, speeches };
        let pair = (Arc::clone(&loaded.rules), Arc::clone(&loaded.speeches));
        self.loaded.push(loaded);
        Ok(pair)
    }
}

/// The association's language first, then every other that has words.
fn speeches(folders: &[Files], language: &str) -> Result<Vec<Speech>> {
    let mut files = Files::new();
    for folder in folders {
        files.extend(folder.clone());
    }
    let mut speeches = vec![Speech::new(language, &files)?];
    let others = files.keys().filter_map(|path| path.strip_suffix("/words.toml")).filter(|l| *l != language);
    for other in others {
        speeches.push(Speech::new(other, &files)?);
    }
    Ok(speeches)
}
