-- People. What they are and may do is made from the log; how they sign in is
-- expendable, and never in the log or the object store.

-- 1. Made from the log ------------------------------------------------------

CREATE TABLE person (
    id           TEXT COLLATE "C" PRIMARY KEY,
    login        TEXT COLLATE "C" NOT NULL,
    name         TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    roles        TEXT COLLATE "C" NOT NULL,
    disabled     BIGINT NOT NULL
);
CREATE UNIQUE INDEX person_by_login ON person (login);

-- 2. Expendable -------------------------------------------------------------

-- A password, as its hash in PHC form.
CREATE TABLE credential (
    person  TEXT COLLATE "C" PRIMARY KEY,
    phc     TEXT COLLATE "C" NOT NULL,
    changed BIGINT NOT NULL
);

-- Who is signed in: the SHA-256 of what the browser holds, never that itself.
-- Times are milliseconds since 1970.
CREATE TABLE session (
    key_sha256 TEXT COLLATE "C" PRIMARY KEY,
    person     TEXT COLLATE "C" NOT NULL,
    made       BIGINT NOT NULL,
    seen       BIGINT NOT NULL,
    ends       BIGINT NOT NULL,
    agent      TEXT COLLATE "C" NOT NULL
);
CREATE INDEX session_by_person ON session (person);
