-- The catalog: a projection of the log. Everything in the first part is made
-- by applying log entries in order and can be deleted and made again; what is
-- in the second part is expendable and never part of the canonical dump.

-- 1. Made from the log ------------------------------------------------------

-- Numbers given inside a transaction, so that they have no gaps.
CREATE TABLE counter (
    name  TEXT PRIMARY KEY,
    value BIGINT NOT NULL
) WITHOUT ROWID;

-- Facts of the archive as a whole: fonds, its name, the profile.
CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE entry (
    no           INTEGER PRIMARY KEY,
    batch        BIGINT NOT NULL,
    leaf         TEXT NOT NULL,
    body_sha256  TEXT NOT NULL,
    body         TEXT NOT NULL,
    type         TEXT NOT NULL,
    act          TEXT NOT NULL,
    time         TEXT NOT NULL,
    actor        TEXT NOT NULL,
    organisation TEXT NOT NULL,
    household    TEXT,
    document     BIGINT
);
CREATE INDEX entry_by_household ON entry (household, no);
CREATE INDEX entry_by_document ON entry (document, no);
CREATE INDEX entry_by_act ON entry (act, no);
CREATE INDEX entry_by_body ON entry (body_sha256);

CREATE TABLE organisation (
    code TEXT PRIMARY KEY,
    name TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE household (
    no           TEXT PRIMARY KEY,
    head         TEXT NOT NULL,
    id_number    TEXT NOT NULL,
    address      TEXT NOT NULL,
    organisation TEXT NOT NULL,
    opened       BIGINT NOT NULL,
    volume       TEXT NOT NULL,
    last_entry   BIGINT NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX household_by_volume ON household (volume);
CREATE INDEX household_by_head ON household (head);
CREATE INDEX household_by_id_number ON household (id_number);

CREATE TABLE member (
    household TEXT NOT NULL,
    place     BIGINT NOT NULL,
    name      TEXT NOT NULL,
    relation  TEXT NOT NULL,
    id_number TEXT NOT NULL,
    PRIMARY KEY (household, place)
) WITHOUT ROWID;
CREATE INDEX member_by_id_number ON member (id_number);

CREATE TABLE document (
    id           INTEGER PRIMARY KEY,
    state        TEXT NOT NULL,
    household    TEXT,
    organisation TEXT NOT NULL,
    type         TEXT NOT NULL,
    title        TEXT NOT NULL,
    responsible  TEXT NOT NULL,
    document_no  TEXT NOT NULL,
    date         TEXT NOT NULL,
    remarks      TEXT NOT NULL,
    pages        BIGINT NOT NULL,
    accepted_at  TEXT NOT NULL,
    accepted_by  TEXT NOT NULL,
    described    BIGINT,
    joined_into  BIGINT,
    reason       TEXT NOT NULL
);
CREATE INDEX document_by_household ON document (household, state);
CREATE INDEX document_by_state ON document (state, id);

CREATE TABLE document_file (
    document BIGINT NOT NULL,
    place    BIGINT NOT NULL,
    sha256   TEXT NOT NULL,
    name     TEXT NOT NULL,
    bytes    BIGINT NOT NULL,
    mime     TEXT NOT NULL,
    pages    BIGINT NOT NULL,
    PRIMARY KEY (document, place)
) WITHOUT ROWID;
CREATE INDEX document_file_by_sha256 ON document_file (sha256);

CREATE TABLE blob (
    sha256 TEXT PRIMARY KEY,
    bytes  BIGINT NOT NULL,
    mime   TEXT NOT NULL,
    entry  BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE volume (
    household      TEXT NOT NULL,
    version        BIGINT NOT NULL,
    reference_code TEXT NOT NULL,
    title          TEXT NOT NULL,
    manifest       TEXT NOT NULL,
    items          BIGINT NOT NULL,
    pages          BIGINT NOT NULL,
    bound_at       TEXT NOT NULL,
    bound_by       TEXT NOT NULL,
    entry          BIGINT NOT NULL,
    PRIMARY KEY (household, version)
) WITHOUT ROWID;
CREATE UNIQUE INDEX volume_by_code ON volume (reference_code, version);

-- 2. Expendable -------------------------------------------------------------

-- The batches in which entries were published, and the checkpoint of each.
CREATE TABLE batch (
    first      INTEGER PRIMARY KEY,
    count      BIGINT NOT NULL,
    sha256     TEXT NOT NULL,
    checkpoint TEXT NOT NULL
);

-- One row: how many entries there are, and the right edge of the tree over
-- them. Whoever records locks it.
CREATE TABLE tree (
    id       INTEGER PRIMARY KEY,
    size     BIGINT NOT NULL,
    frontier TEXT NOT NULL
);
INSERT INTO tree (id, size, frontier) VALUES (0, 0, '');

-- What only one process does at a time.
CREATE TABLE lease (
    name  TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    until BIGINT NOT NULL
);

CREATE TABLE job (
    key         TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    subject     TEXT NOT NULL,
    state       TEXT NOT NULL,
    attempts    BIGINT NOT NULL,
    run_after   BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    lease_owner TEXT NOT NULL,
    done        BIGINT NOT NULL,
    total       BIGINT NOT NULL,
    error       TEXT NOT NULL,
    created     BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX job_by_state ON job (state, run_after);

-- What reading a blob brought; the text itself stands in the object store.
CREATE TABLE reading (
    sha256     TEXT PRIMARY KEY,
    maker      TEXT NOT NULL,
    pages      BIGINT NOT NULL,
    characters BIGINT NOT NULL,
    unread     BIGINT NOT NULL,
    confidence BIGINT NOT NULL,
    proposal   TEXT NOT NULL
) WITHOUT ROWID;

-- Documents whose index entries are to be made again, in order.
CREATE TABLE feed (
    seq      INTEGER PRIMARY KEY,
    document BIGINT NOT NULL
);
