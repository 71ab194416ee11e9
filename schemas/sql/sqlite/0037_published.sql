-- Of which sizes a checkpoint was seen in a store since it was published there: what is not there any more was taken away. Expendable.
CREATE TABLE published (
    side TEXT NOT NULL,
    log  TEXT NOT NULL,
    size BIGINT NOT NULL,
    PRIMARY KEY (side, log, size)
) WITHOUT ROWID;
-- What was published, was not as it should be any more, and was made again by whoever publishes: the next verification tells it. Expendable.
CREATE TABLE remade (
    side   TEXT NOT NULL,
    path   TEXT NOT NULL,
    gone   BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (side, path)
) WITHOUT ROWID;
