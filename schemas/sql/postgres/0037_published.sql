-- Of which sizes a checkpoint was seen in a store since it was published there: what is not there any more was taken away. Expendable.
CREATE TABLE published (
    side TEXT COLLATE "C" NOT NULL,
    log  TEXT COLLATE "C" NOT NULL,
    size BIGINT NOT NULL,
    PRIMARY KEY (side, log, size)
);
-- What was published, was not as it should be any more, and was made again by whoever publishes: the next verification tells it. Expendable.
CREATE TABLE remade (
    side   TEXT COLLATE "C" NOT NULL,
    path   TEXT COLLATE "C" NOT NULL,
    gone   BIGINT NOT NULL,
    sha256 TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (side, path)
);
