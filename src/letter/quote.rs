//! Which lines of a body are quoted: marks, elements, attribution lines, header blocks, titles, what we sent.
//!
//! Promises: **evidence, not shape**: nothing is cut at a line that a person could have typed; text between and below
//! quotes stays the sender's; a quote that is not marked reaches to the end. Losing a sender's words is worse than
//! keeping a line too many. Linear: each line is looked at once, and windows of four at a few.

use super::header_block;
use super::line::{Hint, Line};
use super::ours::Known;
use super::sight::{self, Seen, Sight};

/// Whose a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tag {
    /// The sender's text.
    #[default]
    Sender,
    /// Somebody's before.
    Quoted,
    /// The mail program's.
    Program,
    /// The sender's closing and contact lines.
    Signature,
}

/// How the quote was told from the text, the surest last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Means {
    /// No quote was found.
    #[default]
    None,
    /// By an attribution line alone: all below it.
    Attribution,
    /// By a header block or title: all below it.
    Headers,
    /// By marks or elements, line by line.
    Marks,
}

/// A body cut into what is whose.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cut {
    /// The lines.
    pub lines: Vec<Line>,
    /// What was seen of each.
    pub seen: Vec<Seen>,
    /// Whose each is.
    pub tags: Vec<Tag>,
    /// How the quote was found.
    pub means: Means,
    /// A mail of somebody else is passed on, as its title says.
    pub forward: bool,
    /// Some of the quote is in our words.
    pub ours: bool,
    /// Where an unmarked quote starts: its header's first line, its text's first line.
    pub tail: Option<(usize, usize)>,
    /// The program whose attribution line starts the tail marks what it quotes.
    pub marks: bool,
}

/// Cuts lines into what the sender wrote and what was quoted.
pub fn cut(lines: Vec<Line>, sight: &Sight<'_>, known: &Known) -> Cut {
    let lines = split_glued(lines, sight);
    let mut lead = 0;
    let look = |line: &Line| {
        // Of a marked quote only the first lines are looked at: its header.
        lead = if line.depth == 0 { 0 } else { lead + 1 };
        if line.text.is_empty() || lead > 8 { Seen::default() } else { sight.look(&line.text) }
    };
    let seen = lines.iter().map(look).collect();
    let tags = vec![Tag::Sender; lines.len()];
    let mut cut = Cut { lines, seen, tags, ..Cut::default() };
    cut.rejoin();
    cut.scan(sight);
    cut.orphans();
    super::rescue::known(&mut cut, known);
    super::rescue::below(&mut cut, known);
    cut
}

/// A header glued to the text before it gets a line of its own.
fn split_glued(lines: Vec<Line>, sight: &Sight<'_>) -> Vec<Line> {
    let mut out = Vec::with_capacity(lines.len());
    for line in lines {
        let at = if line.depth == 0 { sight.split(&line.text) } else { None };
        match at.and_then(|at| line.text.split_at_checked(at)) {
            Some((before, after)) if !before.trim().is_empty() => {
                out.push(Line { text: before.trim_end().to_owned(), ..line.clone() });
                out.push(Line { text: after.to_owned(), ..line });
            }
            _ => out.push(line),
        }
    }
    out
}

impl Cut {
    /// The line at `i`, if it has text.
    pub fn text(&self, i: usize) -> Option<&str> {
        self.lines.get(i).map(|l| l.text.as_str()).filter(|t| !t.is_empty())
    }

    /// Who wrote the mail that is quoted first, as its header block says.
    pub fn author(&self) -> Option<&str> {
        (0..self.lines.len())
            .find(|i| self.tag(*i) != Some(Tag::Sender) && self.seen(*i).is(sight::FROM))
            .and_then(|i| self.text(i))
    }

    /// What was seen of the line at `i`.
    pub fn seen(&self, i: usize) -> &Seen {
        const NOTHING: &Seen = &Seen { folded: String::new(), flags: 0 };
        self.seen.get(i).unwrap_or(NOTHING)
    }

    /// Whether the line at `i` is marked as quoted.
    pub fn marked(&self, i: usize) -> bool {
        self.lines.get(i).is_some_and(|l| l.depth > 0)
    }

    /// Whose the line at `i` is.
    pub fn tag(&self, i: usize) -> Option<Tag> {
        self.tags.get(i).copied()
    }

    /// Tags a range.
    pub fn set(&mut self, range: std::ops::Range<usize>, tag: Tag) {
        self.tags.iter_mut().skip(range.start).take(range.len()).for_each(|t| *t = tag);
    }

    fn hint(&self, i: usize) -> Option<Hint> {
        self.lines.get(i).and_then(|l| l.hint)
    }

    /// The next line with text from `i` on.
    pub fn next_text(&self, i: usize) -> Option<usize> {
        (i..self.lines.len()).find(|j| self.text(*j).is_some())
    }

    /// The text that the sender is taken to have written.
    pub fn written(&self) -> impl Iterator<Item = (usize, &str)> {
        self.tags
            .iter()
            .enumerate()
            .filter(|(_, t)| **t == Tag::Sender)
            .filter_map(|(i, _)| self.text(i).map(|t| (i, t)))
            .filter(|(_, t)| !sight::is_rule(t))
    }

    /// Wrappers (Gmail, Proton): with a quote inside, what stands above it is the attribution and what stands between
    /// and below is the sender's; without one, or with a forward's title, all of it is quoted.
    fn rejoin(&mut self) {
        let last = self.lines.iter().map(|l| l.wrap).max().unwrap_or(0);
        if last == 0 {
            return;
        }
        let mut spans: Vec<(usize, usize)> = vec![(usize::MAX, 0); last as usize + 1];
        for (i, line) in self.lines.iter().enumerate().filter(|(_, l)| l.wrap > 0) {
            if let Some(span) = spans.get_mut(line.wrap as usize) {
                *span = (span.0.min(i), span.1.max(i));
            }
        }
        for (wrap, (first, last)) in spans.into_iter().enumerate().filter(|(_, (f, l))| f <= l) {
            // A wrapper that ends above its quote still has it below, next to it.
            let own = self.lines.get(first).map_or(0, |l| l.depth);
            let quote = (first..=last + 2).find(|i| {
                self.lines.get(*i).is_some_and(|l| l.depth > own || (*i <= last && l.hint == Some(Hint::Indented)))
            });
            let lead: Vec<usize> = (first..quote.unwrap_or(last + 1)).filter(|i| self.text(*i).is_some()).collect();
            let titled = lead.iter().any(|i| self.seen(*i).is(sight::TITLE));
            self.forward |= own == 0 && lead.iter().any(|i| self.seen(*i).is(sight::FORWARD));
            let attributes = quote.is_some() && !titled && lead.len() <= 6;
            for i in first..=last {
                let Some(line) = self.lines.get_mut(i).filter(|l| l.wrap as usize == wrap) else { continue };
                if !attributes || line.hint == Some(Hint::Indented) {
                    line.depth = line.depth.saturating_add(1);
                } else if quote.is_some_and(|q| i < q) {
                    line.hint = line.hint.or(Some(Hint::Attribution));
                }
            }
        }
    }

    fn scan(&mut self, sight: &Sight<'_>) {
        let mut i = 0;
        let mut attributed = false;
        while i < self.lines.len() {
            if self.marked(i) {
                let first = i == 0 || !self.marked(i - 1);
                self.forward |= first && !attributed && self.seen(i).is(sight::FORWARD);
                self.set(i..i + 1, Tag::Quoted);
                self.means = Means::Marks;
                i += 1;
                continue;
            }
            let Some(event) = self.event(i, sight) else {
                attributed &= self.text(i).is_none();
                i += 1;
                continue;
            };
            attributed = true;
            self.forward |= event.forward;
            self.rules_above(i);
            self.set(i..event.end, Tag::Program);
            match self.next_text(event.end) {
                None => i = event.end,
                Some(next) if self.marked(next) => i = next,
                Some(next) if self.hint(next) == Some(Hint::Indented) => {
                    let end = (next..self.lines.len())
                        .find(|j| self.text(*j).is_some() && self.hint(*j) != Some(Hint::Indented) && !self.marked(*j));
                    let end = end.unwrap_or(self.lines.len());
                    self.set(next..end, Tag::Quoted);
                    self.means = Means::Marks;
                    i = end;
                }
                Some(next) => {
                    self.set(event.end..self.lines.len(), Tag::Quoted);
                    self.means = if event.attribution { Means::Attribution } else { Means::Headers };
                    self.tail = Some((i, next));
                    self.marks = (i..event.end).any(|j| self.seen(j).is(sight::MARKS));
                    return;
                }
            }
        }
    }

    /// Rules and empty lines above a header belong to it.
    fn rules_above(&mut self, i: usize) {
        let mut j = i;
        while let Some(k) = j.checked_sub(1) {
            let is_rule = self.text(k).map_or_else(|| true, sight::is_rule);
            if !is_rule || self.marked(k) {
                break;
            }
            self.set(k..j, Tag::Program);
            j = k;
        }
    }

    fn event(&self, i: usize, sight: &Sight<'_>) -> Option<Event> {
        let line = self.lines.get(i)?;
        if line.hint == Some(Hint::HeadersBelow) && header_block::trusted(self, i) {
            let end = (i..self.lines.len()).find(|j| self.hint(*j) != Some(Hint::HeadersBelow));
            let end = end.unwrap_or(self.lines.len());
            let end = self.next_text(end).and_then(|n| header_block::end(self, n, 1)).unwrap_or(end);
            return Some(Event { end, ..Event::default() });
        }
        if line.hint == Some(Hint::Attribution) {
            let end =
                (i..self.lines.len()).find(|j| self.hint(*j) != Some(Hint::Attribution) && self.text(*j).is_some());
            let end = end.unwrap_or(self.lines.len());
            let titled = (i..end).any(|j| self.seen(j).is(sight::FORWARD));
            return Some(Event { end, attribution: !titled, forward: titled });
        }
        self.text(i)?;
        if self.seen(i).is(sight::TITLE) {
            let forward = self.seen(i).is(sight::FORWARD);
            let below = self.next_text(i + 1).filter(|n| !self.marked(*n));
            let end = below
                .and_then(|n| header_block::end(self, n, 1).or_else(|| self.attribution(n, sight)))
                .unwrap_or(i + 1);
            return Some(Event { end, forward, attribution: false });
        }
        let block = header_block::end(self, i, 2)
            .or_else(|| (self.seen(i).is(sight::GLUED) || self.under_rule(i)).then_some(i + 1));
        if let Some(end) = block {
            return Some(Event { end, ..Event::default() });
        }
        self.attribution(i, sight).map(|end| Event { end, attribution: true, forward: false })
    }

    /// A sender's address and a date on one line, right under a rule.
    fn under_rule(&self, i: usize) -> bool {
        let seen = self.seen(i);
        let rule = (i.saturating_sub(2)..i)
            .any(|j| self.hint(j) == Some(Hint::Rule) || self.text(j).is_some_and(sight::is_rule));
        rule && seen.is(sight::FROM) && seen.is(sight::ADDRESS) && seen.is(sight::DATE | sight::TIME)
    }

    /// An attribution line that starts at `i`, perhaps wrapped over up to four lines; one past its end.
    fn attribution(&self, i: usize, sight: &Sight<'_>) -> Option<usize> {
        let seen = self.seen(i);
        let dated = seen.is(sight::DATE | sight::TIME) && !seen.is(sight::OWN);
        let above = seen.is(sight::ATTRIBUTION_BELOW) || (dated && seen.is(sight::ADDRESS));
        if seen.attributes() || (above && self.marks_follow(i)) {
            return Some(i + 1);
        }
        let mut joined = self.text(i)?.to_owned();
        for last in i + 1..i + 4 {
            let text = self.text(last).filter(|t| t.len() < 300 && !self.marked(last))?;
            if joined.len() > 500 {
                return None;
            }
            joined.push(' ');
            joined.push_str(text);
            let closes = text.ends_with('>') && dated && joined.len() < 200 && self.marks_follow(last);
            if closes && sight.look(&joined).is(sight::ADDRESS) {
                return Some(last + 1);
            }
            if !text.ends_with([':', '\u{ff1a}']) {
                continue;
            }
            let whole = sight.look(&joined);
            if !whole.attributes() || (seen.is(sight::OWN) && !seen.is(sight::DATE | sight::TIME)) {
                continue;
            }
            // The line above may be the sender's: known by its first word, it starts at the last one that can be it;
            // known by its end alone, where the date stands.
            let (starts, attributes) = self.attributed_below(i + 1, last, sight);
            return (!starts && (whole.starts() || dated || !attributes)).then_some(last + 1);
        }
        None
    }

    /// A marked line stands right below `i`, or over one empty line.
    fn marks_follow(&self, i: usize) -> bool {
        self.next_text(i + 1).is_some_and(|n| n <= i + 2 && self.marked(n))
    }

    /// Whether an attribution that ends at `last` starts at or below `i`: by its first word, by its end.
    fn attributed_below(&self, i: usize, last: usize, sight: &Sight<'_>) -> (bool, bool) {
        let mut found = (false, false);
        for from in i..=last {
            let text: Vec<&str> = (from..=last).filter_map(|j| self.text(j)).collect();
            let seen = sight.look(&text.join(" "));
            found = (found.0 || seen.starts(), found.1 || seen.attributes());
        }
        found
    }

    /// A program that re-wraps a quote leaves line ends without a mark: alone between marked lines, after a full one.
    fn orphans(&mut self) {
        for i in 1..self.lines.len() {
            let Some(text) = self.text(i).filter(|_| !self.marked(i) && self.marked(i - 1) && self.marked(i + 1))
            else {
                continue;
            };
            let before = self.text(i - 1).unwrap_or("");
            let bare = text.trim_matches(['<', '>', '(', ')', ' ']);
            let link = bare.starts_with("http") && !bare.contains(char::is_whitespace);
            let full = before.chars().count() >= 60 && text.chars().count() < before.chars().count();
            let ended = before.ends_with(['.', '!', '?', ':']) && text.starts_with(char::is_uppercase);
            // A sentence of its own, whose first word would have stood on the line above.
            let first = text.split_whitespace().next().map_or(0, |w| w.chars().count());
            let own = text.starts_with(char::is_uppercase) && text.ends_with(['.', '!', '?']);
            let answers = own && before.chars().count() + 1 + first <= WRAP;
            if (full && !ended && !answers) || link {
                self.set(i..i + 1, Tag::Quoted);
            }
        }
    }
}

/// Characters of a line that mail programs fill before they go on to the next.
const WRAP: usize = 76;

/// What a mail program wrote above a quote.
#[derive(Debug, Default)]
struct Event {
    /// One past its last line.
    end: usize,
    /// An attribution line; else a header block or a title.
    attribution: bool,
    /// The title of a forwarded mail.
    forward: bool,
}
