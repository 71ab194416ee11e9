-- A roster stands together by its month, so that one of a whole district is written to the
-- end of the index and not to a page for each household.
ALTER TABLE payment DROP CONSTRAINT payment_pkey;
DROP INDEX payment_by_month;
ALTER TABLE payment ADD PRIMARY KEY (month, household) INCLUDE (persons, amount);
