//! The things that follow a verb or a label: "une quiche, deux bouteilles de jus et mes couverts".
//!
//! Promises: linear; ends where the list ends, never takes what people come with for a thing.

use super::goods::Reader;
use super::item::{Det, Item};
use crate::reading::Sort;
use crate::rules::passage::Note;
use crate::rules::template::{Slot, Words};

/// No aside between two things is longer.
const ASIDE: usize = 7;
/// No place or day between a verb and its thing is longer.
const PLACE: usize = 8;

/// What a list may hold.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Want {
    /// Things that the lexicon does not know, when the words leave no doubt.
    pub open: bool,
    /// Known things without a determiner.
    pub bare: bool,
    /// It may go on over lines.
    pub lines: bool,
    /// Nothing to eat or drink.
    pub things_only: bool,
    /// Nothing spelt with a slip: the words before promise nothing.
    pub exact: bool,
    /// Things that the lexicon does not know, beside one that it does.
    pub near: bool,
    /// One thing alone may stand bare.
    pub single: bool,
}

impl Reader<'_> {
    /// The things of a list that begins at a word, and where it ends.
    pub fn list(&self, start: usize, want: Want) -> (Vec<Item>, usize) {
        let mut items: Vec<Item> = Vec::new();
        let mut at = self.lead(start, want);
        let mut end = start;
        loop {
            if at > start && self.frames.contains(&at) {
                break;
            }
            let Some(limit) = self.clause_end(at) else { break };
            let item = self.item(at, limit);
            if let Some(person) = item.as_ref().filter(|i| self.person(i)) {
                // "avec ma femme, mes deux enfants et une fougasse"
                let after = person.words.end;
                let next = self.separator(after, want).or_else(|| self.separator(self.lead(after, want), want));
                let Some(next) = next.filter(|n| self.known_from(*n)) else { break };
                at = next;
                continue;
            }
            let near = |i: &Item| want.near && self.beside_known(i, items.last(), want);
            let fits = |i: &Item| self.fits(i, want, items.is_empty()) || near(i);
            // "ma bonne humeur et un clafoutis"
            if let Some(idle) = item.as_ref().filter(|i| i.det != Det::None && i.good.is_none() && !fits(i)) {
                let joined = self.is(idle.words.end, "and");
                let next = self.separator(idle.words.end, want).filter(|n| joined && self.known_from(*n));
                let Some(next) = next else { break };
                at = next;
                continue;
            }
            let Some(mut item) = item.filter(fits) else { break };
            // "vingt assiettes et autant de verres"
            if self.is(item.words.start, "as-many") {
                item.quantity = items.last().and_then(|last| last.quantity);
            }
            end = item.words.end;
            let (after, count) = self.parenthesis(end);
            item.quantity = item.quantity.or(count);
            at = after;
            if let Some(last) = items.last_mut().filter(|last| self.measures(&item, last)) {
                last.quantity = last.quantity.or(item.quantity);
                match self.separator(at, want) {
                    Some(next) => at = next,
                    None => break,
                }
                continue;
            }
            // "du pain, quatre grosses miches": the second says what the first is.
            if items.last().is_some_and(|last| self.spells_out(&item, last)) {
                items.pop();
            }
            match self.told_after(&item, end) {
                Some((details, after)) => {
                    items.extend(details);
                    end = after;
                    at = after;
                }
                None => items.push(item),
            }
            end = end.max(at);
            match self.separator(at, want).or_else(|| self.beside(at)).or_else(|| self.aside(at, want)) {
                Some(next) => at = next,
                None => break,
            }
        }
        (items, end)
    }

    /// "Je prends pain et fromage", "je porte samoussas": what has a name of its own may stand bare.
    pub fn several(&self, start: usize, want: Want) -> (Vec<Item>, usize) {
        let (items, end) = self.list(start, Want { bare: true, exact: true, near: false, ..want });
        let sure = |i: &Item| i.good.is_some_and(|g| !g.slip && !g.vague) && !self.is(i.name.start, "too-vague");
        let one = |i: &Item| want.single && i.words.start == start && self.plain(i);
        let enough = items.len() > 1 || items.first().is_some_and(one);
        if enough && items.iter().all(sure) { (items, end) } else { (Vec::new(), start) }
    }

    pub fn clause_end(&self, at: usize) -> Option<usize> {
        let index = self.passage.clause_at(at)?;
        self.passage.clauses.get(index).map(|c| c.words.end)
    }

    /// A new line or sentence begins at a word.
    pub fn breaks(&self, at: usize) -> bool {
        let Some(index) = self.passage.clause_at(at) else { return false };
        let Some(clause) = self.passage.clauses.get(index).filter(|c| c.words.start == at) else { return false };
        let before = index.checked_sub(1).and_then(|i| self.passage.clauses.get(i));
        before.is_none_or(|b| b.sentence != clause.sentence)
    }

    /// Past what stands between the verb and the first thing.
    pub fn lead(&self, start: usize, want: Want) -> usize {
        let mut at = start;
        while at < self.passage.len() {
            if at > start && self.breaks(at) && !want.lines {
                break;
            }
            let noted = self.passage.notes.iter().filter(|n| {
                n.words.start == at
                    && (n.slot == Slot::Event || n.slot == Slot::Date || (n.slot == Slot::Hour && n.rule == "hour"))
            });
            let noted = noted.map(|n| self.day_end(n)).max();
            let sign = (matches!(self.passage.word(at), "," | ":" | "(" | "=" | "\"") || self.is(at, "bullet"))
                .then_some(at + 1);
            // "pour le 3", "au repas": a preposition before what is passed over.
            let Some(next) = noted.or(sign).or_else(|| self.end(at, self.passage.len(), "filler")) else { break };
            at = next;
        }
        at
    }

    /// Past what separates two things; `None` when the list ends here.
    fn separator(&self, start: usize, want: Want) -> Option<usize> {
        let mut at = start;
        while at < self.passage.len() {
            if self.breaks(at) && !want.lines && !self.is(at, "bullet") {
                let joined = at > start && at.checked_sub(1).is_some_and(|b| self.is(b, "separator"));
                if !joined {
                    return None;
                }
            }
            let Some(next) = self.end(at, self.passage.len(), "separator") else { break };
            at = next;
        }
        if at == start && !(want.lines && self.breaks(at)) {
            return None;
        }
        at = self.lead(at, Want { lines: false, ..want });
        Some(self.giver(at).unwrap_or(at))
    }

    /// The thing, known or not, that ends right before `end`: "six ruches que nous fournissons".
    pub fn ends_at(&self, from: usize, end: usize) -> Option<Item> {
        let counted = |i: &Item| matches!(i.det, Det::Number | Det::Part | Det::Own) && i.words.end == end;
        let clear =
            |i: &Item| !self.person(i) && !self.is(i.name.start, "not-thing") && !self.counts_only(i.name.start);
        let bound = |at: usize| at > 0 && ["link-of", "link-at"].iter().any(|list| self.is(at - 1, list));
        let starts = (from.max(end.saturating_sub(PLACE))..end).filter(|at| !bound(*at));
        let mut items = starts.filter_map(|at| self.item(at, end));
        items.find(|i| counted(i) && clear(i))
    }

    /// Things added after the end of a frame.
    pub fn goes_on(&self, end: usize) -> Vec<Item> {
        let next = self.separator(end, Want::default()).filter(|at| self.known_from(*at));
        next.map(|at| self.list(at, Want { exact: true, ..Want::default() }).0).unwrap_or_default()
    }

    /// A thing that the lexicon does not know, told as clearly as the known one before or after it.
    fn beside_known(&self, item: &Item, last: Option<&Item>, want: Want) -> bool {
        let head = self.skip_adjectives(item.name.start, item.name.end);
        let known = |i: &Item| i.good.is_some_and(|g| !g.slip && !g.vague) && i.det != Det::None;
        let next = || {
            let at = self.separator(item.words.end, want)?;
            self.item(at, self.clause_end(at)?).filter(known)
        };
        item.good.is_none_or(|g| g.slip)
            && matches!(item.det, Det::Number | Det::Part)
            && !self.person(item)
            && !self.is(head, "not-thing")
            && !self.is(item.name.start, "not-thing")
            && (last.is_some_and(known) || next().is_some())
    }

    /// "Thérèse apporte un cake, Marc deux bouteilles": who brings the next thing.
    fn giver(&self, at: usize) -> Option<usize> {
        let len = self.passage.len();
        let named = |at: usize| {
            self.passage.notes.iter().find(|n| n.slot == Slot::Name && n.words.start == at).map(|n| n.words.end)
        };
        let person = || {
            let kin = self.end(at, len, "det-own").and_then(|e| self.end(e, len, "people-word"))?;
            Some(named(kin).unwrap_or(kin))
        };
        let titled = || {
            let title = self.end(at, len, "title")?;
            named(title).or_else(|| self.passage.capital(title).then_some(title + 1))
        };
        // "Marie-Jo le café": a capital, and no word of the sentence before the thing.
        let capital = || {
            let end = (at..at + 3).take_while(|at| self.passage.capital(*at) && !self.breaks(*at)).last()? + 1;
            self.is(end, "det-the").then_some(end)
        };
        // "d'Agathe des meringues"
        let from = || named(self.end(at, len, "link-of")?);
        let giver = || self.end(at, len, "giver");
        let gives = |end: usize| {
            let end = if self.passage.word(end) == ":" { end + 1 } else { end };
            let item = self.item(end, self.clause_end(end)?)?;
            (item.good.is_some() && item.det != Det::None).then_some(end)
        };
        [named(at), person(), from(), titled(), giver(), capital()].into_iter().flatten().find_map(gives)
    }

    /// Past words that say more of the last thing ("pour six personnes", "de mon jardin"), when the list goes on.
    fn aside(&self, start: usize, want: Want) -> Option<usize> {
        if self.breaks(start) {
            return None;
        }
        let limit = self.clause_end(start)?.min(start + ASIDE);
        let at = (start..limit.max(start) + 1).find(|at| self.end(*at, self.passage.len(), "separator").is_some())?;
        // "avec le camion, donc j'apporte six tables": another verb has its own things.
        if self.frames.iter().any(|frame| (start..at).contains(frame)) {
            return None;
        }
        let next = self.separator(at, want)?;
        let item = self.item(next, self.clause_end(next)?)?;
        (item.good.is_some_and(|g| !g.slip) && self.fits(&item, want, false)).then_some(next)
    }

    /// Past where or when a thing is left ("au four la veille", "vendredi chez Colette"), when one follows.
    pub fn past_place(&self, start: usize) -> Option<usize> {
        // "à votre local, le vendredi, un flan"
        let comma = |at: &usize| self.passage.word(*at) == ",";
        let sentence = self.passage.clauses.get(self.passage.clause_at(start)?)?.sentence;
        let aside = (start..start + PLACE).find(comma).filter(|at| (at + 2..at + 5).any(|at| comma(&at)));
        let end = if aside.is_some() { self.passage.sentence(sentence).end } else { self.clause_end(start)? };
        let limit = end.min(start + PLACE + if aside.is_some() { ASIDE } else { 0 });
        let noted = self.passage.notes.iter().any(|n| n.words.start == start && n.slot != Slot::Event);
        if !noted && !self.is(start, "place-link") {
            return None;
        }
        for at in start + 1..limit {
            if self.is(at, "place-end") {
                return None;
            }
            let Some(clause) = self.clause_end(at) else { continue };
            let item = self.item(at, clause);
            let sure =
                |i: &Item| matches!(i.det, Det::Number | Det::Own) || (i.det == Det::Part && !self.is(at, "link-bare"));
            if item.is_some_and(|i| sure(&i) && i.good.is_some_and(|g| !g.slip)) && !self.is(at - 1, "place-link") {
                return Some(at);
            }
        }
        None
    }

    /// A thing with its determiner may begin here: no preposition stands before.
    pub fn opens(&self, at: usize) -> bool {
        let free = |before: usize| {
            ["link-of", "link-at", "place-link", "link-with", "place-end"].iter().all(|l| !self.is(before, l))
        };
        let item = self.clause_end(at).and_then(|limit| self.item(at, limit));
        let sure = |i: &Item| matches!(i.det, Det::Number | Det::Own) && i.good.is_some_and(|g| !g.slip);
        at.checked_sub(1).is_some_and(free) && item.is_some_and(|i| sure(&i))
    }

    /// "mes couverts mon verre", "2 tables 4 bancs": the next thing with nothing between.
    fn beside(&self, at: usize) -> Option<usize> {
        let item = self.item(at, self.clause_end(at)?)?;
        let counted = item.det == Det::Number && (item.quantity.is_some_and(|n| n > 1) || self.plain(&item));
        let told = item.det == Det::Own || counted;
        (told && item.good.is_some_and(|g| !g.slip) && !self.breaks(at)).then_some(at)
    }

    /// Past a parenthesis, and the number it gives: "des madeleines (au moins 40)".
    fn parenthesis(&self, at: usize) -> (usize, Option<u32>) {
        let open = self.passage.word(at);
        if open == "(" {
            let close = (at + 1..at + 14).find(|i| self.passage.word(*i) == ")");
            let Some(close) = close else { return (at, None) };
            let known = (at + 1..close).any(|i| self.passage.word(i) != "," && self.good(i..close).is_some());
            let count =
                (at + 1..close).find_map(|i| self.passage.count(i)).map(|(n, _)| n).filter(|n| *n > 1 && !known);
            return (close + 1, count);
        }
        if self.is(at, "times")
            && let Some((count, end)) = self.passage.count(at + 1)
        {
            return (end, Some(count));
        }
        (at, None)
    }

    /// Past words that say for how many: "pour quinze personnes".
    pub fn portions(&self, at: usize) -> Option<usize> {
        let number = self.passage.number(self.end(at, self.passage.len(), "for-whom")?)?.1;
        Some(
            self.end(number, self.passage.len(), "people-word")
                .or_else(|| self.end(number, self.passage.len(), "measure"))
                .unwrap_or(number),
        )
    }

    /// A dish or a drink by name, well spelt.
    pub fn eaten(&self, item: &Item) -> bool {
        item.good.is_some_and(|g| matches!(g.sort, Sort::Food | Sort::Drink) && !g.vague && !g.slip)
    }

    /// The same, by a name that means nothing else.
    pub fn plain(&self, item: &Item) -> bool {
        self.eaten(item) && !self.is(item.name.start, "too-vague")
    }

    /// Said of the things before, after a comma or "with": how they come.
    fn carried(&self, item: &Item) -> bool {
        let before = item.words.start.checked_sub(1);
        before.is_some_and(|at| self.passage.word(at) == "," || self.is(at, "link-with"))
    }

    /// People come by themselves.
    fn person(&self, item: &Item) -> bool {
        let head = self.skip_adjectives(item.name.start, item.name.end);
        self.is(head, "people-word") || self.is(item.name.start, "people-word")
    }

    /// A thing that the lexicon knows, with its determiner, or a person, begins here.
    fn known_from(&self, at: usize) -> bool {
        let item = self.clause_end(at).and_then(|limit| self.item(at, limit));
        item.is_some_and(|i| (i.good.is_some() && i.det != Det::None) || self.person(&i))
    }

    /// A capital in the middle of a sentence, and a first name.
    fn first_name(&self, at: usize) -> bool {
        self.passage.capital(at) && !self.breaks(at) && self.pack.listed("first-names", self.passage.word(at))
    }

    /// Something that holds what is no thing for the day.
    fn holds_no_thing(&self, head: usize) -> bool {
        let holds = ["hold-food", "hold-thing"].iter().filter_map(|l| self.end(head, self.passage.len(), l)).max();
        let inside = holds.and_then(|end| self.end(end, self.passage.len(), "link-of"));
        inside.is_some_and(|at| self.is(at, "not-thing"))
    }

    /// "Lui fera le 1", "les deux premières séances": a number, a place in a row, an announced event.
    fn counts_only(&self, at: usize) -> bool {
        let word = self.passage.word(at);
        let event = |n: &Note| n.slot == Slot::Event && n.words.contains(&at);
        self.passage.number(at).is_some_and(|(_, end)| end == at + 1)
            || self.pack.value("ordinals", word).is_some()
            || self.passage.notes.iter().any(event)
    }

    /// A sign or the end follows what stands on one line and is not counted.
    fn closes(&self, item: &Item) -> bool {
        let line = item.quantity.is_none() && !self.passage.words_of(item.words.clone()).contains('\n');
        line && !self.passage.word(item.words.end).starts_with(char::is_alphanumeric)
    }

    /// "et" stands before it: one more of the things before, and the last.
    fn joins_thing(&self, item: &Item) -> bool {
        item.words.start.checked_sub(1).is_some_and(|at| self.is(at, "and"))
    }

    /// "La soupe", where the meeting is called so: no dish of the sender's.
    pub fn announced(&self, item: &Item) -> bool {
        item.det == Det::The && self.called_so(item)
    }

    /// The meeting is called so.
    pub fn called_so(&self, item: &Item) -> bool {
        let event = |n: &Note| n.slot == Slot::Event && item.name.start == n.words.end - 1 && n.words.len() <= 2;
        item.name.len() == 1 && self.passage.notes.iter().any(event)
    }

    /// Whether this is a thing that the list may hold.
    fn fits(&self, item: &Item, want: Want, first: bool) -> bool {
        let head = self.skip_adjectives(item.name.start, item.name.end);
        let named = self.passage.notes.iter().any(|n| n.slot == Slot::Name && n.words.start == item.name.start);
        match item.good {
            // "zéro dessert"
            _ if item.quantity == Some(0) => false,
            // "ses boules Quies": the whole is known not to be a thing for the table.
            Some(_)
                if self.end(head, item.name.end, "not-thing").is_some_and(|e| e > head + 1 && e == item.name.end) =>
            {
                false
            }
            Some(_) if !want.open && self.announced(item) => false,
            // "Samira, Rose-Anne et moi"
            Some(_) if item.det == Det::None && self.first_name(item.name.start) => false,
            // "trois cartons de vêtements"
            Some(_) if self.holds_no_thing(head) => false,
            // "ma 4L"
            Some(_) if item.det == Det::Own && self.end(head, item.name.end, "measure") == Some(item.name.end) => false,
            Some(_) if named && item.det == Det::None && item.name.len() > 1 => false,
            // "l'atelier vannerie et pain": what is known stands behind what is no thing.
            Some(_)
                if !item.own
                    && self.is(head, "not-thing")
                    && !self.is(head + 1, "link-of")
                    && !self.begins_good(head, item) =>
            {
                false
            }
            // "deux bancs, le fourgon vient jeudi"
            Some(good) if !first && item.det == Det::The && good.sort == Sort::Equipment && self.carried(item) => false,
            // "une salade, mon four est mort"
            Some(good)
                if good.sort == Sort::Equipment
                    && item.det == Det::Own
                    && self.is(item.words.end, "thing-does")
                    && !self.is(item.words.end, "at-hand") =>
            {
                false
            }
            // "un plat" may be anybody's; "un plat de lasagnes" is the sender's, and so is what they come with.
            Some(good)
                if want.exact
                    && (good.slip
                        || (first
                            && self.is(head, "too-vague")
                            && head + 1 >= item.name.end
                            && !(want.near && good.vague && good.sort == Sort::Food))) =>
            {
                false
            }
            Some(good) => {
                let wanted = !want.things_only || matches!(good.sort, Sort::Tableware | Sort::Equipment);
                wanted && (item.det != Det::None || want.bare || want.open || !first)
            }
            None => {
                let clear = match item.det {
                    Det::Number | Det::Part => true,
                    // "le café moulu et les filtres": nothing more is said of them.
                    Det::The => (first || self.closes(item)) && !named,
                    // "le bois et ma vieille plancha": nothing more is said of it.
                    Det::Own => (first || (want.open && self.closes(item) && self.joins_thing(item))) && !named,
                    Det::None => false,
                };
                let none = |at: usize| self.is(at, "not-thing") || self.counts_only(at);
                want.open && clear && !none(head) && !none(item.name.start)
            }
        }
    }
}
