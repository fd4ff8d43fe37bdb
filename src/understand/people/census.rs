//! What a letter tells of persons, found once and asked of each event that it answers.

use super::super::page::Page;
use super::comers::{Comer, comers};
use super::headed::{self, Headed, headed};
use super::shares::{Share, shares};
use super::signature;
use super::summed;
use super::totals::{self, Heard};

/// The persons of a letter, before it is known whom they concern.
#[derive(Debug)]
pub struct Census {
    /// Numbers that the rules find.
    pub(super) heard: Vec<Heard>,
    /// Numbers that no verb counts.
    pub(super) headed: Vec<Headed>,
    /// Who comes, person by person.
    pub(super) comers: Vec<Comer>,
    /// The first names that the sender is known by.
    pub(super) senders: Vec<String>,
    /// How many sign.
    pub(super) signers: u32,
    /// Who goes where, told one after the other.
    pub shares: Vec<Share>,
    /// The events that the sender refuses, once that is known.
    pub refused: Vec<usize>,
}

impl Census {
    /// Asks the letter.
    pub fn of(page: &Page<'_>) -> Self {
        let mut heard = totals::totals(page);
        heard.extend(totals::lines(page));
        heard.extend(totals::under_quote(page));
        heard.extend(summed::summed(page));
        Self {
            heard,
            headed: headed(page),
            comers: comers(page),
            senders: signature::senders(page),
            signers: signature::signers(page),
            shares: shares(page),
            refused: Vec::new(),
        }
    }

    /// Numbers that open a sentence which names an event: piece, clause and words.
    pub fn opens(&self, page: &Page<'_>) -> Vec<(usize, usize, String)> {
        headed::opens(page, &self.headed)
    }
}
