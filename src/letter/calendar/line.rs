//! Content lines of RFC 5545 §3.1: unfolded, cut into name, parameters and value. A line that is none is passed over.

/// One content line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Property {
    /// Upper case, without a group.
    pub(super) name: String,
    parameters: Vec<(String, String)>,
    /// As written: escapes stand.
    pub(super) value: String,
}

impl Property {
    /// The value of a parameter, quotes removed.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// The value as text: escapes undone.
    pub(super) fn text(&self) -> String {
        unescape(&self.value)
    }
}

/// The content lines of a calendar, in order.
pub(super) fn properties(text: &str) -> impl Iterator<Item = Property> {
    unfold(text).into_iter().filter_map(|line| property(&line))
}

/// A line that starts with a space or a tab continues the one before (§3.1).
fn unfold(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(more), Some(last)) => last.push_str(more),
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

fn property(line: &str) -> Option<Property> {
    let line = line.trim_start_matches('\u{feff}');
    let mut parts: Vec<String> = vec![String::new()];
    let mut quoted = false;
    let mut value = None;
    for (at, c) in line.char_indices() {
        match c {
            '"' => quoted = !quoted,
            ';' if !quoted => parts.push(String::new()),
            ':' if !quoted => {
                value = line.get(at + 1..);
                break;
            }
            c => {
                if let Some(last) = parts.last_mut() {
                    last.push(c);
                }
            }
        }
    }
    let value = value?.to_owned();
    let mut parts = parts.into_iter();
    let name = parts.next()?.trim().to_ascii_uppercase();
    if name.is_empty() || name.contains(char::is_whitespace) {
        return None;
    }
    let parameters =
        parts.filter_map(|p| p.split_once('=').map(|(n, v)| (n.trim().to_ascii_uppercase(), v.to_owned()))).collect();
    Some(Property { name, parameters, value })
}

/// Undoes the escapes of TEXT (§3.3.11) and of parameter values (RFC 6868).
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', Some('n' | 'N')) | ('^', Some('n')) => {
                chars.next();
                out.push('\n');
            }
            ('\\', Some(&next @ ('\\' | ',' | ';' | ':' | '"'))) => {
                chars.next();
                out.push(next);
            }
            ('^', Some('\'')) => {
                chars.next();
                out.push('"');
            }
            (c, _) => out.push(c),
        }
    }
    out.trim().to_owned()
}
