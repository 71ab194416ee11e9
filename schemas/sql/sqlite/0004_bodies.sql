-- The blobs that hold the bodies of a batch; none for a batch of old archives,
-- where each body is a blob of its own. Made again from the log.
CREATE TABLE bodies (
    batch  BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (batch, sha256)
) WITHOUT ROWID;
CREATE INDEX bodies_by_sha256 ON bodies (sha256);
