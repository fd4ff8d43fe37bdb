//! The one test crate: features, through the public interface, on real parts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

mod acknowledgements;
mod architecture;
mod contributions;
mod bad_input;
mod demo;
mod book;
mod corrections;

mod daemon;
mod deploy;
mod digests;
mod init;
mod letters;
mod machines;
mod mailbox;
mod pages;
mod plan;
mod release;
mod quotes;
mod roster;
mod servers;
mod sheets;
mod speech;
mod store;
mod submit;
mod conversation;
mod tones;
mod sentences;
