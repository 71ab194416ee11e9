-- 发放: who was listed for payment in a month, and what banks say of it, made from
-- the log.
CREATE TABLE payment (
    household TEXT NOT NULL,
    month     TEXT NOT NULL,
    entry     BIGINT NOT NULL,
    persons   BIGINT NOT NULL,
    amount    BIGINT NOT NULL,
    PRIMARY KEY (household, month)
) WITHOUT ROWID;
CREATE INDEX payment_by_month ON payment (month, household);

CREATE TABLE bank_return (
    entry     BIGINT NOT NULL,
    place     BIGINT NOT NULL,
    month     TEXT NOT NULL,
    household TEXT NOT NULL,
    amount    BIGINT NOT NULL,
    paid      BIGINT NOT NULL,
    words     TEXT NOT NULL,
    PRIMARY KEY (entry, place)
) WITHOUT ROWID;
CREATE INDEX bank_return_by_month ON bank_return (month, household);
