"""Inference.  Nothing of it may leave the computer, and one library has to be told so before it is loaded.

ONNX Runtime's wheels (1.32 on Linux, earlier on Windows) report to their maker by a thread of their own, as soon as a
session is made; this variable is what switches it off.  `tests/system/test_offline.py` found it, and holds us to it.
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
