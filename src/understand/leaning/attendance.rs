//! Does the letter lean to somebody's coming, and what is that worth beside what the rules read?

use std::collections::BTreeSet;

use super::{Account, Leaning, Telling, most, runs, spoken, together};
use crate::reading::Attendance;
use crate::understand::page::Page;

/// What weights are asked.
pub const QUESTION: &str = "attendance";

/// The sides of the question: an answer, or none.
pub const SIDES: [(&str, Option<Attendance>); 4] = [
    ("yes", Some(Attendance::Yes)),
    ("no", Some(Attendance::No)),
    ("maybe", Some(Attendance::Maybe)),
    ("nothing", None),
];

/// How often rules read so (a column: nothing, a yes in a sentence, a slight yes, the same of a no and of a perhaps) where it
/// is so (a row: yes, no, perhaps, nothing), of each event of replies to which no rule had been fitted.
const RULES_READ: [[f32; 7]; 4] = [
    [0.189, 0.544, 0.208, 0.013, 0.014, 0.019, 0.005],
    [0.251, 0.037, 0.027, 0.422, 0.239, 0.008, 0.003],
    [0.275, 0.045, 0.040, 0.014, 0.028, 0.538, 0.055],
    [0.950, 0.012, 0.012, 0.011, 0.008, 0.006, 0.001],
];
/// How much rules count, and how much words.
const RULES: f32 = 0.85;
const WORDS: f32 = 0.8;

/// What the rules read of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    /// Nothing.
    Nothing,
    /// A yes and a no that no word resolves.
    Contradiction,
    /// An answer, and whether a sentence says so.
    Answer(Attendance, bool),
}

impl Read {
    /// How often it is read where a side is so.
    fn worth(self, side: usize) -> f32 {
        let column = match self {
            Self::Contradiction => return 1.0,
            Self::Nothing => 0,
            Self::Answer(Attendance::Yes, said) => 2 - usize::from(said),
            Self::Answer(Attendance::No, said) => 4 - usize::from(said),
            Self::Answer(Attendance::Maybe, said) => 6 - usize::from(said),
        };
        RULES_READ.get(side).and_then(|row| row.get(column)).copied().unwrap_or(1.0)
    }

    /// It says the same.
    pub fn agrees(self, says: Option<Attendance>) -> bool {
        match self {
            Self::Contradiction => false,
            Self::Nothing => says.is_none(),
            Self::Answer(read, _) => says == Some(read),
        }
    }
}

/// What rules and words come to together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    /// The likeliest answer, or none.
    pub says: Option<Attendance>,
    /// How likely it is, of 1.
    pub share: f32,
}

/// The features of a letter about one event: its words, and each two that follow each other; the same again of the clauses
/// about that event, with a sign; whether it is the one that is asked about, and which events are named.
pub fn features(page: &Page<'_>, event: usize) -> BTreeSet<String> {
    let account = Account::of(page, event, Telling { number: |_| "<n>", persons: false });
    let whole: Vec<&str> = account.clauses.iter().flat_map(|(words, _)| words).copied().collect();
    let own = account.clauses.iter().filter(|(_, mine)| *mine);
    let own: Vec<&str> = own.flat_map(|(words, _)| words.iter().copied().chain(["."])).collect();
    runs("", &whole, 2).chain(runs("+", &own, 2)).chain(account.frame(page, event)).collect()
}

/// What the letter leans to about an event; `None` of one that it says too little of.
pub fn leaning<'p>(page: &Page<'p>, event: usize) -> Option<Leaning<'p>> {
    spoken(page, event).then(|| Leaning::of(page, QUESTION, || features(page, event)))?
}

impl Leaning<'_> {
    /// What it comes to beside what the rules read.
    pub fn beside(&self, rules: Read) -> Judged {
        let reads = (0..SIDES.len()).map(|side| rules.worth(side));
        let shares = together(SIDES.iter().map(|(name, _)| self.share(name)), reads, (WORDS, RULES));
        let side = most(&shares);
        let says = SIDES.get(side).and_then(|(_, says)| *says);
        Judged { says, share: shares.get(side).copied().unwrap_or_default() }
    }
}

/// The side of an answer, as weights name it.
pub fn side(says: Option<Attendance>) -> &'static str {
    SIDES.iter().find(|(_, s)| *s == says).map_or("", |(name, _)| name)
}

/// The rule that evidence names.
pub fn rule(says: Option<Attendance>) -> String {
    format!("leaning/{}", side(says))
}
