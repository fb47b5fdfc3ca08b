"""What we ship for tests, ours and yours: conformance suites, the simulator, `dag.test()`, a private PostgreSQL."""
