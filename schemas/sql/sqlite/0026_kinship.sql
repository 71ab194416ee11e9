-- 分户、并户: how households came from each other, made from the log; and why a decision
-- is not what was computed.
CREATE TABLE household_link (
    entry    BIGINT PRIMARY KEY,
    kind     TEXT NOT NULL,
    source   TEXT NOT NULL,
    target   TEXT NOT NULL,
    on_day   TEXT NOT NULL,
    document BIGINT NOT NULL,
    words    TEXT NOT NULL,
    author   TEXT NOT NULL,
    was      TEXT NOT NULL,
    voided   BIGINT,
    why      TEXT NOT NULL
);
CREATE INDEX household_link_by_source ON household_link (source, entry);
CREATE INDEX household_link_by_target ON household_link (target, entry);

CREATE TABLE moved_person (
    entry        BIGINT NOT NULL,
    place        BIGINT NOT NULL,
    source_place BIGINT NOT NULL,
    target_place BIGINT NOT NULL,
    name         TEXT NOT NULL,
    PRIMARY KEY (entry, place)
) WITHOUT ROWID;

ALTER TABLE benefit ADD COLUMN computed BIGINT;
ALTER TABLE benefit ADD COLUMN departs TEXT NOT NULL DEFAULT '';
