"""People come and go all day: a thousand joins and leaves leave memory and tables as they were."""

from __future__ import annotations

import gc
import tracemalloc
from collections import Counter

from sfu.core.meeting import Meeting
from sfu.link import messages as link
from sfu.rtp import rtcp
from sfu.wire import messages as wire
from tests.core.people import meeting, offer, speaker, ticket
from tests.core.stage import Client, Stage

COMING_AND_GOING = 1_000


def visit(stage: Stage, ana: Client, guest: Client, address: int) -> None:
    """Somebody new, with everything that leaves traces: media both ways, reports, losses, a change of address."""
    del stage.clients[guest.address]
    guest.address = ("192.0.2.9", 1_024 + address % 60_000)
    stage.clients[guest.address] = guest
    guest.join(watching=["ana"])
    guest.check(address=("198.51.100.1", 1_024 + address % 60_000))
    for client in (ana, guest):
        client.check()
        client.frame(key=True)
        client.voice(dbov=10)
    if address % 25 == 0:
        stage.pass_time(1.1, step=0.1)  # reports
    guest.rtcp(rtcp.SenderReport(guest.video_ssrc, rtcp.to_ntp(stage.now), 0, 1, 1))
    guest.rtcp(rtcp.Nack(1, guest.ssrc("v0"), (1, 2, 3)), rtcp.PictureLoss(1, guest.ssrc("v0")))
    stage.order(link.OpenTap(source=f"{guest.name}/microphone", stream=f"{guest.name}-1"))
    stage.pass_time(0.1, step=0.1)
    stage.order(link.RemovePeer(peer=guest.name))
    for client in stage.clients.values():
        client.take()
    stage.events.clear()
    stage.lost.clear()
    stage.plane.taps.chunks.clear()


def tables(root: object) -> dict[str, int]:
    """The size of everything that it keeps by name, SSRC or address, however deep."""
    found: dict[str, int] = {}
    seen: set[int] = set()
    left: list[tuple[str, object]] = [(type(root).__name__, root)]
    while left:
        path, thing = left.pop()
        if id(thing) in seen or isinstance(thing, str | bytes | int | float | type):
            continue
        seen.add(id(thing))
        if isinstance(thing, dict | set | frozenset | list) or type(thing).__name__ in ("deque", "OrderedDict"):
            found[path] = found.get(path, 0) + len(thing)  # type: ignore[arg-type]
            inside = list(thing.values()) if isinstance(thing, dict) else list(thing)  # type: ignore[call-overload]
            left += [(f"{path}[]", item) for item in inside]
        elif type(thing).__module__.startswith("sfu."):
            names = [*getattr(thing, "__dict__", ()), *getattr(type(thing), "__slots__", ())]
            left += [(f"{path}.{name}", getattr(thing, name, None)) for name in names]
    return found


def test_a_thousand_joins_and_leaves_leave_every_table_as_it_was() -> None:
    stage = Stage()
    ana, guest = stage.client("ana").join(), stage.client("ben")
    ana.sends("microphone", "camera")
    visit(stage, ana, guest, 0)
    before, numbered = tables(stage.plane), len(stage.plane.ledger)
    peers = len(stage.plane.peers)

    for number in range(1, COMING_AND_GOING + 1):
        visit(stage, ana, guest, number)

    after = tables(stage.plane)
    assert {path: size for path, size in after.items() if size > before.get(path, 0) + 10} == {}
    assert (len(stage.plane.ledger), len(stage.plane.peers)) == (numbered, peers)


def test_who_loses_packets_all_day_makes_no_table_grow() -> None:
    stage = Stage()
    ana, ben = stage.client("ana").join(), stage.client("ben").join(watching=["ana"])
    ana.frame(key=True)

    def lossy(seconds: int) -> None:
        for _ in range(20 * seconds):
            ana.frame(packets=10)
            ben.rtcp(rtcp.Nack(1, ben.ssrc("v0"), tuple(packet.sequence for packet in ben.heard("v0"))))
            ben.take()
            stage.pass_time(0.05, step=0.05)

    lossy(4)
    before = tables(stage.plane)
    lossy(4)

    assert {path: size for path, size in tables(stage.plane).items() if size > before.get(path, 0) + 10} == {}


def test_memory_stays_flat_over_joins_and_leaves() -> None:
    stage = Stage()
    ana, guest = stage.client("ana").join(), stage.client("ben")
    for number in range(25):
        visit(stage, ana, guest, number)
    gc.collect()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        for number in range(25, 75):
            visit(stage, ana, guest, number)
            gc.collect()
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()

    assert grown < 100_000  # less than one peer's own tables


def test_who_has_left_is_gone_at_once_and_without_the_collector() -> None:
    """The forwarder's collector runs seldom; a peer in a circle of references kept its keys for hours."""
    stage = Stage()
    ana, guest = stage.client("ana").join(), stage.client("ben")
    visit(stage, ana, guest, 0)
    gc.collect()
    gc.disable()
    try:
        before = known_objects()
        for number in range(1, 6):
            visit(stage, ana, guest, number)
            guest.join(watching=["ana"])
            ana.frame(key=True)
            stage.order(link.RemovePeer(peer=guest.name))  # before it was reported what began to flow
            stage.events.clear()
        after = known_objects()
    finally:
        gc.enable()

    assert {kind for kind in after - before if kind != "Packet"} == set()  # of Ana's, kept for a while


def known_objects() -> Counter[str]:
    """How many there are of each of our classes that can be part of a circle."""
    kinds = [type(thing) for thing in gc.get_objects()]
    return Counter(kind.__qualname__ for kind in kinds if str(kind.__module__).startswith("sfu."))


def test_a_thousand_who_join_and_leave_a_meeting_leave_what_the_control_process_knows_as_it_was() -> None:
    room = meeting(capacity=10)
    ana = speaker(room, "Ana")
    for number in range(100):  # the tickets of the last minute are remembered
        stay(room, ana, number)
    before = tables(room)

    for number in range(100, 100 + COMING_AND_GOING):
        stay(room, ana, number)

    after = tables(room)
    assert {path: size for path, size in after.items() if size > before.get(path, 0) + 10} == {}
    assert room.crowd == 1


def stay(room: Meeting, ana: str, number: int) -> None:
    """Somebody joins with media, agrees, raises a hand, watches, loses the socket, comes back and leaves."""
    now = 110.0 + number
    guest, _ = room.admit(ticket(f"Guest {number}", expires=now + 60), wire.ClientKind.BROWSER, now, wall=now)
    for message in (
        offer(), wire.AnswerConsent(captions=True), wire.Hand(up=True), wire.React(reaction=wire.Reaction.HEART),
        wire.Watch(views=[wire.View(source=f"{ana}/camera", width=320, height=180, priority=5)]),
    ):  # fmt: skip
        room.handle(guest, message, now)
    room.secured(link.SetKeys(peer=guest, profile="AEAD_AES_128_GCM", send_key=b"", receive_key=b""))
    room.lost(guest)
    room.left(guest, "left", now + 0.5)
