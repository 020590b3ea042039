"""Addresses are believed only after a check with the right password, and only as long as checks keep coming."""

from __future__ import annotations

from sfu.core.peers import HANDSHAKES_BURST
from sfu.link import messages as link
from sfu.rtp import stun
from tests.core.stage import Client, Stage

ELSEWHERE = ("192.0.2.77", 50_000)
CLIENT_HELLO = bytes((22,)) + b"\xfe\xfd" + bytes(30)


def test_a_check_with_the_right_password_is_answered_and_told_once() -> None:
    stage = Stage()
    ana = stage.client("ana")
    stage.order(ana.order())

    ana.check()
    ana.check()

    answers = [stun.Message.parse(data) for data in ana.take()]
    assert [answer.kind for answer in answers] == [stun.Class.SUCCESS] * 2
    assert [event.peer for event in stage.happened(link.PeerValidated)] == ["ana"]


def test_a_forged_password_moves_nothing() -> None:
    stage = Stage()
    ana = stage.client("ana").join()
    stage.happened(link.PeerValidated)

    ana.check(password="guessed", address=ELSEWHERE)
    stage.client("ben").join().voice()

    assert len(ana.heard()) == 1  # the voice still goes to the validated address


def test_dtls_before_a_valid_check_never_reaches_the_host() -> None:
    stage = Stage()
    ana = stage.client("ana")
    stage.order(ana.order())

    stage.receive(CLIENT_HELLO, ana.address)
    assert stage.happened(link.Dtls) == []

    ana.check()
    stage.receive(CLIENT_HELLO, ana.address)
    assert [event.peer for event in stage.happened(link.Dtls)] == ["ana"]


def test_a_flood_of_handshakes_reaches_the_host_in_small_numbers() -> None:
    stage = Stage()
    ana = stage.client("ana").join()

    for _ in range(1_000):
        stage.receive(CLIENT_HELLO, ana.address)

    assert len(stage.happened(link.Dtls)) == HANDSHAKES_BURST


def test_a_peer_that_moves_is_followed() -> None:
    stage = Stage()
    ana = stage.client("ana").join()
    ben = stage.client("ben").join()
    stage.clients[ELSEWHERE] = ana

    ana.check(address=ELSEWHERE)
    ana.take()
    ben.voice()

    assert len(ana.heard()) == 1


def test_without_checks_for_thirty_seconds_the_peer_is_lost() -> None:
    stage = Stage()
    stage.client("ana").join()

    stage.pass_time(29, step=0.5)
    assert stage.happened(link.PeerLost) == []

    stage.pass_time(2, step=0.5)
    assert [event.peer for event in stage.happened(link.PeerLost)] == ["ana"]


def test_one_missed_check_ends_nothing() -> None:
    stage = Stage()
    ana = stage.client("ana").join()

    for _ in range(4):
        stage.pass_time(20, step=0.5)
        ana.check()

    assert stage.happened(link.PeerLost) == []


def test_a_peer_that_thinks_we_lead_is_told_to_lead_itself() -> None:
    stage = Stage()
    ana = stage.client("ana")
    stage.order(ana.order())
    attributes = {
        int(stun.Attribute.USERNAME): b"uana:r",
        int(stun.Attribute.ICE_CONTROLLED): bytes(8),
    }
    request = stun.Message(stun.Class.REQUEST, stun.BINDING, b"transaction!", attributes)

    stage.receive(stun.serialize(request, b"password of ana"), ana.address)

    (answer,) = [stun.Message.parse(data) for data in ana.take()]
    assert answer.error == 487
    assert stage.happened(link.PeerValidated) == []


def test_a_flood_of_checks_gets_few_answers_and_the_peer_stays() -> None:
    stage = Stage()
    ana = stage.client("ana").join()
    ana.take()

    for _ in range(2_000):
        ana.check()

    assert len(ana.take()) <= 200
    stage.pass_time(1)
    ana.check()
    assert len([data for data in ana.take() if data[0] < 4]) == 1


def test_many_addresses_do_not_fill_our_tables() -> None:
    stage = Stage()
    ana = stage.client("ana").join()

    for port in range(100):
        ana.check(address=("192.0.2.9", 1000 + port), nominate=False)

    peer = stage.plane.peers.get("ana")
    assert peer is not None
    assert len(peer.ice.addresses()) <= 8
    assert peer.ice.selected == ana.address
    assert stage.plane.peers.at(("192.0.2.9", 1000)) is None


def test_a_member_who_forges_anothers_address_takes_nothing_from_them() -> None:
    stage = Stage()
    ana, ben, mallory = (stage.client(name).join() for name in ("ana", "ben", "mallory"))

    mallory.check(address=ana.address)
    ana.voice()

    assert len(ben.heard()) == 1
    assert mallory.heard() != []
    peer = stage.plane.peers.get("ana")
    assert stage.plane.peers.at(ana.address) is peer


def test_an_address_whose_peer_is_silent_may_change_hands() -> None:
    stage = Stage()
    stage.client("ana").join()
    ben = stage.client("ben").join()
    address = ("192.0.2.1", 40_000)

    stage.pass_time(10, step=0.5)
    ben.check(address=address)

    peer = stage.plane.peers.get("ben")
    assert stage.plane.peers.at(address) is peer


def test_a_restart_breaks_nothing_until_the_new_password_has_worked() -> None:
    stage = Stage()
    ana = stage.client("ana").join()
    ben = stage.client("ben").join()
    stage.clients[ELSEWHERE] = ana
    ana.take()

    restart(stage, ana)
    ana.check()
    ben.voice()
    before = ana.take()
    stage.clients.pop(ana.address)
    new_check(ana)
    ana.take()
    ben.voice()

    assert [stun.Message.parse(data).kind for data in before if data[0] < 4] == [stun.Class.SUCCESS]
    assert any(data[0] >= 0x80 for data in before)
    assert len(ana.heard()) == 1  # at the new address


def test_late_checks_of_before_a_restart_lead_nobody_back() -> None:
    stage = Stage()
    ana = stage.client("ana").join()
    restart(stage, ana)
    new_check(ana)

    ana.check()

    peer = stage.plane.peers.get("ana")
    assert peer is not None
    assert peer.outbound.address == ELSEWHERE


def test_the_old_password_is_good_for_a_moment_after_the_new_one_worked_and_no_longer() -> None:
    stage = Stage()
    ana = stage.client("ana").join()
    stage.clients[ELSEWHERE] = ana
    restart(stage, ana)
    new_check(ana)
    ana.take()

    ana.check()
    assert len(ana.take()) == 1

    stage.pass_time(5, step=0.5)
    ana.take()
    ana.check()
    assert [data for data in ana.take() if data[0] < 4] == []


def test_a_restart_that_comes_to_nothing_is_forgotten_and_the_old_path_stays() -> None:
    stage = Stage()
    ana = stage.client("ana").join()
    restart(stage, ana)

    stage.pass_time(22, step=0.5)
    new_check(ana)
    ana.check()

    assert stage.happened(link.PeerLost) == []
    peer = stage.plane.peers.get("ana")
    assert peer is not None
    assert (peer.ice.ufrags, peer.outbound.address) == (("uana",), ana.address)


def test_a_hundred_restarts_leave_one_password() -> None:
    stage = Stage()
    ana = stage.client("ana").join()

    for number in range(100):
        restart(stage, ana, f"next{number}")

    peer = stage.plane.peers.get("ana")
    assert peer is not None
    assert peer.ice.ufrags == ("uana", "next99")
    assert [ufrag for ufrag in (f"next{n}" for n in range(100)) if stage.plane.peers.called(ufrag)] == ["next99"]


def test_after_a_death_the_password_of_a_restart_is_still_good() -> None:
    stage = Stage()
    ana = stage.client("ana").join()
    stage.clients[ELSEWHERE] = ana
    restart(stage, ana)
    new_check(ana)

    stage.die()
    ana.take()
    new_check(ana)
    stage.client("ben").join().voice()

    assert [data[0] < 4 for data in ana.take()].count(True) == 1
    peer = stage.plane.peers.get("ana")
    assert peer is not None
    assert peer.outbound.address == ELSEWHERE


def test_a_connection_is_an_address_like_any_other_until_the_forwarder_dies_with_it() -> None:
    stage = Stage()
    ana = stage.client("ana")
    by_tcp = ("192.0.2.1", 40_000, "tcp")
    ana.address = by_tcp
    stage.clients[by_tcp] = ana
    ana.join()
    ben = stage.client("ben").join()

    ben.voice()
    assert len(ana.heard()) == 1

    stage.die()
    peer = stage.plane.peers.get("ana")
    assert peer is not None
    assert peer.outbound.address is None


def restart(stage: Stage, client: Client, ufrag: str = "next") -> None:
    stage.order(link.RestartIce(peer=client.name, ufrag=ufrag, pwd="another password"))


def new_check(client: Client) -> None:
    client.check(password="another password", address=ELSEWHERE, ufrag="next")
