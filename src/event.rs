//! What was announced: events and their workshops, as the configuration tells them.
//!
//! The only place that knows dates, places and names of events; nothing in the code or the rules does.

use jiff::civil::DateTime;

/// One announced event.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Stable identifier chosen in the configuration (`egm-2018-03-03`).
    pub id: String,
    /// What the invitation calls it.
    pub title: String,
    /// Local time in the association's zone.
    pub start: DateTime,
    /// Local time; `None` when the invitation gives no end.
    pub end: Option<DateTime>,
    /// Where, in words ("Maison de quartier St Nicolas, Romans").
    pub place: String,
    /// Postal address, when it says more than the place.
    pub address: String,
    /// Whether a meal is shared, or is the event itself.
    pub meal: SharedMeal,
    /// An answer that names no event answers the default one.
    pub default: bool,
    /// What everyone brings for themselves ("vos couverts, assiette et verre").
    pub bring: String,
    /// What people call it ("Gemenne", "EGM").
    pub words: Vec<String>,
    /// Numbered workshops or themes.
    pub workshops: Vec<Workshop>,
    /// How many dishes of each course the organisers wish for.
    pub wanted: std::collections::BTreeMap<String, u32>,
}

/// The place of the meal in an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SharedMeal {
    /// No meal is shared.
    #[default]
    None,
    /// A meal follows or precedes; people may skip it.
    Beside,
    /// The event is the meal (a banquet, a picnic): whoever comes eats.
    Itself,
}

/// A workshop or theme, known by number or name.
#[derive(Debug, Clone, PartialEq)]
pub struct Workshop {
    /// As printed in the invitation.
    pub number: u32,
    /// Its name.
    pub title: String,
}

impl Event {
    /// The moment after which nothing about the event is worth an answer: its end, or midnight of its day.
    pub fn over(&self) -> DateTime {
        self.end.unwrap_or_else(|| self.start.date().at(23, 59, 59, 0))
    }
}
