-- 核查: what other departments say of persons, and the findings that were closed, made
-- from the log. Findings themselves are computed when they are read.
CREATE TABLE evidence_file (
    entry        BIGINT PRIMARY KEY,
    organisation TEXT COLLATE "C" NOT NULL,
    kind         TEXT COLLATE "C" NOT NULL,
    called       TEXT COLLATE "C" NOT NULL,
    as_of        TEXT COLLATE "C" NOT NULL,
    file         TEXT COLLATE "C" NOT NULL,
    name         TEXT COLLATE "C" NOT NULL,
    part         BIGINT NOT NULL,
    kept         BIGINT NOT NULL,
    unknown      BIGINT NOT NULL,
    bad          BIGINT NOT NULL,
    author       TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX evidence_file_once ON evidence_file (file, kind, organisation, part);

CREATE TABLE evidence (
    entry     BIGINT NOT NULL,
    place     BIGINT NOT NULL,
    household TEXT COLLATE "C" NOT NULL,
    member    BIGINT NOT NULL,
    line      BIGINT NOT NULL,
    on_day    TEXT COLLATE "C" NOT NULL,
    value     TEXT COLLATE "C" NOT NULL,
    amount    BIGINT NOT NULL,
    PRIMARY KEY (entry, place)
);
CREATE INDEX evidence_by_household ON evidence (household, entry, place);

CREATE TABLE closed_finding (
    entry     BIGINT PRIMARY KEY,
    household TEXT COLLATE "C" NOT NULL,
    finding   TEXT COLLATE "C" NOT NULL,
    called    TEXT COLLATE "C" NOT NULL,
    member    BIGINT NOT NULL,
    mark      TEXT COLLATE "C" NOT NULL,
    declared  TEXT COLLATE "C" NOT NULL,
    found     TEXT COLLATE "C" NOT NULL,
    outcome   TEXT COLLATE "C" NOT NULL,
    document  BIGINT NOT NULL,
    words     TEXT COLLATE "C" NOT NULL,
    author    TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX closed_finding_once ON closed_finding (household, finding, member, mark);
