//! What a thing is: food, drink, tableware or equipment, and the course of a dish, by the lexicon.
//!
//! The head of the name decides ("verres à vin" are glasses), unless it holds something ("pot d'olives"); what a dish
//! is made of may turn its course ("tarte aux poireaux", "tarte aux poires"). Knows no language.

use std::ops::Range;

use super::item::Item;
use crate::reading::{Course, Sort};
use crate::rules::lexicon::Hit;
use crate::rules::pack::Pack;
use crate::rules::passage::Passage;
use crate::rules::template::Words;

/// The lists of the lexicon that name things.
const GOODS: [(&str, Sort, Option<Course>); 11] = [
    ("food-starter", Sort::Food, Some(Course::Starter)),
    ("food-main", Sort::Food, Some(Course::Main)),
    ("food-side", Sort::Food, Some(Course::Side)),
    ("food-cheese", Sort::Food, Some(Course::Cheese)),
    ("food-bread", Sort::Food, Some(Course::Bread)),
    ("food-dessert", Sort::Food, Some(Course::Dessert)),
    ("food-snack", Sort::Food, Some(Course::Snack)),
    ("food-any", Sort::Food, None),
    ("drink", Sort::Drink, None),
    ("tableware", Sort::Tableware, None),
    ("equipment", Sort::Equipment, None),
];

/// How many words may stand before the head of a name.
const BEFORE_HEAD: usize = 4;

/// What a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Good {
    /// What sort.
    pub sort: Sort,
    /// For food.
    pub course: Option<Course>,
    /// Names a course or a sort rather than a thing ("un dessert", "des boissons").
    pub vague: bool,
    /// Found by one letter less or more.
    pub slip: bool,
}

/// A passage with the language it is read in.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub passage: &'a Passage,
    pub pack: &'a Pack,
    /// Where frames begin: no list goes past one.
    pub frames: &'a [usize],
}

fn good_of(list: &str) -> Option<Good> {
    let (_, sort, course) = GOODS.iter().find(|(name, _, _)| *name == list)?;
    Some(Good { sort: *sort, course: *course, vague: false, slip: false })
}

fn holds(list: &str) -> bool {
    list.starts_with("hold-")
}

/// A word that is part of a thing named before it: "pommes" of "tarte aux pommes", "papier" of "nappe en papier".
pub(in crate::understand) fn in_dish(passage: &Passage, pack: &Pack, at: usize) -> bool {
    let thing = |list: &str| good_of(list).is_some() || holds(list);
    let reader = Reader { passage, pack, frames: &[] };
    let link = |from: usize| ["link-of", "link-at"].iter().find_map(|l| reader.end(from, at, l));
    let links = |from: usize| {
        let linked = link(from);
        linked.is_some_and(|end| end == at || link(end).or_else(|| reader.end(end, at, "det-part")) == Some(at))
    };
    let clause = passage.clause_at(at).and_then(|c| passage.clauses.get(c)).map_or(0, |c| c.words.start);
    // "Rose aux rivières": a name, no wine.
    let name = |from: usize| from > clause && passage.capital(from);
    // "Je me mets aux pommiers", "Léa reste aux pommiers": verbs, no dish and no leftovers.
    let acts = |before: usize| pack.listed("acts", passage.word(before)) || name(before) || passage.capital(before);
    let verb = |from: usize| from.checked_sub(1).is_some_and(|before| before >= clause && acts(before));
    (at.saturating_sub(6).max(clause)..at)
        .filter(|from| !name(*from) && !verb(*from))
        .any(|from| reader.longest(from, passage.len(), thing).is_some_and(|h| h.end > at || links(h.end)))
}

impl Reader<'_> {
    /// Where the longest entry of a list that begins at a word ends.
    pub fn end(&self, at: usize, limit: usize, list: &str) -> Option<usize> {
        self.pack.lexicon.end(self.passage, at, limit, list)
    }

    /// A word, or several, of the list begin here.
    pub fn is(&self, at: usize, list: &str) -> bool {
        self.end(at, self.passage.len(), list).is_some()
    }

    /// Where the longest name of a thing that begins at a word ends.
    pub fn known(&self, at: usize, limit: usize) -> Option<usize> {
        self.longest(at, limit, |l| good_of(l).is_some()).map(|h| h.end)
    }

    /// A name of several words begins with what is a determiner elsewhere.
    pub fn whole(&self, at: usize, limit: usize) -> bool {
        let det = self.end(at, limit, "det-part");
        det.is_some_and(|det| self.known(at, limit).is_some_and(|end| end > det))
    }

    fn longest(&self, at: usize, limit: usize, among: impl Fn(&str) -> bool) -> Option<Hit<'_>> {
        self.pack.lexicon.longest(self.passage, at, limit, among)
    }

    /// What the words name; `None` for what the lexicon does not know.
    pub fn good(&self, name: Range<usize>) -> Option<Good> {
        if self.pack.value("grammar", "head-last").is_some() {
            return self.good_head_last(name);
        }
        let mut at = name.start;
        while at < name.end && at < name.start + BEFORE_HEAD {
            if let Some(good) = self.good_at(at, name.end) {
                return Some(good);
            }
            if at > name.start && (self.is(at, "link-of") || self.is(at, "link-at")) {
                break;
            }
            at += 1;
        }
        self.slip(name)
    }

    /// The head is the last thing named before a preposition ("apple pie", "bottle of apple juice").
    fn good_head_last(&self, name: Range<usize>) -> Option<Good> {
        let mut found = None;
        let mut at = name.start;
        while at < name.end {
            if self.is(at, "link-of") || self.is(at, "link-at") {
                break;
            }
            let hit = self.longest(at, name.end, |l| good_of(l).is_some() || holds(l));
            at = hit.map_or(at + 1, |h| h.end);
            if let Some(hit) = hit {
                found =
                    self.good_at(hit.end.saturating_sub(1).min(at), name.end).or_else(|| good_of(hit.list)).or(found);
                found = self.good_from(hit, name.end).or(found);
            }
        }
        found.or_else(|| self.slip(name))
    }

    fn good_at(&self, at: usize, limit: usize) -> Option<Good> {
        let hit = self.longest(at, limit, |l| good_of(l).is_some());
        let hold = self.longest(at, limit, holds);
        match (hit, hold) {
            (Some(hit), Some(hold)) if hold.end >= hit.end => self.held(hold, limit, good_of(hit.list)),
            (Some(hit), _) => self.served(hit, limit).or_else(|| self.good_from(hit, limit)),
            // "la montagne aux chamois": holds nothing, so it is itself.
            (None, Some(hold)) if self.is(at, "hold-loose") && self.end(hold.end, limit, "link-of").is_none() => None,
            (None, Some(hold)) => {
                let sort = if hold.list == "hold-drink" { Sort::Drink } else { Sort::Food };
                self.held(hold, limit, Some(Good { sort, course: None, vague: false, slip: false }))
            }
            (None, None) => None,
        }
    }

    /// "une grosse marmite de soupe": what is in what is laid on the table.
    fn served(&self, hit: Hit<'_>, limit: usize) -> Option<Good> {
        let inside = self.end(hit.end, limit, "link-of").filter(|e| *e < limit && hit.list == "tableware")?;
        self.good(inside..limit).filter(|g| matches!(g.sort, Sort::Food | Sort::Drink) && !g.slip && !g.vague)
    }

    /// The thing that the words name begins at its head.
    pub fn begins_good(&self, head: usize, item: &Item) -> bool {
        self.good_at(head, item.name.end).is_some()
    }

    /// What may be one sort or another, told alone ("un plateau", "une planche").
    pub fn loose(&self, name: Range<usize>) -> bool {
        let head = self.skip_adjectives(name.start, name.end);
        self.end(head, name.end, "either") == Some(name.end)
    }

    /// A name that may mean other things too ("le film"); not one of several words ("le tableau blanc").
    pub fn vague_name(&self, item: &Item) -> bool {
        let whole = self.known(item.name.start, item.name.end).is_some_and(|end| end > item.name.start + 1);
        self.is(item.name.start, "too-vague") && !whole
    }

    /// Something that holds things, and nothing said to be in it.
    pub fn empty(&self, name: Range<usize>) -> bool {
        let head = self.skip_adjectives(name.start, name.end);
        self.end(head, name.end, "hold-food").max(self.end(head, name.end, "hold-drink")) == Some(name.end)
    }

    /// The sort of a thing that the lexicon does not know: by words that are said of one sort only ("gonflable", "de
    /// jeu"), by what it is of ("une panière de madeleines"), by how its name ends, or by what it is for ("pour la déco").
    pub fn sort_unknown(&self, item: &Item) -> Option<Sort> {
        let name = item.name.clone();
        let head = self.skip_adjectives(name.start, name.end);
        let said = |words: Range<usize>, marks: [(&str, Sort); 4]| {
            words.clone().find_map(|at| marks.into_iter().find(|(list, _)| self.is(at, list)).map(|(_, sort)| sort))
        };
        let marks = [
            ("mark-food", Sort::Food),
            ("mark-drink", Sort::Drink),
            ("mark-tableware", Sort::Tableware),
            ("mark-equipment", Sort::Equipment),
        ];
        let uses = [
            ("use-food", Sort::Food),
            ("use-drink", Sort::Drink),
            ("use-tableware", Sort::Tableware),
            ("use-equipment", Sort::Equipment),
        ];
        let of = || {
            let inside = self.end(head + 1, name.end, "link-of").filter(|at| *at < name.end)?;
            self.good(inside..name.end).filter(|good| !good.slip).map(|good| good.sort)
        };
        said(head..name.end, marks)
            .or_else(of)
            .or_else(|| self.sort_by_ending(name.clone()))
            .or_else(|| said(item.words.end..item.words.end + 1, uses))
    }

    /// What its words tell of something that holds things.
    pub fn marked(&self, item: &Item) -> Option<Sort> {
        let head = self.skip_adjectives(item.name.start, item.name.end);
        let holds = self.is(head, "hold-food") || self.is(head, "hold-drink");
        let told = holds && (head..item.name.end).any(|at| self.is(at, "mark-equipment"));
        told.then_some(Sort::Equipment)
    }

    fn sort_by_ending(&self, name: Range<usize>) -> Option<Sort> {
        let head = self.skip_adjectives(name.start, name.end);
        let word = self.passage.word(head);
        let endings = self.pack.lists.get("equipment-endings")?;
        endings.iter().any(|e| word.len() > e.len() + 1 && word.ends_with(e.as_str())).then_some(Sort::Equipment)
    }

    fn held(&self, hold: Hit<'_>, limit: usize, itself: Option<Good>) -> Option<Good> {
        let Some(inside) = self.end(hold.end, limit, "link-of").filter(|e| *e < limit) else { return itself };
        let drunk = self.end(inside, limit, "drink").is_some();
        let inside = self.good(inside..limit);
        match hold.list {
            "hold-thing" => inside.or(itself),
            // "une bouteille de poiré", which without accents is a pear
            "hold-drink" if drunk => Some(Good { sort: Sort::Drink, course: None, vague: false, slip: false }),
            "hold-drink" => inside.or(Some(Good { sort: Sort::Drink, course: None, vague: false, slip: false })),
            _ => inside.or(Some(Good { sort: Sort::Food, course: None, vague: false, slip: false })),
        }
    }

    fn good_from(&self, hit: Hit<'_>, limit: usize) -> Option<Good> {
        let mut good = good_of(hit.list)?;
        let start = self.head_start(hit);
        good.vague = self.end(start, limit, "vague") == Some(hit.end);
        if good.sort != Sort::Food {
            return Some(good);
        }
        let taste = self.taste(hit.end..limit);
        let flexible = self.pack.lexicon.at(self.passage, start, limit).any(|h| h.list == "food-flexible");
        good.course = match (good.course, taste) {
            (Some(Course::Side), Some("food-salty")) => Some(Course::Main),
            (Some(Course::Dessert), Some("food-salty")) if flexible => Some(Course::Starter),
            (Some(Course::Bread | Course::Cheese), _) => good.course,
            (_, Some("food-sweet")) if flexible => Some(Course::Dessert),
            (course, _) => course,
        };
        Some(good)
    }

    /// Where a hit begins.
    fn head_start(&self, hit: Hit<'_>) -> usize {
        let from = hit.end.saturating_sub(6);
        (from..hit.end)
            .find(|at| self.pack.lexicon.at(self.passage, *at, hit.end).any(|h| h == hit))
            .unwrap_or_else(|| hit.end.saturating_sub(1))
    }

    /// What a dish tastes of: salty wins over sweet ("chèvre et miel").
    pub fn taste(&self, words: Range<usize>) -> Option<&'static str> {
        let mut sweet = None;
        let mut at = words.start;
        while at < words.end {
            match self.longest(at, words.end, |l| l == "food-salty" || l == "food-sweet") {
                Some(hit) if hit.list == "food-salty" => return Some("food-salty"),
                Some(hit) => {
                    sweet = Some("food-sweet");
                    at = hit.end;
                }
                None => at += 1,
            }
        }
        sweet
    }

    /// A head with one letter wrong.
    fn slip(&self, name: Range<usize>) -> Option<Good> {
        for at in name.clone().take(BEFORE_HEAD) {
            if self.is(at, "link-of") || self.is(at, "link-at") {
                return None;
            }
            let word = self.passage.word(at);
            let known = self.pack.grammar.words.id(word) != 0;
            // "du Portugal": a name is spelt as it is.
            if known || self.proper(at) {
                continue;
            }
            if let Some(list) = self.pack.lexicon.near(word, |l| good_of(l).is_some()) {
                let hit = Hit { end: at + 1, exact: false, list };
                return self.good_from(hit, name.end).map(|good| Good { slip: true, ..good });
            }
        }
        None
    }

    /// A capital where no sentence begins.
    fn proper(&self, at: usize) -> bool {
        let first = |c: &crate::rules::passage::Clause| c.words.start == at;
        self.passage.capital(at) && !self.passage.clauses.iter().any(first)
    }

    /// A guess at a dish that the lexicon does not know, by what is in it.
    pub fn guess(&self, name: Range<usize>) -> Option<Course> {
        self.taste(name).map(|taste| if taste == "food-salty" { Course::Main } else { Course::Dessert })
    }
}
