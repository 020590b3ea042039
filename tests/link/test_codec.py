"""Frames survive any cutting of the stream; nonsense ends the link and nothing else."""

from __future__ import annotations

import socket
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfu.link.channel import Channel, LinkClosed
from sfu.link.codec import BrokenLink, Decoder, encode
from sfu.link.messages import EVENT, MAX_FRAME, ORDER, Dtls, Order, Ready, RemovePeer, SetKeys

ORDERS = st.one_of(
    st.builds(Dtls, peer=st.text(max_size=8), datagram=st.binary(max_size=300)),
    st.builds(RemovePeer, peer=st.text(max_size=8)),
    st.builds(SetKeys, peer=st.text(max_size=8), profile=st.just("AEAD_AES_128_GCM"), send_key=st.binary(max_size=28),
              receive_key=st.binary(max_size=28)),
)  # fmt: skip


@given(st.lists(ORDERS, max_size=8), st.lists(st.integers(1, 40), min_size=1))
def test_messages_come_out_whole_however_the_stream_is_cut(orders: list[Order], sizes: list[int]) -> None:
    stream = b"".join(encode(order) for order in orders)
    decoder = Decoder(ORDER)
    came: list[Order] = []
    at = turn = 0
    while at < len(stream):
        size = sizes[turn % len(sizes)]
        came += decoder.feed(stream[at : at + size])
        at, turn = at + size, turn + 1

    assert came == orders


@given(st.binary(max_size=400))
def test_nonsense_is_messages_or_a_broken_link(data: bytes) -> None:
    with suppress(BrokenLink):
        Decoder(EVENT).feed(data)


def test_a_frame_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(BrokenLink, match="announced"):
        Decoder(EVENT).feed((MAX_FRAME + 1).to_bytes(4, "big"))


def test_a_channel_keeps_order_and_tells_when_the_other_end_is_gone() -> None:
    here, there = socket.socketpair()
    ours, theirs = Channel(here, EVENT), Channel(there, ORDER)
    theirs.send(Ready(pid=7))
    theirs.send(Ready(pid=8))
    theirs.close()

    assert ours.receive() == [Ready(pid=7), Ready(pid=8)]
    with pytest.raises(LinkClosed):
        ours.receive()
    ours.close()


def test_a_reader_that_sleeps_delays_nobody_and_loses_nothing() -> None:
    here, there = socket.socketpair()
    ours, theirs = Channel(here, EVENT), Channel(there, ORDER)
    try:
        for number in range(20_000):
            theirs.send(Ready(pid=number))
        assert theirs.wants_write

        came: list[int] = []
        while len(came) < 20_000:
            came += [event.pid for event in ours.receive() if isinstance(event, Ready)]
            theirs.flush()
        assert came == list(range(20_000))
    finally:
        ours.close()
        theirs.close()
