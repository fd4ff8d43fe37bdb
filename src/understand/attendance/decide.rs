//! What the votes of an event come to: the last firm word wins, a doubt wins over certainty inside a sentence.
//!
//! Never decides by itself between a yes and a no that no word resolves: that is a contradiction, for a person, who is
//! told a perhaps.

use crate::reading::Attendance;

use super::{Vote, Weight};

/// What is decided about one event.
#[derive(Debug, Clone)]
pub struct Verdict {
    /// Event, by place in the configuration.
    pub event: usize,
    /// Will they come.
    pub says: Attendance,
    /// The votes it rests on.
    pub votes: Vec<Vote>,
    /// The strongest of them.
    pub weight: Weight,
    /// A yes and a no stand side by side, unresolved.
    pub contradiction: bool,
    /// The words of the letter lean the same way, all but certainly.
    pub sure: bool,
}

impl Verdict {
    /// A reason that names the day, or two different ones, say it plainly: "Samedi, je suis de garde", "Désolée, j'ai cours".
    pub fn backed(&self) -> bool {
        let mut own = self.votes.iter().filter(|v| !v.other);
        own.next().is_some_and(|first| first.that_day || own.any(|v| v.that_day || v.rule != first.rule))
    }
}

/// Decides each event that has votes, in the order of the configuration.
pub fn decide(votes: &[Vote], events: usize) -> Vec<Verdict> {
    (0..events).filter_map(|event| decide_one(event, votes)).collect()
}

fn decide_one(event: usize, votes: &[Vote]) -> Option<Verdict> {
    let mut mine: Vec<&Vote> = votes.iter().filter(|v| v.event == event).collect();
    // "Ma fille, si elle est là, …", "mon mari ne peut pas" leave the sender's own yes as it is.
    if mine.iter().any(|v| !v.other && v.says == Attendance::Yes && v.weight > Weight::Weak) {
        mine.retain(|v| !v.other || v.says == Attendance::Yes);
    }
    // "Je ne peux pas, mais ma collègue me remplace", "Marie oui, Gérard non": somebody comes.
    if mine.iter().any(|v| v.other && v.says == Attendance::Yes && v.weight > Weight::Weak) {
        let comes: Vec<(usize, usize)> = mine.iter().filter(|v| v.says == Attendance::Yes).map(|v| v.at).collect();
        let aside = |v: &Vote| v.says == Attendance::Maybe && !v.turns && v.other && !comes.contains(&v.at);
        // "Ma fille vient, moi j'attends mes horaires".
        let apart = |v: &Vote| v.says == Attendance::Maybe && v.apart;
        mine.retain(|v| (v.says != Attendance::No || (v.other && v.turns)) && !aside(v) && !apart(v));
    }
    // "Samedi oui, mais pas l'assemblée": what is said of one event stands against what is said of all that day.
    let own = |v: &Vote| !v.wide && v.named && !v.other && v.weight > Weight::Weak;
    if let Some(last) = mine.iter().filter(|v| own(v)).map(|v| v.says).next_back() {
        mine.retain(|v| !v.wide || v.says == last || v.turns);
    }
    // A reason counts only where nothing better stands.
    let heaviest = mine.iter().map(|v| v.weight).max()?;
    if heaviest > Weight::Weak {
        mine.retain(|v| v.weight > Weight::Weak);
    }
    let mut places: Vec<(usize, usize)> = mine.iter().map(|v| v.at).collect();
    places.dedup();
    let mut verdict: Option<Verdict> = None;
    for place in places {
        let here: Vec<&Vote> = mine.iter().copied().filter(|v| v.at == place).collect();
        let strongest = here.iter().map(|v| v.weight).max().unwrap_or(Weight::Weak);
        let here: Vec<&Vote> = here.into_iter().filter(|v| v.weight == strongest).collect();
        let (says, contradiction) = sentence(&here);
        let kept: Vec<Vote> = here.iter().filter(|v| v.says == says || contradiction).map(|v| (*v).clone()).collect();
        let next = Verdict { event, says, votes: kept, weight: strongest, contradiction, sure: false };
        verdict = Some(match verdict {
            None => next,
            Some(before) => follow(before, next),
        });
    }
    verdict
}

/// What one sentence says: doubt wins over certainty; of a yes and a no, the one after the turn.
fn sentence(votes: &[&Vote]) -> (Attendance, bool) {
    let has = |a: Attendance| votes.iter().any(|v| v.says == a);
    if has(Attendance::Yes) && has(Attendance::No) {
        if let Some(third) = votes.iter().find(|v| v.other && v.says == Attendance::Yes) {
            return (third.says, false);
        }
        let last = votes.last().map_or(Attendance::Maybe, |v| v.says);
        let turned = votes.iter().skip(1).any(|v| v.turns);
        return if turned { (last, false) } else { (Attendance::Maybe, true) };
    }
    if has(Attendance::Maybe) {
        return (Attendance::Maybe, false);
    }
    (votes.last().map_or(Attendance::Maybe, |v| v.says), false)
}

/// A later sentence after an earlier one.
fn follow(before: Verdict, next: Verdict) -> Verdict {
    if before.says == next.says {
        let mut both = before;
        both.votes.extend(next.votes);
        both.weight = both.weight.max(next.weight);
        return both;
    }
    let turned = next.votes.iter().any(|v| v.turns);
    let third = next.votes.iter().any(|v| v.third);
    match (before.says, next.says) {
        // A lone "oui" or "non" does not undo a sentence.
        _ if next.weight < before.weight => before,
        // "Je ne sais pas encore. Si tout va bien je viendrai.": still a perhaps.
        (Attendance::Maybe, Attendance::Yes) if !before.contradiction && next.votes.iter().all(|v| v.hedged) => before,
        (Attendance::Maybe, _) if !before.contradiction => next,
        // "Je ne peux plus venir. Il faudra trouver quelqu'un d'autre": a doubt voiced after a firm word is about
        // something else, unless it turns against it.
        (_, Attendance::Maybe) if !turned && next.votes.iter().all(|v| v.written == Attendance::Maybe) => before,
        (_, Attendance::Maybe) => next,
        _ if before.weight < next.weight => next,
        (Attendance::No, Attendance::Yes) if third || turned => next,
        (Attendance::Yes, Attendance::No) if turned => next,
        _ => {
            let mut votes = before.votes;
            votes.extend(next.votes);
            Verdict { says: Attendance::Maybe, contradiction: true, votes, ..next }
        }
    }
}
