"""Packets are kept for those who ask, for a while, and repeated with measure."""

from sfu.rtp.cache import MAX_ANSWERS, PacketCache


def test_a_packet_is_there_for_who_asks_and_another_is_not() -> None:
    cache = PacketCache[bytes]()
    cache.put(65_535, b"packet", now=0.0)

    assert cache.answer(65_535, now=0.1) == b"packet"
    assert cache.answer(0, now=0.1) is None


def test_asked_twice_within_a_round_trip_it_is_sent_once() -> None:
    cache = PacketCache[bytes]()
    cache.put(1, b"packet", now=0.0)

    assert cache.answer(1, now=0.10, round_trip=0.1) == b"packet"
    assert cache.answer(1, now=0.15, round_trip=0.1) is None
    assert cache.answer(1, now=0.20, round_trip=0.1) == b"packet"


def test_after_three_answers_there_is_no_fourth() -> None:
    cache = PacketCache[bytes]()
    cache.put(1, b"packet", now=0.0)

    answers = [cache.answer(1, now=0.2 * asked) for asked in range(1, 9)]

    assert answers.count(b"packet") == MAX_ANSWERS


def test_old_packets_go_by_age() -> None:
    cache = PacketCache[bytes](oldest=2.0)
    cache.put(1, b"old", now=0.0)
    cache.put(2, b"new", now=1.5)

    assert cache.answer(1, now=2.1) is None
    cache.put(3, b"newest", now=2.1)
    assert len(cache) == 2


def test_the_oldest_go_by_number() -> None:
    cache = PacketCache[int](most=10)
    for sequence in range(100):
        cache.put(sequence, sequence, now=0.0)

    assert len(cache) == 10
    assert cache.answer(89, now=0.1) is None
    assert cache.answer(90, now=0.1) == 90


def test_a_number_that_comes_round_again_is_the_new_packet_with_its_own_answers() -> None:
    cache = PacketCache[bytes](most=2)
    cache.put(1, b"old", now=0.0)
    cache.answer(1, now=0.1)
    cache.put(2, b"other", now=0.1)

    cache.put(1, b"new", now=0.15)
    cache.put(3, b"third", now=0.15)

    assert cache.answer(1, now=0.16) == b"new"
    assert cache.answer(2, now=0.16) is None
