"""`parley doctor`: what is here, what is missing, and what to do about each.

Asked when something does not work, so it must itself work on a half-installed machine: every question is asked in a
process of its own, with a deadline, and an answer that does not come is an answer too.  What is asked is in
`probes`; this file asks and prints.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from app.probes import PROBES, Finding, Setting, State
from models.registry import default_data_dir, default_models_dir
from sfu.roles import command, mend

DEFAULT_PORT = 7443
# Loading Qt or a GPU runtime for the first time after boot takes seconds; a driver that hangs takes for ever.
DEADLINE_S = 20.0
AT_ONCE = 4
# Without these no meeting can be hosted; when one of the others cannot even be examined, one can, with less.
NEEDED_TO_HOST = {"python", "ports", "storage"}


def main(argv: Sequence[str] | None = None) -> int:
    """Prints the findings; 0 if a meeting can be hosted here, 1 if something necessary is missing."""
    options = _parser().parse_args(argv)
    data_dir = options.data or default_data_dir()
    setting = Setting(options.port, str(data_dir), str(options.models_dir or default_models_dir()))
    findings = examine(list(PROBES), setting)
    able = all(finding.state is not State.MISSING for finding in findings)
    if options.json:
        print(json.dumps({"able_to_host": able, "findings": [asdict(finding) for finding in findings]}, indent=2))
    else:
        print(as_text(findings, able))
    return 0 if able else 1


def examine(names: Sequence[str], setting: Setting, deadline_s: float = DEADLINE_S) -> list[Finding]:
    """The findings of the named probes, in that order, each within `deadline_s`."""
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="probe") as pool:
        return list(pool.map(lambda name: ask(name, setting, deadline_s), names))


def ask(name: str, setting: Setting, deadline_s: float) -> Finding:
    """One probe in its own process; a crash or a silence becomes a finding."""
    probe = command("app.probes", name, str(setting.port), setting.data_dir, setting.models_dir)
    root = Path(__file__).resolve().parent.parent
    try:
        answer = subprocess.run(probe, capture_output=True, text=True, errors="replace", check=False, cwd=root,
                                stdin=subprocess.DEVNULL, timeout=deadline_s)
    except subprocess.TimeoutExpired:
        return _unanswered(name, f"no answer within {deadline_s:.0f} s", "A driver or a network folder may be hanging.")
    if answer.returncode == 0:
        return finding_from(answer.stdout)
    if answer.returncode < 0:
        return _unanswered(name, f"the check crashed (signal {-answer.returncode})", "A driver may need an update.")
    # The frozen program's own last word is only that there was an error.
    words = [line for line in answer.stderr.strip().splitlines() if not line.startswith("[PYI-")]
    return _unanswered(name, (words or ["the check failed without a word"])[-1], mend())


def _unanswered(name: str, detail: str, remedy: str) -> Finding:
    return Finding(name, State.MISSING if name in NEEDED_TO_HOST else State.NOTE, detail, remedy)


def finding_from(output: str) -> Finding:
    """The finding in a probe's output, whose last line is JSON (libraries may chat above it)."""
    fields = json.loads(output.strip().splitlines()[-1])
    return Finding(fields["name"], State(fields["state"]), fields["detail"], fields["remedy"])


def as_text(findings: Sequence[Finding], able: bool) -> str:
    """The report for people: one line a finding, its remedy beneath."""
    lines = []
    for finding in findings:
        lines.append(f"{finding.state:8} {finding.name:10} {finding.detail}")
        if finding.remedy:
            lines.append(f"{'':19} -> {finding.remedy}")
    verdict = "A meeting can be hosted here." if able else "A meeting cannot be hosted here yet; see `missing` above."
    lines += ["", verdict]
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="parley doctor", description="Says what is here, what is missing and what to do about each.")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="the port a meeting would use (%(default)s)")
    parser.add_argument("--data", type=Path, metavar="DIR",
                        help="the data folder (default: PARLEY_DATA, or the user's)")
    parser.add_argument("--models-dir", type=Path, metavar="DIR", help="where weights live")
    parser.add_argument("--json", action="store_true", help="for programs: one JSON document on standard output")
    return parser


if __name__ == "__main__":
    sys.exit(main())
