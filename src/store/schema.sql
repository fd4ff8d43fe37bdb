-- The database of one association, version 1. Times are milliseconds since 1970 in UTC; lists and meanings are JSON.

-- One row a letter, whatever folder or UID it shows up under again. Of `other` without a review, `auto` and `bounce`
-- the columns from `address` to `signed`, `subject` and `excerpt` stay empty.
CREATE TABLE letter (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,  -- never reused: organisers quote it in corrections
    hash        TEXT    NOT NULL UNIQUE,            -- of the content without trace headers: its identity
    received    INTEGER NOT NULL,
    read        INTEGER NOT NULL,
    address     TEXT    NOT NULL DEFAULT '',
    name        TEXT    NOT NULL DEFAULT '',
    folded      TEXT    NOT NULL DEFAULT '',        -- the address as compared (Gmail dots and +tags removed)
    shown       TEXT    NOT NULL DEFAULT '',
    signed      TEXT    NOT NULL DEFAULT '',
    language    TEXT    NOT NULL DEFAULT '',
    kind        TEXT    NOT NULL,
    review      TEXT    NOT NULL DEFAULT '[]',
    needs_human INTEGER NOT NULL DEFAULT 0,
    refusal     TEXT    NOT NULL DEFAULT '',
    message_id  TEXT    NOT NULL DEFAULT '',
    refs        TEXT    NOT NULL DEFAULT '[]',
    subject     TEXT    NOT NULL DEFAULT '',
    excerpt     TEXT    NOT NULL DEFAULT '',
    backlog     INTEGER NOT NULL DEFAULT 0,
    about       TEXT    NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX letter_folded ON letter (folded) WHERE folded <> '';

-- Every place where a copy of a letter was seen.
CREATE TABLE sighting (
    account  TEXT    NOT NULL,
    folder   TEXT    NOT NULL,
    validity INTEGER NOT NULL,                      -- UIDVALIDITY; 0 for a Maildir
    key      TEXT    NOT NULL,                      -- UID, or the unique part of a Maildir file name
    letter   INTEGER NOT NULL REFERENCES letter (id),
    PRIMARY KEY (account, folder, validity, key)
) STRICT, WITHOUT ROWID;

-- Letters in work: raised and committed before the work, gone after it. What is still here was in work at a crash.
CREATE TABLE attempt (
    account  TEXT    NOT NULL,
    folder   TEXT    NOT NULL,
    validity INTEGER NOT NULL,
    key      TEXT    NOT NULL,
    count    INTEGER NOT NULL,
    PRIMARY KEY (account, folder, validity, key)
) STRICT, WITHOUT ROWID;

-- The only raw mail that is kept: letters that the program could not read.
CREATE TABLE quarantine (
    letter INTEGER PRIMARY KEY REFERENCES letter (id),
    bytes  BLOB NOT NULL
) STRICT;

-- The ledger: append-only. A correction is a new entry.
CREATE TABLE entry (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    at      INTEGER NOT NULL,
    said    INTEGER NOT NULL,
    origin  TEXT    NOT NULL,
    address TEXT    NOT NULL DEFAULT '',
    name    TEXT    NOT NULL DEFAULT '',
    folded  TEXT    NOT NULL DEFAULT '',
    shown   TEXT    NOT NULL DEFAULT '',
    content TEXT    NOT NULL
) STRICT;
CREATE INDEX entry_folded ON entry (folded) WHERE folded <> '';

-- What is to be sent, committed with the entry that caused it.
CREATE TABLE outbox (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,   -- never reused: the wrong mail would be taken for the right one
    occasion   TEXT    NOT NULL,
    letter     INTEGER REFERENCES letter (id),
    recipient  TEXT    NOT NULL,
    address    TEXT    NOT NULL DEFAULT '',
    name       TEXT    NOT NULL DEFAULT '',
    folded     TEXT    NOT NULL DEFAULT '',
    planned    INTEGER NOT NULL,
    due        INTEGER NOT NULL,
    sending    TEXT    NOT NULL,
    attempts   INTEGER NOT NULL DEFAULT 0,
    attempted  INTEGER,
    message_id TEXT    NOT NULL UNIQUE,             -- derived from what it is about: one digest a day, one mail a letter
    reason     TEXT    NOT NULL DEFAULT '',
    settled    INTEGER,
    bytes      BLOB
) STRICT;
CREATE UNIQUE INDEX outbox_one_acknowledgement ON outbox (letter) WHERE occasion = '"acknowledge"';
CREATE INDEX outbox_folded ON outbox (folded) WHERE folded <> '';
CREATE INDEX outbox_open ON outbox (due) WHERE sending IN ('"due"', '"frozen"', '"uncertain"');

-- How far each folder has been read; moves in the transaction that keeps the letters it passes.
CREATE TABLE position (
    account  TEXT    NOT NULL,
    folder   TEXT    NOT NULL,
    validity INTEGER NOT NULL,
    next     INTEGER NOT NULL,
    PRIMARY KEY (account, folder)
) STRICT, WITHOUT ROWID;

-- Small facts: first start, since when mail is sent, last digest, what is in trouble since when.
CREATE TABLE mark (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- People who were erased: a salted hash of the address, so that a rescan of the mailbox does not bring them back.
CREATE TABLE forgotten (
    hash TEXT    PRIMARY KEY,
    at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Figures that outlive the personal data they were counted from.
CREATE TABLE total (
    id    INTEGER PRIMARY KEY AUTOINCREMENT,
    at    INTEGER NOT NULL,
    event TEXT    NOT NULL,
    name  TEXT    NOT NULL,
    value INTEGER NOT NULL
) STRICT;
