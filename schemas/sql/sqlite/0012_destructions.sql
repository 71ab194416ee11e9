-- Who asked that the keys of a household's papers be destroyed, and what another decided. Made from the log, and part
-- of the canonical dump.
CREATE TABLE destruction (
    asked     INTEGER PRIMARY KEY,
    household TEXT NOT NULL,
    reason    TEXT NOT NULL,
    time      TEXT NOT NULL,
    name      TEXT NOT NULL,
    person    TEXT NOT NULL,
    stage     TEXT NOT NULL,
    decided   BIGINT NOT NULL,
    decider   TEXT NOT NULL,
    answer    TEXT NOT NULL
);
