"""What the page does with every message of the protocol, against a host that a test plays in the page itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.system.chromium import EXECUTABLE, MISSING, Browser, Page, chromium
from tests.system.guests import click, fill_in
from tests.system.hosting import RunningHost, hosting

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(EXECUTABLE is None, reason=MISSING),
    pytest.mark.asyncio(loop_scope="module"),
]

PRETEND = (Path(__file__).parent / "scripts" / "pretend_host.js").read_text("utf-8")
CAPTION = {
    "segment": "s1", "speaker": "p1", "name": "Ben", "committed": "whether", "tail": "", "final": True,
    "language": "en", "start": 3.0, "end": 4.0, "confidence": 1,
}  # fmt: skip
FILE = {
    "id": "f1", "owner": "p2", "owner_name": "Ana", "name": "a.txt", "size": 5, "sha256": "0" * 64,
    "to": None, "received": 0, "state": "arriving", "at": 9.0,
}  # fmt: skip
Served = tuple[RunningHost, Browser]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def served(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Served]:
    """One host, for its page, and one browser for all tests; in a task of its own, which ends them as it began them."""
    folder = tmp_path_factory.mktemp("contract")
    running: asyncio.Future[Served] = asyncio.get_running_loop().create_future()
    over = asyncio.Event()

    async def serve() -> None:
        async with hosting(folder / "data") as host, chromium(folder / "profile") as browser:
            running.set_result((host, browser))
            await over.wait()

    serving = asyncio.create_task(serve(), name="contract.serve")
    await asyncio.wait([serving, running], return_when=asyncio.FIRST_COMPLETED)
    yield running.result()
    over.set()
    await serving


class Guest:
    """Ana's page, and Ben's host in it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def tell(self, type_: str, **fields: Any) -> None:
        await self.page.evaluate(f"host.tell({json.dumps({'type': type_, **fields})})")

    async def said(self, type_: str) -> Any:
        """The newest message of this type that the page sent."""
        return await self.page.until(f"host.last({json.dumps(type_)})")

    async def text(self, selector: str) -> Any:
        return await self.page.evaluate(f"document.querySelector({json.dumps(selector)})?.textContent ?? null")

    async def shows(self, selector: str, text: str) -> None:
        found = f"[...document.querySelectorAll({json.dumps(selector)})]"
        await self.page.until(f"{found}.some((one) => one.textContent.includes({json.dumps(text)}))")

    async def person(self, **changes: Any) -> None:
        """Ben changes."""
        ben = await self.page.evaluate("host.ben")
        await self.tell("changed", participant={**ben, **changes})

    async def becomes(self, role: str) -> None:
        you = await self.page.evaluate("host.you")
        await self.tell("changed", participant={**you, "role": role})

    async def press(self, name: str) -> None:
        """The button of this name in the sheet about Ben."""
        await self.page.evaluate("document.querySelector('#people-list [aria-label^=\"More about Ben\"]').click()")
        buttons = "[...document.querySelectorAll('#person-acts button')]"
        names = await self.page.evaluate(f"{buttons}.map((one) => one.textContent)")
        assert name in names
        await self.page.evaluate(f"{buttons}.find((one) => one.textContent === {json.dumps(name)}).click()")

    async def key(self, code: str, modifiers: str = "") -> None:
        event = f"{{code: {json.dumps(code)}, key: {json.dumps(code)}, bubbles: true, cancelable: true, {modifiers}}}"
        await self.page.evaluate(f"document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {event}))")

    async def open_tab(self, tab: str) -> None:
        if await self.page.evaluate("document.getElementById('pane').hidden"):
            await click(self.page, "show-pane")
        await click(self.page, f"tab-{tab}")


@asynccontextmanager
async def guest(served: Served, before: str = "") -> AsyncIterator[Guest]:
    host, browser = served
    del browser.complaints[:]
    page = await browser.open(host.link, [PRETEND + before])
    await fill_in(page, "Ana")
    if not before:
        await page.until("!document.getElementById('meeting').hidden")
    yield Guest(page)
    await page.call("Page.close")
    assert browser.complaints == []


async def test_chat_goes_both_ways_privately_too_and_can_be_deleted(served: Served) -> None:
    async with guest(served) as ana:
        await ana.open_tab("chat")
        for text, to in (("hello", ""), ("psst", "p1")):
            await ana.page.evaluate(f"document.getElementById('chat-to').value = {json.dumps(to)}")
            await ana.page.evaluate(f"document.getElementById('chat-text').value = {json.dumps(text)}")
            await ana.page.evaluate("document.getElementById('chat-form').requestSubmit()")
            sent = await ana.said("chat")
            assert (sent["text"], sent["to"]) == (text, to or None)
            assert sent["reference"]
        message = {"id": 1, "sender": "p2", "name": "Ana", "to": None, "text": "<b>hello</b>", "at": 61.0}
        await ana.tell("chat", message=message)
        await ana.shows("#chat-lines p", "<b>hello</b>")
        assert await ana.text("#chat-lines time") == "01:01"

        await ana.page.evaluate("document.querySelector('#chat-lines button').click()")
        assert (await ana.said("delete_chat"))["message"] == 1
        await ana.tell("chat_deleted", message=1)
        await ana.shows("#chat-lines .gone p", "deleted")


async def test_what_was_said_before_one_came_is_there_and_corrections_arrive(served: Served) -> None:
    async with guest(served) as ana:
        old = {"id": 4, "sender": "p1", "name": "Ben", "to": None, "text": "earlier", "at": 1.0, "deleted": False}
        await ana.tell("history", chat=[old], files=[], captions=[CAPTION])
        await ana.open_tab("transcript")
        await ana.shows("#transcript-lines p", "whether")
        await ana.tell("corrected", segment="s1", text="weather", by="p1", name="Ben", revision=1, at=5.0)
        await ana.shows("#transcript-lines p", "weather")
        await ana.page.evaluate("document.getElementById('search').value = 'sunshine'")
        await ana.page.evaluate("document.getElementById('search').dispatchEvent(new Event('input'))")
        await ana.shows("#transcript-lines .empty", "Nothing like this")
        await ana.open_tab("chat")
        await ana.shows("#chat-lines p", "earlier")


async def test_hands_have_their_order_and_reactions_their_words(served: Served) -> None:
    async with guest(served) as ana:
        await click(ana.page, "hand")
        assert (await ana.said("hand"))["up"] is True
        await ana.person(hand=2.0)
        you = await ana.page.evaluate("host.you")
        await ana.tell("changed", participant={**you, "hand": 5.0})
        await ana.shows("[data-source='p1/camera'] .flags", "✋ 1")
        await ana.shows("[data-source='p2/camera'] .flags", "✋ 2")
        await ana.shows("#hand", "Lower hand")

        await click(ana.page, "react")
        await ana.page.evaluate("document.querySelector('#reaction-list button[data-label=clap]').click()")
        assert (await ana.said("react"))["reaction"] == "clap"
        await ana.tell("reacted", participant="p1", reaction="clap")
        await ana.shows("[data-source='p1/camera'] .reaction", "👏")
        await ana.shows("#announcer", "Ben: Clap")


async def test_who_is_muted_by_the_host_stays_muted_and_nobody_is_unmuted_unasked(served: Served) -> None:
    async with guest(served) as ana:
        await ana.shows("#microphone", "Mute")
        await ana.tell("muted", kind="microphone", by="Ben")
        await ana.shows("#microphone", "Unmute")
        assert (await ana.said("media"))["microphone"] is False
        await ana.shows("#urgent", "Ben muted you")

        await ana.tell("unmute_asked", kind="microphone", by="Ben")
        await ana.page.until("document.getElementById('question').open")
        assert (await ana.said("media"))["microphone"] is False
        await click(ana.page, "question-yes")
        await ana.page.until("host.last('media').microphone === true")


async def test_a_co_host_lets_people_in_and_decides_about_them_one_by_one(served: Served) -> None:
    async with guest(served) as ana:
        await ana.becomes("co_host")
        await ana.shows("#banner", "You are now co-host")
        waiting = [{"id": f"p{n}", "name": "<i>Eve</i>", "client": "browser", "since": 1.0} for n in (8, 9)]
        await ana.tell("lobby", waiting=waiting)
        await ana.shows("#tab-people", "(1)")
        await ana.open_tab("people")
        await ana.shows(".waiter span", "<i>Eve</i> waits")
        await ana.page.evaluate("document.querySelector('.waiter button').click()")
        assert (await ana.said("admit"))["who"] == "p8"
        await click(ana.page, "admit-all")
        await ana.page.until("host.last('admit').who === undefined")

        await ana.page.evaluate("document.querySelector('#people-list [aria-label=\"Mute Ben\"]').click()")
        assert await ana.said("mute") == {"type": "mute", "participant": "p1", "kind": "microphone"}
        await ana.person(role="member", camera=True, hand=3.0)
        await ana.press("Stop the video of Ben")
        await ana.page.until("host.last('mute').kind === 'camera'")
        await ana.press("Lower the hand of Ben")
        assert (await ana.said("hand"))["participant"] == "p1"
        await ana.press("Show Ben large to everybody")
        assert (await ana.said("spotlight"))["participant"] == "p1"
        await ana.press("Write to Ben only")
        assert await ana.page.evaluate("document.getElementById('chat-to').value") == "p1"

        await ana.open_tab("people")
        await ana.press("Remove Ben from the meeting")
        await ana.page.until("document.getElementById('question').open")
        assert await ana.page.evaluate("host.last('remove')") is None
        await click(ana.page, "question-tick")
        await click(ana.page, "question-yes")
        assert await ana.said("remove") == {"type": "remove", "participant": "p1", "bar": True}


async def test_who_is_made_host_in_the_browser_can_run_the_whole_meeting(served: Served) -> None:
    async with guest(served) as ana:
        await ana.open_tab("people")
        assert await ana.page.evaluate("document.getElementById('host-actions').hidden")
        await ana.person(role="co_host")
        await ana.becomes("host")
        await ana.page.until("!document.getElementById('host-actions').hidden")

        await ana.press("Ben is no longer co-host")
        assert await ana.said("role") == {"type": "role", "participant": "p1", "role": "member"}
        await ana.press("Make Ben the host")
        await click(ana.page, "question-yes")
        await ana.page.until("host.last('role').role === 'host'")
        for button, said in (("mute-all", "mute"), ("lower-hands", "lower_hands")):
            await click(ana.page, button)
            assert await ana.said(said) == {"type": said}
        await click(ana.page, "captions-for-all")
        assert (await ana.said("captions"))["on"] is False

        await click(ana.page, "rules")
        for rule in ("lobby", "locked", "unmute", "screen", "files", "chat", "private_chat"):
            await click(ana.page, f"rule-{rule}")
            assert rule in await ana.said("policy")
            await ana.page.until(f"host.last('policy').{rule} !== undefined")
        await click(ana.page, "rule-guests")
        await ana.page.until("host.last('policy').newcomers === 'guest'")
        await ana.page.evaluate("document.getElementById('new-passcode').value = 'open sesame'")
        await ana.page.evaluate("document.getElementById('passcode-form').requestSubmit()")
        assert (await ana.said("passcode"))["passcode"] == "open sesame"
        await ana.page.evaluate("document.getElementById('rules-dialog').close()")

        await click(ana.page, "end")
        await click(ana.page, "question-yes")
        assert await ana.said("end")


async def test_a_face_is_read_after_a_question_and_the_guess_is_called_one(served: Served) -> None:
    async with guest(served) as ana:
        assert await ana.page.evaluate("document.getElementById('face').hidden")
        await ana.tell("policy_changed", policy={"chat": True, "emotions": "me"}, by="Ben")
        await ana.page.until("!document.getElementById('face').hidden")
        await click(ana.page, "face")
        assert await ana.page.evaluate("document.getElementById('face-everyone').hidden")
        assert await ana.page.evaluate("document.activeElement.value") == "off"
        await ana.page.evaluate("document.getElementById('face-dialog').close()")
        assert await ana.page.evaluate("host.last('share_emotions')") is None

        await click(ana.page, "face")
        await ana.page.evaluate("document.querySelector('#face-dialog [value=me]').click()")
        assert (await ana.said("share_emotions"))["audience"] == "me"
        you = await ana.page.evaluate("host.you")
        await ana.tell("changed", participant={**you, "emotions": "me", "analysed": True})
        await ana.shows("[data-source='p2/camera'] .flags", "face is read")
        processed = await ana.page.evaluate("document.getElementById('processed').textContent")
        assert "Faces that are read now" in processed
        face = {"participant": "p2", "present": True, "confidence": 0.9, "unclear": "", "at": 1.0}
        guessed = "[...document.querySelectorAll('.guess')].map((one) => one.textContent).join('')"
        for message, words in (
            ({**face, "label": "happy"}, "happy (guess)"),
            ({**face, "label": "", "unclear": "turned"}, "unclear: turned away"),
        ):
            told = json.dumps({"type": "face", **message})
            assert await ana.page.evaluate(f"(host.tell({told}), {guessed})") == words
        await ana.page.until(f"{guessed} === ''")  # nobody wears a guess of before

        await click(ana.page, "face")
        await ana.page.until("host.last('share_emotions').audience === 'off'")


async def test_a_check_begins_after_a_yes_and_shows_what_to_do_on_a_screen_of_one_colour(served: Served) -> None:
    asked = {"check": "c1", "by": "p1", "name": "Ben", "seconds": 13.5, "until": 40}
    going = {"check": "c1", "participant": "p2", "by": "p1", "reason": "", "until": 40}
    async with guest(served) as ana:
        await ana.tell("check_asked", **asked)
        await ana.shows("dialog[open] h2", "Ben asks to check your camera")
        assert await ana.page.evaluate("document.activeElement.textContent") == "Don't allow"
        await ana.page.evaluate("document.querySelector('dialog[open] .check-answers button:last-child').click()")
        assert (await ana.said("answer_check"))["accept"]

        await ana.tell("check", stage="running", **going)
        await ana.tell("check_step", check="c1", act="nod", colour="", code="", until=4)
        await ana.shows(".check-wish", "Nod")
        await ana.tell("check_step", check="c1", act="", colour="#3cff3c", code="4729", until=4)
        await ana.shows(".check-code", "4729")
        light = "getComputedStyle(document.querySelector('.check-screen')).backgroundColor"
        assert await ana.page.evaluate(light) == "rgb(60, 255, 60)"
        await ana.page.evaluate("document.querySelector('.check-screen button').click()")
        assert (await ana.said("cancel_check"))["check"] == "c1"
        await ana.tell("check", stage="over", **going)
        await ana.page.until("!document.querySelector('.check-screen')")


async def test_a_check_is_asked_for_from_a_persons_sheet_and_its_answer_is_read(served: Served) -> None:
    going = {"check": "c2", "participant": "p1", "by": "p2", "reason": "", "until": 40}
    plot = {"seconds": [0, 1, 2], "values": [1, 3, 2], "others": []}
    lips = {"name": "lips", "score": -1, "measured": 0.5, "threshold": 1.7, "reason": "", **plot}
    code = {"name": "provenance", "score": 0, "reason": "not_asked", "seconds": [], "values": [], "others": []}
    async with guest(served) as ana:
        await ana.tell("policy_changed", policy={"chat": True, "checks": "anyone"}, by="Ben")
        await ana.tell("checks_changed", checks={"possible": True, "sentence": "", "workers": []})
        await ana.person(camera=True)
        await click(ana.page, "show-pane")
        await click(ana.page, "tab-people")
        sheet = "[...document.querySelectorAll('#people-list button')].find((one) => one.title.includes('Ben'))"
        await ana.page.until(f"{sheet}?.title")
        await ana.page.evaluate(f"{sheet}.click()")
        acts = "[...document.querySelectorAll('#person-acts button')]"
        await ana.page.evaluate(f"{acts}.find((one) => one.textContent === 'Check the camera of Ben…').click()")
        assert (await ana.said("ask_check"))["participant"] == "p1"

        await ana.tell("check", stage="asking", **going)
        await ana.shows("dialog[open] h2", "Check of Ben’s camera")
        await ana.tell("check", stage="over", **going)
        verdict = {"verdict": "inconsistent", "reason": "", "witnesses": [lips, code], "pictures": 300}
        await ana.tell("check_result", check="c2", participant="p1", **verdict)
        await ana.shows(".check-verdict", "Check: inconsistent")
        await ana.shows(".check-witnesses", "Speaks against the camera.")
        await ana.shows(".check-witnesses", "Cannot tell. This was not asked.")
        assert await ana.page.evaluate("document.querySelectorAll('.check-plot .own').length") == 1
        await ana.page.evaluate("document.querySelector('dialog[open] .check-answers button').click()")
        assert await ana.page.evaluate("host.last('cancel_check')") is None


async def test_people_say_which_language_they_speak_and_hosts_which_words_captions_should_know(served: Served) -> None:
    async with guest(served) as ana:
        await ana.page.evaluate("document.getElementById('spoken').value = 'zh'")
        await ana.page.evaluate("document.getElementById('spoken').dispatchEvent(new Event('change'))")
        assert (await ana.said("spoken"))["language"] == "zh"
        await ana.becomes("host")
        await ana.tell(
            "captions_changed", captions={"on": True, "available": True, "sentence": "", "glossary": ["aiortc"]}
        )
        await ana.open_tab("people")
        await click(ana.page, "rules")
        assert await ana.page.evaluate("document.getElementById('glossary').value") == "aiortc"
        await ana.page.evaluate("document.getElementById('glossary').value = 'aiortc\\nParley, SFU,, Parley'")
        await ana.page.evaluate("document.getElementById('glossary-form').requestSubmit()")
        assert (await ana.said("glossary"))["terms"] == ["aiortc", "Parley", "SFU"]


async def test_what_is_said_in_another_language_is_read_in_english_by_who_asked_for_it(served: Served) -> None:
    async with guest(served) as ana:
        assert await ana.page.evaluate("document.getElementById('translation').parentElement.hidden")
        await ana.tell("captions_changed", captions={"on": True, "available": True, "sentence": "", "translates": True})
        await click(ana.page, "translation")
        assert (await ana.said("translation"))["on"] is True
        await ana.tell("caption", **{**CAPTION, "committed": "大家好", "language": "zh"})
        await ana.tell("translated", segment="s1", speaker="p1", text="Hello everybody")
        await ana.shows("#caption-translation", "Hello everybody")
        await ana.open_tab("transcript")
        await ana.shows("#transcript-lines .english", "Hello everybody")


async def test_a_guest_may_write_to_the_hosts_only(served: Served) -> None:
    async with guest(served) as ana:
        you, ben = await ana.page.evaluate("host.you"), await ana.page.evaluate("host.ben")
        await ana.tell("joined", participant={**ben, "id": "p3", "name": "Cleo", "role": "member", "order": 2})
        await ana.open_tab("chat")
        await ana.page.until("document.getElementById('chat-to').options.length === 3")

        await ana.tell("changed", participant={**you, "role": "guest"})

        await ana.page.until("document.getElementById('chat-to').options.length === 2")
        assert "Ben" in await ana.text("#chat-to")


async def test_whom_the_hosts_show_to_everybody_is_large(served: Served) -> None:
    async with guest(served) as ana:
        await ana.person(spotlight=True)

        await ana.page.until("!!document.querySelector('#tiles.speaker [data-source=\"p1/camera\"].large')")


async def test_a_speaker_puts_right_their_own_words_and_copies_what_was_said(served: Served) -> None:
    async with guest(served) as ana:
        own = {**CAPTION, "segment": "s2", "speaker": "p2", "name": "Ana", "committed": "their", "start": 9.0}
        await ana.tell("history", captions=[CAPTION, own])
        await ana.open_tab("transcript")
        await ana.shows("#transcript-lines p", "their")
        assert await ana.page.evaluate("document.querySelectorAll('#transcript-lines button').length") == 1

        await ana.page.evaluate("document.querySelector('#transcript-lines button').click()")
        await ana.page.evaluate("document.getElementById('correct-text').value = 'there'")
        await ana.page.evaluate("document.querySelector('#correct-dialog button[value=yes]').click()")
        assert await ana.said("correct") == {"type": "correct", "segment": "s2", "text": "there"}

        await ana.page.evaluate("navigator.clipboard.writeText = (text) => { window.copied = text; }")
        await click(ana.page, "copy")
        assert await ana.page.until("window.copied") == "[00:03] Ben: whether\n[00:09] Ana: their"


async def test_who_is_not_captioned_stands_in_the_transcript_and_not_among_the_captions(served: Served) -> None:
    async with guest(served) as ana:
        await ana.becomes("host")
        await ana.open_tab("transcript")
        refused = {**CAPTION, "segment": "r1", "committed": "[not captioned]", "remark": "not_captioned"}
        await ana.tell("caption", **refused)
        await ana.shows("#transcript-lines .gone p", "Not captioned")
        assert await ana.page.evaluate("document.querySelectorAll('#transcript-lines button').length") == 0
        assert await ana.page.evaluate("document.querySelectorAll('#caption-lines li').length") == 0
        await ana.tell("caption", **{**refused, "segment": "r2", "committed": "[lunch]", "remark": "of_next_year"})
        await ana.shows("#transcript-lines .gone p", "[lunch]")


async def test_words_in_any_order_are_found_and_from_there_one_comes_to_what_was_said_around_them(
    served: Served,
) -> None:
    async with guest(served) as ana:
        said = [{**CAPTION, "segment": f"s{n}", "committed": f"sentence {n}", "start": float(n)} for n in range(60)]
        await ana.tell("history", captions=said)
        await ana.open_tab("transcript")
        await ana.page.evaluate("document.getElementById('search').value = '7 SENTENCE ben'")
        await ana.page.evaluate("document.getElementById('search').dispatchEvent(new Event('input'))")
        await ana.shows("#found", "6 found")
        await ana.page.evaluate("document.querySelector('#transcript-lines [aria-label^=\"Show what\"]').click()")
        lines = "document.querySelectorAll('#transcript-lines li').length"
        assert await ana.page.evaluate(lines) == 60
        assert await ana.text("#transcript-lines li:focus p") == "sentence 7"
        assert await ana.text("#found") == ""
        list_, line = "document.getElementById('transcript-lines')", "document.activeElement"
        inside = f"{line}.getBoundingClientRect().top >= {list_}.getBoundingClientRect().top"
        assert await ana.page.evaluate(inside)


async def test_captions_are_as_large_and_as_calm_as_the_reader_wants(served: Served) -> None:
    async with guest(served) as ana:
        size = "getComputedStyle(document.getElementById('caption-lines')).fontSize"
        shown = "document.getElementById('caption-lines').textContent.trim()"
        for element, change in (("caption-size", "value = '2'"), ("finals-only", "checked = true")):
            await ana.page.evaluate(f"document.getElementById('{element}').{change}")
            await ana.page.evaluate(f"document.getElementById('{element}').dispatchEvent(new Event('change'))")
        assert await ana.page.evaluate(size) == "40px"
        await ana.tell("caption", **{**CAPTION, "committed": "I would", "tail": " rather", "final": False})
        await ana.tell("caption", **{**CAPTION, "segment": "s2", "committed": "Done."})
        await ana.shows("#caption-lines li", "Done.")
        assert "rather" not in await ana.page.evaluate(shown)
        await ana.tell("caption", **{**CAPTION, "committed": "I would rather not."})
        await ana.shows("#caption-lines li", "rather not.")
        kept = await ana.page.evaluate("localStorage.getItem('parley.captions')")
        assert json.loads(kept) == {"size": 2, "finalsOnly": True}
        await ana.page.evaluate("localStorage.removeItem('parley.captions')")


async def test_every_key_does_what_its_button_does(served: Served) -> None:
    async with guest(served) as ana:
        for code, modifiers, selector in (
            ("KeyF", "ctrlKey: true", "#transcript:not([hidden])"),
            ("KeyM", "altKey: true, shiftKey: true", "#chat:not([hidden])"),
            ("KeyP", "ctrlKey: true, shiftKey: true", "#people:not([hidden])"),
        ):
            await ana.key(code, modifiers)
            await ana.page.until(f"!!document.querySelector({json.dumps(selector)})")
        await ana.key("Escape")
        await ana.page.until("document.getElementById('pane').hidden")
        places = []
        for _ in range(4):
            await ana.key("F6")
            places.append(await ana.page.evaluate("document.activeElement.closest('#corner, #tiles, #controls').id"))
        assert {"corner", "tiles", "controls"} == set(places)
        await ana.key("KeyH", "ctrlKey: true, shiftKey: true")
        assert (await ana.said("hand"))["up"] is True
        await ana.page.evaluate("document.activeElement.blur()")
        await click(ana.page, "microphone")
        await ana.page.until("host.last('media').microphone === false")
        await ana.key("Space")
        await ana.page.until("host.last('media').microphone === true")
        await ana.page.evaluate("document.dispatchEvent(new KeyboardEvent('keyup', {code: 'Space'}))")
        await ana.page.until("host.last('media').microphone === false")


async def test_markup_is_text_wherever_somebody_can_write(served: Served) -> None:
    evil = "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>"
    async with guest(served) as ana:
        await ana.becomes("host")
        await ana.person(name=evil, hand=1.0, screen=True)
        await ana.tell("lobby", waiting=[{"id": "p9", "name": evil, "client": "browser", "since": 1.0}])
        message = {"id": 1, "sender": "p1", "name": evil, "to": "p2", "text": evil, "at": 61.0}
        await ana.tell("chat", message=message)
        spoken = {**CAPTION, "name": evil, "committed": evil, "tail": evil, "language": evil}
        await ana.tell("caption", **{**spoken, "final": False})
        await ana.tell("caption", **{**spoken, "segment": "s2"})
        await ana.tell("corrected", segment="s2", text=evil + "!", by="p1", name=evil, revision=1, at=5.0)
        worker = {"name": evil, "machine": evil, "device": evil, "compute": evil, "model": evil}
        await ana.tell(
            "captions_changed", captions={"on": True, "available": True, "sentence": evil, "workers": [worker]}
        )
        await ana.tell("file", reference="", file={**FILE, "name": evil, "owner_name": evil, "state": "ready"})
        await ana.tell("reacted", participant="p1", reaction=evil)
        await ana.tell("translated", segment="s2", speaker="p1", text=evil)
        await ana.tell("policy_changed", policy={"chat": True, "private_chat": True}, by=evil)
        await ana.tell("notice", code=evil, sentence=evil)
        for tab in ("transcript", "chat", "people", "files"):
            await click(ana.page, f"tab-{tab}")
        await ana.tell("unmute_asked", kind="microphone", by=evil)
        shown = (
            "[data-source='p1/camera'] .name", ".waiter span", "#chat-lines p", "#caption-lines .committed",
            "#caption-lines .tail", "#caption-lines .speaker", "#transcript-lines p", "#captions-state",
            "#caption-translation", "#processed li",
            "#file-list p", "#banner", "#question-text", "#people-list span", "#chat-to option",
        )  # fmt: skip
        for place in shown:
            await ana.shows(place, evil)
        assert await ana.page.evaluate("document.querySelectorAll('img, body script:not([type=module])').length") == 0
        await ana.tell("ended", reason=evil)
        await ana.shows("#farewell-reason", evil)
        assert await ana.page.evaluate("window.hacked ?? null") is None


async def test_a_file_is_hashed_offered_and_sent_and_another_can_be_had(served: Served) -> None:
    async with guest(served) as ana:
        await ana.page.evaluate("""(() => {
            const files = new DataTransfer();
            files.items.add(new File(["hello"], "<img src=x onerror=alert(1)>.txt"));
            const pick = document.getElementById("file-pick");
            pick.files = files.files;
            pick.dispatchEvent(new Event("change"));
        })()""")
        offered = await ana.said("offer_file")
        assert offered["sha256"] == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
        file = {**FILE, "name": offered["name"], "sha256": offered["sha256"]}
        await ana.tell("file", file=file, reference=offered["reference"])
        put = await ana.page.until("host.said.find((one) => one.type.startsWith('PUT'))")
        assert (put["range"], put["body"]) == ("bytes 0-4/5", 5)
        await ana.tell("file", file={**file, "received": 5, "state": "ready"}, reference="")
        await ana.open_tab("files")
        await ana.shows("#file-list p", "<img src=x onerror=alert(1)>.txt")
        await ana.page.evaluate("document.querySelector('#file-list [aria-label^=Download]').click()")
        assert (await ana.said("get_file"))["file"] == "f1"


async def test_a_lost_socket_is_resumed_with_what_was_seen_and_the_media_goes_on(served: Served) -> None:
    async with guest(served) as ana:
        await ana.page.until("(await parley.statistics())?.connection === 'connected'")
        seen = await ana.page.evaluate("host.seq")
        offers = "host.said.filter((one) => one.type === 'offer').length"
        before = await ana.page.evaluate(offers)

        await ana.page.evaluate("host.cut()")

        resumed = await ana.said("resume")
        assert (resumed["participant"], resumed["key"]) == ("p2", "k" * 24)
        assert resumed["seen"] >= seen
        await ana.page.until("document.getElementById('banner').textContent === '' && host.sockets === 2")
        assert await ana.page.evaluate(offers) == before


async def test_media_that_is_lost_is_offered_again_on_the_same_socket(served: Served) -> None:
    async with guest(served) as ana:
        await ana.tell("error", code="media_lost", sentence="It stopped.", fatal=False)

        await ana.page.until("host.said.filter((one) => one.type === 'offer').length === 2")
        await ana.page.until("document.getElementById('banner').textContent === ''")
        assert await ana.page.evaluate("host.sockets") == 1


async def test_whoever_waits_in_the_lobby_is_told_so_and_then_let_in(served: Served) -> None:
    async with guest(served, before="host.lobby = true;") as ana:
        await ana.page.until("!document.getElementById('waiting').hidden")
        await ana.shows("#waiting-sentence", "Pretended")

        await ana.page.evaluate("host.tell(host.welcome)")
        await ana.page.until("!document.getElementById('meeting').hidden")


async def test_a_policy_without_chat_takes_the_form_away(served: Served) -> None:
    async with guest(served) as ana:
        await ana.open_tab("chat")
        await ana.tell("policy_changed", policy={"chat": False, "files": False}, by="Ben")

        await ana.page.until("document.getElementById('chat-form').hidden")
        assert await ana.page.evaluate("document.getElementById('file-pick').disabled")


async def test_nothing_is_recorded_before_the_notice_was_answered_and_hosts_start_and_stop_it(served: Served) -> None:
    recording = {"phase": "on", "by": "Ben", "since": 3.0, "sentence": ""}
    async with guest(served) as ana:
        you = await ana.page.evaluate("host.you")
        asked = {**you, "recording": "unasked", "recorded": False}
        await ana.tell("changed", participant=asked)
        assert await ana.page.evaluate("document.getElementById('recording-badge').hidden")
        await ana.tell("recording_changed", recording=recording)
        await ana.page.until("document.getElementById('recording-dialog').open")
        assert "Ben records this meeting" in await ana.text("#recording-by")
        assert await ana.page.evaluate("document.activeElement.value") == "no"
        assert await ana.page.evaluate("host.last('record_me')") is None
        await ana.page.evaluate("document.getElementById('recording-dialog').close()")
        assert (await ana.said("record_me"))["yes"] is False
        await ana.tell("changed", participant={**asked, "recording": "no"})
        await ana.shows("#recording-badge", "Recording without you")

        await click(ana.page, "recording-badge")
        await ana.page.evaluate("document.querySelector('#recording-dialog [value=yes]').click()")
        await ana.page.until("host.last('record_me').yes === true")
        await ana.tell("changed", participant={**asked, "recording": "yes", "recorded": True, "role": "host"})
        await ana.shows("#recording-badge", "Recording")
        stage = {**you, "id": "p77", "name": "Stage", "client": "stream", "recording": "unasked", "recorded": False}
        await ana.tell("joined", participant=stage)
        await ana.page.until("document.getElementById('question').open")
        assert "Record “Stage”, too?" in await ana.text("#question-text")
        await ana.page.evaluate("document.getElementById('question-yes').click()")
        await ana.page.until("host.last('record_me').participant === 'p77' && host.last('record_me').yes")
        await ana.open_tab("people")
        await click(ana.page, "record-pause")
        assert (await ana.said("record"))["phase"] == "paused"
        await ana.tell("recording_changed", recording={**recording, "phase": "paused"})
        await ana.shows("#recording-badge", "Recording paused")
        await click(ana.page, "record")
        await ana.page.until("host.last('record').phase === 'off'")
        await ana.tell("recording_changed", recording={"phase": "off", "by": "", "since": 0, "sentence": ""})
        await ana.page.until("document.getElementById('recording-badge').hidden")
