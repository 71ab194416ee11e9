-- For which documents a file was read. Expendable: the end of a reading sets it.

-- The same bytes may be of several offices. None of them learns from a reading that came
-- too soon that another one has them.
ALTER TABLE document_file ADD COLUMN was_read BIGINT NOT NULL DEFAULT 0;
UPDATE document_file SET was_read = 1
    WHERE EXISTS (SELECT 1 FROM reading WHERE reading.sha256 = document_file.sha256);
