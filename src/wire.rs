//! Connections and credentials, shared by receiving and sending.
//!
//! Promises: TLS by the system's certificate authorities (and `ca_file`), host names checked, a deadline on every
//! step, silent loss of the network noticed within minutes. Never: a password in a log, an argument or an environment
//! variable; plaintext to anything but the loopback.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};
use tokio_rustls::client::TlsStream;

use crate::config::Server;
use crate::failure::{Failure, Result};

mod secret;
mod tls;

pub use secret::{Secret, secret};
pub use tls::Tls;

/// How long each step may take. The defaults are for real servers; tests shorten them.
#[derive(Debug, Clone, Copy)]
pub struct Deadlines {
    /// Name look-up and TCP.
    pub connect: Duration,
    /// TLS handshake.
    pub tls: Duration,
    /// The server's first line.
    pub greeting: Duration,
    /// IMAP: a command without a byte of progress.
    pub command: Duration,
    /// IMAP: a command in all.
    pub batch: Duration,
    /// IMAP: the answer to the end of IDLE.
    pub done: Duration,
    /// IMAP: one IDLE.
    pub idle: Duration,
    /// Between two looks where there is no IDLE.
    pub poll: Duration,
    /// SMTP: any reply but the last (RFC 5321 §4.5.3.2).
    pub reply: Duration,
    /// SMTP: the reply to the end of the data (RFC 5321 §4.5.3.2.6).
    pub dot: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self {
            connect: seconds(30),
            tls: seconds(30),
            greeting: seconds(60),
            command: seconds(60),
            batch: seconds(600),
            done: seconds(15),
            idle: seconds(300),
            poll: seconds(60),
            reply: seconds(300),
            dot: seconds(600),
        }
    }
}

/// A connection, plain or secured.
#[derive(Debug)]
pub struct Stream {
    transport: Transport,
    received: u64,
}

#[derive(Debug)]
enum Transport {
    Plain(TcpStream),
    Secured(Box<TlsStream<TcpStream>>),
}

impl Stream {
    /// Bytes received so far: a slow answer that still moves is not a dead one.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// The other end.
    pub fn peer(&self) -> io::Result<SocketAddr> {
        match &self.transport {
            Transport::Plain(tcp) => tcp.peer_addr(),
            Transport::Secured(tls) => tls.get_ref().0.peer_addr(),
        }
    }

    /// TLS over a plain connection, from here on.
    pub async fn secure(self, server: &Server, tls: &Tls, deadlines: &Deadlines) -> Result<Self> {
        let Transport::Plain(tcp) = self.transport else { return Ok(self) };
        let secured = tls.handshake(tcp, server, deadlines.tls).await?;
        Ok(Self { transport: Transport::Secured(Box::new(secured)), received: 0 })
    }
}

/// A failure that names the server it is about.
pub fn about(failure: Failure, server: &Server) -> Failure {
    failure.with("host", &server.host).with("port", server.port)
}

/// A step that took longer than it may.
pub fn slow(server: &Server, step: &'static str) -> Failure {
    about(Failure::transient("server/slow"), server).detail(format!("no answer in time: {step}"))
}

/// A connection that ended under us.
pub fn lost(server: &Server, why: &io::Error) -> Failure {
    about(Failure::transient("server/closed"), server).detail(why.kind())
}

/// TCP to the server, without TLS yet: every address of the name is tried.
pub async fn connect(server: &Server, deadlines: &Deadlines) -> Result<Stream> {
    let end = Instant::now() + deadlines.connect;
    let lookup = tokio::net::lookup_host((server.host.as_str(), server.port));
    let addresses: Vec<SocketAddr> = match timeout(deadlines.connect, lookup).await {
        Ok(Ok(found)) => found.collect(),
        Ok(Err(e)) => return Err(about(Failure::transient("server/lookup"), server).detail(e)),
        Err(_) => return Err(about(Failure::transient("server/lookup"), server).detail("name look-up timed out")),
    };
    let mut failure = about(Failure::transient("server/lookup"), server).detail("the name has no address");
    let share = deadlines.connect / u32::try_from(addresses.len().max(1)).unwrap_or(u32::MAX);
    for address in addresses {
        // A dead IPv6 route must leave time for IPv4.
        let left = share.max(Duration::from_secs(5)).min(end.saturating_duration_since(Instant::now()));
        match timeout(left, TcpStream::connect(address)).await {
            Ok(Ok(tcp)) => {
                tune(&tcp);
                return Ok(Stream { transport: Transport::Plain(tcp), received: 0 });
            }
            Ok(Err(e)) => failure = about(Failure::transient("server/refused"), server).detail(e),
            Err(_) => failure = slow(server, "connect"),
        }
    }
    Err(failure)
}

/// Small writes leave at once; a peer that vanished is noticed within two minutes. A kernel that refuses one of these
/// still gives a working connection.
fn tune(tcp: &TcpStream) {
    let _ = tcp.set_nodelay(true);
    let socket = SockRef::from(tcp);
    let keepalive =
        TcpKeepalive::new().with_time(Duration::from_secs(60)).with_interval(Duration::from_secs(20)).with_retries(3);
    let _ = socket.set_tcp_keepalive(&keepalive);
    let _ = socket.set_tcp_user_timeout(Some(Duration::from_secs(120)));
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        let polled = match &mut this.transport {
            Transport::Plain(tcp) => Pin::new(tcp).poll_read(cx, buf),
            Transport::Secured(tls) => Pin::new(tls).poll_read(cx, buf),
        };
        this.received += (buf.filled().len() - before) as u64;
        polled
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match &mut self.get_mut().transport {
            Transport::Plain(tcp) => Pin::new(tcp).poll_write(cx, buf),
            Transport::Secured(tls) => Pin::new(tls).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().transport {
            Transport::Plain(tcp) => Pin::new(tcp).poll_flush(cx),
            Transport::Secured(tls) => Pin::new(tls).poll_flush(cx),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.get_mut().transport {
            Transport::Plain(tcp) => Pin::new(tcp).poll_shutdown(cx),
            Transport::Secured(tls) => Pin::new(tls).poll_shutdown(cx),
        }
    }
}
