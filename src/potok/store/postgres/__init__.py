"""The shared store: PostgreSQL through psycopg. Must be imported only when a URL asks for it."""
