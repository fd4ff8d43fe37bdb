//! What we ourselves sent, recognised in a body however it is re-wrapped.
//!
//! Promises: a line is ours only when every word of it stands in a long unbroken run of our words, so that a sender who
//! repeats a phrase of the invitation keeps it. Linear in the body and in our texts. Knows no language.

use std::collections::HashSet;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use super::line::Line;
use crate::text::fold;

/// Words in a row that are compared.
const GRAM: usize = 4;
/// A run of fewer words may be anybody's.
const RUN: usize = 12;

/// Our texts, as runs of words.
#[derive(Debug, Default)]
pub struct Known {
    grams: HashSet<u64>,
    addresses: Vec<String>,
}

/// How much of a line is ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    /// Words on it.
    pub words: u32,
    /// Those of them in a long run of our words.
    pub ours: u32,
}

impl Share {
    /// Every word is ours.
    pub fn whole(self) -> bool {
        self.words > 0 && self.ours == self.words
    }
}

impl Known {
    /// From the texts that we sent, and our addresses in lower case.
    pub fn new<'a>(texts: impl Iterator<Item = &'a str>, addresses: &[String]) -> Self {
        let mut grams = HashSet::new();
        for text in texts {
            let words: Vec<u64> = words(text).collect();
            grams.extend(words.windows(GRAM).map(hash));
        }
        Self { grams, addresses: addresses.iter().filter(|a| !a.is_empty()).cloned().collect() }
    }

    /// Whether a line names us by our address.
    pub fn named(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.addresses.iter().any(|a| text.contains(a.as_str()))
    }

    /// Whether no text is known.
    pub fn is_empty(&self) -> bool {
        self.grams.is_empty()
    }

    /// For each line, how much of it is ours.
    pub fn shares(&self, lines: &[Line]) -> Vec<Share> {
        let mut out = vec![Share::default(); lines.len()];
        if self.is_empty() {
            return out;
        }
        let all: Vec<(usize, u64)> =
            lines.iter().enumerate().flat_map(|(i, l)| words(&l.text).map(move |w| (i, w))).collect();
        let hashes: Vec<u64> = all.iter().map(|(_, w)| *w).collect();
        let mut ours = vec![false; all.len()];
        for (at, gram) in hashes.windows(GRAM).enumerate() {
            if self.grams.contains(&hash(gram)) {
                ours.iter_mut().skip(at).take(GRAM).for_each(|o| *o = true);
            }
        }
        let mut run = Vec::new();
        for ((line, _), is_ours) in all.iter().zip(ours.iter().copied().chain(std::iter::repeat(false))) {
            if let Some(share) = out.get_mut(*line) {
                share.words += 1;
            }
            if is_ours {
                run.push(*line);
            } else {
                credit(&mut out, &mut run);
            }
        }
        credit(&mut out, &mut run);
        out
    }
}

fn credit(out: &mut [Share], run: &mut Vec<usize>) {
    if run.len() >= RUN {
        for line in run.iter() {
            if let Some(share) = out.get_mut(*line) {
                share.ours += 1;
            }
        }
    }
    run.clear();
}

fn hash<T: std::hash::Hash + ?Sized>(value: &T) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(value)
}

/// Words without accents, signs or quote marks; `http` addresses count as their words.
fn words(text: &str) -> impl Iterator<Item = u64> {
    let folded = fold(text);
    let list: Vec<u64> = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(hash).collect();
    list.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    const INVITATION: &str = "Nous vous proposons une rencontre de travail, le samedi 3 mars à la maison de quartier, à Romans. \
        Nous travaillerons en ateliers de 9h à 13h, puis ceux qui le souhaitent pourront partager le repas.";

    fn whole(text: &str) -> Vec<bool> {
        let lines: Vec<Line> = text.lines().map(|t| Line { text: t.to_owned(), ..Line::default() }).collect();
        Known::new([INVITATION].into_iter(), &[]).shares(&lines).into_iter().map(Share::whole).collect()
    }

    #[test]
    fn our_text_is_known_again_however_it_is_wrapped() {
        let text =
            "NOUS VOUS PROPOSONS une rencontre\nde travail,\nle samedi 3 mars à la maison de\nquartier, à Romans.";
        assert_eq!(whole(text), [true; 4]);
    }

    #[test]
    fn a_sender_who_repeats_our_phrase_keeps_it() {
        assert_eq!(whole("Je serai à la rencontre de travail, le samedi 3 mars à la maison de quartier."), [false]);
        assert_eq!(whole("Oui pour partager le repas"), [false]);
    }
}
