-- 录入: which values people keyed from papers, made from the log. The values are a blob.
CREATE TABLE keyed (
    entry    INTEGER PRIMARY KEY,
    document BIGINT NOT NULL,
    form     TEXT NOT NULL,
    keyed    TEXT NOT NULL,
    time     TEXT NOT NULL,
    author   TEXT NOT NULL
);
CREATE INDEX keyed_by_document ON keyed (document, entry);
CREATE INDEX keyed_by_blob ON keyed (keyed);

-- Expendable: what somebody typed and has not saved. A rebuild keeps it.
CREATE TABLE keying_draft (
    person   TEXT NOT NULL,
    document BIGINT NOT NULL,
    seen     BIGINT,
    said     TEXT NOT NULL,
    kept     BIGINT NOT NULL,
    PRIMARY KEY (person, document)
) WITHOUT ROWID;
