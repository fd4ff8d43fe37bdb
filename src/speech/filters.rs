//! The filters that templates and sentences may use, bound to one language.
//!
//! Promises: a value that is no date is an error with the value's place, never a blank.

use std::sync::Arc;

use jiff::civil::{Date, DateTime};
use minijinja::{Environment, Error, ErrorKind};

use super::dates::Dates;
use super::grammar::{Grammar, capital};

fn moment(text: &str) -> Result<DateTime, Error> {
    text.parse::<DateTime>()
        .or_else(|_| text.parse::<Date>().map(|d| d.at(0, 0, 0, 0)))
        .map_err(|_| Error::new(ErrorKind::InvalidOperation, "not a civil date"))
}

fn maybe(text: Option<String>) -> Result<Option<DateTime>, Error> {
    text.map(|t| moment(&t)).transpose()
}

/// Adds every filter.
pub(super) fn add(environment: &mut Environment<'static>, dates: Dates, grammar: Grammar) {
    let dates = Arc::new(dates);
    for (filter, pattern) in [("date", "date"), ("date_year", "date-year"), ("day", "day"), ("day_year", "day-year")] {
        let dates = Arc::clone(&dates);
        environment.add_filter(filter, move |text: String| Ok::<_, Error>(dates.date(moment(&text)?.date(), pattern)));
    }
    let of = Arc::clone(&dates);
    environment.add_filter("hour", move |text: String| Ok::<_, Error>(of.hour(moment(&text)?.time())));
    let of = Arc::clone(&dates);
    environment.add_filter("hours", move |start: String, end: Option<String>| {
        Ok::<_, Error>(of.hours(moment(&start)?, maybe(end)?))
    });
    environment.add_filter("when", move |start: String, end: Option<String>| {
        Ok::<_, Error>(dates.when(moment(&start)?, maybe(end)?))
    });
    words(environment, Arc::new(grammar));
}

fn words(environment: &mut Environment<'static>, grammar: Arc<Grammar>) {
    let of = Arc::clone(&grammar);
    environment.add_filter("plural", move |n: u64, one: String, many: String| of.plural(n, &one, &many).to_owned());
    let of = Arc::clone(&grammar);
    environment.add_filter("listed", move |items: Vec<String>| of.list(&items));
    let of = Arc::clone(&grammar);
    environment.add_filter("of", move |name: String| of.of(&name));
    environment.add_filter("named", move |name: String| grammar.named(&name));
    environment.add_filter("capital", |text: String| capital(&text));
}
