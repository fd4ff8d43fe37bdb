//! What the fields found that decides what a letter is about, as plain values; and how a page is surveyed for it.
//!
//! Which words are about something else is data (`rules/LANG/kind.toml`). A word that an announced event is itself
//! called by counts for nothing: an announced "assemblée générale" is ours.

use std::ops::Range;

use crate::config::Config;
use crate::letter::Letter;
use crate::letter::subject::base;
use crate::reading::Attendance;
use crate::rules::passage::Passage;
use crate::rules::scan::{Finding, scan};
use crate::rules::template::{Slot, Words};
use crate::text::fold;
use crate::understand::attendance::{Vote, Weight};
use crate::understand::calendar::Outcome;
use crate::understand::event::{self, ELSEWHERE};
use crate::understand::page::{Page, Piece, Place};

use super::naming::{SURE, answering, surely};

/// What an answer or an offer rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ground {
    /// Its clause, or what the clause carries on, names an announced event.
    pub named: bool,
    /// It is about another day, or about something else ("présente au tribunal").
    pub elsewhere: bool,
    /// It rests on words of the sender about themselves or their own ("je", "nous", "mon mari"), or is all the subject.
    pub first_person: bool,
    /// It says yes or no to an event, and not by a reason alone ("je suis malade", "je vous tiens au courant").
    pub firm: bool,
}

impl Ground {
    /// What a vote rests on.
    pub fn of(vote: &Vote) -> Self {
        let firm = vote.weight > Weight::Weak && (vote.named || vote.says != Attendance::Maybe);
        Self { named: vote.named, elsewhere: false, first_person: !vote.third, firm }
    }
}

/// What the fields found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// Answers about attendance, workshops or meal, and changes of them.
    pub answers: Vec<Ground>,
    /// What the sender brings, lends or does.
    pub offers: Vec<Ground>,
    /// The words lean to an answer that no rule found.
    pub leaned: bool,
    /// A sentence of the text surely names an event, and nothing else that it could be about.
    pub named: bool,
    /// A sentence surely names an event together with something else it could be about.
    pub mixed: bool,
    /// The whole subject, "Re:" or not, surely names an event, or the letter answers an invitation.
    pub subject: bool,
    /// The letter answers a mail of ours, or quotes one.
    pub thread: bool,
    /// The letter answers a mail, ours or not.
    pub reply: bool,
    /// It answers some mail of ours, whose subject says nothing of what it was about.
    pub ours: bool,
    /// Among these, one whose subject is empty, a weekday and a town, or the head of a letter.
    pub blank: bool,
    /// It speaks of the weekday of an announced event, in its text or its subject, and of no other day.
    pub weekday: bool,
    /// Words that are about something else.
    pub topic: bool,
    /// Among them news (a birth, a change of address): it may stand beside an answer and takes none away.
    pub news: bool,
    /// Words of regret, beside which news are a reason.
    pub regret: bool,
    /// Something ties the text to an invitation: thanks, a question, an event's name however vague, a word that looks
    /// like an answer; or it is too short to tell.
    pub tied: bool,
    /// Such words govern something that would otherwise be an answer ("peux pas venir au cours").
    pub beside: bool,
    /// Days that are no announced event's.
    pub other_day: bool,
    /// It forwards a text that surely names an event.
    pub quoted: bool,
    /// How many words the sender wrote, in the text or as the subject.
    pub words: usize,
    /// It asks something, in a sentence that calls an event by its name and speaks of an invitation.
    pub asks: bool,
    /// What the letter's calendar means.
    pub calendar: Outcome,
}

impl Found {
    /// What a page shows of what the letter is about, answers about something else among it; answers that count and
    /// offers are for their fields to add.
    pub fn survey(page: &Page<'_>) -> Self {
        let letter = page.letter;
        let landmarks = &page.landmarks;
        let names = |text: &str| {
            let mut passage = Passage::new(text, page.pack);
            event::note_events(&mut passage, page.pack, page.config, landmarks, letter.date);
            surely(&passage, 0..passage.len(), &[], page.config) >= SURE
        };
        let mut subject = Passage::new(base(&letter.subject), page.pack);
        event::note_events(&mut subject, page.pack, page.config, landmarks, letter.date);
        let answered = answered(page, &mut subject);
        let mut found = Self {
            subject: names(&letter.subject) || titled(&letter.subject, page.config) || answered == Answered::Invitation,
            thread: letter.answers_us || letter.quotes_us,
            reply: !letter.references.is_empty(),
            ours: answered == Answered::Ours,
            quoted: letter.forwards && quoted(letter).take(20).any(names),
            words: page.pieces.iter().map(|p| p.passage.len()).sum(),
            calendar: super::super::calendar::outcome(letter, page.config),
            regret: page.findings("coverage").any(|(_, _, rule)| rule.says("cue") == "no"),
            ..Self::default()
        };
        let naming = if answered == Answered::Ours { answering } else { surely };
        let points: u32 = page.pieces.iter().map(|piece| found.look(page, piece, naming)).sum();
        // Of a short letter all the words count together: "Pour samedi. (…) à la maison de quartier".
        found.named |= found.words <= SHORT && points >= SURE;
        found.tied = tied(page, found.other_day);
        found.blank = answered == Answered::Ours && (headed(page, &subject) || blank(page, &subject));
        found.weekday = page.pieces.iter().map(|p| &p.passage).chain([&subject]).any(weekday) && !found.other_day;
        for (piece, finding, _) in page.findings("attendance").filter(|(_, f, _)| f.plain() || f.negated()) {
            found.beside |= governed(page, piece, finding);
            if elsewhere(page, piece, finding) {
                found.answers.push(Ground { elsewhere: true, ..Ground::default() });
            }
        }
        found
    }

    /// Adds what one piece shows; gives how surely its sentences that are about nothing else name an event.
    fn look(&mut self, page: &Page<'_>, piece: &Piece, naming: Naming) -> u32 {
        let topics = topics(page, piece, "else");
        self.news |= !self::topics(page, piece, "news").is_empty();
        self.topic |= self.news || !topics.is_empty();
        self.other_day |= piece.passage.notes.iter().any(|n| n.slot == Slot::Date && n.value == ELSEWHERE);
        let last = piece.passage.clauses.last().map_or(0, |c| c.sentence + 1);
        let mut points = 0;
        for sentence in (0..last).map(|s| piece.passage.sentence(s)) {
            let sure = naming(&piece.passage, sentence.clone(), &topics, page.config);
            let mixed = topics.iter().any(|t| sentence.contains(&t.start));
            let whole = !mixed && whole_title(&piece.passage, sentence.clone(), page.config);
            let sure = if whole { SURE } else { sure };
            self.asks |= sure > 0 && !mixed && piece.place == Place::Body && asks(page, piece, sentence.clone());
            if piece.place == Place::Body && sure >= SURE {
                self.mixed |= mixed;
                self.named |= !mixed;
            }
            points += if mixed { 0 } else { sure };
        }
        points
    }
}

/// One of our addresses is among those the letter was written to.
pub(super) fn addressed(letter: &Letter) -> bool {
    !letter.marks.iter().any(|m| m.rule == "recipient/not-addressed")
}

/// Words of a title that nobody else's event has.
const LONG_TITLE: usize = 3;

/// The sentence has a whole title of three words or more: "un sujet sur la Nuit des refuges".
fn whole_title(passage: &Passage, sentence: Range<usize>, config: &Config) -> bool {
    let said: Vec<&str> = sentence.map(|at| passage.word(at)).collect();
    config.events.iter().any(|event| {
        let folded = fold(&event.title);
        let title: Vec<String> = crate::text::tokens(&folded).into_iter().map(|t| t.word).collect();
        let title: Vec<&str> = title.iter().map(String::as_str).take_while(|w| *w != ":").collect();
        title.len() >= LONG_TITLE && said.windows(title.len()).any(|w| w == title)
    })
}

/// A sentence that asks, and has the words of an invitation and a word that an event is called by: "une affiche du forum ?"
fn asks(page: &Page<'_>, piece: &Piece, sentence: Range<usize>) -> bool {
    let here = |at: usize| sentence.contains(&at);
    let called = page.config.events.iter().flat_map(|e| &e.words).map(|w| fold(w)).collect::<Vec<_>>();
    let named = piece.passage.notes.iter().filter(|n| n.slot == Slot::Event && here(n.words.start));
    let named = named.map(|n| fold(piece.passage.words_of(n.words.clone()))).any(|w| called.contains(&w));
    let asks = |f: &Finding| here(f.words.start) && page.rule(f).is_some_and(|r| r.field == "question");
    named && piece.scan.found.iter().any(asks) && says(page, piece, "us").any(|f| here(f.words.start))
}

/// Fields whose words speak to whoever invites.
const SPEAKS: [&str; 6] = ["attendance", "attending", "coverage", "meal", "people", "workshops"];
/// A text of so few words may be a greeting, or "noté".
const TERSE: usize = 14;

/// Something ties the text to an invitation. In a language that knows no words of doubt everything does; where rules
/// know the words by which guests speak of an invitation, a question without any of them ties nothing, nor do thanks
/// or a few words beside another day.
fn tied(page: &Page<'_>, other_day: bool) -> bool {
    let body = || page.pieces.iter().filter(|p| p.place == Place::Body);
    let field = |f: &Finding, fields: &[&str]| page.rule(f).is_some_and(|r| fields.contains(&r.field.as_str()));
    let has = |fields: &[&str]| body().any(|p| p.scan.found.iter().any(|f| field(f, fields)));
    let doubts = page.pack.rules.iter().any(|r| r.field == "coverage");
    let told = page.pack.rules.iter().any(|r| r.field == "kind" && r.says("about") == "us");
    let noted = body().any(|p| p.passage.notes.iter().any(|n| n.slot == Slot::Event));
    if !doubts || noted || has(&SPEAKS) {
        return true;
    }
    let words: usize = body().map(|p| p.passage.len()).sum();
    let asks = has(&["question"]) || body().any(|p| p.passage.clauses.iter().any(|c| c.asked));
    // "La permanence de mardi est-elle maintenue ?": the words of an invitation, about another day.
    let other = |p: &Piece, clause: usize| {
        let mut dates = p.passage.notes.iter().filter(|n| n.slot == Slot::Date && n.value == ELSEWHERE);
        let asked = p.passage.clauses.get(clause).is_some_and(|c| c.asked);
        asked && dates.any(|n| p.passage.clause_at(n.words.start) == Some(clause))
    };
    let invited = !told || body().any(|p| says(page, p, "us").any(|f| !other(p, f.clause)));
    match (words <= TERSE, asks || has(&["polite"])) {
        (true, _) => invited || !other_day,
        (false, true) => invited || !(asks || other_day),
        (false, false) => false,
    }
}

/// What `kind` rules found in a piece that says so of what the letter is about.
fn says<'p>(page: &'p Page<'_>, piece: &'p Piece, about: &'static str) -> impl Iterator<Item = &'p Finding> {
    let of = move |f: &&Finding| page.rule(f).is_some_and(|r| r.field == "kind" && r.says("about") == about);
    piece.scan.found.iter().filter(of)
}

/// How surely words name an event.
type Naming = fn(&Passage, Range<usize>, &[Range<usize>], &Config) -> u32;

/// What mail a letter answers, by its subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answered {
    /// None of ours, or one whose subject names a day or a matter that is not announced.
    Nothing,
    /// Some mail of ours: it comes to our address and answers a mail.
    Ours,
    /// One that invites ("Re: Invitation à la semaine des migrations", "Re: Dites-nous si vous venez"): whoever invites to
    /// several events names none of them there.
    Invitation,
}

fn answered(page: &Page<'_>, subject: &mut Passage) -> Answered {
    let letter = page.letter;
    let addressed = addressed(letter);
    if letter.references.is_empty() || letter.forwards || !addressed {
        return Answered::Nothing;
    }
    let other_day =
        subject.notes.iter().any(|n| n.slot == Slot::Date && n.value == ELSEWHERE) && !headed(page, subject);
    let found = scan(subject, page.pack).found;
    let other = |f: &Finding| page.rule(f).is_some_and(|r| r.field == "kind" && r.says("about") == "else");
    let invites = (0..subject.len()).any(|w| page.pack.phrase(subject, "inviting", w).is_some());
    match other_day || found.iter().any(other) {
        true => Answered::Nothing,
        false if invites => Answered::Invitation,
        false => Answered::Ours,
    }
}

/// "Re: Romans, le 7 février": the place and the day that head our own letter say nothing of what it was about.
fn headed(page: &Page<'_>, subject: &Passage) -> bool {
    page.pack.phrase(subject, "letterhead", 0) == Some(subject.len())
}

/// A subject that says nothing of its matter: none, or the weekday and the place of an event ("Romans, samedi").
fn blank(page: &Page<'_>, subject: &Passage) -> bool {
    let little = |w: usize| {
        let word = subject.word(w);
        !word.contains(char::is_alphanumeric)
            || ["label-words", "short-answers"].iter().any(|list| page.pack.listed(list, word))
            || subject.notes.iter().any(|n| matches!(n.slot, Slot::Date | Slot::Event) && n.words.contains(&w))
    };
    (0..subject.len()).all(little)
}

/// An announced event is named by its weekday.
fn weekday(passage: &Passage) -> bool {
    let event = |words: &Range<usize>| passage.notes.iter().any(|n| n.slot == Slot::Event && n.words == *words);
    passage.notes.iter().any(|n| n.slot == Slot::Date && n.rule == "weekday" && event(&n.words))
}

/// The subject holds most of an event's title: "Re: Forum de l'eau".
fn titled(subject: &str, config: &crate::config::Config) -> bool {
    let telling = |text: &str| -> Vec<String> {
        let folded = fold(text);
        crate::text::tokens(&folded).into_iter().map(|t| t.word).filter(|w| w.chars().count() > 2).collect()
    };
    let said = telling(subject);
    config.events.iter().any(|event| {
        let title = telling(&event.title);
        let shared = title.iter().filter(|w| said.contains(w)).count();
        shared >= 2 && shared * 3 >= title.len() * 2
    })
}

/// A letter of so many words says what it is about in all of them.
pub(super) const SHORT: usize = 80;

/// Whether a finding is about another day, or about something else.
pub fn elsewhere(page: &Page<'_>, piece: &Piece, finding: &Finding) -> bool {
    let about = piece.about(finding);
    about.another_matter() || governed(page, piece, finding)
}

/// Whether what stands in a clause is about something else: "un lit à donner" is no offer to us.
pub fn beside(page: &Page<'_>, piece: &Piece, clause: usize) -> bool {
    let words = piece.passage.clauses.get(clause).map_or(0..0, |c| c.words.clone());
    reached(page, piece, clause, words)
}

/// Words about something else in the clause of a finding, or in the clause that a comma sets before it ("Pour
/// l'assemblée générale, je serai là"), unless an event is named beside them.
fn governed(page: &Page<'_>, piece: &Piece, finding: &Finding) -> bool {
    reached(page, piece, finding.clause, finding.words.clone())
}

fn reached(page: &Page<'_>, piece: &Piece, at: usize, said: Range<usize>) -> bool {
    let topics = topics(page, piece, "else");
    let Some(clause) = piece.passage.clauses.get(at).filter(|_| !topics.is_empty()) else { return false };
    let before = at.checked_sub(1).and_then(|i| piece.passage.clauses.get(i));
    let before = before.filter(|b| b.sentence == clause.sentence && clause.link.is_empty());
    let start = before.map_or(clause.words.start, |b| b.words.start);
    let reach = start..clause.words.end.max(said.end);
    let mut near = topics.iter().filter(|t| reach.contains(&t.start)).peekable();
    if near.peek().is_none() {
        return false;
    }
    let end = said.end;
    let names = |words: Range<usize>| surely(&piece.passage, words, &topics, page.config) > 0;
    let directly = |t: &Range<usize>| t.start >= end && t.start - end <= 4 && !names(end..t.start);
    near.any(directly) || !names(reach.clone())
}

/// The words of a piece that a rule says are about something else, or news.
fn topics(page: &Page<'_>, piece: &Piece, about: &'static str) -> Vec<Range<usize>> {
    let mut found = says(page, piece, about).peekable();
    if found.peek().is_none() {
        return Vec::new();
    }
    let titles = page.config.events.iter().flat_map(|e| {
        let workshops = e.workshops.iter().map(|w| &w.title);
        std::iter::once(&e.title).chain(&e.words).chain([&e.place]).chain(workshops)
    });
    let ours: Vec<String> = titles
        .flat_map(|text| fold(text).split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>())
        .filter(|w| w.len() > 3)
        .collect();
    // A short name counts when it is all that an event is called by: "AG".
    let short: Vec<String> = page.config.events.iter().flat_map(|e| &e.words).map(|w| fold(w)).collect();
    let named = |word: &str| short.iter().any(|w| w == word);
    let listed = |list: &str, word: &str| page.pack.listed(list, word);
    let noted = |at: usize| piece.passage.notes.iter().any(|n| n.slot == Slot::Event && n.words.contains(&at));
    let own = |f: &&Finding| {
        // "à l'AG", announced: the name of an event, with an article.
        if f.words.clone().all(|at| noted(at) || listed("label-words", piece.passage.word(at))) {
            return true;
        }
        let telling = |at: &usize| piece.passage.word(*at).len() > 3 || named(piece.passage.word(*at));
        let mut words = f.words.clone().filter(telling).peekable();
        words.peek().is_some()
            && words.all(|at| ours.iter().any(|w| w == piece.passage.word(at)) || named(piece.passage.word(at)))
    };
    found.filter(|f| !own(f) && !excuses(page, piece, f)).map(|f| f.words.clone()).collect()
}

/// The words are all part of a reason why the sender doesn't come ("on a la kermesse"), not what the letter is about.
fn excuses(page: &Page<'_>, piece: &Piece, topic: &Finding) -> bool {
    piece.scan.found.iter().any(|f| {
        let covers = f.words.start <= topic.words.start && f.words.end >= topic.words.end;
        covers && page.rule(f).is_some_and(|r| r.field == "attendance" && r.says("day") == "same")
    })
}

/// What others wrote in the letter.
fn quoted(letter: &Letter) -> impl Iterator<Item = &str> {
    letter.blocks.iter().filter(|b| b.by == crate::letter::Writer::Quoted).map(|b| b.text.as_str())
}
