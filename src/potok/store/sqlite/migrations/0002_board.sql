-- What the home shows at the same cost however long the history is.

-- Failed runs that are newer than their DAG's last success, by error. Written in the turn that ends a run.
-- `run_keys` is a JSON list; the newest of them is `run_key`, its task that failed stands at `position`.
CREATE TABLE open_failure (
    dag_id TEXT NOT NULL,
    signature TEXT NOT NULL,
    run_key INTEGER NOT NULL,
    position INTEGER,
    at REAL NOT NULL,
    run_keys TEXT NOT NULL,
    PRIMARY KEY (dag_id, signature)
) WITHOUT ROWID;

-- `until` NULL: until the thing is well again.
CREATE TABLE mute (
    key TEXT PRIMARY KEY,
    until REAL,
    muted_at REAL NOT NULL,
    muted_by TEXT NOT NULL,
    note TEXT NOT NULL
) WITHOUT ROWID;

-- Slot-seconds used in each five minutes, a row only where there were some.
CREATE TABLE slot_use (
    at REAL PRIMARY KEY,
    busy_s REAL NOT NULL,
    peak INTEGER NOT NULL
) WITHOUT ROWID;

INSERT INTO open_failure (dag_id, signature, run_key, position, at, run_keys)
SELECT failed.dag_id, '', failed.run_key, NULL, coalesce(run.ended_at, run.created_at), '[' || failed.run_key || ']'
FROM (SELECT dag_id, max(run_key) AS run_key FROM run WHERE state = 'failed' GROUP BY dag_id) AS failed
    JOIN run ON run.run_key = failed.run_key
WHERE failed.run_key > coalesce(
    (SELECT max(good.run_key) FROM run AS good WHERE good.dag_id = failed.dag_id AND good.state = 'success'), 0
);
