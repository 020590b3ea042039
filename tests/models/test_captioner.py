"""Words hold still, silence stays silent, short phrases survive."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from models.core.captioner import LULL, Caption, Captioner
from models.core.hearing import Ask, Heard, Kind, Word
from models.core.language import Language
from models.core.phrase import Phrase
from models.core.voice import FRAME, Voice

Recogniser = Callable[[Ask], Sequence[Word]]


def word(text: str, start: float, end: float, probability: float = 0.9) -> Word:
    return Word(f" {text}", (hash(text) % 50_000,), start, end, probability)


class Room:
    """One speaker on virtual time; the recogniser is a function of what it is asked."""

    def __init__(self, recogniser: Recogniser) -> None:
        self.captioner = Captioner(Language("en"))
        self.recogniser = recogniser
        self.at = 0.0
        self.captions: list[Caption] = []
        self.asked: list[Ask] = []

    def hear(self, seconds: float, *, speech: bool) -> None:
        for _ in range(round(seconds / FRAME)):
            self.at += FRAME
            self.captioner.voice(self.at, 0.95 if speech else 0.02)
            self._work()

    def _work(self) -> None:
        while (ask := self.captioner.want(self.at)) is not None:
            self.asked.append(ask)
            words = tuple(self.recogniser(ask))
            self.captioner.heard(ask, Heard(words, "en", 0.0, -0.2, "en", 0.95), self.at)
            self.captions += self.captioner.take()
            if ask.kind is Kind.PARTIAL:
                break
        self.captions += self.captioner.take()

    @property
    def finals(self) -> list[str]:
        return [caption.committed for caption in self.captions if caption.final]


TALK = [word(text, 0.3 + 0.4 * i, 0.6 + 0.4 * i) for i, text in enumerate("we meet on our own network today".split())]


def faithful(ask: Ask) -> list[Word]:
    return [spoken for spoken in TALK if spoken.end <= ask.end]


def test_a_phrase_grows_on_the_screen_and_ends_in_one_final() -> None:
    room = Room(faithful)
    room.hear(3.4, speech=True)
    room.hear(1.5, speech=False)

    assert room.finals == ["we meet on our own network today"]
    assert any(not caption.final for caption in room.captions)


def test_silence_asks_nothing_and_says_nothing() -> None:
    room = Room(faithful)

    room.hear(60, speech=False)

    assert room.asked == []
    assert room.captions == []


def test_a_short_phrase_survives_a_recogniser_that_first_hears_nothing() -> None:
    """The careful pass over the full window is what it is for."""
    room = Room(lambda ask: [word("yes", 0.2, 0.5)] if ask.kind is Kind.CAREFUL else [])
    room.hear(0.5, speech=True)
    room.hear(1.5, speech=False)

    assert room.finals == ["yes"]


def test_what_was_shown_and_is_not_in_the_final_is_withdrawn_with_it() -> None:
    room = Room(lambda ask: faithful(ask) if ask.kind is Kind.PARTIAL and ask.end < 1.5 else [])
    room.hear(1.6, speech=True)
    room.hear(2, speech=False)

    shown = {caption.segment for caption in room.captions if not caption.final}
    ended = {caption.segment for caption in room.captions if caption.final}
    assert shown == ended


def test_a_key_click_is_no_phrase() -> None:
    room = Room(faithful)
    room.hear(0.1, speech=True)
    room.hear(1.5, speech=False)

    assert room.captions == []


def test_a_minute_without_a_breath_becomes_several_finals_that_lose_and_repeat_no_word() -> None:
    spoken = [word(f"w{i}", 0.3 + 0.4 * i, 0.6 + 0.4 * i) for i in range(150)]

    def listening(ask: Ask) -> list[Word]:
        return [each for each in spoken if each.start >= ask.start - 0.05 and each.end <= ask.end]

    room = Room(listening)
    room.hear(60.4, speech=True)
    room.hear(1.5, speech=False)

    assert len(room.finals) >= 3
    assert " ".join(room.finals).split() == [each.text.strip() for each in spoken]
    assert all(ask.end - ask.start <= 12 for ask in room.asked if ask.kind is Kind.PARTIAL)
    assert all(ask.end - ask.start <= 25 for ask in room.asked)


def test_a_language_is_settled_when_two_long_phrases_agree() -> None:
    room = Room(faithful)
    room.captioner = Captioner()
    for _ in range(2):
        room.hear(3, speech=True)
        room.hear(1, speech=False)

    assert room.captioner.language.known == "en"


VOCABULARY = st.sampled_from("we meet on our own network today maybe not".split())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(VOCABULARY, max_size=8), min_size=1, max_size=12), st.floats(1, 12))
def test_committed_words_never_change_whatever_the_recogniser_says(guesses: list[list[str]], length: float) -> None:
    turn = 0

    def fickle(ask: Ask) -> list[Word]:
        nonlocal turn
        turn += 1
        starts = ((ask.start + 0.4 * i, text) for i, text in enumerate(guesses[turn % len(guesses)]))
        return [word(text, start, start + 0.3) for start, text in starts if start + 0.3 <= ask.end]

    room = Room(fickle)
    room.hear(length, speech=True)
    room.hear(2, speech=False)

    committed: dict[int, str] = {}
    for caption in room.captions:
        before = committed.get(caption.segment, "")
        if not caption.final:
            assert caption.committed.startswith(before)
        committed[caption.segment] = caption.committed
    assert room.captioner.idle


def test_a_pause_is_heard_once_and_that_is_the_final_when_the_phrase_has_ended() -> None:
    room = Room(faithful)
    room.hear(3.4, speech=True)
    room.hear(0.3, speech=False)
    asked = list(room.asked)
    shown = room.captions[-1]
    room.hear(0.3, speech=False)

    assert (asked[-1].kind, asked[-1].start, asked[-1].prefix) == (Kind.FINAL, 0.0, ())
    assert (shown.committed + shown.tail, shown.final) == ("we meet on our own network today", False)
    assert room.finals == ["we meet on our own network today"]
    assert room.asked == asked


def over_a_pause(probability: float) -> tuple[str, Caption]:
    """All of `TALK`, then silence: the text after a fifth of a second, and what stands when a pass over all is due."""
    room = Room(lambda ask: [replace(spoken, probability=probability) for spoken in faithful(ask)])
    room.hear(3.0, speech=True)
    room.hear(0.2, speech=False)
    assert room.asked[-1].kind is Kind.PARTIAL
    before = room.captions[-1]
    while room.captioner.want(room.at) is None:
        room.at += FRAME
        room.captioner.voice(room.at, 0.02)
    room.captions += room.captioner.take()
    return before.committed + before.tail, room.captions[-1]


def test_in_a_pause_the_last_words_are_shown_before_the_pass_over_all_of_it() -> None:
    before, after = over_a_pause(0.95)

    assert before != "we meet on our own network today"
    assert after.committed + after.tail == "we meet on our own network today"
    assert not after.final


def test_in_a_pause_words_that_are_not_sure_wait_for_the_pass_over_all_of_it() -> None:
    before, after = over_a_pause(0.85)

    assert after.committed + after.tail == before != "we meet on our own network today"


def test_nothing_is_asked_in_a_lull_that_may_become_a_pause() -> None:
    room = Room(faithful)
    room.hear(2.0, speech=True)
    asked = len(room.asked)
    room.hear(0.22, speech=False)

    assert len(room.asked) - asked <= 2     # begun before it was known to be one
    assert all(ask.end <= 2.0 + LULL for ask in room.asked)


def test_speech_that_goes_on_after_a_pause_is_one_phrase() -> None:
    room = Room(faithful)
    room.hear(1.5, speech=True)
    room.hear(0.35, speech=False)
    room.hear(1.6, speech=True)
    room.hear(1, speech=False)

    first, last = (ask for ask in room.asked if ask.kind is Kind.FINAL)
    assert first.end < last.end
    assert room.finals == ["we meet on our own network today"]


def mistaken(probability: float) -> Recogniser:
    """Hears "wheat" for "meet", so surely, until the phrase has ended."""

    def recogniser(ask: Ask) -> list[Word]:
        heard = faithful(ask)
        if len(heard) > 1 and ask.kind not in (Kind.FINAL, Kind.CAREFUL):
            heard[1] = word("wheat", 0.7, 1.0, probability)
        return heard

    return recogniser


def test_what_was_heard_last_time_is_given_as_a_draft_of_what_follows_the_prefix() -> None:
    room = Room(faithful)
    room.hear(3.4, speech=True)

    growing = [ask for ask in room.asked if ask.kind is Kind.PARTIAL]
    for before, ask in pairwise(growing):
        said = tuple(token for spoken in faithful(before) for token in spoken.tokens)
        assert (*ask.prefix, *ask.draft) == said
    assert any(ask.prefix and ask.draft for ask in growing)


def test_there_is_no_draft_where_another_word_was_committed_than_was_heard_last() -> None:
    phrase = Phrase(0.0, Voice(0.0, 2.0))
    phrase.hear([word("we", 0.3, 0.6), word("wheat", 0.7, 1.0), word("here", 1.1, 1.3)], 2.0)
    we, wheat, here = (each.tokens for each in phrase.latest)

    assert phrase.after(we) == wheat + here
    assert phrase.after(we + word("meet", 0.7, 1.0).tokens) == ()


def test_passes_over_nearly_the_same_sound_are_no_two_witnesses() -> None:
    """A sure word is shown early only when a pass that had noticeably less sound has heard it too."""
    sound = [word("we", 0.3, 0.6, 0.95), word("meet", 0.7, 1.0, 0.95)]
    near = Phrase(0.0, Voice(0.0, 1.0))
    apart = Phrase(0.0, Voice(0.0, 1.0))
    for phrase, edges in ((near, (1.15, 1.2, 1.25, 1.3)), (apart, (1.02, 1.15, 1.3))):
        for edge in edges:
            phrase.hear(sound, edge)

    assert [each.text for each in near.on_screen()] == [" we"]
    assert [each.text for each in apart.on_screen()] == [" we", " meet"]


def test_a_final_that_is_clearly_surer_corrects_a_committed_word() -> None:
    room = Room(mistaken(0.4))
    room.hear(3.4, speech=True)
    room.hear(1, speech=False)

    assert any("wheat" in caption.committed for caption in room.captions if not caption.final)
    assert room.finals == ["we meet on our own network today"]


def test_a_final_that_is_hardly_surer_changes_no_committed_word() -> None:
    room = Room(mistaken(0.88))
    room.hear(3.4, speech=True)
    room.hear(1, speech=False)

    assert room.finals == ["we wheat on our own network today"]


def test_a_word_that_is_doubtful_is_committed_late() -> None:
    room = Room(lambda ask: [replace(spoken, probability=0.1) for spoken in faithful(ask)])
    room.hear(3.4, speech=True)

    assert room.captions
    assert not any(caption.committed for caption in room.captions)


def test_a_phrase_that_was_somebody_else_is_dropped_and_taken_back() -> None:
    room = Room(faithful)
    room.hear(2, speech=True)
    room.captioner.discard(since=0.0)
    room.hear(1, speech=False)

    assert room.finals == [""]


def test_own_speech_before_somebody_else_is_kept() -> None:
    room = Room(faithful)
    room.hear(3.4, speech=True)
    room.captioner.discard(since=2.0)
    room.hear(1, speech=False)

    assert room.finals == ["we meet on our own"]


def test_a_final_that_would_be_somebody_else_is_never_asked_again() -> None:
    captioner = Captioner(Language("en"))
    for frame in range(1, 60):
        captioner.voice(frame * FRAME, 0.95 if frame < 30 else 0.02)
    ask = captioner.want(0.0)
    assert ask is not None
    captioner.refuse(ask)

    assert captioner.want(0.0) is None
    assert captioner.take() == []


CHINESE = [replace(word(text, 0.3 + 0.4 * i, 0.6 + 0.4 * i), text=text) for i, text in enumerate("我们在自己的网络")]


def in_english_nonsense(captioner: Captioner, likelihood: float) -> list[Caption]:
    """Somebody speaks Chinese for three seconds; heard as English it is nonsense, of this mean log probability."""
    for frame in range(1, 125):
        captioner.voice(frame * FRAME, 0.95 if frame < 95 else 0.02)
        while (ask := captioner.want(frame * FRAME)) is not None:
            chinese = ask.language == "zh"
            words = tuple(CHINESE if chinese else faithful(ask))
            logprob = -0.4 if chinese else likelihood
            captioner.heard(ask, Heard(words, ask.language, 0.0, logprob, "zh", 0.97), frame * FRAME)
            if ask.kind is Kind.PARTIAL:
                break
    return [caption for caption in captioner.take() if caption.final]


def test_a_sentence_in_another_language_than_usual_is_heard_in_that_language() -> None:
    (final,) = in_english_nonsense(Captioner(Language(settled="en")), likelihood=-0.9)

    assert (final.committed, final.language) == ("我们在自己的网络", "zh")


def test_what_makes_more_sense_in_the_usual_language_stays_in_it() -> None:
    (final,) = in_english_nonsense(Captioner(Language(settled="en")), likelihood=-0.2)

    assert final.language == "en"


def test_who_says_what_they_speak_is_heard_in_that_language() -> None:
    (final,) = in_english_nonsense(Captioner(Language(told="en")), likelihood=-0.9)

    assert final.language == "en"


HINTS = ("Inverashiel", "Crianan", "Ana Petrović")


def test_names_are_expected_where_the_final_is_decided_and_nowhere_else() -> None:
    room = Room(lambda ask: faithful(ask) if ask.kind is not Kind.FINAL else [])
    room.captioner.hints = HINTS
    room.hear(3.4, speech=True)
    room.hear(1.5, speech=False)

    assert {ask.kind: ask.hints for ask in room.asked} == {
        Kind.PARTIAL: (), Kind.FINAL: HINTS, Kind.CAREFUL: (),
    }


class Starved(Room):
    """Nobody has time for this speaker until `work`."""

    def _work(self) -> None:
        pass

    def work(self) -> None:
        super()._work()


def test_phrases_that_wait_together_cost_one_pass_and_lose_no_word() -> None:
    room = Starved(faithful)
    for _ in range(3):
        room.hear(0.9, speech=True)
        room.hear(0.8, speech=False)

    room.work()

    assert [ask.kind for ask in room.asked] == [Kind.FINAL]
    assert room.finals == ["we meet on our own network today"]


def test_long_speech_that_waits_is_not_heard_in_one_endless_pass() -> None:
    room = Starved(faithful)
    for _ in range(10):
        room.hear(2.5, speech=True)
        room.hear(0.8, speech=False)

    for _ in range(10):
        room.work()

    assert all(ask.end - ask.start <= 12 for ask in room.asked if ask.kind is Kind.PARTIAL)
    assert all(ask.end - ask.start <= 25 for ask in room.asked)
    assert 3 <= len(room.asked) <= 6


def test_while_others_wait_a_pause_is_heard_only_once_it_has_ended_the_phrase() -> None:
    room = Room(faithful)
    room.captioner.step = 0.6
    room.hear(2.0, speech=True)
    room.hear(0.4, speech=False)

    assert {ask.kind for ask in room.asked} == {Kind.PARTIAL}
