//! Who the server is: certificates checked by the system's authorities, and by the association's own if it names one.
//!
//! Promises: TLS 1.2 at least, host name and dates checked; each refusal has its own sentence, because the volunteer
//! mends a wrong clock, a wrong host name and a missing authority in three different ways.

use std::collections::HashMap;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, Weak};
use std::time::Duration;

use rustls_platform_verifier::Verifier;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{CertificateError, ClientConfig, Error};

use super::{about, slow};
use crate::config::Server;
use crate::failure::{Failure, Result};

/// Ready to secure connections; cheap to clone.
#[derive(Debug, Clone)]
pub struct Tls(Arc<ClientConfig>);

/// One configuration a certificate authority file, shared by all mailboxes of the process: it weighs some 200 kB.
/// Weak, so that a restarted connection after everything was closed reads renewed authorities.
type Shared = Mutex<HashMap<PathBuf, Weak<ClientConfig>>>;
static SHARED: OnceLock<Shared> = OnceLock::new();

impl Tls {
    /// For one server; `beside` is the folder of the configuration file, where a relative `ca_file` is.
    pub fn new(server: &Server, beside: &Path) -> Result<Self> {
        let file = if server.ca_file.is_empty() { PathBuf::new() } else { beside.join(&server.ca_file) };
        let shared = SHARED.get_or_init(Shared::default);
        if let Ok(known) = shared.lock()
            && let Some(config) = known.get(&file).and_then(Weak::upgrade)
        {
            return Ok(Self(config));
        }
        let config = Arc::new(client(&file)?);
        if let Ok(mut known) = shared.lock() {
            known.retain(|_, config| config.strong_count() > 0);
            known.insert(file, Arc::downgrade(&config));
        }
        Ok(Self(config))
    }

    pub(super) async fn handshake(
        &self,
        tcp: TcpStream,
        server: &Server,
        within: Duration,
    ) -> Result<TlsStream<TcpStream>> {
        let name = ServerName::try_from(server.host.clone())
            .map_err(|e| about(Failure::fatal("server/lookup"), server).detail(e))?;
        match timeout(within, TlsConnector::from(self.0.clone()).connect(name, tcp)).await {
            Ok(Ok(secured)) => Ok(secured),
            Ok(Err(e)) => Err(refused(&e, server)),
            Err(_) => Err(slow(server, "TLS handshake")),
        }
    }
}

fn client(ca_file: &Path) -> Result<ClientConfig> {
    let extra = if ca_file.as_os_str().is_empty() { Vec::new() } else { authorities(ca_file)? };
    let provider = Arc::new(ring::default_provider());
    let none = |e: Error| Failure::fatal("server/authorities").detail(e);
    let verifier = Verifier::new_with_extra_roots(extra, provider.clone()).map_err(none)?;
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(none)?
        .dangerous() // rustls' word for any verifier that is not its own; this one is the system's
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

fn authorities(file: &Path) -> Result<Vec<CertificateDer<'static>>> {
    let refuse =
        |e: io::Error| Failure::fatal("server/ca-file").with("file", file.display()).with("why", &e).detail(&e);
    let read = std::fs::File::open(file).map_err(refuse)?;
    let found: Vec<_> = rustls_pemfile::certs(&mut BufReader::new(read)).collect::<io::Result<_>>().map_err(refuse)?;
    if found.is_empty() {
        return Err(refuse(io::Error::new(io::ErrorKind::InvalidData, "no certificate inside")));
    }
    Ok(found)
}

/// A handshake that failed: what a person must mend is fatal, the rest is waited out.
fn refused(error: &io::Error, server: &Server) -> Failure {
    let inner = error.get_ref().and_then(|e| e.downcast_ref::<Error>());
    let failure = match inner {
        Some(Error::InvalidCertificate(why)) => Failure::fatal(match why {
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => "server/certificate-date",
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "server/certificate-name"
            }
            _ => "server/certificate-unknown",
        }),
        Some(Error::InvalidMessage(_)) => Failure::fatal("server/not-tls"),
        Some(_) => Failure::transient("server/tls"),
        None => Failure::transient("server/closed"),
    };
    about(failure, server).detail(error)
}
