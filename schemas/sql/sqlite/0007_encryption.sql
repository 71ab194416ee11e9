-- Blobs whose keys were destroyed, and the entry that did it. Made from the log, and part of the canonical dump.
CREATE TABLE destroyed (
    sha256 TEXT PRIMARY KEY,
    entry  BIGINT NOT NULL
) WITHOUT ROWID;
