"""Where attempts run: one small protocol beside its implementations."""
