-- The catalog: a projection of the log. Everything in the first part is made
-- by applying log entries in order and can be deleted and made again; what is
-- in the second part is expendable and never part of the canonical dump.

-- 1. Made from the log ------------------------------------------------------

-- Numbers given inside a transaction, so that they have no gaps.
CREATE TABLE counter (
    name  TEXT COLLATE "C" PRIMARY KEY,
    value BIGINT NOT NULL
);

-- Facts of the archive as a whole: fonds, its name, the profile.
CREATE TABLE setting (
    key   TEXT COLLATE "C" PRIMARY KEY,
    value TEXT COLLATE "C" NOT NULL
);

CREATE TABLE entry (
    no           BIGINT PRIMARY KEY,
    batch        BIGINT NOT NULL,
    leaf         TEXT COLLATE "C" NOT NULL,
    body_sha256  TEXT COLLATE "C" NOT NULL,
    body         TEXT COLLATE "C" NOT NULL,
    type         TEXT COLLATE "C" NOT NULL,
    act          TEXT COLLATE "C" NOT NULL,
    time         TEXT COLLATE "C" NOT NULL,
    actor        TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    household    TEXT COLLATE "C",
    document     BIGINT
);
CREATE INDEX entry_by_household ON entry (household, no);
CREATE INDEX entry_by_document ON entry (document, no);
CREATE INDEX entry_by_act ON entry (act, no);
CREATE INDEX entry_by_body ON entry (body_sha256);

CREATE TABLE organisation (
    code TEXT COLLATE "C" PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL
);

CREATE TABLE household (
    no           TEXT COLLATE "C" PRIMARY KEY,
    head         TEXT COLLATE "C" NOT NULL,
    id_number    TEXT COLLATE "C" NOT NULL,
    address      TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    opened       BIGINT NOT NULL,
    volume       TEXT COLLATE "C" NOT NULL,
    last_entry   BIGINT NOT NULL
);
CREATE UNIQUE INDEX household_by_volume ON household (volume);
CREATE INDEX household_by_head ON household (head);
CREATE INDEX household_by_id_number ON household (id_number);

CREATE TABLE member (
    household TEXT COLLATE "C" NOT NULL,
    place     BIGINT NOT NULL,
    name      TEXT COLLATE "C" NOT NULL,
    relation  TEXT COLLATE "C" NOT NULL,
    id_number TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (household, place)
);
CREATE INDEX member_by_id_number ON member (id_number);

CREATE TABLE document (
    id           BIGINT PRIMARY KEY,
    state        TEXT COLLATE "C" NOT NULL,
    household    TEXT COLLATE "C",
    organisation TEXT COLLATE "C" NOT NULL,
    type         TEXT COLLATE "C" NOT NULL,
    title        TEXT COLLATE "C" NOT NULL,
    responsible  TEXT COLLATE "C" NOT NULL,
    document_no  TEXT COLLATE "C" NOT NULL,
    date         TEXT COLLATE "C" NOT NULL,
    remarks      TEXT COLLATE "C" NOT NULL,
    pages        BIGINT NOT NULL,
    accepted_at  TEXT COLLATE "C" NOT NULL,
    accepted_by  TEXT COLLATE "C" NOT NULL,
    described    BIGINT,
    joined_into  BIGINT,
    reason       TEXT COLLATE "C" NOT NULL
);
CREATE INDEX document_by_household ON document (household, state);
CREATE INDEX document_by_state ON document (state, id);

CREATE TABLE document_file (
    document BIGINT NOT NULL,
    place    BIGINT NOT NULL,
    sha256   TEXT COLLATE "C" NOT NULL,
    name     TEXT COLLATE "C" NOT NULL,
    bytes    BIGINT NOT NULL,
    mime     TEXT COLLATE "C" NOT NULL,
    pages    BIGINT NOT NULL,
    PRIMARY KEY (document, place)
);
CREATE INDEX document_file_by_sha256 ON document_file (sha256);

CREATE TABLE blob (
    sha256 TEXT COLLATE "C" PRIMARY KEY,
    bytes  BIGINT NOT NULL,
    mime   TEXT COLLATE "C" NOT NULL,
    entry  BIGINT NOT NULL
);

CREATE TABLE volume (
    household      TEXT COLLATE "C" NOT NULL,
    version        BIGINT NOT NULL,
    reference_code TEXT COLLATE "C" NOT NULL,
    title          TEXT COLLATE "C" NOT NULL,
    manifest       TEXT COLLATE "C" NOT NULL,
    items          BIGINT NOT NULL,
    pages          BIGINT NOT NULL,
    bound_at       TEXT COLLATE "C" NOT NULL,
    bound_by       TEXT COLLATE "C" NOT NULL,
    entry          BIGINT NOT NULL,
    PRIMARY KEY (household, version)
);
CREATE UNIQUE INDEX volume_by_code ON volume (reference_code, version);

-- 2. Expendable -------------------------------------------------------------

-- The batches in which entries were published, and the checkpoint of each.
CREATE TABLE batch (
    first      BIGINT PRIMARY KEY,
    count      BIGINT NOT NULL,
    sha256     TEXT COLLATE "C" NOT NULL,
    checkpoint TEXT COLLATE "C" NOT NULL
);

-- One row: how many entries there are, and the right edge of the tree over
-- them. Whoever records locks it.
CREATE TABLE tree (
    id       BIGINT PRIMARY KEY,
    size     BIGINT NOT NULL,
    frontier TEXT COLLATE "C" NOT NULL
);
INSERT INTO tree (id, size, frontier) VALUES (0, 0, '');

-- What only one process does at a time.
CREATE TABLE lease (
    name  TEXT COLLATE "C" PRIMARY KEY,
    owner TEXT COLLATE "C" NOT NULL,
    until BIGINT NOT NULL
);

CREATE TABLE job (
    key         TEXT COLLATE "C" PRIMARY KEY,
    kind        TEXT COLLATE "C" NOT NULL,
    subject     TEXT COLLATE "C" NOT NULL,
    state       TEXT COLLATE "C" NOT NULL,
    attempts    BIGINT NOT NULL,
    run_after   BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    lease_owner TEXT COLLATE "C" NOT NULL,
    done        BIGINT NOT NULL,
    total       BIGINT NOT NULL,
    error       TEXT COLLATE "C" NOT NULL,
    created     BIGINT NOT NULL
);
CREATE INDEX job_by_state ON job (state, run_after);

-- What reading a blob brought; the text itself stands in the object store.
CREATE TABLE reading (
    sha256     TEXT COLLATE "C" PRIMARY KEY,
    maker      TEXT COLLATE "C" NOT NULL,
    pages      BIGINT NOT NULL,
    characters BIGINT NOT NULL,
    unread     BIGINT NOT NULL,
    confidence BIGINT NOT NULL,
    proposal   TEXT COLLATE "C" NOT NULL
);

-- Documents whose index entries are to be made again, in order.
CREATE TABLE feed (
    seq      BIGINT PRIMARY KEY,
    document BIGINT NOT NULL
);
