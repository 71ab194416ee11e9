-- How many papers of each household came, or were described anew, after the last binding,
-- counted when one does, so that a list of a whole district need not count them all.
ALTER TABLE household ADD COLUMN unbound BIGINT NOT NULL DEFAULT 0;
UPDATE household SET unbound = (
    SELECT COUNT(*) FROM document d WHERE d.household = household.no
    AND (d.state = 'undescribed' OR (d.state = 'filed' AND COALESCE(d.described, d.id) > (
        SELECT COALESCE(MAX(v.entry), -1) FROM volume v WHERE v.household = household.no))));
CREATE INDEX household_unbound ON household (organisation, no) WHERE unbound > 0;
-- The year of reviews is read from an index alone.
CREATE INDEX household_reviews ON household (review_due, organisation, category)
    WHERE review_due <> '';
