"""Attacks on the real cryptography: replayed, forged, cut and flipped packets change nothing for anybody."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pylibsrtp import Policy, Session

from sfu.core.media import MediaPlane
from sfu.forwarder.srtp import PROFILES, TAGS, LibSrtp
from sfu.link import messages as link
from sfu.rtp import rtcp, stun
from sfu.rtp.packet import Datagram, RtpPacket, classify

OPUS = 111
STRANGER = ("192.0.2.66", 6_666)
CLIENT_HELLO = bytes((22,)) + b"\xfe\xfd" + bytes(30)


class Room:
    """A media plane with real SRTP; what it sends is kept by address."""

    def __init__(self, profile: str) -> None:
        self.profile = profile
        self.plane = MediaPlane(LibSrtp, lambda limit: limit // 3)
        self.now = 1000.0
        self.sent: dict[object, list[bytes]] = {}

    def receive(self, datagram: bytes, source: tuple[str, int]) -> None:
        self.plane.datagram(datagram, source, self.now)
        self.plane.poll(self.now)
        more = True
        while more:
            more = self.plane.flush(self.now)
            outbox = self.plane.outbox
            for address, at, size, segment in outbox.runs:
                run = bytes(outbox.arena[at : at + size])
                pieces = [run[i : i + segment] for i in range(0, size, segment)] if segment else [run]
                self.sent.setdefault(address, []).extend(pieces)

    def order(self, order: link.Order) -> None:
        self.plane.order(order, self.now)


class Member:
    def __init__(self, room: Room, name: str, number: int) -> None:
        self.room, self.name, self.ssrc = room, name, 1_000 * number
        self.address = ("192.0.2.1", 40_000 + number)
        profile, length = PROFILES[room.profile]
        ours, theirs = bytes([number]) * length, bytes([number + 100]) * length
        self._sealing = Session(Policy(ours, Policy.SSRC_ANY_OUTBOUND, srtp_profile=profile))
        self._opening = Session(Policy(theirs, Policy.SSRC_ANY_INBOUND, srtp_profile=profile))
        room.order(link.AddPeer(
            peer=name, ufrag=f"u{name}", pwd="secret", remote_ufrag="r", extensions=link.Extensions(mid=1),
            payload_types=link.PayloadTypes(opus=OPUS),
            slots=[link.SlotLine(mid="s", kind="audio", ssrc=self.ssrc + 5)],
            sources=[link.SourceLine(source=f"{name}/microphone", mid="0", kind="audio", ssrc=self.ssrc)],
        ))  # fmt: skip
        self._check()
        room.order(link.SetKeys(peer=name, profile=room.profile, send_key=theirs, receive_key=ours))
        room.order(link.SetSending(peer=name, sources=[f"{name}/microphone"]))

    def _check(self) -> None:
        attributes = {int(stun.Attribute.USERNAME): f"u{self.name}:r".encode(), int(stun.Attribute.USE_CANDIDATE): b""}
        request = stun.Message(stun.Class.REQUEST, stun.BINDING, b"transaction!", attributes)
        self.room.receive(stun.serialize(request, b"secret"), self.address)

    def voice(self, sequence: int) -> bytes:
        """One packet as it is on the wire, not sent yet."""
        packet = RtpPacket(OPUS, sequence, 960 * sequence, self.ssrc, b"sound %d" % sequence)
        return bytes(self._sealing.protect(packet.serialize()))

    def control(self) -> bytes:
        return bytes(self._sealing.protect_rtcp(rtcp.serialize([rtcp.PictureLoss(self.ssrc, self.ssrc + 5)])))

    def heard(self) -> list[bytes]:
        """Payloads that came since the last call."""
        data = [one for one in self.room.sent.pop(self.address, []) if classify(one) is Datagram.RTP]
        return [RtpPacket.parse(self._opening.unprotect(one)).payload for one in data]

    @property
    def malformed(self) -> int:
        peer = self.room.plane.peers.get(self.name)
        assert peer is not None
        return peer.inbound.malformed


@pytest.fixture(params=list(PROFILES))
def room(request: pytest.FixtureRequest) -> Room:
    return Room(request.param)


@pytest.fixture
def members(room: Room) -> tuple[Member, Member, Member]:
    return Member(room, "ana", 1), Member(room, "ben", 2), Member(room, "mallory", 3)


def still_heard(ana: Member, ben: Member, sequence: int = 500) -> None:
    ben.heard()
    ana.room.receive(ana.voice(sequence), ana.address)
    assert ben.heard() == [b"sound %d" % sequence]


def test_a_packet_that_is_sent_again_is_heard_once(room: Room, members: tuple[Member, Member, Member]) -> None:
    ana, ben, _ = members
    taken = [ana.voice(number) for number in range(1, 6)]
    for datagram in taken:
        room.receive(datagram, ana.address)
    ben.heard()

    for _ in range(3):
        for datagram in reversed(taken):
            room.receive(datagram, ana.address)

    assert ben.heard() == []
    still_heard(ana, ben, 6)


def test_a_taken_packet_from_another_address_is_nobodys(room: Room, members: tuple[Member, Member, Member]) -> None:
    ana, ben, mallory = members
    taken = ana.voice(1)

    for source in (STRANGER, mallory.address):
        room.receive(taken, source)

    assert (ben.heard(), mallory.malformed, room.plane.strangers) == ([], 1, 1)
    still_heard(ana, ben, 2)


def test_controls_that_are_sent_again_do_nothing(room: Room, members: tuple[Member, Member, Member]) -> None:
    ana, ben, _ = members
    taken = ana.control()
    room.receive(taken, ana.address)
    before = ana.malformed

    for _ in range(5):
        room.receive(taken, ana.address)

    assert ana.malformed == before + 5
    still_heard(ana, ben)


@pytest.mark.parametrize("make", [Member.control, lambda member: member.voice(1)], ids=["control", "voice"])
def test_packets_cut_at_every_length_are_faults_and_no_more(
    room: Room, members: tuple[Member, Member, Member], make: Callable[[Member], bytes]
) -> None:
    ana, ben, mallory = members
    whole = make(mallory)

    for size in range(len(whole)):
        room.receive(whole[:size], mallory.address)

    assert ana.heard() == []
    assert mallory.malformed >= len(whole) - 12
    still_heard(ana, ben)


def test_controls_shorter_than_their_tag_are_faults_and_no_more(
    room: Room, members: tuple[Member, Member, Member]
) -> None:
    ana, ben, mallory = members
    for size in range(2, 8 + TAGS[room.profile] + 4):
        room.receive((b"\x80\xc9\x00\x01" + bytes(60))[:size], mallory.address)

    assert mallory.malformed == 8 + TAGS[room.profile] + 2
    still_heard(ana, ben)


def test_a_flipped_bit_anywhere_is_not_heard(room: Room, members: tuple[Member, Member, Member]) -> None:
    ana, ben, _ = members
    whole = ana.voice(1)

    for at in range(2, len(whole)):  # the first two bytes say what kind of datagram it is
        bent = bytearray(whole)
        bent[at] ^= 1
        room.receive(bytes(bent), ana.address)

    assert ben.heard() == []
    still_heard(ana, ben, 2)


def test_forged_hellos_in_the_name_of_a_member_reach_the_host_in_small_numbers(
    room: Room, members: tuple[Member, Member, Member]
) -> None:
    ana, ben, _ = members
    for _ in range(1_000):
        room.receive(CLIENT_HELLO, ana.address)

    hellos = [event for event in room.plane.events if isinstance(event, link.Dtls)]
    assert len(hellos) <= 60
    still_heard(ana, ben)


def test_hellos_from_where_nobody_has_proven_to_be_reach_nobody(room: Room) -> None:
    for _ in range(100):
        room.receive(CLIENT_HELLO, STRANGER)

    assert room.plane.events == []
    assert room.plane.strangers == 100
