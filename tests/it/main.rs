//! The one test crate: features, through the public interface, on real parts.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

mod acknowledgements;
mod architecture;
mod bad_input;
mod book;
mod contributions;
mod conversation;
mod correction_mails;
mod corrections;
mod daemon;
mod demo;
mod deploy;
mod desk;
mod digests;
mod english;
mod init;
mod leaning;
mod letters;
mod machines;
mod mailbox;
mod noise;
mod pages;
mod plan;
mod program;
mod quotes;
mod release;
mod roster;
mod sentences;
mod servers;
mod sheets;
mod speech;
mod store;
mod submit;
mod tones;
mod words;
