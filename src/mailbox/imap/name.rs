//! How IMAP writes strings and folder names.

use base64::Engine;
use base64::alphabet::Alphabet;
use base64::engine::GeneralPurpose;
use base64::engine::general_purpose::NO_PAD;

/// A quoted string (RFC 3501 §4.3). Line ends and NUL, which cannot be in one, are left out.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars().filter(|c| !matches!(c, '\r' | '\n' | '\0')) {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('"');
    out
}

/// A folder name in modified UTF-7 (RFC 3501 §5.1.3), as a person writes it: `Réponses` → `R&AOk-ponses`. A name that
/// is ASCII already stays as it is, so that one copied from the server works too.
pub(super) fn folder(name: &str) -> String {
    if name.is_ascii() {
        return name.to_owned();
    }
    let Ok(alphabet) = Alphabet::new("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,") else {
        return name.to_owned();
    };
    let engine = GeneralPurpose::new(&alphabet, NO_PAD);
    let mut out = String::new();
    let mut shifted: Vec<u8> = Vec::new();
    for c in name.chars() {
        if matches!(c, ' '..='~') {
            flush(&mut out, &mut shifted, &engine);
            out.push_str(if c == '&' { "&-" } else { "" });
            if c != '&' {
                out.push(c);
            }
        } else {
            shifted.extend(c.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    flush(&mut out, &mut shifted, &engine);
    out
}

fn flush(out: &mut String, shifted: &mut Vec<u8>, engine: &GeneralPurpose) {
    if !shifted.is_empty() {
        out.push('&');
        out.push_str(&engine.encode(&shifted));
        out.push('-');
        shifted.clear();
    }
}

/// A set of UIDs (RFC 3501 §9, sequence-set) from ascending ones: `1:3,7`.
pub(super) fn set(uids: &[u32]) -> String {
    let mut out = String::new();
    let mut run: Option<(u32, u32)> = None;
    for &uid in uids {
        match run {
            Some((first, last)) if last.checked_add(1) == Some(uid) => run = Some((first, uid)),
            Some(done) => {
                push(&mut out, done);
                run = Some((uid, uid));
            }
            None => run = Some((uid, uid)),
        }
    }
    if let Some(done) = run {
        push(&mut out, done);
    }
    out
}

fn push(out: &mut String, (first, last): (u32, u32)) {
    if !out.is_empty() {
        out.push(',');
    }
    out.push_str(&first.to_string());
    if last > first {
        out.push(':');
        out.push_str(&last.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folder_names_are_written_in_modified_utf_7() {
        assert_eq!(folder("INBOX"), "INBOX");
        assert_eq!(folder("[Gmail]/Messages envoyés"), "[Gmail]/Messages envoy&AOk-s");
        assert_eq!(folder("été & œuvre"), "&AOk-t&AOk- &- &AVM-uvre");
        assert_eq!(folder("台北"), "&U,BTFw-");
    }

    #[test]
    fn uids_are_written_as_short_closed_sets() {
        assert_eq!(set(&[1, 2, 3, 7, 9, 10]), "1:3,7,9:10");
        assert_eq!(set(&[u32::MAX]), "4294967295");
        assert_eq!(set(&[]), "");
    }

    #[test]
    fn quoted_strings_cannot_be_broken_out_of() {
        assert_eq!(quoted("a\"b\\c\r\nx1 LOGOUT"), "\"a\\\"b\\\\cx1 LOGOUT\"");
    }
}
