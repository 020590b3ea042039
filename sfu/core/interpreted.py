"""Stands in for the module `cython` where Cython is not installed: then nothing is compiled."""

compiled = False
