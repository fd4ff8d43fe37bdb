//! Lines of the text part, folded for mail programs that do not fold them.
//!
//! Promises: breaks at spaces only (never at the no-break space of French typography), the rest of a line standing under
//! its text; loses no character but the space it breaks at.

/// Columns of a line: below the 78 of RFC 5322 §2.1.1, with room for a quote mark.
const COLUMNS: usize = 76;

/// Folds every line that is too long.
pub fn wrap(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 32);
    for line in text.split('\n') {
        fold(line.trim_end(), &mut out);
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn fold(line: &str, out: &mut String) {
    if line.chars().count() <= COLUMNS {
        out.push_str(line);
        return;
    }
    let indent = line.chars().take_while(|c| *c == ' ').count();
    let hanging = " ".repeat(if indent > 0 { indent + 2 } else { 0 });
    let mut column = 0;
    for (i, word) in line.split(' ').enumerate() {
        let width = word.chars().count();
        if i > 0 && column + 1 + width > COLUMNS && column > indent {
            out.push('\n');
            out.push_str(&hanging);
            column = hanging.len();
        } else if i > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += width;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_break_at_spaces_under_their_text() {
        let long = format!("  - {}", "mot\u{a0}: ".repeat(30));
        let wrapped = wrap(&long);
        assert!(wrapped.lines().all(|l| l.chars().count() <= COLUMNS), "{wrapped}");
        assert!(wrapped.lines().skip(1).all(|l| l.starts_with("    mot\u{a0}:")), "{wrapped}");
    }

    #[test]
    fn a_word_longer_than_a_line_is_kept_whole() {
        let long = "x".repeat(200);
        assert_eq!(wrap(&long), format!("{long}\n"));
    }
}
