-- What a lending led to; which papers it covers; and the latest moment that is
-- known.

-- 1. Made from the log ------------------------------------------------------

-- What the use of a lent file led to.
CREATE TABLE lending_effect (
    entry        INTEGER PRIMARY KEY,
    lending      TEXT NOT NULL,
    organisation TEXT NOT NULL,
    date         TEXT NOT NULL,
    content      TEXT NOT NULL,
    effect       TEXT NOT NULL,
    time         TEXT NOT NULL,
    name         TEXT NOT NULL
);
CREATE INDEX lending_effect_by_lending ON lending_effect (lending, entry);

-- How many copies of the pages were handed over.
ALTER TABLE lending_step ADD COLUMN copies BIGINT NOT NULL DEFAULT 0;

-- Of a lent paper it is asked what was joined to it since.
CREATE INDEX document_by_joined ON document (joined_into) WHERE joined_into IS NOT NULL;

-- 2. Expendable -------------------------------------------------------------

-- One row: the latest moment that was seen, in microseconds since 1970. What has
-- ended does not begin again when the clock is set back.
CREATE TABLE clock (
    id   BIGINT PRIMARY KEY,
    seen BIGINT NOT NULL
) WITHOUT ROWID;
