-- A roster stands together by its month, so that one of a whole district is written to the
-- end of the table and not to a page for each household.
CREATE TABLE payment_next (
    month     TEXT NOT NULL,
    household TEXT NOT NULL,
    entry     BIGINT NOT NULL,
    persons   BIGINT NOT NULL,
    amount    BIGINT NOT NULL,
    PRIMARY KEY (month, household)
) WITHOUT ROWID;
INSERT INTO payment_next (month, household, entry, persons, amount)
SELECT month, household, entry, persons, amount FROM payment ORDER BY month, household;
DROP TABLE payment;
ALTER TABLE payment_next RENAME TO payment;
