//! Entries → Roster: who comes to what with what. Computed, never stored.
