//! Whom never to answer: one letter that is answered, and for each belt the least change that stops the answer.

use std::sync::LazyLock;

use astir_rsvp::config::{Backlog, Config};
use astir_rsvp::entry::{Content, Entry, Occasion, Origin, Outgoing, Person, Sending};
use astir_rsvp::letter::{Block, Bounced, Letter, Mailbox, Mark, MarkOf, Strength, Trouble, Verified, Writer};
use astir_rsvp::plan::{Arrival, Case, Known, Refusal, Step, plan};
use astir_rsvp::reading::{Kind, Reading, Review, Tone};
use astir_rsvp::rules::{Rules, embedded};
use jiff::{SignedDuration, Timestamp};

use crate::book::{DAY, EVENING, answer, at, config, dish};

/// A letter on its way through the plan, with everything that the plan looks at.
struct World {
    letter: Letter,
    reading: Reading,
    arrival: Arrival,
    known: Known,
    config: Config,
    now: Timestamp,
}

fn mailbox(address: &str) -> Mailbox {
    Mailbox { name: String::new(), address: address.into() }
}

impl World {
    /// Yvette answers the invitation on a quiet morning: she is to be acknowledged.
    fn new() -> Self {
        let letter = Letter {
            hash: "abc".into(),
            message_id: "1@orange.example".into(),
            from: Some(mailbox("yvette@orange.example")),
            recipients: vec![mailbox("collectif@example.org")],
            return_path: Some("yvette@orange.example".into()),
            blocks: vec![Block { by: Writer::Sender, text: "Nous viendrons à deux.\n\nYvette Caron".into() }],
            verified: Verified::Pass,
            ..Letter::default()
        };
        let reading =
            Reading { kind: Kind::Rsvp, answers: vec![answer(DAY, "yes 2")], ack: true, ..Reading::default() };
        Self {
            letter,
            reading,
            arrival: Arrival { received: at("2018-02-20 10:00"), junk: false },
            known: Known {
                first_start: Some(at("2018-02-10 08:00")),
                sending_since: Some(at("2018-02-10 08:00")),
                ..Known::default()
            },
            config: config(),
            now: at("2018-02-20 10:01"),
        }
    }

    fn plan(&self) -> Vec<Step> {
        static RULES: LazyLock<Rules> = LazyLock::new(|| Rules::load(&[embedded()]).unwrap());
        plan(&Case {
            letter: &self.letter,
            reading: &self.reading,
            arrival: &self.arrival,
            known: &self.known,
            config: &self.config,
            events: &self.config.events,
            rules: &RULES,
            now: self.now,
        })
    }

    fn refusal(&self) -> Option<Refusal> {
        self.plan().iter().find_map(|s| if let Step::Refuse(r) = s { Some(*r) } else { None })
    }

    fn entered(&self) -> Vec<Content> {
        let content = |s: Step| if let Step::Enter { content, .. } = s { Some(content) } else { None };
        self.plan().into_iter().filter_map(content).collect()
    }
}

/// An acknowledgement to Yvette that left so many minutes ago.
fn sent(minutes: i64) -> Outgoing {
    let then = World::new().now - SignedDuration::from_mins(minutes);
    Outgoing {
        id: minutes,
        occasion: Occasion::Acknowledge,
        letter: Some(minutes),
        to: "yvette@orange.example".into(),
        person: Person { address: "yvette@orange.example".into(), name: String::new() },
        planned: then,
        due: then,
        sending: Sending::Sent,
        attempts: 1,
        attempted: Some(then),
        message_id: format!("ack.{minutes}.0@example.org"),
        reason: String::new(),
        settled: Some(then),
        bytes: None,
    }
}

fn entry(content: Content) -> Entry {
    Entry {
        id: 1,
        at: at("2018-02-19 10:00"),
        said: at("2018-02-19 10:00"),
        origin: Origin::Letter(1),
        person: Person { address: "yvette@orange.example".into(), name: String::new() },
        shown: "Yvette".into(),
        content,
    }
}

fn marked(of: MarkOf, strength: Strength) -> Vec<Mark> {
    vec![Mark { of, strength, rule: "test".into(), words: String::new() }]
}

#[test]
fn an_answer_to_the_invitation_is_entered_and_acknowledged_after_the_delay() {
    let world = World::new();
    let steps = world.plan();
    let [Step::Keep(record), Step::Enter { person, shown, .. }, Step::Acknowledge { to, due, withheld, .. }] =
        &steps[..]
    else {
        panic!("{steps:?}")
    };
    assert_eq!((person.address.as_str(), shown.as_str()), ("yvette@orange.example", "Yvette Caron"));
    assert_eq!((to.as_str(), *withheld), ("yvette@orange.example", false));
    assert_eq!(*due, at("2018-02-20 10:05"), "five minutes after it came");
    assert_eq!((record.refusal.as_str(), record.excerpt.as_str()), ("", "Nous viendrons à deux. Yvette Caron"));
}

type Change = (&'static str, fn(&mut World), Refusal);

const BELTS: &[Change] = &[
    ("our own address", |w| w.letter.from = Some(mailbox("collectif@example.org")), Refusal::OurOwn),
    ("our own mail come back", |w| w.letter.marks = marked(MarkOf::Ourselves, Strength::Strong), Refusal::OurOwn),
    ("a bounce", |w| w.reading.kind = Kind::Bounce, Refusal::Bounce),
    ("a report inside a letter", |w| w.letter.bounced = Some(Bounced::default()), Refusal::Bounce),
    ("a machine", |w| w.reading.kind = Kind::Auto, Refusal::Machine),
    ("the null sender", |w| w.letter.return_path = Some(String::new()), Refusal::Machine),
    (
        "a strong mark of an absence note",
        |w| w.letter.marks = marked(MarkOf::AutoReply, Strength::Strong),
        Refusal::Machine,
    ),
    ("perhaps a machine", |w| w.reading.review = vec![Review::MaybeAutomatic], Refusal::Machine),
    ("a list", |w| w.letter.marks = marked(MarkOf::Bulk, Strength::Strong), Refusal::List),
    ("an answer through a list", |w| w.reading.review = vec![Review::ThroughList], Refusal::List),
    (
        "no answer wanted",
        |w| w.letter.marks = marked(MarkOf::NoAnswerWanted, Strength::Strong),
        Refusal::NoAnswerWanted,
    ),
    ("another matter", |w| w.reading.kind = Kind::Other, Refusal::OtherMatter),
    ("a forwarded answer", |w| w.letter.forwards = true, Refusal::Forwarded),
    ("the junk folder", |w| w.arrival.junk = true, Refusal::Junk),
    ("a death", |w| w.reading.review = vec![Review::Grief], Refusal::Grief),
    ("an encrypted letter", |w| w.letter.troubles = vec![Trouble::Opaque], Refusal::Unreadable),
    ("only a photo of a note", |w| w.reading.review = vec![Review::AttachmentOnly], Refusal::Unreadable),
    ("a reading that wants none", |w| w.reading.ack = false, Refusal::NotWanted),
    ("not to our address", |w| w.letter.recipients = vec![mailbox("maire@example.net")], Refusal::NotToUs),
    ("no sender", |w| w.letter.from = None, Refusal::SenderUnclear),
    ("several senders", |w| w.letter.troubles = vec![Trouble::SeveralSenders], Refusal::SenderUnclear),
    ("a false sender", |w| w.letter.verified = Verified::Fail, Refusal::SenderUnverified),
    ("an organiser", |w| w.letter.from = Some(mailbox("anne@example.org")), Refusal::Organiser),
    ("asks for no more mail", |w| w.reading.tones = vec![Tone::NoMoreMail], Refusal::NoMoreMail),
    ("asked for no more mail", |w| w.known.entries = vec![entry(Content::NoMoreMail)], Refusal::NoMoreMail),
    (
        "from before the first start",
        |w| w.known.first_start = Some(at("2018-02-20 10:00") + SignedDuration::from_secs(1)),
        Refusal::Backlog,
    ),
    ("73 hours old", |w| w.now = at("2018-02-23 11:00"), Refusal::TooOld),
    (
        "the event is over",
        |w| (w.arrival.received, w.now) = (at("2018-03-03 14:00"), at("2018-03-03 14:01")),
        Refusal::Over,
    ),
    (
        "thanks for our mail",
        |w| {
            w.reading =
                Reading { kind: Kind::Question, ack: true, tones: vec![Tone::ThanksOnly], ..Reading::default() };
            w.known.acknowledgements = vec![sent(90)];
            w.letter.references = vec!["ack.90.0@example.org".into()];
        },
        Refusal::Thanks,
    ),
    ("three within the hour", |w| w.known.acknowledgements = vec![sent(50), sent(30), sent(10)], Refusal::Loop),
    ("ten in all", |w| w.known.acknowledgements = (1..=10).map(|i| sent(i * 2000)).collect(), Refusal::Loop),
    (
        "four within the day",
        |w| w.known.acknowledgements = vec![sent(1300), sent(900), sent(600), sent(300)],
        Refusal::Ceiling,
    ),
    ("erased, and older than that", |w| w.known.forgotten = Some(at("2018-02-20 10:00")), Refusal::Forgotten),
];

#[test]
fn each_belt_alone_stops_the_answer_and_says_which_it_was() {
    assert_eq!(World::new().refusal(), None, "without a change the letter is answered");
    for (what, change, expected) in BELTS {
        let mut world = World::new();
        change(&mut world);
        let steps = world.plan();
        assert_eq!(world.refusal(), Some(*expected), "{what}");
        assert!(!steps.iter().any(|s| matches!(s, Step::Acknowledge { .. })), "{what}: answered all the same");
        let Some(Step::Keep(record)) = steps.first() else { panic!("{what}: not kept") };
        assert_eq!(record.refusal, expected.key(), "{what}");
    }
}

#[test]
fn every_refusal_has_its_words() {
    let speech = crate::book::speech();
    for (what, _, refusal) in BELTS {
        assert!(speech.knows(&format!("refusal/{}", refusal.key())), "{what}: {}", refusal.key());
    }
    let mut tried: Vec<Refusal> = BELTS.iter().map(|b| b.2).collect();
    tried.sort();
    tried.dedup();
    assert_eq!(tried.len(), 23, "a refusal without a belt in the table");
}

#[test]
fn just_inside_each_limit_the_letter_is_answered() {
    type Inside = (&'static str, fn(&mut World));
    let inside: &[Inside] = &[
        ("72 hours old", |w| w.now = at("2018-02-23 09:59")),
        ("the last minute of the event", |w| {
            (w.arrival.received, w.now) = (at("2018-03-03 12:58"), at("2018-03-03 12:59"))
        }),
        ("one of two events is over", |w| {
            w.reading.answers.push(answer(EVENING, "no"));
            (w.arrival.received, w.now) = (at("2018-03-01 09:00"), at("2018-03-01 09:01"));
        }),
        ("two within the hour", |w| w.known.acknowledgements = vec![sent(50), sent(30)]),
        ("three within the day", |w| w.known.acknowledgements = vec![sent(1300), sent(900), sent(600)]),
        ("waiting mails do not count: they merge", |w| {
            w.known.acknowledgements =
                (1..=6).map(|i| Outgoing { sending: Sending::Due, settled: None, ..sent(i) }).collect();
        }),
        ("thanks, and an answer with them", |w| {
            w.reading.tones = vec![Tone::ThanksOnly];
            w.known.acknowledgements = vec![sent(90)];
        }),
        ("written after an erasure", |w| w.known.forgotten = Some(at("2018-02-20 09:59"))),
        ("a weak mark", |w| w.letter.marks = marked(MarkOf::Bulk, Strength::Weak)),
        ("no verdict on the sender", |w| w.letter.verified = Verified::Unknown),
        ("our address in other letters", |w| w.letter.recipients = vec![mailbox("Collectif+egm@example.org")]),
        ("backlog that is to be answered", |w| {
            w.config.acknowledge.backlog = Backlog::Answer;
            w.arrival.received = at("2018-02-01 10:00");
        }),
    ];
    for (what, change) in inside {
        let mut world = World::new();
        change(&mut world);
        assert_eq!(world.refusal(), None, "{what}");
    }
}

#[test]
fn a_letter_that_is_recorded_already_is_planned_nothing_for() {
    let mut world = World::new();
    world.known.recorded = true;
    assert_eq!(world.plan(), vec![]);
}

#[test]
fn while_sending_is_off_or_was_the_answer_is_written_down_and_withheld() {
    let withheld = |world: &World| {
        let found = world
            .plan()
            .into_iter()
            .find_map(|s| if let Step::Acknowledge { withheld, .. } = s { Some(withheld) } else { None });
        found.expect("an acknowledgement")
    };
    let mut off = World::new();
    off.known.sending_since = None;
    assert!(withheld(&off));
    let mut before = World::new();
    before.known.sending_since = Some(at("2018-02-20 10:00") + SignedDuration::from_secs(1));
    assert!(withheld(&before), "it came before sending was turned on");
    before.arrival.received = at("2018-02-20 10:01");
    assert!(!withheld(&before));
}

#[test]
fn of_other_matters_machines_and_bounces_nothing_personal_is_kept() {
    for kind in [Kind::Other, Kind::Auto, Kind::Bounce] {
        let mut world = World::new();
        world.reading = Reading { kind, ..Reading::default() };
        world.letter.subject = "Aide pour un titre de séjour".into();
        world.letter.bounced =
            (kind == Kind::Bounce).then(|| Bounced { message_id: "ack.1.0@example.org".into(), ..Bounced::default() });
        let steps = world.plan();
        let Some(Step::Keep(record)) = steps.first() else { panic!("not kept") };
        let kept = [
            &record.person.address,
            &record.person.name,
            &record.shown,
            &record.signed,
            &record.subject,
            &record.excerpt,
        ];
        assert!(kept.iter().all(|t| t.is_empty()), "{kind:?}: {record:?}");
        assert_eq!((record.hash.as_str(), record.kind), ("abc", kind));
        assert_eq!(record.about.is_empty(), kind != Kind::Bounce);
        assert_eq!(world.entered(), vec![]);
    }
    let mut doubtful = World::new();
    doubtful.reading = Reading { kind: Kind::Other, review: vec![Review::Unreadable], ..Reading::default() };
    let steps = doubtful.plan();
    let Some(Step::Keep(record)) = steps.first() else { panic!("not kept") };
    assert_eq!(record.person.address, "yvette@orange.example", "a person must be able to find the letter");
    assert_eq!((record.subject.as_str(), record.excerpt.as_str()), ("", ""));
}

#[test]
fn an_excerpt_shows_what_is_asked_about() {
    let excerpt = |text: &str| {
        let mut world = World::new();
        world.letter.blocks = vec![Block { by: Writer::Sender, text: text.into() }];
        world.reading.review = vec![Review::Question];
        let Some(Step::Keep(record)) = world.plan().into_iter().next() else { panic!("not kept") };
        record.excerpt
    };
    assert_eq!(
        excerpt("Bonjour,\nJe viens si l'on m'emmène. Est-ce possible ?"),
        "Je viens si l'on m'emmène. Est-ce possible ?"
    );
    let long = "J'ai été très touchée par votre mot, et par les nouvelles de toute l'équipe. ";
    assert_eq!(
        excerpt(&format!("{long}{long}Je viens si l'on m'emmène. Est-ce possible ?")),
        "… Je viens si l'on m'emmène. Est-ce possible ?"
    );
}

#[test]
fn an_organisers_reply_to_a_digest_is_a_correction_unless_the_sender_is_false() {
    let corrects = |world: &World| world.plan().into_iter().find(|s| matches!(s, Step::Correct { .. }));
    let mut world = World::new();
    world.letter.from = Some(mailbox("anne@example.org"));
    world.reading = Reading { kind: Kind::Other, ..Reading::default() };
    assert_eq!(corrects(&world), None, "not a reply to a digest");
    world.known.replies_to_digest = true;
    let told = |tell_others| Some(Step::Correct { organiser: "anne@example.org".into(), tell_others });
    assert_eq!(corrects(&world), told(false));
    assert_eq!(world.entered(), vec![], "an organiser's lines are not her own answer");
    world.letter.verified = Verified::Unknown;
    assert_eq!(corrects(&world), told(true), "without a verdict the others are told");
    world.letter.verified = Verified::Fail;
    assert_eq!(corrects(&world), None);
    world.letter.verified = Verified::Pass;
    world.reading.kind = Kind::Auto;
    assert_eq!(corrects(&world), None, "her absence note is no correction");
    world.reading.kind = Kind::Other;
    world.letter.from = Some(mailbox("yvette@orange.example"));
    assert_eq!(corrects(&world), None, "she is not listed");
}

#[test]
fn an_unsigned_answer_from_a_shared_address_is_left_to_a_person() {
    let mut world = World::new();
    let at_home = |name: &str| Person { address: "yvette@orange.example".into(), name: name.into() };
    world.known.signers = vec![("Yvette".into(), at_home("")), ("Paul".into(), at_home("paul"))];
    world.letter.blocks = vec![Block { by: Writer::Sender, text: "finalement nous ne viendrons pas.".into() }];
    world.reading.contributions = vec![dish("tarte", astir_rsvp::reading::Course::Dessert, 1)];
    let entered = world.entered();
    let [Content::Said(said)] = &entered[..] else { panic!("{entered:?}") };
    assert!(said.answers.is_empty() && said.contributions.is_empty(), "guessed whose answer it is");
    assert_eq!(said.review, vec![Review::DoesNotFit]);
}
