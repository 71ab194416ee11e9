-- 录入: which values people keyed from papers, made from the log. The values are a blob.
CREATE TABLE keyed (
    entry    BIGINT PRIMARY KEY,
    document BIGINT NOT NULL,
    form     TEXT COLLATE "C" NOT NULL,
    keyed    TEXT COLLATE "C" NOT NULL,
    time     TEXT COLLATE "C" NOT NULL,
    author   TEXT COLLATE "C" NOT NULL
);
CREATE INDEX keyed_by_document ON keyed (document, entry);
CREATE INDEX keyed_by_blob ON keyed (keyed);

-- Expendable: what somebody typed and has not saved. A rebuild keeps it.
CREATE TABLE keying_draft (
    person   TEXT COLLATE "C" NOT NULL,
    document BIGINT NOT NULL,
    seen     BIGINT,
    said     TEXT COLLATE "C" NOT NULL,
    kept     BIGINT NOT NULL,
    PRIMARY KEY (person, document)
);
