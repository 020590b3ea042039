"""What can be done in the background, by name.

A kind is a function of a `Context`.  It says how far it is, which is also where it is stopped; what it found out it
returns as work for the store, done in the transaction that ends the task.  It may be killed anywhere and is begun
again, so whatever else it does (a file that appears by renaming) must come to the same when it is done twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sfu.core.tasks import USUAL_ATTEMPTS
from sfu.store import again, analyses, recordings
from sfu.tasks import mail
from sfu.tasks.analysis import analyse
from sfu.tasks.context import Context, Result
from sfu.tasks.hearing import hear_again
from sfu.tasks.model_minutes import write_minutes
from sfu.tasks.recording import work as recording


@dataclass(frozen=True, slots=True)
class Kind:
    """`run` may raise `Stopped` (through `Context`), `NotNow`, `InDoubt`, and `UserError`: nobody tries that again.

    What is none of these, `TryAgain` with a sentence for people, is tried again a while later, `attempts` times in all.
    """

    run: Callable[[Context], Result | None]
    attempts: int = USUAL_ATTEMPTS
    heavy: bool = False
    """Takes minutes of a core: one at a time."""


Kinds = Mapping[str, Kind]

KINDS: Kinds = {
    recordings.FILM: Kind(recording.make, heavy=True),
    again.HEAR: Kind(hear_again, heavy=True),
    analyses.RULES: Kind(analyse),
    analyses.MODEL: Kind(write_minutes),
    mail.KIND: Kind(mail.send, attempts=mail.ATTEMPTS),
}
