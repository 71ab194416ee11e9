-- How far the sweep of stored files is: a row for each shard of each store.

-- 1. Made from the log ------------------------------------------------------

-- The SM3 of a file, where it was taken in with one.
ALTER TABLE document_file ADD COLUMN sm3 TEXT COLLATE "C";

-- 2. Expendable -------------------------------------------------------------

-- `after` is the last digest that a look which was broken off has read, or
-- empty; `looked` when the shard was last read to its end, in milliseconds, or 0.
CREATE TABLE sweep (
    side   TEXT COLLATE "C" NOT NULL,
    shard  BIGINT NOT NULL,
    after  TEXT COLLATE "C" NOT NULL,
    looked BIGINT NOT NULL,
    PRIMARY KEY (side, shard)
);
