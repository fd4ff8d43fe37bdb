//! Whether a letter that answers and asks nothing is only courtesy: thanks, praise, wishes, something passed on.
//!
//! What is neither an answer, nor a question, nor courtesy may be an answer that no rule explains: a person reads it.

use super::page::{Page, Piece, Place};
use crate::rules::scan::Finding;

/// Sentences of so few words are greetings, closings and names.
const SHORT: usize = 4;

/// Words of a piece that take leave of a day that goes on without the sender: wishes ("Bonne journée à tous", "nos pensées
/// vous accompagnent"), and what one wants to hear of it afterwards ("vous me raconterez").
pub fn parting<'p>(page: &'p Page<'_>, piece: &'p Piece) -> impl Iterator<Item = &'p Finding> {
    let takes_leave = |f: &&Finding| page.rule(f).is_some_and(|r| r.field == "polite" && r.says("parts") == "true");
    piece.scan.found.iter().filter(takes_leave)
}

/// The letter takes leave.
pub fn parts(page: &Page<'_>) -> bool {
    page.pieces.iter().filter(|p| p.place == Place::Body).any(|piece| parting(page, piece).next().is_some())
}

/// The letter holds a word of regret.
pub fn regrets(page: &Page<'_>) -> bool {
    page.findings("coverage").any(|(piece, _, rule)| piece.place == Place::Body && rule.says("cue") == "no")
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
