-- People. What they are and may do is made from the log; how they sign in is
-- expendable, and never in the log or the object store.

-- 1. Made from the log ------------------------------------------------------

CREATE TABLE person (
    id           TEXT PRIMARY KEY,
    login        TEXT NOT NULL,
    name         TEXT NOT NULL,
    organisation TEXT NOT NULL,
    roles        TEXT NOT NULL,
    disabled     BIGINT NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX person_by_login ON person (login);

-- 2. Expendable -------------------------------------------------------------

-- A password, as its hash in PHC form.
CREATE TABLE credential (
    person  TEXT PRIMARY KEY,
    phc     TEXT NOT NULL,
    changed BIGINT NOT NULL
) WITHOUT ROWID;

-- Who is signed in: the SHA-256 of what the browser holds, never that itself.
-- Times are milliseconds since 1970.
CREATE TABLE session (
    key_sha256 TEXT PRIMARY KEY,
    person     TEXT NOT NULL,
    made       BIGINT NOT NULL,
    seen       BIGINT NOT NULL,
    ends       BIGINT NOT NULL,
    agent      TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_by_person ON session (person);
