//! When a waiting mail leaves: delay and merging, night, ceilings, giving up; every limit from both sides.

use astir_rsvp::config::{Acknowledge, Config};
use astir_rsvp::entry::{Occasion, Outgoing, Person, Sending};
use astir_rsvp::release::{Decision, Facts, merged, release};
use jiff::{SignedDuration, Timestamp};

use crate::book::{at, config};

/// A mail of a person, planned and due at a time of 20 February.
fn row(id: i64, who: &str, planned: &str, due: &str) -> Outgoing {
    let time = |text: &str| at(&format!("2018-02-20 {text}"));
    Outgoing {
        id,
        occasion: Occasion::Acknowledge,
        letter: Some(id),
        to: format!("{who}@orange.example"),
        person: Person { address: format!("{who}@orange.example"), name: String::new() },
        planned: time(planned),
        due: time(due),
        sending: Sending::Due,
        attempts: 0,
        attempted: None,
        message_id: format!("ack.{id}.0@example.org"),
        reason: String::new(),
        settled: None,
        bytes: None,
    }
}

fn sent(id: i64, who: &str, when: Timestamp) -> Outgoing {
    Outgoing { sending: Sending::Sent, settled: Some(when), attempted: Some(when), ..row(id, who, "09:00", "09:05") }
}

struct World {
    config: Config,
    others: Vec<Outgoing>,
    hand: bool,
    silent: bool,
    over: bool,
}

impl World {
    fn new() -> Self {
        Self { config: config(), others: Vec::new(), hand: false, silent: false, over: false }
    }

    fn with(others: Vec<Outgoing>) -> Self {
        Self { others, ..Self::new() }
    }

    fn decide(&self, row: &Outgoing, now: Timestamp) -> Decision {
        let facts = Facts {
            acknowledge: &self.config.acknowledge,
            zone: &self.config.association.timezone,
            others: &self.others,
            answered_by_hand: self.hand,
            no_more_mail: self.silent,
            over: self.over,
        };
        release(row, &facts, now)
    }
}

fn noon(minutes: i64) -> Timestamp {
    at("2018-02-20 12:00") + SignedDuration::from_mins(minutes)
}

#[test]
fn a_mail_waits_for_its_due_time_and_then_leaves() {
    let mail = row(1, "yvette", "11:55", "12:00");
    let world = World::new();
    assert_eq!(world.decide(&mail, noon(-1)), Decision::Wait(noon(0)));
    assert_eq!(world.decide(&mail, noon(0)), Decision::Send);
}

#[test]
fn reasons_not_to_send_are_named() {
    let mail = row(1, "yvette", "11:55", "12:00");
    let check = |change: fn(&mut World), expected: Decision| {
        let mut world = World::new();
        change(&mut world);
        assert_eq!(world.decide(&mail, noon(0)), expected);
    };
    check(|w| w.hand = true, Decision::Drop("answered-by-hand"));
    check(|w| w.silent = true, Decision::Drop("no-more-mail"));
    check(|w| w.over = true, Decision::Drop("over"));
    check(|w| w.config.acknowledge.send = false, Decision::Withhold("sending-off"));
    let speech = crate::book::speech();
    for reason in ["answered-by-hand", "no-more-mail", "over", "sending-off", "gave-up", "loop", "ceiling", "merged"] {
        assert!(speech.knows(&format!("reason/{reason}")), "{reason} has no words");
    }
}

#[test]
fn at_night_it_waits_for_the_morning_and_the_change_of_clock_is_kept_in_mind() {
    let world = World::new(); // 22:00-07:00
    let mail = row(1, "yvette", "11:55", "12:00");
    let night = |now: &str, until: &str| assert_eq!(world.decide(&mail, at(now)), Decision::Wait(at(until)), "{now}");
    night("2018-02-20 22:00", "2018-02-21 07:00");
    night("2018-02-21 06:59", "2018-02-21 07:00");
    assert_eq!(world.decide(&mail, at("2018-02-20 21:59")), Decision::Send);
    assert_eq!(world.decide(&mail, at("2018-02-21 07:00")), Decision::Send);
    // 25 March 2018: 2 o'clock becomes 3. Six hours lie between midnight and 7.
    let spring = Outgoing { planned: at("2018-03-24 22:30"), due: at("2018-03-24 22:35"), ..mail.clone() };
    let midnight = at("2018-03-25 00:00");
    let Decision::Wait(morning) = world.decide(&spring, midnight) else { panic!("sent at night") };
    assert_eq!(morning.duration_since(midnight), SignedDuration::from_hours(6));
    // 28 October 2018: 3 o'clock becomes 2. Eight hours.
    let autumn = Outgoing { planned: at("2018-10-27 22:30"), due: at("2018-10-27 22:35"), ..mail };
    let midnight = at("2018-10-28 00:00");
    let Decision::Wait(morning) = world.decide(&autumn, midnight) else { panic!("sent at night") };
    assert_eq!(morning.duration_since(midnight), SignedDuration::from_hours(8));
}

#[test]
fn quiet_hours_within_a_day_and_none_at_all() {
    use astir_rsvp::release::quiet::ends;
    let zone = config().association.timezone;
    let time = |h: i8| jiff::civil::Time::new(h, 0, 0, 0).unwrap();
    assert_eq!(ends(Some((time(12), time(14))), &zone, noon(30)), Some(at("2018-02-20 14:00")));
    assert_eq!(ends(Some((time(12), time(14))), &zone, noon(120)), None);
    assert_eq!(ends(Some((time(12), time(12))), &zone, noon(0)), None);
    assert_eq!(ends(None, &zone, noon(0)), None);
}

#[test]
fn several_mails_of_one_person_get_one_answer_and_the_newest_takes_the_others_along() {
    let (first, second) = (row(1, "yvette", "11:55", "12:00"), row(2, "yvette", "11:58", "12:03"));
    let stranger = row(3, "paul", "11:58", "12:03");
    let world = World::with(vec![first.clone(), second.clone(), stranger]);
    assert!(matches!(world.decide(&first, noon(1)), Decision::Wait(_)), "the first waits for the second");
    assert_eq!(world.decide(&second, noon(2)), Decision::Wait(noon(3)));
    assert_eq!(world.decide(&second, noon(3)), Decision::Send);
    assert!(matches!(world.decide(&first, noon(3)), Decision::Wait(_)), "the first never leaves alone");
    let taken: Vec<i64> = merged(&second, &world.others).iter().map(|o| o.id).collect();
    assert_eq!(taken, vec![1]);
    assert!(merged(&first, &world.others).is_empty());
}

#[test]
fn two_people_of_one_address_get_a_mail_each() {
    let first = row(1, "durand", "11:55", "12:00");
    let mut second = row(2, "durand", "11:58", "12:03");
    second.person.name = "paul".into();
    let world = World::with(vec![first.clone(), second.clone()]);
    assert_eq!(world.decide(&first, noon(1)), Decision::Send);
    assert!(merged(&second, &world.others).is_empty());
}

#[test]
fn somebody_who_keeps_writing_is_answered_after_three_delays_all_the_same() {
    let mails: Vec<Outgoing> = (0..10).map(|i| row(i, "yvette", "12:00", &format!("12:{:02}", 5 + 4 * i))).collect();
    let newest = mails.last().unwrap().clone();
    let world = World::with(mails);
    assert_eq!(world.decide(&newest, noon(19)), Decision::Wait(noon(20)));
    assert_eq!(world.decide(&newest, noon(20)), Decision::Send);
}

#[test]
fn the_ceilings_of_a_person_and_of_an_hour_hold() {
    let mail = row(99, "yvette", "11:55", "12:00");
    let three =
        |minutes: [i64; 3]| World::with((0..3).map(|i| sent(i, "yvette", noon(-minutes[i as usize]))).collect());
    assert_eq!(three([10, 20, 30]).decide(&mail, noon(0)), Decision::Drop("loop"));
    assert_eq!(three([10, 20, 61]).decide(&mail, noon(0)), Decision::Send);
    let four = World::with((1..=4).map(|i| sent(i, "yvette", noon(-i * 120))).collect());
    assert_eq!(four.decide(&mail, noon(0)), Decision::Drop("ceiling"));
    let mut crowd = World::with((0..60).map(|i| sent(i, &format!("p{i}"), noon(-59 + i / 2))).collect());
    assert_eq!(
        crowd.decide(&mail, noon(0)),
        Decision::Wait(noon(1)),
        "the first of the sixty leaves the hour at 12:01"
    );
    crowd.others.pop();
    assert_eq!(crowd.decide(&mail, noon(0)), Decision::Send, "the sixtieth of the hour");
}

#[test]
fn what_could_not_leave_is_given_up_after_two_days_and_a_digest_after_five() {
    let mail = Outgoing { sending: Sending::Frozen, ..row(1, "yvette", "11:55", "12:00") };
    let digest = Outgoing { occasion: Occasion::Digest("2018-02-20".into()), ..mail.clone() };
    let world = World::new();
    let after = |hours: i64| mail.planned + SignedDuration::from_hours(hours);
    assert_eq!(world.decide(&mail, after(48)), Decision::Send);
    assert_eq!(world.decide(&mail, after(48) + SignedDuration::from_secs(1)), Decision::Drop("gave-up"));
    assert_eq!(world.decide(&digest, after(120)), Decision::Send);
    assert_eq!(world.decide(&digest, after(120) + SignedDuration::from_secs(1)), Decision::Drop("gave-up"));
}

#[test]
fn a_digest_leaves_at_its_hour_whatever_is_said_about_acknowledgements() {
    let mut world = World::new();
    world.config.acknowledge = Acknowledge { send: false, per_hour: 0, ..world.config.acknowledge };
    (world.hand, world.silent, world.over) = (true, true, true);
    let digest = Outgoing { occasion: Occasion::Digest("2018-02-20".into()), ..row(1, "anne", "23:00", "23:00") };
    assert_eq!(world.decide(&digest, at("2018-02-20 23:00")), Decision::Send);
}

#[test]
fn a_retry_waits_for_its_own_time_even_when_others_of_the_person_are_late() {
    let old = row(1, "yvette", "11:00", "11:05");
    let retry = Outgoing { sending: Sending::Frozen, ..row(2, "yvette", "11:50", "12:30") };
    let world = World::with(vec![old, retry.clone()]);
    assert_eq!(world.decide(&retry, noon(0)), Decision::Wait(noon(30)));
}
