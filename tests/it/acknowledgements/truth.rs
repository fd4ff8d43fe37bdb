//! What an acknowledgement may say: checked word by word against the situation, without the code that wrote it.
//!
//! [`check`] is used over generated situations and over the labels of every labelled letter.

use std::collections::{BTreeMap, BTreeSet};

use astir_rsvp::acknowledge::Situation;
use astir_rsvp::config::Config;
use astir_rsvp::entry::Said;
use astir_rsvp::reading::{Answer, Attendance, Meal, Part, Review};
use astir_rsvp::rules;
use astir_rsvp::text::fold;

/// Words of a text, folded.
fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).flat_map(|w| {
        let folded = fold(w);
        folded.split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>()
    })
}

/// Every word of the French templates, of the dates and of the courses that may be missing.
pub fn templates() -> BTreeSet<String> {
    let files = rules::embedded();
    let mut texts: Vec<String> =
        files.iter().filter(|(p, _)| p.starts_with("fr/acknowledge")).map(|(_, t)| t.clone()).collect();
    let tables: BTreeMap<String, BTreeMap<String, String>> = toml::from_str(&files["fr/words.toml"]).unwrap();
    texts.extend(tables["dates"].values().cloned());
    texts.extend(
        tables["grammar"].iter().filter(|(k, _)| k.starts_with("named") || *k == "and").map(|(_, t)| t.clone()),
    );
    texts.extend(tables["acknowledge"].iter().filter(|(k, _)| k.starts_with("missing")).map(|(_, t)| t.clone()));
    let number = |w: &String| w.parse::<u32>().is_ok();
    texts.iter().flat_map(|t| words(t).collect::<Vec<_>>()).filter(|w| !number(w)).collect()
}

fn announced(config: &Config) -> BTreeSet<String> {
    let a = &config.association;
    let mut texts = vec![a.name.clone(), a.short_name.clone(), a.address.clone()];
    for event in &config.events {
        texts.extend([event.title.clone(), event.place.clone(), event.address.clone(), event.bring.clone()]);
        texts.extend(event.workshops.iter().flat_map(|w| [w.number.to_string(), w.title.clone()]));
        for moment in [Some(event.start), event.end].into_iter().flatten() {
            let (date, time) = (moment.date(), moment.time());
            texts.extend([date.day(), time.hour()].map(|n| n.to_string()));
            texts.push(format!("{:02}", time.minute()));
        }
        let gone = event.over().date().checked_add(jiff::Span::new().days(i64::from(config.erase_after_days))).unwrap();
        texts.extend([gone.day().to_string(), gone.year().to_string()]);
    }
    texts.iter().flat_map(|t| words(t).collect::<Vec<_>>()).collect()
}

/// The words and numbers that the answer itself holds.
fn theirs(said: &Said) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for answer in &said.answers {
        // "finalement nous serons 3": the example is one more.
        out.extend(answer.people.iter().flat_map(|n| [n.to_string(), (n + 1).to_string()]));
    }
    for contribution in &said.contributions {
        out.extend(words(&contribution.what));
        out.extend(contribution.quantity.map(|q| q.to_string()));
    }
    out.extend(said.diets.iter().flat_map(|d| words(d).collect::<Vec<_>>()));
    out
}

fn plain(text: &str) -> String {
    text.replace(['\u{a0}', '\u{202f}'], " ").replace('\u{2019}', "'")
}

/// Whether a person must read it because the reading is not trusted.
pub fn doubtful(said: &Said) -> bool {
    let asks = [Review::Question, Review::Request, Review::OfferToConfirm, Review::PersonalData];
    said.review.iter().any(|r| !asks.contains(r))
}

/// Everything that is wrong with an acknowledgement; empty when it is true.
pub fn check(situation: &Situation, config: &Config, text: &str, templates: &BTreeSet<String>) -> Vec<String> {
    let text = plain(text);
    let mut wrong = Vec::new();
    let mut hold = |holds: bool, what: &str| {
        if !holds {
            wrong.push(what.to_owned());
        }
    };
    hold(text.contains("répondez simplement à ce message"), "it lacks the way to correct");
    hold(text.contains("automatique"), "it does not say that it is automatic");
    hold(text.matches('!').count() == 0, "it shouts");
    hold(text.matches('?').count() <= 1, "it asks twice");
    hold(
        !text.contains("\n\n\n") && !text.contains("  ") && !text.contains(" ,") && !text.contains(" ."),
        "a blank shows",
    );
    let mut allowed = announced(config);
    if !doubtful(&situation.said) {
        allowed.extend(theirs(&situation.said));
        allowed.extend(situation.before.iter().flat_map(theirs));
    }
    let greeted = text.lines().next().unwrap().trim_start_matches("Bonjour").trim_matches([' ', ',']).to_owned();
    hold(greeted.is_empty() || fold(&greeted) == fold(situation.signed.trim()), "it greets somebody else");
    let example = "par exemple « nous serons 3 »";
    let body = text.replace(example, "").lines().skip(1).collect::<Vec<_>>().join("\n");
    for word in words(&body) {
        hold(templates.contains(&word) || allowed.contains(&word), &format!("\u{ab}{word}\u{bb} comes from nowhere"));
    }
    wrong.extend(statements(situation, config, &text));
    wrong
}

/// Each statement that the text makes, against the answers.
fn statements(situation: &Situation, config: &Config, text: &str) -> Vec<String> {
    let said = &situation.said;
    let local = situation.now.to_zoned(config.association.timezone.clone()).datetime();
    let upcoming = |a: &&Answer| config.events.iter().any(|e| e.id == a.event && e.over() >= local);
    let all: Vec<&Answer> = said.answers.iter().filter(upcoming).collect();
    let any = |f: &dyn Fn(&Answer) -> bool| !doubtful(said) && all.iter().any(|a| f(a));
    let comes = |a: &Answer| a.attendance == Attendance::Yes && !situation.in_place.contains(&a.event);
    let here = |a: &Answer| a.attendance != Attendance::No;
    let rules: [(&str, bool); 14] = [
        ("- Vous venez", any(&|a| comes(a))),
        ("- Vous ne venez pas", any(&|a| a.attendance == Attendance::No)),
        ("- Vous viendrez peut-être", any(&|a| a.attendance == Attendance::Maybe)),
        ("- Oui", any(&|a| a.attendance == Attendance::Yes && situation.in_place.contains(&a.event))),
        ("- Peut-être", any(&|a| a.attendance == Attendance::Maybe && situation.in_place.contains(&a.event))),
        ("Nous n'avons pas noté à combien", any(&|a| comes(a) && a.people.is_none_or(|n| n == 0))),
        ("Repas partagé : oui", any(&|a| comes_or_sends(a) && a.meal == Some(Meal::Yes))),
        ("epas partagé : non", any(&|a| here(a) && a.meal == Some(Meal::No))),
        (
            "our une partie de la rencontre.\n- ",
            any(&|a| here(a) && a.part == Part::Partial) || text.contains("notons maintenant"),
        ),
        ("Atelier choisi", any(&|a| here(a) && !a.workshops.is_empty())),
        ("Ateliers choisis", any(&|a| here(a) && a.workshops.len() > 1)),
        ("Vous apportez : ", !doubtful(said) && said.contributions.iter().any(|c| !c.tentative && !c.own)),
        ("Votre question sera lue", said.review.contains(&Review::Question)),
        ("nous avions noté", !doubtful(said) && situation.before.is_some()),
    ];
    let mut wrong: Vec<String> = rules
        .iter()
        .filter(|(t, holds)| text.contains(t) && !holds)
        .map(|(t, _)| format!("it says \u{ab}{t}\u{bb}"))
        .collect();
    // The other way round: who comes is told so, with the number, unless the reading is doubted.
    if situation.kind == astir_rsvp::reading::Kind::Rsvp {
        for answer in all.iter().filter(|a| comes(a) && !doubtful(said)) {
            let number = answer.people.filter(|n| *n > 0).map(|n| format!("- Vous venez : {n} personne"));
            let told = number.as_deref().unwrap_or("- Vous venez");
            if !text.contains(told) {
                wrong.push(format!("it does not say \u{ab}{told}\u{bb}"));
            }
        }
    }
    wrong
}

fn comes_or_sends(answer: &Answer) -> bool {
    answer.attendance != Attendance::No
}
