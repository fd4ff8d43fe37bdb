//! What an element's name, class, id or style says about the lines inside it.
//!
//! Each name is one that a mail program writes; the program is named beside it. Copies of a quoted mail get a prefix
//! (`x_` Outlook, `gmail-` Gmail), so names are looked for at the end of a word.

use super::token::attribute;
use crate::letter::line::Hint;

/// What an element does to its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    None,
    /// All inside is quoted.
    Quote,
    /// Around a quote: the attribution, the quote, and sometimes answers.
    Wrap,
    /// Not shown.
    Hidden,
    /// Says something of its lines.
    Hint(Hint),
}

impl Effect {
    /// What it says of a line.
    pub fn hint(self) -> Option<Hint> {
        if let Self::Hint(hint) = self { Some(hint) } else { None }
    }
}

/// The effect of an element.
pub fn of(name: &str, attributes: &str) -> Effect {
    if attributes.is_empty() && name != "blockquote" {
        return Effect::None;
    }
    let class = attribute(attributes, "class");
    let id = attribute(attributes, "id");
    let style: String = attribute(attributes, "style").chars().filter(|c| !c.is_whitespace()).collect();
    let has = |word: &str| class.split_whitespace().chain(id.split_whitespace()).any(|w| w.ends_with(word));
    let within = |word: &str| class.contains(word) || id.contains(word);
    if style.contains("display:none") || style.contains("mso-hide:all") {
        return Effect::Hidden;
    }
    // Thunderbird; Gmail; Outlook on the web and mobile; Proton; Zimbra; Samsung; Zoho; Yahoo on Android; Apple
    let signature = ["moz-signature", "gmail_signature", "signature", "ms-outlook-mobile-signature"]
        .iter()
        .chain(&["protonmail_signature_block", "composer_signature", "zmail_signature", "ymail_android_signature"])
        .any(|w| has(w))
        || attribute(attributes, "data-smartmail") == "gmail_signature"
        || attribute(attributes, "data-marker").starts_with("__sig_")
        || id.starts_with("applemailsignature");
    if signature {
        return Effect::Hint(Hint::Signature);
    }
    // Gmail; Thunderbird; Outlook Express
    if has("gmail_attr") || has("moz-cite-prefix") || has("outlookmessageheader") {
        return Effect::Hint(Hint::Attribution);
    }
    if name == "blockquote" {
        return blockquote(attributes, &class, &style);
    }
    // Yahoo; Thunderbird's forward; Outlook for Mac; new Outlook; Zoho; GMX and Web.de; Front; Mailo
    let quoted = within("yahoo_quoted")
        || has("moz-forward-container")
        || has("olk_src_body_section")
        || has("mail-editor-reference-message-container")
        || has("zmail_extra")
        || has("front-blockquote")
        || attribute(attributes, "name") == "quote";
    if quoted {
        return Effect::Quote;
    }
    if has("gmail_quote") || has("gmail_quote_container") || has("protonmail_quote") {
        return Effect::Wrap;
    }
    // Outlook on the web; Outlook 2007 and later (a blue or grey line above the block, in cm, in or pt)
    let border = style.contains("border:none;border-top:solid#") || style.contains("border-top:solid#e1e1e1");
    if has("divrplyfwdmsg") || border || style.contains("border-top:solid#b5c4df") {
        return Effect::Hint(Hint::HeadersBelow);
    }
    Effect::None
}

/// Programs quote with `<blockquote>`, and Gmail and word processors indent with it.
fn blockquote(attributes: &str, class: &str, style: &str) -> Effect {
    let cites = attribute(attributes, "type") == "cite" || !attribute(attributes, "cite").is_empty();
    // Gmail's own class is on what it indents, too: there the line at the left makes the quote.
    let named = class.contains("cite") || class.split_whitespace().any(|w| w.contains("quote") && w != "gmail_quote");
    let line = style.contains("border-left") && !style.contains("border-left:none");
    if cites || named || line { Effect::Quote } else { Effect::Hint(Hint::Indented) }
}

/// The rule between an answer and the mail below it (Zimbra).
pub fn divides(attributes: &str) -> bool {
    attribute(attributes, "data-marker") == "__divider__" || attribute(attributes, "id") == "zwchr"
}

/// A paragraph without space around it: Outlook writes each line as one.
pub fn tight(attributes: &str) -> bool {
    let style: String = attribute(attributes, "style").chars().filter(|c| !c.is_whitespace()).collect();
    attribute(attributes, "class").contains("msonormal")
        || style.contains("margin:0")
        || style.contains("margin-bottom:0")
}
