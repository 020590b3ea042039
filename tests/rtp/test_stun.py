"""STUN: the vectors of RFC 5769, ICE's attributes, and who may not come in."""

import pytest
from hypothesis import given

from sfu.rtp import stun
from sfu.rtp.errors import ErrorCode, PeerFault
from sfu.rtp.stun import Attribute, Class, Message
from tests.rtp.fuzz import hostile, value_or_fault

PASSWORD = b"VOkJxbRl1RmTxUk/WvJxBt"
REQUEST = bytes.fromhex(
    "00010058 2112a442 b7e7a701bc34d686fa87dfae"
    "80220010 5354554e207465737420636c69656e74"
    "00240004 6e0001ff"
    "80290008 932ff9b151263b36"
    "00060009 6576746a3a68367659202020"
    "00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2"
    "80280004 e57a3bcf"
)
RESPONSE = bytes.fromhex(
    "0101003c 2112a442 b7e7a701bc34d686fa87dfae"
    "8022000b 7465737420766563746f7220"
    "00200008 0001a147e112a643"
    "00080014 2b91f599fd9e90c38c7489f92af9ba53f06be7d7"
    "80280004 c07d4c96"
)
RESPONSE_IPV6 = bytes.fromhex(
    "01010048 2112a442 b7e7a701bc34d686fa87dfae"
    "8022000b 7465737420766563746f7220"
    "00200014 0002a1470113a9faa5d3f179bc25f4b5bed2b9d9"
    "00080014 a382954e4be67bf11784c97c8292c275bfe3ed41"
    "80280004 c8fb0b4c"
)


def check(*, key: bytes | None = b"password", **extra: bytes) -> bytes:
    """A connectivity check as a browser sends it."""
    attributes: dict[int, bytes] = {
        Attribute.USERNAME: b"ours:theirs",
        Attribute.PRIORITY: b"\x6e\x00\x01\xff",
        Attribute.ICE_CONTROLLING: b"tiebreak",
        Attribute.USE_CANDIDATE: b"",
    }
    attributes |= {Attribute[name]: value for name, value in extra.items()}
    return stun.serialize(Message(Class.REQUEST, stun.BINDING, b"transaction!", attributes), key)


def test_the_rfcs_request_is_read() -> None:
    message = Message.parse(REQUEST)

    assert message.is_binding_request
    assert message.username == ("evtj", "h6vY")
    assert message.priority == 0x6E0001FF
    assert message.ice_controlled == 0x932FF9B151263B36
    assert message.ice_controlling is None
    assert not message.use_candidate
    assert message.unknown == []


@pytest.mark.parametrize("raw", [REQUEST, RESPONSE, RESPONSE_IPV6])
def test_the_rfcs_integrity_is_accepted_with_the_right_password_only(raw: bytes) -> None:
    assert stun.check_integrity(raw, PASSWORD)
    assert not stun.check_integrity(raw, b"another")
    assert not stun.check_integrity(raw, b"")


def test_the_rfcs_responses_tell_the_mapped_address() -> None:
    assert Message.parse(RESPONSE).mapped_address == ("192.0.2.1", 32853)
    assert Message.parse(RESPONSE_IPV6).mapped_address == ("2001:db8:1234:5678:11:2233:4455:6677", 32853)


def test_a_message_is_read_as_it_was_written() -> None:
    raw = check()

    message = Message.parse(raw)

    assert message.username == ("ours", "theirs")
    assert message.use_candidate
    assert message.ice_controlling == int.from_bytes(b"tiebreak", "big")
    assert stun.check_integrity(raw, b"password")


def test_a_changed_byte_anywhere_is_noticed() -> None:
    raw = check()

    for at in range(len(raw) - 8):  # behind that stands the fingerprint itself
        changed = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        with pytest.raises(PeerFault):
            Message.parse(changed)


def test_without_a_fingerprint_only_the_integrity_tells_that_a_byte_was_changed() -> None:
    bare = check()[:-8]
    bare = bare[:2] + (len(bare) - 20).to_bytes(2, "big") + bare[4:]
    assert stun.check_integrity(bare, b"password")

    changed = bare.replace(b"ours", b"hers")

    assert Message.parse(changed).username == ("hers", "theirs")
    assert not stun.check_integrity(changed, b"password")


def test_what_follows_the_integrity_is_not_part_of_the_message() -> None:
    signed = check()[:-8]
    smuggled = signed + bytes.fromhex("00250000") + bytes.fromhex("00060004") + b"evil"
    smuggled = smuggled[:2] + (len(smuggled) - 20).to_bytes(2, "big") + smuggled[4:]

    message = Message.parse(smuggled)

    assert message.username == ("ours", "theirs")


def test_a_message_without_integrity_is_not_let_in() -> None:
    assert not stun.check_integrity(check(key=None), b"password")


@pytest.mark.parametrize(
    ("came_from", "told"),
    [
        (("192.0.2.7", 50_000), ("192.0.2.7", 50_000)),
        (("::ffff:192.0.2.7", 50_000), ("192.0.2.7", 50_000)),  # IPv4 on a dual-stack socket
        (("2001:db8::7", 1), ("2001:db8::7", 1)),
        (("fe80::7%eth0", 65_535), ("fe80::7", 65_535)),
    ],
)
def test_a_good_check_is_answered_with_where_it_came_from(came_from: tuple[str, int], told: tuple[str, int]) -> None:
    answer = stun.binding_success(Message.parse(check()), came_from, b"password")

    parsed = Message.parse(answer)
    assert (parsed.kind, parsed.method, parsed.transaction) == (Class.SUCCESS, stun.BINDING, b"transaction!")
    assert parsed.mapped_address == told
    assert stun.check_integrity(answer, b"password")


def test_an_error_answer_carries_its_code_and_may_be_unsigned() -> None:
    request = Message.parse(check())

    conflict = stun.binding_error(request, 487, "Role Conflict", b"password")
    refused = stun.binding_error(request, 401, "Unauthenticated")

    assert Message.parse(conflict).error == 487
    assert Message.parse(conflict).kind is Class.ERROR
    assert stun.check_integrity(conflict, b"password")
    assert Message.parse(refused).error == 401
    assert not stun.check_integrity(refused, b"password")


def test_attributes_that_must_be_understood_and_are_not_are_named_in_the_answer() -> None:
    strange = Message(Class.REQUEST, stun.BINDING, b"transaction!", {0x7777: b"?", 0xC057: b"optional"})
    request = Message.parse(stun.serialize(strange, None))

    answer = Message.parse(stun.binding_error(request, 420, "Unknown Attribute"))

    assert request.unknown == [0x7777]
    assert answer.error == 420
    assert answer.attributes[Attribute.UNKNOWN_ATTRIBUTES] == b"\x77\x77"


@pytest.mark.parametrize("username", [b"", b"nocolon", b"\xff:\xfe"])
def test_a_username_that_is_not_two_fragments_is_none(username: bytes) -> None:
    assert Message.parse(check(USERNAME=username)).username is None


def test_an_attribute_of_the_wrong_size_is_as_good_as_missing() -> None:
    message = Message.parse(check(PRIORITY=b"123", ICE_CONTROLLING=b"123456789", XOR_MAPPED_ADDRESS=b"\x00\x03ab1234"))

    assert message.priority is None
    assert message.ice_controlling is None
    assert message.mapped_address is None
    assert message.error is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        REQUEST[:19],
        REQUEST[:-4],  # shorter than it says
        REQUEST + b"\x00" * 4,
        b"\x40" + REQUEST[1:],
        REQUEST[:4] + b"\x00\x00\x00\x00" + REQUEST[8:],  # no cookie: RFC 3489, long gone
        bytes.fromhex("00010004 2112a442") + bytes(12) + bytes.fromhex("00060005"),
        bytes.fromhex("00010084 2112a442") + bytes(12) + bytes.fromhex("80220000") * 33,  # one attribute too many
        bytes.fromhex("00010600 2112a442") + bytes(12) + bytes(0x600),
    ],
)
def test_a_broken_message_is_the_peers_fault(raw: bytes) -> None:
    with pytest.raises(PeerFault) as fault:
        Message.parse(raw)

    assert fault.value.code is ErrorCode.MALFORMED_PACKET


@given(hostile(REQUEST, RESPONSE, RESPONSE_IPV6, REQUEST[:-8], check(key=None)[:-8]))
def test_any_bytes_are_a_message_or_one_fault(raw: bytes) -> None:
    message = value_or_fault(Message.parse, raw)

    if message is not None:
        stun.check_integrity(raw, b"key")
        found = (message.username, message.priority, message.ice_controlling, message.ice_controlled, message.error)
        assert len(found) == 5
        assert message.mapped_address is None or len(message.mapped_address) == 2
        assert Message.parse(stun.binding_error(message, 420, "Unknown Attribute")).error == 420
