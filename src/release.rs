//! An outbox row, the time, what is known → send now, wait until, drop and why.
