-- What is counted over all households is read from indexes and not from their rows: who is to
-- be bound again, who lacks papers before the first step, whose review is due.
DROP INDEX household_by_standing;
DROP INDEX household_unbound;
CREATE INDEX household_by_standing ON household
    (organisation, owed, lacks, lacks_community, lacks_street, lacks_bureau, state, unbound);
DROP INDEX household_reviews;
CREATE INDEX household_reviews ON household (review_due, organisation, category, no)
    WHERE review_due <> '';
