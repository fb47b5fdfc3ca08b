-- Statements that both dialects share. `{name}` stands for an earlier block; parameters are positional.

-- name: run_columns
run_key, run_id, dag_id, bundle, state, logical_date, interval_start, interval_end, trigger, created_at, params, note,
triggered_by, idempotency_key, run_after, expires_at, started_at, ended_at, reason, counts,
event

-- name: task_columns
run_key, position, task_id, state, try_number, max_tries, losses, attempt_id, queued_at, started_at, ended_at, retry_at,
reason

-- name: attempt_columns
attempt_id, run_key, position, task_id, try_number, created_at, outcome, started_at, ended_at, pid, exit_code, signal,
oom, usage, error, log, checks, rendered, queued_at

-- name: dag_columns
dag_id, bundle, file, present, paused, first_seen_at, updated_at, last_fire, next_fire, paused_by, paused_note,
paused_at, tags, owner, description, schedule_text, tz, location, task_count

-- name: connection_columns
name, kind, host, port, login, schema, sealed, updated_at

-- the writer's row ------------------------------------------------------------------------------------------------

-- name: leader
SELECT epoch, turn, instance, previous_instance FROM leader

-- name: take_leadership
INSERT INTO leader (id, epoch, turn, instance, taken_at) VALUES (1, 1, 0, ?, ?)
ON CONFLICT (id) DO UPDATE SET
    epoch = leader.epoch + 1, turn = 0, previous_instance = leader.instance, instance = excluded.instance,
    taken_at = excluded.taken_at, expires_at = NULL

-- name: last_ids
SELECT last_run_key, last_attempt_id, last_outbox_id FROM leader

-- what the scheduler loads ----------------------------------------------------------------------------------------

-- name: active_runs
SELECT run_key FROM run WHERE state IN ('queued', 'running')

-- name: one_run
SELECT run_key FROM run WHERE run_key = ?

-- name: queued_runs
SELECT run_key FROM run WHERE dag_id = ? AND state = 'queued' ORDER BY run_key LIMIT ?

-- name: active_runs_rows
SELECT {run_columns} FROM run WHERE run_key IN ({active_runs}) ORDER BY run_key

-- name: active_runs_tasks
SELECT {task_columns} FROM task_instance WHERE run_key IN ({active_runs}) ORDER BY run_key, position

-- name: active_runs_attempts
SELECT {attempt_columns} FROM attempt WHERE run_key IN ({active_runs}) ORDER BY run_key, attempt_id

-- name: stored_results
SELECT run_key, position, task_id, attempt_id, codec, size, data, key, sha256, files, numbers FROM result

-- name: active_runs_results
{stored_results} WHERE run_key IN ({active_runs}) ORDER BY run_key, position

-- name: one_run_rows
SELECT {run_columns} FROM run WHERE run_key = ?

-- name: one_run_tasks
SELECT {task_columns} FROM task_instance WHERE run_key = ? ORDER BY position

-- name: run_tasks_from
SELECT {task_columns} FROM task_instance WHERE run_key = ? AND position >= ? ORDER BY position LIMIT ?

-- name: one_run_attempts
SELECT {attempt_columns} FROM attempt WHERE run_key = ? ORDER BY attempt_id

-- name: one_run_results
{stored_results} WHERE run_key = ? ORDER BY position

-- name: queued_runs_rows
SELECT {run_columns} FROM run WHERE run_key IN ({queued_runs}) ORDER BY run_key

-- name: queued_runs_tasks
SELECT {task_columns} FROM task_instance WHERE run_key IN ({queued_runs}) ORDER BY run_key, position

-- name: queued_runs_attempts
SELECT {attempt_columns} FROM attempt WHERE run_key IN ({queued_runs}) ORDER BY run_key, attempt_id

-- name: queued_runs_results
{stored_results} WHERE run_key IN ({queued_runs}) ORDER BY run_key, position

-- name: outbox
SELECT outbox_id, kind, payload, created_at, run_key FROM outbox ORDER BY outbox_id

-- name: version
SELECT dag_id, bundle, created_at, files, definition FROM dag_version WHERE dag_id = ? AND bundle = ?

-- name: trigger_marks
SELECT dag_id, key, mark FROM trigger_mark ORDER BY dag_id, key

-- name: trigger_marks_of
SELECT dag_id, key, mark FROM trigger_mark WHERE dag_id = ? ORDER BY key

-- name: run_by_idempotency_key
SELECT {run_columns} FROM run WHERE dag_id = ? AND idempotency_key = ?

-- the history of a DAG --------------------------------------------------------------------------------------------

-- name: task_letter
-- As in `potok.model.history.LETTERS`.
CASE state
WHEN 'success' THEN CASE WHEN try_number > 1 THEN 'R' ELSE 'S' END
WHEN 'failed' THEN 'F' WHEN 'skipped' THEN 'K' WHEN 'upstream_failed' THEN 'U' WHEN 'cancelled' THEN 'C'
WHEN 'running' THEN 'r' WHEN 'queued' THEN 'q' WHEN 'up_for_retry' THEN 'y' WHEN 'waiting' THEN 'w'
ELSE 's' END

-- name: cells_changed
INSERT INTO run_cells (run_key, dag_id, logical_date, state, ended_at, letters, lengths)
SELECT run.run_key, run.dag_id, run.logical_date, run.state, run.ended_at, cells.letters, cells.lengths

-- name: cells_replaced
ON CONFLICT (run_key) DO UPDATE SET
    logical_date = excluded.logical_date, state = excluded.state, ended_at = excluded.ended_at,
    letters = excluded.letters, lengths = excluded.lengths

-- name: run_before
SELECT run_id FROM run WHERE dag_id = ? AND run_key < ? ORDER BY run_key DESC LIMIT 1

-- name: run_after
SELECT run_id FROM run WHERE dag_id = ? AND run_key > ? ORDER BY run_key LIMIT 1

-- name: numbers_of_runs
SELECT
    run.run_key, run.run_id, run.state, run.logical_date, run.created_at, result.position, result.task_id,
    result.numbers
FROM (SELECT * FROM run WHERE dag_id = ? AND run_key < ? ORDER BY run_key DESC LIMIT ?) AS run
    JOIN result ON result.run_key = run.run_key AND result.numbers IS NOT NULL
ORDER BY run.run_key DESC, result.position LIMIT ?

-- name: bundles_of_newest_runs
SELECT bundle, count(*), min(created_at), max(created_at)
FROM (SELECT bundle, created_at FROM run WHERE dag_id = ? ORDER BY run_key DESC LIMIT ?) AS newest
GROUP BY bundle

-- name: runs_between
SELECT count(*) FROM (
    SELECT 1 AS one FROM run WHERE dag_id = ? AND state = ? AND run_key > ? AND run_key < ? LIMIT ?
) AS counted

-- name: newest_in_state
SELECT run_key FROM run WHERE dag_id = ? AND state = ? AND run_key < ? ORDER BY run_key DESC LIMIT 1

-- name: failed_tasks
SELECT {task_columns} FROM task_instance WHERE run_key = ? AND state = 'failed' ORDER BY ended_at, position LIMIT ?

-- name: active_runs_of_dag
SELECT run.logical_date, run.state, run_cells.state, run_cells.logical_date
FROM run LEFT JOIN run_cells ON run_cells.run_key = run.run_key
WHERE run.dag_id = ? AND run.state IN ('queued', 'running') ORDER BY run.run_key DESC LIMIT ?

-- name: pauses
SELECT at, actor, action, subject, detail, audit_id FROM audit
WHERE subject = ? AND action IN ('pause', 'unpause') ORDER BY audit_id DESC LIMIT ?

-- what the API reads ----------------------------------------------------------------------------------------------

-- name: dags
SELECT {dag_columns} FROM dag ORDER BY dag_id

-- name: dags_after
SELECT {dag_columns} FROM dag WHERE dag_id > ? ORDER BY dag_id LIMIT ?

-- name: dag
SELECT {dag_columns} FROM dag WHERE dag_id = ?

-- name: bundles_in_use
SELECT bundle FROM dag UNION SELECT bundle FROM run

-- name: versions
SELECT bundle, created_at FROM dag_version WHERE dag_id = ? ORDER BY created_at DESC, bundle DESC LIMIT ?

-- name: runs
SELECT {run_columns} FROM run WHERE run_key >= ? AND run_key < ? ORDER BY run_key DESC LIMIT ?

-- name: runs_of_dag
SELECT {run_columns} FROM run WHERE dag_id = ? AND run_key >= ? AND run_key < ? ORDER BY run_key DESC LIMIT ?

-- name: runs_in_state
SELECT {run_columns} FROM run WHERE state = ? AND run_key >= ? AND run_key < ? ORDER BY run_key DESC LIMIT ?

-- name: runs_of_dag_in_state
SELECT {run_columns} FROM run WHERE dag_id = ? AND state = ? AND run_key >= ? AND run_key < ? ORDER BY run_key DESC LIMIT ?

-- name: run
SELECT {run_columns} FROM run WHERE run_id = ?

-- name: task
SELECT {task_columns} FROM task_instance WHERE run_key = ? AND task_id = ?

-- name: attempts_of_task
SELECT {attempt_columns} FROM attempt WHERE run_key = ? AND position = ? ORDER BY attempt_id

-- name: result
{stored_results} WHERE run_key = ? AND task_id = ?

-- name: import_errors
SELECT file, message, location, traceback, at FROM import_error ORDER BY file

-- name: pools
SELECT name, slots, description, source FROM pool ORDER BY name

-- name: connections
SELECT {connection_columns} FROM connection ORDER BY name

-- name: connection
SELECT {connection_columns} FROM connection WHERE name = ?

-- name: variables
SELECT name, secret, sealed, updated_at FROM variable ORDER BY name

-- name: variable
SELECT name, secret, sealed, updated_at FROM variable WHERE name = ?

-- name: audit
SELECT at, actor, action, subject, detail, audit_id FROM audit WHERE audit_id < ? ORDER BY audit_id DESC LIMIT ?

-- name: parked_events
SELECT at, kind, payload, error FROM parked_event ORDER BY parked_id

-- name: active_run_counts
SELECT state, count(*) FROM run WHERE state IN ('queued', 'running') GROUP BY state

-- name: ended_run_counts
-- Grouped by an expression: by the bare column SQLite would rather walk the whole history in state order.
SELECT state || '' AS ended_in, count(*) FROM run WHERE ended_at >= ? GROUP BY ended_in

-- what the page of a run tells ------------------------------------------------------------------------------------

-- name: run_before_of_dag
SELECT {run_columns} FROM run WHERE dag_id = ? AND run_key < ? ORDER BY run_key DESC LIMIT ?

-- name: run_after_of_dag
SELECT {run_columns} FROM run WHERE dag_id = ? AND run_key > ? ORDER BY run_key LIMIT ?

-- name: good_runs_before
SELECT {run_columns} FROM run
WHERE dag_id = ? AND state = 'success' AND run_key < ? ORDER BY run_key DESC LIMIT ?

-- name: good_spans
SELECT task_id, started_at, ended_at FROM task_instance
WHERE run_key = ? AND state = 'success' AND started_at IS NOT NULL AND ended_at IS NOT NULL
ORDER BY position LIMIT ?

-- name: attempt_spans
SELECT attempt_id, position, task_id, try_number, outcome, queued_at, started_at, ended_at, exit_code, signal, oom,
usage, error FROM attempt
WHERE run_key = ? AND (position, attempt_id) > (?, ?) ORDER BY position, attempt_id LIMIT ?

-- name: errors_of_run
SELECT task_id, attempt_id, error FROM attempt WHERE run_key = ? AND error IS NOT NULL ORDER BY attempt_id DESC LIMIT ?

-- name: result_at
{stored_results} WHERE run_key = ? AND position = ?

-- name: files_of_run
SELECT position, task_id, attempt_id, files FROM result
WHERE run_key = ? AND files IS NOT NULL ORDER BY position LIMIT ?

-- name: environment_at
SELECT seen_at, digest, python, platform, packages FROM environment WHERE seen_at <= ? ORDER BY seen_at DESC LIMIT 1

-- name: environment_seen
INSERT INTO environment (seen_at, digest, python, platform, packages) VALUES (?, ?, ?, ?, ?)

-- name: settings_changed
-- The condition is that of the index.
SELECT at, actor, action, subject, detail, audit_id FROM audit
WHERE action IN ('set variable', 'delete variable', 'set connection', 'delete connection', 'set pool', 'delete pool')
AND at > ? AND at <= ? ORDER BY at DESC LIMIT ?

-- name: params_edits
SELECT run_key, at, actor, before, after FROM params_edit WHERE run_key = ? ORDER BY at

-- name: params_edits_new
INSERT INTO params_edit (run_key, at, actor, before, after) VALUES (?, ?, ?, ?, ?)

-- name: run_params_set
UPDATE run SET params = ? WHERE run_key = ?

-- name: delete_params_edits
DELETE FROM params_edit WHERE run_key = ?

-- what the home, the lists and the search read --------------------------------------------------------------------

-- name: brief_columns
run_key, run_id, dag_id, state, trigger, logical_date, created_at, run_after, started_at, ended_at

-- name: open_failures
SELECT dag_id, signature, run_key, position, at, run_keys FROM open_failure ORDER BY at DESC, run_key DESC LIMIT ?

-- name: first_failed_task
SELECT {task_columns} FROM task_instance WHERE run_key = ? AND state = 'failed' ORDER BY position LIMIT 1

-- name: last_failed_attempt
SELECT {attempt_columns} FROM attempt WHERE run_key = ? AND position = ? AND outcome IS NOT NULL
ORDER BY attempt_id DESC LIMIT 1

-- name: active_briefs
SELECT {brief_columns} FROM run WHERE state IN ('queued', 'running') ORDER BY run_key LIMIT ?

-- name: last_success
SELECT run_key, bundle FROM run WHERE dag_id = ? AND state = 'success' ORDER BY run_key DESC LIMIT 1

-- name: overdue_fires
SELECT dag_id, next_fire FROM dag WHERE present AND NOT paused AND next_fire < ? ORDER BY next_fire LIMIT ?

-- name: briefs_ended
SELECT {brief_columns} FROM run WHERE ended_at >= ? ORDER BY ended_at DESC LIMIT ?

-- name: briefs_of_dag
SELECT {brief_columns} FROM run WHERE dag_id = ? ORDER BY run_key DESC LIMIT ?

-- name: good_lengths
SELECT started_at, ended_at FROM run
WHERE dag_id = ? AND state = 'success' AND started_at IS NOT NULL AND ended_at IS NOT NULL ORDER BY run_key DESC LIMIT ?

-- name: light_dags
SELECT dag_id, bundle, file, present, paused, next_fire, tags, owner, description FROM dag ORDER BY dag_id

-- name: version_definition
SELECT definition FROM dag_version WHERE dag_id = ? AND bundle = ?

-- name: run_made_from
SELECT run_key, created_at FROM run WHERE run_key >= ? ORDER BY run_key LIMIT 1

-- name: newest_run_key
SELECT max(run_key) FROM run

-- name: listed_count
SELECT count(*) FROM (SELECT 1 FROM run WHERE run_key >= ? LIMIT ?) AS found

-- name: listed_count_of_dag
SELECT count(*) FROM (SELECT 1 FROM run WHERE dag_id = ? AND run_key >= ? LIMIT ?) AS found

-- name: listed_count_in_state
SELECT count(*) FROM (SELECT 1 FROM run WHERE state = ? AND run_key >= ? LIMIT ?) AS found

-- name: listed_count_of_dag_in_state
SELECT count(*) FROM (SELECT 1 FROM run WHERE dag_id = ? AND state = ? AND run_key >= ? LIMIT ?) AS found

-- name: mutes
SELECT key, until, muted_at, muted_by, note FROM mute ORDER BY key

-- name: slot_use
SELECT at, busy_s, peak FROM slot_use WHERE at >= ? AND at < ? ORDER BY at

-- what a turn writes that is rare ---------------------------------------------------------------------------------

-- name: results_dropped
DELETE FROM result WHERE run_key = ? AND position = ?

-- name: outbox_done
DELETE FROM outbox WHERE outbox_id = ?

-- name: audit_new
INSERT INTO audit (at, actor, action, subject, detail) VALUES (?, ?, ?, ?, ?)

-- name: parked
INSERT INTO parked_event (at, kind, payload, error) VALUES (?, ?, ?, ?)

-- name: dags_seen
INSERT INTO dag ({dag_columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (dag_id) DO UPDATE SET
    bundle = excluded.bundle, file = excluded.file, present = excluded.present, paused = excluded.paused,
    first_seen_at = excluded.first_seen_at, updated_at = excluded.updated_at, last_fire = excluded.last_fire,
    next_fire = excluded.next_fire, paused_by = excluded.paused_by, paused_note = excluded.paused_note,
    paused_at = excluded.paused_at, tags = excluded.tags, owner = excluded.owner,
    description = excluded.description, schedule_text = excluded.schedule_text, tz = excluded.tz,
    location = excluded.location, task_count = excluded.task_count

-- name: fires
UPDATE dag SET last_fire = ?, next_fire = ? WHERE dag_id = ?

-- name: versions_new
INSERT INTO dag_version (dag_id, bundle, created_at, files, definition) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (dag_id, bundle) DO UPDATE SET
    created_at = excluded.created_at, files = excluded.files, definition = excluded.definition

-- name: import_errors_new
INSERT INTO import_error (file, message, location, traceback, at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (file) DO UPDATE SET
    message = excluded.message, location = excluded.location, traceback = excluded.traceback, at = excluded.at

-- name: import_errors_gone
DELETE FROM import_error WHERE file = ?

-- name: open_failures_set
INSERT INTO open_failure (dag_id, signature, run_key, position, at, run_keys) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (dag_id, signature) DO UPDATE SET
    run_key = excluded.run_key, position = excluded.position, at = excluded.at, run_keys = excluded.run_keys

-- name: open_failures_gone
DELETE FROM open_failure WHERE dag_id = ? AND signature = ?

-- name: mutes_set
INSERT INTO mute (key, until, muted_at, muted_by, note) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET
    until = excluded.until, muted_at = excluded.muted_at, muted_by = excluded.muted_by, note = excluded.note

-- name: mutes_gone
DELETE FROM mute WHERE key = ?

-- name: slot_use_added
INSERT INTO slot_use (at, busy_s, peak) VALUES (?, ?, ?)
ON CONFLICT (at) DO UPDATE SET
    busy_s = slot_use.busy_s + excluded.busy_s,
    peak = CASE WHEN excluded.peak > slot_use.peak THEN excluded.peak ELSE slot_use.peak END

-- name: slot_use_old
DELETE FROM slot_use WHERE at < ?

-- name: trigger_marks_set
INSERT INTO trigger_mark (dag_id, key, mark) VALUES (?, ?, ?)
ON CONFLICT (dag_id, key) DO UPDATE SET mark = excluded.mark

-- name: trigger_marks_gone
DELETE FROM trigger_mark WHERE dag_id = ? AND key = ?

-- name: pools_set
INSERT INTO pool (name, slots, description, source) VALUES (?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE SET
    slots = excluded.slots, description = excluded.description, source = excluded.source

-- name: pools_gone
DELETE FROM pool WHERE name = ?

-- name: connections_set
INSERT INTO connection ({connection_columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE SET
    kind = excluded.kind, host = excluded.host, port = excluded.port, login = excluded.login,
    schema = excluded.schema, sealed = excluded.sealed, updated_at = excluded.updated_at

-- name: connections_gone
DELETE FROM connection WHERE name = ?

-- name: variables_set
INSERT INTO variable (name, secret, sealed, updated_at) VALUES (?, ?, ?, ?)
ON CONFLICT (name) DO UPDATE SET
    secret = excluded.secret, sealed = excluded.sealed, updated_at = excluded.updated_at

-- name: variables_gone
DELETE FROM variable WHERE name = ?

-- retention -------------------------------------------------------------------------------------------------------

-- name: expired_runs
SELECT run_key FROM run WHERE ended_at < ? AND state NOT IN ('queued', 'running') ORDER BY ended_at LIMIT ?

-- name: last_position
SELECT max(position) FROM task_instance WHERE run_key = ?

-- name: delete_attempts
DELETE FROM attempt WHERE run_key = ? AND position BETWEEN ? AND ?

-- name: delete_results
DELETE FROM result WHERE run_key = ? AND position BETWEEN ? AND ?

-- name: delete_tasks
DELETE FROM task_instance WHERE run_key = ? AND position BETWEEN ? AND ?

-- name: delete_cells
DELETE FROM run_cells WHERE run_key = ?

-- name: delete_run
DELETE FROM run WHERE run_key = ?

-- migrations ------------------------------------------------------------------------------------------------------

-- name: migration_applied
INSERT INTO schema_migration (name, applied_at) VALUES (?, ?)

-- name: migrations_applied
SELECT name FROM schema_migration ORDER BY name
