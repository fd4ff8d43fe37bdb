//! Whole correction mails through the built program: good, quoted, ambiguous, forged. What each changes in the roster,
//! and to whom a report of what goes, is committed in `tests/drafts/correction-mails.txt`.

use std::path::{Path, PathBuf};

use jiff::{ToSpan, Zoned};
use mail_parser::MessageParser;
use serde_json::Value;

use crate::program;

/// Title, From, extra headers, thread (`D` a digest's, `?` one that was never sent, empty none), text.
const MAILS: [(&str, &str, &str, char, &str); 10] = [
    (
        "good, the digest quoted below",
        "anne@example.org",
        "",
        'D',
        "Blanc : 3 personnes\n\nAnne\n\nLe lun. 5 mars 2018 à 08:00, Collectif <nous@example.org> a écrit :\n> Roux : absent\n> [1] Marie Roux : oui, 1 personne",
    ),
    (
        "good, several lines",
        "anne@example.org",
        "",
        'D',
        "Blanc : 2 personnes\nMme Neuve (téléphone) : 1 personne, un taboulé",
    ),
    ("ambiguous: two people of that name", "anne@example.org", "", 'D', "Roux : absent"),
    ("not understood", "anne@example.org", "", 'D', "Peut-on changer la couleur des nappes ?"),
    (
        "forged: the receiving server says that the sender is false",
        "anne@example.org",
        "Authentication-Results: mx.example.org; dkim=fail; spf=fail; dmarc=fail\n",
        'D',
        "Blanc : absent",
    ),
    ("not an organiser, who was passed a digest", "intrus@free.example", "", 'D', "Blanc : absent"),
    ("an organiser, in no digest's thread", "anne@example.org", "", ' ', "Blanc : absent"),
    (
        "an organiser, in no digest's thread, about herself",
        "anne@example.org",
        "",
        ' ',
        "Bonjour,\nPour ma part : je viendrai à la fête des voisins.",
    ),
    ("an organiser's address in a thread that was never sent", "anne@example.org", "", '?', "Blanc : absent"),
    ("her absence note in the thread", "anne@example.org", "Auto-Submitted: auto-replied\n", 'D', "Blanc : absent"),
];

struct Desk {
    folder: tempfile::TempDir,
    count: usize,
}

impl Desk {
    fn new() -> Self {
        let day = Zoned::now().checked_add(40.days()).unwrap().date();
        let config = format!(
            "[association]\nname = \"Collectif\"\naddress = \"nous@example.org\"\n\
             organisers = [\"anne@example.org\", \"luc@example.org\"]\n[maildir]\ninbox = \"inbox\"\nsent = \"sent\"\n\
             [store]\npath = \"rsvp.sqlite\"\n[acknowledge]\nsend = true\ndelay = \"0s\"\nquiet = \"\"\n\
             [digest]\nto = [\"anne@example.org\"]\n\
             [[event]]\nid = \"fete\"\ntitle = \"Fête des voisins\"\nstart = {day}T12:00:00\nshared_meal = true\n"
        );
        let folder = program::home(&config);
        let mut desk = Self { folder, count: 0 };
        desk.run(&["run", "--once"]);
        for (address, name) in
            [("m@free.example", "Marie Roux"), ("a@free.example", "Alice Roux"), ("p@free.example", "Paul Blanc")]
        {
            desk.deliver(address, "", "", &format!("Bonjour, je viendrai à la fête des voisins.\n\n{name}"));
        }
        desk
    }

    fn run(&self, arguments: &[&str]) -> String {
        program::run(self.folder.path(), arguments)
    }

    fn sent(&self) -> Vec<PathBuf> {
        program::sent(self.folder.path())
    }

    /// A letter comes; what the program then sends.
    fn deliver(&mut self, from: &str, headers: &str, thread: &str, text: &str) -> Vec<PathBuf> {
        self.count += 1;
        let before = self.sent();
        let date = Zoned::now().strftime("%a, %d %b %Y %H:%M:%S %z");
        let thread = if thread.is_empty() { String::new() } else { format!("In-Reply-To: <{thread}>\n") };
        let mail = format!(
            "{headers}From: <{from}>\nTo: nous@example.org\nSubject: Re: Fête des voisins\nDate: {date}\n\
             Message-ID: <{}@desk.example>\n{thread}MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\
             Content-Transfer-Encoding: 8bit\n\n{text}\n",
            self.count
        );
        std::fs::write(self.folder.path().join(format!("inbox/new/{}.mail", self.count)), mail).unwrap();
        self.run(&["run", "--once"]);
        self.sent().into_iter().filter(|f| !before.contains(f)).collect()
    }

    /// Who comes, one a line.
    fn roster(&self) -> String {
        let roster: Value = serde_json::from_str(&self.run(&["roster", "--json"])).unwrap();
        let guests = roster["events"][0]["guests"].as_array().unwrap();
        let mut lines: Vec<String> = guests
            .iter()
            .map(|g| {
                format!("  {}: {} {}\n", g["name"].as_str().unwrap(), g["attendance"].as_str().unwrap(), g["people"])
            })
            .collect();
        lines.sort();
        lines.concat()
    }
}

/// To whom, and the lines that say what was done; dates and other days' figures left out.
fn told(file: &Path) -> String {
    let bytes = std::fs::read(file).unwrap();
    let mail = MessageParser::default().parse(&bytes).unwrap();
    let to = mail.to().unwrap().first().unwrap().address().unwrap().to_owned();
    let text = mail.body_text(0).unwrap().replace(['\u{a0}', '\u{202f}'], " ");
    let lines: String = text.lines().filter(|l| l.starts_with('«')).map(|l| format!("    {l}\n")).collect();
    format!("  to {to}\n{lines}")
}

#[test]
fn only_what_an_organiser_really_wrote_in_a_digests_thread_is_done_and_reported() {
    let mut all = String::new();
    for (title, from, headers, thread, text) in MAILS {
        let mut desk = Desk::new();
        let before = desk.sent();
        desk.run(&["digest", "--send"]);
        desk.run(&["run", "--once"]);
        let digest = desk.sent().into_iter().find(|f| !before.contains(f)).expect("a digest left");
        let bytes = std::fs::read(digest).unwrap();
        let id = MessageParser::default().parse(&bytes).unwrap().message_id().unwrap().to_owned();
        let thread = match thread {
            'D' => id.as_str(),
            '?' => "digest.20180101.0000@example.org",
            _ => "",
        };
        let mut reports: Vec<String> = desk.deliver(from, headers, thread, text).iter().map(|f| told(f)).collect();
        reports.sort();
        all += &format!(
            "== {title}\n{}-- roster\n{}-- told\n{}",
            text.lines().map(|l| format!("| {l}\n")).collect::<String>(),
            desk.roster(),
            reports.concat()
        );
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drafts/correction-mails.txt");
    if std::env::var_os("UPDATE_DRAFTS").is_some() {
        std::fs::write(&path, &all).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == all, "tests/drafts/correction-mails.txt differs:\n{all}");
}
