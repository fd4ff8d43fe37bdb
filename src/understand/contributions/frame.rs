//! Frames and what follows them: a verb, a label, or nothing but the things themselves.

use super::item::{Det, Item};
use super::list::Want;
use super::told::says_yes;
use super::{Mood, Reading};
use crate::reading::{Course, Sort};
use crate::rules::pack::Rule;
use crate::rules::scan::{Effect, Finding};
use crate::rules::template::Words;

/// A few words before things that stand alone ("Oui, une quiche").
const SHORT: usize = 3;
/// Words that may stand between things and the verb after them ("de mon jardin").
const ASIDE: usize = 5;
/// A thing that no list knows is named in fewer words.
const LONG: usize = 5;
/// The same, for things in the middle of a clause.
const NEAR: usize = 1;

impl Reading<'_> {
    /// Things that a rule's frame announces.
    pub(super) fn frames(&mut self) {
        for (finding, rule) in self.findings("help") {
            self.chores_of(finding, rule);
        }
        for (finding, rule) in self.findings("contributions") {
            if self.is_used(finding.words.start) || self.is_used(finding.words.end.saturating_sub(1)) {
                continue;
            }
            match rule.says("side") {
                "before" => self.before(finding, rule),
                "back" => self.back(finding, rule),
                _ => self.after(finding, rule),
            }
        }
    }

    fn after(&mut self, finding: &Finding, rule: &Rule) {
        let reader = self.reader();
        let start = match rule.says("from") {
            "first" => finding.words.start + 1,
            "last" => finding.words.end.saturating_sub(1),
            _ => finding.words.end,
        };
        if !rule.says("chores").is_empty() && (self.chores_after(finding, rule, start) || self.workshop(finding, start))
        {
            return;
        }
        let colon = reader.passage.word(finding.words.end.saturating_sub(1)) == ":";
        // "Je viens avec salade et rosé": after an answer, nouns may stand bare.
        let determined = rule.says("needs") == "determiner";
        let sentence = reader.passage.clauses.get(finding.clause).map_or(0, |c| c.sentence);
        let answered = determined && self.answered(reader.passage.sentence(sentence).start, finding.words.start);
        let want = match rule.says("offer") {
            "open" | "lend" => Want { open: true, lines: reader.passage.word(start) == ":", ..Want::default() },
            "label" => Want { open: colon, bare: true, lines: colon, ..Want::default() },
            "things" => Want { things_only: true, ..Want::default() },
            _ => Want {
                lines: reader.passage.word(start) == ":",
                exact: determined || rule.says("exact") == "true",
                bare: answered,
                near: self.gathering && (!determined || answered),
                single: self.gathering && rule.says("bare") == "one",
                ..Want::default()
            },
        };
        let (mut items, mut end) = reader.list(start, want);
        if items.is_empty() && !determined && !(want.open || want.bare || want.things_only) {
            (items, end) = reader.several(start, want);
        }
        if items.is_empty() && rule.says("place") == "true" {
            let known = Want { open: false, exact: true, ..want };
            if let Some(past) = reader.past_place(reader.lead(start, want)) {
                (items, end) = reader.list(past, known);
            }
        }
        if items.is_empty()
            && let Some(unknown) = self.told_unknown(start, determined, rule.says("offer") == "label" && !colon)
        {
            (items, end) = unknown;
        }
        let bare = |i: &Item| i.det == Det::None && !(answered && reader.plain(i));
        if determined && items.first().is_none_or(bare) {
            return;
        }
        let default = if rule.says("offer") == "lend" { Sort::Equipment } else { Sort::Food };
        let hint = hint(rule);
        let by = (rule.name(), finding.note(self.page.pack));
        if refused(finding) {
            let end = (start..end).find(|at| reader.is(*at, "contrast")).unwrap_or(end);
            self.used.push(finding.words.start..end);
            self.contrast(finding, rule, start);
            return;
        }
        if items.is_empty() || reader.is(end, "given-away") {
            return;
        }
        let mood = self.mood(finding, rule, end);
        self.add_all(&items, default, hint, mood, (&by.0, &by.1), true);
        self.spend(finding.words.start..end);
    }

    /// Things that the lexicon does not know, and where they end, when the words around them say enough.
    fn told_unknown(&self, start: usize, determined: bool, label: bool) -> Option<(Vec<Item>, usize)> {
        if !determined && !label {
            return None;
        }
        let reader = self.reader();
        let (items, end) = reader.list(start, Want { open: true, exact: true, ..Want::default() });
        // "avec une doubara pour tout le monde": whatever it is, it is for the table.
        let unknown = |i: &Item| i.good.is_none() && i.name.len() < LONG;
        let shared = determined && items.iter().all(unknown) && reader.is(end, "told-share");
        // "Contre ce service, une doubara bien épaisse": what is said of it is said of dishes only.
        let dish = |i: &Item| i.good.is_some() || reader.sort_unknown(i) == Some(Sort::Food);
        (shared || (label && items.iter().all(dish))).then_some((items, end))
    }

    /// "Ma nièce veut faire de la poterie": a workshop that is called so.
    fn workshop(&mut self, finding: &Finding, start: usize) -> bool {
        let reader = self.reader();
        let start = reader.lead(start, Want::default());
        let Some(limit) = reader.passage.clause_at(start).and_then(|i| reader.passage.clauses.get(i)) else {
            return false;
        };
        let Some(item) = reader.item(start, limit.words.end) else { return false };
        let told = item.det == Det::The || (item.det == Det::Part && reader.is(start, "link-of"));
        let titles = self.page.config.events.iter().flat_map(|e| &e.workshops).map(|w| w.title.as_str());
        let head = item.name.start..item.name.start + 1;
        let named = told && titles.into_iter().any(|title| self.names(&head, title));
        if named {
            self.used.push(finding.words.start..item.words.end);
        }
        named
    }

    /// "Pas de vin mais du cidre": what stands after the contrast is offered all the same.
    fn contrast(&mut self, finding: &Finding, rule: &Rule, start: usize) {
        if finding.is(Effect::Cancelled) {
            return;
        }
        let reader = self.reader();
        let sentence = reader.passage.clauses.get(finding.clause).map_or(0, |c| c.sentence);
        let end = reader.passage.sentence(sentence).end;
        let after = (start..end).find_map(|at| reader.end(at, end, "contrast"));
        let Some(after) = after.filter(|at| !self.is_used(*at)) else { return };
        let (items, end) = reader.list(after, Want::default());
        let mood = self.mood(finding, rule, end);
        self.add_all(&items, Sort::Food, None, mood, (&rule.name(), "after a contrast"), true);
        self.used.push(after..end);
    }

    /// "Une salade et du jus seront du voyage".
    fn before(&mut self, finding: &Finding, rule: &Rule) {
        if refused(finding) && !self.turned(finding) {
            return;
        }
        let reader = self.reader();
        let Some(sentence) = reader.passage.clauses.get(finding.clause).map(|c| c.sentence) else { return };
        let starts: Vec<usize> = reader
            .passage
            .clauses
            .iter()
            .filter(|c| c.sentence == sentence && c.words.start < finding.words.start)
            .map(|c| c.words.start)
            .collect();
        let inside = reader.passage.clauses.get(finding.clause).map_or(0, |c| c.words.start)..finding.words.start;
        let near = inside.filter(|at| reader.opens(*at)).map(|at| (at, NEAR));
        for (start, aside) in starts.into_iter().map(|at| (at, ASIDE)).chain(near) {
            let (mut items, mut end) = reader.list(start, Want::default());
            // "Nappe et serviettes, c'est moi qui les apporte."
            if items.is_empty() && reader.breaks(start) {
                (items, end) = reader.several(start, Want::default());
            }
            if self.is_used(start)
                || items.first().is_none_or(|i| i.det == Det::The && reader.vague_name(i))
                || end + aside < finding.words.start
                || items.iter().any(|i| i.words.end > finding.words.start)
            {
                continue;
            }
            let mood = self.mood(finding, rule, finding.words.end);
            // "Le café est pour nous : deux thermos."
            let told = |i: &Item| matches!(i.det, Det::The | Det::Own) || i.good.is_some_and(|g| g.vague);
            let details = reader.details(finding.words.end).filter(|_| items.iter().all(told));
            let (items, end) = details.unwrap_or((items, end));
            // "Le barbecue sera-t-il fourni ?"
            if mood.asked && items.iter().all(|i| i.det == Det::The) {
                return;
            }
            let by = (rule.name(), finding.note(self.page.pack));
            self.add_all(&items, Sort::Food, None, mood, (&by.0, &by.1), true);
            self.used.push(start..end.max(finding.words.end));
            return;
        }
        if rule.says("or") == "back" {
            self.back(finding, rule);
        }
    }

    /// "Je ne peux pas mais mon gâteau viendra quand même": a contrast stands after what refuses.
    fn turned(&self, finding: &Finding) -> bool {
        let reader = self.reader();
        let from = reader.passage.clauses.get(finding.clause).map_or(0, |c| c.words.start);
        let start = finding.words.start;
        let Some(contrast) = (from..start).rev().find(|at| reader.is(*at, "contrast")) else { return false };
        let after = |rule: usize| {
            self.piece.scan.operators.iter().any(|o| o.rule == rule && (contrast..start).contains(&o.words.start))
        };
        finding
            .effects
            .iter()
            .all(|(effect, rule)| !matches!(effect, Effect::Negated | Effect::Cancelled) || !after(*rule))
    }

    /// "Trop de coings ? J'en ferai une compote": what the number is of stands behind it.
    fn made_of_it(&mut self, finding: &Finding, rule: &Rule) -> bool {
        let reader = self.reader();
        let (items, end) = reader.list(finding.words.end.saturating_sub(1), Want { exact: true, ..Want::default() });
        let made = items.first().is_some_and(|i| i.det == Det::Number && reader.plain(i));
        if made {
            let asked = self.mood(finding, rule, end).asked;
            let mood = Mood { asked, ..Mood::default() };
            self.add_all(&items, Sort::Food, None, mood, (&rule.name(), ""), true);
            self.used.push(finding.words.start..end);
        }
        made
    }

    /// "J'avais promis des meringues, Gisèle les déposera": the thing that was last named, in this sentence or the one
    /// before.
    fn back(&mut self, finding: &Finding, rule: &Rule) {
        if refused(finding) || (rule.says("counts") == "true" && self.made_of_it(finding, rule)) {
            return;
        }
        let reader = self.reader();
        let passage = &self.piece.passage;
        let sentence = passage.clauses.get(finding.clause).map_or(0, |c| c.sentence);
        let from = passage.sentence(sentence.saturating_sub(1)).start;
        let known = |i: &Item| i.det != Det::None && i.good.is_some_and(|g| !g.slip) && !reader.announced(i);
        let item_at = |at: usize| {
            let limit = passage.clause_at(at).and_then(|c| passage.clauses.get(c))?.words.end;
            reader.item(at, limit).filter(known)
        };
        // "deux bocaux de rillettes": the whole of it.
        let whole = |inner: Item| {
            let mut around = (from..inner.words.start).filter(|at| reader.opens(*at)).filter_map(item_at);
            around.find(|i| i.name.contains(&inner.name.start)).unwrap_or(inner)
        };
        let near = (from..finding.words.start).rev().find_map(item_at).map(whole);
        let ends = |i: &Item| i.words.end == finding.words.start;
        let last = if rule.says("offer") == "open" && !near.as_ref().is_some_and(ends) {
            reader.ends_at(from, finding.words.start).or(near)
        } else {
            near
        };
        let Some(last) = last.filter(|i| i.words.end <= finding.words.start) else { return };
        if self.offers.iter().any(|o| o.words.contains(&last.name.start)) {
            self.used.push(finding.words.clone());
            return;
        }
        // "40 assiettes et 40 verres, nous pouvons les prendre": all of the list.
        let listed = (from..last.words.start).find_map(|at| {
            let (items, _) = reader.list(at, Want::default());
            let whole = items.first().is_some_and(|i| i.words.start == at && known(i) && reader.opens(at));
            (whole && items.contains(&last)).then_some(items)
        });
        let mut items = listed.unwrap_or_else(|| vec![last]);
        if let [item] = items.as_mut_slice()
            && rule.says("counts") == "true"
        {
            item.quantity = finding.words.clone().find_map(|at| passage.count(at)).map(|(n, _)| n);
        }
        items.retain(|i| !self.offers.iter().any(|o| o.words.contains(&i.name.start)));
        // "J'en ferai vingt, plus un pot de miel": the list goes on.
        items.extend(reader.goes_on(finding.words.end));
        let mood = self.mood(finding, rule, finding.words.end);
        let default = if rule.says("offer") == "open" { Sort::Equipment } else { Sort::Food };
        self.add_all(&items, default, None, mood, (&rule.name(), &finding.note(self.page.pack)), true);
        self.used.push(finding.words.clone());
    }

    /// Things that stand alone: "Une tarte aux pommes, du cidre."
    pub(super) fn alone(&mut self) {
        let passage = &self.piece.passage;
        let mut starts: Vec<usize> = passage.clauses.iter().map(|c| c.words.start).collect();
        starts.extend((0..passage.len()).filter(|at| passage.word(*at) == "+").map(|at| at + 1));
        starts.sort_unstable();
        starts.dedup();
        let context = self.asked_for_food();
        for start in starts {
            if !self.is_used(start) {
                self.alone_at(start, context);
            }
        }
    }

    fn alone_at(&mut self, start: usize, context: bool) {
        let reader = self.reader();
        let passage = &self.piece.passage;
        let Some(clause) = passage.clause_at(start).and_then(|i| passage.clauses.get(i)) else { return };
        let sentence = passage.sentence(clause.sentence);
        let sign = start.checked_sub(1).map_or("", |at| passage.word(at));
        let turned = clause.words.start == start && (clause.link == "contrast" || reader.is(start, "addition"));
        let answered = matches!(sign, ":" | "," | "(" | "-") && self.answered(sentence.start, start);
        let early = start - sentence.start.min(start) <= SHORT;
        let opened = matches!(sign, ":" | "(" | "+" | ";" | "-" | "*") || answered || early;
        // "des accras (beignets)": the same in other words.
        let offered = |o: &super::Offer| o.words.end + 1 == start && o.piece == self.index;
        if sign == "(" && self.offers.iter().any(offered) {
            return;
        }
        let from = if turned { start } else { sentence.start };
        if !(opened || turned) || self.spoilt(from, start) {
            return;
        }
        let bare = context || matches!(sign, "(" | "+");
        let mut from = start;
        while let Some(next) = reader.end(from, passage.len(), "separator") {
            from = next;
        }
        let want = Want { bare: bare || answered, open: context, exact: !context, ..Want::default() };
        let (mut items, mut end) = reader.list(from, want);
        // "Gratin de courge + compotes": the list begins before the sign.
        let whole = (sign == "+" && reader.breaks(clause.words.start) && !self.is_used(clause.words.start))
            .then(|| reader.list(clause.words.start, want))
            .filter(|(all, _)| all.len() > 1 && all.iter().any(|i| i.words.start == from));
        let start = if whole.is_some() { clause.words.start } else { start };
        if let Some(whole) = whole {
            (items, end) = whole;
        }
        while let Some(next) = reader.end(end, passage.len(), "filler").or_else(|| reader.portions(end)) {
            end = next;
        }
        let closed =
            end >= passage.len() || reader.breaks(end) || !passage.word(end).starts_with(char::is_alphanumeric);
        let sure = |i: &Item| {
            matches!(i.det, Det::Number | Det::Part)
                || i.own
                || (i.det == Det::Own && i.name.len() > 1 && reader.eaten(i) && self.named(i))
        };
        // "un petit orchestre (accordéon, trompette)"
        let shared = |i: &Item| i.good.is_none_or(|g| g.sort != Sort::Equipment);
        if items.iter().any(|i| self.is_used(i.words.start)) {
            return;
        }
        if items.first().is_some_and(|i| i.det != Det::Own && reader.is(i.name.start, "reserved")) {
            return;
        }
        let bare = match bare {
            true => sign != "(" || items.iter().all(|i| sure(i) || shared(i)),
            false => answered && items.iter().all(|i| sure(i) || reader.plain(i)),
        };
        let told = bare || items.first().is_some_and(sure);
        if items.is_empty() || !closed || reader.is(end, "given-away") || !told {
            if let Some((items, end)) = self.whole_list(start) {
                self.add_all(&items, Sort::Food, None, Mood::default(), ("contributions/alone", "a whole list"), false);
                self.used.push(start..end);
            }
            return;
        }
        let asked =
            passage.clause_at(end.saturating_sub(1)).and_then(|i| passage.clauses.get(i)).is_some_and(|c| c.asked);
        self.add_all(&items, Sort::Food, None, Mood { conditional: false, asked }, ("contributions/alone", ""), false);
        self.used.push(start..end);
    }

    /// "Terrine de lapin, une miche, deux bouteilles de cidre." A sentence that is nothing but things, of which one is
    /// counted.
    fn whole_list(&self, start: usize) -> Option<(Vec<Item>, usize)> {
        let reader = self.reader();
        let (items, end) = reader.list(start, Want { bare: true, exact: true, ..Want::default() });
        let counted = items.iter().any(|i| matches!(i.det, Det::Number | Det::Part));
        let ends = end + 1 >= reader.passage.len() || reader.breaks(end) || reader.breaks(end + 1);
        let free = !items.iter().any(|i| self.is_used(i.words.start) || i.det == Det::The);
        let stands = reader.breaks(start) && items.first().is_some_and(|i| i.words.start == start);
        let good = items.len() > 1 && items.iter().all(|i| reader.plain(i));
        (stands && counted && ends && free && good).then_some((items, end))
    }

    /// Before these words, the sentence says that they come or stay for the meal.
    pub(super) fn answered(&self, from: usize, to: usize) -> bool {
        let within = |f: &Finding| f.words.start >= from && f.words.end <= to;
        self.piece.scan.found.iter().any(|f| within(f) && says_yes(self.page, f))
    }

    /// Something before, in the same sentence or as its title, says that these are no offers: a refusal, thanks, a
    /// recipe.
    fn spoilt(&self, from: usize, to: usize) -> bool {
        let reader = self.reader();
        let refusing = |o: &Finding| {
            let does = self.page.pack.rules.get(o.rule).map_or("", |r| r.says("does"));
            matches!(does, "negate" | "cancel") && o.words.start >= from && o.words.start < to
        };
        let before = from.saturating_sub(4);
        self.piece.scan.operators.iter().any(refusing) || (before..to).any(|at| reader.is(at, "no-offer"))
    }

    /// The quoted line above asks what everyone brings.
    fn asked_for_food(&self) -> bool {
        self.piece.quoted.as_ref().is_some_and(|q| q.food)
    }
}

/// Negated, or said of the past, of a wish or of others.
pub(super) fn refused(finding: &Finding) -> bool {
    finding.is(Effect::Negated) || finding.is(Effect::Cancelled)
}

/// The course that a label names ("en dessert, …").
fn hint(rule: &Rule) -> Option<Course> {
    match rule.says("course") {
        "starter" => Some(Course::Starter),
        "main" => Some(Course::Main),
        "dessert" => Some(Course::Dessert),
        "snack" => Some(Course::Snack),
        _ => None,
    }
}
