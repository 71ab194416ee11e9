-- 台账: the rows of registers that are entered, and draws, made from the log.

-- A row, and what it waits for.
CREATE TABLE register_row (
    register     TEXT NOT NULL,
    organisation TEXT NOT NULL,
    year         BIGINT NOT NULL,
    serial       BIGINT NOT NULL,
    other        TEXT NOT NULL,
    household    TEXT NOT NULL,
    on_day       TEXT NOT NULL,
    opened       BIGINT NOT NULL,
    last_entry   BIGINT NOT NULL,
    last_stage   TEXT NOT NULL,
    next_stage   TEXT NOT NULL,
    next_level   TEXT NOT NULL,
    due          TEXT NOT NULL,
    PRIMARY KEY (register, organisation, year, serial)
) WITHOUT ROWID;
CREATE INDEX register_row_by_age ON register_row (register, opened, serial);
CREATE INDEX register_row_by_due ON register_row (due, register) WHERE due <> '';
CREATE INDEX register_row_by_household ON register_row (household, register);

-- What was entered at a stage; `struck` is the entry that corrected it. `cells` is
-- a JSON object of values by column; `sealed` names what stands in the store alone.
CREATE TABLE register_line (
    entry        BIGINT NOT NULL,
    place        BIGINT NOT NULL,
    register     TEXT NOT NULL,
    organisation TEXT NOT NULL,
    year         BIGINT NOT NULL,
    serial       BIGINT NOT NULL,
    stage        TEXT NOT NULL,
    on_day       TEXT NOT NULL,
    household    TEXT NOT NULL,
    cells        TEXT NOT NULL,
    sealed       TEXT NOT NULL,
    paper        BIGINT,
    author       TEXT NOT NULL,
    instead_of   BIGINT,
    struck       BIGINT,
    PRIMARY KEY (entry, place)
) WITHOUT ROWID;
CREATE INDEX register_line_by_row ON register_line (register, organisation, year, serial, entry);

-- Draws: the order, the population as it stood then (numbers of households in order,
-- parted by line feeds), and what was drawn by which tree.
CREATE TABLE draw_order (
    entry        INTEGER PRIMARY KEY,
    organisation TEXT NOT NULL,
    month        TEXT NOT NULL,
    state        TEXT NOT NULL,
    category     TEXT NOT NULL,
    size         BIGINT NOT NULL,
    words        TEXT NOT NULL,
    described    TEXT NOT NULL,
    author       TEXT NOT NULL,
    time         TEXT NOT NULL,
    population   TEXT NOT NULL,
    count        BIGINT NOT NULL,
    sha256       TEXT NOT NULL,
    drawn        BIGINT,
    tree_size    BIGINT NOT NULL,
    root         TEXT NOT NULL,
    sample       TEXT NOT NULL
);
CREATE INDEX draw_order_by_scope ON draw_order (organisation, month, entry);

-- Changes of a month, by the day they were made.
CREATE INDEX case_step_by_day ON case_step (on_day);
CREATE INDEX fact_by_day ON fact (field, from_day);
