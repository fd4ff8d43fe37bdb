//! What the receiving server says of the sender: `Authentication-Results` (RFC 8601) → [`Verified`].
//!
//! Promises: only the topmost such header counts, and only with the configured authserv-id; a pass counts only for the
//! domain of the sender shown (RFC 7489 alignment). Without a configured authserv-id a pass proves nothing, because
//! whoever sends can write the header; a failure still counts, because nobody writes that of themselves.
//! Never verifies anything itself, never fails.

use super::headers::Headers;
use super::{Letter, Ourselves, Verified};

/// What the receiving server says of the sender of a message. `letter` holds at least the sender.
pub fn verdict(headers: &Headers, letter: &Letter, us: &Ourselves) -> Verified {
    let Some(top) = headers.first("authentication-results") else { return Verified::Unknown };
    let domain = letter.from.as_ref().and_then(|m| m.address.rsplit_once('@')).map_or("", |(_, domain)| domain);
    judge(top, domain, &us.authserv_id)
}

/// One `method=result` with its properties (`header.d`, `smtp.mailfrom`…), lower-cased.
#[derive(Debug, Default)]
struct Outcome {
    method: String,
    result: String,
    properties: Vec<(String, String)>,
}

fn judge(value: &str, domain: &str, authserv_id: &str) -> Verified {
    let (id, outcomes) = parse(value);
    if !authserv_id.is_empty() && !id.eq_ignore_ascii_case(authserv_id) {
        return Verified::Unknown;
    }
    let is = |method: &'static str, result: &'static str| {
        outcomes.iter().filter(move |o| o.method == method && o.result == result)
    };
    let aligned = |o: &Outcome| o.properties.iter().any(|(name, v)| speaks_of(name, v, domain));
    let passes = is("dmarc", "pass").next().is_some() || is("dkim", "pass").chain(is("spf", "pass")).any(aligned);
    if passes {
        return if authserv_id.is_empty() { Verified::Unknown } else { Verified::Pass };
    }
    // A pass for another domain, with no word of DMARC, is what small servers and forwarders produce: no verdict.
    let other_pass = is("dkim", "pass").chain(is("spf", "pass")).next().is_some();
    let fails = is("dkim", "fail").chain(is("spf", "fail")).next().is_some();
    if is("dmarc", "fail").next().is_some() || (fails && !other_pass) { Verified::Fail } else { Verified::Unknown }
}

/// Whether a property of a result is about the domain shown to the reader, or a domain above or below it.
fn speaks_of(name: &str, value: &str, domain: &str) -> bool {
    if !["header.d", "header.i", "smtp.mailfrom", "smtp.helo", "header.from"].contains(&name) || domain.is_empty() {
        return false;
    }
    let value = value.rsplit_once('@').map_or(value, |(_, d)| d);
    let under = |a: &str, b: &str| a == b || a.strip_suffix(b).is_some_and(|rest| rest.ends_with('.'));
    value.contains('.') && (under(value, domain) || under(domain, value))
}

/// The authserv-id (empty when the header has none, as Microsoft writes it) and the results.
fn parse(value: &str) -> (String, Vec<Outcome>) {
    let mut id = String::new();
    let mut outcomes = Vec::new();
    for (i, part) in split(value).iter().enumerate() {
        let mut words = part.iter();
        if i == 0 && !part.first().is_some_and(|w| w.contains('=')) {
            id = part.first().cloned().unwrap_or_default();
            continue;
        }
        let Some((method, result)) = words.next().and_then(|w| w.split_once('=')) else { continue };
        let method = method.split('/').next().unwrap_or(method).trim().to_ascii_lowercase();
        let properties = words
            .filter_map(|w| w.split_once('='))
            .map(|(n, v)| (n.to_ascii_lowercase(), v.trim_matches(['<', '>']).to_ascii_lowercase()))
            .collect();
        outcomes.push(Outcome { method, result: result.trim().to_ascii_lowercase(), properties });
    }
    (id, outcomes)
}

/// The header cut at `;` into lists of words; comments dropped, quotes removed, `a = b` brought together.
fn split(value: &str) -> Vec<Vec<String>> {
    let mut parts: Vec<Vec<String>> = vec![Vec::new()];
    let mut word = String::new();
    let mut depth = 0_u32;
    let mut quoted = false;
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' if quoted || depth > 0 => {
                if let (Some(next), 0) = (chars.next(), depth) {
                    word.push(next);
                }
            }
            '"' if depth == 0 => quoted = !quoted,
            c if quoted => word.push(c),
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            ';' => {
                finish(&mut word, &mut parts);
                parts.push(Vec::new());
            }
            c if c.is_whitespace() => finish(&mut word, &mut parts),
            c => word.push(c),
        }
    }
    finish(&mut word, &mut parts);
    parts
}

/// Ends a word; one that starts with `=`, or follows one that ends with it, belongs to the word before.
fn finish(word: &mut String, parts: &mut [Vec<String>]) {
    let Some(part) = parts.last_mut() else { return };
    if word.is_empty() {
        return;
    }
    let word = std::mem::take(word);
    match part.last_mut() {
        Some(last) if word.starts_with('=') || last.ends_with('=') => last.push_str(&word),
        _ => part.push(word),
    }
}

#[cfg(test)]
mod tests;
