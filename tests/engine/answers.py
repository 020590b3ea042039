"""How an ICE-lite host answers the client's offer; shared by tests that read answers and the one that pretends."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app.engine.transport import RemoteTransport
from sfu.rtp.sdp import Candidate, Description, Direction, Fingerprint, MediaLine, Setup, Source, SsrcGroup

HOST = Candidate("1", 1, "udp", 2_130_706_431, "127.0.0.1", 4_000)
NOWHERE = RemoteTransport("host", "h" * 22, (), [("sha-256", ":".join(["CD"] * 32))])


def answer_to(offer: str, remote: RemoteTransport = NOWHERE, **changes: Any) -> str:
    """`changes` replace attributes of every line."""
    offered = Description.parse(offer)
    media = tuple(
        replace(_answered(line, number, remote), **changes) for number, line in enumerate(offered.media)
    )
    return str(replace(offered, media=media, lite=True))


def _answered(line: MediaLine, number: int, remote: RemoteTransport) -> MediaLine:
    sources: tuple[Source, ...] = ()
    groups: tuple[SsrcGroup, ...] = ()
    if line.direction is Direction.RECVONLY:
        ssrcs = (1_000 + number,) if line.kind == "audio" else (1_000 + number, 2_000 + number)
        sources = tuple(Source(ssrc, "host") for ssrc in ssrcs)
        groups = (SsrcGroup("FID", ssrcs),) if len(ssrcs) == 2 else ()
    candidates = tuple(replace(HOST, address=c.host, port=c.port) for c in remote.candidates) or (HOST,)
    return replace(
        line,
        direction=line.direction.reversed,
        ice_ufrag=remote.username,
        ice_pwd=remote.password,
        setup=Setup.PASSIVE,
        fingerprints=tuple(Fingerprint(*fingerprint) for fingerprint in remote.fingerprints),
        candidates=(*candidates, replace(HOST, transport="tcp", port=4_001)),
        sources=sources,
        ssrc_groups=groups,
    )
