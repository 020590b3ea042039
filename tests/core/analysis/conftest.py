"""Fuzzing shares its machine with whatever else runs: a slow example is not a failure."""

from hypothesis import settings

settings.register_profile("parley", deadline=None)
settings.load_profile("parley")
