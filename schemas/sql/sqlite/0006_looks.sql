-- Who has looked at what: the access log, and what it is worked with.

-- 1. Made from the logs -----------------------------------------------------

-- A look, by the digest of its body. One without a number waits to be
-- published: it is here and nowhere else, so it is never cleared. `at` is in
-- microseconds since 1970.
CREATE TABLE look (
    sha256       TEXT PRIMARY KEY,
    no           BIGINT,
    leaf         TEXT NOT NULL,
    body         TEXT NOT NULL,
    at           BIGINT NOT NULL,
    person       TEXT NOT NULL,
    organisation TEXT NOT NULL,
    kind         TEXT NOT NULL,
    outcome      TEXT NOT NULL,
    household    TEXT,
    document     BIGINT
) WITHOUT ROWID;
CREATE UNIQUE INDEX look_by_no ON look (no);
CREATE INDEX look_by_time ON look (at, sha256);
CREATE INDEX look_by_household ON look (household, at);
CREATE INDEX look_by_document ON look (document, at);

-- How far the access log was, as the records log says.
CREATE TABLE access_seal (
    entry BIGINT PRIMARY KEY,
    size  BIGINT NOT NULL,
    root  TEXT NOT NULL
) WITHOUT ROWID;

-- One row: how many entries the access log has, and the right edge of its tree.
CREATE TABLE look_tree (
    id       BIGINT PRIMARY KEY,
    size     BIGINT NOT NULL,
    frontier TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO look_tree (id, size, frontier) VALUES (0, 0, '');

-- 2. Expendable -------------------------------------------------------------

-- Which batches of the access log stand in the store, with their checkpoints.
CREATE TABLE look_batch (
    first      BIGINT PRIMARY KEY,
    count      BIGINT NOT NULL,
    sha256     TEXT NOT NULL,
    checkpoint TEXT NOT NULL
) WITHOUT ROWID;

-- Why a person looks at a household's file on a day. Lost, it is asked again.
CREATE TABLE look_reason (
    person       TEXT NOT NULL,
    organisation TEXT NOT NULL,
    household    TEXT NOT NULL,
    day          TEXT NOT NULL,
    reason       TEXT NOT NULL,
    PRIMARY KEY (person, organisation, household, day)
) WITHOUT ROWID;
