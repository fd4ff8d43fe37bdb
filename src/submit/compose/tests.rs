//! What a composed mail must hold, and what must never slip into one.

use jiff::Timestamp;

use super::*;
use crate::draft;

fn sample() -> Draft {
    Draft {
        from_name: "ASTI Romans".into(),
        from: "asti@example.org".into(),
        to: "jeanne@example.net".into(),
        subject: "Re: Réunion du 3 mars".into(),
        text: "Bonjour,\n\nC'est noté : à bientôt.\n".into(),
        html: None,
        attachments: Vec::new(),
        message_id: "ack.1@example.org".into(),
        in_reply_to: Some("a@b".into()),
        references: vec!["first@b".into(), "a@b".into()],
        automatic: Automatic::Replied,
        date: "2018-02-20T10:00:00Z".parse::<Timestamp>().unwrap(),
    }
}

fn text(draft: &Draft) -> String {
    String::from_utf8(render(draft).unwrap()).unwrap()
}

fn header_names(message: &str) -> Vec<&str> {
    let head = message.split("\r\n\r\n").next().unwrap();
    head.lines().filter(|l| !l.starts_with(' ')).filter_map(|l| l.split(':').next()).collect()
}

#[test]
fn an_acknowledgement_has_every_header_it_needs_once() {
    let message = text(&sample());
    for line in [
        "Message-ID: <ack.1@example.org>\r\n",
        "In-Reply-To: <a@b>\r\n",
        "References: <first@b>\r\n <a@b>\r\n",
        "Auto-Submitted: auto-replied\r\n",
        "X-Auto-Response-Suppress: All\r\n",
        "X-Astir-Rsvp: acknowledgement\r\n",
        "MIME-Version: 1.0\r\n",
        "Content-Type: text/plain; charset=utf-8\r\n",
        "Content-Transfer-Encoding: quoted-printable\r\n",
        "Date: Tue, 20 Feb 2018 10:00:00 +0000\r\n",
        "To: jeanne@example.net\r\n",
    ] {
        assert!(message.contains(line), "{line:?} is missing in\n{message}");
    }
    let names = header_names(&message);
    for name in &names {
        assert_eq!(names.iter().filter(|n| n.eq_ignore_ascii_case(name)).count(), 1, "{name} in\n{message}");
    }
    assert!(message.contains("C'est not=C3=A9 : =C3=A0 bient=C3=B4t."));
    assert!(message.is_ascii());
}

#[test]
fn nothing_slips_a_header_in() {
    let evil = "x\r\nBcc: all@example.net\r\n\r\nhello";
    let mut draft = sample();
    draft.subject = evil.into();
    draft.from_name = evil.into();
    draft.in_reply_to = Some(evil.into());
    draft.references = vec![evil.into(), "a>\r\nBcc: b@c\r\nX: <d".into(), "fine@id".into()];
    draft.attachments = vec![draft::Attachment {
        name: evil.into(),
        media_type: "text/calendar; method=PUBLISH".into(),
        bytes: b"BEGIN:VCALENDAR".to_vec(),
    }];
    let message = text(&draft);
    assert!(!message.lines().any(|l| l.to_ascii_lowercase().starts_with("bcc")), "{message}");
    assert!(message.contains("References: <fine@id>\r\n"));
    assert!(!message.contains("In-Reply-To"));
}

#[test]
fn addresses_that_could_break_a_command_are_refused_and_odd_ones_pass() {
    for bad in ["a@b\r\nRCPT TO:<c@d>", "a b@c.d", "<a@b>", "a@b@c", "@b", "a@", "a", "", "a@b,c@d", "\u{e9}@b.c"] {
        let draft = Draft { to: bad.into(), ..sample() };
        assert_eq!(render(&draft).unwrap_err().says, "submit/address", "{bad:?}");
    }
    for odd in ["a..b@example.net", "a.@example.net", ".a@example.net", "a+b_c@example.net"] {
        assert!(text(&Draft { to: odd.into(), ..sample() }).contains(&format!("To: {odd}\r\n")), "{odd:?}");
    }
}

#[test]
fn lines_stay_short_and_long_threads_keep_their_first_and_last_ids() {
    let mut draft = sample();
    draft.text = format!("{}\n{}\n", "mot ".repeat(400), "é".repeat(2000));
    draft.html = Some(format!("<p>{}</p>", "x".repeat(5000)));
    draft.subject = "très long ".repeat(30);
    draft.references = (0..60).map(|n| format!("{n}.{}@example.org", "i".repeat(40))).collect();
    let message = text(&draft);
    let long: Vec<&str> = message.lines().filter(|l| l.len() > 78).collect();
    assert!(long.is_empty(), "{long:?}");
    let folded = message.split("References: ").nth(1).unwrap().split("\r\nAuto").next().unwrap();
    assert_eq!(folded.matches('<').count(), 20);
    assert!(
        folded.starts_with("<0.") && folded.contains("<41.") && !folded.contains("<40.") && folded.contains("<59.")
    );
    draft.in_reply_to = Some("x".repeat(251));
    assert!(!text(&draft).contains("In-Reply-To"));
}

#[test]
fn text_html_and_files_are_nested_as_mail_programs_expect() {
    let mut draft = sample();
    draft.automatic = Automatic::Generated;
    draft.html = Some("<p>Déjà là</p>".into());
    draft.attachments = vec![draft::Attachment {
        name: "reunion.ics".into(),
        media_type: "text/calendar; method=PUBLISH; charset=utf-8".into(),
        bytes: "BEGIN:VCALENDAR\r\nSUMMARY:Réunion\r\nEND:VCALENDAR\r\n".into(),
    }];
    let message = text(&draft);
    let order: Vec<usize> = ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar"]
        .iter()
        .map(|part| message.find(part).unwrap_or_else(|| panic!("{part} is missing in\n{message}")))
        .collect();
    assert!(order.is_sorted(), "{message}");
    assert!(message.contains("Auto-Submitted: auto-generated\r\n") && message.contains("X-Astir-Rsvp: digest\r\n"));
    assert!(message.contains("method=PUBLISH") && message.contains("reunion.ics"));
}
