-- 资金: standards, the fund's bookings, what is asked back, and banks' files that
-- others took the place of, made from the log.
CREATE TABLE standard (
    entry        BIGINT PRIMARY KEY,
    organisation TEXT COLLATE "C" NOT NULL,
    from_month   TEXT COLLATE "C" NOT NULL,
    amount       BIGINT NOT NULL,
    method       TEXT COLLATE "C" NOT NULL,
    tiers        TEXT COLLATE "C" NOT NULL,
    unit         TEXT COLLATE "C" NOT NULL,
    words        TEXT COLLATE "C" NOT NULL
);

CREATE TABLE booking (
    entry        BIGINT PRIMARY KEY,
    organisation TEXT COLLATE "C" NOT NULL,
    on_day       TEXT COLLATE "C" NOT NULL,
    kind         TEXT COLLATE "C" NOT NULL,
    amount       BIGINT NOT NULL,
    words        TEXT COLLATE "C" NOT NULL,
    author       TEXT COLLATE "C" NOT NULL,
    instead_of   BIGINT,
    voided       BIGINT
);
CREATE INDEX booking_by_day ON booking (on_day, entry);

CREATE TABLE recovery (
    entry       BIGINT PRIMARY KEY,
    household   TEXT COLLATE "C" NOT NULL,
    amount      BIGINT NOT NULL,
    from_month  TEXT COLLATE "C" NOT NULL,
    until_month TEXT COLLATE "C" NOT NULL,
    words       TEXT COLLATE "C" NOT NULL,
    paper       BIGINT,
    author      TEXT COLLATE "C" NOT NULL,
    repaid      BIGINT NOT NULL,
    waived      BIGINT NOT NULL
);
CREATE INDEX recovery_by_household ON recovery (household, entry);

CREATE TABLE settlement (
    entry     BIGINT PRIMARY KEY,
    recovery  BIGINT NOT NULL,
    household TEXT COLLATE "C" NOT NULL,
    kind      TEXT COLLATE "C" NOT NULL,
    amount    BIGINT NOT NULL,
    on_day    TEXT COLLATE "C" NOT NULL,
    words     TEXT COLLATE "C" NOT NULL,
    paper     BIGINT,
    author    TEXT COLLATE "C" NOT NULL
);
CREATE INDEX settlement_by_recovery ON settlement (recovery, entry);
CREATE INDEX settlement_by_day ON settlement (on_day, entry);

ALTER TABLE bank_return ADD COLUMN file TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE bank_return ADD COLUMN voided BIGINT;
UPDATE bank_return SET file = COALESCE((SELECT b.sha256 FROM blob b
    WHERE b.mime = 'text/csv' AND b.entry <= bank_return.entry
    ORDER BY b.entry DESC LIMIT 1), '');
CREATE INDEX bank_return_by_file ON bank_return (file, month);
