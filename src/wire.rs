//! Connections and credentials, shared by receiving and sending.
//!
//! Promises: TLS by the system's certificate authorities (and `ca_file`), host names checked, a deadline on every
//! step. Never: a password in a log, an argument or an environment variable; plaintext to anything but the loopback.
