-- What is told to others, and who may be one person with two accounts.

-- For which documents a file was read. Expendable: the end of a reading sets it.
-- The same bytes may be of several offices. None of them learns from a reading that came
-- too soon that another one has them.
ALTER TABLE document_file ADD COLUMN was_read BIGINT NOT NULL DEFAULT 0;
UPDATE document_file SET was_read = 1
    WHERE EXISTS (SELECT 1 FROM reading WHERE reading.sha256 = document_file.sha256);

-- What every account is and was called, without blanks. Made from the log: who shares a name
-- with another, then or now, does not decide for them.
CREATE TABLE person_name (
    person TEXT COLLATE "C" NOT NULL,
    name   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (name, person)
);
CREATE INDEX person_name_by_person ON person_name (person);
INSERT INTO person_name (person, name)
    SELECT DISTINCT body::json #>> '{act,person}', REPLACE(body::json #>> '{act,name}', ' ', '')
    FROM entry WHERE act IN ('add_person', 'change_person');

-- Who was not let in as whom, for the page of a person.
CREATE INDEX look_of_sign_in ON look (at) WHERE kind = 'sign_in';
