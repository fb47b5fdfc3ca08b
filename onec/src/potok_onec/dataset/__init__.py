"""A data set of methods for machine learning: one row each, duplicates marked, split without leaks, scrubbed."""
