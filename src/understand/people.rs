//! How many come: totals said in numbers, else companions added to the sender, else the names that sign.
//!
//! Never counts telephones, ages, hours, addresses, portions or food: `dates.toml` takes those out first. A plural whose
//! number is nowhere to be found stays unknown.

mod party;

use std::ops::Range;

use crate::rules::passage::Passage;
use crate::rules::scan::Effect;
use crate::rules::template::Words;

use super::attendance::Verdict;
use super::page::{Page, Piece};
pub use party::{Party, party};

/// A head count with what it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// How many, `None`: several, nobody knows.
    pub people: Option<u32>,
    /// The rule or reason.
    pub rule: String,
    /// The sender's words.
    pub words: String,
}

/// A count found somewhere, before it is known whom it concerns.
#[derive(Debug, Clone)]
struct Heard {
    count: Count,
    rank: u8,
    piece: usize,
    sentence: usize,
    events: Vec<usize>,
    named: bool,
}

/// How many come to the event of a verdict.
pub fn people(page: &Page<'_>, verdict: &Verdict) -> Count {
    let heard = hear(page);
    // What stands in the sentences that decided, then what names this event, then what is said of no other event.
    let deciding =
        |h: &&Heard| verdict.votes.iter().any(|v| v.at == (h.piece, h.sentence)) && h.events.contains(&verdict.event);
    let ours = |h: &&Heard| h.events.contains(&verdict.event);
    let general = |h: &&Heard| !h.named;
    for wanted in [&deciding as &dyn Fn(&&Heard) -> bool, &ours, &general] {
        let best = heard.iter().filter(|h| wanted(h)).max_by_key(|h| h.rank);
        if let Some(best) = best {
            let last = heard.iter().rfind(|h| wanted(h) && h.rank == best.rank).unwrap_or(best);
            return last.count.clone();
        }
    }
    by_grammar(page, verdict, &heard)
}

/// No number and no companion: "je" is one; "nous" is as many as sign; somebody else who comes is one.
fn by_grammar(page: &Page<'_>, verdict: &Verdict, heard: &[Heard]) -> Count {
    let words = verdict.votes.first().map_or(String::new(), |v| v.words.clone());
    let third = verdict.votes.iter().all(|v| v.third);
    let plural = verdict.votes.iter().any(|v| is_plural(page, v.at, &v.words));
    if third && !verdict.votes.iter().any(|v| collective(page, v)) {
        return Count { people: Some(1), rule: "people/one".into(), words };
    }
    if plural {
        if let Some(named) = verdict.votes.iter().find_map(|v| names_in(page, v.at)) {
            return Count { people: Some(named), rule: "people/names".into(), words };
        }
        let signers = signers(page);
        if signers >= 2 {
            return Count { people: Some(signers), rule: "people/signature".into(), words };
        }
        if let Some(any) = heard.iter().max_by_key(|h| h.rank) {
            return any.count.clone();
        }
        return Count { people: None, rule: "people/plural".into(), words };
    }
    Count { people: Some(1), rule: "people/one".into(), words }
}

/// "Louis et Marthe" in the sentence that says "nous".
fn names_in(page: &Page<'_>, at: (usize, usize)) -> Option<u32> {
    let piece = page.pieces.get(at.0)?;
    let range = piece.passage.sentence(at.1);
    range.filter_map(|w| party(&piece.passage, page.pack, w)).filter_map(|p| p.people).find(|n| *n >= 2)
}

/// The subject is a group, or several persons: its number is not one.
fn collective(page: &Page<'_>, vote: &super::attendance::Vote) -> bool {
    let Some(piece) = page.pieces.get(vote.at.0) else { return false };
    let list = page.pack.lists.get("collectives");
    let many = vote.words.trim_end().ends_with("nt");
    many || piece
        .passage
        .sentence(vote.at.1)
        .any(|w| list.is_some_and(|l| l.iter().any(|x| x == piece.passage.word(w))))
}

/// The votes' own sentences speak in the plural of the sender.
fn is_plural(page: &Page<'_>, at: (usize, usize), words: &str) -> bool {
    let plural = page.pack.lists.get("we");
    let Some(plural) = plural else { return false };
    let folded = crate::text::fold(words);
    let has = |text: &str| crate::text::tokens(text).iter().any(|t| plural.contains(&t.word));
    if has(&folded) {
        return true;
    }
    let Some(piece) = page.pieces.get(at.0) else { return false };
    let range = piece.passage.sentence(at.1);
    let i = page.pack.lists.get("i");
    let any = |list: Option<&Vec<String>>| {
        list.is_some_and(|l| range.clone().any(|w| l.iter().any(|x| x == piece.passage.word(w))))
    };
    any(Some(plural)) && !any(i)
}

/// Every count of the letter, in order.
fn hear(page: &Page<'_>) -> Vec<Heard> {
    let mut out = Vec::new();
    for (index, piece) in page.pieces.iter().enumerate() {
        totals(page, index, piece, &mut out);
        companions(page, index, piece, &mut out);
    }
    out
}

fn totals(page: &Page<'_>, index: usize, piece: &Piece, out: &mut Vec<Heard>) {
    for finding in &piece.scan.found {
        let Some(rule) = page.rule(finding).filter(|r| r.field == "people") else { continue };
        if finding.is(Effect::Cancelled) || finding.is(Effect::Doubted) || piece.asked(finding) {
            continue;
        }
        let corrected = rule.id == "total/not-but";
        if finding.negated() && !corrected {
            continue;
        }
        let number = last_count(&piece.passage, finding.words.clone());
        let (people, rank) = match rule.says("people") {
            "n" => match number.map(|(at, n)| with_others(page, piece, at, n)) {
                Some(n) if n > 0 && n <= 300 => (Some(n), if rule.says("weight") == "low" { 1 } else { 4 }),
                _ => continue,
            },
            "+1" => (Some(2), 2),
            "+n" => match number.map(|(_, n)| n) {
                Some(n) if n <= 20 => (Some(n + 1), 2),
                _ => continue,
            },
            "unknown" => (None, 1),
            fixed => (fixed.parse().ok(), 2),
        };
        let about = piece.about(finding);
        if about.another_matter() {
            continue;
        }
        let words = piece.words(finding).to_owned();
        out.push(Heard {
            count: Count { people, rule: rule.name(), words },
            rank: if corrected { 5 } else { rank },
            piece: index,
            sentence: piece.sentence(finding),
            events: about.events,
            named: about.named,
        });
    }
}

/// The last count inside a match ("pas 4 mais 2").
fn last_count(passage: &Passage, words: Range<usize>) -> Option<(usize, u32)> {
    words.rev().find_map(|at| passage.count(at).map(|(n, _)| (at, n)))
}

/// "4 adultes et 2 enfants": the number begins a list of persons.
fn with_others(page: &Page<'_>, piece: &Piece, at: usize, n: u32) -> u32 {
    let listed = party(&piece.passage, page.pack, at).and_then(|p| p.people);
    listed.filter(|all| *all > n).unwrap_or(n)
}

/// Companions: "avec mon mari", "ma femme et moi", "accompagnée de deux amis", "six jeunes et moi-même".
fn companions(page: &Page<'_>, index: usize, piece: &Piece, out: &mut Vec<Heard>) {
    let passage = &piece.passage;
    let mut at = 0;
    while at < passage.len() {
        let with = party::after_with(passage, page.pack, at);
        let (start, needs_me) = match with {
            Some(next) => (next, false),
            None => (at, true),
        };
        // "Inscrivez-moi", "c'est moi": alone, "moi" counts nobody.
        let counts = |p: &Party| (p.me && p.people != Some(1)) || !needs_me;
        let Some(found) = party(passage, page.pack, start).filter(counts) else {
            at += 1;
            continue;
        };
        let clause = passage.clause_at(at).unwrap_or(0);
        let about = piece.about.get(clause).cloned().unwrap_or_default();
        let people = found.people.map(|n| if found.me { n } else { n + 1 });
        let unsure = piece.scan.operators.iter().any(|o| {
            let does = page.pack.rules.get(o.rule).map_or("", |r| r.says("does"));
            (does == "negate" && o.words.contains(&at.saturating_sub(1)))
                || (does == "cancel" && piece.passage.clause_at(o.words.start) == Some(clause))
        });
        if !unsure && !about.another_matter() && found.people != Some(0) {
            let words = passage.words_of(at..found.end).to_owned();
            out.push(Heard {
                count: Count { people, rule: "people/companions".into(), words },
                rank: if found.me { 4 } else { 3 },
                piece: index,
                sentence: passage.clauses.get(clause).map_or(0, |c| c.sentence),
                events: about.events,
                named: about.named,
            });
        }
        at = found.end.max(at + 1);
    }
}

/// How many names sign: "Monique et Gérard" 2, "R. et S. Fombonne" 2.
fn signers(page: &Page<'_>) -> u32 {
    let text = page.letter.reply_text();
    let lines = page.letter.signature.lines().chain(text.lines().rev().filter(|l| !l.trim().is_empty()).take(3));
    lines.map(|line| party::names_on_line(line, page.pack)).max().unwrap_or(0)
}
