//! The loop: receive, record, send what is due; back-off, the digest's hour, shutdown, sd_notify.
