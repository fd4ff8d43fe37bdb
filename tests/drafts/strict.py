#!/usr/bin/env python3
"""Reads rendered mails as another program would, and prints what it found, one JSON object a line.

    strict.py FILE.eml…

Python's email with the strict policy: any defect is an error. Headers are ASCII; a line is above 78 characters only
where nothing can be folded; each .ics is read by the icalendar package (python3-icalendar).
"""
import email
import email.policy
import json
import re
import sys

import icalendar

policy = email.policy.strict.clone(linesep="\r\n")


def read(path):
    raw = open(path, "rb").read()
    assert raw.count(b"\n") == raw.count(b"\r\n"), "a bare line end"
    assert all(b < 128 for b in raw), "not ASCII"
    head = raw.split(b"\r\n\r\n", 1)[0].decode("ascii")
    for line in raw.decode("ascii").split("\r\n"):
        # An id or an address alone on its line cannot be broken.
        alone = re.fullmatch(r"([A-Za-z-]+:)? ?\S+", line) and line in head
        assert len(line) <= 78 or alone, f"{len(line)} characters: {line}"
    mail = email.message_from_bytes(raw, policy=policy)
    assert not mail.defects, mail.defects
    for part in mail.walk():
        assert not part.defects, part.defects
        for name, value in part.items():
            assert not value.defects, (name, value.defects)
    for name in ("From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Auto-Submitted", "X-Auto-Response-Suppress"):
        assert len(mail.get_all(name, [])) == 1, name
    for name in ("Cc", "Bcc", "Precedence", "Reply-To", "List-Id", "Disposition-Notification-To"):
        assert name not in mail, name
    text = mail.get_body(("plain",))
    calendars = [calendar(p) for p in mail.iter_attachments()]
    return {
        "from": [a.addr_spec for a in mail["From"].addresses],
        "name": mail["From"].addresses[0].display_name,
        "to": [a.addr_spec for a in mail["To"].addresses],
        "subject": str(mail["Subject"]),
        "message_id": str(mail["Message-ID"]),
        "in_reply_to": str(mail.get("In-Reply-To", "")),
        "references": str(mail.get("References", "")).split(),
        "auto_submitted": str(mail["Auto-Submitted"]),
        "suppress": str(mail["X-Auto-Response-Suppress"]),
        "text": text.get_content().replace("\r\n", "\n").rstrip("\n") + "\n",
        "calendars": calendars,
    }


def calendar(part):
    assert part.get_content_type() == "text/calendar", part.get_content_type()
    raw = part.get_payload(decode=True)
    read = icalendar.Calendar.from_ical(raw)
    assert read.to_ical() and not read.errors, read.errors
    assert str(read["METHOD"]) == part.get_param("method") == "PUBLISH"
    (event,) = read.walk("VEVENT")
    assert not event.errors and "ATTENDEE" not in event
    zones = [str(z["TZID"]) for z in read.walk("VTIMEZONE")]
    start = event["DTSTART"]
    if "TZID" in start.params:
        assert start.params["TZID"] in zones, zones
    for zone in read.walk("VTIMEZONE"):
        zone.to_tz()
    return {
        "name": part.get_filename(),
        "uid": str(event["UID"]),
        "sequence": int(event["SEQUENCE"]),
        "summary": str(event["SUMMARY"]),
        "start": start.dt.isoformat(),
        "organizer": str(event["ORGANIZER"]),
    }


for path in sys.argv[1:]:
    try:
        found = read(path)
    except Exception as error:  # the name of the file says which mail
        found = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps({"file": path.rsplit("/", 1)[-1], **found}))
