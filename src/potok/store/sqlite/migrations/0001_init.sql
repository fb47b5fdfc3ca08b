-- Few indexes on purpose: every one is paid for on each commit. Instants are seconds since the epoch (UTC).
-- Tables that are read and written by their key are clustered by it (WITHOUT ROWID).

CREATE TABLE leader (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    epoch INTEGER NOT NULL,
    turn INTEGER NOT NULL,
    instance TEXT NOT NULL,
    previous_instance TEXT,
    taken_at REAL NOT NULL,
    expires_at REAL,
    last_run_key INTEGER NOT NULL DEFAULT 0,
    last_attempt_id INTEGER NOT NULL DEFAULT 0,
    last_outbox_id INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE dag (
    dag_id TEXT PRIMARY KEY,
    bundle TEXT NOT NULL,
    file TEXT NOT NULL,
    present INTEGER NOT NULL,
    paused INTEGER NOT NULL,
    first_seen_at REAL NOT NULL,
    updated_at REAL NOT NULL,
    last_fire REAL,
    next_fire REAL,
    paused_by TEXT NOT NULL DEFAULT '',
    paused_note TEXT NOT NULL DEFAULT '',
    paused_at REAL,
    tags TEXT,
    owner TEXT NOT NULL DEFAULT '',
    description TEXT NOT NULL DEFAULT '',
    schedule_text TEXT NOT NULL DEFAULT '',
    tz TEXT NOT NULL DEFAULT 'UTC',
    location TEXT NOT NULL DEFAULT '',
    task_count INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- `definition` is the Dag as zlib-compressed MessagePack.
CREATE TABLE dag_version (
    dag_id TEXT NOT NULL,
    bundle TEXT NOT NULL,
    created_at REAL NOT NULL,
    files TEXT NOT NULL,
    definition BLOB NOT NULL,
    PRIMARY KEY (dag_id, bundle)
);
CREATE INDEX dag_version_newest ON dag_version (dag_id, created_at, bundle);

CREATE TABLE import_error (
    file TEXT PRIMARY KEY,
    message TEXT NOT NULL,
    location TEXT NOT NULL,
    traceback TEXT NOT NULL,
    at REAL NOT NULL
);

CREATE TABLE run (
    run_key INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL UNIQUE,
    dag_id TEXT NOT NULL,
    bundle TEXT NOT NULL,
    state TEXT NOT NULL,
    logical_date REAL NOT NULL,
    interval_start REAL NOT NULL,
    interval_end REAL NOT NULL,
    trigger TEXT NOT NULL,
    created_at REAL NOT NULL,
    params TEXT,
    note TEXT,
    triggered_by TEXT,
    idempotency_key TEXT,
    run_after REAL,
    expires_at REAL,
    started_at REAL,
    ended_at REAL,
    reason TEXT,
    counts TEXT NOT NULL
);
CREATE INDEX run_of_dag ON run (dag_id, run_key);
CREATE INDEX run_of_dag_in_state ON run (dag_id, state, run_key);
CREATE INDEX run_in_state ON run (state, run_key);
CREATE INDEX run_ended ON run (ended_at, state) WHERE ended_at IS NOT NULL;
CREATE UNIQUE INDEX run_idempotency ON run (dag_id, idempotency_key) WHERE idempotency_key IS NOT NULL;

CREATE TABLE task_instance (
    run_key INTEGER NOT NULL,
    position INTEGER NOT NULL,
    task_id TEXT NOT NULL,
    state TEXT NOT NULL,
    try_number INTEGER NOT NULL,
    max_tries INTEGER NOT NULL,
    losses INTEGER NOT NULL,
    attempt_id INTEGER,
    queued_at REAL,
    started_at REAL,
    ended_at REAL,
    retry_at REAL,
    reason TEXT,
    PRIMARY KEY (run_key, position)
) WITHOUT ROWID;

CREATE TABLE attempt (
    attempt_id INTEGER NOT NULL,
    run_key INTEGER NOT NULL,
    position INTEGER NOT NULL,
    task_id TEXT NOT NULL,
    try_number INTEGER NOT NULL,
    created_at REAL NOT NULL,
    outcome TEXT,
    started_at REAL,
    ended_at REAL,
    pid INTEGER,
    exit_code INTEGER,
    signal INTEGER,
    oom INTEGER NOT NULL DEFAULT 0,
    usage TEXT,
    error TEXT,
    log TEXT,
    checks TEXT,
    rendered TEXT,
    PRIMARY KEY (run_key, position, attempt_id)
) WITHOUT ROWID;

CREATE TABLE result (
    run_key INTEGER NOT NULL,
    position INTEGER NOT NULL,
    task_id TEXT NOT NULL,
    attempt_id INTEGER NOT NULL,
    codec TEXT NOT NULL,
    size INTEGER NOT NULL,
    key TEXT,
    sha256 TEXT NOT NULL DEFAULT '',
    data BLOB,
    PRIMARY KEY (run_key, position)
) WITHOUT ROWID;

CREATE TABLE outbox (
    outbox_id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    payload BLOB NOT NULL,
    created_at REAL NOT NULL,
    run_key INTEGER
);

CREATE TABLE audit (
    audit_id INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT
);

CREATE TABLE parked_event (
    parked_id INTEGER PRIMARY KEY AUTOINCREMENT,
    at REAL NOT NULL,
    kind TEXT NOT NULL,
    payload BLOB NOT NULL,
    error TEXT NOT NULL
);

CREATE TABLE pool (
    name TEXT PRIMARY KEY,
    slots INTEGER NOT NULL,
    description TEXT NOT NULL DEFAULT '',
    source TEXT NOT NULL DEFAULT 'user'
);

CREATE TABLE connection (
    name TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    host TEXT NOT NULL,
    port INTEGER,
    login TEXT NOT NULL,
    schema TEXT NOT NULL,
    sealed BLOB NOT NULL,
    updated_at REAL NOT NULL
);

CREATE TABLE variable (
    name TEXT PRIMARY KEY,
    secret INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    updated_at REAL NOT NULL
);
