//! Who wrote: an address and, where several people share one, the signed name.
//!
//! Promises: Reply-To and forwarded text never change who wrote; the first to sign at an address needs no name, so that
//! nobody is renamed later. Two ways of writing one name are one person; where it cannot be told, the doubt is said
//! ([`Sender::doubt`]) and nothing is guessed.

use crate::entry::Person;
use crate::letter::Letter;
use crate::rules::Rules;
use crate::text::fold;

use super::Known;

/// Who wrote a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// The person.
    pub person: Person,
    /// How they are shown: the signed name, the display name where it says more, else the address.
    pub shown: String,
    /// The name signed with, as written; empty when none is told apart.
    pub signed: String,
    /// Several people write from this address, and nothing tells which one did.
    pub doubt: bool,
}

/// An address as it is compared: lower case; at Gmail without dots and for everybody without `+tag`, which deliver to
/// the same person.
pub fn compared(address: &str) -> String {
    let address = address.trim().to_lowercase();
    let Some((local, domain)) = address.rsplit_once('@') else { return address };
    let local = local.split_once('+').map_or(local, |(before, _)| before);
    if matches!(domain, "gmail.com" | "googlemail.com") {
        return format!("{}@gmail.com", local.replace('.', ""));
    }
    format!("{local}@{domain}")
}

/// Who wrote this letter, as far as it and what is known of the address tell.
pub fn sender(letter: &Letter, known: &Known, rules: &Rules) -> Sender {
    let (display, address) = letter.from.as_ref().map_or(("", ""), |f| (f.name.as_str(), f.address.as_str()));
    let signed = signed(letter, rules);
    let (person, doubt) = whose(address, &signed, letter, known);
    // Who signs once is known by that name, signed or not.
    let before = known.signers.iter().rev().find(|(name, p)| *p == person && !name.is_empty() && !doubt);
    let before = before.map_or("", |(name, _)| name.as_str());
    let fuller = !signed.is_empty() && words_within(&signed, display);
    let names = if fuller { [display, &signed, before, address] } else { [&signed, before, display, address] };
    let shown = names.into_iter().find(|s| !s.is_empty()).unwrap_or("").to_owned();
    Sender { person, shown, signed, doubt }
}

/// Whether every word of a name stands in another: "Jeanne" in "Jeanne Martel". Organisers correct by family name.
fn words_within(name: &str, other: &str) -> bool {
    let (name, other) = (fold(name), fold(other));
    let words = |text: &'_ str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
    };
    let other = words(&other);
    words(&name).iter().all(|w| other.contains(w))
}

fn whose(address: &str, signed: &str, letter: &Letter, known: &Known) -> (Person, bool) {
    // One address keeps one spelling, so that "j.dupont@gmail.com" and "jdupont@gmail.com" are one person.
    let first = known.signers.first().map(|(_, p)| p.address.clone()).filter(|a| !a.is_empty());
    let address = first.unwrap_or_else(|| address.to_owned());
    let alone = Person { address: address.clone(), name: String::new() };
    if signed.is_empty() {
        return unsigned(alone, letter, known);
    }
    let named: Vec<&(String, Person)> = known.signers.iter().filter(|(s, _)| !s.is_empty()).collect();
    if let Some((_, person)) = named.iter().find(|(s, _)| same_name(s, signed)) {
        return (person.clone(), false);
    }
    if named.is_empty() {
        return (alone, false);
    }
    (Person { address, name: fold(signed).trim().to_owned() }, false)
}

fn unsigned(alone: Person, letter: &Letter, known: &Known) -> (Person, bool) {
    let mut people: Vec<&Person> = known.signers.iter().map(|(_, p)| p).collect();
    people.sort();
    people.dedup();
    match people.as_slice() {
        [] => (alone, false),
        [one] => ((*one).clone(), false),
        _ => {
            // A reply to what we told one of them is theirs.
            let told = known.acknowledgements.iter().rev().find(|a| letter.references.contains(&a.message_id));
            told.map_or((alone, true), |a| (a.person.clone(), false))
        }
    }
}

/// Whether two signatures are one person's: "Marie", "Marie Durand", "DURAND Marie", "Marie et Paul".
fn same_name(a: &str, b: &str) -> bool {
    let words = |s: &str| -> Vec<String> {
        let folded = fold(s);
        let split = || folded.split(|c: char| !c.is_alphanumeric());
        // An initial, and what joins two names, is shorter than names are, but where all are short ("Jo", "Li").
        let of = |least: usize| split().filter(|w| w.len() >= least).map(str::to_owned).collect::<Vec<_>>();
        Some(of(3)).filter(|names| !names.is_empty()).unwrap_or_else(|| of(2))
    };
    let (a, b) = (words(a), words(b));
    let common = a.iter().filter(|w| b.contains(w)).count();
    if a.is_empty() || b.is_empty() || common == 0 {
        return false;
    }
    // A family name in common and different first names: two people.
    let all_of_one = common == a.len().min(b.len());
    all_of_one || a.first() == b.first()
}

/// The name that a letter is signed with: a short closing line of capitalised words that is no closing formula
/// (`rules/mail/closings.toml`); empty when there is none.
pub fn signed(letter: &Letter, rules: &Rules) -> String {
    let closings = rules.lines("closings").ok();
    let closing = |line: &str| closings.is_some_and(|c| c.any(&fold(line)));
    let of_signature: Vec<&str> = letter.signature.lines().collect();
    let reply = letter.reply_text();
    let of_text: Vec<&str> = reply.lines().collect();
    let display = letter.from.as_ref().map_or_else(String::new, |f| fold(&format!("{} {}", f.name, f.address)));
    // A signature block names its sender first; a text names its writer last.
    let first = of_signature.iter().map(|l| l.trim()).find(|l| l.chars().any(char::is_alphanumeric) && !closing(l));
    if let Some((name, _)) = first.and_then(|l| name_in(l, &closing)) {
        return name;
    }
    let mut last = of_text.iter().map(|l| l.trim()).rev().filter(|l| !l.is_empty());
    let Some((name, formula)) = last.next().and_then(|l| name_in(l, &closing)) else { return String::new() };
    let alone = last.next();
    // One capitalised word may be any word; it is a name after a formula or a comma, or where the address has it.
    let one_word = !name.contains(' ');
    let told = formula || alone.is_some_and(|l| l.ends_with([',', '.', '!', '?', ')']) || closing(l));
    let in_address = display.split(|c: char| !c.is_alphanumeric()).any(|w| w.len() > 2 && fold(&name).contains(w));
    if one_word && !told && !in_address { String::new() } else { name }
}

/// A name, and whether a formula stands before it on the line.
fn name_in(line: &str, closing: &impl Fn(&str) -> bool) -> Option<(String, bool)> {
    if closing(line) {
        return None;
    }
    // "Cordialement, Marie": the formula and the name on one line.
    let (line, formula) = match line.rsplit_once(',') {
        Some((formula, name)) if closing(formula) => (name, true),
        _ => (line, false),
    };
    let line = line.trim_matches(|c: char| !c.is_alphanumeric());
    let capitalised = |w: &str| w.chars().next().is_some_and(char::is_uppercase);
    let plain = |w: &str| !w.chars().any(|c| c.is_ascii_digit() || "@:/?!,;\"()".contains(c));
    // "et", "de", "&", "la": the short words between names.
    let joins = |w: &str| w.chars().count() <= 3 && !w.ends_with('.');
    let words: Vec<&str> = line.split_whitespace().collect();
    let fits = (1..=5).contains(&words.len())
        && words.iter().all(|w| plain(w) && (capitalised(w) || joins(w)))
        && words.first().is_some_and(|w| capitalised(w))
        && words.last().is_some_and(|w| capitalised(w) && w.chars().count() > 1);
    fits.then(|| (words.join(" "), formula))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letter::{Block, Mailbox, Writer};

    fn rules() -> Rules {
        Rules::load(&[crate::rules::embedded()]).unwrap()
    }

    fn letter(from: &str, text: &str) -> Letter {
        Letter {
            from: Some(Mailbox { name: "Famille Durand".into(), address: from.into() }),
            blocks: vec![Block { by: Writer::Sender, text: text.into() }],
            ..Letter::default()
        }
    }

    #[test]
    fn gmail_dots_and_tags_are_one_address() {
        assert_eq!(compared("Jean.Dupont+asti@GoogleMail.com"), "jeandupont@gmail.com");
        assert_eq!(compared("jean.dupont@orange.fr"), "jean.dupont@orange.fr");
        assert_eq!(compared("jean+x@free.fr"), "jean@free.fr");
    }

    #[test]
    fn a_name_is_read_from_the_last_line_and_a_sentence_is_not() {
        let rules = rules();
        let check = |text: &str, name: &str| assert_eq!(signed(&letter("a@b.fr", text), &rules), name, "{text}");
        check("Je viens.\n\nMarie Durand", "Marie Durand");
        check("Je viens.\n\nMarie et Paul", "Marie et Paul");
        check("Je viens\nBises, Marie", "Marie");
        check("Je viens\nAmicalement,\nJean-Louis", "Jean-Louis");
        check("Je viens\nAmicalement", "");
        check("Bonjour,\nje viens avec plaisir.", "");
        check("OK pour le 3 mars", "");
        check("Bonjour\nOui", "");
        check("Je serai parmi vous\nMerci", "");
    }

    #[test]
    fn a_first_name_is_shown_with_the_family_name_that_the_address_brings() {
        let shown = |text: &str| sender(&letter("d@exemple.fr", text), &Known::default(), &rules()).shown;
        assert_eq!(shown("Je viens.\n\nDurand\n"), "Famille Durand");
        assert_eq!(shown("Je viens.\n\nPaul\n"), "Paul");
    }

    #[test]
    fn two_people_of_one_address_are_told_apart_by_their_signatures() {
        let at = "durand@orange.fr";
        let marie = Person { address: at.into(), name: String::new() };
        let known = Known { signers: vec![("Marie Durand".into(), marie.clone())], ..Known::default() };
        let of = |text: &str, known: &Known| sender(&letter(at, text), known, &rules());
        assert_eq!(of("Je viens.\nMarie", &known).person, marie);
        assert_eq!(of("Je viens.\nDURAND Marie", &known).person, marie);
        let paul = of("Moi aussi.\nPaul Durand", &known);
        assert_eq!(paul.person, Person { address: at.into(), name: "paul durand".into() });
        let mut both = known;
        both.signers.push(("Paul Durand".into(), paul.person.clone()));
        assert_eq!(of("Finalement non.\nPaul", &both).person, paul.person);
        let nobody = of("Finalement non.", &both);
        assert!(nobody.doubt, "nothing tells which of the two wrote");
    }

    #[test]
    fn an_unsigned_reply_to_our_mail_is_by_the_one_it_was_sent_to() {
        let at = "durand@orange.fr";
        let paul = Person { address: at.into(), name: "paul".into() };
        let signers =
            vec![("Marie".into(), Person { address: at.into(), name: String::new() }), ("Paul".into(), paul.clone())];
        let told = super::super::tests::acknowledged("ack.1@asti.test", paul.clone());
        let known = Known { signers, acknowledgements: vec![told], ..Known::default() };
        let mut reply = letter(at, "finalement nous serons 3");
        reply.references = vec!["ack.1@asti.test".into()];
        let found = sender(&reply, &known, &rules());
        assert_eq!((found.person, found.doubt), (paul, false));
    }
}
