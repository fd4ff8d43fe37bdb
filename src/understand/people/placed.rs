//! A comer in its clause: whom it concerns, whether it is doubted, and whether the clause refuses it.
//!
//! Never keeps a comer of another matter, of a question, or whom the clause refuses.

use std::ops::Range;

use crate::rules::passage::Passage;
use crate::rules::scan::Finding;
use crate::rules::template::{Slot, Words};

use super::super::event::ALL;
use super::super::page::{About, Page, Piece};
use super::before::called;
use super::comers::{Comer, Role};
use super::group;
use super::party::{Party, party};

/// Words between persons and "à ma place".
const BEHIND: usize = 8;

/// The comer with its surroundings; `None` when its clause refuses it or is about something else.
pub(super) fn placed(
    page: &Page<'_>,
    piece: &Piece,
    index: usize,
    role: Role,
    found: Party,
    words: Range<usize>,
) -> Option<Comer> {
    let passage = &piece.passage;
    let clause = passage.clause_at(words.start).or_else(|| passage.clause_at(words.start + 1)).unwrap_or(0);
    let about = piece.about.get(clause).cloned().unwrap_or_default();
    let here = passage.clauses.get(clause)?;
    if about.another_matter() || here.asked || refused(page, piece, clause, role, &words) {
        return None;
    }
    if announced(page, passage, role, &found, &words) {
        return None;
    }
    // "Emmaüs Saint-Aubin sera avec vous": a piece of the association's name is nobody.
    if found.names && role == Role::Subject && group::named(page, &found.keys) {
        return None;
    }
    let perhaps = (words.start.saturating_sub(4).max(passage.sentence(here.sentence).start)..words.end + 3)
        .any(|w| page.pack.phrase(passage, "perhaps", w).is_some_and(|e| !of_next(page, passage, &words, w, e)));
    // "Et mon filleul s'il rentre."
    let perhaps = perhaps || page.pack.phrase(passage, "hangs-on", words.end).is_some();
    let near = near(page, piece, &words, clause, &["doubt", "condition"]);
    let doubted = perhaps || near || hangs(passage, clause, &words);
    let only = role == Role::Subject && page.pack.phrase(passage, "only", words.end).is_some();
    let one_of = ["a-assigned", "stays-on"].iter().any(|p| page.pack.phrase(passage, p, words.end).is_some());
    let assigned = one_of && found.people == Some(1);
    let lead = |l: &str, w: usize| page.pack.listed(l, passage.word(w));
    let plain = |w: usize| lead("plural-determiners", w) && !lead("mine", w) && !lead("their", w);
    let anew = found.members == 1 && words.clone().any(plain);
    let owned = page.pack.listed("mine", passage.word(words.start));
    let before = passage.sentence(here.sentence).start..words.start;
    // "Participeront : Karim …".
    let led = role == Role::Through && words.clone().any(|w| passage.word(w) == ":" && w + 3 >= words.end);
    let listed = led || before.clone().any(|w| matches!(passage.word(w), ":" | "("));
    let sign = opened(passage, before);
    let instead = (words.end..here.words.end.min(words.end + BEHIND).max(words.end))
        .any(|w| page.pack.phrase(passage, "in-my-place", w).is_some());
    let instead = instead || !found.me && away(page, piece, here.sentence, &about, &words);
    let called = called(page, passage, &found);
    let (from, text) = (words.start, passage.words_of(words).to_owned());
    Some(Comer {
        party: found,
        role,
        doubted,
        only,
        assigned,
        anew,
        owned,
        listed,
        sign,
        instead,
        at: (index, here.sentence),
        from,
        about,
        called,
        words: text,
    })
}

/// "Avec deux stagiaires, et peut-être une troisième": behind a joint the doubt is of whoever stands after it.
fn of_next(page: &Page<'_>, passage: &Passage, words: &Range<usize>, at: usize, end: usize) -> bool {
    let joint = at >= words.end && (words.end..at).any(|w| page.pack.listed("adds-me", passage.word(w)));
    let of = end + usize::from(page.pack.listed("of", passage.word(end)));
    let lead = |w: usize| page.pack.listed("determiners", passage.word(w)) || passage.count(w).is_some();
    joint && (lead(of) || page.pack.listed("first-names", passage.word(of)))
}

/// The clause of a comer names an event or a day itself.
pub(super) fn dated(page: &Page<'_>, comer: &Comer) -> bool {
    let clause = page.pieces.get(comer.at.0).and_then(|p| p.passage.clause_at(comer.from));
    clause.is_some_and(|c| dated_clause(page, comer.at.0, c))
}

/// A clause of a piece names an event or a day itself.
pub(super) fn dated_clause(page: &Page<'_>, piece: usize, clause: usize) -> bool {
    let Some(passage) = page.pieces.get(piece).map(|p| &p.passage) else { return false };
    let named = |w: usize| [Slot::Event, Slot::Date].iter().any(|s| passage.slot(w, *s).is_some());
    passage.clauses.get(clause).is_some_and(|c| c.words.clone().any(named))
}

/// The last colon or open bracket among words.
fn opened(passage: &Passage, words: Range<usize>) -> usize {
    let mut depth = 0;
    for w in words.rev() {
        match passage.word(w) {
            ")" => depth += 1,
            "(" if depth > 0 => depth -= 1,
            "(" | ":" => return w,
            _ => {}
        }
    }
    0
}

/// Whoever an event or a workshop is announced with is no guest of the sender's.
fn announced(page: &Page<'_>, passage: &Passage, role: Role, found: &Party, words: &Range<usize>) -> bool {
    // "… et à la soirée avec François Gemenne".
    let initial = passage.word(words.end - 1).len() == 1 && passage.word(words.end) == ".";
    let behind = words.end + usize::from(initial);
    let titled = passage.capital(behind) && passage.slot(behind, Slot::Event).is_some();
    let meant = |w: usize| {
        let mut notes = passage.notes.iter().filter(|n| n.slot == Slot::Event && n.words.start == w);
        notes.any(|n| n.value != ALL)
    };
    let guest = role != Role::Through && words.clone().any(meant);
    // "L'atelier 3 avec le juriste", of whom its title tells.
    let theme = page.landmarks.in_a_workshop(passage.word(words.end - 1));
    // "… à la rencontre avec l'avocate", where she is announced.
    let theirs = !words.clone().any(|w| page.pack.listed("mine", passage.word(w)) || passage.count(w).is_some());
    found.names && (titled || guest) || (guest || theme) && theirs && found.people == Some(1)
}

/// "Mon fils oui, moi non": the sentence says that the sender stays away from there.
fn away(page: &Page<'_>, piece: &Piece, sentence: usize, about: &About, words: &Range<usize>) -> bool {
    let passage = &piece.passage;
    let out = |w: &usize| !words.contains(w) && page.pack.phrase(passage, "i-am-out", *w).is_some();
    // "Deux de nos élus iront. Quant à moi, …": told in a sentence beside theirs, for the sender alone.
    let far = |w: &usize| page.pack.phrase(passage, "i-stay-out", *w).is_some();
    let here = passage.sentence(sentence).end;
    let around = passage.sentence(sentence.saturating_sub(1)).start..here.max(passage.sentence(sentence + 1).end);
    passage.sentence(sentence).filter(out).chain(around.filter(far)).any(|w| {
        let there = passage.clause_at(w).and_then(|c| piece.about.get(c));
        there.is_none_or(|a| !a.named || a.events.iter().any(|e| about.events.contains(e)))
    })
}

/// An operator of these sorts stands in the clause, at most four words off.
fn near(page: &Page<'_>, piece: &Piece, words: &Range<usize>, clause: usize, sorts: &[&str]) -> bool {
    piece.scan.operators.iter().chain(&piece.scan.consumed).any(|o| {
        let does = page.pack.rules.get(o.rule).map_or("", |r| r.says("does"));
        sorts.contains(&does)
            && piece.passage.clause_at(o.words.start) == Some(clause)
            && o.words.start <= words.end + 3
            && o.words.end + 3 >= words.start
    })
}

/// "et mon mari si son genou le permet": a condition hangs right on the party.
fn hangs(passage: &Passage, clause: usize, words: &Range<usize>) -> bool {
    let next = passage.clauses.get(clause + 1);
    let same =
        |c: &&crate::rules::passage::Clause| passage.clauses.get(clause).is_some_and(|h| h.sentence == c.sentence);
    next.filter(same).is_some_and(|c| c.link == "condition" && c.words.start <= words.end + 1)
}

/// An announced event is named there.
fn event(piece: &Piece, at: usize) -> bool {
    piece.passage.slot(at, Slot::Event).is_some()
}

/// A clause says that somebody comes.
fn coming(page: &Page<'_>, piece: &Piece, clause: usize) -> bool {
    let here = piece.scan.found.iter().filter(|f| f.clause == clause && !f.negated());
    here.filter_map(|f| page.rule(f))
        .any(|r| r.field == "attendance" && r.says("attendance") == "yes" && r.says("counts").is_empty())
}

/// Its clause says that they do not come, or takes it back.
fn refused(page: &Page<'_>, piece: &Piece, clause: usize, role: Role, words: &Range<usize>) -> bool {
    let operator = piece.scan.operators.iter().any(|o| {
        let does = page.pack.rules.get(o.rule).map_or("", |r| r.says("does"));
        let here = piece.passage.clause_at(o.words.start) == Some(clause);
        let relative = page.pack.listed("relatives", piece.passage.word(words.end));
        let after = o.words.start >= words.start && o.words.start <= words.end + usize::from(!relative);
        let denies = does == "negate" && (o.words.contains(&words.start.saturating_sub(1)) || after);
        here && (denies || does == "cancel")
    });
    let refuses = piece.scan.found.iter().filter(|f| f.clause == clause).any(|f| {
        let Some(rule) = page.rule(f).filter(|r| r.field == "attendance") else { return false };
        match rule.says("attendance") {
            // "J'ai match" is a reason somewhere in the clause, no refusal where the clause says who comes.
            "no" if rule.says("strength") == "weak" && coming(page, piece, clause) => false,
            // "Je viens avec ma sœur qui arrive de Kharkiv"; "à la veillée avec Luc", where the vigil is ours.
            "no" if role == Role::With && f.words.end > words.end && coming(page, piece, clause) => false,
            "no" if rule.says("strength") == "weak" && f.words.clone().any(|w| event(piece, w)) => false,
            _ if rule.says("counts") == "negated" => f.negated(),
            "no" => !f.negated(),
            "yes" => f.negated(),
            _ => false,
        }
    });
    operator || refuses || role == Role::With && excused(page, piece, clause)
}

/// "Je ne serai pas là (week-end au lac avec les cousines)": a bracket that tells of no coming, behind a refusal.
fn excused(page: &Page<'_>, piece: &Piece, clause: usize) -> bool {
    let passage = &piece.passage;
    let Some(here) = passage.clauses.get(clause) else { return false };
    let bracket = here.words.start.checked_sub(1).is_some_and(|b| passage.word(b) == "(")
        || passage.word(here.words.start) == "(";
    let refuses = |f: &&Finding| {
        let rule = page.rule(f).filter(|r| r.field == "attendance" && r.says("strength").is_empty());
        rule.is_some_and(|r| (r.says("attendance") == "no") != f.negated() && r.says("attendance") != "maybe")
    };
    let before = clause.checked_sub(1);
    bracket && !coming(page, piece, clause) && piece.scan.found.iter().filter(refuses).any(|f| Some(f.clause) == before)
}

/// "Je viens avec ma nièce si elle finit à temps": a condition right behind somebody who comes along, and about them.
pub fn companion_hangs(page: &Page<'_>, piece: &Piece, finding: &Finding) -> bool {
    let (passage, pack) = (&piece.passage, page.pack);
    let Some(clause) = passage.clauses.get(finding.clause) else { return false };
    let end = passage.sentence(clause.sentence).end;
    (finding.words.start..end).filter_map(|w| pack.phrase(passage, "with", w)).any(|start| {
        let found = party(passage, pack, start).filter(|p| !p.me && p.end <= end);
        found.is_some_and(|p| pack.phrase(passage, "hangs-on", p.end).is_some())
    })
}
