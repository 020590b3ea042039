"""Stands in for the module `cython` where Cython is not installed: then nothing is compiled."""

import contextlib

compiled = False
nogil = contextlib.nullcontext()
