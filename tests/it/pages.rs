//! The digest's HTML in the mail programs that people use: only what all of them show, readable, and no wider than a
//! telephone. The pages are the golden digests and one full of hostile names.

use std::collections::BTreeSet;
use std::io::Write;
use std::process::Command;

use astir_rsvp::digest::{self, Edition, Facts};
use astir_rsvp::entry::{Content, Said};
use astir_rsvp::reading::{Course, Review};
use astir_rsvp::roster;
use regex::Regex;

use crate::book::{Book, DAY, answer, at, config, dish, speech};

/// Tags that Gmail, Outlook, Orange, La Poste, SFR and Thunderbird all show as they are meant.
const TAGS: [&str; 16] =
    ["html", "head", "meta", "title", "body", "table", "tr", "td", "th", "p", "strong", "ul", "li", "br", "span", "a"];

/// Properties that may stand in a `style` attribute.
const PROPERTIES: [&str; 19] = [
    "margin",
    "margin-top",
    "padding",
    "padding-left",
    "padding-top",
    "color",
    "background-color",
    "font-family",
    "font-size",
    "line-height",
    "max-width",
    "width",
    "height",
    "border",
    "border-left",
    "border-top",
    "text-align",
    "overflow-wrap",
    "word-break",
];

/// What is wrong with a page, in words.
fn wrong(html: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let tag = Regex::new(r"<(/?)([a-zA-Z!][a-zA-Z0-9]*)([^>]*)>").unwrap();
    let style = Regex::new(r#"style="([^"]*)""#).unwrap();
    let attribute = Regex::new(r#"([a-zA-Z-]+)="#).unwrap();
    let attributes = [
        "lang",
        "charset",
        "name",
        "content",
        "style",
        "width",
        "height",
        "cellpadding",
        "cellspacing",
        "border",
        "align",
        "valign",
        "scope",
        "bgcolor",
    ];
    let value = Regex::new(r#"="[^"]*""#).unwrap();
    for found in tag.captures_iter(html) {
        let name = found[2].to_lowercase();
        if name != "!doctype" && !TAGS.contains(&name.as_str()) {
            wrong.push(format!("<{name}> is not shown everywhere"));
        }
        let rest = style.replace_all(&found[3], r#"style="""#);
        let rest = value.replace_all(&rest, "=").into_owned();
        for a in attribute.captures_iter(&rest).filter(|a| !attributes.contains(&&a[1])) {
            wrong.push(format!("attribute {} is not known", &a[1]));
        }
    }
    for found in style.captures_iter(html) {
        let declared: Vec<(&str, &str)> = found[1].split(';').filter_map(|d| d.split_once(':')).collect();
        let get = |key: &str| declared.iter().find(|(k, _)| *k == key).map(|(_, v)| *v);
        for (key, value) in &declared {
            if !PROPERTIES.contains(key) {
                wrong.push(format!("property {key} is not shown everywhere"));
            }
            if *key == "font-size" && value.trim_end_matches("px").parse::<u32>().is_ok_and(|n| n < 14) {
                wrong.push(format!("{value} is too small"));
            }
            if value.contains("url(") || value.contains("rem") || value.contains("var(") {
                wrong.push(format!("value {value}"));
            }
        }
        match (get("color"), get("background-color")) {
            (Some(front), Some(back)) if contrast(front, back) < 4.5 => {
                wrong.push(format!("{front} on {back} cannot be read"));
            }
            (Some(_), None) => wrong.push("a colour without its background".into()),
            // A bar is an empty cell: its colour says nothing.
            (None, Some(_)) if get("height").is_none() => wrong.push("a background without its colour".into()),
            _ => {}
        }
    }
    for word in ["http:", "https:", "src=", "<style", "javascript:", "@media", "cid:"] {
        if html.contains(word) {
            wrong.push(format!("{word} is in the page"));
        }
    }
    wrong.sort();
    wrong.dedup();
    wrong
}

/// Contrast of two `#rrggbb` colours (WCAG 2.1).
fn contrast(a: &str, b: &str) -> f64 {
    let light = |colour: &str| {
        let part = |i: usize| f64::from(u8::from_str_radix(&colour[i..i + 2], 16).unwrap()) / 255.0;
        let linear = |c: f64| if c <= 0.03928 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
        0.2126 * linear(part(1)) + 0.7152 * linear(part(3)) + 0.0722 * linear(part(5))
    };
    let (a, b) = (light(a), light(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The words of a page, spaces made one.
fn words(html: &str) -> String {
    let body = html.split("</head>").nth(1).unwrap();
    let text = Regex::new("<[^>]*>").unwrap().replace_all(body, " ").into_owned();
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#x2f;", "/")
        .replace("&amp;", "&");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn pages() -> Vec<(String, String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/drafts/digests");
    let mut pages = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "html") {
            let text = std::fs::read_to_string(path.with_extension("txt")).unwrap();
            let html = std::fs::read_to_string(&path).unwrap();
            pages.push((path.file_stem().unwrap().to_str().unwrap().to_owned(), text, html));
        }
    }
    let (text, html) = hostile();
    pages.push(("hostile".into(), text, html));
    assert!(pages.len() > 9);
    pages
}

/// A digest whose every stranger's text is an attack.
fn hostile() -> (String, String) {
    let mut book = Book::new();
    let long = "W".repeat(10_000);
    let names = [
        "=HYPERLINK(\"http://evil.example\",\"x\")",
        "<script>alert(1)</script><img src=x>",
        "\u{202e}gnitteg\u{2066}\u{200f}",
        &long,
        "A\r\nBcc: all@example.org",
        "{{ config }}{% for %}",
        "</td></tr></table><style>*{display:none}</style>",
    ];
    for (i, name) in names.iter().enumerate() {
        let when = format!("2018-02-12 {}:00", 10 + i);
        let said = Said {
            answers: vec![answer(DAY, "yes 2 meal w1")],
            contributions: vec![dish(name, Course::Main, 1)],
            organisation: Some((*name).into()),
            diets: vec![(*name).into()],
            words: vec![(*name).into()],
            ..Said::default()
        };
        book.said(&when, name, said);
        book.question(&when, name, name, Review::Question);
        let letter = book.ledger.letters.last_mut().unwrap();
        letter.subject = (*name).into();
    }
    assert!(book.ledger.entries.iter().any(|e| matches!(&e.content, Content::Said(_))));
    let now = at("2018-02-21 07:30");
    let config = config();
    let roster = roster::fold(&book.ledger, &config, now);
    let facts = Facts { now, since: None, edition: Edition::Daily, last_read: None };
    let draft = digest::compose(&book.ledger, &roster, &facts, &config, &speech()).unwrap();
    assert!(!draft.subject.contains(['\r', '\n']));
    (draft.text, draft.html.unwrap())
}

#[test]
fn every_page_keeps_to_what_all_mail_programs_show() {
    for (name, _, html) in pages() {
        let wrong = wrong(&html);
        assert!(
            wrong.is_empty()
                || name == "hostile" && wrong.iter().all(|w| w == "http: is in the page" || w == "src= is in the page"),
            "{name}: {wrong:?}"
        );
        assert!(html.len() < 60_000, "{name}: {} bytes", html.len());
    }
}

#[test]
fn the_check_sees_what_is_wrong_with_a_bad_page() {
    let bad = r#"<html></head><div style="display:flex;color:#777777;background-color:#888888"><img src="http://x/y.png"><p style="font-size:11px;color:#000000" onclick="x">a</p></div>"#;
    let found = wrong(bad);
    for expected in [
        "<div>",
        "<img>",
        "display",
        "#777777 on #888888",
        "11px is too small",
        "without its background",
        "http:",
        "onclick",
    ] {
        assert!(found.iter().any(|w| w.contains(expected)), "{expected} was not seen in {found:?}");
    }
}

#[test]
fn a_strangers_text_stays_text() {
    let (text, html) = hostile();
    assert!(!html.contains("<script") && !html.contains("<img") && !html.contains("<style"));
    for piece in [&text, &html] {
        assert!(!piece.contains(['\u{202e}', '\u{2066}', '\u{200f}']));
        assert!(!piece.contains("\nBcc:"));
        assert!(piece.contains("{{ config }}"), "a template in a name is not run");
        assert!(!piece.contains(&"W".repeat(300)));
    }
}

#[test]
fn text_and_html_say_the_same() {
    for (name, text, html) in pages() {
        let html = words(&html);
        let seen: BTreeSet<String> = html.split_whitespace().map(str::to_lowercase).collect();
        // Headings are in capitals in the text; numbers stand in brackets; a subject line comes first in the golden text.
        let body =
            text.split_once("\n\n").filter(|(head, _)| head.starts_with("Subject")).map_or(text.as_str(), |(_, b)| b);
        let bare = |w: &str| w.trim_matches(['[', ']', ':']).to_lowercase();
        let missing: Vec<&str> = body
            .split_whitespace()
            .filter(|w| {
                !["-", "--", ":"].contains(w)
                    && !seen.contains(&w.to_lowercase())
                    && !html.to_lowercase().contains(&bare(w))
            })
            .collect();
        assert!(missing.is_empty(), "{name}: only in the text: {missing:?}");
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
        let absent: Vec<&str> = html.split_whitespace().filter(|w| !flat.contains(&w.to_lowercase())).collect();
        assert!(
            absent.iter().all(|w| ["N\u{b0}", "No.", "Nom", "R\u{e9}ponse"].contains(w)),
            "{name}: only in the HTML: {absent:?}"
        );
    }
}

/// Runs a real browser on a page that lies in a folder of its own.
fn chromium(arguments: &[&str], page: &std::path::Path) -> std::process::Output {
    Command::new("chromium")
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        .args(arguments)
        .arg(format!("--user-data-dir={}", page.with_file_name("profile").display()))
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("chromium is needed, see tests/packages")
}

/// Printed on A4 as an organiser does on the eve: few sheets, every word on them, no number or name torn in two.
#[test]
fn the_list_is_fit_to_print() {
    for (name, text, html) in pages().into_iter().filter(|(name, _, _)| name == "eve" || name == "120-answers") {
        let folder = tempfile::tempdir().unwrap();
        let page = folder.path().join("page.html");
        std::fs::write(&page, html.replace("<title>", "<style>@page{size:A4}</style><title>")).unwrap();
        let pdf = folder.path().join("page.pdf");
        chromium(&["--no-pdf-header-footer", &format!("--print-to-pdf={}", pdf.display())], &page);
        let printed = Command::new("pdftotext").arg("-layout").arg(&pdf).arg("-").output();
        let printed = String::from_utf8(printed.expect("poppler-utils is needed, see tests/packages").stdout).unwrap();
        let sheets = printed.matches('\u{c}').count();
        let most = if name == "eve" { 3 } else { 9 };
        assert!((1..=most).contains(&sheets), "{name} takes {sheets} sheets");
        let on_paper: BTreeSet<&str> = printed.split_whitespace().collect();
        let html = words(&html);
        let lost: Vec<&str> = html.split(' ').filter(|w| !w.contains('\u{a0}') && !on_paper.contains(w)).collect();
        assert!(lost.len() <= html.split(' ').count() / 100, "{name}: not on paper: {lost:?}");
        let list = text.lines().skip_while(|l| !l.starts_with("LISTE COMPL"));
        for line in list.filter_map(|l| l.trim_start().strip_prefix('[')) {
            let Some((number, name)) = line.split_once("] ") else { continue };
            let name = name.split([':', '(']).next().unwrap().trim_matches([' ', '\u{a0}', '\u{202f}']);
            let on_paper =
                |l: &str| l.trim_start_matches(['\u{c}', ' ']).strip_prefix(number).map(|r| r.trim().to_owned());
            assert!(
                printed.lines().filter_map(on_paper).any(|row| row.starts_with(name)),
                "{name}, number {number}: torn on paper"
            );
        }
    }
}

/// Measured by a real browser, in a frame as wide as the screen of a telephone and of a desk.
#[test]
fn no_page_scrolls_sideways_on_a_telephone() {
    let folder = tempfile::tempdir().unwrap();
    let mut outer = String::from("<!DOCTYPE html><body><pre id=out></pre>");
    let pages = pages();
    for (name, _, html) in &pages {
        let escaped = html.replace('&', "&amp;").replace('"', "&quot;");
        for width in [375, 1000] {
            outer += &format!(
                "<iframe title=\"{name}\" width={width} height=600 frameborder=0 srcdoc=\"{escaped}\"></iframe>"
            );
        }
    }
    outer += "<script>onload=()=>{let o='';for(const f of document.querySelectorAll('iframe')){const d=f.contentDocument;\
              let small=99;for(const e of d.querySelectorAll('body *'))if(e.childNodes.length&&e.innerText.trim())\
              small=Math.min(small,parseFloat(getComputedStyle(e).fontSize));\
              o+='MEAS'+'URED '+f.title+' '+f.width+' '+d.documentElement.scrollWidth+' '+small+'\\n'}\
              document.getElementById('out').textContent=o}</script>";
    let page = folder.path().join("pages.html");
    std::fs::File::create(&page).unwrap().write_all(outer.as_bytes()).unwrap();
    let output = chromium(&["--virtual-time-budget=5000", "--dump-dom"], &page);
    let dom = String::from_utf8_lossy(&output.stdout);
    let measured: Vec<Vec<&str>> =
        dom.lines().filter_map(|l| l.split("MEASURED ").nth(1)).map(|l| l.split_whitespace().collect()).collect();
    assert_eq!(measured.len(), pages.len() * 2, "{}", String::from_utf8_lossy(&output.stderr));
    for m in measured {
        let number = |i: usize| m[i].parse::<f64>().unwrap();
        assert!(number(2) <= number(1), "{} is {} wide in {}", m[0], m[2], m[1]);
        assert!(number(3) >= 14.0, "{} has letters of {} px", m[0], m[3]);
    }
}
