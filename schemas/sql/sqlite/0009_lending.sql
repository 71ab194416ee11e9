-- Lending, and the visitors who read without an account. What was asked,
-- decided and handed over is made from the log; sessions are expendable.

-- 1. Made from the log ------------------------------------------------------

CREATE TABLE lending (
    id                    TEXT PRIMARY KEY,
    household             TEXT NOT NULL,
    organisation          TEXT NOT NULL,
    borrower              TEXT NOT NULL,
    borrower_person       TEXT NOT NULL,
    borrower_organisation TEXT NOT NULL,
    body                  TEXT NOT NULL,
    contact               TEXT NOT NULL,
    certificate           TEXT NOT NULL,
    manner                TEXT NOT NULL,
    purpose               TEXT NOT NULL,
    reason                TEXT NOT NULL,
    until                 TEXT NOT NULL,
    cover                 TEXT NOT NULL,
    stage                 TEXT NOT NULL,
    asked                 BIGINT NOT NULL,
    last                  BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX lending_by_asked ON lending (asked);
CREATE INDEX lending_by_household ON lending (household);
CREATE INDEX lending_by_borrower ON lending (borrower_person);

-- What was done with each, and by whom.
CREATE TABLE lending_step (
    entry        INTEGER PRIMARY KEY,
    lending      TEXT NOT NULL,
    stage        TEXT NOT NULL,
    time         TEXT NOT NULL,
    name         TEXT NOT NULL,
    person       TEXT NOT NULL,
    organisation TEXT NOT NULL,
    words        TEXT NOT NULL,
    pages        BIGINT NOT NULL
);
CREATE INDEX lending_step_by_lending ON lending_step (lending, entry);

-- 2. Expendable -------------------------------------------------------------

-- Somebody without an account who reads one file: at the counter, or with a
-- lending. Times are milliseconds since 1970.
CREATE TABLE guest (
    key_sha256 TEXT PRIMARY KEY,
    household  TEXT NOT NULL,
    lending    TEXT NOT NULL,
    visitor    TEXT NOT NULL,
    made       BIGINT NOT NULL,
    seen       BIGINT NOT NULL,
    ends       BIGINT NOT NULL
) WITHOUT ROWID;

-- A code that opens a lending once: its SHA-256.
CREATE TABLE guest_code (
    code_sha256 TEXT PRIMARY KEY,
    lending     TEXT NOT NULL,
    made        BIGINT NOT NULL,
    ends        BIGINT NOT NULL
) WITHOUT ROWID;
