//! Roster + last digest → Draft of the digest.
