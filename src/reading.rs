//! What one letter means: the object of the labels, with the evidence for each field and the reasons for doubt.
//!
//! Types only. The JSON keys are stable: scripts outside the repository read them.

use serde::{Deserialize, Serialize};

/// What kind of message a letter is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A person says whether someone comes to an announced event, what they bring, or changes an earlier answer.
    Rsvp,
    /// A person writes about an announced event but answers nothing: asks, thanks, proposes.
    Question,
    /// A person writes about something else.
    #[default]
    Other,
    /// A machine wrote it: absence note, list, newsletter, notification, spam.
    Auto,
    /// A delivery report or a read receipt.
    Bounce,
}

/// Will they come?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Attendance {
    /// They plan to come, hedged or not.
    Yes,
    /// They will not come.
    No,
    /// They cannot tell yet.
    Maybe,
}

/// Do they stay for the shared meal? `None` in an [`Answer`] when nothing is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Meal {
    /// They stay, or bring something to share.
    Yes,
    /// They say they will not stay.
    No,
}

/// How much of the event they attend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// All of it, or nothing said.
    #[default]
    Full,
    /// Late, leaving early, one half only.
    Partial,
    /// Only the meal.
    MealOnly,
}

/// What the sender answers about one event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// [`crate::event::Event::id`].
    pub event: String,
    /// Will they come?
    pub attendance: Attendance,
    /// How many come, the sender included when they come; 0 for a no; `None` when it cannot be told.
    pub people: Option<u32>,
    /// The shared meal; `None` when nothing is said.
    pub meal: Option<Meal>,
    /// Numbers of the workshops chosen.
    pub workshops: Vec<u32>,
    /// How much of it.
    pub part: Part,
}

/// What sort of thing is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// Something to eat.
    Food,
    /// Something to drink.
    Drink,
    /// Plates, glasses, cutlery, napkins…
    Tableware,
    /// Tables, chairs, projector, leaflets…
    Equipment,
    /// Something they will do.
    Help,
}

/// The course of a dish.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Course {
    /// Salads, soups, quiche, charcuterie.
    Starter,
    /// Main dishes.
    Main,
    /// Side dishes.
    Side,
    /// Cheese.
    Cheese,
    /// Bread.
    Bread,
    /// Fruit, cakes, sweets.
    Dessert,
    /// Crisps, olives, aperitif bites.
    Snack,
}

/// One thing that the sender brings, lends or does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contribution {
    /// What sort.
    pub kind: Sort,
    /// The thing in the sender's own words, without determiner or number.
    pub what: String,
    /// For food only; `None` when it cannot be told.
    pub course: Option<Course>,
    /// The number said, 1 for "un/une", `None` if not said.
    pub quantity: Option<u32>,
    /// Only for themselves ("mes couverts").
    pub own: bool,
    /// Asked or conditional.
    pub tentative: bool,
}

/// Why a person should read a letter. The serialised name is printed by `understand` and put in words by the digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Review {
    /// It asks something that wants an answer.
    Question,
    /// It requests something (a lift, a document, a call).
    Request,
    /// An offer waits for a word from us.
    OfferToConfirm,
    /// It says two things that cannot both be true.
    Contradiction,
    /// Two readings are equally good.
    TwoReadings,
    /// No rule pack covers its language.
    UnknownLanguage,
    /// It tells of persons that the number read does not explain, or its words lean to another number than rules count.
    HeadCount,
    /// Words that look like an answer and that no rule explains.
    LowCoverage,
    /// An answer is there, but not for which event.
    WhichEvent,
    /// A volunteer passes on somebody else's answer.
    Forwarded,
    /// Only an attachment (a photo of a note).
    AttachmentOnly,
    /// A calendar answer whose words say something else.
    CalendarDiffers,
    /// Somebody else's calendar event, a counter-proposal, or a request.
    CalendarUnmatched,
    /// The receiving server says that the sender may be false.
    SenderUnverified,
    /// Several senders, or none that can be answered.
    SenderUnclear,
    /// It may be an automatic message.
    MaybeAutomatic,
    /// A likely answer that came through a list.
    ThroughList,
    /// It speaks of a death and answers nothing plainly: a person should write.
    Grief,
    /// It asks to see or erase personal data, or to get no more automatic mail.
    PersonalData,
    /// It could not be decoded, or only in part.
    Unreadable,
    /// The answer does not fit what we knew of the person.
    DoesNotFit,
}

/// Where a field's value comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Which field ("attendance egm-2018-03-03", "people", "contribution 2"…).
    pub field: String,
    /// The rule's id ("attendance/yes/will-be-there").
    pub rule: String,
    /// The sender's own words it rests on.
    pub words: String,
    /// What was done to it ("negated by negation/ne-pas", "cancelled by …"), empty if nothing.
    pub note: String,
}

/// What one letter means, judged alone, at any date.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Reading {
    /// The kind of message.
    pub kind: Kind,
    /// One for each event that is answered, in the order of the configuration.
    pub answers: Vec<Answer>,
    /// What they bring, lend or do.
    pub contributions: Vec<Contribution>,
    /// In whose name they write.
    pub organisation: Option<String>,
    /// Whether a person must read it.
    pub needs_human: bool,
    /// Whether an acknowledgement is due, as far as this message alone tells.
    pub ack: bool,
    /// Why a person should read it; empty when the program trusts its own reading.
    pub review: Vec<Review>,
    /// Diets and allergies stated, in the sender's words.
    pub diets: Vec<String>,
    /// Remarks that change the tone or the handling of an answer (not why a person should read it).
    pub tones: Vec<Tone>,
    /// Language read: `fr`, `en`, `es`, `it`, or empty when unknown.
    pub language: String,
    /// Events answered that no word names: taken for granted from the thread or as the default one.
    #[serde(skip)]
    pub inferred: Vec<String>,
    /// What the fields rest on.
    #[serde(skip)]
    pub evidence: Vec<Evidence>,
    /// For `--explain`: each clause with what fired in it and what was cancelled, one line each.
    #[serde(skip)]
    pub trace: Vec<String>,
}

/// What colours the acknowledgement without needing a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    /// They speak of illness or an operation: a sober text.
    Illness,
    /// They speak of a death or a burial: a sober text.
    Grief,
    /// They correct or withdraw an earlier answer.
    Correction,
    /// They only thank, or wish well.
    ThanksOnly,
    /// They praise the initiative.
    Praise,
    /// It speaks of others, not of the sender: somebody in their place, or people they announce.
    InPlace,
    /// They ask to get no more automatic mail.
    NoMoreMail,
}
