-- What starts runs besides schedules and people.

-- The event that a run was started by, as JSON; NULL for every other run.
ALTER TABLE run ADD COLUMN event TEXT;

-- What each trigger saw last, written in the turn that starts its run; `mark` is JSON.
CREATE TABLE trigger_mark (
    dag_id TEXT NOT NULL,
    key TEXT NOT NULL,
    mark TEXT NOT NULL,
    PRIMARY KEY (dag_id, key)
) WITHOUT ROWID;
