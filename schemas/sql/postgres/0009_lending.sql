-- Lending, and the visitors who read without an account. What was asked,
-- decided and handed over is made from the log; sessions are expendable.

-- 1. Made from the log ------------------------------------------------------

CREATE TABLE lending (
    id                    TEXT COLLATE "C" PRIMARY KEY,
    household             TEXT COLLATE "C" NOT NULL,
    organisation          TEXT COLLATE "C" NOT NULL,
    borrower              TEXT COLLATE "C" NOT NULL,
    borrower_person       TEXT COLLATE "C" NOT NULL,
    borrower_organisation TEXT COLLATE "C" NOT NULL,
    body                  TEXT COLLATE "C" NOT NULL,
    contact               TEXT COLLATE "C" NOT NULL,
    certificate           TEXT COLLATE "C" NOT NULL,
    manner                TEXT COLLATE "C" NOT NULL,
    purpose               TEXT COLLATE "C" NOT NULL,
    reason                TEXT COLLATE "C" NOT NULL,
    until                 TEXT COLLATE "C" NOT NULL,
    cover                 TEXT COLLATE "C" NOT NULL,
    stage                 TEXT COLLATE "C" NOT NULL,
    asked                 BIGINT NOT NULL,
    last                  BIGINT NOT NULL
);
CREATE INDEX lending_by_asked ON lending (asked);
CREATE INDEX lending_by_household ON lending (household);
CREATE INDEX lending_by_borrower ON lending (borrower_person);

-- What was done with each, and by whom.
CREATE TABLE lending_step (
    entry        BIGINT PRIMARY KEY,
    lending      TEXT COLLATE "C" NOT NULL,
    stage        TEXT COLLATE "C" NOT NULL,
    time         TEXT COLLATE "C" NOT NULL,
    name         TEXT COLLATE "C" NOT NULL,
    person       TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    words        TEXT COLLATE "C" NOT NULL,
    pages        BIGINT NOT NULL
);
CREATE INDEX lending_step_by_lending ON lending_step (lending, entry);

-- 2. Expendable -------------------------------------------------------------

-- Somebody without an account who reads one file: at the counter, or with a
-- lending. Times are milliseconds since 1970.
CREATE TABLE guest (
    key_sha256 TEXT COLLATE "C" PRIMARY KEY,
    household  TEXT COLLATE "C" NOT NULL,
    lending    TEXT COLLATE "C" NOT NULL,
    visitor    TEXT COLLATE "C" NOT NULL,
    made       BIGINT NOT NULL,
    seen       BIGINT NOT NULL,
    ends       BIGINT NOT NULL
);

-- A code that opens a lending once: its SHA-256.
CREATE TABLE guest_code (
    code_sha256 TEXT COLLATE "C" PRIMARY KEY,
    lending     TEXT COLLATE "C" NOT NULL,
    made        BIGINT NOT NULL,
    ends        BIGINT NOT NULL
);
