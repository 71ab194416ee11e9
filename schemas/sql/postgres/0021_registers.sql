-- 台账: the rows of registers that are entered, and draws, made from the log.

-- A row, and what it waits for.
CREATE TABLE register_row (
    register     TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    year         BIGINT NOT NULL,
    serial       BIGINT NOT NULL,
    other        TEXT COLLATE "C" NOT NULL,
    household    TEXT COLLATE "C" NOT NULL,
    on_day       TEXT COLLATE "C" NOT NULL,
    opened       BIGINT NOT NULL,
    last_entry   BIGINT NOT NULL,
    last_stage   TEXT COLLATE "C" NOT NULL,
    next_stage   TEXT COLLATE "C" NOT NULL,
    next_level   TEXT COLLATE "C" NOT NULL,
    due          TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (register, organisation, year, serial)
);
CREATE INDEX register_row_by_age ON register_row (register, opened, serial);
CREATE INDEX register_row_by_due ON register_row (due, register) WHERE due <> '';
CREATE INDEX register_row_by_household ON register_row (household, register);

-- What was entered at a stage; `struck` is the entry that corrected it. `cells` is
-- a JSON object of values by column; `sealed` names what stands in the store alone.
CREATE TABLE register_line (
    entry        BIGINT NOT NULL,
    place        BIGINT NOT NULL,
    register     TEXT COLLATE "C" NOT NULL,
    organisation TEXT COLLATE "C" NOT NULL,
    year         BIGINT NOT NULL,
    serial       BIGINT NOT NULL,
    stage        TEXT COLLATE "C" NOT NULL,
    on_day       TEXT COLLATE "C" NOT NULL,
    household    TEXT COLLATE "C" NOT NULL,
    cells        TEXT COLLATE "C" NOT NULL,
    sealed       TEXT COLLATE "C" NOT NULL,
    paper        BIGINT,
    author       TEXT COLLATE "C" NOT NULL,
    instead_of   BIGINT,
    struck       BIGINT,
    PRIMARY KEY (entry, place)
);
CREATE INDEX register_line_by_row ON register_line (register, organisation, year, serial, entry);

-- Draws: the order, the population as it stood then (numbers of households in order,
-- parted by line feeds), and what was drawn by which tree.
CREATE TABLE draw_order (
    entry        BIGINT PRIMARY KEY,
    organisation TEXT COLLATE "C" NOT NULL,
    month        TEXT COLLATE "C" NOT NULL,
    state        TEXT COLLATE "C" NOT NULL,
    category     TEXT COLLATE "C" NOT NULL,
    size         BIGINT NOT NULL,
    words        TEXT COLLATE "C" NOT NULL,
    described    TEXT COLLATE "C" NOT NULL,
    author       TEXT COLLATE "C" NOT NULL,
    time         TEXT COLLATE "C" NOT NULL,
    population   TEXT COLLATE "C" NOT NULL,
    count        BIGINT NOT NULL,
    sha256       TEXT COLLATE "C" NOT NULL,
    drawn        BIGINT,
    tree_size    BIGINT NOT NULL,
    root         TEXT COLLATE "C" NOT NULL,
    sample       TEXT COLLATE "C" NOT NULL
);
CREATE INDEX draw_order_by_scope ON draw_order (organisation, month, entry);

-- Changes of a month, by the day they were made.
CREATE INDEX case_step_by_day ON case_step (on_day);
CREATE INDEX fact_by_day ON fact (field, from_day);
