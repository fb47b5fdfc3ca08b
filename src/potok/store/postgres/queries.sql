-- What PostgreSQL says in its own way. A hot statement takes all its rows as one JSON parameter: the client spends no
-- time on single rows, and the rows come in whole structs, so that columns are named and never counted.

-- name: fence
-- Fails (division by zero) when the epoch is not ours, and so takes the statements behind it in the pipeline along.
WITH fenced AS (
    UPDATE leader SET
        turn = ?, last_run_key = greatest(last_run_key, ?), last_attempt_id = greatest(last_attempt_id, ?),
        last_outbox_id = greatest(last_outbox_id, ?)
    WHERE epoch = ?
    RETURNING 1
)
SELECT 1 / count(*) FROM fenced

-- name: runs_new
INSERT INTO run ({run_columns})
SELECT {run_columns}
FROM json_to_recordset(?::json) AS new (record json, counts json),
    json_to_record(new.record) AS record (
        run_key bigint, run_id text, dag_id text, bundle text, state text, logical_date double precision,
        interval_start double precision, interval_end double precision, trigger text, created_at double precision,
        params json, note text, triggered_by text, idempotency_key text, run_after double precision,
        expires_at double precision, started_at double precision, ended_at double precision, reason json, event json
    )

-- name: tasks_new
INSERT INTO task_instance ({task_columns})
SELECT {task_columns} FROM json_populate_recordset(NULL::task_instance, ?::json)

-- name: runs_changed
UPDATE run SET
    state = changed.state, started_at = changed.started_at, ended_at = changed.ended_at, reason = changed.reason,
    counts = changed.counts
FROM json_populate_recordset(NULL::run, ?::json) AS changed
WHERE run.run_key = changed.run_key

-- name: tasks_changed
INSERT INTO task_instance ({task_columns})
SELECT {task_columns} FROM json_populate_recordset(NULL::task_instance, ?::json)
ON CONFLICT (run_key, position) DO UPDATE SET
    task_id = excluded.task_id, state = excluded.state, try_number = excluded.try_number,
    max_tries = excluded.max_tries, losses = excluded.losses, attempt_id = excluded.attempt_id,
    queued_at = excluded.queued_at, started_at = excluded.started_at, ended_at = excluded.ended_at,
    retry_at = excluded.retry_at, reason = excluded.reason

-- name: attempts_new
INSERT INTO attempt ({attempt_columns})
SELECT {attempt_columns} FROM json_populate_recordset(NULL::attempt, ?::json)

-- name: attempts_ended
INSERT INTO attempt ({attempt_columns})
SELECT {attempt_columns} FROM json_populate_recordset(NULL::attempt, ?::json)
ON CONFLICT (run_key, position, attempt_id) DO UPDATE SET
    task_id = excluded.task_id, try_number = excluded.try_number, created_at = excluded.created_at,
    outcome = excluded.outcome, started_at = excluded.started_at, ended_at = excluded.ended_at, pid = excluded.pid,
    exit_code = excluded.exit_code, signal = excluded.signal, oom = excluded.oom, usage = excluded.usage,
    error = excluded.error, log = excluded.log, checks = excluded.checks, rendered = excluded.rendered,
    queued_at = excluded.queued_at

-- name: results
INSERT INTO result (run_key, position, task_id, attempt_id, codec, size, key, sha256, data, files, numbers)
SELECT run_key, position, task_id, attempt_id, codec, size, key, sha256, decode(data, 'base64'), files, numbers
FROM json_to_recordset(?::json) AS new (
    run_key bigint, position integer, task_id text, attempt_id bigint, codec text, size bigint, key text, sha256 text,
    data text, files json, numbers json
)
ON CONFLICT (run_key, position) DO UPDATE SET
    task_id = excluded.task_id, attempt_id = excluded.attempt_id, codec = excluded.codec, size = excluded.size,
    key = excluded.key, sha256 = excluded.sha256, data = excluded.data, files = excluded.files,
    numbers = excluded.numbers

-- name: outbox_new
INSERT INTO outbox (outbox_id, kind, payload, created_at, run_key)
SELECT outbox_id, kind, decode(payload, 'base64'), created_at, run_key
FROM json_to_recordset(?::json) AS new (
    outbox_id bigint, kind text, payload text, created_at double precision, run_key bigint
)

-- name: size
SELECT coalesce(sum(pg_total_relation_size(oid)), 0) FROM pg_class
WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace

-- name: end_old_writer
-- Waiting for its end: what it was about to commit is then settled.
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = ? AND pid <> pg_backend_pid()

-- name: schema_migration
CREATE TABLE IF NOT EXISTS schema_migration (
    name TEXT COLLATE "C" PRIMARY KEY,
    applied_at DOUBLE PRECISION NOT NULL
)

-- name: lock_migrations
LOCK TABLE schema_migration IN EXCLUSIVE MODE

-- name: has_migrations
SELECT to_regclass('schema_migration') IS NOT NULL

-- name: last_runs
SELECT newest.*
FROM json_array_elements_text(?::json) AS wanted (dag_id), LATERAL (
    SELECT {run_columns} FROM run WHERE run.dag_id = wanted.dag_id ORDER BY run_key DESC LIMIT ?
) AS newest
ORDER BY newest.run_key DESC

-- name: live_letters
SELECT string_agg({task_letter}, '' ORDER BY position) FROM task_instance WHERE task_instance.run_key = run.run_key

-- name: live_lengths
SELECT string_agg(coalesce(round((ended_at - started_at)::numeric, 3)::text, ''), ',' ORDER BY position)
FROM task_instance WHERE task_instance.run_key = run.run_key

-- name: cells
-- After the runs' tasks and their rows: what is written here is what stands there.
{cells_changed}
FROM run JOIN json_array_elements_text(?::json) AS ended (run_key) ON run.run_key = ended.run_key::bigint,
    LATERAL (
        SELECT
            string_agg({task_letter}, '' ORDER BY position) AS letters,
            string_agg(
                coalesce(round((ended_at - started_at)::numeric, 3)::text, ''), ',' ORDER BY position
            ) AS lengths
        FROM task_instance WHERE task_instance.run_key = run.run_key
    ) AS cells
WHERE run.state IN ('success', 'failed', 'cancelled')
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
SELECT floor(logical_date / 900)::bigint AS quarter, state, count(*) FROM run_cells
WHERE dag_id = ? AND logical_date >= ? AND logical_date < ? GROUP BY quarter, state

-- name: runs_like
SELECT {brief_columns} FROM run WHERE run_id ~>=~ ? AND run_id ~<~ ? ORDER BY run_id USING ~>~ LIMIT ?
