//! What a volunteer types to look, to correct and to write down, on the demo's database.

use std::path::Path;
use std::process::{Command, Output};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_astir-rsvp"))
        .arg("--config")
        .arg(folder.join("config.toml"))
        .args(arguments)
        .output()
        .unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn digest_export_and_correct_work_on_what_the_demo_recorded() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("demo");
    let demo = Command::new(env!("CARGO_BIN_EXE_astir-rsvp")).arg("demo").arg(&folder).output().unwrap();
    assert!(demo.status.success(), "{}", String::from_utf8_lossy(&demo.stderr));

    let preview = run(&folder, &["digest", "--preview"]);
    assert!(preview.status.success() && text(&preview).starts_with("Objet : ["), "{}", text(&preview));
    let html = run(&folder, &["digest", "--preview", "--html"]);
    assert!(text(&html).starts_with("<!DOCTYPE html>"));
    assert_eq!(run(&folder, &["digest", "--preview", "--send"]).status.code(), Some(2));

    let before = text(&run(&folder, &["roster", "--json"]));
    let line = "Mme Nouvelle (t\u{e9}l\u{e9}phone) : 3 personnes";
    let corrected = run(&folder, &["correct", line]);
    assert!(corrected.status.success() && text(&corrected).contains("3\u{a0}personnes"), "{}", text(&corrected));
    let after = text(&run(&folder, &["roster", "--json"]));
    assert!(!before.contains("Mme Nouvelle") && after.contains("Mme Nouvelle"));
    let back = text(&corrected).split("annuler ").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    let undone = run(&folder, &["correct", &format!("annuler {back}")]);
    assert!(undone.status.success(), "{}", text(&undone));
    assert!(!text(&run(&folder, &["roster", "--json"])).contains("Mme Nouvelle"));
    assert_eq!(run(&folder, &["correct", "rien de tel"]).status.code(), Some(1));

    for name in ["a.xlsx", "a.csv", "a.json"] {
        let file = folder.join(name);
        let export = run(&folder, &["export", file.to_str().unwrap()]);
        assert!(export.status.success(), "{}", String::from_utf8_lossy(&export.stderr));
        let bytes = std::fs::read(&file).unwrap();
        match name {
            "a.xlsx" => assert!(bytes.starts_with(b"PK")),
            "a.csv" => assert!(bytes.starts_with("\u{feff}".as_bytes())),
            _ => assert!(serde_json::from_slice::<serde_json::Value>(&bytes).unwrap().is_object()),
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
    for wrong in [&["export", "a.doc"][..], &["export"], &["export", "--person", "nobody@example.org"]] {
        let refused = run(&folder, wrong);
        assert_eq!(refused.status.code(), Some(1), "{wrong:?}");
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(said.lines().count() == 1 && !said.contains("export/"), "{said}");
    }
    let address = after.split("\"address\":\"").nth(1).unwrap().split('"').next().unwrap();
    let person = run(&folder, &["export", "--person", address]);
    assert!(text(&person).contains("\"letters\""), "{address}");
}
