//! The stream under lettre: it remembers whether the end of the data left us, and speaks STARTTLS by itself.
//!
//! lettre keeps what a server sent before the handshake and reads it after (a way to slip answers in); here nothing
//! read before TLS is kept.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::time::timeout;

use crate::config::Server;
use crate::failure::{Failure, Result};
use crate::wire::{Deadlines, Stream, about, lost, slow};

/// How lettre ends the data: in one write of its own.
const END: &[u8] = b"\r\n.\r\n";
/// A reply before TLS is no longer than this.
const LONGEST: usize = 16 * 1024;

/// Whether the end of the data was handed to the network.
#[derive(Debug, Clone, Default)]
pub(super) struct Dot(Arc<AtomicBool>);

impl Dot {
    /// For the next mail.
    pub fn reset(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    /// From here on the server may have taken the mail.
    pub fn sent(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A connection that is watched for the end of the data.
#[derive(Debug)]
pub(super) struct Watched {
    stream: Stream,
    /// Read before anything from the network.
    before: &'static [u8],
    dot: Dot,
}

impl Watched {
    pub fn new(stream: Stream, before: &'static [u8]) -> (Self, Dot) {
        let dot = Dot::default();
        (Self { stream, before, dot: dot.clone() }, dot)
    }
}

impl AsyncTokioStream for Watched {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.stream.peer()
    }
}

impl AsyncRead for Watched {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if !self.before.is_empty() {
            let (now, later) = self.before.split_at(self.before.len().min(buf.remaining()));
            buf.put_slice(now);
            self.before = later;
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        // Before the write: a write that fails half-way may have carried it.
        if buf == END {
            self.dot.0.store(true, Ordering::Relaxed);
        }
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// Greeting, EHLO and STARTTLS (RFC 3207) in plaintext, byte by byte: not one byte beyond the last reply is taken, so
/// that what follows it can only be the handshake.
pub(super) async fn starttls(stream: &mut Stream, server: &Server, deadlines: &Deadlines) -> Result<()> {
    let refused = |code: u16| {
        let failure =
            if code < 500 { Failure::transient("submit/later") } else { Failure::fatal("server/no-starttls") };
        about(failure, server).with("answer", code).detail(format!("{code} before STARTTLS"))
    };
    let dialogue = async {
        match reply(stream, server).await? {
            (220, _) => {}
            (code, _) => return Err(refused(code)),
        }
        say(stream, server, "EHLO [127.0.0.1]\r\n").await?;
        let (code, lines) = reply(stream, server).await?;
        if code != 250 {
            return Err(refused(code));
        }
        if !lines.iter().any(|line| line.eq_ignore_ascii_case("STARTTLS")) {
            return Err(refused(502));
        }
        say(stream, server, "STARTTLS\r\n").await?;
        match reply(stream, server).await? {
            (220, _) => Ok(()),
            (code, _) => Err(refused(code)),
        }
    };
    timeout(deadlines.greeting, dialogue).await.unwrap_or_else(|_| Err(slow(server, "STARTTLS")))
}

async fn say(stream: &mut Stream, server: &Server, line: &str) -> Result<()> {
    stream.write_all(line.as_bytes()).await.map_err(|e| lost(server, &e))
}

/// A reply: its code, and the text of its lines (RFC 5321 §4.2).
async fn reply(stream: &mut Stream, server: &Server) -> Result<(u16, Vec<String>)> {
    let garbage = || about(Failure::transient("server/unparsable"), server).detail("no SMTP reply");
    let (mut lines, mut line, mut total) = (Vec::new(), Vec::new(), 0);
    loop {
        let byte = stream.read_u8().await.map_err(|e| lost(server, &e))?;
        total += 1;
        if total > LONGEST {
            return Err(garbage());
        }
        if byte != b'\n' {
            line.push(byte);
            continue;
        }
        let text = String::from_utf8_lossy(&line).trim_end().to_owned();
        let code = text.get(..3).and_then(|c| c.parse::<u16>().ok()).ok_or_else(garbage)?;
        lines.push(text.get(4..).unwrap_or_default().to_owned());
        if text.as_bytes().get(3) != Some(&b'-') {
            return Ok((code, lines));
        }
        line.clear();
    }
}
