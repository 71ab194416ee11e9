-- 实发 by month and the community in charge when the bank paid: what a fund's ledger adds
-- up. It does not follow a household that moves later.
CREATE TABLE bank_paid (
    entry        BIGINT NOT NULL,
    month        TEXT NOT NULL,
    organisation TEXT NOT NULL,
    amount       BIGINT NOT NULL,
    PRIMARY KEY (entry, organisation)
) WITHOUT ROWID;
INSERT INTO bank_paid (entry, month, organisation, amount)
SELECT r.entry, r.month, COALESCE(h.organisation, SUBSTR(r.household, 1, 12)),
       CAST(SUM(r.amount) AS BIGINT)
FROM bank_return r LEFT JOIN household h ON h.no = r.household
WHERE r.paid = 1 AND r.voided IS NULL
GROUP BY r.entry, r.month, COALESCE(h.organisation, SUBSTR(r.household, 1, 12));
