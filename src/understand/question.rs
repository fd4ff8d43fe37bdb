//! What the letter asks: questions and requests that want a person's answer.

use crate::reading::Review;

use super::page::{Page, Piece};

/// Why a person should answer, with the rule and the words; none when nothing is asked.
pub fn asks(page: &Page<'_>) -> Vec<(Review, String, String)> {
    let mut out: Vec<(Review, String, String)> = Vec::new();
    for (piece, finding, rule) in page.findings("question") {
        // "Pourriez-vous…" needs no question mark; "est-ce que" and "comment" do, or stand at the start of their clause.
        let why = if rule.says("asks") == "request" { Review::Request } else { Review::Question };
        if !out.iter().any(|(w, _, _)| *w == why) {
            out.push((why, rule.name(), piece.words(finding).to_owned()));
        }
    }
    if out.is_empty()
        && let Some((piece, sentence)) = marked(page)
    {
        let words = piece.passage.words_of(piece.passage.sentence(sentence)).to_owned();
        out.push((Review::Question, "question/mark".into(), words));
    }
    out
}

/// A sentence that ends with a question mark and is no politeness.
fn marked<'p>(page: &'p Page<'_>) -> Option<(&'p Piece, usize)> {
    for piece in &page.pieces {
        for clause in piece.passage.clauses.iter().filter(|c| c.asked) {
            let polite = piece
                .scan
                .found
                .iter()
                .any(|f| page.rule(f).is_some_and(|r| r.field == "polite") && piece.sentence(f) == clause.sentence);
            if !polite && !clause.words.is_empty() {
                return Some((piece, clause.sentence));
            }
        }
    }
    None
}
