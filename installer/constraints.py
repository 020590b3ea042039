"""The versions of the lock file without its digests: `python -m installer.constraints > constraints.txt`.

The lock is made on Linux and knows no package that only Windows or macOS need (pefile, macholib), so pip would refuse
it there as a whole.  As constraints it still pins everything that the systems have in common.
"""

from __future__ import annotations

import re

from installer.bootstrap import DEV_LOCK

_PIN = re.compile(r"^([A-Za-z0-9._-]+==\S+?)(?:\s*;.*)?\s*\\?$", re.MULTILINE)


def constraints(lock: str) -> list[str]:
    """`name==version` of each pinned package."""
    return _PIN.findall(lock)


if __name__ == "__main__":
    print("\n".join(constraints(DEV_LOCK.read_text("ascii"))))
