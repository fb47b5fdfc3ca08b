"""The shell round the engine: inbox, timers, group commit, outbox, recovery. The only room that changes state."""
