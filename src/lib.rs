//! astir-rsvp: reads the answers to an association's invitation, records them, acknowledges them, reports once a day.
//!
//! **In one sentence.** A letter arrives; we read it; we plan what to do; we write the plan down; we do it; once a day
//! we tell the organisers.
//!
//! ```text
//! bytes ──letter──▶ Letter ──understand──▶ Reading ──plan──▶ Vec<Step> ──store──▶ Entry + outbox ──submit──▶ sent
//! (mailbox)  ▲ Rules            ▲ Rules, Events, what we know of the person    one transaction        (one loop, retries)
//!                                                       entries ──roster──▶ Roster ──digest──▶ Draft ─▶ outbox
//! ```
//!
//! **Laws**, held by a test where a test can hold them:
//! 1. The order of the `mod` lines below is the law: a module names only modules declared above it.
//!    Words, then pure code, then the edges, then the shell; `store`, `mailbox` and `submit` do not know each other.
//! 2. No clock, file, socket, database, `async` or logging above the edges. `now` is an argument.
//! 3. `letter` and `understand` return values, not `Result`: an unreadable mail is a Letter with little in it.
//! 4. Nothing is sent that was not committed in one transaction with the entry that caused it.
//! 5. The mailbox belongs to people: `EXAMINE` and `BODY.PEEK`; no flag, no move, no deletion.
//! 6. No French in `src/`, little logic in `rules/`. No rule without a hit and a miss.
//! 7. Rules ship inside the binary; a folder named in the configuration adds to them or overrides them by id.
//! 8. Files under 500 lines, functions under 70, each file opening with what it promises and never does.

#![forbid(unsafe_code)]
// Module pages name the private parts that they are made of.
#![allow(rustdoc::private_intra_doc_links)]
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)
)]

// ── words: types only ──
pub mod text;
pub mod event;
pub mod reading;
pub mod failure;
pub mod config;
pub mod entry;
pub mod draft;

// ── pure: no clock, file, socket or database ──
pub mod rules;
pub mod speech;
pub mod letter;
pub mod understand;
pub mod roster;
pub mod plan;
pub mod acknowledge;
pub mod release;
pub mod digest;
pub mod correct;

// ── edges: each outside crate is named in one module ──
pub mod wire;
pub mod store;
pub mod mailbox;
pub mod submit;
pub mod sheet;

// ── shell ──
pub mod daemon;
pub mod command;
