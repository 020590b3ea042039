"""The core runs interpreted in tests, so that failures show its lines; `PARLEY_FORM=compiled` runs it compiled."""

from __future__ import annotations

import os

from sfu.forwarder import form

if os.environ.get(form.VARIABLE) == form.COMPILED:
    form.choose()
