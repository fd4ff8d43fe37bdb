//! Dates and hours in words: "samedi 3 mars", "de 9 h à 13 h", from the `[dates]` table of a language's `words.toml`.
//!
//! Promises: knows no language; a midnight start without an end is a date without an hour; an evening that ends after
//! midnight is still one evening. Reads no clock: the year is printed when the template asks for it.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime, Time};

use super::fill;

/// The words for dates of one language.
#[derive(Debug, Clone, Default)]
pub struct Dates {
    weekdays: Vec<String>,
    months: Vec<String>,
    patterns: BTreeMap<String, String>,
}

/// An hour before which the end of an event belongs to the evening before.
const SMALL_HOURS: i8 = 6;

impl Dates {
    /// `table` is `[dates]`: `weekdays` (Monday first) and `months`, separated by spaces; the other keys are patterns.
    pub fn new(table: &BTreeMap<String, String>) -> Self {
        let words = |key: &str| -> Vec<String> {
            table.get(key).map(|w| w.split_whitespace().map(str::to_owned).collect()).unwrap_or_default()
        };
        Self { weekdays: words("weekdays"), months: words("months"), patterns: table.clone() }
    }

    fn pattern(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.patterns.get(key).map(|p| fill(p, values)).unwrap_or_default()
    }

    /// "samedi 3 mars" (`date`), "samedi 3 mars 2018" (`date-year`), "3 mars" (`day`), "3 mars 2018" (`day-year`):
    /// the pattern of that key.
    pub fn date(&self, date: Date, pattern: &str) -> String {
        let name = |list: &[String], number: i8| {
            usize::try_from(number - 1).ok().and_then(|i| list.get(i)).cloned().unwrap_or_default()
        };
        let first = self.patterns.get("first").filter(|f| date.day() == 1 && !f.is_empty());
        let day = first.cloned().unwrap_or_else(|| date.day().to_string());
        let values = [
            ("weekday", name(&self.weekdays, date.weekday().to_monday_one_offset())),
            ("day", day),
            ("month", name(&self.months, date.month())),
            ("year", date.year().to_string()),
        ];
        let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
        self.pattern(pattern, &values)
    }

    /// "19 h", "19 h 30", "minuit".
    pub fn hour(&self, time: Time) -> String {
        if let Some(midnight) = self.patterns.get("midnight").filter(|_| time == Time::midnight()) {
            return midnight.clone();
        }
        let (hour, minute) = (time.hour().to_string(), format!("{:02}", time.minute()));
        let key = if time.minute() == 0 { "hour" } else { "hour-minute" };
        self.pattern(key, &[("hour", &hour), ("minute", &minute)])
    }

    /// "de 9 h à 13 h", "à 19 h", or nothing when no hour is known.
    pub fn hours(&self, start: DateTime, end: Option<DateTime>) -> String {
        match end {
            Some(end) => {
                self.pattern("from-to", &[("start", &self.hour(start.time())), ("end", &self.hour(end.time()))])
            }
            None if start.time() == Time::midnight() => String::new(),
            None => self.pattern("at", &[("start", &self.hour(start.time()))]),
        }
    }

    /// When something takes place: "samedi 3 mars, de 9 h à 13 h", "samedi 3 mars, à 19 h", "samedi 3 mars", "du
    /// samedi 3 mars à 9 h au dimanche 4 mars à 17 h".
    pub fn when(&self, start: DateTime, end: Option<DateTime>) -> String {
        let day = self.date(start.date(), "date");
        if let Some(end) = end.filter(|e| several_days(start, *e)) {
            let last = self.date(end.date(), "date");
            let (from, to) = (self.hour(start.time()), self.hour(end.time()));
            return self.pattern("days", &[("first", &day), ("from", &from), ("last", &last), ("to", &to)]);
        }
        let hours = self.hours(start, end);
        if hours.is_empty() { day } else { self.pattern("date-hours", &[("date", &day), ("hours", &hours)]) }
    }
}

/// Whether an event goes on over a night.
fn several_days(start: DateTime, end: DateTime) -> bool {
    let evening = start.date().tomorrow().is_ok_and(|t| t == end.date()) && end.hour() < SMALL_HOURS;
    start.date() != end.date() && !evening
}
