//! Tokens and clauses of a folded text.
//!
//! A token is a word ("presente"), an elided word with its apostrophe ("j'"), a number ("10h30" is three: 10, h, 30),
//! or one sign. Hyphens separate words and disappear ("peut-être", "peut etre" are the same two words).
//! A clause is a run of tokens between sentence ends, line ends that end a sentence, and commas or semicolons;
//! what joins it to the one before is kept, so that rules decide what reaches across.

use std::ops::Range;

use super::Folded;

/// One token, by its span in the folded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Span in the folded text.
    pub span: Range<usize>,
    /// The folded word or sign.
    pub word: String,
}

/// What stands before a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Start of the text or of a paragraph.
    Start,
    /// `.`, `!`, `?`, `…` ended a sentence, or a line break did.
    Sentence,
    /// A line break that starts a list item, or a line after a line ending in `:`.
    Line,
    /// `,` `;` `:` `(` `)` `=`, an arrow, or a dash between spaces.
    Comma,
}

/// A run of tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// Index of the first token.
    pub first: usize,
    /// One past the last token.
    pub last: usize,
    /// What stands before it.
    pub before: Mark,
    /// It ends with a question mark (its sentence does).
    pub asked: bool,
}

/// Cuts a folded text into tokens and clauses.
///
/// `abbreviation` tells whether a dot glued to a word ends no sentence.
pub fn clauses(text: &Folded, abbreviation: &dyn Fn(&str) -> bool) -> (Vec<Token>, Vec<Clause>) {
    let tokens = tokens(text.folded());
    let clauses = group(text.folded(), &tokens, abbreviation);
    (tokens, clauses)
}

/// Cuts a folded text into tokens.
pub fn tokens(s: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut chars = s.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let mut end = start + c.len_utf8();
        if c.is_ascii_digit() {
            while let Some(&(i, d)) = chars.peek() {
                if !d.is_ascii_digit() {
                    break;
                }
                end = i + 1;
                chars.next();
            }
        } else if c == 'j' && chars.peek().is_some_and(|(_, d)| "bcdfghklmnpqrstvwxz".contains(*d)) {
            // "jviens", "jserai": the elided pronoun of those who type as they speak.
        } else if c.is_alphabetic() {
            while let Some(&(i, d)) = chars.peek() {
                if d == '\'' {
                    end = i + 1;
                    chars.next();
                    break;
                }
                if !d.is_alphabetic() {
                    break;
                }
                end = i + d.len_utf8();
                chars.next();
            }
        } else if c == ' ' || c == '\n' {
            continue;
        } else if c == '-' {
            let spaced = s.get(..start).is_none_or(|b| b.is_empty() || b.ends_with([' ', '\n']))
                || s.get(end..).is_none_or(|a| a.starts_with([' ', '\n']));
            if !spaced {
                continue;
            }
        }
        out.push(Token { span: start..end, word: s.get(start..end).unwrap_or("").to_owned() });
    }
    out
}

fn group(s: &str, tokens: &[Token], abbreviation: &dyn Fn(&str) -> bool) -> Vec<Clause> {
    let mut out: Vec<Clause> = Vec::new();
    let mut first = 0;
    let mut before = Mark::Start;
    let mut sentence_start = 0;
    let close = |out: &mut Vec<Clause>, first: usize, last: usize, before: Mark| {
        if last > first {
            out.push(Clause { first, last, before, asked: false });
        }
    };
    for (i, token) in tokens.iter().enumerate() {
        let gap = i
            .checked_sub(1)
            .and_then(|p| tokens.get(p))
            .and_then(|p| s.get(p.span.end..token.span.start))
            .unwrap_or("");
        if gap.contains('\n') {
            let mark = line_mark(s, tokens, i, gap);
            if let Some(mark) = mark {
                close(&mut out, first, i, before);
                first = i;
                before = if first == i && matches!(before, Mark::Sentence | Mark::Start) && out.is_empty() {
                    before
                } else {
                    mark
                };
                if mark != Mark::Line {
                    sentence_start = out.len();
                }
            }
        }
        let mark = match token.word.as_str() {
            "." if !inside_number(s, token) && !abbreviates(s, tokens, i, abbreviation) => Some(Mark::Sentence),
            "!" | "?" => Some(Mark::Sentence),
            // "Oui 👍 je viens": a picture between words ends a sentence, and belongs to it.
            word if picture(word) => {
                let next = tokens.get(i + 1);
                if next.is_some_and(|t| t.word.starts_with(char::is_alphanumeric)) && i > first {
                    close(&mut out, first, i + 1, before);
                    first = i + 1;
                    before = Mark::Sentence;
                    sentence_start = out.len();
                }
                None
            }
            "," | ";" | ":" | "(" | ")" | "-" | "/" | "=" | "→" | "⇒" | "–" | "—" if !inside_number(s, token) => {
                Some(Mark::Comma)
            }
            _ => None,
        };
        if let Some(mark) = mark {
            close(&mut out, first, i, before);
            if token.word == "?" {
                out.iter_mut().skip(sentence_start).for_each(|c| c.asked = true);
            }
            first = i + 1;
            before = if first > 0 && before_is_stronger(before, mark, &out, i) { before } else { mark };
            if mark == Mark::Sentence {
                sentence_start = out.len();
            }
        }
    }
    close(&mut out, first, tokens.len(), before);
    out
}

/// An emoji.
fn picture(word: &str) -> bool {
    word.starts_with(|c: char| matches!(c, '\u{1f300}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}'))
}

/// "...": several signs in a row: the strongest counts.
fn before_is_stronger(before: Mark, mark: Mark, out: &[Clause], at: usize) -> bool {
    let empty_since = out.last().is_none_or(|c| c.last < at);
    empty_since && before == Mark::Sentence && mark == Mark::Comma
}

/// "M. Gemenne", "R. et S. Fombonne", "Mme. Roux": a dot glued to one letter, or to a title, ends no sentence. A letter
/// behind a number is a unit, and may end one: "à 19 h. Y a-t-il un bus ?".
fn abbreviates(s: &str, tokens: &[Token], i: usize, abbreviation: &dyn Fn(&str) -> bool) -> bool {
    let Some(before) = i.checked_sub(1).and_then(|p| tokens.get(p)) else { return false };
    let glued = tokens.get(i).is_some_and(|t| t.span.start == before.span.end);
    let letter = before.word.chars().count() == 1 && before.word.starts_with(char::is_alphabetic);
    let alone = s.get(..before.span.start).is_none_or(|b| b.is_empty() || b.ends_with([' ', '\n', '(', '.', '-']));
    let unit =
        i.checked_sub(2).and_then(|p| tokens.get(p)).is_some_and(|t| t.word.starts_with(|c: char| c.is_ascii_digit()));
    glued && (letter && alone && !unit || abbreviation(&before.word))
}

fn inside_number(s: &str, token: &Token) -> bool {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    digit(s.get(..token.span.start).and_then(|b| b.chars().next_back()))
        && digit(s.get(token.span.end..).and_then(|a| a.chars().next()))
}

/// Mail programs wrap lines: a line end ends a sentence only if a paragraph ends there, the line is short, or the
/// next one starts like a new sentence or a list item.
fn line_mark(s: &str, tokens: &[Token], i: usize, gap: &str) -> Option<Mark> {
    let token = tokens.get(i)?;
    if gap.matches('\n').count() > 1 {
        return Some(Mark::Sentence);
    }
    if matches!(token.word.as_str(), "-" | "*" | "+" | "•" | "·" | ">") {
        return Some(Mark::Line);
    }
    let end = s.get(..token.span.start).and_then(|b| b.rfind('\n')).unwrap_or(0);
    let line = s.get(..end).and_then(|b| b.rsplit('\n').next()).unwrap_or("");
    if line.trim_end().ends_with([',', ':', '.', '!', '?']) {
        return Some(Mark::Line);
    }
    // A wrapped line is nearly full; a shorter one was ended by the writer.
    (line.chars().count() < 56).then_some(Mark::Line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<String> {
        let folded = Folded::new(text);
        let (tokens, clauses) = clauses(&folded, &|word| word == "mme");
        clauses
            .iter()
            .map(|c| tokens[c.first..c.last].iter().map(|t| t.word.as_str()).collect::<Vec<_>>().join(" "))
            .collect()
    }

    #[test]
    fn clauses_end_at_sentences_and_commas() {
        assert_eq!(cut("Bonjour, je viens. J'apporte du pain !"), ["bonjour", "je viens", "j' apporte du pain"]);
    }

    #[test]
    fn a_hyphen_joins_nothing_and_hides_nothing() {
        assert_eq!(cut("peut-être là-bas - ou ici"), ["peut etre la bas", "ou ici"]);
    }

    #[test]
    fn a_unit_may_end_a_sentence_and_an_initial_does_not() {
        assert_eq!(cut("À 19 h. Merci M. Roux."), ["a 19 h", "merci m . roux"]);
    }

    #[test]
    fn a_decimal_comma_is_no_clause_end() {
        assert_eq!(cut("1,5 litre de jus"), ["1 , 5 litre de jus"]);
    }

    #[test]
    fn a_question_mark_marks_its_sentence_only() {
        let folded = Folded::new("Je viens. Dois-je apporter du pain, une nappe ?");
        let (_, clauses) = clauses(&folded, &|word| word == "mme");
        assert_eq!(clauses.iter().map(|c| c.asked).collect::<Vec<_>>(), [false, true, true]);
    }
}
