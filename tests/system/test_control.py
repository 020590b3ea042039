"""The control process is killed in a meeting: sound and pictures go on, and everybody is back by themselves."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import ssl
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from websockets.asyncio.client import connect

from sfu.core.transcript import Line
from sfu.store import records
from sfu.store.thread import Store
from sfu.wire import messages as wire
from tests.engine.clips import write_clip
from tests.system.chromium import EXECUTABLE, MISSING, Page, chromium
from tests.system.guests import fill_in, receives_picture_and_sound
from tests.system.hosting import RunningHost, hosting
from tests.system.test_browser import headless
from tests.system.test_host import gone, joined
from tests.system.waiting import until

pytestmark = pytest.mark.system

PATIENCE = 60.0
LIGHT = "--use-fake-device-for-media-stream=fps=5"
# Counts the packets that come between the end of the page's socket and the end of its first connection.
_LISTEN = """
(() => {
  const Connection = RTCPeerConnection, Socket = WebSocket;
  let peer = null;
  const received = async () => [...(await peer.getStats()).values()]
    .filter((one) => one.type === "inbound-rtp")
    .reduce((sum, one) => sum + one.packetsReceived, 0);
  window.RTCPeerConnection = class extends Connection {
    constructor(...settings) {
      super(...settings);
      peer ??= this;
    }
  };
  window.WebSocket = class extends Socket {
    constructor(...settings) {
      super(...settings);
      this.addEventListener("close", async () => {
        if (window.receivedMeanwhile !== undefined) return;
        window.receivedMeanwhile = 0;
        const before = await received();
        for (let n = 0; n < 30 && peer.connectionState === "connected"; n++) {
          await new Promise((resolve) => setTimeout(resolve, 50));
          window.receivedMeanwhile = Math.max(window.receivedMeanwhile, (await received()) - before);
        }
      });
    }
  };
})()
"""


@pytest.mark.skipif(EXECUTABLE is None, reason=MISSING)
async def test_a_killed_control_process_stops_no_sound_and_everybody_is_back_by_themselves(tmp_path: Path) -> None:
    clip = await asyncio.to_thread(write_clip, tmp_path / "clip.webm", 20.0)
    async with (
        hosting(tmp_path / "data") as host,
        chromium(tmp_path / "profile", [LIGHT]) as browser,
        headless(host, "Cleo", clip, tmp_path / "cleo.json", seconds=300),
    ):
        pages = []
        for name in ("Ana", "Ben"):
            pages.append(page := await browser.open(host.link, [_LISTEN]))
            await fill_in(page, name)
            await page.until("!document.getElementById('meeting').hidden", PATIENCE)
        for page in pages:
            await everybody_is_here(page)
            await receives_picture_and_sound(page, PATIENCE)
        forwarder = host.ready["children"]["forwarder"]
        before = await ids(pages[0])
        anew = f"![null, ...{json.dumps(before)}].includes((await window.parley.statistics())?.you ?? null)"

        await host.kill_control()

        for page in pages:
            await page.until("window.receivedMeanwhile > 3", PATIENCE)
            await page.until(anew, PATIENCE)
            await everybody_is_here(page)
            await receives_picture_and_sound(page, PATIENCE)
        assert set(before).isdisjoint(await ids(pages[0]))
        assert psutil.pid_exists(forwarder)
        await ends_in_order(host, forwarder)


async def everybody_is_here(page: Page) -> None:
    """Each once, with sound and picture."""
    people = "(await window.parley.statistics())?.people"
    names = f"{people}?.filter((one) => one.connected).map((one) => one.name).sort().join()"
    await page.until(f"{people}?.length === 3 && {names} === 'Ana,Ben,Cleo'", PATIENCE)


async def ids(page: Page) -> list[Any]:
    return [person["id"] for person in (await page.evaluate("window.parley.statistics()"))["people"]]


async def ends_in_order(host: RunningHost, forwarder: int) -> None:
    host.process.terminate()
    await host.event("ended", PATIENCE)
    await host.process.wait()
    assert host.process.returncode == 0
    await until(lambda: gone(forwarder), "the forwarder to go", PATIENCE)


async def test_a_locked_meeting_stays_locked_and_those_who_were_inside_are_not_locked_out(tmp_path: Path) -> None:
    async with hosting(tmp_path) as host, joined(host, "Ana", host.ready["host_token"]) as ana:
        async with joined(host, "Ben") as ben:
            await ana.say(wire.SetPolicy(locked=True))
            await ben.hear(wire.PolicyChanged)
            await host.kill_control()

        async with joined(host, "Ben") as again:
            assert again.welcome.policy.locked
            assert again.welcome.you != ben.welcome.you


async def test_what_was_written_and_shared_is_there_for_those_who_come_after(tmp_path: Path) -> None:
    content = b"The plan." * 1000
    offer = wire.OfferFile(name="plan.txt", size=len(content), sha256=hashlib.sha256(content).hexdigest())
    async with hosting(tmp_path) as host, by_http(host) as http:
        async with joined(host, "Ana") as ana:
            await ana.say(wire.Say(text="See the plan."))
            await ana.hear(wire.Chat)
            await ana.say(offer)
            file = (await ana.hear(wire.FileChanged)).file
            mine = {"Authorization": f"Bearer {ana.welcome.key}"}
            sent = await http.put(f"meetings/{host.ready['code']}/files/{file.id}", content=content, headers=mine)
            assert sent.json()["state"] == "ready"
            await host.kill_control()

        async with joined(host, "Ben") as ben:
            past = await ben.hear(wire.History)
            await ben.say(wire.GetFile(file=file.id))
            had = await http.get((await ben.hear(wire.FileLink)).path.removeprefix("/api/"))

    assert [message.text for message in past.chat] == ["See the plan."]
    assert [each.name for each in past.files] == ["plan.txt"]
    assert had.content == content


async def test_what_was_said_is_shown_and_whose_file_it_was_may_withdraw_it(tmp_path: Path) -> None:
    offer = wire.OfferFile(name="plan.txt", size=9, sha256="0" * 64)
    async with hosting(tmp_path) as host:
        async with joined(host, "Ana") as ana, joined(host, "Ben") as ben:
            await ana.say(offer)
            file = (await ana.hear(wire.FileChanged)).file
            was = ana.welcome.you, ben.welcome.you
            await asyncio.to_thread(write_down, tmp_path, ana.welcome.meeting.id, Line(
                segment="s1-1", speaker=was[0], name="Ana", text="Let us begin.", language="en", start=1.0, end=2.0,
                confidence=0.9,
            ))  # fmt: skip
            await host.kill_control()

        await place_is_gone(host, ana.welcome)
        async with joined(host, "Ana") as again, joined(host, "Ben") as other:
            past = await other.hear(wire.History)
            assert [(line.name, line.committed) for line in past.captions] == [("Ana", "Let us begin.")]
            assert past.files[0].owner == again.welcome.you not in was
            await other.say(wire.WithdrawFile(file=file.id))
            assert (await other.hear(wire.Error)).code == "not_allowed"
            await again.say(wire.WithdrawFile(file=file.id))
            while (await other.hear(wire.FileChanged)).file.state is not wire.FileState.GONE:
                pass


async def test_a_recording_goes_on_as_another_part_and_nobody_is_asked_again(tmp_path: Path) -> None:
    async with hosting(tmp_path) as host, by_http(host, host.ready["host_token"]) as owner:
        async with joined(host, "Hana", host.ready["host_token"]) as hana:
            await hana.say(wire.Record(phase=wire.Phase.ON))
            first = await recorder_started(host)
            await host.kill_control()

        second = await recorder_started(host)
        await place_is_gone(host, hana.welcome)
        async with joined(host, "Hana", host.ready["host_token"]) as again:
            assert again.welcome.recording.phase is wire.Phase.ON
            assert [person.recording for person in again.welcome.roster] == [wire.Consent.YES]
        parts = (await owner.get(f"meetings/{host.ready['code']}/recordings")).json()
        await until(lambda: gone(first), "the first recorder to go", PATIENCE)

    assert second != first
    assert len(parts) == 2


async def test_a_planned_meeting_keeps_its_title_its_code_and_its_passcode(tmp_path: Path) -> None:
    async with hosting(tmp_path) as host, by_http(host, host.ready["host_token"]) as owner, by_http(host) as http:
        planned = (await owner.post("meetings", json={"title": "Board"})).json()
        await owner.post(f"meetings/{planned['id']}/start")
        host.ready["code"] = planned["code"]
        async with joined(host, "Ana", host.ready["host_token"]) as ana:
            await ana.say(wire.SetPasscode(passcode="tulip"))
            await ana.hear(wire.PolicyChanged)
            guess = {"name": "Ben", "passcode": "tulip"}
            assert (await http.post(f"meetings/{planned['code']}/join", json=guess)).status_code == 200

            await host.kill_control()

        await until(lambda: asks_for_passcode(http, planned["code"]), "the meeting to go on", PATIENCE)
        again = (await owner.get(f"meetings/{planned['id']}")).json()
        right = await http.post(f"meetings/{planned['code']}/join", json=guess)
        assert (again["title"], again["state"], right.status_code) == ("Board", "live", 200)


def by_http(host: RunningHost, token: str = "") -> httpx.AsyncClient:
    """Trusts whatever it is shown, which is for other tests to forbid."""
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    origin = f"https://127.0.0.1:{host.ready['port']}/api/"
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.AsyncClient(base_url=origin, verify=trusting, headers=headers, timeout=PATIENCE)


def write_down(data: Path, meeting: str, line: Line) -> None:
    """As if captions had heard it."""
    with contextlib.closing(Store(data)) as store:
        store.write(lambda db: records.keep(db, meeting, line, 0.0)).result()


async def recorder_started(host: RunningHost) -> int:
    said = await host.event("child", PATIENCE)
    while (said["name"], said["state"]) != ("recorder", "started"):
        said = await host.event("child", PATIENCE)
    return int(said["pid"])


async def place_is_gone(host: RunningHost, welcome: wire.Welcome) -> None:
    """What every client does first when its socket is lost."""
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    assert welcome.key is not None
    back = wire.Resume(protocol=wire.PROTOCOL, participant=welcome.you, key=welcome.key, seen=0)
    async with connect(f"wss://127.0.0.1:{host.ready['port']}/session", ssl=trusting) as socket:
        await socket.send(back.model_dump_json())
        assert json.loads(await socket.recv())["code"] == "gone"


async def asks_for_passcode(http: httpx.AsyncClient, code: str) -> bool:
    try:
        reply = await http.post(f"meetings/{code}/join", json={"name": "Ben"})
    except httpx.TransportError:
        return False
    return bool(reply.json().get("code") == "bad_passcode")
