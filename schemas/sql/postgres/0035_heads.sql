-- By which columns a file of another department was read, and the digest of their names: the
-- next file with the same ones is read the same way.
ALTER TABLE evidence_file ADD COLUMN heads TEXT NOT NULL DEFAULT '';
ALTER TABLE evidence_file ADD COLUMN mapping TEXT NOT NULL DEFAULT '';
CREATE INDEX evidence_file_by_heads ON evidence_file (heads, kind, organisation, entry)
    WHERE heads <> '';
