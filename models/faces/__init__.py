"""Where faces are, 478 points on each, and 52 blend shapes: Google's face landmarker without its library.

See the README beside this file.
"""
