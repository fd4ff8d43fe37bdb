//! Arguments in, exit code out.

#![deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

fn main() -> std::process::ExitCode {
    astir_rsvp::command::main()
}
