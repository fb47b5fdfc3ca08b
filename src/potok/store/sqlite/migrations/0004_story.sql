-- What the page of a run tells: when each attempt became ready, which errors the last runs had, what the runs ran on.

ALTER TABLE attempt ADD COLUMN queued_at REAL;

-- Errors are few: looking one run's up must not read its ten thousand good attempts.
CREATE INDEX attempt_error ON attempt (run_key, attempt_id) WHERE error IS NOT NULL;

-- One row each time that a server starts on other packages than the last one did; `packages` is {name: version}.
CREATE TABLE environment (
    seen_at REAL PRIMARY KEY,
    digest TEXT NOT NULL,
    python TEXT NOT NULL,
    platform TEXT NOT NULL,
    packages TEXT NOT NULL
) WITHOUT ROWID;

-- The params that a run had before someone retried it with others.
CREATE TABLE params_edit (
    run_key INTEGER NOT NULL,
    at REAL NOT NULL,
    actor TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    PRIMARY KEY (run_key, at)
) WITHOUT ROWID;

-- Who changed a variable, connection or pool between two runs: found by time, in an index of those few rows alone.
CREATE INDEX audit_of_settings ON audit (at)
WHERE action IN ('set variable', 'delete variable', 'set connection', 'delete connection', 'set pool', 'delete pool');
