//! A certificate authority of the test's own, and certificates good and bad.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose, date_time_ymd};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};

/// An authority whose certificate is in a file, to be named as `ca_file`.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    folder: PathBuf,
}

/// What is wrong with a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    None,
    Expired,
    OtherName,
}

impl Authority {
    pub fn new(folder: &Path) -> Self {
        let mut about = CertificateParams::default();
        about.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        about.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        about.distinguished_name.push(DnType::CommonName, "tests of astir-rsvp");
        let key = KeyPair::generate().unwrap();
        let pem = about.self_signed(&key).unwrap().pem();
        std::fs::write(folder.join("ca.pem"), &pem).unwrap();
        Self { issuer: Issuer::new(about, key), pem, folder: folder.to_path_buf() }
    }

    /// The authority's certificate.
    pub fn file(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }

    /// Certificate and key, in PEM.
    pub fn certificate(&self, flaw: Flaw) -> (String, String) {
        let names = if flaw == Flaw::OtherName { ["elsewhere.test", "127.0.0.9"] } else { ["localhost", "127.0.0.1"] };
        let mut about = CertificateParams::new(names.map(str::to_owned)).unwrap();
        if flaw == Flaw::Expired {
            about.not_before = date_time_ymd(2020, 1, 1);
            about.not_after = date_time_ymd(2021, 1, 1);
        }
        let key = KeyPair::generate().unwrap();
        let certificate = about.signed_by(&key, &self.issuer).unwrap();
        (format!("{}{}", certificate.pem(), self.pem), key.serialize_pem())
    }

    /// Files with a good certificate and its key, for a server program.
    pub fn files(&self) -> (PathBuf, PathBuf) {
        let (certificate, key) = (self.folder.join("server.pem"), self.folder.join("server.key"));
        let (pem, secret) = self.certificate(Flaw::None);
        std::fs::write(&certificate, pem).unwrap();
        std::fs::write(&key, secret).unwrap();
        (certificate, key)
    }

    /// For a scripted server that speaks TLS.
    pub fn acceptor(&self, flaw: Flaw) -> TlsAcceptor {
        let (pem, key) = self.certificate(flaw);
        let chain = CertificateDer::pem_slice_iter(pem.as_bytes()).map(Result::unwrap).collect();
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }
}
