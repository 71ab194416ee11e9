-- What became of asking the witnesses of the log, by their verifier keys. Expendable.
CREATE TABLE witness (
    key     TEXT PRIMARY KEY,
    size    BIGINT NOT NULL,
    signed  BIGINT NOT NULL,
    tried   BIGINT NOT NULL,
    trouble TEXT NOT NULL
) WITHOUT ROWID;
