//! Marks on messages of our own making: each sign read, each near-miss of a person left alone.

use super::*;
use crate::letter::{self, Ourselves};
use crate::rules;

fn rules() -> Rules {
    Rules::load(&[rules::embedded()]).unwrap()
}

fn us() -> Ourselves {
    Ourselves {
        addresses: vec!["contact@asso.example".into(), "lesasso@gmail.com".into()],
        message_ids: vec!["invitation.1@asso.example".into(), "ack.7.1@asso.example".into()],
        ..Ourselves::default()
    }
}

/// A person's answer, with more header lines put in.
fn with(more: &str) -> Letter {
    let text = format!(
        "{more}From: Marie Dupont <marie@free.example>\nTo: contact@asso.example\nSubject: Re: invitation\n\nJe viens avec une quiche.\n"
    );
    letter::read(text.as_bytes(), &rules(), &us())
}

fn found(letter: &Letter) -> Vec<&str> {
    letter.marks.iter().map(|m| m.rule.as_str()).collect()
}

#[test]
fn a_persons_answer_bears_no_mark() {
    assert_eq!(found(&with("")), Vec::<&str>::new());
}

#[test]
fn every_rule_says_where_of_what_and_how_strongly() {
    let rules = rules();
    for file in ["machines", "machine-words"] {
        let bad: Vec<&str> =
            rules.lines(file).unwrap().rules().iter().filter(|r| !well_formed(r)).map(|r| r.id.as_str()).collect();
        assert_eq!(bad, Vec::<&str>::new(), "{file}");
    }
}

#[test]
fn every_occurrence_of_a_header_counts_whatever_its_case_and_comments() {
    for header in [
        "AUTO-SUBMITTED: auto-replied\n",
        "Auto-Submitted: no\nAuto-Submitted: auto-generated\n",
        "Auto-Submitted: (by a rule) Auto-Replied (vacation)\n",
        "auto-submitted:\n auto-notified; owner-email=\"x@y.example\"\n",
    ] {
        assert_eq!(found(&with(header)), ["header/auto-submitted"], "{header}");
    }
}

#[test]
fn auto_submitted_no_is_a_person() {
    for header in ["Auto-Submitted: no\n", "Auto-Submitted: No (typed by hand)\n", "Auto-Submitted: (x) no; y=z\n"] {
        assert_eq!(found(&with(header)), Vec::<&str>::new(), "{header}");
    }
}

#[test]
fn a_proton_users_feedback_id_is_no_sign_of_a_machine() {
    assert_eq!(found(&with("Feedback-ID: 12345678:user:proton\n")), Vec::<&str>::new());
    assert_eq!(found(&with("Feedback-ID: 1:campagne:esp\n")), ["header/relay"]);
}

#[test]
fn our_own_mail_is_known_by_address_marker_and_message_id() {
    let ours = |text: &str| letter::read(text.as_bytes(), &rules(), &us());
    let to = "To: x@y.example, contact@asso.example\n\nbonjour\n";
    assert_eq!(found(&ours(&format!("From: Les.Asso+liste@googlemail.com\n{to}"))), ["ourselves/address"]);
    assert_eq!(found(&ours(&format!("From: a@b.example\nX-ASTIR-rsvp: ack\n{to}"))), ["ourselves/marker"]);
    assert_eq!(
        found(&ours(&format!("From: a@b.example\nMessage-ID: <ack.7.1@asso.example>\n{to}"))),
        ["ourselves/message-id"]
    );
    assert!(ours(&format!("From: a@b.example\n{to}")).marks.is_empty());
}

#[test]
fn mail_that_was_not_written_to_us_wants_no_answer() {
    let elsewhere = "From: a@b.example\nTo: liste@c.example\n\nbonjour\n";
    let letter = letter::read(elsewhere.as_bytes(), &rules(), &us());
    assert_eq!(found(&letter), ["recipient/not-addressed"]);
    let resent = format!("Resent-To: Contact@Asso.example\n{elsewhere}");
    assert!(letter::read(resent.as_bytes(), &rules(), &us()).marks.is_empty());
}

#[test]
fn an_absence_note_wrapped_by_its_program_is_still_read() {
    let text = "From: a@b.example\nTo: contact@asso.example\nSubject: Re: invitation\n\nBonjour,\n\nJe prendrai connaissance de votre\nmessage dès mon\nretour.\n";
    assert_eq!(found(&letter::read(text.as_bytes(), &rules(), &us())), ["body/absence-note", "body/back-on"]);
}

#[test]
fn saying_that_one_will_be_absent_is_no_mark() {
    for line in ["Je serai absente le 3 mars, désolée.", "Nous sommes en vacances cette semaine-là.", "Indisponible !"]
    {
        let text = format!("From: a@b.example\nTo: contact@asso.example\nSubject: Absence\n\n{line}\n");
        assert_eq!(found(&letter::read(text.as_bytes(), &rules(), &us())), Vec::<&str>::new(), "{line}");
    }
}

#[test]
fn what_is_quoted_or_attached_does_not_mark_the_person_who_passes_it_on() {
    let quoted = "From: a@b.example\nTo: contact@asso.example\nSubject: Re: invitation\n\nJe viens, voyez ce que m'a dit Paul.\n\n> Ceci est un message automatique, merci de ne pas y répondre.\n";
    assert_eq!(found(&letter::read(quoted.as_bytes(), &rules(), &us())), Vec::<&str>::new());
    let attached = "From: a@b.example\nTo: contact@asso.example\nSubject: TR: retour\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nVoici ce que je reçois.\n--b\nContent-Type: message/rfc822\n\nFrom: mailer-daemon@c.example\nAuto-Submitted: auto-replied\nContent-Type: multipart/report; report-type=delivery-status; boundary=c\n\n--c\nContent-Type: message/delivery-status\n\nAction: failed\n--c--\n--b--\n";
    assert_eq!(found(&letter::read(attached.as_bytes(), &rules(), &us())), Vec::<&str>::new());
}

/// A delivery report with a machine part (RFC 3464) about one of our mails.
fn report(action: &str, copy: &str) -> Letter {
    let text = format!(
        "From: MAILER-DAEMON@mx.example\nTo: contact@asso.example\nSubject: Undelivered Mail\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nSorry.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\nOriginal-Recipient: rfc822;Paul.Durand@free.example\nFinal-Recipient: rfc822;paul@ailleurs.example\nAction: {action}\nStatus: 5.1.1\n--b\nContent-Type: {copy}\n\nFrom: contact@asso.example\nMessage-ID: <ack.7.1@asso.example>\nSubject: Re: invitation\n\n--b--\n"
    );
    letter::read(text.as_bytes(), &rules(), &us())
}

#[test]
fn a_delivery_report_tells_whom_and_which_of_our_mails_it_is_about() {
    for copy in ["message/rfc822", "text/rfc822-headers"] {
        let want = Bounced {
            recipient: "paul.durand@free.example".into(),
            message_id: "ack.7.1@asso.example".into(),
            delayed: false,
        };
        assert_eq!(report("failed", copy).bounced, Some(want), "{copy}");
    }
}

#[test]
fn a_delay_is_told_from_a_failure_and_a_success_is_neither() {
    assert_eq!(report("delayed", "message/rfc822").bounced.map(|b| b.delayed), Some(true));
    assert_eq!(report("delivered", "message/rfc822").bounced, None);
}

#[test]
fn a_report_without_machine_part_is_read_as_its_server_writes_it() {
    let text = "From: Mail Delivery System <mailer-daemon@mx.example>\nTo: contact@asso.example\nSubject: Mail delivery failed: returning message to sender\nReturn-Path: <>\n\nA message that you sent could not be delivered.\n\n  <Paul@free.example>: 550 user unknown\n\n------ copy ------\n\nMessage-ID: <invitation.1@asso.example>\nFrom: contact@asso.example\n";
    let letter = letter::read(text.as_bytes(), &rules(), &us());
    let want = Bounced {
        recipient: "paul@free.example".into(),
        message_id: "invitation.1@asso.example".into(),
        delayed: false,
    };
    assert_eq!(letter.bounced, Some(want));
}

#[test]
fn a_read_receipt_is_a_report_of_no_failure() {
    let text = "From: Paul <paul@free.example>\nTo: contact@asso.example\nSubject: Lu : invitation\n\nVotre message a été lu le 9 février.\n";
    let letter = letter::read(text.as_bytes(), &rules(), &us());
    assert_eq!((found(&letter).contains(&"subject/receipt"), letter.bounced), (true, None));
}
