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
    let Some(engine) = engine() else { return name.to_owned() };
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

/// A folder name as a person reads it; one that cannot be decoded stays as the server wrote it.
pub(super) fn shown(name: &str) -> String {
    decoded(name).unwrap_or_else(|| name.to_owned())
}

fn decoded(name: &str) -> Option<String> {
    let engine = engine()?;
    let mut parts = name.split('&');
    let mut out = parts.next()?.to_owned();
    for part in parts {
        let (code, rest) = part.split_once('-')?;
        if code.is_empty() {
            out.push('&');
        } else {
            let bytes = engine.decode(code).ok()?;
            let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|unit| u16::from_be_bytes(*unit)).collect();
            out.push_str(&String::from_utf16(&units).ok()?);
        }
        out.push_str(rest);
    }
    Some(out)
}

/// Base64 as modified UTF-7 has it: `,` for `/`, no padding.
fn engine() -> Option<GeneralPurpose> {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";
    Some(GeneralPurpose::new(&Alphabet::new(letters).ok()?, NO_PAD))
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
        for name in ["INBOX", "[Gmail]/Messages envoyés", "été & œuvre", "台北", "😀"] {
            assert_eq!(shown(&folder(name)), name);
        }
        assert_eq!(shown("R&D"), "R&D", "not encoded at all");
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
