"""Judgement without I/O: every core is told the time, says what it wants done, and names when to wake it."""
