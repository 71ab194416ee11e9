-- 动态: what changes in the life of a household, made from the log.

ALTER TABLE household ADD COLUMN state TEXT COLLATE "C" NOT NULL DEFAULT 'none';
ALTER TABLE household ADD COLUMN category TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE household ADD COLUMN review_due TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE household ADD COLUMN kept_until TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE household ADD COLUMN stated BIGINT;
ALTER TABLE household ADD COLUMN stepped BIGINT;
CREATE INDEX household_by_review ON household (review_due, no);

ALTER TABLE document ADD COLUMN sent_back BIGINT;
ALTER TABLE document ADD COLUMN sent_reason TEXT COLLATE "C" NOT NULL DEFAULT '';

-- Every value that was ever stated, of a person (`member`) or the household (-1);
-- `from_day` is empty for what was known when the file was opened.
CREATE TABLE fact (
    entry     BIGINT NOT NULL,
    place     BIGINT NOT NULL,
    household TEXT COLLATE "C" NOT NULL,
    member    BIGINT NOT NULL,
    field     TEXT COLLATE "C" NOT NULL,
    value     TEXT COLLATE "C" NOT NULL,
    from_day  TEXT COLLATE "C" NOT NULL,
    proof     BIGINT,
    words     TEXT COLLATE "C" NOT NULL,
    author    TEXT COLLATE "C" NOT NULL,
    voided    BIGINT,
    PRIMARY KEY (entry, place)
);
CREATE INDEX fact_by_value ON fact (household, member, field, from_day, entry);

-- The value of each that holds last.
CREATE TABLE present_fact (
    household TEXT COLLATE "C" NOT NULL,
    member    BIGINT NOT NULL,
    field     TEXT COLLATE "C" NOT NULL,
    value     TEXT COLLATE "C" NOT NULL,
    from_day  TEXT COLLATE "C" NOT NULL,
    entry     BIGINT NOT NULL,
    proof     BIGINT,
    PRIMARY KEY (household, member, field)
);
CREATE INDEX present_fact_by_value ON present_fact (field, value, household);

CREATE TABLE case_file (
    household  TEXT COLLATE "C" NOT NULL,
    no         BIGINT NOT NULL,
    procedure  TEXT COLLATE "C" NOT NULL,
    begun      TEXT COLLATE "C" NOT NULL,
    ended      TEXT COLLATE "C" NOT NULL,
    step       TEXT COLLATE "C" NOT NULL,
    entry      BIGINT NOT NULL,
    next_step  TEXT COLLATE "C" NOT NULL,
    next_level TEXT COLLATE "C" NOT NULL,
    due        TEXT COLLATE "C" NOT NULL,
    case_due   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (household, no)
);
CREATE INDEX case_file_by_due ON case_file (ended, due, household);

CREATE TABLE case_step (
    entry     BIGINT PRIMARY KEY,
    household TEXT COLLATE "C" NOT NULL,
    case_no   BIGINT NOT NULL,
    step      TEXT COLLATE "C" NOT NULL,
    on_day    TEXT COLLATE "C" NOT NULL,
    people    TEXT COLLATE "C" NOT NULL,
    office    TEXT COLLATE "C" NOT NULL,
    words     TEXT COLLATE "C" NOT NULL,
    paper     BIGINT,
    author    TEXT COLLATE "C" NOT NULL
);
CREATE INDEX case_step_by_case ON case_step (household, case_no, entry);

-- Papers that steps leave; `met` when as many of the kind are in the file.
CREATE TABLE owed (
    entry     BIGINT NOT NULL,
    place     BIGINT NOT NULL,
    household TEXT COLLATE "C" NOT NULL,
    type      TEXT COLLATE "C" NOT NULL,
    collector TEXT COLLATE "C" NOT NULL,
    since     TEXT COLLATE "C" NOT NULL,
    met       BIGINT NOT NULL,
    PRIMARY KEY (entry, place)
);
CREATE INDEX owed_by_household ON owed (household, type);
CREATE INDEX owed_unmet ON owed (met, household, collector);

CREATE TABLE benefit (
    entry       BIGINT PRIMARY KEY,
    household   TEXT COLLATE "C" NOT NULL,
    effect      TEXT COLLATE "C" NOT NULL,
    category    TEXT COLLATE "C" NOT NULL,
    persons     BIGINT NOT NULL,
    amount      BIGINT NOT NULL,
    from_month  TEXT COLLATE "C" NOT NULL,
    until_month TEXT COLLATE "C" NOT NULL,
    words       TEXT COLLATE "C" NOT NULL
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
