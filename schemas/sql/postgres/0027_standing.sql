-- 应有 and 缺件 of each household, counted when a paper comes or is owed, so that a list
-- of a whole district need not count them all.
ALTER TABLE household ADD COLUMN owed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE household ADD COLUMN lacks BIGINT NOT NULL DEFAULT 0;
ALTER TABLE household ADD COLUMN lacks_community BIGINT NOT NULL DEFAULT 0;
ALTER TABLE household ADD COLUMN lacks_street BIGINT NOT NULL DEFAULT 0;
ALTER TABLE household ADD COLUMN lacks_bureau BIGINT NOT NULL DEFAULT 0;
UPDATE household SET
    owed = (SELECT COUNT(*) FROM owed o WHERE o.household = household.no),
    lacks = (SELECT COUNT(*) FROM owed o WHERE o.household = household.no AND o.met = 0),
    lacks_community = (SELECT COUNT(*) FROM owed o WHERE o.household = household.no AND o.met = 0
                       AND o.collector = 'community'),
    lacks_street = (SELECT COUNT(*) FROM owed o WHERE o.household = household.no AND o.met = 0
                    AND o.collector = 'street'),
    lacks_bureau = (SELECT COUNT(*) FROM owed o WHERE o.household = household.no AND o.met = 0
                    AND o.collector = 'bureau');
CREATE INDEX household_by_standing ON household
    (organisation, owed, lacks, lacks_community, lacks_street, lacks_bureau);
CREATE INDEX household_lacking ON household (lacks, no) WHERE lacks > 0;
-- The roster of a month is read from its index alone.
DROP INDEX payment_by_month;
CREATE INDEX payment_by_month ON payment (month, household, persons, amount);
-- How many papers there are is counted from an index alone.
CREATE INDEX document_by_place ON document (state, organisation, pages);
