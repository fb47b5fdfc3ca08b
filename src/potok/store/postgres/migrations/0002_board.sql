-- What the home shows at the same cost however long the history is.

-- Failed runs that are newer than their DAG's last success, by error. Written in the turn that ends a run.
-- `run_keys` is a JSON list; the newest of them is `run_key`, its task that failed stands at `position`.
CREATE TABLE open_failure (
    dag_id TEXT COLLATE "C" NOT NULL,
    signature TEXT NOT NULL,
    run_key BIGINT NOT NULL,
    position INTEGER,
    at DOUBLE PRECISION NOT NULL,
    run_keys TEXT NOT NULL,
    PRIMARY KEY (dag_id, signature)
);

-- `until` NULL: until the thing is well again.
CREATE TABLE mute (
    key TEXT COLLATE "C" PRIMARY KEY,
    until DOUBLE PRECISION,
    muted_at DOUBLE PRECISION NOT NULL,
    muted_by TEXT NOT NULL,
    note TEXT NOT NULL
);

-- Slot-seconds used in each five minutes, a row only where there were some.
CREATE TABLE slot_use (
    at DOUBLE PRECISION PRIMARY KEY,
    busy_s DOUBLE PRECISION NOT NULL,
    peak INTEGER NOT NULL
);

-- Beginnings of run ids are searched, whatever the locale.
CREATE INDEX run_id_prefix ON run (run_id text_pattern_ops);

INSERT INTO open_failure (dag_id, signature, run_key, position, at, run_keys)
SELECT failed.dag_id, '', failed.run_key, NULL, coalesce(run.ended_at, run.created_at), '[' || failed.run_key || ']'
FROM (SELECT dag_id, max(run_key) AS run_key FROM run WHERE state = 'failed' GROUP BY dag_id) AS failed
    JOIN run ON run.run_key = failed.run_key
WHERE failed.run_key > coalesce(
    (SELECT max(good.run_key) FROM run AS good WHERE good.dag_id = failed.dag_id AND good.state = 'success'), 0
);
