"""Two pure machines and a planner: decide, allocate, plan; and explain. No clock, no randomness, no I/O."""
