-- What banks paid a household, for its row in the catalog of payments.
CREATE INDEX bank_return_by_household ON bank_return (household, month);
