//! The laws of `src/lib.rs` that a test can hold. Each check is shown a bad sample first: it can fail.
//!
//! Reads the sources as text; promises nothing about what macros expand to.

mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use source::{Source, sources};

/// Crates that several modules may name, and why.
const SHARED: [(&str, &str); 14] = [
    ("serde", "values that are written and read"),
    ("serde_json", "values for templates, JSON in the ledger and on the terminal"),
    ("toml", "configuration, rules, sentences"),
    ("jiff", "dates and times are values everywhere"),
    ("regex", "rules and header lines"),
    ("include_dir", "what ships inside the binary"),
    ("sha2", "a letter's hash, an erased address"),
    ("base64", "log-in and MIME"),
    ("tokio", "the edges and the loop"),
    ("tokio_rustls", "TLS to both servers"),
    ("rustls_platform_verifier", "TLS to both servers"),
    ("rustls_pemfile", "TLS to both servers"),
    ("futures_util", "the edges and the loop"),
    ("tracing", "the edges and the loop"),
];

/// What no module above the edges may name: clock, files, sockets, database, waiting, logging.
const IMPURE: [&str; 26] = [
    "std::fs",
    "std::io",
    "TcpStream",
    "std::env",
    "std::process",
    "std::thread",
    "std::time",
    "SystemTime",
    "Instant::",
    "Timestamp::now",
    "Zoned::now",
    "async fn",
    "async move",
    ".await",
    "tokio",
    "tracing",
    "println!",
    "eprintln!",
    "rusqlite",
    "async_imap",
    "lettre",
    "socket2",
    "sd_notify",
    "rust_xlsxwriter",
    "UdpSocket",
    "ToSocketAddrs",
];

/// Everything at the top of the repository.
const TOP: [&str; 12] = [
    ".ci",
    ".gitignore",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "build.rs",
    "deploy",
    "rules",
    "rustfmt.toml",
    "src",
    "tests",
];

/// Modules that do not know each other, whatever their order.
const STRANGERS: [&str; 3] = ["mailbox", "store", "submit"];

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The modules of `lib.rs` in order, each with its part (`words`, `pure`, `edges`, `shell`).
fn modules(lib: &str) -> Vec<(String, String)> {
    let mut part = String::new();
    let mut found = Vec::new();
    for line in lib.lines() {
        if let Some(title) = line.strip_prefix("// ── ") {
            part = title.split([':', ' ']).next().unwrap_or("").to_owned();
        } else if let Some(name) = line.strip_prefix("pub mod ").or_else(|| line.strip_prefix("mod ")) {
            found.push((name.trim_end_matches(';').to_owned(), part.clone()));
        }
    }
    found
}

/// Top-level modules named as `crate::x` or in a group `crate::{x::y, z}`, with the line.
fn named(source: &Source) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, _) in source.code.match_indices("crate::") {
        let line = source.code[..at].matches('\n').count() + 1;
        let rest = &source.code[at + 7..];
        let mut depth = 0;
        let mut word = String::new();
        let mut whole = true; // still in the first segment
        for c in rest.chars() {
            match c {
                '{' => depth += 1,
                c if (c.is_alphanumeric() || c == '_') && whole && depth <= 1 => word.push(c),
                ':' => whole = false,
                ',' | '}' if depth <= 1 => {
                    if !word.is_empty() {
                        found.push((line, std::mem::take(&mut word)));
                    }
                    whole = true;
                    depth -= i32::from(c == '}');
                }
                '}' => depth -= 1,
                c if c.is_whitespace() && depth > 0 => {}
                _ if depth > 0 => {}
                _ => break,
            }
            if depth < 0 || (depth == 0 && (c == '}' || !whole)) {
                break;
            }
        }
        if !word.is_empty() {
            found.push((line, word));
        }
    }
    found
}

fn against_the_order(lib: &str, sources: &[Source]) -> Vec<String> {
    let order: Vec<String> = modules(lib).into_iter().map(|(name, _)| name).collect();
    let rank = |name: &str| order.iter().position(|m| m == name);
    let mut wrong = Vec::new();
    for source in sources {
        let Some(own) = source.module() else { continue };
        for (line, name) in named(source) {
            let below = match (rank(&name), rank(own)) {
                (Some(named), Some(own)) => named > own,
                _ => rank(own).is_none(),
            };
            let strangers = name != own && STRANGERS.contains(&name.as_str()) && STRANGERS.contains(&own);
            if below || strangers {
                wrong.push(format!("{}:{line}: {own} may not name {name}", source.path));
            }
        }
    }
    wrong
}

fn french_in_code(sources: &[Source]) -> Vec<String> {
    let french = |c: char| "àâäçéèêëîïôöùûüÿœæ".contains(c.to_lowercase().next().unwrap_or(c));
    let strings = sources.iter().flat_map(|s| s.strings.iter().map(move |(line, text)| (s, line, text)));
    strings.filter(|(_, _, t)| t.contains(french)).map(|(s, line, t)| format!("{}:{line}: {t}", s.path)).collect()
}

fn too_long(sources: &[Source]) -> Vec<String> {
    let mut wrong = Vec::new();
    for source in sources {
        let lines = source.text.lines().count();
        if lines > 500 {
            wrong.push(format!("{}: {lines} lines, 500 are allowed", source.path));
        }
        for (name, line, length) in source.functions().into_iter().filter(|f| f.2 > 70) {
            wrong.push(format!("{}:{line}: {name} has {length} lines, 70 are allowed", source.path));
        }
    }
    wrong
}

fn without_header(sources: &[Source]) -> Vec<String> {
    sources.iter().filter(|s| !s.text.starts_with("//! ")).map(|s| format!("{}: no //! header", s.path)).collect()
}

fn impure(lib: &str, sources: &[Source]) -> Vec<String> {
    let parts: BTreeMap<String, String> = modules(lib).into_iter().collect();
    let mut wrong = Vec::new();
    for source in sources {
        let part = source.module().and_then(|m| parts.get(m)).map(String::as_str);
        if !matches!(part, Some("words" | "pure")) {
            continue;
        }
        for (i, line) in source.code.lines().enumerate() {
            for what in IMPURE.iter().filter(|w| line.contains(**w)) {
                wrong.push(format!("{}:{}: {what} above the edges", source.path, i + 1));
            }
        }
    }
    wrong
}

/// Names of the crates in `[dependencies]`, as code writes them.
fn dependencies(manifest: &str) -> Vec<String> {
    let manifest: toml::Table = manifest.parse().unwrap();
    manifest["dependencies"].as_table().unwrap().keys().map(|k| k.replace('-', "_")).collect()
}

fn crates_in_several_modules(manifest: &str, sources: &[Source]) -> Vec<String> {
    let mut wrong = Vec::new();
    for name in dependencies(manifest) {
        if SHARED.iter().any(|(shared, _)| *shared == name) {
            continue;
        }
        let path = regex::Regex::new(&format!(r"(^|[^\w:.]){name}(::|\s*;|!)")).unwrap();
        let users = sources.iter().filter(|s| path.is_match(&s.code)).map(|s| s.module().unwrap_or("main").to_owned());
        let users: BTreeSet<String> = users.collect();
        if users.len() > 1 {
            wrong.push(format!("{name} is named by {}", users.into_iter().collect::<Vec<_>>().join(" and ")));
        }
    }
    wrong
}

fn unknown_at_the_top(entries: &[String], ignored: &str) -> Vec<String> {
    let ignored: Vec<&str> = ignored.lines().map(|l| l.trim_end_matches('/')).chain([".git"]).collect();
    entries.iter().filter(|e| !TOP.contains(&e.as_str()) && !ignored.contains(&e.as_str())).cloned().collect()
}

/// Nothing is wrong with the repository, something is with the sample.
fn hold(real: &[String], sample: &[String], expected: &[&str]) {
    assert_eq!(sample, expected, "the check must see what is wrong with the bad sample");
    assert!(real.is_empty(), "\n{}\n", real.join("\n"));
}

const LIB: &str = "// ── words: types only ──\npub mod event;\n// ── edges ──\npub mod mailbox;\npub mod store;\n";

fn sample(path: &str, text: &str) -> Vec<Source> {
    vec![Source::new(path, text)]
}

#[test]
fn a_module_names_only_modules_declared_above_it() {
    let bad = "//! x\nuse crate::{store::{Store, Row}, event::Event};\nuse crate::event::Event;\n// crate::store\n";
    let bad = against_the_order(LIB, &sample("src/event/x.rs", bad));
    let strangers = against_the_order(LIB, &sample("src/store.rs", "//! x\nuse crate::mailbox::Box;\n"));
    let real = against_the_order(&read("src/lib.rs"), &sources("src"));
    hold(&real, &bad, &["src/event/x.rs:2: event may not name store"]);
    assert_eq!(strangers, ["src/store.rs:2: store may not name mailbox"]);
}

#[test]
fn every_module_of_the_library_belongs_to_a_part() {
    let modules = modules(&read("src/lib.rs"));
    let parts: BTreeSet<&str> = modules.iter().map(|(_, part)| part.as_str()).collect();
    assert_eq!(parts, BTreeSet::from(["words", "pure", "edges", "shell"]));
    let declared: BTreeSet<&str> = modules.iter().map(|(name, _)| name.as_str()).collect();
    let sources = sources("src");
    let found: BTreeSet<&str> = sources.iter().filter_map(Source::module).collect();
    assert_eq!(found, declared);
}

#[test]
fn no_french_is_written_in_the_code() {
    let bad = "//! été\nfn a() { b(\"réponse\"); c('é'); d(\"answer\") }\n#[cfg(test)]\nmod tests { const A: &str = \"été\"; }\n";
    hold(&french_in_code(&sources("src")), &french_in_code(&sample("src/a.rs", bad)), &["src/a.rs:2: \"réponse\""]);
}

#[test]
fn files_and_functions_are_short() {
    let bad = format!("//! x\nfn long() {{\n{}}}\n", "    a();\n".repeat(500));
    let expected = ["src/a.rs: 503 lines, 500 are allowed", "src/a.rs:2: long has 502 lines, 70 are allowed"];
    let mut all = sources("src");
    all.extend(sources("tests"));
    hold(&too_long(&all), &too_long(&sample("src/a.rs", &bad)), &expected);
}

#[test]
fn every_file_opens_with_what_it_promises() {
    let mut all = sources("src");
    all.extend(sources("tests"));
    hold(&without_header(&all), &without_header(&sample("src/a.rs", "fn a() {}\n")), &["src/a.rs: no //! header"]);
}

#[test]
fn pure_modules_know_no_clock_file_socket_or_database() {
    let bad = "//! tokio\nfn a() { std::fs::read(\"tokio\"); Timestamp::now() }\n";
    let expected = ["src/event.rs:2: std::fs above the edges", "src/event.rs:2: Timestamp::now above the edges"];
    assert!(impure(LIB, &sample("src/store.rs", bad)).is_empty(), "an edge may");
    hold(&impure(&read("src/lib.rs"), &sources("src")), &impure(LIB, &sample("src/event.rs", bad)), &expected);
}

#[test]
fn each_outside_crate_is_named_in_one_module() {
    let manifest = "[dependencies]\nsome-crate = \"1\"\nserde = \"1\"\n";
    let text = "//! x\nuse some_crate::A;\nuse serde::B;\n";
    let bad = [sample("src/store.rs", text), sample("src/sheet/x.rs", text)].concat();
    let bad = crates_in_several_modules(manifest, &bad);
    let real = crates_in_several_modules(&read("Cargo.toml"), &sources("src"));
    hold(&real, &bad, &["some_crate is named by sheet and store"]);
}

#[test]
fn the_top_of_the_repository_holds_little() {
    let entries = std::fs::read_dir(env!("CARGO_MANIFEST_DIR")).unwrap();
    let entries: Vec<String> = entries.map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    let bad = ["src", "target", "notes.txt"].map(str::to_owned);
    let ignored = read(".gitignore");
    hold(&unknown_at_the_top(&entries, &ignored), &unknown_at_the_top(&bad, &ignored), &["notes.txt"]);
}
