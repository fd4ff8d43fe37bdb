//! What a sentence that names no event says of the one named before it, where that one was refused or only mentioned:
//! whoever is on the way, or brings a dish, is on the way to the events they come to.
//!
//! Never drops a plain "je viens": after a refusal that is a contradiction, for a person.

use super::{Vote, Weight};
use crate::event::SharedMeal;
use crate::reading::Attendance;
use crate::rules::scan::{Effect, Finding};
use crate::understand::event::mentions;
use crate::understand::page::{Page, Piece};

/// The events of which a finding speaks. "Samedi non, dimanche oui. J'arrive avec mes pinces": not those refused before.
pub(super) fn meant(
    page: &Page<'_>,
    piece: &Piece,
    finding: &Finding,
    says: Attendance,
    before: &[Vote],
) -> Vec<usize> {
    let mut events = piece.about(finding).events.clone();
    let rule = |key: &str| page.rule(finding).map_or("", |r| r.says(key));
    let hangs = finding.is(Effect::Conditional) && rule("attendance") == "yes";
    if says != Attendance::No && (rule("carries") == "no" || hangs) {
        let sentence = piece.sentence(finding);
        let refused = |v: &Vote| v.says == Attendance::No && firm(v) && v.at.1 < sentence;
        let comes = |v: &Vote| v.says != Attendance::No && firm(v);
        events.retain(|event| {
            let of_another = before.iter().any(|v| v.event != *event && comes(v));
            let not_this = before.iter().any(|v| v.event == *event && refused(v));
            named_in(page, piece, sentence, *event) || !(of_another && not_this)
        });
    }
    events
}

/// "Oui au dîner. La marche, c'est pour les jeunes. Je fais des gaufres": a dish is for the events that somebody says they
/// come to.
pub(super) fn dish_of_the_others(page: &Page<'_>, vote: &Vote, votes: &[Vote]) -> bool {
    let Some(piece) = page.pieces.get(vote.at.0) else { return false };
    let comes = |v: &Vote| v.event != vote.event && v.named && v.says == Attendance::Yes && firm(v) && !v.other;
    // What shares a meal is where a dish goes.
    let eats = page.config.events.get(vote.event).is_some_and(|e| e.meal != SharedMeal::None);
    vote.brought && !eats && !named_in(page, piece, vote.at.1, vote.event) && votes.iter().any(comes)
}

fn firm(vote: &Vote) -> bool {
    vote.weight > Weight::Weak || vote.that_day
}

fn named_in(page: &Page<'_>, piece: &Piece, sentence: usize, event: usize) -> bool {
    mentions(&piece.passage, piece.passage.sentence(sentence), page.config).contains(&event)
}
