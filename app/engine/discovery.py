"""Meetings on this network, by multicast DNS (RFC 6762, RFC 6763): who announces, and which of them has a code.

The list changes as people come and go, and as this computer moves to another network.  Asking for a code gives it to
nobody (`sfu.wire.finding`); a host that only claims to have it cannot prove it.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import logging
from collections.abc import Callable
from contextlib import suppress

import httpx
from pydantic import ValidationError
from zeroconf import IPVersion, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from app.engine.invite import Wanted
from app.engine.pinning import looked_at, trusting_only
from app.engine.reach import own_interfaces
from app.session.nearby import NearbyMeeting, claimed, in_order
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire import finding
from sfu.wire.finding import SERVICE
from sfu.wire.messages import FindReply, FindRequest

log = logging.getLogger(__name__)

MOST = 64
# A host answers the first question within 120 ms (RFC 6762, 6); a lost one is asked again after a second.
SEARCH = 4.0
ASK_TIMEOUT = 3.0
RESOLVE_MS = 2_000
INTERFACES_EVERY = 3.0

Found = Callable[[tuple[NearbyMeeting, ...]], None]


async def watch(found: Found) -> None:
    """Tells the whole list whenever it changes; runs until cancelled, over changes of network."""
    while True:
        before = own_interfaces()
        try:
            async with _Browser(found):
                while own_interfaces() == before:  # noqa: ASYNC110  (no system says so in the same way)
                    await asyncio.sleep(INTERFACES_EVERY)
        except OSError as error:
            log.info("no multicast here", extra={"why": error.strerror})
            await asyncio.sleep(INTERFACES_EVERY)
        found(())


class _Browser:
    """One life of the browser, on the interfaces of one moment."""

    def __init__(self, found: Found) -> None:
        self._found = found
        self._meetings: dict[str, NearbyMeeting] = {}
        self._resolving: dict[str, asyncio.Task[None]] = {}

    async def __aenter__(self) -> None:
        addresses = [str(interface.ip) for interface in own_interfaces()] or ["127.0.0.1"]
        self._zeroconf = AsyncZeroconf(interfaces=addresses, ip_version=IPVersion.V4Only)
        self._browser = AsyncServiceBrowser(self._zeroconf.zeroconf, SERVICE, handlers=[self._changed])

    async def __aexit__(self, *_: object) -> None:
        for task in self._resolving.values():
            task.cancel()
        await self._browser.async_cancel()
        await self._zeroconf.async_close()

    def _changed(
        self, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange
    ) -> None:
        """zeroconf calls this with keyword arguments of these names."""
        if earlier := self._resolving.pop(name, None):
            earlier.cancel()
        if state_change is ServiceStateChange.Removed:
            if self._meetings.pop(name, None):
                self._tell()
        elif name in self._meetings or len(self._resolving) < MOST:
            self._resolving[name] = asyncio.create_task(self._resolve(zeroconf, name), name="discovery.resolve")

    async def _resolve(self, zeroconf: Zeroconf, name: str) -> None:
        info = AsyncServiceInfo(SERVICE, name)
        if not await info.async_request(zeroconf, RESOLVE_MS):
            return
        said = {key: (value or b"").decode(errors="replace") for key, value in info.properties.items()}
        meeting = claimed(
            name.removesuffix(f".{SERVICE}"),
            said.get(b"title", ""),
            said.get(b"host", ""),
            info.parsed_scoped_addresses(IPVersion.V4Only),
            info.port or 0,
        )
        if meeting is not None and len(self._meetings) < MOST:
            self._meetings[name] = meeting
            self._tell()

    def _tell(self) -> None:
        self._found(in_order(self._meetings.values()))


async def find(code: str) -> Wanted:
    """The meeting of this code on this network.  Raises UserError(NO_MEETING) with what to do."""
    asked: dict[str, asyncio.Task[Wanted | None]] = {}
    news = asyncio.Event()
    await asyncio.to_thread(finding.code_key, code)  # slow on purpose

    def consider(meetings: tuple[NearbyMeeting, ...]) -> None:
        for meeting in meetings:
            for address in meeting.addresses:
                where = f"{address} {meeting.port}"
                if where not in asked:
                    asked[where] = asyncio.create_task(_ask(address, meeting.port, code), name="discovery.ask")
                    asked[where].add_done_callback(lambda _task: news.set())

    watching = asyncio.create_task(watch(consider), name="discovery.find")
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(SEARCH):
                while True:
                    await news.wait()
                    news.clear()
                    for task in asked.values():
                        if task.done() and (wanted := task.result()) is not None:
                            return wanted
    finally:
        for task in (watching, *asked.values()):
            task.cancel()
        await asyncio.gather(watching, *asked.values(), return_exceptions=True)
    raise UserError(ErrorCode.NO_MEETING, _not_found(len(asked)))


def _not_found(hosts: int) -> str:
    seen = (
        f"None of the meetings that were found on this network ({hosts}) has this code."
        if hosts
        else "No meeting announces itself on this network."
    )
    return (f"{seen} Check the code with the host. If the host is in another network, or the Wi-Fi keeps devices "
            "apart, type the host's address before the code, such as 192.168.1.20 KM4T-7QXD.")


async def _ask(address: str, port: int, code: str) -> Wanted | None:
    """Whether the meeting is there; a host that cannot be reached or does not prove it is passed over."""
    try:
        leaf, pin = await looked_at(address, port)
        name = base64.urlsafe_b64encode(pin).rstrip(b"=").decode()
        request = FindRequest(question=finding.question(code, name))
        url = f"https://[{address}]:{port}/api/find" if ":" in address else f"https://{address}:{port}/api/find"
        async with httpx.AsyncClient(verify=trusting_only(leaf), trust_env=False, timeout=ASK_TIMEOUT) as http:
            response = await http.post(url, json=request.model_dump())
        proof = FindReply.model_validate_json(response.content).proof
    except (UserError, httpx.HTTPError, ValidationError, ValueError, OSError):
        return None
    return Wanted(code, address, port) if hmac.compare_digest(proof, finding.reply(code, name)) else None
