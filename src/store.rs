//! SQLite: ledger, outbox, mailbox position.
