"""The embedded store: one file beside the server, or memory for tests and the simulator."""
