"""What a `SupportModel` wishes, done on a thread of its own: probes and networks take their time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from app import updates
from app.viewmodels.support import SupportModel
from sfu.rtp.errors import UserError

log = logging.getLogger(__name__)


class Support(QObject):
    """One wish at a time; whoever closes the window meanwhile waits for none."""

    _done = Signal(str)

    def __init__(self, model: SupportModel, data_dir: Path, choose_file: Callable[[str], str]) -> None:
        super().__init__(model)
        self._model, self._data_dir, self._choose_file = model, data_dir, choose_file
        self._done.connect(model.end, Qt.ConnectionType.QueuedConnection)
        model.report_wanted.connect(self._report)
        model.update_wanted.connect(lambda: self._begin(self._ask))
        try:
            if updates.configured() is not None:
                model.offer_updates()
        except UserError as error:
            log.warning("updates are not set up as they should be", extra={"reason": error.sentence})

    def _report(self) -> None:
        from app import report  # asks everything that can be asked of a computer

        if chosen := self._choose_file(report.suggested()):
            self._begin(lambda: self._write(Path(chosen)))

    def _write(self, file: Path) -> str:
        from app import report

        report.write(file, self._data_dir)
        return str(file)

    def _ask(self) -> str:
        named = updates.configured()
        return updates.ask(named).sentence(named.place) if named is not None else ""

    def _begin(self, work: Callable[[], str]) -> None:
        if not self._model.busy:
            self._model.begin()
            threading.Thread(target=self._run, args=(work,), name="support", daemon=True).start()

    def _run(self, work: Callable[[], str]) -> None:
        try:
            self._done.emit(work())
        except UserError as error:
            self._done.emit(error.sentence)
