//! `export FILE.xlsx|.csv|.json` and `export --person ADDRESS [FILE.json]`: what is recorded, for people to look at.
//!
//! Promises: the file is readable by its owner alone; an existing file is replaced whole or not at all. The .csv holds
//! the answers; the other sheets need .xlsx or .json.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use super::Context;
use crate::failure::{Failure, Result};
use crate::sheet;
use crate::store::Store;

/// Runs it.
pub fn run(context: &Context, file: Option<&Path>, person: Option<&str>) -> Result<ExitCode> {
    let config = context.config()?;
    let speech = context.speech(&config)?;
    let extension = file.and_then(Path::extension).map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    if let Some(address) = person {
        let ledger = Store::open_existing(&context.beside(&config.store))?.ledger()?;
        let address = address.trim().trim_matches(['<', '>']).to_lowercase();
        let all = sheet::person::everything(&ledger, &address)
            .ok_or_else(|| Failure::permanent("export/nobody").with("address", &address))?;
        let text = serde_json::to_string_pretty(&all).unwrap_or_default() + "\n";
        return match file {
            None => {
                let _ = write!(std::io::stdout(), "{text}");
                Ok(ExitCode::SUCCESS)
            }
            Some(file) if extension == "json" => {
                write(file, text.as_bytes())?;
                let values = serde_json::json!({ "file": file.display().to_string() });
                let _ = writeln!(std::io::stdout(), "{}", speech.say("export/done", values));
                Ok(ExitCode::SUCCESS)
            }
            Some(file) => Err(Failure::permanent("export/person-json").with("file", file.display())),
        };
    }
    let Some(file) = file else { return Err(Failure::permanent("export/no-file")) };
    if !["xlsx", "csv", "json"].contains(&extension.as_str()) {
        return Err(Failure::permanent("export/extension").with("file", file.display()));
    }
    let ledger = Store::open_existing(&context.beside(&config.store))?.ledger()?;
    let tables = sheet::tables(&ledger, &config, &speech, jiff::Timestamp::now());
    let bytes = match (extension.as_str(), tables.first()) {
        ("csv", Some(answers)) => sheet::csv(answers).into_bytes(),
        ("json", _) => (serde_json::to_string_pretty(&sheet::json(&tables)).unwrap_or_default() + "\n").into_bytes(),
        _ => sheet::xlsx(&tables, &speech.say("sheet/notice", ()))?,
    };
    write(file, &bytes)?;
    let values = serde_json::json!({ "file": file.display().to_string() });
    let _ = writeln!(std::io::stdout(), "{}", speech.say("export/done", values));
    Ok(ExitCode::SUCCESS)
}

/// A new file beside, then renamed: a full disk leaves the old one.
fn write(file: &Path, bytes: &[u8]) -> Result<()> {
    let fail = |e: std::io::Error| Failure::permanent("export/write").with("file", file.display()).with("why", e);
    let mut name = file.as_os_str().to_owned();
    name.push(".part");
    let part = std::path::PathBuf::from(name);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&part).and_then(|mut f| f.write_all(bytes).and_then(|()| f.sync_all()));
    let written = written.and_then(|()| std::fs::rename(&part, file));
    if written.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    written.map_err(fail)
}
