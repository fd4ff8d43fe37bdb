//! Which language a letter is in: the one whose rules know most of its words.
//!
//! A letter that no language's rules know is said to be so, and goes to a person.

use crate::config::Config;
use crate::letter::Letter;
use crate::rules::Rules;
use crate::rules::pack::Pack;
use crate::rules::template::Words;
use crate::text::{fold, tokens};

use super::page::Page;

/// The association's own language wins unless another knows clearly more.
const MARGIN: usize = 2;

/// So many words tell that a language which is not the association's is that of the rules.
const FEW: usize = 4;

/// Words of a greeting at most.
const GREETING: usize = 3;

/// The rules to read a letter with: the language most of whose words it uses, little ones ("of",
/// "de la") counted twice.
pub fn pack<'r>(letter: &Letter, config: &Config, rules: &'r Rules) -> Option<&'r Pack> {
    let reply = letter.reply_text();
    let text = fold(&format!("{}\n{}", super::event::own_subject(letter), greeted(&reply)));
    let words = tokens(&text);
    let known = |pack: &Pack| {
        let little = words.iter().filter(|t| pack.listed("little-words", &t.word)).count();
        little + words.iter().filter(|t| pack.grammar.words.id(&t.word) != 0).count()
    };
    // "Count me in!": a language that knows every word of a few, where the association's own does not.
    let whole = |pack: &Pack| {
        let common = pack.lists.get("little-words");
        let mut letters = words.iter().filter(|t| t.word.starts_with(char::is_alphabetic));
        letters.all(|t| common.is_some_and(|c| c.contains(&t.word)) || pack.grammar.words.id(&t.word) != 0)
    };
    let own = rules.packs.iter().find(|p| p.language == config.association.language);
    let best = rules.packs.iter().max_by_key(|p| (known(p), p.language == config.association.language));
    if words.len() <= GREETING * 2
        && let Some(own) = own.filter(|o| !whole(o))
        && let Some(only) = rules.packs.iter().filter(|p| whole(p)).max_by_key(|p| known(p))
        && known(only) >= known(own)
    {
        return Some(only);
    }
    match (own, best) {
        (Some(own), Some(best)) if known(best) < known(own) + MARGIN => Some(own),
        (_, best) => best,
    }
}

/// A reply without the greeting above it: "Bonjour," says nothing of the language of what follows.
fn greeted(reply: &str) -> &str {
    let greeting = |line: &str| (1..=GREETING).contains(&line.split_whitespace().count());
    match reply.trim_start().split_once('\n') {
        Some((first, rest)) if greeting(first) && first.trim_end().ends_with(',') && !rest.trim().is_empty() => rest,
        _ => reply,
    }
}

/// Enough words were written to tell a language, and next to none is known to the best of them; or the script is another.
pub fn unknown(page: &Page<'_>) -> bool {
    let mut letters = 0;
    let mut latin = 0;
    let mut words = 0;
    let mut known = 0;
    for piece in &page.pieces {
        for at in 0..piece.passage.len() {
            let word = piece.passage.word(at);
            let Some(first) = word.chars().next().filter(|c| c.is_alphabetic()) else { continue };
            letters += 1;
            latin += usize::from(first.is_ascii());
            words += 1;
            let little = page.pack.listed("little-words", word);
            known += usize::from(little || piece.passage.id(at) != 0);
        }
    }
    // A neighbour of a language that we read in a few words only is none of ours.
    let own = page.pack.language == page.config.association.language;
    let foreign = !own && words >= FEW && known * 2 < words;
    (letters >= 3 && latin * 2 < letters) || (words >= 8 && known * 5 < words) || foreign
}
