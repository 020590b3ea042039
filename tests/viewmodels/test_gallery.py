from __future__ import annotations

from app.session.commands import Quality, Watch
from app.session.events import LinkQuality
from app.viewmodels.gallery import LARGE, SELF, SMALL
from sfu.wire.messages import Changed, Left, Speaking
from tests.viewmodels.meetings import Watched, person, welcome


def watched(meeting: Watched) -> list[Watch]:
    return [command for command in meeting.wanted if isinstance(command, Watch)]


def test_only_cameras_of_others_that_are_on_and_in_sight_are_asked_for() -> None:
    meeting = Watched().live(person(0, camera=True), person(1, camera=True), person(2))
    meeting.model.gallery.fit(1200, 600, 14, False, 1.0)

    (watch,) = watched(meeting)

    assert [view.source for view in watch.views] == ["p1/camera"]


def test_the_same_view_is_not_asked_for_twice() -> None:
    meeting = Watched().live(person(0), person(1, camera=True))
    meeting.model.gallery.fit(1200, 600, 14, False, 1.0)

    meeting.happen(Speaking(participants=["p1"]), Speaking(participants=[]))

    assert len(watched(meeting)) == 1


def test_a_large_tile_on_a_dense_screen_wants_the_large_picture() -> None:
    meeting = Watched().live(person(0), person(1, camera=True))
    meeting.model.gallery.fit(1200, 500, 14, False, 2.0)
    meeting.model.gallery.fit(400, 300, 14, False, 1.0)

    assert [watch.views[0].priority for watch in watched(meeting)] == [LARGE, SMALL]


def test_a_new_connection_is_told_again_what_is_in_sight() -> None:
    meeting = Watched().live(person(0), person(1, camera=True))
    meeting.model.gallery.fit(1200, 600, 14, False, 1.0)

    meeting.happen(welcome(person(0), person(1, camera=True)))

    assert len(watched(meeting)) == 2


def test_turning_the_page_asks_for_other_faces() -> None:
    meeting = Watched().live(*(person(order, camera=True) for order in range(20)), you="p0")
    meeting.model.gallery.fit(300, 300, 14, False, 1.0)
    first = {view.source for view in watched(meeting)[-1].views}

    meeting.model.gallery.turn(1)

    assert meeting.model.gallery.page == 2
    assert not first & {view.source for view in watched(meeting)[-1].views}
    for _ in range(30):
        meeting.model.gallery.turn(1)
    assert meeting.model.gallery.page == meeting.model.gallery.pages


def test_the_own_tile_shows_the_own_camera_and_speaking_is_not_shown_while_muted() -> None:
    meeting = Watched().live(person(0, camera=True), person(1, microphone=False))
    meeting.model.gallery.fit(1200, 600, 14, False, 1.0)
    meeting.happen(Speaking(participants=["p1"]))

    own, other = meeting.model.gallery.tiles.items()

    assert (own.you, own.source) == (True, SELF)
    assert not other.speaking
    meeting.happen(Changed(participant=person(1, microphone=True)))
    assert meeting.model.gallery.tiles.items()[1].speaking


def speaker_view() -> Watched:
    meeting = Watched().live(*(person(order, microphone=True, camera=True) for order in range(5)))
    meeting.model.gallery.fit(1200, 700, 14, False, 1.0)
    meeting.model.gallery.toggle_view()
    return meeting


def tiles(meeting: Watched) -> list[str]:
    return [tile.person for tile in meeting.model.gallery.tiles.items()]


def test_in_speaker_view_one_tile_is_large_and_its_picture_is_asked_for_large() -> None:
    meeting = speaker_view()

    large, *strip = meeting.model.gallery.tiles.items()

    assert large.person == "p1"
    assert large.box.width() > 2 * strip[0].box.width()
    assert {view.source: view.priority for view in watched(meeting)[-1].views}["p1/camera"] == LARGE


def test_the_large_place_follows_speech_that_lasts() -> None:
    meeting = speaker_view()
    meeting.happen(Speaking(participants=["p3"]))
    meeting.now += 1.0
    meeting.model.tick()
    assert tiles(meeting)[0] == "p1"

    meeting.now += 4.0
    meeting.model.tick()

    assert tiles(meeting) == ["p3", "p0", "p1", "p2", "p4"]


def test_no_face_is_asked_for_sharper_than_was_wished_but_a_shared_screen_is() -> None:
    meeting = speaker_view()
    meeting.model.limit(Quality.SMALL)
    assert {view.priority for view in watched(meeting)[-1].views} == {SMALL}

    meeting.happen(Changed(participant=person(3, screen=True)))
    assert {view.source: view.priority for view in watched(meeting)[-1].views}["p3/screen"] == LARGE


def test_a_pinned_person_stays_large_whoever_speaks_until_let_go_or_gone() -> None:
    meeting = speaker_view()
    meeting.model.gallery.pin("p4")
    meeting.happen(Speaking(participants=["p2"]))
    meeting.now += 10.0
    meeting.model.tick()
    assert tiles(meeting)[0] == "p4"
    assert meeting.model.gallery.tiles.items()[0].pinned

    meeting.happen(Left(participant="p4"))

    assert meeting.model.gallery.pinned == ""
    assert tiles(meeting)[0] == "p2"


def test_the_own_tile_can_be_hidden_but_not_when_nobody_else_is_here() -> None:
    meeting = speaker_view()
    meeting.model.gallery.hide_self(True)
    assert "p0" not in tiles(meeting)

    meeting.happen(*(Left(participant=f"p{order}") for order in range(1, 5)))

    assert tiles(meeting) == ["p0"]


def seats(meeting: Watched) -> list[str]:
    return [tile.seat for tile in meeting.model.gallery.tiles.items()]


def test_screens_take_the_large_place_and_are_asked_for_large() -> None:
    meeting = Watched().live(person(0), person(1, screen=True), person(2, screen=True, camera=True))
    meeting.model.gallery.fit(1200, 600, 14, False, 1.0)

    assert seats(meeting)[:2] == ["p1/screen", "p2/screen"]
    assert [(view.source, view.priority) for view in watched(meeting)[-1].views[:2]] == [
        ("p1/screen", LARGE), ("p2/screen", LARGE),
    ]  # fmt: skip

    meeting.happen(Changed(participant=person(1)), Changed(participant=person(2)))
    assert seats(meeting) == ["p0", "p1", "p2"]


def test_the_own_screen_is_not_shown_to_oneself_and_a_pin_wins_over_a_screen() -> None:
    meeting = Watched().live(person(0, screen=True), person(1, screen=True), person(2))
    meeting.model.gallery.fit(1200, 600, 14, False, 1.0)
    assert seats(meeting)[0] == "p1/screen"
    assert "p0/screen" not in seats(meeting)

    meeting.model.gallery.pin("p2")
    assert seats(meeting)[0] == "p2"


def test_the_small_window_shows_who_matters_even_from_another_page() -> None:
    meeting = Watched().live(*(person(order, camera=True) for order in range(20)))
    gallery = meeting.model.gallery
    gallery.fit(300, 300, 14, False, 1.0)
    gallery.pin("p15")
    gallery.toggle_view()
    gallery.turn(-1)

    meeting.happen(Speaking(participants=["p9"]))
    gallery.follow_lead(True)
    assert gallery.lead["seat"] == "p9"
    assert "p9/camera" in {view.source for view in watched(meeting)[-1].views}

    meeting.happen(Changed(participant=person(3, screen=True)))
    assert (gallery.lead["seat"], gallery.lead["screen"]) == ("p3/screen", True)


def test_a_weak_network_stands_on_the_own_tile() -> None:
    meeting = Watched().live(person(0), person(1))
    meeting.model.gallery.fit(1200, 600, 14, False, 1.0)

    meeting.happen(LinkQuality(2_000_000, 720, 0.01, 0.2, 0.0))

    assert [tile.weak for tile in meeting.model.gallery.tiles.items()] == [True, False]


def test_a_weak_network_of_somebody_else_stands_on_theirs() -> None:
    meeting = Watched().live(person(0), person(1))
    meeting.model.gallery.fit(1200, 600, 14, False, 1.0)

    meeting.happen(Changed(participant=person(1, weak=True)))

    assert [tile.weak for tile in meeting.model.gallery.tiles.items()] == [False, True]
