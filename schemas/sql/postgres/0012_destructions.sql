-- Who asked that the keys of a household's papers be destroyed, and what another decided. Made from the log, and part
-- of the canonical dump.
CREATE TABLE destruction (
    asked     BIGINT PRIMARY KEY,
    household TEXT COLLATE "C" NOT NULL,
    reason    TEXT COLLATE "C" NOT NULL,
    time      TEXT COLLATE "C" NOT NULL,
    name      TEXT COLLATE "C" NOT NULL,
    person    TEXT COLLATE "C" NOT NULL,
    stage     TEXT COLLATE "C" NOT NULL,
    decided   BIGINT NOT NULL,
    decider   TEXT COLLATE "C" NOT NULL,
    answer    TEXT COLLATE "C" NOT NULL
);
