"""One form of the media plane as a process: a line of JSON in says what happens, one out says all that followed.

`python -m tests.forwarder.twin`, with the form chosen by the environment as for the forwarder.  `test_twins` runs the
interpreted and the compiled form side by side.
"""

from __future__ import annotations

import ast
import json
import sys
from array import array
from pathlib import Path
from typing import Any

from sfu.forwarder import form

form.choose()

from sfu.core import flow  # noqa: E402
from sfu.core.forward import COMPILED  # noqa: E402  (what is imported depends on the form)
from sfu.rtp.nack import NackGenerator  # noqa: E402
from sfu.rtp.reception import Reception  # noqa: E402
from tests.core.stage import REDUNDANT, Stage, simulcast  # noqa: E402

PEOPLE = ("ana", "ben", "eva")


def stage() -> Stage:
    """Ana has one camera, Ben one in layers, Eva none that anybody watches; everybody hears everybody."""
    made = Stage()
    made.client("ana").join(payload_types=REDUNDANT)
    simulcast(made, "ben", "h", "l")
    made.client("eva").join(payload_types=REDUNDANT)
    client = dict(zip(PEOPLE, made.clients.values(), strict=True))
    client["ana"].watches("ben")
    client["ben"].watches("ana")
    client["eva"].watches("ana", "ben")
    return made


def play(steps: list[list[Any]]) -> dict[str, Any]:
    """Each step: whose address, the datagram, and how long afterwards the plane is woken again."""
    made = stage()
    clients = list(made.clients.values())
    sent: list[Any] = []
    for who, datagram, pause in steps:
        made.receive(bytes.fromhex(datagram), clients[who].address)
        if pause:
            made.pass_time(pause)
        sent.append([[data.hex() for data in client.take()] for client in clients])
        sent[-1].append([event.model_dump_json() for event in made.events])
        made.events.clear()
    return {"sent": sent, "state": _state(made), "due": made.plane.wake_at()}


def _state(made: Stage) -> list[Any]:
    plane = made.plane
    forwarder = plane.forwarder
    found: list[Any] = [plane.strangers, forwarder.received, forwarder.forwarded, forwarder.dropped]
    for peer in plane.peers:
        found += [_plain(peer.inbound, "Inbound"), _plain(peer.outbound, "Outbound")]
        found += [_plain(slot, "Slot") for slot in peer.slots]
        streams = {id(stream): stream for source in peer.lines.by_id.values() for stream in source.streams}
        found += [_plain(stream, "Stream") for stream in streams.values()]
    found.append(bytes(made.memory).hex())
    return found


def _plain(thing: Any, kind: str) -> dict[str, Any]:
    return {name: _value(getattr(thing, name)) for name in _SLOTS[kind]}


def _value(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (list, tuple)):
        return [_value(one) for one in value]
    if isinstance(value, (array, memoryview)) or type(value).__name__ == "_memoryviewslice":
        return list(value)
    if isinstance(value, flow.Packet):
        return _plain(value, "Packet")
    if isinstance(value, Reception):
        return [value.highest, value.received, value.jitter, value.expected, value.lost]
    if isinstance(value, NackGenerator):
        return [value.pending, value.wants_keyframe, value.wake_at()]
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, dict):
        return sorted(value)
    if isinstance(value, (flow.Stream, flow.Slot)):
        return value.ssrc
    return value if isinstance(value, (int, float, str, bool)) else None


def _slots() -> dict[str, list[str]]:
    """The attributes of the classes of `flow`, by its source: compiled classes do not tell them."""
    tree = ast.parse(Path(form.ROOT, "sfu/core/flow.py").read_text("utf-8"))
    return {
        kind.name: list(ast.literal_eval(line.value))
        for kind in tree.body if isinstance(kind, ast.ClassDef)
        for line in kind.body
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name) and line.targets[0].id == "__slots__"
    }  # fmt: skip


_SLOTS = _slots()


def main() -> None:
    print(json.dumps({"compiled": COMPILED}), flush=True)
    for line in sys.stdin:
        print(json.dumps(play(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
