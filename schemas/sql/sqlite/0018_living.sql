-- 动态: what changes in the life of a household, made from the log.

ALTER TABLE household ADD COLUMN state TEXT NOT NULL DEFAULT 'none';
ALTER TABLE household ADD COLUMN category TEXT NOT NULL DEFAULT '';
ALTER TABLE household ADD COLUMN review_due TEXT NOT NULL DEFAULT '';
ALTER TABLE household ADD COLUMN kept_until TEXT NOT NULL DEFAULT '';
ALTER TABLE household ADD COLUMN stated BIGINT;
ALTER TABLE household ADD COLUMN stepped BIGINT;
CREATE INDEX household_by_review ON household (review_due, no);

ALTER TABLE document ADD COLUMN sent_back BIGINT;
ALTER TABLE document ADD COLUMN sent_reason TEXT NOT NULL DEFAULT '';

-- Every value that was ever stated, of a person (`member`) or the household (-1);
-- `from_day` is empty for what was known when the file was opened.
CREATE TABLE fact (
    entry     BIGINT NOT NULL,
    place     BIGINT NOT NULL,
    household TEXT NOT NULL,
    member    BIGINT NOT NULL,
    field     TEXT NOT NULL,
    value     TEXT NOT NULL,
    from_day  TEXT NOT NULL,
    proof     BIGINT,
    words     TEXT NOT NULL,
    author    TEXT NOT NULL,
    voided    BIGINT,
    PRIMARY KEY (entry, place)
) WITHOUT ROWID;
CREATE INDEX fact_by_value ON fact (household, member, field, from_day, entry);

-- The value of each that holds last.
CREATE TABLE present_fact (
    household TEXT NOT NULL,
    member    BIGINT NOT NULL,
    field     TEXT NOT NULL,
    value     TEXT NOT NULL,
    from_day  TEXT NOT NULL,
    entry     BIGINT NOT NULL,
    proof     BIGINT,
    PRIMARY KEY (household, member, field)
) WITHOUT ROWID;
CREATE INDEX present_fact_by_value ON present_fact (field, value, household);

CREATE TABLE case_file (
    household  TEXT NOT NULL,
    no         BIGINT NOT NULL,
    procedure  TEXT NOT NULL,
    begun      TEXT NOT NULL,
    ended      TEXT NOT NULL,
    step       TEXT NOT NULL,
    entry      BIGINT NOT NULL,
    next_step  TEXT NOT NULL,
    next_level TEXT NOT NULL,
    due        TEXT NOT NULL,
    case_due   TEXT NOT NULL,
    PRIMARY KEY (household, no)
) WITHOUT ROWID;
CREATE INDEX case_file_by_due ON case_file (ended, due, household);

CREATE TABLE case_step (
    entry     INTEGER PRIMARY KEY,
    household TEXT NOT NULL,
    case_no   BIGINT NOT NULL,
    step      TEXT NOT NULL,
    on_day    TEXT NOT NULL,
    people    TEXT NOT NULL,
    office    TEXT NOT NULL,
    words     TEXT NOT NULL,
    paper     BIGINT,
    author    TEXT NOT NULL
);
CREATE INDEX case_step_by_case ON case_step (household, case_no, entry);

-- Papers that steps leave; `met` when as many of the kind are in the file.
CREATE TABLE owed (
    entry     BIGINT NOT NULL,
    place     BIGINT NOT NULL,
    household TEXT NOT NULL,
    type      TEXT NOT NULL,
    collector TEXT NOT NULL,
    since     TEXT NOT NULL,
    met       BIGINT NOT NULL,
    PRIMARY KEY (entry, place)
) WITHOUT ROWID;
CREATE INDEX owed_by_household ON owed (household, type);
CREATE INDEX owed_unmet ON owed (met, household, collector);

CREATE TABLE benefit (
    entry       INTEGER PRIMARY KEY,
    household   TEXT NOT NULL,
    effect      TEXT NOT NULL,
    category    TEXT NOT NULL,
    persons     BIGINT NOT NULL,
    amount      BIGINT NOT NULL,
    from_month  TEXT NOT NULL,
    until_month TEXT NOT NULL,
    words       TEXT NOT NULL
);
CREATE INDEX benefit_by_household ON benefit (household, from_month, entry);

-- What files of before were opened with, as opening a file writes it now.
INSERT INTO fact (entry, place, household, member, field, value, from_day, proof, words, author, voided)
    SELECT h.opened, f.place, h.no, f.member, f.field,
           CASE f.place WHEN 0 THEN '0' WHEN 1 THEN h.organisation WHEN 2 THEN h.address
                        WHEN 3 THEN h.head ELSE h.id_number END,
           '', NULL, '', e.actor, NULL
    FROM household h
    JOIN entry e ON e.no = h.opened
    JOIN (SELECT 0 AS place, -1 AS member, 'head' AS field
          UNION ALL SELECT 1, -1, 'organisation'
          UNION ALL SELECT 2, -1, 'address'
          UNION ALL SELECT 3, 0, 'name'
          UNION ALL SELECT 4, 0, 'id_number') AS f ON 1 = 1
    WHERE (f.place <> 2 OR h.address <> '') AND (f.place <> 4 OR h.id_number <> '');
INSERT INTO fact (entry, place, household, member, field, value, from_day, proof, words, author, voided)
    SELECT h.opened, 3 * m.place + 2 + f.place, h.no, m.place, f.field,
           CASE f.place WHEN 0 THEN m.name WHEN 1 THEN m.relation ELSE m.id_number END,
           '', NULL, '', e.actor, NULL
    FROM member m
    JOIN household h ON h.no = m.household
    JOIN entry e ON e.no = h.opened
    JOIN (SELECT 0 AS place, 'name' AS field
          UNION ALL SELECT 1, 'relation'
          UNION ALL SELECT 2, 'id_number') AS f ON 1 = 1
    WHERE f.place = 0 OR (f.place = 1 AND m.relation <> '') OR (f.place = 2 AND m.id_number <> '');
INSERT INTO present_fact (household, member, field, value, from_day, entry, proof)
    SELECT household, member, field, value, from_day, entry, proof FROM fact;
