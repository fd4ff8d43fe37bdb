//! What the sender will do for the others: "pour aider à installer", "je garderai les enfants", "3 places dans la voiture".

use std::ops::Range;

use super::frame::refused;
use super::goods::Reader;
use super::item::{Det, Item};
use super::{Mood, Reading};
use crate::reading::Sort;
use crate::rules::pack::Rule;
use crate::rules::scan::Finding;
use crate::rules::template::Words;

/// No more words stand between a thing that is handed over and what it is made of.
const HANDED: usize = 6;

/// No more words stand between two chores of one sentence.
const APART: usize = 14;

/// As many first letters tell that two words are one, otherwise inflected.
const STEM: usize = 5;

impl Reader<'_> {
    /// Where the chore that begins at a word ends: a verb with what it is done to.
    fn chore(&self, at: usize) -> Option<usize> {
        let len = self.passage.len();
        // "Ils porteront les bancs."
        if let Some(verb) = self.end(at, len, "chore-will") {
            return self.handled(verb).filter(|_| !self.dish(verb));
        }
        if let Some(end) = self.end(at, len, "chore-help") {
            let mut link = end;
            while let Some(next) = self.end(link, len, "filler") {
                link = next;
            }
            let with = self.end(link, len, "chore-link").and_then(|e| {
                let noun = || self.end(self.end(e, len, "det-the").unwrap_or(e), len, "chore-noun");
                self.chore(e).or_else(|| self.object(e, false)).or_else(noun)
            });
            // "help set up the chairs"
            return Some(with.or_else(|| self.chore(link)).unwrap_or(end));
        }
        let handled = self.end(at, len, "chore-handle").and_then(|verb| self.handled(verb));
        let done_to = self.end(at, len, "chore-verb").and_then(|verb| self.object(verb, false)).max(handled);
        // "cuisiner un couscous": a dish for the table.
        // "creuser les trous", "aller chercher les bancs": never "préparer une salade".
        let work = self.end(at, len, "chore-work").filter(|verb| !self.dish(*verb)).and_then(|verb| self.handled(verb));
        done_to.max(self.end(at, len, "chore").filter(|end| !self.dish(*end))).max(work)
    }

    /// The same, or a chore named by a noun ("pour la vaisselle").
    fn chore_or_noun(&self, at: usize) -> Option<usize> {
        let len = self.passage.len();
        let noun = || self.end(self.end(at, len, "det-the")?, len, "chore-noun");
        self.chore(at).or_else(noun)
    }

    /// Past words that say where or when, to the next chore: "…les tables dans la cour dès 14 h, et pour la vaisselle".
    fn next_chore(&self, at: usize) -> Option<usize> {
        let sentence = self.passage.clause_at(at).and_then(|i| self.passage.clauses.get(i))?.sentence;
        let limit = self.passage.sentence(sentence).end.min(at + APART);
        let after = |at: usize| {
            let mut link = self.end(at, limit, "separator")?;
            while let Some(next) = self.end(link, limit, "separator") {
                link = next;
            }
            // "et pour" may be one separator.
            let led = self.end(link - 1, limit, "chore-for").filter(|end| *end == link);
            let lead = self.end(link, limit, "chore-for").or(led);
            lead.filter(|next| self.chore_or_noun(*next).is_some())
        };
        let (from, next) = (at..limit).find_map(|at| Some((at, after(at)?)))?;
        let free = !self.frames.iter().any(|frame| (at + 1..from).contains(frame));
        free.then_some(next)
    }

    /// A chore that no other words make one: it is done to what the lexicon knows.
    fn plain_chore(&self, at: usize) -> bool {
        let verb = self.end(at, self.passage.len(), "chore-verb");
        self.chore(at).is_some() && verb.is_none_or(|verb| self.handled(verb).is_some())
    }

    /// "les chaises", "la salle": a thing that the lexicon knows, or what chores are about.
    fn handled(&self, at: usize) -> Option<usize> {
        let len = self.passage.len();
        let own = self.end(at, len, "det-part").or_else(|| self.end(at, len, "det-own"));
        let noun = own.or_else(|| self.passage.number(at).map(|(_, end)| end));
        let about = |n: usize| {
            let lists = ["chore-noun", "chore-topic"].into_iter();
            lists.filter_map(|list| self.end(n, self.passage.len(), list)).max()
        };
        // "montera un plateau": that may be anything.
        let sure = |end: &usize| noun.is_none_or(|noun| !self.loose(noun..*end));
        self.object(at, true).filter(sure).or_else(|| noun.and_then(about))
    }

    fn dish(&self, at: usize) -> bool {
        // "Nous allons cuisiner : il y aura un couscous."
        if self.passage.word(at) == ":" {
            return true;
        }
        let item = self
            .passage
            .clause_at(at)
            .and_then(|i| self.passage.clauses.get(i))
            .and_then(|c| self.item(at, c.words.end));
        item.and_then(|i| i.good).is_some_and(|g| matches!(g.sort, Sort::Food | Sort::Drink) && !g.slip)
    }

    /// "les chaises", "la salle après"; perhaps only a thing that the lexicon knows.
    fn object(&self, at: usize, known: bool) -> Option<usize> {
        let clause = self.passage.clause_at(at)?;
        let limit = self.passage.clauses.get(clause)?.words.end;
        self.item(at, limit).filter(|i| i.det != Det::None && (!known || i.good.is_some())).map(|i| i.words.end)
    }

    /// Chores one after the other, from a word on.
    fn chores(&self, start: usize) -> Vec<Range<usize>> {
        let mut out = Vec::new();
        let mut at = start;
        let mut separated = false;
        while let Some(end) = if separated { self.chore_or_noun(at) } else { self.chore(at) } {
            out.push(at..end);
            at = end;
            while let Some(next) =
                self.end(at, self.passage.len(), "separator").or_else(|| self.end(at, self.passage.len(), "filler"))
            {
                at = next;
            }
            separated = at > end && self.is(end, "separator");
            if let Some(next) = self.end(at, self.passage.len(), "chore-lead") {
                at = next;
            }
            let goes_on = if separated { self.chore_or_noun(at) } else { self.chore(at) };
            if at == end || goes_on.is_none() {
                separated = true;
                match self.next_chore(end) {
                    Some(next) => at = next,
                    None => break,
                }
            }
        }
        out
    }
}

impl Reading<'_> {
    /// What a rule of `help.toml` found.
    pub(super) fn chores_of(&mut self, finding: &Finding, rule: &Rule) {
        if refused(finding) || self.is_used(finding.words.start) {
            return;
        }
        if rule.says("needs") == "free" && self.declines_near(finding) {
            return;
        }
        let reader = self.reader();
        match rule.says("help") {
            "seats" => {
                let number = finding.words.clone().find_map(|at| reader.passage.number(at).filter(|(n, _)| *n > 0));
                let (quantity, start) = number.map_or((None, finding.words.start), |(n, end)| (Some(n), end));
                self.help(start..finding.words.end, quantity, finding, rule);
            }
            "whole" => {
                let end = finding.words.end;
                let after = finding.words.clone().filter_map(|at| reader.end(at, end, "chore-before"));
                let mut start =
                    after.max().filter(|at| *at < end && rule.says("from") == "verb").unwrap_or(finding.words.start);
                while let Some(next) = reader.end(start, end, "subject").filter(|n| *n < end) {
                    start = next;
                }
                // "J'emmène qui veut, départ 8 h": as far as the comma.
                let sign = |at: &usize| !reader.passage.word(*at).starts_with(char::is_alphanumeric);
                let end = (start + 1..end).find(sign).unwrap_or(end);
                self.help(start..end, None, finding, rule);
            }
            named @ ("noun" | "part") => {
                let list = if named == "part" { "part-played" } else { "chore-noun" };
                let noun = finding.words.clone().find(|at| reader.end(*at, finding.words.end, list).is_some());
                let chore = noun.unwrap_or(finding.words.start)..finding.words.end;
                if !self.is_the_work(&chore, finding) {
                    self.help(chore, None, finding, rule);
                }
            }
            _ => {
                let Some(start) = finding.words.clone().find(|at| reader.chore(*at).is_some()) else { return };
                // "On arrive à huit pour monter le chapiteau": who comes may say what for, and nothing more.
                let sentence = reader.passage.clauses.get(finding.clause).map_or(0, |c| c.sentence);
                let answered = || self.answered(reader.passage.sentence(sentence).start, finding.words.start);
                // "J'apporte des pinces pour accrocher les photos": what the thing is for.
                let brought = || self.brought_before(finding);
                if rule.says("needs") == "answer" && (!(reader.plain_chore(start) && answered()) || brought()) {
                    return;
                }
                for chore in reader.chores(start) {
                    if !self.is_the_work(&chore, finding) {
                        self.help(chore, None, finding, rule);
                    }
                }
            }
        }
        self.used.push(finding.words.clone());
    }

    /// "Je ne peux pas samedi, je tiens la buvette": in this sentence or one beside it, nobody comes; it is the reason.
    fn declines_near(&self, finding: &Finding) -> bool {
        let sentence = self.piece.sentence(finding);
        let events = self.piece.about(finding).events;
        let no = |r: &Rule| r.field == "attendance" && r.says("attendance") == "no";
        self.piece.scan.found.iter().any(|f| {
            let near = self.piece.sentence(f).abs_diff(sentence) <= 1;
            let same = self.piece.about(f).events.iter().any(|e| events.contains(e));
            near && same && f.plain() && self.page.rule(f).is_some_and(no)
        })
    }

    /// Before these words, in their clause, something is brought or lent.
    fn brought_before(&self, finding: &Finding) -> bool {
        let reader = self.reader();
        let want = super::list::Want { open: true, ..super::list::Want::default() };
        let brings = |f: &Finding| {
            let (items, end) = reader.list(f.words.end, want);
            !items.is_empty() && end <= finding.words.start
        };
        self.findings("contributions").iter().any(|(f, _)| f.clause == finding.clause && brings(f))
    }

    /// Where the meeting is work done together, whoever helps with just that, or with no word of what, only comes.
    fn is_the_work(&self, chore: &Range<usize>, finding: &Finding) -> bool {
        let reader = self.reader();
        let events = self.piece.about(finding).events;
        let folded = |text: &str| crate::text::fold(text);
        let work = |title: &str| {
            let words = self.page.pack.lists.get("work-events");
            words.is_some_and(|list| folded(title).split(' ').any(|w| list.iter().any(|l| l == w)))
        };
        let helps = reader.end(chore.start, chore.end, "chore-help").is_some();
        events.iter().filter_map(|e| self.page.config.events.get(*e)).filter(|e| work(&e.title)).any(|event| {
            let mut titles = event.workshops.iter().map(|w| &w.title).chain([&event.title]);
            let named = titles.any(|title| self.names(chore, title));
            let bare = reader.end(chore.start, chore.end, "chore-help") == Some(chore.end);
            (helps && bare) || named
        })
    }

    /// A word of the title stands among these, as it is or otherwise inflected.
    pub(super) fn names(&self, words: &Range<usize>, title: &str) -> bool {
        let stem = |word: &str| word.chars().take(STEM).collect::<String>();
        let title = crate::text::fold(title);
        words.clone().any(|at| {
            let word = self.piece.passage.word(at);
            word.chars().count() >= STEM && title.split(' ').any(|t| stem(t) == stem(word))
        })
    }

    /// "Je m'occupe de la vaisselle": a chore where a thing might stand.
    pub(super) fn chores_after(&mut self, finding: &Finding, rule: &Rule, start: usize) -> bool {
        let reader = self.reader();
        let len = reader.passage.len();
        let mut at = start;
        while let Some(next) = reader.end(at, len, "filler") {
            at = next;
        }
        let from = reader.end(at, len, "link-of").unwrap_or(at);
        // "Je vous fais porter un gâteau": what others do.
        let doing = if rule.says("chores") == "nouns" { Vec::new() } else { reader.chores(from) };
        if doing.is_empty() {
            return self.nouns_after(finding, rule, at);
        }
        if !refused(finding) {
            for chore in doing {
                self.help(chore, None, finding, rule);
            }
        }
        true
    }

    /// "…de la vaisselle et de l'accueil": chores named by a noun.
    fn nouns_after(&mut self, finding: &Finding, rule: &Rule, start: usize) -> bool {
        let reader = self.reader();
        let len = reader.passage.len();
        let mut at = start;
        let mut end = None;
        loop {
            let det = reader.end(at, len, "det-part").unwrap_or(at);
            let noun = reader.end(det, len, "chore-noun");
            let topic = || reader.end(det, len, "chore-topic").filter(|_| rule.says("chores") == "topics");
            let Some(after) = noun.or_else(topic).filter(|_| self.handed_things(rule, det).is_none()) else { break };
            // A topic alone tells too little: "occupe des enfants".
            let from = if noun.is_some() || end.is_some() { det } else { finding.words.end.saturating_sub(1) };
            // "…de l'accueil : café et brioches": the things say what it is.
            if let Some((items, past)) = reader.told_of(after) {
                if !refused(finding) {
                    let mood = self.mood(finding, rule, past);
                    self.add_all(&items, Sort::Food, None, mood, (&rule.name(), ""), true);
                }
                self.used.push(finding.words.start..past);
                return true;
            }
            if !refused(finding) {
                self.help(from..after, None, finding, rule);
            }
            end = Some(after);
            let Some(next) = reader.end(after, len, "separator") else { break };
            at = next;
        }
        let Some(end) = end else { return false };
        self.used.push(finding.words.start..end);
        if at >= end && !refused(finding) {
            let (items, _) = reader.list(at, super::list::Want::default());
            let mood = self.mood(finding, rule, end);
            self.add_all(&items, Sort::Equipment, None, mood, (&rule.name(), ""), true);
        }
        true
    }

    /// "Il dépose la vaisselle du club, 60 assiettes": things of that name, handed over and told one by one.
    fn handed_things(&self, rule: &Rule, at: usize) -> Option<usize> {
        let reader = self.reader();
        let known = reader.known(at, reader.passage.len()).filter(|_| rule.says("chores") == "true")?;
        let comma = (known..known + HANDED).find(|at| reader.passage.word(*at) == ",")?;
        let (items, end) = reader.list(comma + 1, super::list::Want::default());
        let told = |i: &Item| {
            matches!(i.det, Det::Number | Det::Part) && i.good.is_some_and(|g| g.sort != Sort::Food && !g.slip)
        };
        (!items.is_empty() && items.iter().all(told)).then_some(end)
    }

    fn help(&mut self, name: Range<usize>, quantity: Option<u32>, finding: &Finding, rule: &Rule) {
        let passage = &self.piece.passage;
        let mut name = name;
        while name.end > name.start + 1 && !passage.word(name.end - 1).starts_with(char::is_alphanumeric) {
            name.end -= 1;
        }
        let mood: Mood = self.mood(finding, rule, name.end);
        let item = Item { words: name.clone(), name, quantity, det: Det::None, good: None, own: false };
        let by = (rule.name(), finding.note(self.page.pack));
        self.add(&item, Sort::Help, None, mood, (&by.0, &by.1), true);
    }
}
