"""Is this camera what it says it is?  Several witnesses that need no training, each a pure estimator over time series.

See the README beside this file.
"""
