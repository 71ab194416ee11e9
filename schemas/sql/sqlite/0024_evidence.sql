-- 核查: what other departments say of persons, and the findings that were closed, made
-- from the log. Findings themselves are computed when they are read.
CREATE TABLE evidence_file (
    entry        INTEGER PRIMARY KEY,
    organisation TEXT NOT NULL,
    kind         TEXT NOT NULL,
    called       TEXT NOT NULL,
    as_of        TEXT NOT NULL,
    file         TEXT NOT NULL,
    name         TEXT NOT NULL,
    part         BIGINT NOT NULL,
    kept         BIGINT NOT NULL,
    unknown      BIGINT NOT NULL,
    bad          BIGINT NOT NULL,
    author       TEXT NOT NULL
);
CREATE UNIQUE INDEX evidence_file_once ON evidence_file (file, kind, organisation, part);

CREATE TABLE evidence (
    entry     BIGINT NOT NULL,
    place     BIGINT NOT NULL,
    household TEXT NOT NULL,
    member    BIGINT NOT NULL,
    line      BIGINT NOT NULL,
    on_day    TEXT NOT NULL,
    value     TEXT NOT NULL,
    amount    BIGINT NOT NULL,
    PRIMARY KEY (entry, place)
) WITHOUT ROWID;
CREATE INDEX evidence_by_household ON evidence (household, entry, place);

CREATE TABLE closed_finding (
    entry     INTEGER PRIMARY KEY,
    household TEXT NOT NULL,
    finding   TEXT NOT NULL,
    called    TEXT NOT NULL,
    member    BIGINT NOT NULL,
    mark      TEXT NOT NULL,
    declared  TEXT NOT NULL,
    found     TEXT NOT NULL,
    outcome   TEXT NOT NULL,
    document  BIGINT NOT NULL,
    words     TEXT NOT NULL,
    author    TEXT NOT NULL
);
CREATE UNIQUE INDEX closed_finding_once ON closed_finding (household, finding, member, mark);
