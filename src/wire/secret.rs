//! Passwords and tokens: from a file, a command or systemd's credentials.
//!
//! Promises: a password file that others can read is refused; a secret is never shown, logged, or put on a command
//! line. It is read at each log-in, so that a corrected file is taken up without a restart.

use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use crate::config::{Auth, Server};
use crate::failure::{Failure, Result};

/// How long a command that prints a secret may take.
const COMMAND: Duration = Duration::from_secs(30);
/// No password or token is longer.
const LONGEST: u64 = 64 * 1024;

/// A password or token.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The secret itself, to be sent to the server and nowhere else.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// What `service` (`imap` or `smtp`) logs in with: a password, or a token where `auth = "xoauth2"`. A command that
/// prints it runs beside the other work.
pub async fn secret(server: &Server, service: &'static str, beside: &Path) -> Result<Secret> {
    let (server, beside) = (server.clone(), beside.to_path_buf());
    let read = move || match server.auth {
        Auth::Password => password(&server, service, &beside),
        Auth::Xoauth2 => token(&server),
    };
    tokio::task::spawn_blocking(read).await.unwrap_or_else(|e| Err(Failure::transient("secret/command").detail(e)))
}

/// The password of `service` (`imap` or `smtp`): `password_file`, else `password_command`, else the systemd credential
/// `imap-password` or `smtp-password`.
fn password(server: &Server, service: &'static str, beside: &Path) -> Result<Secret> {
    let credential = format!("{service}-password");
    if !server.password_file.is_empty() {
        let file = beside.join(&server.password_file);
        // Under systemd the file may be handed over as a credential, unreadable at its own place.
        let handed = file.file_name().and_then(|n| in_credentials(&n.to_string_lossy()));
        return match handed {
            Some(handed) if fs::File::open(&file).is_err() => from_file(&handed, false),
            _ => from_file(&file, true),
        };
    }
    if !server.password_command.is_empty() {
        return from_command(&server.password_command);
    }
    match in_credentials(&credential) {
        Some(file) => from_file(&file, false),
        None => Err(Failure::fatal("secret/none").with("service", service).with("host", &server.host)),
    }
}

/// An access token, printed by `token_command`.
fn token(server: &Server) -> Result<Secret> {
    if server.token_command.is_empty() {
        return Err(Failure::fatal("secret/no-token").with("host", &server.host));
    }
    from_command(&server.token_command)
}

/// A file in the folder that systemd made for this service (systemd.exec, LoadCredential=).
fn in_credentials(name: &str) -> Option<PathBuf> {
    let file = Path::new(&std::env::var_os("CREDENTIALS_DIRECTORY")?).join(name);
    file.exists().then_some(file)
}

/// `private`: others must not be able to read it. systemd guards its own folder by other means.
fn from_file(file: &Path, private: bool) -> Result<Secret> {
    let shown = file.display();
    let refuse = |e: io::Error| {
        let says = match e.kind() {
            io::ErrorKind::NotFound => "secret/not-found",
            io::ErrorKind::PermissionDenied => "secret/not-allowed",
            _ => "secret/unreadable",
        };
        Failure::fatal(says).with("file", shown.to_string()).with("why", &e)
    };
    let opened = fs::File::open(file).map_err(refuse)?;
    let mode = opened.metadata().map_err(refuse)?.permissions().mode();
    if private && mode & 0o077 != 0 {
        return Err(Failure::fatal("secret/open")
            .with("file", shown.to_string())
            .with("mode", format!("{:o}", mode & 0o777)));
    }
    let mut text = String::new();
    opened.take(LONGEST).read_to_string(&mut text).map_err(refuse)?;
    clean(&text).ok_or_else(|| Failure::fatal("secret/empty").with("file", shown.to_string()))
}

/// The first line that `sh -c command` prints.
fn from_command(command: &str) -> Result<Secret> {
    let refuse = |why: &str| Failure::fatal("secret/command").with("why", why);
    let mut child = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| refuse(&e.to_string()))?;
    let end = Instant::now() + COMMAND;
    let stdout = child.stdout.take();
    let (done, printed) = mpsc::channel();
    // Apart, because a command that prints nothing and does not end would hold a reader for ever.
    thread::spawn(move || {
        let mut text = String::new();
        if let Some(out) = stdout {
            let _ = out.take(LONGEST).read_to_string(&mut text);
        }
        let _ = done.send(text);
    });
    let text = printed.recv_timeout(COMMAND).unwrap_or_default();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if Instant::now() < end => thread::sleep(Duration::from_millis(2)),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(refuse("timeout"));
            }
        }
    };
    if !status.success() {
        return Err(refuse(&status.to_string()));
    }
    clean(&text).ok_or_else(|| refuse("empty"))
}

/// One line without its end. Google shows app passwords in four groups of four letters; the spaces are no part of it.
fn clean(text: &str) -> Option<Secret> {
    let line = text.lines().next()?.trim_end_matches('\r');
    let groups: Vec<&str> = line.trim().split(' ').collect();
    let four = |g: &&str| g.len() == 4 && g.bytes().all(|b| b.is_ascii_lowercase());
    let secret = if groups.len() == 4 && groups.iter().all(four) { groups.concat() } else { line.to_owned() };
    (!secret.is_empty() && !secret.contains(|c: char| c.is_control())).then_some(Secret(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str, mode: u32) -> (tempfile::TempDir, Server) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("imap-password");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        (folder, Server { password_file: "imap-password".into(), ..Server::default() })
    }

    #[test]
    fn a_password_file_for_its_owner_alone_is_read_without_its_line_end() {
        let (folder, server) = file("s3cret é\r\n", 0o600);
        assert_eq!(password(&server, "imap", folder.path()).unwrap().reveal(), "s3cret é");
    }

    #[test]
    fn a_password_file_that_others_can_read_is_refused() {
        for mode in [0o640, 0o604, 0o660, 0o644] {
            let (folder, server) = file("x", mode);
            assert_eq!(password(&server, "imap", folder.path()).unwrap_err().says, "secret/open", "{mode:o}");
        }
    }

    #[test]
    fn a_missing_or_empty_password_is_said_as_such() {
        let (folder, server) = file("\n", 0o600);
        assert_eq!(password(&server, "imap", folder.path()).unwrap_err().says, "secret/empty");
        let missing = Server { password_file: "nowhere".into(), ..server };
        assert_eq!(password(&missing, "imap", folder.path()).unwrap_err().says, "secret/not-found");
        assert_eq!(password(&Server::default(), "imap", folder.path()).unwrap_err().says, "secret/none");
    }

    #[test]
    fn an_app_password_loses_the_spaces_it_is_shown_with_and_others_keep_theirs() {
        assert_eq!(clean("abcd efgh ijkl mnop\n").unwrap().reveal(), "abcdefghijklmnop");
        assert_eq!(clean("my pass word here").unwrap().reveal(), "my pass word here");
    }

    #[test]
    fn a_command_prints_the_password_and_its_failure_is_a_failure() {
        let by =
            |c: &str| password(&Server { password_command: c.into(), ..Server::default() }, "imap", Path::new("/"));
        assert_eq!(by("echo hush").unwrap().reveal(), "hush");
        assert_eq!(by("false").unwrap_err().says, "secret/command");
        assert_eq!(by("true").unwrap_err().says, "secret/command");
    }

    #[test]
    fn a_secret_is_not_shown_by_debug() {
        assert_eq!(format!("{:?}", Secret("hush".into())), "Secret(…)");
    }
}
