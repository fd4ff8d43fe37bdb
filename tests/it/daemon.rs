//! The daemon as a process, on real mailboxes: a pass, a second pass, ends at every point, servers that fail.

mod association;
mod crashes;
mod passes;
mod road;
