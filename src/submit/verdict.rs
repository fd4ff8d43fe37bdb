//! What a server's answer means, by the stage at which it came.
//!
//! Promises: a refusal that concerns all our mail (log-in, daily limit, relaying) pauses the queue instead of failing
//! one mail; only a refusal of this recipient or this content is final. Servers say which only in words.

use crate::config::Server;
use crate::failure::Failure;
use crate::wire::about;

use super::Outcome;

/// Where in the dialogue (RFC 5321 §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Greeting and EHLO.
    Hello,
    /// AUTH.
    Login,
    /// MAIL FROM.
    Sender,
    /// RCPT TO.
    Recipient,
    /// DATA, before the content.
    Data,
    /// After the end of the content.
    Content,
}

/// A limit on what we send, or on sending at all: whole words of Gmail, Orange, Free, OVH, Exchange, Postfix.
const LIMITS: [&str; 12] = [
    "5.4.5",
    "5.5.0",
    "daily",
    "sending limit",
    "rate limit",
    "ratelimit",
    "too many",
    "too much mail",
    "limit exceeded",
    "exceeded the",
    "relay",
    "authentication required",
];

/// A reply with a code: 4xx or 5xx.
pub(super) fn refused(stage: Stage, code: u16, answer: &str, server: &Server, to: &str) -> Outcome {
    let with = |f: Failure| about(f, server).with("answer", answer).detail(format!("{code} at {stage:?}"));
    if code == 421 {
        return Outcome::Transient(with(Failure::transient("server/closed")));
    }
    if code < 500 {
        return Outcome::Transient(with(Failure::transient("submit/later")));
    }
    let words = answer.to_lowercase();
    let limited = matches!(code, 530 | 534 | 535) || LIMITS.iter().any(|sign| words.contains(sign));
    match stage {
        Stage::Login => Outcome::Paused(with(Failure::fatal("server/login").with("user", &server.user))),
        Stage::Hello => Outcome::Paused(with(Failure::transient("submit/limit"))),
        _ if limited => Outcome::Paused(with(Failure::transient("submit/limit"))),
        Stage::Sender if code == 552 => Outcome::Permanent(with(Failure::permanent("submit/refused"))),
        Stage::Sender => Outcome::Paused(with(Failure::fatal("submit/sender").with("from", &server.user))),
        Stage::Recipient => Outcome::Permanent(with(Failure::permanent("submit/recipient").with("to", to))),
        Stage::Data | Stage::Content => Outcome::Permanent(with(Failure::permanent("submit/refused"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(stage: Stage, code: u16, answer: &str) -> &'static str {
        match refused(stage, code, answer, &Server::default(), "a@b") {
            Outcome::Sent => "sent",
            Outcome::Transient(_) => "transient",
            Outcome::Permanent(_) => "permanent",
            Outcome::Uncertain(_) => "uncertain",
            Outcome::Paused(_) => "paused",
        }
    }

    #[test]
    fn a_refusal_of_everything_pauses_and_a_refusal_of_one_fails_that_one() {
        use Stage::{Content, Data, Hello, Login, Recipient, Sender};
        for (stage, code, answer, expected) in [
            (Recipient, 550, "5.1.1 no such user", "permanent"),
            (Recipient, 552, "5.2.2 mailbox full", "permanent"),
            (Recipient, 450, "4.2.0 greylisted", "transient"),
            (Recipient, 421, "4.7.0 closing", "transient"),
            (Recipient, 554, "5.7.1 Relay access denied", "paused"),
            (Recipient, 550, "5.4.5 Daily user sending limit exceeded", "paused"),
            (Content, 550, "5.4.5 Daily user sending limit exceeded", "paused"),
            (Content, 554, "5.7.1 message looks like spam", "permanent"),
            (Content, 550, "5.7.1 Too many messages", "paused"),
            (Content, 451, "4.3.0 try later", "transient"),
            (Data, 554, "5.5.1 no valid recipients", "permanent"),
            (Sender, 530, "5.7.0 Authentication Required", "paused"),
            (Sender, 553, "5.7.1 sender not owned by user", "paused"),
            (Sender, 552, "5.3.4 message too big", "permanent"),
            (Login, 535, "5.7.8 bad credentials", "paused"),
            (Login, 454, "4.7.0 temporary failure", "transient"),
            (Hello, 554, "no service for you", "paused"),
            (Hello, 421, "busy", "transient"),
        ] {
            assert_eq!(kind(stage, code, answer), expected, "{stage:?} {code} {answer}");
        }
    }
}
