-- How well pages were read. Expendable: made again with the reading.

-- The score of the worst page, in per mille. Of what was read before there were
-- scores it is the confidence, until it is read again.
ALTER TABLE reading ADD COLUMN quality BIGINT NOT NULL DEFAULT 1000;
UPDATE reading SET quality = CASE WHEN unread > 0 THEN 0 ELSE confidence END;

-- What is to be read again by a newer reader.
CREATE INDEX reading_by_maker ON reading (maker);

-- The pages that a person should look at, each with its score in per mille.
CREATE TABLE doubtful_page (
    sha256  TEXT COLLATE "C" NOT NULL,
    page    BIGINT NOT NULL,
    quality BIGINT NOT NULL,
    PRIMARY KEY (sha256, page)
);
CREATE INDEX doubtful_page_by_quality ON doubtful_page (quality, sha256, page);
