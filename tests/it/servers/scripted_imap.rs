//! An IMAP server that does as it is told: usual answers, and a fault wherever a test wants one.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use astir_rsvp::config::{Mail, Security, Server};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// What to do with one command. `%` in a text stands for the command's tag.
#[derive(Debug, Clone)]
pub enum Act {
    /// As a good server would.
    Usual,
    /// This instead.
    Say(String),
    /// This, then the usual.
    Before(String),
    /// This, and the connection ends.
    SayClose(String),
    /// The first bytes of the usual answer, and the connection ends.
    Cut(usize),
    /// The usual answer in ten pieces, with this pause before each.
    Slow(Duration),
    /// Nothing, and the connection stays.
    Mute,
    /// To IDLE: begins, then says over and over that it is still there.
    Chatter,
}

/// What the mailbox holds.
#[derive(Debug)]
pub struct State {
    pub letters: BTreeMap<u32, Vec<u8>>,
    pub validity: u32,
    pub next: u32,
    pub abilities: String,
    /// Every command, without its tag.
    pub heard: Vec<String>,
    pub connections: usize,
}

/// `(connection, command)`; the greeting is the command `GREETING`.
type Script = dyn Fn(usize, &str) -> Act + Send + Sync;

pub struct ScriptedImap {
    pub port: u16,
    pub state: Arc<Mutex<State>>,
    changed: Arc<Notify>,
    task: JoinHandle<()>,
}

impl ScriptedImap {
    /// Serves `count` letters with the UIDs 1 to `count`.
    pub async fn start(count: u32, script: impl Fn(usize, &str) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let letters = (1..=count).map(|uid| (uid, letter(uid))).collect();
        let abilities = "IMAP4rev1 IDLE".to_owned();
        let state = State { letters, validity: 7, next: count + 1, abilities, heard: Vec::new(), connections: 0 };
        let (state, changed) = (Arc::new(Mutex::new(state)), Arc::new(Notify::new()));
        let script: Arc<Script> = Arc::new(script);
        let (shared, notify) = (state.clone(), changed.clone());
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let connection = {
                    let mut state = shared.lock().unwrap();
                    state.connections += 1;
                    state.connections
                };
                let told = AtomicUsize::new(0);
                let peer =
                    Peer { connection, told, state: shared.clone(), changed: notify.clone(), script: script.clone() };
                tokio::spawn(async move {
                    let _ = peer.serve(stream).await;
                });
            }
        });
        Self { port, state, changed, task }
    }

    pub fn server(&self) -> Server {
        Server {
            host: "127.0.0.1".into(),
            port: self.port,
            security: Security::None,
            user: "asti".into(),
            password_command: "echo secret".into(),
            folder: "INBOX".into(),
            ..Server::default()
        }
    }

    pub fn mail(&self) -> Mail {
        Mail::Servers { imap: Box::new(self.server()), smtp: Box::default() }
    }

    /// One more letter arrives.
    pub fn add(&self) -> u32 {
        let mut state = self.state.lock().unwrap();
        let uid = state.next;
        state.next += 1;
        state.letters.insert(uid, letter(uid));
        drop(state);
        self.changed.notify_waiters();
        uid
    }

    /// Commands heard that contain `text`.
    pub fn heard(&self, text: &str) -> usize {
        self.state.lock().unwrap().heard.iter().filter(|command| command.contains(text)).count()
    }
}

impl Drop for ScriptedImap {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The letter of a UID.
pub fn letter(uid: u32) -> Vec<u8> {
    format!("From: p{uid}@example.net\r\nSubject: n{uid}\r\n\r\nJe viendrai, {uid}.\r\n").into_bytes()
}

struct Peer {
    connection: usize,
    /// How many letters the client was told of.
    told: AtomicUsize,
    state: Arc<Mutex<State>>,
    changed: Arc<Notify>,
    script: Arc<Script>,
}

impl Peer {
    async fn serve(self, stream: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        if !self.act(&mut stream, "*", "GREETING", b"* OK ready\r\n".to_vec()).await? {
            return Ok(());
        }
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let (tag, command) = line.trim_end().split_once(' ').unwrap_or((line.trim_end(), ""));
            self.state.lock().unwrap().heard.push(command.to_owned());
            if command == "IDLE" {
                match (self.script)(self.connection, command) {
                    Act::Usual => self.idle(&mut stream, tag).await?,
                    Act::Chatter => self.chatter(&mut stream, tag).await?,
                    _ if !self.act(&mut stream, tag, command, Vec::new()).await? => return Ok(()),
                    _ => {}
                }
                continue;
            }
            let usual = self.usual(tag, command);
            if !self.act(&mut stream, tag, command, usual).await? {
                return Ok(());
            }
        }
    }

    /// Answers; `false` when the connection ends.
    async fn act(
        &self,
        stream: &mut BufReader<TcpStream>,
        tag: &str,
        command: &str,
        usual: Vec<u8>,
    ) -> std::io::Result<bool> {
        let tagged = |text: &str| text.replace('%', tag).into_bytes();
        let (bytes, stays) = match (self.script)(self.connection, command) {
            Act::Usual => (usual, true),
            Act::Say(text) => (tagged(&text), true),
            Act::Before(text) => ([tagged(&text), usual].concat(), true),
            Act::SayClose(text) => (tagged(&text), false),
            Act::Cut(n) => (usual[..n.min(usual.len())].to_vec(), false),
            Act::Slow(pause) => {
                for piece in usual.chunks(usual.len().div_ceil(10)) {
                    tokio::time::sleep(pause).await;
                    stream.write_all(piece).await?;
                }
                (Vec::new(), true)
            }
            Act::Mute | Act::Chatter => (Vec::new(), true),
        };
        stream.write_all(&bytes).await?;
        stream.flush().await?;
        Ok(stays)
    }

    async fn idle(&self, stream: &mut BufReader<TcpStream>, tag: &str) -> std::io::Result<()> {
        stream.write_all(b"+ idling\r\n").await?;
        let known = self.told.load(Ordering::Relaxed);
        let mut line = String::new();
        loop {
            let changed = self.changed.notified();
            let now = self.state.lock().unwrap().letters.len();
            if now != known {
                stream.write_all(format!("* {now} EXISTS\r\n* 1 RECENT\r\n").as_bytes()).await?;
                stream.read_line(&mut line).await?;
                break;
            }
            tokio::select! {
                _ = stream.read_line(&mut line) => break,
                () = changed => {}
            }
        }
        stream.write_all(format!("{tag} OK idle done\r\n").as_bytes()).await
    }

    async fn chatter(&self, stream: &mut BufReader<TcpStream>, tag: &str) -> std::io::Result<()> {
        stream.write_all(b"+ idling\r\n").await?;
        let mut line = String::new();
        while line.is_empty() {
            stream.write_all(b"* OK Still here\r\n").await?;
            let pause = Duration::from_millis(20);
            let _ = tokio::time::timeout(pause, stream.read_line(&mut line)).await;
        }
        stream.write_all(format!("{tag} OK idle done\r\n").as_bytes()).await
    }

    fn usual(&self, tag: &str, command: &str) -> Vec<u8> {
        let state = self.state.lock().unwrap();
        let mut out = Vec::new();
        let set: Vec<u32> = match command.strip_prefix("UID FETCH ") {
            Some(rest) => numbers(rest.split(' ').next().unwrap(), state.next),
            None => Vec::new(),
        };
        if command == "CAPABILITY" {
            out.extend(format!("* CAPABILITY {}\r\n", state.abilities).into_bytes());
        } else if command.starts_with("EXAMINE") {
            let (count, validity, next) = (state.letters.len(), state.validity, state.next);
            self.told.store(count, Ordering::Relaxed);
            let text = format!("* {count} EXISTS\r\n* OK [UIDVALIDITY {validity}] v\r\n* OK [UIDNEXT {next}] n\r\n");
            out.extend(text.into_bytes());
        } else if command.starts_with("UID SEARCH") {
            let uids: Vec<String> = state.letters.keys().map(u32::to_string).collect();
            out.extend(format!("* SEARCH {}\r\n", uids.join(" ")).into_bytes());
        }
        for (n, (uid, bytes)) in state.letters.iter().enumerate().filter(|(_, (uid, _))| set.contains(uid)) {
            let size = bytes.len();
            let items = if command.contains("RFC822.SIZE") {
                format!("UID {uid} RFC822.SIZE {size} INTERNALDATE \"20-Feb-2018 10:00:00 +0100\")\r\n").into_bytes()
            } else if command.contains("BODY.PEEK[]<0.") {
                let most = command.split("<0.").nth(1).unwrap().split('>').next().unwrap().parse().unwrap();
                let part = &bytes[..size.min(most)];
                [format!("UID {uid} BODY[]<0> {{{}}}\r\n", part.len()).as_bytes(), part, b")\r\n"].concat()
            } else if command.contains("BODY.PEEK[]") {
                [format!("UID {uid} BODY[] {{{size}}}\r\n").as_bytes(), bytes, b")\r\n"].concat()
            } else {
                format!("UID {uid})\r\n").into_bytes()
            };
            out.extend(format!("* {} FETCH (", n + 1).into_bytes());
            out.extend(items);
        }
        out.extend(format!("{tag} OK done\r\n").into_bytes());
        out
    }
}

/// A sequence set.
fn numbers(set: &str, next: u32) -> Vec<u32> {
    let number = |text: &str| if text == "*" { next - 1 } else { text.parse().unwrap() };
    set.split(',')
        .flat_map(|part| match part.split_once(':') {
            Some((from, to)) => number(from)..=number(to),
            None => number(part)..=number(part),
        })
        .collect()
}
