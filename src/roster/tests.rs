//! The fold on small ledgers made by hand.
