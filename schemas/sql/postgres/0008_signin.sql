-- What people show to come in, beside passwords. All of it is expendable, and
-- nothing in it lets anybody in: secrets are kept as SHA-256, those of second
-- factors as a salt under a key outside of the database. Times are
-- milliseconds since 1970.

-- Who failed to come in: for an account from an address, an account, an
-- address; `key` is a hash of whom.
CREATE TABLE failure (
    kind  TEXT COLLATE "C" NOT NULL,
    key   TEXT COLLATE "C" NOT NULL,
    count BIGINT NOT NULL,
    last  BIGINT NOT NULL,
    PRIMARY KEY (kind, key)
);
CREATE INDEX failure_by_last ON failure (last);

-- One-time codes for a first password, or another one.
CREATE TABLE invitation (
    code_sha256 TEXT COLLATE "C" PRIMARY KEY,
    person      TEXT COLLATE "C" NOT NULL,
    made        BIGINT NOT NULL,
    ends        BIGINT NOT NULL
);
CREATE INDEX invitation_by_person ON invitation (person);

-- A second factor: in force from the first code on (`begun` is 0 before);
-- `step` is that of the last code that was accepted.
CREATE TABLE second_factor (
    person TEXT COLLATE "C" PRIMARY KEY,
    salt   TEXT NOT NULL,
    begun  BIGINT NOT NULL,
    step   BIGINT NOT NULL
);

-- Codes for when the telephone is lost.
CREATE TABLE recovery_code (
    code_sha256 TEXT COLLATE "C" PRIMARY KEY,
    person      TEXT COLLATE "C" NOT NULL
);
CREATE INDEX recovery_code_by_person ON recovery_code (person);

-- Tokens of machines; `rights` are names with blanks between them.
CREATE TABLE token (
    id           TEXT COLLATE "C" PRIMARY KEY,
    token_sha256 TEXT COLLATE "C" NOT NULL,
    person       TEXT COLLATE "C" NOT NULL,
    name         TEXT COLLATE "C" NOT NULL,
    rights       TEXT NOT NULL,
    made         BIGINT NOT NULL,
    ends         BIGINT NOT NULL,
    seen         BIGINT NOT NULL
);
CREATE UNIQUE INDEX token_by_sha256 ON token (token_sha256);
CREATE INDEX token_by_person ON token (person);

-- Whose account is whose at a provider: by `name` until the first sign-in, by
-- `subject` from then on.
CREATE TABLE provider_account (
    person  TEXT COLLATE "C" NOT NULL,
    issuer  TEXT COLLATE "C" NOT NULL,
    name    TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C",
    PRIMARY KEY (person, issuer)
);
CREATE UNIQUE INDEX provider_account_by_name ON provider_account (issuer, name);
CREATE UNIQUE INDEX provider_account_by_subject ON provider_account (issuer, subject);

-- Who is half way in: a second factor is asked for (`person`), or the person
-- was sent to a provider (`state`, `nonce`, `verifier`).
CREATE TABLE half_way (
    key_sha256 TEXT COLLATE "C" PRIMARY KEY,
    person     TEXT COLLATE "C" NOT NULL,
    state      TEXT NOT NULL,
    nonce      TEXT NOT NULL,
    verifier   TEXT NOT NULL,
    next       TEXT NOT NULL,
    ends       BIGINT NOT NULL
);
CREATE INDEX half_way_by_end ON half_way (ends);
