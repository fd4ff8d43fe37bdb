//! Whether a letter that answers and asks nothing is only courtesy: thanks, praise, wishes, something passed on.
//!
//! What is neither an answer, nor a question, nor courtesy may be an answer that no rule explains: a person reads it.

use super::page::{Page, Place};

/// Sentences of so few words are greetings, closings and names.
const SHORT: usize = 4;

/// Wishes for a day that goes on without the sender ("Bonne journée à tous", "nos pensées vous accompagnent").
pub fn parts(page: &Page<'_>) -> bool {
    page.findings("polite").any(|(piece, _, rule)| piece.place == Place::Body && rule.says("parts") == "true")
}

/// Every sentence of some length is courtesy, or there is none.
pub fn only_courtesy(page: &Page<'_>) -> bool {
    page.pieces.iter().filter(|p| p.place == Place::Body).all(|piece| {
        let sentences = piece.passage.clauses.last().map_or(0, |c| c.sentence + 1);
        let mut courteous = false;
        (0..sentences).all(|sentence| {
            let polite = piece
                .scan
                .found
                .iter()
                .any(|f| page.rule(f).is_some_and(|r| r.field == "polite") && piece.sentence(f) == sentence);
            // "Votre texte est excellent, surtout la fin. Je l'ai relu deux fois.": courtesy carries on.
            let explained = polite || courteous || piece.passage.sentence(sentence).len() <= SHORT;
            courteous |= polite;
            explained
        })
    })
}
