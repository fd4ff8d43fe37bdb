//! Rust source made comparable: code without comments, strings and test modules; and the strings by themselves.
//!
//! Knows as much of the language as `rustfmt`ed code needs (nested comments, raw strings, lifetimes); no more.

use std::path::Path;

/// One source file.
#[derive(Clone)]
pub struct Source {
    /// From the repository's root, with `/`.
    pub path: String,
    /// As written.
    pub text: String,
    /// Comments, strings and characters blanked, test modules blanked; the lines stay where they are.
    pub code: String,
    /// Strings outside test modules: line (from 1) and text.
    pub strings: Vec<(usize, String)>,
}

impl Source {
    /// Takes a text apart. A file named `tests.rs` is a test module as a whole.
    pub fn new(path: &str, text: &str) -> Self {
        let (mut code, mut strings) = take_apart(text);
        blank_tests(&mut code);
        if path.ends_with("/tests.rs") || path.contains("/tests/") {
            code = blanked(&code);
        }
        let lines: Vec<&str> = code.lines().collect();
        // A string in a test module stands on a line whose code was blanked.
        strings.retain(|(line, _)| lines.get(line - 1).is_some_and(|l| l.contains('"')));
        Self { path: path.to_owned(), text: text.to_owned(), code, strings }
    }

    /// The top-level module a file of `src/` belongs to; `None` for `lib.rs` and `main.rs`.
    pub fn module(&self) -> Option<&str> {
        let inside = self.path.strip_prefix("src/")?;
        let name = inside.split(['/', '.']).next()?;
        (name != "lib" && name != "main").then_some(name)
    }

    /// Functions outside test modules: name, line (from 1) and length in lines.
    pub fn functions(&self) -> Vec<(String, usize, usize)> {
        let mut found = Vec::new();
        for (at, _) in self.code.match_indices("fn ") {
            if self.code[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_') {
                continue;
            }
            let rest = &self.code[at + 3..];
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let Some(open) = rest.find(['{', ';']) else { continue };
            if name.is_empty() || rest.as_bytes()[open] == b';' {
                continue;
            }
            let length = rest[..closing(rest, open)].matches('\n').count() + 1;
            found.push((name, self.code[..at].matches('\n').count() + 1, length));
        }
        found
    }
}

/// Every `.rs` file below a folder of the repository.
pub fn sources(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let inside = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
                found.push(Source::new(&inside, &std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The end (exclusive) of the block that opens at `open`.
fn closing(code: &str, open: usize) -> usize {
    let mut depth = 0;
    for (i, c) in code[open..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return open + i + 1;
        }
    }
    code.len()
}

fn blanked(code: &str) -> String {
    code.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect()
}

/// Blanks what stands behind `#[cfg(test)]`: a module or an item with a body, or a declaration.
fn blank_tests(code: &mut String) {
    while let Some(at) = code.find("#[cfg(test)]") {
        let end = code[at..].find(['{', ';']).map_or(code.len(), |open| match code.as_bytes()[at + open] {
            b'{' => closing(code, at + open),
            _ => at + open + 1,
        });
        let blank = blanked(&code[at..end]);
        code.replace_range(at..end, &blank);
    }
}

/// Code with comments and the inside of literals blanked (quotation marks stay), and the strings.
fn take_apart(text: &str) -> (String, Vec<(usize, String)>) {
    let chars: Vec<char> = text.chars().collect();
    let (mut code, mut strings) = (String::new(), Vec::new());
    let (mut i, mut line) = (0, 1);
    let at = |i: usize| chars.get(i).copied().unwrap_or('\0');
    while i < chars.len() {
        let end = match (at(i), at(i + 1)) {
            ('/', '/') => (i..chars.len()).find(|&j| at(j) == '\n').unwrap_or(chars.len()),
            ('/', '*') => comment_end(&chars, i),
            ('"', _) => string_end(&chars, i + 1),
            ('r', '"' | '#') if !word(&code) => raw_end(&chars, i).unwrap_or(i),
            ('\'', _) => char_end(&chars, i).unwrap_or(i),
            _ => i,
        };
        if end == i {
            code.push(at(i));
            line += usize::from(at(i) == '\n');
            i += 1;
            continue;
        }
        let piece: String = chars[i..end].iter().collect();
        let string = matches!(at(i), '"' | 'r');
        if string {
            strings.push((line, piece.clone()));
        }
        let last = piece.chars().count() - 1;
        code.extend(piece.chars().enumerate().map(|(j, c)| match c {
            '\n' => '\n',
            _ if string && (j == 0 || j == last) => '"',
            _ => ' ',
        }));
        line += piece.matches('\n').count();
        i = end;
    }
    (code, strings)
}

/// Whether the code so far ends inside a word (`for` before a quotation mark is no raw string).
fn word(code: &str) -> bool {
    code.chars().next_back().is_some_and(|c| (c.is_alphanumeric() && c != 'b') || c == '_')
}

fn comment_end(chars: &[char], start: usize) -> usize {
    let (mut depth, mut i) = (0, start);
    while i + 1 < chars.len() {
        match (chars[i], chars[i + 1]) {
            ('/', '*') => (depth, i) = (depth + 1, i + 2),
            ('*', '/') => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            return i;
        }
    }
    chars.len()
}

fn string_end(chars: &[char], mut i: usize) -> usize {
    while i < chars.len() {
        match chars[i] {
            '\\' => i += 2,
            '"' => return i + 1,
            _ => i += 1,
        }
    }
    chars.len()
}

fn raw_end(chars: &[char], start: usize) -> Option<usize> {
    let hashes = chars[start + 1..].iter().take_while(|c| **c == '#').count();
    let open = start + 1 + hashes;
    (chars.get(open) == Some(&'"')).then_some(())?;
    let close =
        |i: usize| chars[i] == '"' && chars[i + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes;
    Some((open + 1..chars.len()).find(|&i| close(i)).map_or(chars.len(), |i| i + 1 + hashes))
}

/// The end of a character literal; `None` for a lifetime.
fn char_end(chars: &[char], start: usize) -> Option<usize> {
    if chars.get(start + 1) == Some(&'\\') {
        return (start + 3..chars.len()).find(|&i| chars[i] == '\'').map(|i| i + 1);
    }
    (chars.get(start + 2) == Some(&'\'')).then_some(start + 3)
}

#[test]
fn code_and_strings_are_told_apart() {
    let text = r##"//! "non"
fn a<'a>(x: &'a str) -> char { /* "é" /* */ */ let _ = r#"un " deux"#; let _ = "tr\"ois"; '"' }
#[cfg(test)]
mod tests {
    const HIDDEN: &str = "quatre }";
}
fn b() {
}
"##;
    let source = Source::new("src/x.rs", text);
    let strings: Vec<&str> = source.strings.iter().map(|(_, s)| s.as_str()).collect();
    assert_eq!(strings, [r##"r#"un " deux"#"##, r#""tr\"ois""#]);
    assert_eq!(source.functions(), [("a".to_owned(), 2, 1), ("b".to_owned(), 7, 2)]);
    assert_eq!(source.code.lines().count(), text.lines().count());
    assert!(!source.code.contains("HIDDEN") && !source.code.contains("deux"));
}
