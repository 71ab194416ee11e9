-- Public notices: what was put up of whom, and until when. Made from the log.

CREATE TABLE notice (
    entry        INTEGER PRIMARY KEY,
    household    TEXT NOT NULL,
    organisation TEXT NOT NULL,
    kind         TEXT NOT NULL,
    applicant    TEXT NOT NULL,
    members      BIGINT NOT NULL,
    amount       BIGINT NOT NULL,
    from_day     TEXT NOT NULL,
    -- Empty: for as long as it is paid.
    until_day    TEXT NOT NULL,
    posted_by    TEXT NOT NULL,
    -- The entry that took it down, its time, and why.
    taken_down   BIGINT,
    taken_at     TEXT NOT NULL,
    reason       TEXT NOT NULL
);
CREATE INDEX notice_by_household ON notice (household);
CREATE INDEX notice_by_organisation ON notice (organisation, entry);
