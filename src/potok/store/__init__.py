"""Tables and queries: rows in, rows out, no policy. SQLite and PostgreSQL behind one conformance suite."""
