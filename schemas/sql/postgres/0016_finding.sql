-- Finding: what a person keeps of searches, and what suggestions are looked up by.
-- Nothing of it is made from the log; a rebuild keeps it.

-- A search under a name, as the query of its address. `seen` is the number of the
-- newest document there was when it was last opened.
CREATE TABLE saved_search (
    id     TEXT COLLATE "C" PRIMARY KEY,
    owner  TEXT COLLATE "C" NOT NULL,
    name   TEXT COLLATE "C" NOT NULL,
    asked  TEXT COLLATE "C" NOT NULL,
    made   BIGINT NOT NULL,
    seen   BIGINT NOT NULL
);
CREATE UNIQUE INDEX saved_search_by_owner ON saved_search (owner, name);

-- Up to when a person does not want to be reminded of searches, in microseconds.
CREATE TABLE recent_cleared (
    owner TEXT COLLATE "C" PRIMARY KEY,
    at    BIGINT NOT NULL
);

CREATE INDEX look_by_searcher ON look (person, at) WHERE kind = 'search';
CREATE INDEX household_by_last_entry ON household (last_entry);
CREATE INDEX document_by_title ON document (title, organisation);
