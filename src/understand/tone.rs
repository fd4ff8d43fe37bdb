//! What colours our answer, by `rules/LANG/tone.toml`: illness, a death, praise, thanks alone, a correction; and what only
//! a person should answer: a death beside no plain answer, personal data, no more automatic mail.
//!
//! Promises: never changes an answer. Thanks alone only where nothing at all is said beside them.

use crate::reading::{Reading, Review, Tone};
use crate::rules::scan::Finding;

use super::page::{Page, Piece, Place};

/// A clause of so few words between thanks is a name or a greeting.
const NAME: usize = 3;

/// Adds tones, and reviews that words call for, to a reading whose other fields stand.
pub fn colour(page: &Page<'_>, reading: &mut Reading) {
    // A death given as the reason of a plain answer calls for nobody.
    let plain = !reading.answers.is_empty() && reading.review.is_empty();
    for (piece, finding, rule) in page.findings("tone") {
        let (tone, review) = match rule.says("tone") {
            "illness" => (Some(Tone::Illness), None),
            "praise" => (Some(Tone::Praise), None),
            "grief" => {
                let reason = plain && beside_an_answer(page, piece, finding);
                (Some(Tone::Grief), (!reason).then_some(Review::Grief))
            }
            "no-more-mail" => (Some(Tone::NoMoreMail), Some(Review::PersonalData)),
            "personal-data" => (None, Some(Review::PersonalData)),
            _ => continue,
        };
        let words = piece.words(finding);
        if let Some(tone) = tone.filter(|t| !reading.tones.contains(t)) {
            super::note(reading, "tone", &rule.name(), words, "");
            reading.tones.push(tone);
        }
        if let Some(review) = review.filter(|r| !reading.review.contains(r)) {
            super::note(reading, "review", &rule.name(), words, "");
            reading.review.push(review);
        }
    }
    let corrects = page.findings("turns").find(|(_, _, rule)| rule.says("is") == "correction");
    if let Some((piece, finding, rule)) = corrects {
        super::note(reading, "tone", &rule.name(), piece.words(finding), "");
        reading.tones.push(Tone::Correction);
    }
    let says = !reading.answers.is_empty() || !reading.contributions.is_empty() || !reading.review.is_empty();
    if !says && thanks_only(page) {
        reading.tones.push(Tone::ThanksOnly);
    }
}

/// A word that says whether they come stands in the same sentence.
fn beside_an_answer(page: &Page<'_>, piece: &Piece, finding: &Finding) -> bool {
    let answers = |f: &Finding| page.rule(f).is_some_and(|r| r.field == "attendance");
    piece.scan.found.iter().any(|f| answers(f) && piece.sentence(f) == piece.sentence(finding))
}

/// Every clause the sender wrote thanks, praises, greets, or is too short to say anything.
fn thanks_only(page: &Page<'_>) -> bool {
    let mut thanks = false;
    for piece in page.pieces.iter().filter(|p| p.place == Place::Body) {
        for (i, clause) in piece.passage.clauses.iter().enumerate() {
            let kind = piece.scan.found.iter().any(|f| touches(page, piece, f, i));
            thanks |= kind;
            if !kind && (clause.asked || clause.words.len() > NAME) {
                return false;
            }
        }
    }
    thanks
}

fn touches(page: &Page<'_>, piece: &Piece, finding: &Finding, clause: usize) -> bool {
    let kind = |r: &crate::rules::pack::Rule| matches!(r.says("tone"), "thanks" | "praise") && r.field == "tone";
    let words = piece.passage.clauses.get(clause).map(|c| c.words.clone()).unwrap_or_default();
    // A long clause is more than the thanks in it ("merci de me dire où nous nous retrouvons").
    let most = words.len() <= finding.words.len() + 4;
    finding.clause == clause && most && page.rule(finding).is_some_and(kind)
}
