//! Calendar answers, whole and broken.

use super::*;

const REPLY: &str = "BEGIN:VCALENDAR\r\nPRODID:-//Agenda//FR\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VTIMEZONE\r\nDTSTART:19700329T020000\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nDTSTART;TZID=\"Europe/Paris\":20180303T090000\r\nUID:egm@asso.example\r\nATTENDEE;CN=\"Dupont; Marie: bureau\";PARTSTAT=ACCEPTED;X-NUM-GUESTS=2:mailto:Marie\r\n @free.example\r\nSUMMARY:Rencontre\\, puis repas\r\nCOMMENT:J'apporte une quiche\\net du pain\r\nBEGIN:VALARM\r\nSUMMARY:rappel\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

fn reply(text: &str) -> Calendar {
    read(text, "REPLY", "marie@free.example").unwrap()
}

#[test]
fn a_reply_is_read_with_its_folded_and_quoted_lines() {
    let want = Calendar {
        method: "REPLY".into(),
        uid: "egm@asso.example".into(),
        summary: "Rencontre, puis repas".into(),
        start: "2018-03-03T09:00:00".into(),
        attendee: "marie@free.example".into(),
        partstat: "ACCEPTED".into(),
        guests: Some(2),
        comment: "J'apporte une quiche\net du pain".into(),
    };
    assert_eq!(reply(REPLY), want);
}

#[test]
fn a_broken_line_loses_that_line_only() {
    let broken = REPLY.replace("VERSION:2.0\r\n", "garbage without a colon\r\n:\r\n").replace("\r\n", "\n");
    assert_eq!(reply(&broken).partstat, "ACCEPTED");
}

#[test]
fn of_several_attendees_the_one_who_wrote_answers() {
    let other = "ATTENDEE;PARTSTAT=DECLINED:mailto:paul@free.example\r\nSUMMARY";
    let text = REPLY.replace("SUMMARY:Renc", &format!("{other}:Renc"));
    assert_eq!(reply(&text).partstat, "ACCEPTED");
    assert_eq!(read(&text, "REPLY", "lea@free.example").unwrap().partstat, "");
}

#[test]
fn instances_that_answer_differently_answer_nothing() {
    let second = "BEGIN:VEVENT\r\nUID:egm@asso.example\r\nATTENDEE;PARTSTAT=DECLINED:mailto:marie@free.example\r\nEND:VEVENT\r\nEND:VCALENDAR";
    assert_eq!(reply(&REPLY.replace("END:VCALENDAR", second)).partstat, "");
}

#[test]
fn a_method_that_its_media_type_contradicts_is_none() {
    assert_eq!(read(REPLY, "REQUEST", "marie@free.example").unwrap().method, "");
    assert_eq!(read(REPLY, "", "marie@free.example").unwrap().method, "REPLY");
}

#[test]
fn a_start_is_a_date_a_local_time_or_a_utc_time() {
    let want = ["2018-03-03", "2018-03-03T09:00:00", "2018-03-03T08:00:00Z", ""];
    assert_eq!(["20180303", "20180303T090000", "20180303T080000Z", "demain"].map(start), want);
}

#[test]
fn text_that_is_no_calendar_is_none() {
    for text in ["", "Bonjour", "BEGIN:VCALENDAR\r\nEND:VCALENDAR", "END:VEVENT\r\nUID:x"] {
        assert_eq!(read(text, "REPLY", ""), None, "{text}");
    }
}
