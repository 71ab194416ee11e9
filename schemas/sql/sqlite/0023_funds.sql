-- 资金: standards, the fund's bookings, what is asked back, and banks' files that
-- others took the place of, made from the log.
CREATE TABLE standard (
    entry        INTEGER PRIMARY KEY,
    organisation TEXT NOT NULL,
    from_month   TEXT NOT NULL,
    amount       BIGINT NOT NULL,
    method       TEXT NOT NULL,
    tiers        TEXT NOT NULL,
    unit         TEXT NOT NULL,
    words        TEXT NOT NULL
);

CREATE TABLE booking (
    entry        INTEGER PRIMARY KEY,
    organisation TEXT NOT NULL,
    on_day       TEXT NOT NULL,
    kind         TEXT NOT NULL,
    amount       BIGINT NOT NULL,
    words        TEXT NOT NULL,
    author       TEXT NOT NULL,
    instead_of   BIGINT,
    voided       BIGINT
);
CREATE INDEX booking_by_day ON booking (on_day, entry);

CREATE TABLE recovery (
    entry       INTEGER PRIMARY KEY,
    household   TEXT NOT NULL,
    amount      BIGINT NOT NULL,
    from_month  TEXT NOT NULL,
    until_month TEXT NOT NULL,
    words       TEXT NOT NULL,
    paper       BIGINT,
    author      TEXT NOT NULL,
    repaid      BIGINT NOT NULL,
    waived      BIGINT NOT NULL
);
CREATE INDEX recovery_by_household ON recovery (household, entry);

CREATE TABLE settlement (
    entry     INTEGER PRIMARY KEY,
    recovery  BIGINT NOT NULL,
    household TEXT NOT NULL,
    kind      TEXT NOT NULL,
    amount    BIGINT NOT NULL,
    on_day    TEXT NOT NULL,
    words     TEXT NOT NULL,
    paper     BIGINT,
    author    TEXT NOT NULL
);
CREATE INDEX settlement_by_recovery ON settlement (recovery, entry);
CREATE INDEX settlement_by_day ON settlement (on_day, entry);

ALTER TABLE bank_return ADD COLUMN file TEXT NOT NULL DEFAULT '';
ALTER TABLE bank_return ADD COLUMN voided BIGINT;
UPDATE bank_return SET file = COALESCE((SELECT b.sha256 FROM blob b
    WHERE b.mime = 'text/csv' AND b.entry <= bank_return.entry
    ORDER BY b.entry DESC LIMIT 1), '');
CREATE INDEX bank_return_by_file ON bank_return (file, month);
