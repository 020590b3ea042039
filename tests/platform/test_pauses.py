from __future__ import annotations

import subprocess
import sys

ASK = """
import gc, importlib, sys
from app.pauses import shorten

shorten(lambda: importlib.import_module("colorsys")).join()
walked = gc.collect() or len(gc.get_objects(generation=2))
print(sys.getswitchinterval(), gc.get_freeze_count() > 1000, walked < 1000, "colorsys" in sys.modules)
"""


def test_what_lives_as_long_as_the_program_is_not_walked_by_the_collector() -> None:
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True, timeout=30)

    assert done.stdout.split() == ["0.001", "True", "True", "True"]
