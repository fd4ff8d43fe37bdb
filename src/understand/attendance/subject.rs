//! Whose coming words speak of: the sender's, or somebody else's ("mon mari ne peut pas", "Gérard oui", "elle vient").
//!
//! Looks for the nearest subject before the words, back to the start of their sentence; none found is the sender.

use crate::rules::scan::Finding;
use crate::rules::template::Words;

use super::super::page::{Page, Piece};
use super::super::people::party;

/// Whether a finding is about somebody other than the sender.
pub(super) fn somebody_else(page: &Page<'_>, piece: &Piece, finding: &Finding) -> bool {
    let listed = |list: &str, at: usize| {
        let word = piece.passage.word(at);
        page.pack.listed(list, word)
    };
    let mine = |at: usize| listed("i", at) || listed("we", at);
    // "Il faut que…", "il me faut…", "il y a une chance sur deux que…": nobody.
    let nobody = |at: usize| {
        (at + 1..=at + 2).any(|next| listed("nobody-does", next))
            || page.pack.phrase(&piece.passage, "nobody", at).is_some()
    };
    let they = |at: usize| listed("they", at) && !nobody(at);
    if finding.words.clone().any(mine) {
        return false;
    }
    if finding.words.clone().any(they) {
        return true;
    }
    // "Non pour mon mari", "oui pour moi": for whom it is said.
    let behind = |at: &usize| listed("for-whom", *at);
    let named = (finding.words.start..=finding.words.end).filter(behind);
    if let Some(found) = named.filter_map(|at| party(&piece.passage, page.pack, at + 1)).next() {
        return !found.me;
    }
    let Some(clause) = piece.passage.clauses.get(finding.clause) else { return false };
    let start = piece.passage.sentence(clause.sentence).start;
    let mut other = false;
    let mut at = start;
    while at < finding.words.start {
        if mine(at) {
            other = false;
        } else if they(at) {
            other = true;
        } else if let Some(found) = party(&piece.passage, page.pack, at) {
            // "avec ma femme", "chez mon fils": no subject.
            // "Pour Bernard, c'est non" opens its clause: he is.
            let opens =
                |word: usize| listed("for-whom", word) && piece.passage.clauses.iter().any(|c| c.words.start == word);
            let led = at.checked_sub(1).is_some_and(|b| at > start && listed("leads", b) && !opens(b));
            if found.me {
                other = false;
            } else if !led {
                other = true;
            }
            at = found.end.max(at + 1);
            continue;
        }
        at += 1;
    }
    other
}

/// The clause of a finding names its own subject before it: a person set apart ("moi", "la troisième"), or somebody.
pub(super) fn apart(page: &Page<'_>, piece: &Piece, finding: &Finding) -> bool {
    let Some(clause) = piece.passage.clauses.get(finding.clause) else { return false };
    let apart = |f: &Finding| {
        let before = f.words.start >= clause.words.start && f.words.end <= finding.words.start + 1;
        before && page.rule(f).is_some_and(|r| r.field == "apart")
    };
    piece.scan.found.iter().any(apart)
}
