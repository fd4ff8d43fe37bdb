//! Authentication-Results as servers write it, and as forgers do.

use super::*;

const MX: &str = "mx.recu.example";

fn judged(value: &str) -> Verified {
    judge(value, "asso.example", MX)
}

#[test]
fn a_pass_of_dmarc_or_of_an_aligned_check_is_a_pass() {
    for value in [
        "mx.recu.example; dmarc=pass header.from=asso.example",
        "mx.recu.example 1; dkim=pass (good; really) header.i=@mail.asso.example header.s=s1; spf=none",
        "MX.recu.example;\r\n\tspf=pass reason=\"sender; is fine\" smtp.mailfrom=<contact@asso.example>",
        "mx.recu.example; dkim/1 = pass header.d = asso.example",
    ] {
        assert_eq!(judged(value), Verified::Pass, "{value}");
    }
}

#[test]
fn a_pass_for_another_domain_vouches_for_nobody() {
    let value = "mx.recu.example; dkim=pass header.d=mailer.example; spf=pass smtp.mailfrom=bounce@mailer.example";
    assert_eq!(judged(value), Verified::Unknown);
    assert_eq!(judged(&format!("{value}; dmarc=fail")), Verified::Fail);
    assert_eq!(judge("mx.recu.example; dkim=pass header.d=so.example", "asso.example", MX), Verified::Unknown);
}

#[test]
fn a_sender_fails_when_what_was_tried_failed() {
    assert_eq!(judged("mx.recu.example; dkim=fail header.d=asso.example; spf=fail; dmarc=fail"), Verified::Fail);
    assert_eq!(judged("mx.recu.example; dkim=none; spf=fail smtp.mailfrom=asso.example"), Verified::Fail);
    for value in ["dkim=none; spf=softfail", "dkim=temperror; spf=permerror; dmarc=none", "none", "spf=neutral"] {
        assert_eq!(judged(&format!("mx.recu.example; {value}")), Verified::Unknown, "{value}");
    }
}

#[test]
fn a_header_with_another_authserv_id_says_nothing() {
    assert_eq!(judged("mx.autre.example; dmarc=pass"), Verified::Unknown);
    assert_eq!(judged("dmarc=pass header.from=asso.example"), Verified::Unknown);
}

#[test]
fn without_a_configured_server_a_pass_proves_nothing_and_a_failure_still_counts() {
    assert_eq!(judge("who.ever.example; dmarc=pass", "asso.example", ""), Verified::Unknown);
    assert_eq!(judge("spf=fail smtp.mailfrom=x.example; dkim=none; dmarc=fail", "asso.example", ""), Verified::Fail);
}

#[test]
fn only_the_topmost_header_is_read() {
    let letter = Letter {
        from: Some(super::super::Mailbox { name: String::new(), address: "marie@asso.example".into() }),
        ..Letter::default()
    };
    let us = Ourselves { authserv_id: MX.into(), ..Ourselves::default() };
    let read = |text: &str| verdict(&Headers::read(text.as_bytes()), &letter, &us);
    let forged = "Authentication-Results: mx.recu.example; dmarc=fail\nReceived: by mx.recu.example\nAuthentication-Results: mx.recu.example; dmarc=pass\n\n";
    assert_eq!(read(forged), Verified::Fail);
    let planted =
        "Authentication-Results: relay.example; none\nAuthentication-Results: mx.recu.example; dmarc=pass\n\n";
    assert_eq!(read(planted), Verified::Unknown);
}

#[test]
fn rubbish_is_read_without_harm() {
    for value in ["", ";;;", "((((", "\"", "a=b=c;=;d=", "mx.recu.example;\\", "mx.recu.example; (\\"] {
        assert_eq!(judged(value), Verified::Unknown, "{value}");
    }
}
