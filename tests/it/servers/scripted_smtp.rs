//! An SMTP server that fails where it is told to, and knows what it kept.

use std::sync::{Arc, Mutex};

use astir_rsvp::config::{Mail, Security, Server};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Where in the dialogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    Connect,
    Ehlo,
    Auth,
    Mail,
    Rcpt,
    Data,
    /// In the middle of the content.
    Content,
    /// The end of the content, before the mail is kept.
    Dot,
    /// The end of the content, after the mail was kept.
    Kept,
}

/// What to do there.
#[derive(Debug, Clone)]
pub enum Fault {
    Fine,
    /// This answer instead.
    Say(&'static str),
    /// This answer, and the connection ends.
    SayClose(&'static str),
    Close,
    /// Nothing, for good.
    Stall,
}

type Script = dyn Fn(usize, At) -> Fault + Send + Sync;

pub struct ScriptedSmtp {
    pub port: u16,
    /// Recipient and content of each mail kept.
    pub kept: Arc<Mutex<Vec<(String, String)>>>,
    /// Connections so far.
    pub connections: Arc<Mutex<usize>>,
    task: JoinHandle<()>,
}

impl ScriptedSmtp {
    /// The script is told the number of the mail (from 1, over all connections) and the stage.
    pub async fn start(script: impl Fn(usize, At) -> Fault + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (kept, connections) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(0)));
        let mails = Arc::new(Mutex::new(0));
        let script: Arc<Script> = Arc::new(script);
        let (all, count) = (kept.clone(), connections.clone());
        let task = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                *count.lock().unwrap() += 1;
                let peer = Peer { script: script.clone(), kept: all.clone(), mails: mails.clone() };
                tokio::spawn(async move {
                    let _ = peer.serve(stream).await;
                });
            }
        });
        Self { port, kept, connections, task }
    }

    pub fn mail(&self) -> Mail {
        let smtp = Server {
            host: "127.0.0.1".into(),
            port: self.port,
            security: Security::None,
            user: "asti".into(),
            password_command: "echo secret".into(),
            ..Server::default()
        };
        Mail::Servers { imap: Box::default(), smtp: Box::new(smtp) }
    }

    pub fn kept(&self) -> usize {
        self.kept.lock().unwrap().len()
    }
}

impl Drop for ScriptedSmtp {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Peer {
    script: Arc<Script>,
    kept: Arc<Mutex<Vec<(String, String)>>>,
    mails: Arc<Mutex<usize>>,
}

/// The connection ended on purpose.
struct Ended;

impl From<std::io::Error> for Ended {
    fn from(_: std::io::Error) -> Self {
        Self
    }
}

impl Peer {
    async fn serve(self, stream: TcpStream) -> Result<(), Ended> {
        let mut stream = BufReader::new(stream);
        self.answer(&mut stream, At::Connect, "220 ready\r\n").await?;
        let mut to = String::new();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let verb = line.split(' ').next().unwrap().trim_end().to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" => {
                    let abilities = "250-me\r\n250-8BITMIME\r\n250 AUTH PLAIN\r\n";
                    self.answer(&mut stream, At::Ehlo, abilities).await?;
                }
                "AUTH" => {
                    self.answer(&mut stream, At::Auth, "235 welcome\r\n").await?;
                }
                "MAIL" => {
                    *self.mails.lock().unwrap() += 1;
                    self.answer(&mut stream, At::Mail, "250 ok\r\n").await?;
                }
                "RCPT" => {
                    to = line.trim_end().to_owned();
                    self.answer(&mut stream, At::Rcpt, "250 ok\r\n").await?;
                }
                "DATA" => {
                    if self.answer(&mut stream, At::Data, "354 go\r\n").await? {
                        self.content(&mut stream, &to).await?;
                    }
                }
                "QUIT" => {
                    stream.write_all(b"221 bye\r\n").await?;
                    return Ok(());
                }
                _ => stream.write_all(b"502 unknown\r\n").await?,
            }
        }
    }

    async fn content(&self, stream: &mut BufReader<TcpStream>, to: &str) -> Result<(), Ended> {
        if !matches!(self.fault(At::Content), Fault::Fine) {
            self.answer(stream, At::Content, "").await?;
            return Ok(());
        }
        let mut content = String::new();
        while !content.ends_with("\r\n.\r\n") {
            if stream.read_line(&mut content).await? == 0 {
                return Err(Ended);
            }
        }
        if self.answer(stream, At::Dot, "").await? {
            self.kept.lock().unwrap().push((to.to_owned(), content));
            self.answer(stream, At::Kept, "250 kept\r\n").await?;
        }
        Ok(())
    }

    fn fault(&self, at: At) -> Fault {
        (self.script)(*self.mails.lock().unwrap(), at)
    }

    /// `true` when all is as usual.
    async fn answer(&self, stream: &mut BufReader<TcpStream>, at: At, usual: &str) -> Result<bool, Ended> {
        match self.fault(at) {
            Fault::Fine => {
                stream.write_all(usual.as_bytes()).await?;
                Ok(true)
            }
            Fault::Say(text) => {
                stream.write_all(format!("{text}\r\n").as_bytes()).await?;
                Ok(false)
            }
            Fault::SayClose(text) => {
                stream.write_all(format!("{text}\r\n").as_bytes()).await?;
                Err(Ended)
            }
            Fault::Close => Err(Ended),
            Fault::Stall => {
                std::future::pending::<()>().await;
                Err(Ended)
            }
        }
    }
}
