//! The part of a line after the name → what is asked, clause by clause.
//!
//! Promises: a clause that is not understood as a whole is given back as it was written; a date or a name of an event in
//! a clause holds for the clauses after it, until the next.

use super::grammar::{Grammar, normal};
use super::when;
use crate::event::Event;

/// One thing asked about a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// They come.
    Yes,
    /// They do not.
    No,
    /// They may.
    Maybe,
    /// How many.
    People(u32),
    /// Stays for the meal, or not.
    Meal(bool),
    /// Comes for the meal only.
    MealOnly,
    /// Comes for a part.
    Partial,
    /// Chose these workshops.
    Workshops(Vec<u32>),
    /// Brings this, besides what was said.
    Bring(String),
    /// Brings nothing but this.
    BringOnly(String),
    /// Does not bring this.
    Drop(String),
    /// A diet, in the organiser's words.
    Diet(String),
    /// Wants no more automatic mail.
    NoMail,
    /// Has been dealt with.
    Handled,
}

/// What a line asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Asks {
    /// Each with the event it names, if any.
    pub asks: Vec<(Option<String>, What)>,
    /// Clauses that were not understood, as written.
    pub unknown: Vec<String>,
}

/// Whether loose words may be something to bring: judged by the rules that read letters.
pub type IsThing<'a> = &'a dyn Fn(&str) -> bool;

/// Reads the clauses.
pub fn read(text: &str, grammar: &Grammar<'_>, events: &[Event], is_thing: IsThing<'_>) -> Asks {
    let mut asks = Asks::default();
    let mut event: Option<String> = None;
    for clause in text.split([',', ';']).map(str::trim).filter(|c| !normal(c).is_empty()) {
        let whole = one(clause, grammar, events, &mut event, is_thing);
        let parts = whole.or_else(|| halves(clause, grammar, events, &mut event, is_thing));
        match parts {
            Some(parts) => asks.asks.extend(parts.into_iter().map(|w| (event.clone(), w))),
            None => asks.unknown.push(clause.to_owned()),
        }
    }
    if contradicts(&asks) { Asks { asks: Vec::new(), unknown: vec![text.to_owned()] } } else { asks }
}

/// Two numbers, or a yes and a no, for the same event.
fn contradicts(asks: &Asks) -> bool {
    let sort = |w: &What| match w {
        What::People(_) => 1,
        What::Yes | What::No | What::Maybe => 2,
        What::Meal(_) => 3,
        _ => 0,
    };
    asks.asks.iter().enumerate().any(|(i, (event, what))| {
        let earlier = asks.asks.iter().take(i).filter(|(e, w)| e == event && sort(w) == sort(what));
        sort(what) > 0 && earlier.into_iter().any(|(_, w)| w != what)
    })
}

/// A clause that is two: "2 personnes et une quiche". Both must be understood.
fn halves(
    clause: &str,
    grammar: &Grammar<'_>,
    events: &[Event],
    event: &mut Option<String>,
    is_thing: IsThing<'_>,
) -> Option<Vec<What>> {
    let (first, second) = grammar.around("number/and", clause)?;
    let mut parts = one(first, grammar, events, event, is_thing)?;
    let again = one(second, grammar, events, event, is_thing);
    parts.extend(again.or_else(|| halves(second, grammar, events, event, is_thing))?);
    Some(parts)
}

fn one(
    clause: &str,
    grammar: &Grammar<'_>,
    events: &[Event],
    event: &mut Option<String>,
    is_thing: IsThing<'_>,
) -> Option<Vec<What>> {
    if let Some(what) = turn(clause, grammar, is_thing) {
        return Some(what);
    }
    // "2 personnes le 3 mars": the event is set only if the rest is understood.
    let (named, rest) = when::event_in(clause, grammar, events)?;
    if normal(&rest).is_empty() {
        *event = Some(named);
        return Some(Vec::new());
    }
    let what = turn(&rest, grammar, is_thing)?;
    *event = Some(named);
    Some(what)
}

fn turn(clause: &str, grammar: &Grammar<'_>, is_thing: IsThing<'_>) -> Option<Vec<What>> {
    let bare = grammar.bare(clause);
    for text in [clause, bare] {
        let simple = [
            ("what/no", What::No),
            ("what/maybe", What::Maybe),
            ("what/no-meal", What::Meal(false)),
            ("what/meal-only", What::MealOnly),
            ("what/meal", What::Meal(true)),
            ("what/partial", What::Partial),
            ("what/yes", What::Yes),
            ("what/no-mail", What::NoMail),
            ("line/handled", What::Handled),
        ];
        if let Some((_, what)) = simple.into_iter().find(|(key, _)| grammar.is(key, text)) {
            return Some(vec![what]);
        }
        if let Some(n) = grammar.counted("what/people", text) {
            return Some(vec![if n == 0 { What::No } else { What::People(n) }]);
        }
        if let Some(list) = grammar.listed("what/workshops", text) {
            return Some(vec![What::Workshops(list)]);
        }
        if grammar.after("what/diet", text).is_some() {
            return Some(vec![What::Diet(text.trim().to_owned())]);
        }
    }
    things(bare, grammar, is_thing)
}

/// What is brought, or not.
fn things(text: &str, grammar: &Grammar<'_>, is_thing: IsThing<'_>) -> Option<Vec<What>> {
    let item = |t: &str| grammar.after("what/also", t).unwrap_or(t).trim().to_owned();
    if let Some(rest) = grammar.after("what/bring-not", text) {
        return Some(vec![What::Drop(item(rest))]).filter(|_| !normal(rest).is_empty());
    }
    let (rest, said) = match grammar.after("what/bring", text) {
        Some(rest) => (rest.trim(), true),
        None => (text, false),
    };
    if normal(rest).is_empty() {
        return None;
    }
    if let Some((new, old)) = grammar.around("what/instead", rest)
        && (said || is_thing(&item(new)))
    {
        return Some(vec![What::Drop(old.to_owned()), What::Bring(item(new))]);
    }
    let (rest, only) = match grammar.after("what/only", rest) {
        Some(after) => (after.trim(), true),
        None => grammar.around("what/only", rest).map_or((rest, false), |(before, _)| (before, true)),
    };
    let rest = item(rest);
    let thing = said || (begins_like_a_thing(&rest, grammar) && is_thing(&rest));
    thing.then(|| vec![if only { What::BringOnly(rest) } else { What::Bring(rest) }])
}

/// "une quiche", "du pain", "3 bouteilles de jus".
fn begins_like_a_thing(text: &str, grammar: &Grammar<'_>) -> bool {
    let first = text.split_whitespace().next().unwrap_or("");
    grammar.after("what/article", text).is_some() || grammar.number(first).is_some()
}
