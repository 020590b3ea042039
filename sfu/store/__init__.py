"""What outlives a meeting: one SQLite file, one thread that owns it, and the questions that can be asked of it."""
