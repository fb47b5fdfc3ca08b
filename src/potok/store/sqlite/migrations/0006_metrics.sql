-- What a result says besides its value; written with it, gone with it. Both are JSON and NULL for nearly all results.

-- A list of the files that it names, as they were when the task ended.
ALTER TABLE result ADD COLUMN files TEXT;

-- The numbers of it that its task declares as metrics, by name.
ALTER TABLE result ADD COLUMN numbers TEXT;

-- Few results have them: neither the files of a run of ten thousand tasks nor a year of numbers reads the others.
CREATE INDEX result_with_files ON result (run_key, position) WHERE files IS NOT NULL;
CREATE INDEX result_with_numbers ON result (run_key, position) WHERE numbers IS NOT NULL;
