//! Who signs: "Monique et Gérard", "R. et S. Fombonne", "Paul et Mireille Ferrand <…>".

use super::super::page::Page;
use crate::rules::pack::Pack;

/// How many sign, on the last lines or in the sender's name.
pub fn signers(page: &Page<'_>) -> u32 {
    let text = page.letter.reply_text();
    let lines = page.letter.signature.lines().chain(text.lines().rev().filter(|l| !l.trim().is_empty()).take(3));
    // "Présents dimanche. Rose et Ali Benamar": the names close the last line.
    let closing = text.trim_end().rsplit_once(['.', '!', '?']).map(|(_, last)| last.trim());
    let lines = lines.chain(closing.filter(|l| known(l, page.pack)));
    let from = page.letter.from.as_ref().map_or("", |m| m.name.as_str());
    let signed = lines.map(|line| names_on_line(line, page.pack)).max().unwrap_or(0);
    signed.max(if known(from, page.pack) { names_on_line(from, page.pack) } else { 0 })
}

/// How many sign a letter that speaks for nobody in particular: one who types one name speaks for one, whoever shares the
/// mailbox.
pub fn hands(page: &Page<'_>) -> u32 {
    let text = page.letter.reply_text();
    let last = page.letter.signature.lines().next().or(text.lines().rev().find(|l| !l.trim().is_empty()));
    let one = last.is_some_and(|line| known(line, page.pack) && names_on_line(line, page.pack) == 1);
    if one { 1 } else { signers(page) }
}

/// The sender's first name, folded; empty when their name shows none.
fn sender(page: &Page<'_>) -> String {
    let from = page.letter.from.as_ref().map_or("", |m| m.name.as_str());
    let words = crate::text::tokens(&crate::text::fold(from));
    let name = words.iter().find(|t| page.pack.listed("first-names", &t.word)).or(words.first());
    name.map_or(String::new(), |t| t.word.clone())
}

/// The first names that the sender is known by: in the header, and on the line of one name that ends the letter.
pub fn senders(page: &Page<'_>) -> Vec<String> {
    let text = page.letter.reply_text();
    let last = text.lines().rev().filter(|l| !l.trim().is_empty()).take(2);
    let lines = page.letter.signature.lines().take(2).chain(last);
    let one = lines.filter(|l| names_on_line(l, page.pack) == 1 && known(l, page.pack));
    let first = one.filter_map(|l| {
        let words = crate::text::tokens(&crate::text::fold(l));
        words.into_iter().find(|t| page.pack.listed("first-names", &t.word)).map(|t| t.word)
    });
    first.chain([sender(page)]).filter(|name| !name.is_empty()).collect()
}

/// A first name or a title stands in it: no association.
fn known(line: &str, pack: &Pack) -> bool {
    let tokens = crate::text::tokens(&crate::text::fold(line));
    tokens.iter().any(|t| pack.listed("first-names", &t.word) || pack.listed("titles", &t.word))
}

/// Names on a signature line: 2 for "Monique et Gérard", "R. et S. Fombonne", "M. et Mme Roux"; 1 for one name; 0 when
/// the line is no signature.
fn names_on_line(line: &str, pack: &Pack) -> u32 {
    // "Odile Serre / Les Restos du coeur": what stands behind the stroke is no person when no first name is in it.
    let line = line.split_once(" / ").filter(|(_, rest)| !known(rest, pack)).map_or(line, |(name, _)| name);
    let words: Vec<&str> = line.split_whitespace().collect();
    if words.is_empty() || words.len() > 7 || line.chars().any(|c| c.is_ascii_digit() || "?!:".contains(c)) {
        return 0;
    }
    let joint = |w: &str| pack.listed("party-joints", &crate::text::fold(w));
    let fine = |w: &str| {
        let folded = crate::text::fold(w);
        // A first name typed without its capital is a name on its own line.
        w.chars().next().is_some_and(char::is_uppercase)
            || ["party-joints", "of", "first-names"].iter().any(|l| pack.listed(l, &folded))
    };
    let small = |w: &str| ["determiners", "small-adjectives"].iter().any(|l| pack.listed(l, &crate::text::fold(w)));
    let joined = words.iter().any(|w| joint(w));
    // "Ali, Zoé et la petite Inès".
    let fine = |w: &str| fine(w) || joined && small(w);
    let all_fine = words
        .iter()
        .all(|w| fine(w.trim_matches(|c: char| "(),.".contains(c))) || w.chars().all(|c| !c.is_alphanumeric()));
    if !all_fine {
        return 0;
    }
    let commas = words.iter().filter(|w| w.ends_with(',')).count();
    let joints = words.iter().filter(|w| joint(w)).count();
    let groups = joints + if joints > 0 { commas } else { 0 } + 1;
    u32::try_from(groups).unwrap_or(1)
}
