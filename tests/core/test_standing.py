"""A new forwarder is told what still holds, in the order in which it was told first, and nothing else."""

from __future__ import annotations

from sfu.core.standing import StandingOrders
from sfu.link import messages as link


def peer(name: str) -> link.AddPeer:
    return link.AddPeer(
        peer=name, ufrag=f"u{name}", pwd="p", remote_ufrag="r", extensions=link.Extensions(),
        payload_types=link.PayloadTypes(), sources=[], slots=[],
    )  # fmt: skip


def sending(name: str, *kinds: str) -> link.SetSending:
    return link.SetSending(peer=name, sources=[f"{name}/{kind}" for kind in kinds])


def test_the_last_word_on_each_matter_counts() -> None:
    standing = StandingOrders()
    for order in (peer("ana"), sending("ana", "microphone"), link.Dtls(peer="ana", datagram=b"x"), sending("ana")):
        standing.note(order)

    assert standing.told() == [peer("ana"), sending("ana"), link.Begin()]


def test_who_left_is_not_named_and_who_offered_anew_has_nothing_of_before() -> None:
    standing = StandingOrders()
    for order in (peer("ana"), sending("ana", "camera"), peer("ben"), link.RemovePeer(peer="ben"), peer("ana")):
        standing.note(order)

    assert standing.told() == [peer("ana"), link.Begin()]


def test_taps_that_were_closed_stay_closed() -> None:
    standing = StandingOrders()
    first, second = (link.OpenTap(source=f"p{n}/microphone", stream=f"p{n}-1") for n in (1, 2))
    for order in (first, second, link.CloseTap(source="p1/microphone", stream="p1-1")):
        standing.note(order)

    assert standing.told() == [second, link.Begin()]
