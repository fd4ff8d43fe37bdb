//! A private Dovecot: IMAP with STARTTLS and TLS, IDLE, LMTP for delivery, several users.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

use astir_rsvp::config::{Security, Server};
use tempfile::TempDir;

use super::{
    ACCENTED, Authority, PASSWORD, Running, folder, free_port, ids, is_root, own, passwords, program, wait_for,
};

/// The accounts. Each has an INBOX and the usual folders by SPECIAL-USE.
pub const USERS: [&str; 3] = ["asti@example.org", "second@example.org", "third@example.org"];

/// A running Dovecot.
pub struct Dovecot {
    // First: it ends before its folder goes.
    _running: Running,
    folder: TempDir,
    authority: Authority,
    imap: u16,
    imaps: u16,
    lmtp: u16,
    account: (u32, u32),
}

impl Dovecot {
    pub fn start() -> Self {
        let dovecot = program("dovecot", "dovecot-imapd dovecot-lmtpd");
        let version = Command::new(&dovecot).arg("--version").output().unwrap().stdout;
        let version = String::from_utf8_lossy(&version).into_owned();
        assert!(version.starts_with("2.3"), "the configuration here is for Dovecot 2.3 (Debian 12), not for {version}");
        let folder = folder();
        let root = folder.path();
        let authority = Authority::new(root);
        let account = if is_root() { (65534, 65534) } else { ids() };
        let [imap, imaps, lmtp] = [free_port(), free_port(), free_port()];
        std::fs::create_dir(root.join("mail")).unwrap();
        own(&root.join("mail"), account);
        std::fs::write(root.join("users"), users(root, account)).unwrap();
        std::fs::write(root.join("dovecot.conf"), configuration(root, &authority, [imap, imaps, lmtp])).unwrap();
        passwords(root);
        let log = root.join("dovecot.log");
        let running = Running::start(&dovecot, &["-F", "-c", &root.join("dovecot.conf").to_string_lossy()], &log);
        wait_for(imap, true, "Dovecot", &log);
        wait_for(lmtp, true, "Dovecot's LMTP", &log);
        Self { folder, authority, imap, imaps, lmtp, account, _running: running }
    }

    /// The folder that the configuration's files are beside.
    pub fn beside(&self) -> &Path {
        self.folder.path()
    }

    /// How to reach `USERS[user]`.
    pub fn server(&self, user: usize, security: Security) -> Server {
        Server {
            host: "localhost".into(),
            port: if security == Security::Tls { self.imaps } else { self.imap },
            security,
            user: USERS[user].into(),
            password_file: if user == 0 { "password" } else { "accented" }.into(),
            folder: "INBOX".into(),
            ca_file: self.authority.file().to_string_lossy().into_owned(),
            ..Server::default()
        }
    }

    /// Delivers a message by LMTP (RFC 2033), as a mail server does.
    pub fn deliver(&self, user: usize, message: &str) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.lmtp)).unwrap();
        let mut replies = BufReader::new(stream.try_clone().unwrap());
        let mut expect = |code: &str| loop {
            let mut line = String::new();
            replies.read_line(&mut line).unwrap();
            assert!(line.starts_with(code), "LMTP said {line:?}");
            if line.as_bytes()[3] == b' ' {
                break;
            }
        };
        expect("220");
        let recipient = format!("RCPT TO:<{}>", USERS[user]);
        for (say, code) in
            [("LHLO test", "250"), ("MAIL FROM:<jeanne@example.net>", "250"), (&recipient, "250"), ("DATA", "354")]
        {
            stream.write_all(format!("{say}\r\n").as_bytes()).unwrap();
            expect(code);
        }
        let body = message.trim_end_matches('\n').replace("\r\n", "\n").replace("\n.", "\n..").replace('\n', "\r\n");
        stream.write_all(format!("{body}\r\n.\r\n").as_bytes()).unwrap();
        expect("250");
    }

    /// Puts messages into a folder of the Maildir, as they would lie there for long; far faster than delivery.
    pub fn place(&self, user: usize, folder: &str, messages: &[String]) {
        let maildir = self.maildir(user).join(folder);
        for part in ["new", "cur", "tmp"] {
            std::fs::create_dir_all(maildir.join(part)).unwrap();
        }
        for (n, message) in messages.iter().enumerate() {
            let file = maildir.join("new").join(format!("{}.M{n}P1.test", 1_519_000_000 + n));
            std::fs::write(&file, message).unwrap();
            own(&file, self.account);
        }
        for path in [self.maildir(user), maildir.clone(), maildir.join("new"), maildir.join("cur"), maildir.join("tmp")]
        {
            own(&path, self.account);
        }
    }

    /// Where the letters of a user lie.
    pub fn maildir(&self, user: usize) -> PathBuf {
        let home = self.folder.path().join("mail").join(USERS[user]);
        std::fs::create_dir_all(&home).unwrap();
        own(&home, self.account);
        home.join("Maildir")
    }

    /// Runs doveadm on a user: what a person does in a mail program. Gives what it prints.
    pub fn doveadm(&self, user: usize, command: &[&str]) -> String {
        let (verb, rest) = command.split_first().unwrap();
        let mut run = Command::new(program("doveadm", "dovecot-core"));
        run.arg("-c").arg(self.folder.path().join("dovecot.conf"));
        let verbs: Vec<&str> = verb.split(' ').collect();
        let done = run.args(&verbs).args(["-u", USERS[user]]).args(rest).output().unwrap();
        assert!(done.status.success(), "doveadm {command:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).into_owned()
    }
}

fn users(root: &Path, (uid, gid): (u32, u32)) -> String {
    let line = |(n, user): (usize, &&str)| {
        let password = if n == 0 { PASSWORD } else { ACCENTED };
        format!("{user}:{{PLAIN}}{password}:{uid}:{gid}::{}/mail/{user}::\n", root.display())
    };
    USERS.iter().enumerate().map(line).collect()
}

fn configuration(root: &Path, authority: &Authority, [imap, imaps, lmtp]: [u16; 3]) -> String {
    let (certificate, key) = authority.files();
    let (certificate, key, root) = (certificate.display(), key.display(), root.display());
    let own = if is_root() {
        String::new()
    } else {
        let name = |option| String::from_utf8(Command::new("id").arg(option).output().unwrap().stdout).unwrap();
        let (user, group) = (name("-un"), name("-gn"));
        format!(
            "default_internal_user = {user}default_login_user = {user}default_internal_group = {group}\
             service imap-login {{\n chroot =\n}}\nservice anvil {{\n chroot =\n}}\n"
        )
    };
    format!(
        "base_dir = {root}/run
state_dir = {root}/state
log_path = /dev/stderr
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = yes
auth_mechanisms = plain login
auth_failure_delay = 0
first_valid_uid = 1
mail_location = maildir:~/Maildir
maildir_very_dirty_syncs = no
passdb {{
  driver = passwd-file
  args = {root}/users
}}
userdb {{
  driver = passwd-file
  args = {root}/users
}}
service auth {{
  unix_listener auth-smtp {{
    mode = 0666
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
{own}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox \"Messages envoyés\" {{
    auto = subscribe
    special_use = \\Sent
  }}
  mailbox Junk {{
    auto = subscribe
    special_use = \\Junk
  }}
}}
"
    )
}
