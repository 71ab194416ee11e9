-- 分户、并户: how households came from each other, made from the log; and why a decision
-- is not what was computed.
CREATE TABLE household_link (
    entry    BIGINT PRIMARY KEY,
    kind     TEXT COLLATE "C" NOT NULL,
    source   TEXT COLLATE "C" NOT NULL,
    target   TEXT COLLATE "C" NOT NULL,
    on_day   TEXT COLLATE "C" NOT NULL,
    document BIGINT NOT NULL,
    words    TEXT COLLATE "C" NOT NULL,
    author   TEXT COLLATE "C" NOT NULL,
    was      TEXT COLLATE "C" NOT NULL,
    voided   BIGINT,
    why      TEXT COLLATE "C" NOT NULL
);
CREATE INDEX household_link_by_source ON household_link (source, entry);
CREATE INDEX household_link_by_target ON household_link (target, entry);

CREATE TABLE moved_person (
    entry        BIGINT NOT NULL,
    place        BIGINT NOT NULL,
    source_place BIGINT NOT NULL,
    target_place BIGINT NOT NULL,
    name         TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (entry, place)
);

ALTER TABLE benefit ADD COLUMN computed BIGINT;
ALTER TABLE benefit ADD COLUMN departs TEXT COLLATE "C" NOT NULL DEFAULT '';
