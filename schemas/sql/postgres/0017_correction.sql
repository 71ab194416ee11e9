-- What people read on pages of a document, made from the log. The text is a blob.
CREATE TABLE correction (
    entry      BIGINT PRIMARY KEY,
    document   BIGINT NOT NULL,
    sha256     TEXT COLLATE "C" NOT NULL,
    page       BIGINT NOT NULL,
    correction TEXT COLLATE "C" NOT NULL,
    time       TEXT COLLATE "C" NOT NULL,
    author     TEXT COLLATE "C" NOT NULL
);
CREATE INDEX correction_by_page ON correction (document, sha256, page, entry);
CREATE INDEX correction_by_blob ON correction (correction);
