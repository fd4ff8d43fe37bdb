//! In whose name the sender writes: said in the text ("pour la LDH", "la Cimade sera représentée"), signed, or the
//! name on the envelope.
//!
//! Never takes an organisation that is only spoken of for the sender's own, nor the association that invites.

use crate::rules::passage::Passage;
use crate::rules::scan::{Finding, scan};
use crate::rules::template::Words;
use crate::text::fold;

use super::page::{Page, Piece, Place};
use name::{Name, heads, in_line, in_sentence};

mod beside;
mod name;

/// Lines at the end of the text that may be a signature.
const SIGNED: usize = 7;
/// A line of the text with more words is no signature.
const LINE: usize = 14;
/// Words of a line that the sender's domain makes an organisation's, at most.
const DOMAIN_LINE: usize = 6;
/// Letters of a word that a domain bears by no chance.
const DOMAIN_WORD: usize = 5;

/// The organisation, in the sender's own words without determiner, and where it stood.
pub fn organisation(page: &Page<'_>) -> Option<(String, &'static str)> {
    let behalf = in_text(page, true).map(|o| (o, "organisation/said"));
    let signed = || signed(page).map(|o| (o, "organisation/signed"));
    let acts = || in_text(page, false).map(|o| (o, "organisation/said"));
    match behalf {
        // "J'écris pour la CGT … Union locale CGT de Privas": the signature gives the whole name, and its owner's.
        // "… de la LDH, section de Crest … Ligue des droits de l'Homme": the part says more.
        Some((said, rule)) => {
            signed().filter(|(s, _)| !partial(page, &said) || partial(page, s)).or(Some((said, rule)))
        }
        None => signed().or_else(acts).or_else(|| envelope(page).map(|o| (o, "organisation/envelope"))),
    }
}

/// A part of an organisation is named.
fn partial(page: &Page<'_>, name: &str) -> bool {
    let passage = Passage::new(name, page.pack);
    (0..passage.len()).any(|at| page.pack.lexicon.end(&passage, at, passage.len(), "org-part").is_some())
}

/// What an `organisation` rule says of a finding ("" when it is of another field).
fn says<'a>(page: &Page<'a>, finding: &Finding) -> &'a str {
    page.rule(finding).filter(|r| r.field == "organisation").map_or("", |r| r.says("is"))
}

/// What leads to a name is so firm that initials are one.
fn firm(page: &Page<'_>, finding: &Finding) -> bool {
    page.rule(finding).is_some_and(|r| r.says("firm") == "true")
}

/// "Pour Amnesty Crest je viendrai"; or, of the rest, "RESF 26 sera là", "le Secours Catholique de Tain viendra".
fn in_text(page: &Page<'_>, behalf: bool) -> Option<String> {
    let body = page.pieces.iter().filter(|p| p.place == Place::Body);
    body.flat_map(|piece| piece.passage.clauses.iter().map(move |c| (piece, c))).find_map(|(piece, clause)| {
        let mut at = clause.words.start;
        while at < clause.words.end {
            let begins = |n: usize| stops(page, piece, n);
            if let Some(name) = in_sentence(&piece.passage, page.pack, at, clause.words.end, &begins) {
                let spoken = if behalf { on_behalf(page, piece, &name) } else { acting(page, piece, &name) };
                if let Some(words) = spoken.filter(|w| !ours(page, w) && !place(page, w)) {
                    return Some(words);
                }
                at = if name.part || name.letters { at + 1 } else { name.firm.max(at + 1) };
            } else {
                at += 1;
            }
        }
        None
    })
}

/// A word at which a name in a sentence ends at the latest: something else is said there.
fn stops(page: &Page<'_>, piece: &Piece, at: usize) -> bool {
    piece.scan.found.iter().any(|f| {
        let name = page.rule(f).is_some_and(|r| matches!(r.field.as_str(), "events" | "meal" | "tone"));
        f.words.start == at && !name && says(page, f) != "behalf"
    })
}

fn on_behalf(page: &Page<'_>, piece: &Piece, name: &Name) -> Option<String> {
    let mut firmly = false;
    let mut office = false;
    let led = piece.scan.found.iter().any(|f| {
        // "Président du Club de …": the name may begin among the words matched.
        let first = if name.part { f.words.end } else { f.words.start + 1 };
        let at = (first..=f.words.end).contains(&name.start);
        let heads = || heads(&piece.passage, page.pack, name.start);
        let any = page.rule(f).map_or("", |r| r.says("any"));
        let any = matches!(any, "true" | "office") || (any == "led" && heads());
        office |= at && page.rule(f).is_some_and(|r| r.says("any") == "office");
        let known = if name.bare { any } else { firm(page, f) || !name.letters };
        let opens = page.rule(f).is_none_or(|r| r.says("opens") != "sentence") || opens(piece, f, name);
        let led = at && says(page, f) == "behalf" && known && opens;
        firmly |= led && firm(page, f);
        led
    });
    let clause = piece.passage.clause_at(name.start).and_then(|c| piece.passage.clauses.get(c));
    // "Au nom de Graines d'avenir, …": of a name known by nothing else, all that its clause says.
    let kind = name.bare || name.capital && !name.proper;
    let end = if kind && clause.is_some_and(|c| c.words.end == name.whole) { name.whole } else { name.firm };
    // "Au nom du Foyer rural": the capital makes a kind a name.
    let proper = name.proper || name.capital && led && firmly;
    let few = name.bare && end == name.start + 1 && !office;
    (led && proper && !few).then(|| piece.passage.words_of(name.start..end).to_owned())
}

/// "Avec Emmaüs Drôme, nous viendrons": the words open their sentence, and a comma follows the name.
fn opens(piece: &Piece, finding: &Finding, name: &Name) -> bool {
    let first = piece.passage.sentence(piece.sentence(finding)).start;
    first == finding.words.start && [name.firm, name.whole].iter().any(|end| piece.passage.word(*end) == ",")
}

/// The name is the subject of what comes: its verb follows at once.
fn acting(page: &Page<'_>, piece: &Piece, name: &Name) -> Option<String> {
    let passage = &piece.passage;
    let clause = passage.clauses.get(passage.clause_at(name.start)?)?;
    let verb = |from: usize, to: usize| {
        piece.scan.found.iter().any(|f| {
            let acts = says(page, f) == "acts" || page.rule(f).is_some_and(|r| r.field == "attendance");
            acts && (from..=to).contains(&f.words.start) && clause.words.contains(&f.words.start)
        }) || clause.words.contains(&from) && page.pack.ends_like("organisation-does", passage.word(from))
    };
    // "Le Mat Drôme répond présent": an article that no person takes, capitals, and its verb.
    if name.letters {
        let opens =
            name.start == clause.words.start + 1 && passage.sentence(clause.sentence).start == clause.words.start;
        let family = page.pack.listed("organisation-plural-article", passage.word(clause.words.start));
        let many = name.firm >= name.start + 2 && (name.start..name.firm).all(|n| passage.capital(n));
        let named = opens && !family && many && verb(name.firm, name.firm);
        return named.then(|| passage.words_of(name.start..name.firm).to_owned());
    }
    // "Au CADA la cuisine est fermée": only where something is.
    let within = |back: usize| {
        let before = name.start.checked_sub(back).filter(|at| clause.words.contains(at));
        before.is_some_and(|at| page.pack.listed("organisation-at", passage.word(at)))
    };
    let article = || passage.word(name.start.saturating_sub(1));
    let placed = within(1) || (within(2) && page.pack.listed("organisation-article", article()));
    if name.start > clause.words.start + 4 || placed {
        return None;
    }
    if introduced(page, passage, name) || titles(passage, name) {
        return Some(passage.words_of(name.start..name.firm).to_owned());
    }
    // "Le Cercle laïque tiendra la caisse": the capital makes a kind a name.
    if name.whole >= name.firm && name.capital && verb(name.whole, name.whole) {
        return Some(passage.words_of(name.start..name.whole).to_owned());
    }
    // "Femmes d'ici et d'ailleurs sera représentée": all that stands before the verb.
    if name.proper && name.whole > name.firm + 1 && verb(name.whole, name.whole) {
        return Some(passage.words_of(name.start..name.whole).to_owned());
    }
    (name.proper && verb(name.firm, name.firm + 2)).then(|| passage.words_of(name.start..name.firm).to_owned())
}

/// "Scouts de Die : nous serons quatre", "Bonjour, les Scouts de Die (six jeunes) seront…": a clause begins with it, and a
/// colon or a bracket follows.
fn titles(passage: &Passage, name: &Name) -> bool {
    let clause = passage.clause_at(name.start).and_then(|c| passage.clauses.get(c));
    let first = clause.map_or(0, |c| c.words.start);
    name.proper && (first..=first + 1).contains(&name.start) && matches!(passage.word(name.firm), ":" | "(")
}

/// "Paul Roux, CFDT Santé 26. Je viendrai": a sentence that is a person's name and a group's; "Ludivine du collectif
/// Pain levé. On viendra": a first name, a small word and the group's.
fn introduced(page: &Page<'_>, passage: &Passage, name: &Name) -> bool {
    let Some(at) = passage.clause_at(name.start) else { return false };
    let Some(clause) = passage.clauses.get(at).filter(|c| name.proper && c.words.end == name.firm) else {
        return false;
    };
    let lead = clause.words.start..name.start;
    if !lead.is_empty() {
        let names = (lead.start..lead.end - 1).all(|n| passage.capital(n));
        let first = page.pack.listed("first-names", passage.word(lead.start));
        return (2..=4).contains(&lead.len()) && names && first;
    }
    let Some(before) = at.checked_sub(1).and_then(|n| passage.clauses.get(n)) else { return false };
    let person = (1..=3).contains(&before.words.len()) && before.words.clone().all(|n| passage.capital(n));
    person && before.sentence == clause.sentence
}

/// A line of the signature that is, or ends with, an organisation's name.
fn signed(page: &Page<'_>) -> Option<String> {
    let text = page.letter.reply_text();
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let last = lines.iter().rev().enumerate().take(SIGNED);
    let mut tail: Vec<&str> = last.map_while(|(i, l)| tail_of(page, l, i == 0)).collect();
    tail.reverse();
    let lines = || page.letter.signature.lines().chain(tail.iter().copied());
    let headed = lines().filter_map(|l| in_signature(page, l)).find(|o| !ours(page, o));
    let below: Vec<&str> = tail.iter().copied().chain(page.letter.signature.lines()).collect();
    let beside = || beside::beside(page, &below).filter(|o| !ours(page, o) && !place(page, o));
    headed.or_else(beside).or_else(|| lines().find(|l| of_domain(page, l)).map(|l| l.trim().to_owned()))
}

/// A line of capitals one of whose words the domain of the sender's address bears, and not the sender's name:
/// "Biovallée Transition" from biovallee.example.
fn of_domain(page: &Page<'_>, line: &str) -> bool {
    let Some(from) = &page.letter.from else { return false };
    let domain = from.address.rsplit_once('@').map_or("", |(_, d)| d);
    let domain: String = fold(domain).chars().filter(|c| c.is_alphanumeric() || *c == '.').collect();
    let passage = Passage::new(line, page.pack);
    let few = (2..=DOMAIN_LINE).contains(&passage.len());
    let shown = fold(&from.name);
    let plain = (0..passage.len()).all(|at| passage.word(at).starts_with(char::is_alphabetic));
    let borne = |at: usize| {
        let word = passage.word(at);
        word.len() >= DOMAIN_WORD && domain.contains(word) && !shown.contains(word)
    };
    few && plain && passage.capital(0) && (0..passage.len()).any(borne)
}

/// What of a line at the end of the text may be signature: all of it unless it is a sentence; of the last line, what
/// stands after its last sentence.
fn tail_of<'t>(page: &Page<'_>, line: &'t str, last: bool) -> Option<&'t str> {
    let part = match line.trim_end_matches(['.', '!', '?', ' ']).rfind(['.', '!', '?']) {
        Some(cut) if last => line.get(cut + 1..).unwrap_or("").trim(),
        _ => line,
    };
    let passage = Passage::new(part, page.pack);
    let sentence = (0..passage.len()).any(|at| page.pack.listed("organisation-sentence", passage.word(at)));
    let item = part.starts_with(['-', '*', '•', '+', '>']);
    (passage.len() <= LINE && !sentence && !item).then_some(part)
}

fn in_signature(page: &Page<'_>, line: &str) -> Option<String> {
    let mut passage = Passage::new(line, page.pack);
    if passage.len() > LINE + 6 {
        return None;
    }
    let scan = scan(&mut passage, page.pack);
    let tells = |f: &Finding| {
        let field = page.rule(f).map_or("", |r| r.field.as_str());
        matches!(field, "attendance" | "contributions") || says(page, f) == "acts"
    };
    if scan.found.iter().any(tells) {
        return None;
    }
    // "Bises à toute l'équipe de la Cimade" is a greeting: before who speaks stand names only.
    let named = |at: usize| passage.capital(at) || !passage.word(at).starts_with(char::is_alphabetic);
    let from = |at: usize| (0..at).rev().find(|n| passage.word(*n) == ",").map_or(0, |n| n + 1);
    let behalf = scan.found.iter().filter(|f| says(page, f) == "behalf");
    let behalf = behalf.filter(|f| (from(f.words.start)..f.words.start).all(named));
    let mut led: Vec<(usize, bool)> =
        behalf.flat_map(|f| (f.words.start + 1..=f.words.end).map(|at| (at, firm(page, f)))).collect();
    // "Trésorier, La Gaule romanaise".
    let roles = scan.found.iter().filter(|f| says(page, f) == "role" && passage.word(f.words.end) == ",");
    led.extend(roles.map(|f| (f.words.end + 1, false)));
    if beside::housed(page.pack, &passage) { None } else { in_line(&passage, page.pack, &led) }
}

/// The sender's address bears an organisation's name where a person's would stand.
fn envelope(page: &Page<'_>) -> Option<String> {
    let shown = &page.letter.from.as_ref()?.name;
    let name = in_signature(page, shown)?;
    let passage = Passage::new(shown, page.pack);
    let whole =
        (0..passage.len()).take(2).any(|at| fold(passage.words_of(at..passage.len())).starts_with(&fold(&name)));
    (whole && !ours(page, &name)).then_some(name)
}

/// It is the association that invites.
fn ours(page: &Page<'_>, name: &str) -> bool {
    let us = &page.config.association;
    let folded = fold(name);
    folded == fold(&us.short_name) || fold(&us.name).contains(&folded)
}

/// It is where an announced event takes place.
fn place(page: &Page<'_>, name: &str) -> bool {
    let folded = fold(name);
    page.config.events.iter().any(|e| fold(&e.place).contains(&folded))
}
