//! What the letter asks: questions and requests that want a person's answer.

use crate::reading::Review;
use crate::rules::passage::Clause;
use crate::rules::template::Words;

use super::page::{Page, Piece};

/// Why a person should answer, with the rule and the words; none when nothing is asked.
pub fn asks(page: &Page<'_>) -> Vec<(Review, String, String)> {
    let mut out: Vec<(Review, String, String)> = Vec::new();
    for (piece, finding, rule) in page.findings("question") {
        if mannerly(page, piece, piece.sentence(finding), finding.words.clone()) {
            continue;
        }
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
        // The clause that ends with the mark: "Bonjour," above it is no question.
        let marked = |end: usize| (end..end + 3).map(|at| piece.passage.word(at)).find(|w| !matches!(*w, ")" | "\""));
        for clause in piece.passage.clauses.iter().filter(|c| c.asked && marked(c.words.end) == Some("?")) {
            let polite = piece.scan.found.iter().any(|f| {
                page.rule(f).is_some_and(|r| r.field == "polite" && r.says("is") != "courtesy")
                    && piece.sentence(f) == clause.sentence
            });
            let polite = polite || answers_itself(page, piece, clause);
            if !polite && !clause.words.is_empty() {
                return Some((piece, clause.sentence));
            }
        }
    }
    None
}

/// A question of so few words may only bring up what follows.
const SHORT: usize = 3;

/// "Le forum ? J'y serai.": it goes on, and is about nothing that guests ask.
fn answers_itself(page: &Page<'_>, piece: &Piece, clause: &Clause) -> bool {
    let words = piece.passage.sentence(clause.sentence);
    let goes_on = piece.passage.clauses.last().is_some_and(|last| last.sentence > clause.sentence);
    let asked = |at: usize| page.pack.listed("asked-about", piece.passage.word(at));
    page.pack.lists.contains_key("asked-about") && goes_on && words.len() <= SHORT && !words.clone().any(asked)
}

/// "Comment refuser ?", "Pouvez-vous noter ma présence ?": the question's words are rhetoric's.
fn mannerly(page: &Page<'_>, piece: &Piece, sentence: usize, words: std::ops::Range<usize>) -> bool {
    piece.scan.found.iter().any(|f| {
        let rhetoric = page.rule(f).is_some_and(|r| r.field == "polite" && r.says("is") == "rhetoric");
        rhetoric && piece.sentence(f) == sentence && f.words.start < words.end && f.words.end > words.start
    })
}
