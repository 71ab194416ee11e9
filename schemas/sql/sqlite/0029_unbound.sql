-- How many papers of each household came, or were described anew, after the last binding,
-- counted when one does, so that a list of a whole district need not count them all.
ALTER TABLE household ADD COLUMN unbound BIGINT NOT NULL DEFAULT 0;
UPDATE household SET unbound = (
    SELECT COUNT(*) FROM document d WHERE d.household = household.no
    AND (d.state = 'undescribed' OR (d.state = 'filed' AND COALESCE(d.described, d.id) > (
        SELECT COALESCE(MAX(v.entry), -1) FROM volume v WHERE v.household = household.no))));
CREATE INDEX household_unbound ON household (unbound, no) WHERE unbound > 0;
