-- When the paper was taken in that is there for what is owed, so that it can be said how
-- complete the files were at the end of an earlier period.
ALTER TABLE owed ADD COLUMN met_at TEXT COLLATE "C" NOT NULL DEFAULT '';
UPDATE owed SET met_at = s.met_at FROM (
    SELECT o.entry, o.place, p.accepted_at AS met_at
    FROM (
        SELECT entry, place, household, type, ROW_NUMBER() OVER (
            PARTITION BY household, type ORDER BY since, entry, place) AS nth
        FROM owed
    ) AS o JOIN (
        SELECT household, type, accepted_at, ROW_NUMBER() OVER (
            PARTITION BY household, type ORDER BY accepted_at, id) AS nth
        FROM document WHERE household IS NOT NULL AND state = 'filed' AND sent_back IS NULL
    ) AS p ON p.household = o.household AND p.type = o.type AND p.nth = o.nth
) AS s WHERE owed.entry = s.entry AND owed.place = s.place;
DROP INDEX owed_by_household;
CREATE INDEX owed_by_household ON owed (household, type, since, met_at, collector);
