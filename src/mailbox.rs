//! New letters from IMAP or a Maildir; looks, never marks.
