-- What SQLite says in its own way: the hot statements of a turn, one row a time under executemany.

-- name: fence
UPDATE leader SET
    turn = ?, last_run_key = max(last_run_key, ?), last_attempt_id = max(last_attempt_id, ?),
    last_outbox_id = max(last_outbox_id, ?)
WHERE epoch = ?

-- name: runs_new
INSERT INTO run ({run_columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

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
INSERT INTO attempt ({attempt_columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: attempts_ended
INSERT INTO attempt ({attempt_columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (run_key, position, attempt_id) DO UPDATE SET
    task_id = excluded.task_id, try_number = excluded.try_number, created_at = excluded.created_at,
    outcome = excluded.outcome, started_at = excluded.started_at, ended_at = excluded.ended_at, pid = excluded.pid,
    exit_code = excluded.exit_code, signal = excluded.signal, oom = excluded.oom, usage = excluded.usage,
    error = excluded.error, log = excluded.log, checks = excluded.checks, rendered = excluded.rendered

-- name: results
INSERT INTO result (run_key, position, task_id, attempt_id, codec, size, key, sha256, data)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (run_key, position) DO UPDATE SET
    task_id = excluded.task_id, attempt_id = excluded.attempt_id, codec = excluded.codec, size = excluded.size,
    key = excluded.key, sha256 = excluded.sha256, data = excluded.data

-- name: outbox_new
INSERT INTO outbox (outbox_id, kind, payload, created_at, run_key) VALUES (?, ?, ?, ?, ?)
