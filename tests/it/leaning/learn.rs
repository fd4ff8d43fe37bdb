//! Multinomial logistic regression over the features of labelled replies: what `rules/fr/leaning-*.tsv` holds.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use astir_rsvp::rules::leaning::softmax;

/// Readings in which a feature must stand to have a weight, and hands (associations, files of sentences) it must come from.
const SEEN: usize = 3;
const HANDS: usize = 2;
/// Features that keep a weight.
const KEPT: usize = 50_000;
/// Times that all readings are gone through.
const ROUNDS: usize = 40;
/// How much a weight may grow on what is seen: the inverse strength of its pull to nought.
const TRUST: f32 = 20.0;
/// How far the first step goes.
const RATE: f32 = 0.3;

/// What a labelled reply says of one event.
pub struct Said {
    /// What the program sees of it.
    pub features: BTreeSet<String>,
    /// Its label, by place among the sides.
    pub side: usize,
    /// Who wrote it, or to whom.
    pub hand: String,
}

/// What is known of a feature.
#[derive(Clone)]
struct Known {
    /// As the file holds it.
    rarity: f32,
    weights: Vec<f32>,
}

/// A file of weights: learnt once to know which features matter, and once more with those alone.
pub fn learn(said: &[Said], sides: &[&str]) -> String {
    let mut seen: BTreeMap<&str, (usize, BTreeSet<&str>)> = BTreeMap::new();
    for (reading, feature) in said.iter().flat_map(|r| r.features.iter().map(move |f| (r, f))) {
        let (n, hands) = seen.entry(feature).or_default();
        *n += 1;
        hands.insert(&reading.hand);
    }
    seen.retain(|_, (n, hands)| *n >= SEEN && hands.len() >= HANDS);
    // A feature of every reading has a rarity of 1.
    let rarity = |n: usize| ((1.0 + said.len() as f32) / (1.0 + n as f32)).ln() + 1.0;
    let none = vec![0.0; sides.len()];
    let mut known: BTreeMap<String, Known> = seen
        .into_iter()
        .map(|(f, (n, _))| (f.to_owned(), Known { rarity: (rarity(n) * 100.0).round() / 100.0, weights: none.clone() }))
        .collect();
    descend(said, sides.len(), &mut known);
    let mut strength: Vec<f32> = known.values().map(strongest).collect();
    strength.sort_by(|a, b| b.total_cmp(a));
    if let Some(least) = strength.get(KEPT) {
        known.retain(|_, k| strongest(k) > *least);
    }
    let start = descend(said, sides.len(), &mut known);
    written(sides, &start, &known)
}

fn strongest(known: &Known) -> f32 {
    known.rarity * known.weights.iter().fold(0.0, |most: f32, w| most.max(w.abs()))
}

/// Stochastic gradient descent with steps that shrink as a feature is seen (Duchi, Hazan and Singer 2011).
fn descend(said: &[Said], sides: usize, known: &mut BTreeMap<String, Known>) -> Vec<f32> {
    let place: BTreeMap<&str, usize> = known.keys().enumerate().map(|(i, f)| (f.as_str(), i)).collect();
    let rarities: Vec<f32> = known.values().map(|k| k.rarity).collect();
    let readings: Vec<(Vec<(usize, f32)>, usize)> = said
        .iter()
        .map(|reading| {
            let held: Vec<usize> = reading.features.iter().filter_map(|f| place.get(f.as_str()).copied()).collect();
            let length = held.iter().map(|f| rarities[*f] * rarities[*f]).sum::<f32>().sqrt();
            (held.into_iter().map(|f| (f, rarities[f] / length)).collect(), reading.side)
        })
        .collect();
    let mut times = vec![0usize; known.len()];
    readings.iter().flat_map(|(held, _)| held).for_each(|(f, _)| times[*f] += 1);
    let pulls: Vec<f32> = times.iter().map(|n| 1.0 / (TRUST * (*n).max(1) as f32)).collect();
    let mut weights = vec![0.0f32; known.len() * sides];
    let mut steps = vec![1e-4f32; known.len() * sides];
    let (mut start, mut start_steps) = (vec![0.0f32; sides], vec![1e-2f32; sides]);
    for round in 0..ROUNDS {
        for n in 0..readings.len() {
            // Another order each round, the same each time it is learnt.
            let (held, told) = &readings[(n * 7919 + round * 104_729) % readings.len()];
            let mut sums = start.clone();
            for (f, share) in held {
                let own = &weights[f * sides..(f + 1) * sides];
                sums.iter_mut().zip(own).for_each(|(sum, w)| *sum += share * w);
            }
            let wanted = |side: usize| f32::from(u8::from(side == *told));
            let missed: Vec<f32> = softmax(&sums).iter().enumerate().map(|(s, share)| share - wanted(s)).collect();
            for ((missed, start), steps) in missed.iter().zip(&mut start).zip(&mut start_steps) {
                *steps += missed * missed;
                *start -= 0.1 * missed / steps.sqrt();
            }
            for (f, share) in held {
                let own = f * sides..(f + 1) * sides;
                let own = weights[own.clone()].iter_mut().zip(&mut steps[own]);
                for (missed, (weight, steps)) in missed.iter().zip(own) {
                    let gradient = share * missed + pulls[*f] * *weight;
                    *steps += gradient * gradient;
                    *weight -= RATE * gradient / steps.sqrt();
                }
            }
        }
    }
    known.values_mut().zip(weights.chunks(sides)).for_each(|(k, w)| k.weights = w.to_vec());
    start
}

/// As the file holds them.
fn written(sides: &[&str], start: &[f32], known: &BTreeMap<String, Known>) -> String {
    let mut out =
        String::from("# Learnt by tests/it/leaning.rs from what is labelled under tests; no hand writes here.\n");
    let told = |weights: &[f32]| {
        weights.iter().map(|w| format!("{:.0}", (w * 100.0).round() + 0.0)).collect::<Vec<_>>().join(" ")
    };
    let _ = writeln!(out, "\t{}\n\t0 {}", sides.join(" "), told(start));
    for (feature, k) in known {
        let _ = writeln!(out, "{feature}\t{:.0} {}", k.rarity * 100.0, told(&k.weights));
    }
    out
}
