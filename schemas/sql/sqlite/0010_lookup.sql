-- Numbers of persons stand covered in every table; they are looked up by digests
-- that only who has the key of lookups can make.

-- 1. Made from the log, with the key ----------------------------------------

-- The number of a person of a household: of its head at place 0, and of its
-- members. Another key makes others, so they are not in the canonical dump.
CREATE TABLE id_digest (
    household TEXT NOT NULL,
    place     BIGINT NOT NULL,
    digest    TEXT NOT NULL,
    PRIMARY KEY (household, place)
) WITHOUT ROWID;
CREATE INDEX id_digest_by_digest ON id_digest (digest);
DROP INDEX household_by_id_number;
DROP INDEX member_by_id_number;

-- 2. Expendable -------------------------------------------------------------

-- One row: the name of the key that the digests were made with; empty where
-- numbers may not be covered yet.
CREATE TABLE lookup (
    id  BIGINT PRIMARY KEY,
    key TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO lookup (id, key) VALUES (0, '');
