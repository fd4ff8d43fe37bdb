//! A real SMTP server whose mail ends in a folder: a private Postfix (as root), or aiosmtpd.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use astir_rsvp::config::{Mail, Security, Server};
use tempfile::TempDir;

use super::{
    Authority, Dovecot, PASSWORD, Running, dovecot, folder, free_port, is_root, own, passwords, program, wait_for,
};

/// Which program serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// What most mail servers are; only root can start it.
    Postfix,
    /// Python's.
    Aiosmtpd,
}

/// Those that this user can start.
pub fn kinds() -> &'static [Kind] {
    if is_root() { &[Kind::Postfix, Kind::Aiosmtpd] } else { &[Kind::Aiosmtpd] }
}

/// A running SMTP server: submission with log-in, on a STARTTLS and on a TLS port. Refuses `refuse*@` (550), puts off
/// `later*@` (450); every other recipient ends in the folder, so nothing leaves the machine.
pub struct Postal {
    // First: it ends before its folder goes.
    _running: Running,
    /// Postfix asks it who may log in.
    _dovecot: Option<Dovecot>,
    folder: TempDir,
    authority: Authority,
    submission: u16,
    submissions: u16,
    postfix: bool,
}

impl Postal {
    pub fn start(kind: Kind) -> Self {
        match kind {
            Kind::Postfix => Self::postfix(),
            Kind::Aiosmtpd => Self::aiosmtpd(),
        }
    }

    fn aiosmtpd() -> Self {
        let folder = folder();
        let root = folder.path();
        let authority = Authority::new(root);
        let (certificate, key) = authority.files();
        let (submission, submissions) = (free_port(), free_port());
        passwords(root);
        let script = root.join("smtpd.py");
        std::fs::write(&script, include_str!("smtpd.py")).unwrap();
        let log = root.join("smtpd.log");
        let python = program("python3", "python3 python3-aiosmtpd");
        let found = Command::new(&python).args(["-c", "import aiosmtpd"]).output().unwrap();
        assert!(found.status.success(), "aiosmtpd is missing: apt-get install python3-aiosmtpd (tests/run does it)");
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let arguments = [
            text(&script),
            text(&root.join("received")),
            submission.to_string(),
            submissions.to_string(),
            text(&certificate),
            text(&key),
            dovecot::USERS[0].to_owned(),
            PASSWORD.to_owned(),
        ];
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let running = Running::start(&python, &arguments, &log);
        wait_for(submission, true, "aiosmtpd", &log);
        wait_for(submissions, false, "aiosmtpd", &log);
        Self { folder, authority, submission, submissions, postfix: false, _running: running, _dovecot: None }
    }

    fn postfix() -> Self {
        let postfix = program("postfix", "postfix");
        let folder = folder();
        let root = folder.path();
        let dovecot = Dovecot::start();
        let authority = Authority::new(root);
        let (submission, submissions) = (free_port(), free_port());
        passwords(root);
        for part in ["etc", "spool", "data", "received"] {
            std::fs::create_dir(root.join(part)).unwrap();
        }
        let owner = Command::new("id").args(["-u", "postfix"]).output().unwrap().stdout;
        let owner: u32 = String::from_utf8(owner).unwrap().trim().parse().unwrap();
        own(&root.join("data"), (owner, 0));
        own(&root.join("received"), (65534, 65534));
        std::fs::write(root.join("etc/main.cf"), main_cf(root, &authority, dovecot.beside())).unwrap();
        std::fs::write(root.join("etc/master.cf"), master_cf(submission, submissions)).unwrap();
        let access = "/^refuse/ 550 5.1.1 no such user\n/^later/ 450 4.2.1 try later\n";
        std::fs::write(root.join("etc/access"), access).unwrap();
        // Postfix waits two seconds over a file that was only just written.
        let touch = Command::new("touch").args(["-d", "1 minute ago"]).args(files(&root.join("etc"))).status().unwrap();
        assert!(touch.success());
        let log = root.join("postfix.log");
        let started = Command::new(&postfix).arg("-c").arg(root.join("etc")).arg("start").output().unwrap();
        let said = String::from_utf8_lossy(&started.stderr).into_owned();
        assert!(started.status.success(), "Postfix does not start: {said}");
        // Its daemon detaches: a guard of our own stops it.
        let etc = root.join("etc").to_string_lossy().into_owned();
        let stop = format!("trap '\"{}\" -c {etc} stop; kill $!' TERM; sleep infinity & wait", postfix.display());
        let running = Running::start(Path::new("/bin/sh"), &["-c", &stop], &log);
        wait_for(submission, true, "Postfix", &log);
        wait_for(submissions, false, "Postfix", &log);
        Self { folder, authority, submission, submissions, postfix: true, _running: running, _dovecot: Some(dovecot) }
    }

    /// The folder that the configuration's files are beside.
    pub fn beside(&self) -> &Path {
        self.folder.path()
    }

    /// How to reach it.
    pub fn server(&self, security: Security) -> Server {
        Server {
            host: "localhost".into(),
            port: if security == Security::Tls { self.submissions } else { self.submission },
            security,
            user: dovecot::USERS[0].into(),
            password_file: "password".into(),
            ca_file: self.authority.file().to_string_lossy().into_owned(),
            ..Server::default()
        }
    }

    /// The same as a configuration; nothing is received.
    pub fn mail(&self, security: Security) -> Mail {
        let imap = Server { host: "localhost".into(), ..Server::default() };
        Mail::Servers { imap: Box::new(imap), smtp: Box::new(self.server(security)) }
    }

    /// What arrived, once there are `count` mails (waits ten seconds at most), each headed by its envelope.
    pub fn received(&self, count: usize) -> Vec<String> {
        let end = Instant::now() + Duration::from_secs(10);
        let new = if self.postfix { "received/all/new" } else { "received/new" };
        let folder = self.folder.path().join(new);
        loop {
            let found = if folder.exists() { files(&folder) } else { Vec::new() };
            if found.len() >= count || Instant::now() > end {
                return found.iter().map(|file| String::from_utf8(std::fs::read(file).unwrap()).unwrap()).collect();
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    files
}

fn main_cf(root: &Path, authority: &Authority, dovecot: &Path) -> String {
    let (certificate, key) = authority.files();
    let (certificate, key, root, dovecot) = (certificate.display(), key.display(), root.display(), dovecot.display());
    format!(
        "compatibility_level = 3.6
queue_directory = {root}/spool
data_directory = {root}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {root}/postfix.log
maillog_file_prefixes = {root}
inet_interfaces = loopback-only
inet_protocols = ipv4
myhostname = smtp.example.org
mydestination =
mynetworks = 127.0.0.9/32
alias_maps =
alias_database =
local_recipient_maps =
biff = no
virtual_mailbox_domains = static:all
virtual_mailbox_base = {root}/received
virtual_mailbox_maps = static:all/
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_minimum_uid = 100
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = check_recipient_access regexp:{root}/etc/access, permit_sasl_authenticated, reject
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {dovecot}/run/auth-smtp
smtpd_error_sleep_time = 0
in_flow_delay = 0
"
    )
}

fn master_cf(submission: u16, submissions: u16) -> String {
    format!(
        "127.0.0.1:{submission} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt
127.0.0.1:{submissions} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"
    )
}
