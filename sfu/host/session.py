"""One client's WebSocket, from the first frame to the last.

The first message must be `join` or `resume`, soon.  After that each frame is one call into the conference; what is
refused is answered with a sentence and costs nobody else anything.  Rules live in `sfu.core`, waiting messages in
`mailbox`; whose socket was lost comes back to the same one.
"""

from __future__ import annotations

import asyncio
import logging
import time

from starlette.websockets import WebSocket, WebSocketDisconnect

from sfu.core import frames
from sfu.core.correspondence import Letter
from sfu.core.limits import Allowance
from sfu.host.conference import Conference
from sfu.host.door import Door
from sfu.host.mailbox import Mailbox
from sfu.rtp.errors import ErrorCode, ParleyError, PeerFault, UserError
from sfu.wire import messages as wire

log = logging.getLogger("sfu.host.session")

JOIN_DEADLINE = 10.0
# What a client still has coming when it is dismissed.
GOODBYE_DEADLINE = 2.0
# A client sends a few messages a second; a hundred people scrolling a gallery, a burst.
MESSAGES_PER_S, MESSAGES_BURST = 30.0, 150.0
# RFC 6455, 7.4.1
_NORMAL, _ABNORMAL, _POLICY, _TOO_LARGE, _TRY_LATER = 1000, 1006, 1008, 1009, 1013
# The connection ended without a word (1005 is uvicorn's for that), our pings were not answered, or the client itself
# gave this socket up for another.
_LOST = frozenset({1005, _ABNORMAL, 1011, wire.GIVEN_UP})
# After these the client cannot be talked to any more.
_CLOSE_CODES = {ErrorCode.TOO_LARGE: _TOO_LARGE, ErrorCode.TOO_MANY: _POLICY}


class Session:
    """One socket.  A stay may take several, one after the other; they share its mailbox."""

    def __init__(self, socket: WebSocket, door: Door, conference: Conference) -> None:
        self._socket = socket
        self._door = door
        self._conference = conference
        self._mailbox = Mailbox()
        self._reader = 0
        self._allowance = Allowance(MESSAGES_PER_S, MESSAGES_BURST)
        self._close_code = _NORMAL
        self._reason = ""
        self._unheard = False
        """Nobody takes what we say any more."""
        self._lost = False
        """The socket is gone and nobody meant it."""

    async def run(self) -> None:
        """Returns when the socket is gone and the meeting knows."""
        await self._socket.accept()
        try:
            async with asyncio.timeout(JOIN_DEADLINE):
                participant = await self._enter()
        except WebSocketDisconnect:
            return
        except TimeoutError:
            await self._refuse(PeerFault(ErrorCode.BAD_SEQUENCE, "It took too long to join. Open the link again."))
            return
        except ParleyError as refused:
            await self._refuse(refused)
            return
        try:
            await self._converse(participant)
        finally:
            if self._reads:
                self._gone(participant)

    @property
    def _reads(self) -> bool:
        """Whether the stay is still on this socket."""
        return self._mailbox.reader == self._reader

    def _gone(self, participant: str) -> None:
        if self._lost and not self._mailbox.broken.is_set():
            self._conference.lost(participant, self._reason)
        else:
            self._conference.left(participant, self._reason)

    async def _enter(self) -> str:
        """Raises PeerFault or UserError when the client is not let in."""
        match frames.read(await self._receive()):
            case wire.Join() as message:
                _require_version(message.protocol)
                return self._conference.admit(self._door.read(message.token), message.client, self._mailbox)
            case wire.Resume() as message:
                _require_version(message.protocol)
                await self._resume(message)
                return message.participant
        raise PeerFault(ErrorCode.BAD_SEQUENCE, "Join first. Open the meeting link again.")

    async def _resume(self, message: wire.Resume) -> None:
        self._mailbox, resumed = self._conference.resume(message)
        self._reader = self._mailbox.reader
        try:
            await self._send(Letter(resumed, None))
        except WebSocketDisconnect:
            self._lost = True
            self._gone(message.participant)
            raise

    async def _converse(self, participant: str) -> None:
        """Reads and writes until either side ends it, or the client falls too far behind."""
        async with asyncio.TaskGroup() as tasks:
            reading = tasks.create_task(self._read(participant), name=f"session.read.{participant}")
            writing = tasks.create_task(self._write(), name=f"session.write.{participant}")
            broken = tasks.create_task(self._mailbox.broken.wait(), name=f"session.broken.{participant}")
            await asyncio.wait({reading, writing, broken}, return_when=asyncio.FIRST_COMPLETED)
            if self._unheard:  # whether they meant it, only what they said last can tell
                await asyncio.wait({reading}, timeout=GOODBYE_DEADLINE)
                if not reading.done():
                    self._hung_up(_ABNORMAL)
            if self._mailbox.broken.is_set():
                self._close_code, self._reason = _TRY_LATER, "The connection was too slow."
            elif not self._lost and self._reads:
                self._mailbox.close()
                await asyncio.wait({writing}, timeout=GOODBYE_DEADLINE)
            for task in (reading, writing, broken):
                task.cancel()
        await self._close()

    async def _read(self, participant: str) -> None:
        """Returns when the client hung up or may not go on."""
        while True:
            try:
                text = await self._receive()
                if not self._reads:
                    return  # what this socket brings now is said again on the next
                if not self._allowance.take(time.monotonic()):
                    raise PeerFault(ErrorCode.TOO_MANY, "This client sends too many messages. Join again.")
                self._obey(participant, text)
            except WebSocketDisconnect as gone:
                self._hung_up(gone.code)
                return
            except ParleyError as refused:
                log.info("message refused", extra={"participant": participant, "code": refused.code})
                fatal = refused.code in _CLOSE_CODES
                self._mailbox.post(_error(refused, fatal))
                if fatal:
                    self._close_code, self._reason = _CLOSE_CODES[refused.code], "The client broke the protocol."
                    return

    def _obey(self, participant: str, text: str) -> None:
        """Whatever comes of it, it was heard."""
        pinged = False
        try:
            message = frames.read(text)
            pinged = isinstance(message, wire.Ping)
            self._conference.said(participant, message)
        finally:
            self._mailbox.heard += not pinged

    def _hung_up(self, code: int) -> None:
        if code in _LOST:
            self._lost, self._reason = True, "The connection was lost."

    async def _write(self) -> None:
        """Returns when the mailbox is closed and empty or read by another socket, or nobody listens any more."""
        try:
            while (letter := await self._mailbox.next(self._reader)) is not None:
                if isinstance(letter.message, wire.Pong):
                    heard = letter.message.model_copy(update={"heard": self._mailbox.heard})
                    letter = Letter(heard, letter.number)
                await self._send(letter)
        except WebSocketDisconnect:
            self._unheard = True

    async def _send(self, letter: Letter) -> None:
        """Raises WebSocketDisconnect."""
        try:
            await self._socket.send_text(frames.written(letter))
        except RuntimeError as closed:  # uvicorn gave up on it, and says so in this way only
            raise WebSocketDisconnect(_ABNORMAL) from closed

    async def _receive(self) -> str:
        """One text frame.  Raises WebSocketDisconnect, or PeerFault for a binary one."""
        received = await self._socket.receive()
        if received["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(received.get("code", _NORMAL))
        text = received.get("text")
        if text is None:
            raise PeerFault(ErrorCode.BAD_FRAME, "Messages of the session protocol are text, not binary.")
        return str(text)

    async def _refuse(self, refused: ParleyError) -> None:
        log.info("join refused", extra={"code": refused.code})
        self._close_code = _CLOSE_CODES.get(refused.code, _POLICY)
        try:
            await self._send(Letter(_error(refused, fatal=True), None))
        except WebSocketDisconnect:
            return
        await self._close()

    async def _close(self) -> None:
        try:
            async with asyncio.timeout(GOODBYE_DEADLINE):
                await self._socket.close(self._close_code)
        except (WebSocketDisconnect, RuntimeError, TimeoutError):
            return  # it is closed already, or will never be read


def _require_version(protocol: int) -> None:
    if protocol != wire.PROTOCOL:
        raise UserError(
            ErrorCode.UNSUPPORTED,
            f"This host speaks version {wire.PROTOCOL} of the session protocol, your Parley version {protocol}. "
            "Install the same Parley on both computers.",
        )


def _error(refused: ParleyError, fatal: bool) -> wire.Error:
    return wire.Error(code=refused.code, sentence=refused.sentence[:500], fatal=fatal)
