//! Bytes as they came → bytes that the MIME parser can be given.
//!
//! Promises: mails nested in mails beyond any use are cut off, because the parser keeps them inside one another and
//! taking that apart again recurses; line ends of CR alone become LF. Everything else is passed on as it is.

use std::borrow::Cow;

/// Mails and digests inside one message: beyond it the rest is not read.
const DEEPEST: usize = 150;
/// What an encoded mail inside a mail is called instead: the parser must not open it (RFC 2046 forbids it anyway).
pub const SEALED_MAIL: &str = "message/rfc-64";

/// The bytes to parse, and whether some were cut off.
pub fn source(bytes: &[u8]) -> (Cow<'_, [u8]>, bool) {
    let bytes = if !bytes.contains(&b'\n') && bytes.contains(&b'\r') {
        Cow::Owned(bytes.iter().map(|b| if *b == b'\r' { b'\n' } else { *b }).collect())
    } else {
        Cow::Borrowed(bytes)
    };
    let nested = nested(&bytes);
    let cut = nested.get(DEEPEST).copied();
    let end = cut.unwrap_or(bytes.len());
    let sealed: Vec<usize> = nested.into_iter().take(DEEPEST).filter(|at| encoded(&bytes, *at)).collect();
    if sealed.is_empty() && cut.is_none() {
        return (bytes, false);
    }
    let mut out = bytes.get(..end).unwrap_or(&bytes).to_vec();
    for at in sealed {
        if let Some(name) = out.get_mut(at..at + 6) {
            name.copy_from_slice(b"rfc-64");
        }
    }
    (Cow::Owned(out), cut.is_some())
}

/// Where the names of types that hold mails stand, at most one more than are read.
fn nested(bytes: &[u8]) -> Vec<usize> {
    let names = bytes.windows(7).enumerate().filter(|(_, w)| {
        matches!(w.first(), Some(b'/'))
            && w.get(1..).is_some_and(|n| {
                n.eq_ignore_ascii_case(b"rfc822")
                    || n.eq_ignore_ascii_case(b"digest")
                    || n.eq_ignore_ascii_case(b"global")
            })
    });
    names.map(|(at, _)| at + 1).take(DEEPEST + 1).collect()
}

/// The header block around a type's name says that the part is encoded.
fn encoded(bytes: &[u8], at: usize) -> bool {
    let before = bytes.get(at.saturating_sub(2_000)..at).unwrap_or(&[]);
    let after = bytes.get(at..bytes.len().min(at + 2_000)).unwrap_or(&[]);
    let clean = |b: &[u8]| String::from_utf8_lossy(b).replace('\r', "").to_ascii_lowercase();
    let before = clean(before);
    let after = clean(after);
    let block = before.rsplit("\n\n").next().unwrap_or("").to_owned() + after.split("\n\n").next().unwrap_or("");
    block.contains("base64") || block.contains("quoted-printable")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_message_is_passed_on_as_it_is() {
        let mail = b"From: a@b.example\n\noui";
        assert!(matches!(source(mail), (Cow::Borrowed(b), false) if b == mail));
    }

    #[test]
    fn an_encoded_mail_in_a_mail_is_not_opened() {
        let mail = "--x\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nRnJvbTogYQ==\n--x--\n";
        let (bytes, cut) = source(mail.as_bytes());
        assert!(!cut && String::from_utf8_lossy(&bytes).contains(SEALED_MAIL));
    }

    #[test]
    fn mails_in_mails_end_somewhere() {
        let mail = "Content-Type: message/rfc822\n\n".repeat(DEEPEST * 2);
        assert!(source(mail.as_bytes()).1);
    }
}
