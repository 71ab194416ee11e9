-- Public notices: what was put up of whom, and until when. Made from the log.

CREATE TABLE notice (
    entry        BIGINT PRIMARY KEY,
    household    TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    kind         TEXT COLLATE "C" NOT NULL,
    applicant    TEXT COLLATE "C" NOT NULL,
    members      BIGINT NOT NULL,
    amount       BIGINT NOT NULL,
    from_day     TEXT COLLATE "C" NOT NULL,
    -- Empty: for as long as it is paid.
    until_day    TEXT COLLATE "C" NOT NULL,
    posted_by    TEXT COLLATE "C" NOT NULL,
    -- The entry that took it down, its time, and why.
    taken_down   BIGINT,
    taken_at     TEXT COLLATE "C" NOT NULL,
    reason       TEXT COLLATE "C" NOT NULL
);
CREATE INDEX notice_by_household ON notice (household);
CREATE INDEX notice_by_organisation ON notice (organisation, entry);
