//! Rules run over a passage: what fires, what the operators do to it, and by whose doing.
//!
//! How rules combine is decided here, once, for every field: the longest match of a field wins over those inside it;
//! an operator that a longer match contains is part of that match ("je ne peux pas venir"); every other operator acts on
//! all matches within its reach. Knows no language.

use std::ops::Range;

use super::pack::{Pack, Rule};
use super::passage::{Clause, Passage};
use super::template::{Slot, Words};

/// Fields whose matches only situate a clause: an operator inside one still acts.
const ASIDE_FIELDS: [&str; 9] =
    ["turns", "events", "workshops", "organisation", "polite", "question", "tone", "coverage", "under"];

/// What an operator does to a match within its reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Says the contrary.
    Negated,
    /// Says it without being sure.
    Doubted,
    /// Says it if something else happens.
    Conditional,
    /// Says it of the past, of a wish, of others' words, of another occasion: it does not count.
    Cancelled,
    /// Asks it.
    Asked,
    /// Gives it as a reason for something else.
    Aside,
}

/// A rule that fired.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Its place in [`Pack::rules`].
    pub rule: usize,
    /// The words it matched.
    pub words: Range<usize>,
    /// The clause it begins in.
    pub clause: usize,
    /// What was done to it, and by which rule.
    pub effects: Vec<(Effect, usize)>,
}

impl Finding {
    /// Whether an effect applies.
    pub fn is(&self, effect: Effect) -> bool {
        self.effects.iter().any(|(e, _)| *e == effect)
    }

    /// Negated once (or three times).
    pub fn negated(&self) -> bool {
        self.effects.iter().filter(|(e, _)| *e == Effect::Negated).count() % 2 == 1
    }

    /// Neither negated, doubted, conditional, cancelled nor asked.
    pub fn plain(&self) -> bool {
        !self.effects.iter().any(|(e, _)| *e != Effect::Aside)
    }

    /// What was done to it, for evidence.
    pub fn note(&self, pack: &Pack) -> String {
        let name = |r: &usize| pack.rules.get(*r).map_or_else(String::new, Rule::name);
        self.effects.iter().map(|(e, r)| format!("{e:?} by {}", name(r))).collect::<Vec<_>>().join(", ").to_lowercase()
    }
}

/// What fired in a passage.
#[derive(Debug, Clone, Default)]
pub struct Scan {
    /// Matches of every field, by place.
    pub found: Vec<Finding>,
    /// Operators that acted.
    pub operators: Vec<Finding>,
    /// Operators that were part of a longer match.
    pub consumed: Vec<Finding>,
}

/// Runs every rule of the pack over the passage: cuts its clauses finer, then matches, then lets the operators act.
pub fn scan(passage: &mut Passage, pack: &Pack) -> Scan {
    let raw = matches(passage, pack, false);
    let (operators, found): (Vec<Finding>, Vec<Finding>) = raw.into_iter().partition(|f| is_operator(pack, f));
    // A word inside a date is no operator: "23 May".
    let operators: Vec<Finding> =
        operators.into_iter().filter(|o| !(o.words.len() == 1 && passage.taken(o.words.start))).collect();
    let mut found = longest(found, pack);
    let (mut consumed, mut operators): (Vec<Finding>, Vec<Finding>) =
        longest(operators, pack).into_iter().partition(|o| found.iter().any(|f| consumes(f, o, pack)));
    denied(&mut found, &consumed, pack);
    split_clauses(passage, pack, &operators);
    for finding in found.iter_mut().chain(&mut consumed).chain(&mut operators) {
        finding.clause = passage.clause_at(finding.words.start).unwrap_or(0);
    }
    for operator in &operators {
        act(passage, pack, operator, &mut found, |_| true);
    }
    // "je ne mange pas de porc": part of what one field says, and still a refusal for the fields that hear all.
    for operator in &consumed {
        let by = fields_of(pack, found.iter().filter(|f| consumes(f, operator, pack)));
        act(passage, pack, operator, &mut found, |r| r.says("operators") == "all" && !by.contains(&r.field));
    }
    found.sort_by_key(|f| (f.words.start, f.words.end));
    Scan { found, operators, consumed }
}

/// Annotates days, hours, telephones and amounts, by the rules of `dates.toml`, the longest first.
pub(super) fn note_dates(passage: &mut Passage, pack: &Pack) {
    let mut found = matches(passage, pack, true);
    found.sort_by_key(|f| (f.words.start, std::cmp::Reverse(f.words.end)));
    let mut end = 0;
    for finding in found {
        let spelt = passage.word(finding.words.start).starts_with(char::is_alphabetic);
        let figures = pack.rules.get(finding.rule).is_some_and(|r| r.says("figures") == "true");
        if finding.words.start < end || (figures && spelt) {
            continue;
        }
        end = finding.words.end;
        if let Some(rule) = pack.rules.get(finding.rule) {
            let slot = if rule.says("is") == "date" { Slot::Date } else { Slot::Hour };
            passage.note(finding.words.clone(), slot, 0, &rule.id);
        }
    }
}

fn is_operator(pack: &Pack, finding: &Finding) -> bool {
    pack.rules.get(finding.rule).is_some_and(|r| r.field == "operators")
}

/// Every match of every template, within one sentence.
fn matches(passage: &Passage, pack: &Pack, early: bool) -> Vec<Finding> {
    let mut out = Vec::new();
    let mut candidates = Vec::new();
    let limits = sentence_limits(passage);
    for at in 0..passage.len() {
        pack.candidates(passage, at, early, &mut candidates);
        if candidates.is_empty() {
            continue;
        }
        let limit = limits.get(at).copied().unwrap_or(0);
        for &(r, t) in &candidates {
            let Some(rule) = pack.rules.get(r) else { continue };
            let Some((_, node)) = rule.templates.get(t) else { continue };
            let holds = |end: &usize| {
                *end > at && stands(passage, rule, at..*end) && !taken_back(passage, pack, rule, at..*end)
            };
            // "Deux à l'atelier 1 et trois au 2": of a day or a number, what is left without the words taken back.
            let tried = if early { usize::MAX } else { 1 };
            let ends = pack.grammar.ends(node, passage, at, limit);
            if let Some(end) = ends.longest_first().take(tried).find(holds) {
                out.push(Finding { rule: r, words: at..end, clause: 0, effects: Vec::new() });
            }
        }
    }
    out.dedup_by(|a, b| a.rule == b.rule && a.words == b.words);
    out
}

/// Where a rule's match must stand: `first` opens its clause, `last` ends it, `alone` is all of its clause, `sentence` all
/// of its sentence.
fn stands(passage: &Passage, rule: &Rule, words: Range<usize>) -> bool {
    let wanted = rule.says("stands");
    if wanted.is_empty() {
        return true;
    }
    let Some(clause) = passage.clause_at(words.start).and_then(|i| passage.clauses.get(i)) else { return false };
    match wanted {
        "first" => clause.words.start == words.start,
        "last" => words.end >= clause.words.end,
        "alone" => clause.words.start == words.start && words.end >= clause.words.end,
        _ => {
            let sentence = passage.sentence(clause.sentence);
            sentence.start == words.start && words.end >= sentence.end
        }
    }
}

/// For each word, where its sentence ends; the closing sign belongs to the sentence: templates may end with "?".
fn sentence_limits(passage: &Passage) -> Vec<usize> {
    let mut limits = vec![0; passage.len()];
    for (i, clause) in passage.clauses.iter().enumerate() {
        let last = passage.clauses.get(i + 1).is_none_or(|next| next.sentence != clause.sentence);
        if !last {
            continue;
        }
        let start = passage.sentence(clause.sentence).start;
        let next = passage.clauses.get(i + 1).map_or(passage.len(), |c| c.words.start);
        let end = (clause.words.end + 1).min(next.max(clause.words.end));
        limits.iter_mut().take(end).skip(start).for_each(|l| *l = end);
    }
    limits
}

/// An `unless` template that overlaps the match.
fn taken_back(passage: &Passage, pack: &Pack, rule: &Rule, words: Range<usize>) -> bool {
    rule.unless.iter().any(|node| {
        let from = words.start.saturating_sub(8);
        (from..words.end)
            .any(|at| pack.grammar.ends(node, passage, at, passage.len()).last().is_some_and(|end| end > words.start))
    })
}

/// Drops a match that lies inside a longer one of the same field; of operators, of the same effect.
fn longest(mut found: Vec<Finding>, pack: &Pack) -> Vec<Finding> {
    found.sort_by_key(|f| std::cmp::Reverse(f.words.len()));
    let mut kept: Vec<Finding> = Vec::new();
    for finding in found {
        let Some(rule) = pack.rules.get(finding.rule) else { continue };
        let covered = kept.iter().any(|k| {
            let same = pack.rules.get(k.rule).is_some_and(|r| {
                r.field == rule.field && (r.field != "operators" || r.says("does") == rule.says("does"))
            });
            same && k.words.start <= finding.words.start && k.words.end >= finding.words.end
        });
        if !covered {
            kept.push(finding);
        }
    }
    kept.sort_by_key(|f| f.words.start);
    kept
}

/// An operator whose words all lie inside a match that says something of its own is part of that match.
fn consumes(finding: &Finding, operator: &Finding, pack: &Pack) -> bool {
    // "n'est pas possible": the last word of the operator tells which thing it denies.
    let whole = finding.words.start <= operator.words.start && finding.words.end >= operator.words.end;
    let last = finding.words.start < operator.words.end && finding.words.end >= operator.words.end;
    let denies = pack.rules.get(operator.rule).is_some_and(|r| r.says("does") == "negate");
    let tells = pack.rules.get(finding.rule).is_some_and(|r| !ASIDE_FIELDS.contains(&r.field.as_str()));
    tells
        && (whole || (last && denies))
        && pack.rules.get(finding.rule).is_some_and(|r| r.says("leaves") != "operators")
}

fn fields_of<'a>(pack: &Pack, found: impl Iterator<Item = &'a Finding>) -> Vec<String> {
    found.filter_map(|f| pack.rules.get(f.rule)).map(|r| r.field.clone()).collect()
}

/// "Elle ne sera pas présente le 3": what begins within a match that its own negation turned says nothing more beyond it.
fn denied(found: &mut Vec<Finding>, consumed: &[Finding], pack: &Pack) {
    let field = |f: &Finding| pack.rules.get(f.rule).map_or("", |r| r.field.as_str());
    let negates = |o: &Finding| pack.rules.get(o.rule).is_some_and(|r| r.says("does") == "negate");
    let denials: Vec<Finding> =
        found.iter().filter(|f| consumed.iter().any(|o| negates(o) && consumes(f, o, pack))).cloned().collect();
    found.retain(|f| {
        let within = |d: &Finding| d.words.start < f.words.start && f.words.start < d.words.end;
        let free = pack.rules.get(f.rule).is_some_and(|r| r.says("operators") == "ignore");
        let own = free || consumed.iter().any(|o| negates(o) && consumes(f, o, pack));
        own || !denials.iter().any(|d| within(d) && d.words.end < f.words.end && field(d) == field(f))
    });
}

/// Cuts clauses at the words that `operators.toml` says begin a new one.
fn split_clauses(passage: &mut Passage, pack: &Pack, operators: &[Finding]) {
    for operator in operators {
        let Some(rule) = pack.rules.get(operator.rule).filter(|r| r.says("does") == "join") else { continue };
        let at = operator.words.start;
        let Some(index) = passage.clause_at(at) else { continue };
        let Some(clause) = passage.clauses.get(index).cloned() else { continue };
        let link = rule.says("link").to_owned();
        // "Je viens, mais est-ce qu'on peut se garer ?": what stands before the question is not asked.
        if rule.says("asks") == "ahead" {
            let before = passage.clauses.iter_mut().filter(|c| c.sentence == clause.sentence && c.words.start < at);
            before.for_each(|c| c.asked = false);
        }
        if clause.words.start == at {
            if let Some(c) = passage.clauses.get_mut(index) {
                c.link = link;
            }
            continue;
        }
        let tail = Clause { words: at..clause.words.end, link, line: false, ..clause.clone() };
        if let Some(c) = passage.clauses.get_mut(index) {
            c.words.end = at;
        }
        passage.clauses.insert(index + 1, tail);
    }
}

/// The operators whose reach takes in words that no rule matched, as they would bear on matches of one field. One that
/// takes back what is only told does so within a longer match too: "j'ai mangé un couscous chez ma sœur".
pub fn bearing<'a>(passage: &Passage, pack: &'a Pack, scan: &Scan, words: &Range<usize>, field: &str) -> Vec<&'a Rule> {
    let reaches = |operator: &&Finding| {
        let reach = reached(passage, pack, operator, &scan.found);
        words.start < reach.end && words.end > reach.start
    };
    let untells = |o: &&Finding| pack.rules.get(o.rule).is_some_and(|r| r.says("does") == "untell");
    let operators = scan.operators.iter().chain(scan.consumed.iter().filter(untells));
    let rules = operators.filter(reaches).filter_map(|o| pack.rules.get(o.rule));
    rules.filter(|r| bears_on(r, field)).collect()
}

/// Whether an operator acts on matches of a field.
fn bears_on(operator: &Rule, field: &str) -> bool {
    let (only, spare) = (operator.says("only"), operator.says("spare"));
    (only.is_empty() || only.split(' ').any(|f| f == field)) && !spare.split(' ').any(|f| f == field)
}

/// Lets an operator act on every match within its reach.
fn act(passage: &Passage, pack: &Pack, operator: &Finding, found: &mut [Finding], on: impl Fn(&Rule) -> bool) {
    let Some(rule) = pack.rules.get(operator.rule) else { return };
    let effect = match rule.says("does") {
        "negate" => Effect::Negated,
        "doubt" => Effect::Doubted,
        "condition" => Effect::Conditional,
        "cancel" => Effect::Cancelled,
        "ask" => Effect::Asked,
        "aside" => Effect::Aside,
        _ => return,
    };
    let reach = reached(passage, pack, operator, found);
    for finding in found {
        let Some(reached) = pack.rules.get(finding.rule).filter(|r| r.says("operators") != "ignore" && on(r)) else {
            continue;
        };
        if !bears_on(rule, &reached.field) {
            continue;
        }
        let overlaps = finding.words.start < reach.end && finding.words.end > reach.start;
        if overlaps
            && !finding.effects.iter().any(|(e, r)| *e == effect && *r == operator.rule && effect != Effect::Negated)
        {
            finding.effects.push((effect, operator.rule));
        }
    }
}

/// The words that an operator reaches, as its rule says.
fn reached(passage: &Passage, pack: &Pack, operator: &Finding, found: &[Finding]) -> Range<usize> {
    match pack.rules.get(operator.rule).map_or("", |r| r.says("reach")) {
        "attached" => attached(passage, &operator.words, found, pack),
        kind => reach(passage, kind, &operator.words),
    }
}

/// What a condition hangs on: its own clause, and all that follows when it opens the sentence ("Si je viens, …"), else
/// the clauses before it up to the nearest that says something ("Je viens, et peut-être ma fille si elle peut").
fn attached(passage: &Passage, words: &Range<usize>, found: &[Finding], pack: &Pack) -> Range<usize> {
    let Some(index) = passage.clause_at(words.start) else { return words.clone() };
    let Some(clause) = passage.clauses.get(index) else { return words.clone() };
    let sentence = passage.sentence(clause.sentence);
    if clause.words.start <= sentence.start {
        return sentence;
    }
    let tells = |c: &Clause| {
        found.iter().any(|f| {
            let telling = pack.rules.get(f.rule).is_some_and(|r| {
                // "Je viens, ma femme aussi si elle peut": what is added tells something too.
                matches!(r.field.as_str(), "attendance" | "contributions" | "meal") || r.says("is") == "also"
            });
            telling && f.words.start < c.words.end && f.words.end > c.words.start
        })
    };
    let joins = |c: &Clause| pack.listed("party-joints", passage.word(c.words.start));
    let said_after = passage.clauses.iter().skip(index + 1).take_while(|c| c.sentence == clause.sentence).any(tells);
    // "… mais, si le temps est clément, je viendrai", "… et, si mon train est à l'heure, le 6": what follows, as where
    // it opens the sentence.
    let follows = passage.clauses.get(index + 1).is_some_and(|c| c.sentence == clause.sentence);
    let alone = index.checked_sub(1).and_then(|i| passage.clauses.get(i));
    if follows && alone.is_some_and(|c| c.words.len() == 1 && (!c.link.is_empty() || joins(c))) {
        return clause.words.start..sentence.end;
    }
    let before = passage.clauses.iter().take(index).rev().take_while(|c| c.sentence == clause.sentence);
    let mut start = clause.words.start;
    for c in before {
        start = c.words.start;
        if tells(c) || c.link == "and" {
            return start..clause.words.end;
        }
    }
    // "Je ne conduis plus, si l'on m'emmène je viens": nothing before it that it could hang on.
    if said_after { clause.words.start..sentence.end } else { start..clause.words.end }
}

/// The words an operator reaches: `inside` its own words, `after` to the end of its clause, `near` from three words
/// before to the end of its clause, `clause`, `ahead` to the end of the sentence, `others` the sentence but its own
/// clause, `sentence`, `passage`.
fn reach(passage: &Passage, kind: &str, words: &Range<usize>) -> Range<usize> {
    let clause = passage.clause_at(words.start).and_then(|i| passage.clauses.get(i));
    let Some(clause) = clause else { return words.clone() };
    let sentence = passage.sentence(clause.sentence);
    match kind {
        "inside" => words.clone(),
        "after" => words.start..clause.words.end.max(words.end),
        "near" => words.start.saturating_sub(3).max(clause.words.start)..clause.words.end.max(words.end),
        "before" => clause.words.start..words.end,
        "ahead" => words.start..sentence.end,
        "sentence" => sentence,
        "passage" => 0..passage.len(),
        _ => clause.words.start..clause.words.end.max(words.end),
    }
}
