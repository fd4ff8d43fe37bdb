//! The command line: one file a command. Reads configuration and rules from disk, prints to the terminal.
//!
//! Exit codes: 0 done, 1 something is wrong and says what, 2 bad usage. What is printed for a person is in the
//! association's language (`rules/LANG/terminal.toml`); logs are English and go to standard error.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::failure::Result;

pub mod backup;
pub mod check;
pub mod context;
pub mod correct;
pub mod demo;
pub mod digest;
pub mod event;
pub mod export;
pub mod forget;
pub mod init;
pub mod purge;
pub mod roster;
pub mod rules;
pub mod run;
pub mod table;
pub mod understand;

pub use context::Context;

/// Reads the answers to an association's invitation, records and acknowledges them, and reports once a day.
#[derive(Debug, Parser)]
#[command(name = "astir-rsvp", version, about)]
struct Arguments {
    /// The configuration file; relative paths inside it are beside it.
    #[arg(long, global = true, value_name = "C", default_value = "/etc/astir-rsvp/config.toml")]
    config: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The whole job on a sample mailbox, without any account or server.
    Demo {
        /// Where to leave the results; a new temporary folder when not given.
        dir: Option<PathBuf>,
    },
    /// The daemon, for one association or several.
    Run {
        /// Configurations; `--config` when none is given.
        configs: Vec<PathBuf>,
        /// One pass (receive, record, send what is due), then exit.
        #[arg(long)]
        once: bool,
    },
    /// Writes a first configuration by asking six questions.
    Init,
    /// Checks configuration, rules, credentials, servers, clock and permissions: one line each.
    Check {
        /// Skips the servers.
        #[arg(long)]
        offline: bool,
    },
    /// Reads message files and prints what it understands; touches nothing.
    Understand(understand::Options),
    /// Who comes to what, with what.
    Roster {
        /// One JSON object.
        #[arg(long)]
        json: bool,
    },
    /// The digest: printed or sent.
    Digest {
        /// Prints the next digest.
        #[arg(long)]
        preview: bool,
        /// With --preview: the HTML part.
        #[arg(long, requires = "preview")]
        html: bool,
        /// Sends it now.
        #[arg(long, conflicts_with = "preview")]
        send: bool,
    },
    /// The spreadsheet, by the file's extension: .xlsx, .csv or .json.
    Export {
        /// The file to write.
        file: Option<PathBuf>,
        /// Everything held about one person.
        #[arg(long, value_name = "ADDRESS")]
        person: Option<String>,
    },
    /// The same corrections as organisers send by mail.
    Correct {
        /// One line, as in a reply to the digest.
        line: String,
    },
    /// Shows and changes the announced events.
    Event {
        /// Nothing: show. Else a change, as in a reply to the digest.
        change: Vec<String>,
    },
    /// Erases a person for good.
    Forget {
        /// The person's address.
        address: String,
    },
    /// Does now what retention would do.
    Purge,
    /// A consistent copy of the database while the daemon runs.
    Backup {
        /// The file to write.
        file: PathBuf,
    },
    /// Checks every rule against its own examples.
    Rules {
        /// A folder of rules to add; the association's own when not given.
        dir: Option<PathBuf>,
    },
}

/// Runs the program on the process's own arguments.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let context = Context::new(arguments.config.clone());
    match dispatch(&context, arguments.command) {
        Ok(code) => code,
        Err(failure) => {
            context.complain(&failure);
            ExitCode::FAILURE
        }
    }
}

fn dispatch(context: &Context, command: Command) -> Result<ExitCode> {
    match command {
        Command::Understand(options) => understand::run(context, &options),
        Command::Check { offline } => check::run(context, offline),
        Command::Demo { dir } => demo::run(dir.as_deref()),
        Command::Init => init::run(context),
        Command::Run { configs, once } => run::run(context, &configs, once),
        Command::Event { change } => event::run(context, &change),
        Command::Forget { address } => forget::run(context, &address),
        Command::Purge => purge::run(context),
        Command::Backup { file } => backup::run(context, &file),
        Command::Roster { json } => roster::run(context, json),
        Command::Rules { dir } => rules::run(context, dir.as_deref()),
        Command::Digest { html, send, .. } => digest::run(context, html, send),
        Command::Export { file, person } => export::run(context, file.as_deref(), person.as_deref()),
        Command::Correct { line } => correct::run(context, &line),
    }
}
