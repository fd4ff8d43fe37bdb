//! Kinds decided from found values: each promise, and the doubts that go to a person.

use super::*;
use crate::letter::{Attached, Mailbox, Mark};

const NAMED: Ground = Ground { named: true, elsewhere: false, first_person: true, firm: true };
const UNNAMED: Ground = Ground { named: false, elsewhere: false, first_person: true, firm: true };
const ELSEWHERE: Ground = Ground { named: false, elsewhere: true, first_person: true, firm: false };

fn letter() -> Letter {
    let from = Mailbox { name: "Marie".into(), address: "marie@quartier.example".into() };
    Letter { from: Some(from), ..Letter::default() }
}

fn marked(marks: &[(MarkOf, Strength, &str)]) -> Letter {
    let mark = |&(of, strength, rule): &(_, _, &str)| Mark { of, strength, rule: rule.into(), words: String::new() };
    Letter { marks: marks.iter().map(mark).collect(), ..letter() }
}

fn written() -> Found {
    Found { words: 12, tied: true, ..Found::default() }
}

fn judged(letter: &Letter, found: Found) -> (Kind, bool, Vec<Review>) {
    let verdict = kind(letter, &found);
    (verdict.kind, verdict.ack, verdict.review)
}

#[test]
fn an_answer_that_names_an_event_or_stands_in_our_thread_is_acknowledged() {
    for found in [
        Found { answers: vec![NAMED], named: true, ..written() },
        Found { answers: vec![UNNAMED], thread: true, ..written() },
        Found { answers: vec![UNNAMED], subject: true, ..written() },
        Found { offers: vec![UNNAMED], thread: true, ..written() },
        Found { answers: vec![NAMED, ELSEWHERE], topic: true, mixed: true, ..written() },
    ] {
        assert_eq!(judged(&letter(), found.clone()), (Kind::Rsvp, true, vec![]), "{found:?}");
    }
}

#[test]
fn a_long_text_that_answers_no_mail_may_be_a_circular() {
    let circular = Found { answers: vec![NAMED], named: true, words: 400, ..Found::default() };
    assert_eq!(judged(&letter(), circular.clone()), (Kind::Rsvp, false, vec![Review::MaybeAutomatic]));
    for found in [Found { thread: true, ..circular.clone() }, Found { reply: true, ..circular }] {
        assert_eq!(judged(&letter(), found.clone()), (Kind::Rsvp, true, vec![]), "{found:?}");
    }
}

#[test]
fn an_answer_to_something_else_is_other_even_in_our_thread() {
    let found = Found { answers: vec![ELSEWHERE], thread: true, subject: true, topic: true, ..written() };
    assert_eq!(judged(&letter(), found), (Kind::Other, false, vec![]));
}

#[test]
fn a_reason_or_a_promise_to_tell_is_no_answer_beside_something_else() {
    let reason = Ground { firm: false, ..UNNAMED };
    let found = Found { answers: vec![ELSEWHERE, reason], thread: true, topic: true, ..written() };
    assert_eq!(judged(&letter(), found), (Kind::Other, false, vec![]));
    let both = Found { answers: vec![UNNAMED], beside: true, thread: true, topic: true, ..written() };
    assert_eq!(judged(&letter(), both), (Kind::Rsvp, false, vec![Review::TwoReadings]));
    let alone = Found { answers: vec![reason], thread: true, ..written() };
    assert_eq!(judged(&letter(), alone), (Kind::Rsvp, true, vec![]));
}

#[test]
fn an_answer_for_another_day_in_our_thread_is_shown_and_not_answered() {
    let found = Found { answers: vec![ELSEWHERE], thread: true, other_day: true, ..written() };
    assert_eq!(judged(&letter(), found), (Kind::Other, false, vec![Review::WhichEvent]));
}

#[test]
fn an_answer_that_nothing_ties_to_an_event_is_shown_and_a_guest_only_when_written_to_us_afresh() {
    let afresh = Found { answers: vec![UNNAMED], ..written() };
    assert_eq!(judged(&letter(), afresh.clone()), (Kind::Rsvp, false, vec![Review::WhichEvent]));
    // The invitation may have left from another mailbox: the thread is not known to be ours.
    let elsewhere = Found { reply: true, ..afresh.clone() };
    assert_eq!(judged(&letter(), elsewhere), (Kind::Other, false, vec![Review::WhichEvent]));
    for found in [
        Found { topic: true, ..afresh.clone() },
        Found { other_day: true, ..afresh.clone() },
        Found { words: 200, ..afresh },
    ] {
        assert_eq!(judged(&letter(), found.clone()), (Kind::Other, false, vec![]), "{found:?}");
    }
}

#[test]
fn what_answers_nothing_is_a_question_about_an_event_or_other() {
    let ask = |found: Found| judged(&letter(), found);
    assert_eq!(ask(Found { named: true, ..written() }), (Kind::Question, true, vec![]));
    assert_eq!(ask(Found { thread: true, ..written() }), (Kind::Question, true, vec![]));
    assert_eq!(ask(Found { thread: true, topic: true, ..written() }), (Kind::Other, false, vec![]));
    let mixed = Found { thread: true, topic: true, mixed: true, ..written() };
    assert_eq!(ask(mixed), (Kind::Question, false, vec![Review::TwoReadings]));
    assert_eq!(ask(Found { reply: true, ..written() }), (Kind::Other, false, vec![]));
    assert_eq!(ask(Found { mixed: true, topic: true, ..written() }), (Kind::Other, false, vec![]));
}

#[test]
fn one_weak_sign_silences_nobody_who_names_our_event() {
    let away = marked(&[(MarkOf::AutoReply, Strength::Weak, "body/away")]);
    let named = Found { answers: vec![NAMED], named: true, ..written() };
    assert_eq!(judged(&away, named), (Kind::Rsvp, true, vec![]));
    let unnamed = Found { answers: vec![UNNAMED], thread: true, ..written() };
    assert_eq!(judged(&away, unnamed), (Kind::Rsvp, false, vec![Review::MaybeAutomatic]));
}

#[test]
fn two_weak_signs_or_words_of_a_machine_are_a_machine_unless_they_answer_us_by_name() {
    for letter in [
        marked(&[
            (MarkOf::AutoReply, Strength::Weak, "body/away"),
            (MarkOf::AutoReply, Strength::Weak, "body/urgent-contact"),
        ]),
        marked(&[(MarkOf::AutoReply, Strength::Strong, "body/absence-note")]),
    ] {
        let unnamed = Found { answers: vec![UNNAMED], thread: true, ..written() };
        assert_eq!(judged(&letter, unnamed), (Kind::Auto, false, vec![]));
        let named = Found { answers: vec![NAMED], named: true, ..written() };
        assert_eq!(judged(&letter, named), (Kind::Rsvp, false, vec![Review::MaybeAutomatic]));
    }
}

#[test]
fn a_strong_sign_around_the_text_is_a_machine_whatever_it_says() {
    for rule in ["header/auto-submitted", "subject/auto-reply", "sender/no-reply"] {
        let letter = marked(&[(MarkOf::AutoReply, Strength::Strong, rule)]);
        assert_eq!(judged(&letter, Found { answers: vec![NAMED], thread: true, ..written() }).0, Kind::Auto, "{rule}");
    }
}

#[test]
fn a_report_is_a_bounce_and_an_absence_note_from_its_postmaster_is_not() {
    let daemon = (MarkOf::Bounce, Strength::Strong, "sender/daemon");
    assert_eq!(judged(&marked(&[daemon]), written()).0, Kind::Bounce);
    let note = (MarkOf::AutoReply, Strength::Strong, "subject/auto-reply");
    assert_eq!(judged(&marked(&[daemon, note]), written()).0, Kind::Auto);
    let part = (MarkOf::Bounce, Strength::Strong, "part/delivery-status");
    assert_eq!(judged(&marked(&[part, note]), written()).0, Kind::Bounce);
    let null = (MarkOf::Bounce, Strength::Weak, "header/null-sender");
    let words = (MarkOf::Bounce, Strength::Weak, "report/failure");
    assert_eq!(judged(&marked(&[null, words]), written()).0, Kind::Bounce);
    assert_eq!(judged(&marked(&[null]), written()).0, Kind::Auto);
    assert_eq!(judged(&marked(&[words]), written()).0, Kind::Other);
}

#[test]
fn what_a_list_passes_on_is_shown_only_when_it_answers_our_mail() {
    let list = marked(&[(MarkOf::Bulk, Strength::Strong, "header/list")]);
    let ours = Found { answers: vec![UNNAMED], thread: true, ..written() };
    assert_eq!(judged(&list, ours), (Kind::Rsvp, false, vec![Review::ThroughList]));
    assert_eq!(judged(&list, Found { answers: vec![NAMED], named: true, ..written() }), (Kind::Auto, false, vec![]));
}

#[test]
fn a_forwarded_letter_and_a_bare_attachment_go_to_a_person() {
    let forwards = Letter { forwards: true, ..letter() };
    let own = Found { answers: vec![NAMED], named: true, ..written() };
    assert_eq!(judged(&forwards, own), (Kind::Rsvp, false, vec![Review::Forwarded]));
    let theirs = Found { quoted: true, ..written() };
    assert_eq!(judged(&forwards, theirs), (Kind::Other, false, vec![Review::Forwarded]));
    assert_eq!(judged(&forwards, written()), (Kind::Other, false, vec![]));
    let photo = Attached { name: "mot.jpg".into(), media_type: "image/jpeg".into() };
    let letter = Letter { attachments: vec![photo], ..letter() };
    assert_eq!(judged(&letter, Found::default()), (Kind::Other, false, vec![Review::AttachmentOnly]));
}

#[test]
fn a_sender_who_cannot_be_vouched_for_is_recorded_flagged_and_not_answered() {
    let answer = || Found { answers: vec![NAMED], named: true, ..written() };
    let check = |letter: Letter, why| {
        assert_eq!(judged(&letter, answer()), (Kind::Rsvp, false, vec![why]));
    };
    check(Letter { verified: Verified::Fail, ..letter() }, Review::SenderUnverified);
    check(Letter { from: None, ..letter() }, Review::SenderUnclear);
    check(Letter { troubles: vec![Trouble::SeveralSenders], ..letter() }, Review::SenderUnclear);
    check(Letter { troubles: vec![Trouble::Opaque], ..letter() }, Review::Unreadable);
    check(marked(&[(MarkOf::NoAnswerWanted, Strength::Weak, "header/suppress")]), Review::MaybeAutomatic);
    check(marked(&[(MarkOf::NoAnswerWanted, Strength::Weak, "recipient/not-addressed")]), Review::ThroughList);
}

#[test]
fn our_own_mail_is_never_an_answer() {
    let found = || Found { answers: vec![NAMED], thread: true, ..written() };
    let own = |rule| marked(&[(MarkOf::Ourselves, Strength::Strong, rule)]);
    assert_eq!(judged(&own("ourselves/address"), found()), (Kind::Other, false, vec![]));
    assert_eq!(judged(&own("ourselves/marker"), found()), (Kind::Auto, false, vec![]));
}
