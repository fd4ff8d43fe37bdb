//! Bytes → text, whatever the label says.
//!
//! Promises: valid UTF-8 with accents is UTF-8 even when labelled Latin-1; bytes that are not UTF-8 and carry no usable
//! label are windows-1252; never fails, never leaves a NUL. Charsets other than these are mail-parser's.

use mail_parser::decoders::charsets::map::charset_decoder;

/// Text of bytes with no label: valid UTF-8, else windows-1252.
pub fn guess(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => windows_1252(bytes),
    }
}

/// Text of bytes with the label that the message gives.
pub fn decode(bytes: &[u8], label: Option<&str>) -> String {
    let label = label.map(|l| l.trim().trim_matches(['"', '\'']).to_ascii_lowercase()).unwrap_or_default();
    if let Some(text) = marked(bytes) {
        return text;
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && (!text.is_ascii() || is_plain(&label))
    {
        return text.to_owned();
    }
    // Latin-1 is windows-1252 in the mail of every program: its typographic apostrophe stands where Latin-1 has controls.
    if is_plain(&label) || matches!(label.as_str(), "iso-8859-1" | "iso8859-1" | "latin1" | "windows-1252" | "cp1252") {
        return windows_1252(bytes);
    }
    match charset_decoder(label.as_bytes()) {
        Some(decode) => decode(bytes),
        None => windows_1252(bytes),
    }
}

fn is_plain(label: &str) -> bool {
    matches!(label, "" | "utf-8" | "utf8" | "us-ascii" | "ascii" | "unknown-8bit" | "x-unknown" | "default" | "8bit")
}

/// A byte order mark says more than any label.
fn marked(bytes: &[u8]) -> Option<String> {
    let utf16 = |order: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).skip(1).filter_map(|c| c.try_into().ok()).map(order);
        char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => Some(guess(rest)),
        [0xff, 0xfe, ..] => Some(utf16(u16::from_le_bytes)),
        [0xfe, 0xff, ..] => Some(utf16(u16::from_be_bytes)),
        _ => None,
    }
}

/// windows-1252, read where a stray byte is not UTF-8: whole UTF-8 sequences between stray bytes are kept.
fn windows_1252(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + bytes.len() / 8);
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        out.extend(chunk.invalid().iter().map(|b| one(*b)));
    }
    out
}

/// A character that a page names by a windows-1252 number.
pub fn browser(c: char) -> char {
    match u8::try_from(c) {
        Ok(byte @ 0x80..=0x9f) => one(byte),
        _ => c,
    }
}

fn one(byte: u8) -> char {
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘',
        '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    byte.checked_sub(0x80).and_then(|i| HIGH.get(usize::from(i)).copied()).unwrap_or(char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_or_lying_label_does_not_garble_accents() {
        for label in [None, Some("utf-8"), Some("us-ascii"), Some("iso-8859-1"), Some("windows-1252"), Some("klingon")]
        {
            assert_eq!(decode("déjà là, l’été".as_bytes(), label), "déjà là, l’été", "{label:?} over UTF-8");
            assert_eq!(decode(b"d\xe9j\xe0 l\xe0, l\x92\xe9t\xe9", label), "déjà là, l’été", "{label:?} over 1252");
        }
    }

    #[test]
    fn other_charsets_are_read_by_their_label() {
        assert_eq!(decode(b"\xcc\xe0\xf0\xf2", Some("windows-1251")), "Март");
        assert_eq!(decode(b"d+AOk-j+AOA-", Some("utf-7")), "déjà");
        assert_eq!(decode(b"\xff\xfeo\x00u\x00i\x00", None), "oui");
    }
}
