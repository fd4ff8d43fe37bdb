//! The spreadsheet as LibreOffice and French spreadsheets open it, and what is handed to a person who asks.

use std::process::Command;

use astir_rsvp::entry::{Content, Origin, Said};
use astir_rsvp::reading::{Course, Review, Sort};
use astir_rsvp::sheet::{self, Cell, Table};

use crate::book::{Book, DAY, EVENING, answer, at, config, dish, person, speech, thing};

const FORMULA: &str = "=HYPERLINK(\"http://evil.example\";\"x\")";

fn book() -> Book {
    let mut book = Book::new();
    let said = Said {
        answers: vec![answer(DAY, "yes 2 meal w1 w2"), answer(EVENING, "maybe")],
        contributions: vec![
            dish("quiche; aux \"poireaux\"", Course::Starter, 2),
            thing("installer les tables", Sort::Help),
        ],
        organisation: Some("Vivre ensemble".into()),
        diets: vec!["sans gluten".into()],
        ..Said::default()
    };
    book.said("2018-02-12 10:00", "Zo\u{e9} Petit", said);
    book.answers("2018-02-13 09:10", FORMULA, &[answer(DAY, "no")], &[dish("@SUM(A1)", Course::Main, 1)]);
    for (i, name) in ["+33 6 12", "-1+1", "\u{202e}live", "<b>gras</b>", &"W".repeat(10_000)].iter().enumerate() {
        book.answers(&format!("2018-02-14 1{i}:00"), name, &[answer(DAY, "yes")], &[dish(name, Course::Dessert, 1)]);
    }
    book.question("2018-02-15 10:00", "Odile Faure", "=1+1 et un covoiturage ?", Review::Request);
    book.enter("2018-02-15 11:00", Origin::Command, &person(""), "", Content::Undo(2));
    book
}

fn tables() -> Vec<Table> {
    sheet::tables(&book().ledger, &config(), &speech(), at("2018-02-20 09:00"))
}

#[test]
fn the_sheets_are_named_in_the_associations_language_and_every_row_fits_its_heading() {
    let tables = tables();
    let names: Vec<&str> = tables.iter().map(|t| t.name.as_str()).collect();
    assert_eq!(names, ["R\u{e9}ponses", "Repas", "Ateliers", "\u{c0} lire", "Journal"]);
    for table in &tables {
        assert!(!table.rows.is_empty(), "{} is empty", table.name);
        for row in &table.rows {
            assert_eq!(row.len(), table.head.len(), "{}", table.name);
        }
        for cell in table.rows.iter().flatten() {
            if let Cell::Text(words) = cell {
                assert!(!words.contains("sheet/") && !words.contains("digest/"), "a word is missing: {words}");
                assert!(words.chars().count() <= 1002 && !words.contains('\u{202e}'));
            }
        }
        assert!(table.head.iter().all(|h| !h.contains('/')), "{:?}", table.head);
    }
    let people = tables[0].head.iter().position(|h| h == "Personnes").unwrap();
    assert!(tables[0].rows.iter().any(|r| r[people] == Cell::Number(2)), "numbers are numbers");
}

#[test]
fn no_line_of_the_csv_is_a_formula() {
    for table in tables() {
        let csv = sheet::csv(&table);
        assert!(csv.starts_with('\u{feff}'));
        for cell in csv.trim_start_matches('\u{feff}').lines().flat_map(|l| l.split(';')) {
            let bare = cell.trim_start_matches('"');
            assert!(!bare.starts_with(['=', '+', '-', '@']), "{cell}");
        }
    }
}

/// LibreOffice opens the workbook and writes each sheet down; the cells are those that the tables hold.
#[test]
fn libreoffice_opens_the_workbook_and_sees_the_same_cells() {
    let folder = tempfile::tempdir().unwrap();
    let tables = tables();
    let file = folder.path().join("reponses.xlsx");
    std::fs::write(&file, sheet::xlsx(&tables, "Confidentiel & entre nous").unwrap()).unwrap();
    // The sheet names become file names: they need a locale that has their letters.
    let output = Command::new("soffice")
        .env("LC_ALL", "C.UTF-8")
        .arg(format!("-env:UserInstallation=file://{}/profile", folder.path().display()))
        .args([
            "--headless",
            "--convert-to",
            "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,-1",
        ])
        .args(["--outdir".as_ref(), folder.path().as_os_str(), file.as_os_str()])
        .output()
        .expect("libreoffice-calc-nogui is needed, see tests/packages");
    for table in &tables {
        let path = folder.path().join(format!("reponses-{}.csv", table.name));
        let seen = std::fs::read_to_string(&path)
            .unwrap_or_else(|e| panic!("{}: {e}: {}", path.display(), String::from_utf8_lossy(&output.stderr)));
        let shown = |cell: &Cell| match cell {
            Cell::Empty => String::new(),
            Cell::Number(n) => n.to_string(),
            // As LibreOffice writes a date where no language is set.
            Cell::Moment(at) => at.strftime("%m/%d/%Y %H:%M:%S").to_string(),
            Cell::Text(words) if words.contains([';', '"', '\n']) => format!("\"{}\"", words.replace('"', "\"\"")),
            Cell::Text(words) => words.clone(),
        };
        let head: Vec<Cell> = table.head.iter().cloned().map(Cell::Text).collect();
        let rows = std::iter::once(&head).chain(&table.rows);
        let expected: Vec<String> = rows.map(|row| row.iter().map(shown).collect::<Vec<_>>().join(";")).collect();
        let seen: Vec<&str> = seen.trim_start_matches('\u{feff}').lines().collect();
        let wrong = seen.iter().zip(&expected).find(|(s, e)| s != e);
        assert!(wrong.is_none() && seen.len() == expected.len(), "{}: {wrong:.300?}", table.name);
    }
}

#[test]
fn a_person_gets_everything_about_themselves_and_nothing_of_others() {
    let book = book();
    let address = &book.ledger.letters[0].person.address;
    let all = sheet::person::everything(&book.ledger, &address.to_uppercase()).unwrap();
    assert_eq!(all["letters"].as_array().unwrap().len(), 1);
    assert_eq!(all["entries"].as_array().unwrap().len(), 1);
    assert_eq!(all["mails"].as_array().unwrap().len(), 1);
    let text = all.to_string();
    assert!(text.contains("sans gluten") && !text.contains("Odile") && !text.contains("HYPERLINK"));
    assert!(sheet::person::everything(&book.ledger, "nobody@example.org").is_none());
    assert!(sheet::person::everything(&book.ledger, "").is_none());
}
