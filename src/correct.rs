//! An organiser's line → entries.
