//! What the sender newly wrote, mail program by mail program: `tests/quotes/NAME.eml` with `NAME.txt`.
//!
//! Each mail is read as it stands and in variants made from it: line ends, no-break spaces, transfer encodings and
//! charsets; with what we sent known, and (but for the mails that need it) unknown.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use astir_rsvp::letter::{self, Letter, Ourselves, Trouble, Writer};
use astir_rsvp::rules::{self, Rules};

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::load(&[rules::embedded()]).unwrap());

/// Nothing but our own words tells these from a quote.
const NEED_OURS: [&str; 2] = ["outlook-bottom-fr", "trap-bare-paste-fr"];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/quotes")
}

fn us(known: bool) -> Ourselves {
    let mut us = Ourselves { addresses: vec!["amis@pre.example".to_owned()], ..Ourselves::default() };
    if known {
        letter::know_invitation(&mut us, &fs::read(folder().join("invitation.txt")).unwrap());
    }
    us
}

fn mails() -> BTreeMap<String, String> {
    let files = fs::read_dir(folder()).unwrap().map(|f| f.unwrap().path());
    let mails = files.filter(|p| p.extension().is_some_and(|e| e == "eml"));
    mails.map(|p| (p.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&p).unwrap())).collect()
}

/// White space is one space; the no-break ones, too.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn expected(name: &str) -> (String, String) {
    let text = fs::read_to_string(folder().join(format!("{name}.txt"))).unwrap();
    let (reply, signature) = text.split_once("\n-- \n").unwrap_or((&text, ""));
    (flat(reply), flat(signature))
}

/// The mails whose reading is not as expected, with what was read.
fn wrong(known: bool, variant: impl Fn(&str, &str) -> Option<Vec<u8>>) -> Vec<String> {
    let us = us(known);
    let mut wrong = Vec::new();
    for (name, mail) in mails() {
        let Some(bytes) = variant(&name, &mail) else { continue };
        let letter = letter::read(&bytes, &RULES, &us);
        let got = (flat(&letter.reply_text()), flat(&letter.signature));
        let want = expected(&name);
        if got != want {
            wrong.push(format!("{name}\n  want {want:?}\n  got  {got:?}"));
        }
    }
    wrong
}

fn all_right(known: bool, variant: impl Fn(&str, &str) -> Option<Vec<u8>>) {
    let wrong = wrong(known, variant);
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_program_is_read_when_we_know_what_we_sent() {
    all_right(true, |_, mail| Some(mail.as_bytes().to_vec()));
}

#[test]
fn every_program_is_read_when_we_do_not_know_what_we_sent() {
    all_right(false, |name, mail| (!NEED_OURS.contains(&name)).then(|| mail.as_bytes().to_vec()));
}

#[test]
fn line_ends_of_the_wire_change_nothing() {
    all_right(true, |_, mail| Some(mail.replace('\n', "\r\n").into_bytes()));
}

#[test]
fn no_break_spaces_before_the_colon_change_nothing() {
    for space in ["\u{a0}", "\u{202f}"] {
        let wrong = wrong(false, |name, mail| {
            (!NEED_OURS.contains(&name)).then(|| mail.replace(" :", &format!("{space}:")).into_bytes())
        });
        assert!(wrong.is_empty(), "{space:?}: {}", wrong.join("\n"));
    }
}

/// Each text part of a mail encoded anew; its header lines changed by `relabel`.
fn encoded(mail: &str, relabel: impl Fn(&str) -> String, encode: impl Fn(&str) -> Vec<u8>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut body = String::new();
    let mut in_body = false;
    let multipart = mail.contains("boundary=");
    for line in mail.split_inclusive('\n') {
        if in_body && line.starts_with("--=_b1") {
            out.extend(encode(&std::mem::take(&mut body)));
            out.extend(b"\n");
            in_body = false;
        }
        if in_body {
            body.push_str(line);
            continue;
        }
        let part = line.starts_with("Content-T") && !line.contains("multipart");
        out.extend(if part { relabel(line) } else { line.to_owned() }.into_bytes());
        in_body = line == "\n" && (!multipart || out.windows(7).any(|w| w == b"\n--=_b1"));
    }
    out.extend(encode(&body));
    out
}

fn base64_lines(bytes: &[u8]) -> Vec<u8> {
    use base64::Engine;
    let text = base64::engine::general_purpose::STANDARD.encode(bytes);
    text.as_bytes().chunks(76).flat_map(|c| [c, b"\n"].concat()).collect()
}

fn quoted_printable(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for line in text.split_inclusive('\n') {
        let mut column = 0;
        let content = line.strip_suffix('\n').unwrap_or(line);
        for (i, b) in content.bytes().enumerate() {
            let last = i + 1 == content.len();
            let plain = (33..=126).contains(&b) && b != b'=' || (b == b' ' && !last);
            let unit = if plain { vec![b] } else { format!("={b:02X}").into_bytes() };
            if column + unit.len() > 75 {
                out.extend(b"=\n");
                column = 0;
            }
            column += unit.len();
            out.extend(unit);
        }
        if line.ends_with('\n') {
            out.push(b'\n');
        }
    }
    out
}

/// windows-1252 bytes, or nothing where a character has none.
fn windows_1252(text: &str) -> Option<Vec<u8>> {
    text.chars()
        .map(|c| match c {
            '\u{2019}' => Some(0x92),
            '\u{2018}' => Some(0x91),
            'œ' => Some(0x9c),
            c => u8::try_from(c).ok().filter(|b| !(0x80..0xa0).contains(b)),
        })
        .collect()
}

#[test]
fn quoted_printable_and_base64_change_nothing() {
    all_right(true, |_, mail| Some(encoded(mail, |l| l.replace("8bit", "quoted-printable"), quoted_printable)));
    all_right(true, |_, mail| Some(encoded(mail, |l| l.replace("8bit", "base64"), |t| base64_lines(t.as_bytes()))));
}

#[test]
fn windows_1252_reads_the_same_whatever_its_label_says() {
    for label in ["windows-1252", "iso-8859-1", "utf-8", "us-ascii"] {
        let wrong = wrong(true, |_, mail| {
            windows_1252(mail)?;
            Some(encoded(mail, |l| l.replace("utf-8", label), |t| windows_1252(t).unwrap_or_default()))
        });
        assert!(wrong.is_empty(), "{label}: {}", wrong.join("\n"));
    }
}

#[test]
fn utf_8_reads_the_same_without_a_label_or_with_a_false_one() {
    for label in ["", "; charset=iso-8859-1", "; charset=us-ascii", "; charset=x-nothing"] {
        let wrong = wrong(true, |_, mail| {
            Some(encoded(mail, |l| l.replace("; charset=utf-8", label), |t| t.as_bytes().to_vec()))
        });
        assert!(wrong.is_empty(), "{label}: {}", wrong.join("\n"));
    }
}

#[test]
fn answers_between_quotes_keep_the_lines_right_above_them() {
    let mail = fs::read(folder().join("thunderbird-inline-fr.eml")).unwrap();
    let letter = letter::read(&mail, &RULES, &us(false));
    let pieces = letter.pieces();
    let first: Vec<(&str, &str)> = pieces.into_iter().take(2).collect();
    let want = [
        ("Chacun apporte un plat à partager.", "Une tarte aux pommes."),
        ("Merci de nous dire combien vous serez.", "Deux.\n\nColette"),
    ];
    assert_eq!(first, want);
}

#[test]
fn a_forward_of_our_invitation_is_an_answer_and_one_of_another_mail_is_passed_on() {
    let forwards = |name: &str| {
        let letter = letter::read(&fs::read(folder().join(name)).unwrap(), &RULES, &us(false));
        (letter.forwards, letter.quotes_us)
    };
    assert_eq!(forwards("gmail-forward-fr.eml"), (false, true));
    assert_eq!(forwards("thunderbird-forward-fr.eml"), (true, false));
    assert_eq!(forwards("apple-mail-forward-fr.eml"), (true, false));
    assert_eq!(forwards("gmail-forward-answer-fr.eml"), (true, true));
    assert_eq!(forwards("gmail-web-fr.eml"), (false, true));
    assert_eq!(forwards("trap-dash-list-fr.eml"), (false, false));
}

#[test]
fn a_mail_attached_is_passed_on_and_its_text_is_not_the_senders() {
    let mail = "From: a@b.example\nSubject: sa réponse\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n\
        --x\nContent-Type: text/plain\n\nVoir ci-joint.\n--x\nContent-Type: message/rfc822\n\n\
        From: lucie@c.example\nSubject: le repas\n\nJe viendrai.\n--x--\n";
    let letter = letter::read(mail.as_bytes(), &RULES, &us(true));
    assert_eq!((letter.reply_text().as_str(), letter.forwards), ("Voir ci-joint.", true));
    assert_eq!(letter.attachments.first().map(|a| a.media_type.as_str()), Some("message/rfc822"));
}

#[test]
fn a_photograph_without_text_is_a_letter_without_text() {
    let mail = "From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n\
        Content-Type: text/plain\n\n\n--x\nContent-Type: image/jpeg; name=\"mot.jpg\"\n\
        Content-Disposition: attachment; filename=\"mot.jpg\"\nContent-Transfer-Encoding: base64\n\n/9j/4AAQ\n--x--\n";
    let letter = letter::read(mail.as_bytes(), &RULES, &us(true));
    let names: Vec<&str> = letter.attachments.iter().map(|a| a.name.as_str()).collect();
    assert_eq!((letter.reply_text().as_str(), names), ("", vec!["mot.jpg"]));
}

#[test]
fn what_cannot_be_decoded_is_a_letter_that_says_so() {
    let read = |bytes: &[u8]| letter::read(bytes, &RULES, &us(true));
    assert!(read(b"").troubles.contains(&Trouble::Unparsable));
    assert!(read(b"\x00\xff\xfe garbage").troubles.contains(&Trouble::Unparsable));
    assert!(read(b"Subject: x\n\noui").troubles.contains(&Trouble::NoSender));
    let two = read(b"From: a@b.example, c@d.example\n\noui");
    assert!(two.troubles.contains(&Trouble::SeveralSenders) && two.reply_text() == "oui");
    let sealed = read(b"From: a@b.example\nContent-Type: application/ms-tnef; name=winmail.dat\n\nxyz");
    assert!(sealed.troubles.contains(&Trouble::Opaque));
    assert_eq!(read(b"From: a@b.example\nDate: Sat, 31 Feb 2018 25:61:00 +0100\n\noui").date, None);
    assert_eq!(read(b"From: a@b.example\rSubject: oui\r\rnous deux").reply_text(), "nous deux");
}

#[test]
fn a_letter_keeps_its_identity_wherever_it_is_copied() {
    let mail = mails().remove("gmail-web-fr").unwrap();
    let hash = |mail: &str| letter::read(mail.as_bytes(), &RULES, &us(true)).hash;
    let copied = format!("Received: from x by y; Tue, 2 Apr 2024\nX-Spam: no\n{}", mail.replace('\n', "\r\n"));
    assert_eq!(hash(&mail), hash(&copied));
    assert_ne!(hash(&mail), hash(&mail.replace("quatre", "quatorze")));
}

/// Bodies that make careless programs slow; `n` repetitions.
fn hostile(n: usize) -> Vec<(&'static str, String)> {
    let head = "From: a@b.example\nMIME-Version: 1.0\n";
    let plain =
        |unit: &str| format!("{head}Content-Type: text/plain; charset=utf-8\n\n{}", unit.repeat(n / unit.len()));
    let html = |unit: &str| format!("{head}Content-Type: text/html; charset=utf-8\n\n{}", unit.repeat(n / unit.len()));
    vec![
        ("marks", plain("> > > oui\n")),
        ("one line", plain("Le 3 mars ")),
        ("colons", plain("Le 2 avril 2024 :\n")),
        ("labels", plain("De : a@b.example\n\n")),
        ("deep marks", plain(">")),
        ("dashes", plain("-- \n")),
        ("closings", plain("Cordialement,\n")),
        ("long runs", plain("la rencontre de travail aura lieu ")),
        ("unclosed tags", html("<div><blockquote>")),
        ("stray ends", html("</blockquote></div>x")),
        ("open brackets", html("<")),
        ("open quotes", html("<a \"")),
        ("comments", html("<!-- ")),
        ("styles", html("<style>")),
        ("ampersands", html("&a")),
        ("lines", html("<br>")),
        ("wrappers", html("<div class=gmail_quote>oui</div>")),
        ("multiparts", format!("{head}Content-Type: multipart/mixed; boundary=x\n\n{}", "--x\n\noui\n".repeat(n / 9))),
        ("mails in mails", format!("{head}{}", "Content-Type: message/rfc822\n\n".repeat(n / 30))),
        ("addresses", format!("From: {}\n\noui", "a@b.example, ".repeat(n / 13))),
        ("headers", format!("{}\noui", "X-A: b\n".repeat(n / 7))),
    ]
}

#[test]
fn the_time_to_read_a_message_grows_with_its_length_and_no_faster() {
    let us = us(true);
    let time = |mail: &str| {
        let start = Instant::now();
        let letter = letter::read(mail.as_bytes(), &RULES, &us);
        assert!(letter.blocks.len() < mail.len());
        start.elapsed()
    };
    for ((name, small), (_, large)) in hostile(1 << 15).into_iter().zip(hostile(1 << 17)) {
        let best = |mail: &str| (0..2).map(|_| time(mail)).min().unwrap_or_default();
        let (small, large) = (best(&small), best(&large));
        // Four times the length: nine leaves room for a busy machine and none for a square.
        let allowed = small.max(Duration::from_millis(40)) * 9;
        assert!(large < allowed, "{name}: {small:?} for a quarter, {large:?} for the whole");
    }
}

#[test]
fn hostile_structures_end_in_a_letter() {
    for (name, mail) in hostile(1 << 14) {
        let letter: Letter = letter::read(mail.as_bytes(), &RULES, &us(true));
        let controls = letter.blocks.iter().filter(|b| b.by == Writer::Sender).flat_map(|b| b.text.chars());
        assert!(!controls.into_iter().any(|c| c.is_control() && c != '\n' && c != '\t'), "{name}");
    }
}
