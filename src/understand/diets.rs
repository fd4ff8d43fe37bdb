//! Diets and allergies, in the sender's own words: noted apart for those who cook, they need no answer.
//!
//! Never takes for a diet what a dish is made without ("un gâteau sans gluten"), nor what is denied.

use super::contributions::Offer;
use super::page::Page;
use crate::rules::scan::Effect;

/// A clause no longer than this is kept whole: it says whose diet it is.
const WHOLE: usize = 12;

/// Every diet stated, each once, in order.
pub fn diets(page: &Page<'_>, offers: &[Offer]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for (index, piece) in page.pieces.iter().enumerate() {
        let found = piece.scan.found.iter().filter(|f| page.rule(f).is_some_and(|r| r.field == "diets"));
        for finding in found {
            let offered = offers.iter().any(|o| o.piece == index && o.words.contains(&finding.words.start));
            if offered || finding.negated() || finding.is(Effect::Cancelled) {
                continue;
            }
            let clause = piece.passage.clauses.get(finding.clause).map(|c| c.words.clone());
            let words = clause
                .filter(|c| c.len() <= WHOLE && c.end >= finding.words.end)
                .unwrap_or_else(|| finding.words.clone());
            let words = piece.passage.words_of(words).split_whitespace().collect::<Vec<_>>().join(" ");
            let words = words.trim_matches(|c: char| !c.is_alphanumeric() && c != ')').to_owned();
            if !out.contains(&words) {
                out.push(words);
            }
        }
    }
    out
}
