//! Real and scripted mail servers on loopback, each in a temporary folder of its own.
//!
//! Promises: nothing of the machine's own configuration is read or changed; ordinary users and root alike can start
//! them; a missing program fails the test and says which package to install. A server ends with its owner, even when
//! the test process is killed: its guard waits on a pipe that only this process holds open.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use tempfile::TempDir;

pub mod authority;
pub mod dovecot;
pub mod postal;
pub mod scripted_imap;
pub mod scripted_smtp;

pub use authority::Authority;
pub use dovecot::Dovecot;
pub use postal::Postal;

/// The password of the first account: what LOGIN must quote.
pub const PASSWORD: &str = "a \"quoted\" \\ word";
/// The password of the others: what LOGIN cannot carry.
pub const ACCENTED: &str = "mot de passé";

/// A folder that another user (a server's own) can enter.
pub fn folder() -> TempDir {
    let folder = tempfile::Builder::new().prefix("rsvp-").tempdir().unwrap();
    open_to_all(folder.path());
    folder
}

pub fn open_to_all(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// Whether this is root: then servers use accounts of their own.
pub fn is_root() -> bool {
    ids().0 == 0
}

/// Our user and group.
pub fn ids() -> (u32, u32) {
    use std::os::unix::fs::MetadataExt;
    let own = std::fs::metadata("/proc/self").unwrap();
    (own.uid(), own.gid())
}

/// Gives a file to a server's account.
pub fn own(path: &Path, (user, group): (u32, u32)) {
    if is_root() {
        std::os::unix::fs::chown(path, Some(user), Some(group)).unwrap();
    }
}

/// The files that configurations name: `password` for the first account, `accented` for the others.
pub fn passwords(beside: &Path) {
    use std::os::unix::fs::PermissionsExt;
    for (name, secret) in [("password", PASSWORD), ("accented", ACCENTED)] {
        std::fs::write(beside.join(name), secret).unwrap();
        std::fs::set_permissions(beside.join(name), std::fs::Permissions::from_mode(0o600)).unwrap();
    }
}

/// A program that Debian puts where an ordinary user's PATH does not look.
pub fn program(name: &str, package: &str) -> PathBuf {
    ["/usr/sbin", "/usr/bin", "/sbin", "/bin"]
        .iter()
        .map(|folder| Path::new(folder).join(name))
        .find(|path| path.exists())
        .unwrap_or_else(|| panic!("{name} is missing: apt-get install {package} (tests/run does it)"))
}

/// A port that is free, given to nobody else here, and below those that outgoing connections get.
pub fn free_port() -> u16 {
    static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    let mut given = GIVEN.lock().unwrap();
    loop {
        let drawn = RandomState::new().build_hasher().finish();
        let port = 20_000 + u16::try_from(drawn % 12_000).unwrap();
        if TcpListener::bind(("127.0.0.1", port)).is_ok() && given.insert(port) {
            return port;
        }
    }
}

/// A server process, ended when this value goes.
#[derive(Debug)]
pub struct Running(Child);

impl Running {
    /// Starts `program` in the foreground under a guard that ends it when our end of the pipe closes.
    pub fn start(program: &Path, arguments: &[&str], log: &Path) -> Self {
        let guard = "\"$@\" & server=$!; cat >/dev/null; kill $server; wait $server";
        let out = std::fs::OpenOptions::new().create(true).append(true).open(log).unwrap();
        let child = Command::new("sh")
            .args(["-c", guard, "guard"])
            .arg(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(out.try_clone().unwrap())
            .stderr(out)
            .spawn()
            .unwrap();
        Self(child)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// Waits until something on that port says a first word, or fails with the server's log.
pub fn wait_for(port: u16, greets: bool, what: &str, log: &Path) {
    let end = Instant::now() + Duration::from_secs(20);
    while Instant::now() < end {
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) {
            let _ = stream.set_read_timeout(Some(Duration::from_secs(3)));
            if !greets || stream.read(&mut [0; 1]).is_ok_and(|n| n == 1) {
                return;
            }
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let log = std::fs::read_to_string(log).unwrap_or_default();
    panic!("{what} does not answer on port {port}. Its log:\n{log}");
}
