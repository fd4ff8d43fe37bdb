//! Letter + Events + Rules → Reading. Never fails, never panics; pure.
//!
//! One file a field, same names as in `rules/LANG/`. Doubt is a reason in [`Reading::review`], never a guess.
//!
//! - [`page`] lays the letter out: pieces, clauses, what fired, and which event each clause is about ([`event`]).
//! - [`attendance`] decides each event; `answer` completes it by [`people`], [`attending`], [`meal`] and [`workshops`].
//! - [`contributions`], [`diets`], [`organisation`] and [`question`] read the rest, [`tone`] what colours our answer;
//!   [`calendar`] what an agenda answers.
//! - [`leaning`] is a second reader, who weighs words: where rules and words part, the likelier is told, and of who comes and
//!   how many a person reads.
//! - [`coverage`] doubts what looks like an answer and was not explained, unless rules and words are all but certain, and
//!   events that words point at and nothing resolves; [`courtesy`] knows what needs no explaining.
//! - [`kind`] decides by all that, and by the marks of machines, what the letter is and whether it may be acknowledged.

use crate::config::Config;
use crate::letter::Letter;
use crate::reading::{Attendance, Evidence, Kind, Reading, Review, Tone};
use crate::rules::Rules;

mod answer;
pub mod attendance;
pub mod attending;
pub mod calendar;
pub mod contributions;
pub mod courtesy;
pub mod coverage;
pub mod diets;
pub mod event;
pub mod kind;
pub mod language;
pub mod leaning;
pub mod meal;
pub mod organisation;
pub mod page;
pub mod people;
pub mod question;
pub mod quoted;
pub mod tone;
pub mod workshops;

use answer::{answer, note};
use attendance::Judgement;
use calendar::Outcome;
use kind::found::{Found, Ground};
use page::Page;
use people::Census;

/// Reads one letter, alone, at any date.
pub fn understand(letter: &Letter, config: &Config, rules: &Rules) -> Reading {
    if let Some(verdict) = kind::at_once(letter) {
        return conclude(Reading::default(), verdict);
    }
    let Some(pack) = language::pack(letter, config, rules) else { return Reading::default() };
    match calendar::outcome(letter, config) {
        Outcome::Answered(answer) => {
            let words = calendar::words(letter);
            let (mut reading, found, judgement) = read(&Page::new(&words, config, pack));
            // What words alone tell beside an agenda's answer, a person reads.
            let told = judgement.added || judgement.overruled;
            if let Some((rule, words)) = judgement.doubt.filter(|_| told) {
                note(&mut reading, "review", &rule, &words, "");
                reading.review.push(Review::TwoReadings);
            }
            let verdict = kind::kind(letter, &found);
            conclude(calendar::beside(reading, *answer), verdict)
        }
        _ => {
            let page = Page::new(letter, config, pack);
            let (mut reading, found, judgement) = read(&page);
            let mut verdict = kind::kind(letter, &found);
            let trusted = reading.review.is_empty() && verdict.review.is_empty();
            let doubt = match verdict.kind {
                Kind::Rsvp if trusted => {
                    let unexplained = || (!judgement.sure).then(|| coverage::doubt(&page, &reading)).flatten();
                    coverage::unresolved(&page).or_else(unexplained)
                }
                Kind::Question if trusted => coverage::overlooked(&page),
                _ => None,
            };
            if let Some((rule, words)) = doubt {
                note(&mut reading, "review", &rule, &words, "");
                verdict.review.push(Review::LowCoverage);
                if reading.tones.contains(&Tone::Grief) {
                    verdict.review.push(Review::Grief);
                }
            }
            let sure = reading.review.is_empty() && verdict.review.is_empty();
            if let Some((rule, words)) = judgement.doubt.filter(|_| sure && verdict.kind == Kind::Rsvp) {
                note(&mut reading, "review", &rule, &words, "");
                verdict.review.push(Review::TwoReadings);
            }
            conclude(reading, verdict)
        }
    }
}

/// What the fields find on a page, and what rules and words together make of who comes.
fn read(page: &Page<'_>) -> (Reading, Found, Judgement) {
    let mut reading = Reading { language: page.pack.language.clone(), ..Reading::default() };
    let mut found = Found::survey(page);
    reading.trace = trace(page);
    let offers = contributions::contributions(page);
    let mut census = Census::of(page);
    let votes = attendance::votes(page, &census, &offers);
    let decided = attendance::decide(&votes, page.config.events.len());
    // What a letter is about, its rules tell, whoever comes.
    found.answers.extend(decided.iter().flat_map(|v| &v.votes).map(Ground::of));
    let judgement = attendance::judged(page, decided);
    let verdicts = &judgement.verdicts;
    found.leaned = judgement.added;
    census.refused = verdicts.iter().filter(|v| v.says == Attendance::No).map(|v| v.event).collect();
    for verdict in verdicts {
        let mut own = votes.iter().filter(|v| v.event == verdict.event).peekable();
        if own.peek().is_some() && own.all(|v| v.third) && !reading.tones.contains(&Tone::InPlace) {
            reading.tones.push(Tone::InPlace);
        }
        answer(page, verdict, &census, &offers, &mut reading);
    }
    reading.diets = diets::diets(page, &offers);
    for (i, offer) in offers.into_iter().enumerate() {
        let field = format!("contribution {}", i + 1);
        let beside = page.pieces.get(offer.piece).is_some_and(|p| kind::found::beside(page, p, offer.clause));
        found.offers.push(Ground {
            named: offer.about.named,
            elsewhere: offer.about.another_matter() || beside,
            first_person: true,
            firm: !offer.asked,
        });
        reading.evidence.push(Evidence { field, ..offer.evidence });
        reading.contributions.push(offer.contribution);
    }
    if let Some((name, rule)) = organisation::organisation(page) {
        note(&mut reading, "organisation", rule, &name, "");
        reading.organisation = Some(name);
    }
    if page.cut {
        reading.review.push(Review::LowCoverage);
    }
    if language::unknown(page) {
        reading.language = String::new();
        reading.review.push(Review::UnknownLanguage);
    }
    for (why, rule, words) in question::asks(page) {
        note(&mut reading, "review", &rule, &words, "");
        reading.review.push(why);
    }
    tone::colour(page, &mut reading);
    (reading, found, judgement)
}

/// The reading of a letter of that kind: of what is no answer and no question nothing is kept.
fn conclude(mut reading: Reading, verdict: kind::Verdict) -> Reading {
    if !matches!(verdict.kind, Kind::Rsvp | Kind::Question) {
        let (trace, language) = (reading.trace, reading.language);
        reading = Reading { trace, language, ..Reading::default() };
    }
    reading.kind = verdict.kind;
    reading.ack = verdict.ack;
    for why in verdict.review {
        if !reading.review.contains(&why) {
            reading.review.push(why);
        }
    }
    reading.needs_human = !reading.review.is_empty();
    reading
}

/// Each clause with what fired in it, for `--explain`.
fn trace(page: &Page<'_>) -> Vec<String> {
    let mut out = Vec::new();
    for piece in &page.pieces {
        for (i, clause) in piece.passage.clauses.iter().enumerate() {
            let about = piece.about.get(i).map(|a| format!("{:?}{}", a.events, if a.named { " named" } else { "" }));
            let words = piece.passage.words_of(clause.words.clone());
            out.push(format!("[{}] «{words}» {}", clause.link, about.unwrap_or_default()));
            for finding in piece.scan.found.iter().filter(|f| f.clause == i) {
                let rule = page.rule(finding).map(crate::rules::pack::Rule::name).unwrap_or_default();
                out.push(format!("    {rule} «{}» {}", piece.words(finding), finding.note(page.pack)));
            }
        }
    }
    out
}
