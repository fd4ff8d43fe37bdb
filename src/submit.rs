//! A Draft to the SMTP server or a Maildir: Sent, Transient or Permanent.
