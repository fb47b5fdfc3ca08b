-- What SQLite says in its own way: the hot statements of a turn, one row a time under executemany.

-- name: fence
UPDATE leader SET
    turn = ?, last_run_key = max(last_run_key, ?), last_attempt_id = max(last_attempt_id, ?),
    last_outbox_id = max(last_outbox_id, ?)
WHERE epoch = ?

-- name: runs_new
INSERT INTO run ({run_columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: tasks_new
INSERT INTO task_instance ({task_columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: runs_changed
UPDATE run SET state = ?, started_at = ?, ended_at = ?, reason = ?, counts = ? WHERE run_key = ?

-- name: tasks_changed
INSERT INTO task_instance ({task_columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (run_key, position) DO UPDATE SET
    task_id = excluded.task_id, state = excluded.state, try_number = excluded.try_number,
    max_tries = excluded.max_tries, losses = excluded.losses, attempt_id = excluded.attempt_id,
    queued_at = excluded.queued_at, started_at = excluded.started_at, ended_at = excluded.ended_at,
    retry_at = excluded.retry_at, reason = excluded.reason

-- name: attempts_new
INSERT INTO attempt ({attempt_columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: attempts_ended
INSERT INTO attempt ({attempt_columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (run_key, position, attempt_id) DO UPDATE SET
    task_id = excluded.task_id, try_number = excluded.try_number, created_at = excluded.created_at,
    outcome = excluded.outcome, started_at = excluded.started_at, ended_at = excluded.ended_at, pid = excluded.pid,
    exit_code = excluded.exit_code, signal = excluded.signal, oom = excluded.oom, usage = excluded.usage,
    error = excluded.error, log = excluded.log, checks = excluded.checks, rendered = excluded.rendered,
    queued_at = excluded.queued_at

-- name: results
INSERT INTO result (run_key, position, task_id, attempt_id, codec, size, key, sha256, data, files, numbers)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (run_key, position) DO UPDATE SET
    task_id = excluded.task_id, attempt_id = excluded.attempt_id, codec = excluded.codec, size = excluded.size,
    key = excluded.key, sha256 = excluded.sha256, data = excluded.data, files = excluded.files,
    numbers = excluded.numbers

-- name: outbox_new
INSERT INTO outbox (outbox_id, kind, payload, created_at, run_key) VALUES (?, ?, ?, ?, ?)

-- name: live_letters
SELECT group_concat(letter, '') FROM (
    SELECT {task_letter} AS letter FROM task_instance WHERE task_instance.run_key = run.run_key ORDER BY position
)

-- name: live_lengths
SELECT group_concat(length, ',') FROM (
    SELECT coalesce(round(ended_at - started_at, 3), '') AS length
    FROM task_instance WHERE task_instance.run_key = run.run_key ORDER BY position
)

-- name: cells
-- After the run's tasks and its row: what is written here is what stands there. `run_key` comes twice.
{cells_changed}
FROM run, (
    SELECT group_concat(letter, '') AS letters, group_concat(length, ',') AS lengths FROM (
        SELECT {task_letter} AS letter, coalesce(round(ended_at - started_at, 3), '') AS length
        FROM task_instance WHERE run_key = ? ORDER BY position
    )
) AS cells
WHERE run.run_key = ? AND run.state IN ('success', 'failed', 'cancelled')
{cells_replaced}

-- name: run_cells
-- A stale or missing row (an active run; one that ended before the table was there) is made up from the tasks.
SELECT
    run.run_key, run.run_id, run.bundle, run.state, run.trigger, run.logical_date, run.created_at, run.started_at,
    run.ended_at,
    coalesce(
        CASE WHEN run_cells.ended_at = run.ended_at THEN run_cells.letters END,
        CASE WHEN run.state <> 'queued' THEN ({live_letters}) END
    )
FROM run LEFT JOIN run_cells ON run_cells.run_key = run.run_key
WHERE run.dag_id = ? AND run.run_key < ? ORDER BY run.run_key DESC LIMIT ?

-- name: good_run_lengths
SELECT
    run.run_key, run.bundle, run.started_at, run.ended_at,
    coalesce(CASE WHEN run_cells.ended_at = run.ended_at THEN run_cells.lengths END, ({live_lengths}))
FROM run LEFT JOIN run_cells ON run_cells.run_key = run.run_key
WHERE run.dag_id = ? AND run.state = 'success' ORDER BY run.run_key DESC LIMIT ?

-- name: one_run_lengths
SELECT run.run_key, run.bundle, run.started_at, run.ended_at, ({live_lengths}) FROM run WHERE run.run_key = ?

-- name: quarters
SELECT CAST(logical_date / 900 AS INTEGER) AS quarter, state, count(*) FROM run_cells
WHERE dag_id = ? AND logical_date >= ? AND logical_date < ? GROUP BY quarter, state

-- name: runs_like
SELECT {brief_columns} FROM run WHERE run_id >= ? AND run_id < ? ORDER BY run_id DESC LIMIT ?
