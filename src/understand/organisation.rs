//! In whose name the sender writes: said in the text ("pour la LDH", "la Cimade sera représentée"), else signed.
//!
//! Never takes an organisation that is only spoken of for the sender's own.

use crate::rules::pack::Pack;
use crate::rules::passage::Passage;
use crate::rules::template::Words;

use super::page::{Page, Place};

/// The organisation, in the sender's own words without determiner, and where it stood.
pub fn organisation(page: &Page<'_>) -> Option<(String, &'static str)> {
    let spoken = || page.pieces.iter().filter(|p| p.place == Place::Body).find_map(|p| in_text(page, &p.passage, p));
    spoken().map(|o| (o, "organisation/said")).or_else(|| signed(page).map(|o| (o, "organisation/signed")))
}

fn listed(pack: &Pack, list: &str, word: &str) -> bool {
    pack.lists.get(list).is_some_and(|l| l.iter().any(|w| w == word))
}

/// The words of a name that begins at `at` with a head word: on as long as words are capitals, figures or small words.
fn name(passage: &Passage, pack: &Pack, at: usize) -> Option<usize> {
    let head = passage.word(at);
    if !listed(pack, "organisation-heads", head) {
        return None;
    }
    let mut end = at + 1;
    let mut last = end;
    let mut proper = passage.capital(at) && !listed(pack, "organisation-weak-heads", head);
    while end < passage.len() && end < at + 10 {
        let word = passage.word(end);
        let figure = word.len() <= 2 && word.starts_with(|c: char| c.is_ascii_digit());
        let glued = passage.word(end - 1).ends_with('\'') && passage.capital(end - 1); // "Educ'action"
        if passage.capital(end) || figure && last == end || glued {
            proper = true;
            end += 1;
            last = end;
        } else if listed(pack, "organisation-inside", word) {
            end += 1;
            if !listed(pack, "of", word) && word.len() > 4 {
                last = end;
            }
        } else {
            break;
        }
    }
    proper.then_some(last)
}

/// "Pour Amnesty Crest je viendrai", "RESF 26 sera là", "l'équipe du Secours Catholique de Tain viendra".
fn in_text(page: &Page<'_>, passage: &Passage, piece: &super::page::Piece) -> Option<String> {
    let pack = page.pack;
    for clause in &piece.passage.clauses {
        for at in clause.words.clone() {
            let Some(end) = name(passage, pack, at) else { continue };
            let behalf = piece.scan.found.iter().any(|f| {
                page.rule(f).is_some_and(|r| r.field == "organisation" && r.says("is") == "behalf") && f.words.end == at
            });
            let acts = piece.scan.found.iter().any(|f| {
                let verb = page.rule(f).is_some_and(|r| {
                    (r.field == "organisation" && r.says("is") == "acts") || (r.field == "attendance")
                });
                verb && f.words.start >= end && f.words.start <= end + 2 && clause.words.contains(&f.words.start)
            });
            let subject = at <= clause.words.start + 4;
            if behalf || (acts && subject) {
                return Some(passage.words_of(at..end).to_owned());
            }
        }
    }
    None
}

/// A line of the signature that holds a head word, or the whole line when it says "pour …".
fn signed(page: &Page<'_>) -> Option<String> {
    let text = page.letter.reply_text();
    let last: Vec<&str> = text.lines().rev().filter(|l| !l.trim().is_empty()).take(4).collect();
    let lines = page.letter.signature.lines().chain(last.into_iter().rev());
    for line in lines.filter(|l| l.split_whitespace().count() <= 12) {
        let passage = Passage::new(line, page.pack);
        for at in 0..passage.len() {
            if let Some(end) = name(&passage, page.pack, at).filter(|_| passage.capital(at)) {
                return Some(passage.words_of(at..end).to_owned());
            }
        }
    }
    None
}
