//! An association on disk for tests: configuration, mailbox, database; and the program run on it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use astir_rsvp::config::{Security, Server};
use astir_rsvp::entry::{Ledger, Sending};
use astir_rsvp::reading::Kind;
use astir_rsvp::store::Store;
use jiff::{Timestamp, ToSpan};
use tempfile::TempDir;

use crate::servers;

/// The association's address.
pub const ADDRESS: &str = "collectif@example.org";

/// A folder with everything in it.
pub struct Association {
    folder: TempDir,
}

/// What people answer.
fn invitation() -> String {
    format!(
        "From: {ADDRESS}\r\nTo: {ADDRESS}\r\nSubject: Journée de travail\r\nMessage-ID: <invitation@example.org>\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
         Nous vous invitons à notre journée de travail, suivie d'un repas partagé.\r\n"
    )
}

/// The announced event lies a month ahead of the real clock, which the program reads.
fn events() -> String {
    let day = jiff::Zoned::now().date().checked_add(30.days()).unwrap();
    format!(
        "[[event]]\nid = \"journee\"\ntitle = \"Journée de travail\"\nstart = {day}T09:00:00\nend = {day}T13:00:00\n\
         place = \"Maison de quartier, Crest\"\nshared_meal = true\nbring = \"assiette, verre et couverts\"\ndefault = true\n"
    )
}

impl Association {
    /// One whose mailbox is a Maildir; `acknowledge` are lines of that part.
    pub fn maildir(acknowledge: &str) -> Self {
        let made = Self::with("[maildir]\ninbox = \"inbox\"\nsent = \"sent\"\n", acknowledge);
        for part in ["new", "cur", "tmp"] {
            std::fs::create_dir_all(made.path("inbox").join(part)).unwrap();
        }
        made
    }

    /// One whose mailbox is on servers.
    pub fn servers(imap: &Server, smtp: &Server, acknowledge: &str) -> Self {
        let made = Self::with(&format!("{}{}", server("imap", imap), server("smtp", smtp)), acknowledge);
        servers::passwords(made.folder.path());
        made
    }

    fn with(mail: &str, acknowledge: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let text = format!(
            "[association]\nname = \"Collectif d'accueil de Crest\"\nshort_name = \"Collectif\"\naddress = \"{ADDRESS}\"\n\
             organisers = [\"anne@example.org\"]\ninvitation = \"invitation.eml\"\n\n{mail}\n[store]\npath = \"rsvp.sqlite\"\n\n[acknowledge]\n{acknowledge}\n\n{}",
            events()
        );
        std::fs::write(folder.path().join("config.toml"), text).unwrap();
        std::fs::write(folder.path().join("invitation.eml"), invitation()).unwrap();
        Self { folder }
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a letter into the Maildir.
    pub fn deliver(&self, name: &str, letter: &str) {
        std::fs::write(self.path("inbox/new").join(name), letter).unwrap();
    }

    /// The program on this configuration.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_astir-rsvp"));
        command.arg("--config").arg(self.path("config.toml")).args(arguments).current_dir(self.folder.path());
        command.env_remove("RUST_LOG").env_remove("NOTIFY_SOCKET").env_remove("WATCHDOG_USEC");
        command
    }

    /// One pass.
    pub fn once(&self) -> Output {
        self.command(&["run", "--once"]).output().unwrap()
    }

    /// One pass that must do well; gives its line.
    pub fn pass(&self) -> String {
        let done = self.once();
        let error = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.success(), "{error}");
        String::from_utf8(done.stdout).unwrap()
    }

    /// The daemon, its log in `log`.
    pub fn daemon(&self) -> Child {
        let log = std::fs::File::create(self.path("log")).unwrap();
        self.command(&["run"]).env("RUST_LOG", "info").stdout(Stdio::null()).stderr(log).spawn().unwrap()
    }

    /// What is recorded.
    pub fn ledger(&self) -> Ledger {
        Store::open(&self.path("rsvp.sqlite")).unwrap().ledger().unwrap()
    }

    /// Mails that left, by file name.
    pub fn sent(&self) -> BTreeMap<String, String> {
        let folder = self.path("sent/new");
        if !folder.exists() {
            return BTreeMap::new();
        }
        let read = |path: &Path| String::from_utf8(std::fs::read(path).unwrap()).unwrap();
        let files = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
        files.map(|p| (p.file_name().unwrap().to_string_lossy().into_owned(), read(&p))).collect()
    }

    /// What stands, without times and row numbers: two runs with the same end are equal in it.
    pub fn end(&self) -> End {
        let ledger = self.ledger();
        let mut letters: Vec<_> = ledger
            .letters
            .iter()
            .map(|l| (l.hash.clone(), l.kind, l.person.address.clone(), l.refusal.clone()))
            .collect();
        letters.sort();
        let mut entries: Vec<_> = ledger.entries.iter().map(|e| format!("{:?} {:?}", e.person, e.content)).collect();
        entries.sort();
        let mut mails: Vec<_> =
            ledger.outgoing.iter().map(|o| (o.message_id.clone(), o.to.clone(), o.sending.clone())).collect();
        mails.sort_by(|a, b| a.0.cmp(&b.0));
        let mut sent: Vec<String> = self.sent().into_values().map(|text| header(&text, "Message-ID")).collect();
        sent.sort();
        End { letters, entries, mails, sent }
    }
}

/// How a run ended.
#[derive(Debug, PartialEq)]
pub struct End {
    /// Hash, kind, sender, why not acknowledged.
    pub letters: Vec<(String, Kind, String, String)>,
    /// Whom and what.
    pub entries: Vec<String>,
    /// Message-ID, recipient, state.
    pub mails: Vec<(String, String, Sending)>,
    /// Message-IDs of what really left.
    pub sent: Vec<String>,
}

fn server(part: &str, s: &Server) -> String {
    let security = match s.security {
        Security::Tls => "tls",
        Security::Starttls => "starttls",
        Security::None => "none",
    };
    format!(
        "[{part}]\nhost = \"{}\"\nport = {}\nsecurity = \"{security}\"\nuser = \"{}\"\npassword_file = \"{}\"\nca_file = \"{}\"\n",
        s.host, s.port, s.user, s.password_file, s.ca_file
    )
}

/// The value of a header.
pub fn header(mail: &str, name: &str) -> String {
    let start = format!("{}:", name.to_lowercase());
    let line = mail.lines().find(|l| l.to_lowercase().starts_with(&start)).unwrap_or_default();
    line.split_once(':').map_or("", |(_, value)| value).trim().to_owned()
}

/// A letter written now.
pub fn letter(id: &str, from: &str, text: &str) -> String {
    let date = jiff::fmt::rfc2822::to_string(&jiff::Zoned::now()).unwrap();
    format!(
        "Return-Path: <{from}>\r\nFrom: {from}\r\nTo: {ADDRESS}\r\nSubject: Re: Journée de travail\r\nDate: {date}\r\n\
         Message-ID: <{id}@mail.example>\r\nIn-Reply-To: <invitation@example.org>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"
    )
}

/// Answers of several people, one of whom corrects herself, a question and an absence note: four mails are due.
pub fn letters() -> Vec<(String, String)> {
    let texts = [
        ("yvette", "Bonjour,\r\n\r\nJe serai présente avec mon mari.\r\n\r\nYvette Caron"),
        ("paul", "Bonjour,\r\n\r\nJe viendrai et j'apporte une quiche.\r\n\r\nPaul Petit"),
        ("odette", "Bonjour,\r\n\r\nJe ne pourrai pas venir le jour de la rencontre.\r\n\r\nOdette Lemoine"),
        ("yvette", "Finalement nous serons trois.\r\n\r\nYvette Caron"),
        ("karim", "Bonjour,\r\n\r\nPeut-on se garer près de la salle pour la journée de travail ?\r\n\r\nKarim"),
    ];
    let mut letters: Vec<(String, String)> = texts
        .iter()
        .enumerate()
        .map(|(n, (who, text))| (format!("{n}"), letter(&format!("letter{n}"), &format!("{who}@orange.example"), text)))
        .collect();
    let absent = letter("absent", "lucie@orange.example", "Je suis absente jusqu'à lundi.");
    letters
        .push(("5".into(), absent.replacen("Subject: Re:", "Auto-Submitted: auto-replied\r\nSubject: Absence :", 1)));
    letters
}

/// The real time, for bounds.
pub fn now() -> Timestamp {
    Timestamp::now()
}
