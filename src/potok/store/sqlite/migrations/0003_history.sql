-- What each ended run came to, in one row, so that a year of a DAG is read without its task instances.
-- `letters`: one letter for each task by position; `lengths`: seconds by position, separated by commas, empty for a task
-- that did not run. Both are NULL where a run ended before this table was there: then they are read from the tasks.

CREATE TABLE run_cells (
    run_key INTEGER PRIMARY KEY,
    dag_id TEXT NOT NULL,
    logical_date REAL NOT NULL,
    state TEXT NOT NULL,
    ended_at REAL,
    letters TEXT,
    lengths TEXT
);
CREATE INDEX run_cells_of_dag ON run_cells (dag_id, logical_date, state);
CREATE INDEX audit_of_subject ON audit (subject, audit_id);

INSERT INTO run_cells (run_key, dag_id, logical_date, state, ended_at)
SELECT run_key, dag_id, logical_date, state, ended_at FROM run WHERE state IN ('success', 'failed', 'cancelled');

-- The newest runs are looked at most; all of them would hold the upgrade of a large history up for minutes.
UPDATE run_cells SET (letters, lengths) = (
    SELECT group_concat(letter, ''), group_concat(length, ',')
    FROM (
        SELECT
            CASE state
                WHEN 'success' THEN CASE WHEN try_number > 1 THEN 'R' ELSE 'S' END
                WHEN 'failed' THEN 'F' WHEN 'skipped' THEN 'K' WHEN 'upstream_failed' THEN 'U' WHEN 'cancelled' THEN 'C'
                WHEN 'running' THEN 'r' WHEN 'queued' THEN 'q' WHEN 'up_for_retry' THEN 'y' WHEN 'waiting' THEN 'w'
                ELSE 's'
            END AS letter,
            coalesce(round(ended_at - started_at, 3), '') AS length
        FROM task_instance WHERE task_instance.run_key = run_cells.run_key ORDER BY position
    )
)
WHERE run_key > (SELECT max(run_key) - 20000 FROM run);
