"""Sharing files over real sockets: pieces, interruptions, wrong bytes, other people's files, names that are paths."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from concurrent.futures import Future
from http import HTTPStatus
from pathlib import Path
from typing import Any

import httpx
import pytest

from sfu.core.records import FileIs, Record
from sfu.rtp.errors import ErrorCode
from sfu.wire import messages as wire
from tests.host.front import CODE, HOST_TOKEN, Client, front
from tests.host.test_api import problem
from tests.system.waiting import until

FILES = f"/api/meetings/{CODE}/files"
CONTENT = bytes(range(256)) * 40
SHA256 = hashlib.sha256(CONTENT).hexdigest()


def key(client: Client) -> dict[str, str]:
    return {"Authorization": f"Bearer {client.welcome.key}"}


async def offered(client: Client, **changed: Any) -> wire.SharedFile:
    about = {"reference": "r1", "name": "plan.pdf", "size": len(CONTENT), "sha256": SHA256, **changed}
    await client.say(wire.OfferFile.model_validate(about))
    file: wire.SharedFile = (await client.hear(wire.FileChanged)).file
    return file


def piece(start: int, content: bytes, size: int = len(CONTENT)) -> dict[str, str]:
    return {"Content-Range": f"bytes {start}-{start + len(content) - 1}/{size}"}


async def put(
    http: httpx.AsyncClient, file: wire.SharedFile, client: Client, content: bytes, **headers: str
) -> httpx.Response:
    return await http.put(f"{FILES}/{file.id}", content=content, headers={**key(client), **headers})


def everything_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


async def bytes_lie_in(folder: Path) -> None:
    async def look() -> bool:
        return everything_in(folder) != []

    await until(look, "bytes on the disk")


async def until_whole(data: Path, file: wire.SharedFile) -> None:
    async def look() -> bool:
        return (data / "files" / "m1" / file.id).exists()

    await until(look, "the whole file")


def _tells_of(kept: Sequence[Record], file: wire.SharedFile) -> bool:
    return any(isinstance(record, FileIs) and record.file.id == file.id for record in kept)


async def nothing_lies_in(folder: Path) -> None:
    async def look() -> bool:
        return everything_in(folder) == []

    await until(look, "an empty folder")


async def test_a_file_is_offered_sent_announced_and_had_by_link_whole_and_by_range(tmp_path: Path) -> None:
    async with (
        front(tmp_path) as running, running.joined("Ana") as ana, running.joined("Ben") as ben,
        running.http() as http,
    ):  # fmt: skip
        file = await offered(ana)
        assert (await ben.hear(wire.FileChanged)).file.state is wire.FileState.ARRIVING

        sent = await put(http, file, ana, CONTENT)
        while (told := await ben.hear(wire.FileChanged)).file.state is not wire.FileState.READY:
            pass
        await ben.say(wire.GetFile(file=file.id))
        link = (await ben.hear(wire.FileLink)).path
        whole = await http.get(link)
        part = await http.get(link, headers={"Range": "bytes=256-511"})
        late = await running.token("Cleo")
        async with running.socket() as cleo:
            await cleo.join(late)
            history = (await cleo.hear(wire.History)).files

    assert (sent.status_code, sent.json()["state"]) == (200, "ready")
    assert (told.file.name, told.file.owner_name) == ("plan.pdf", "Ana")
    assert (whole.content, part.status_code, part.content) == (CONTENT, 206, CONTENT[256:512])
    assert whole.headers["content-disposition"] == 'attachment; filename="plan.pdf"'
    assert whole.headers["content-type"] == "application/octet-stream"
    assert [each.id for each in history] == [file.id]


async def test_what_was_broken_off_goes_on_where_it_stopped(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana, running.http() as http:
        file = await offered(ana)
        await put(http, file, ana, CONTENT[:1000], **piece(0, CONTENT[:1000]))
        here = (await http.head(f"{FILES}/{file.id}", headers=key(ana))).headers["upload-offset"]
        gap = problem(await put(http, file, ana, CONTENT[2000:], **piece(2000, CONTENT[2000:])))
        again = await put(http, file, ana, CONTENT[500:], **piece(500, CONTENT[500:]))

    assert here == "1000"
    assert (gap.status, gap.code) == (409, ErrorCode.TAKEN)
    assert again.json()["state"] == "ready"
    assert (tmp_path / "files" / "m1" / file.id).read_bytes() == CONTENT


async def test_nobody_is_told_that_a_file_is_whole_before_that_is_on_the_disk(tmp_path: Path) -> None:
    acknowledged: Future[None] = Future()

    async with front(tmp_path) as running, running.joined("Ana") as ana, running.http() as http:
        file = await offered(ana)
        keep = running.archive.keep
        running.archive.keep = lambda kept: acknowledged if _tells_of(kept, file) else keep(kept)  # type: ignore[method-assign]
        sending = asyncio.create_task(put(http, file, ana, CONTENT))
        await until_whole(tmp_path, file)
        early, _ = await asyncio.wait({sending}, timeout=0.3)
        acknowledged.set_result(None)
        sent = await sending

    assert not early
    assert sent.json()["state"] == "ready"


async def test_a_file_that_was_whole_when_the_host_was_killed_is_whole_when_its_sender_asks(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana, running.http() as http:
        file = await offered(ana)
        where = tmp_path / "files" / "m1" / file.id
        where.parent.mkdir(parents=True, exist_ok=True)
        where.write_bytes(CONTENT)
        here = await http.head(f"{FILES}/{file.id}", headers=key(ana))
        had = await http.get(f"{FILES}/{file.id}", headers=key(ana))

    assert here.status_code == HTTPStatus.CONFLICT
    assert had.content == CONTENT


async def test_a_sender_that_vanishes_leaves_what_came(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana, running.http() as http:
        file = await offered(ana)

        async def broken() -> Any:
            yield CONTENT[:3000]
            await asyncio.sleep(0.2)
            raise ConnectionResetError

        with pytest.raises((httpx.HTTPError, ConnectionResetError)):
            await http.put(f"{FILES}/{file.id}", content=broken(), headers=key(ana))
        async with running.http() as other:
            for _ in range(100):
                here = (await other.head(f"{FILES}/{file.id}", headers=key(ana))).headers["upload-offset"]
                if here == "3000":
                    break
                await asyncio.sleep(0.05)
            rest = await put(other, file, ana, CONTENT[3000:], **piece(3000, CONTENT[3000:]))

    assert here == "3000"
    assert rest.json()["state"] == "ready"


async def test_who_comes_back_before_the_old_connection_is_known_to_be_dead_goes_on(tmp_path: Path) -> None:
    hangs = asyncio.Event()

    async def stuck() -> Any:
        yield CONTENT[:3000]
        await hangs.wait()

    async with (
        front(tmp_path) as running, running.joined("Ana") as ana, running.http() as http, running.http() as other,
    ):  # fmt: skip
        file = await offered(ana)
        old = asyncio.create_task(http.put(f"{FILES}/{file.id}", content=stuck(), headers=key(ana)))
        await bytes_lie_in(tmp_path / "files")
        rest = await put(other, file, ana, CONTENT, **piece(0, CONTENT))
        hangs.set()
        ended = problem(await old)

    assert rest.json()["state"] == "ready"
    assert ended.code == ErrorCode.BUSY


async def test_a_file_that_is_withdrawn_while_it_arrives_leaves_nothing(tmp_path: Path) -> None:
    async def stuck() -> Any:
        yield CONTENT[:3000]
        await asyncio.Event().wait()

    async with front(tmp_path) as running, running.joined("Ana") as ana, running.http() as http:
        file = await offered(ana)
        sending = asyncio.create_task(http.put(f"{FILES}/{file.id}", content=stuck(), headers=key(ana)))
        await bytes_lie_in(tmp_path / "files")
        await ana.say(wire.WithdrawFile(file=file.id))
        while (await ana.hear(wire.FileChanged)).file.state is not wire.FileState.GONE:
            pass
        sending.cancel()
        await nothing_lies_in(tmp_path / "files")


async def test_a_sender_that_falls_silent_is_let_go_and_what_came_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sfu.host.depot.SILENCE", 0.2)

    async def silent() -> Any:
        yield CONTENT[:3000]
        await asyncio.Event().wait()

    async with front(tmp_path) as running, running.joined("Ana") as ana, running.http() as http:
        file = await offered(ana)
        old = asyncio.create_task(http.put(f"{FILES}/{file.id}", content=silent(), headers=key(ana)))
        while (told := await ana.hear(wire.FileChanged)).file.received != 3000:
            pass
        old.cancel()

    assert told.file.state is wire.FileState.ARRIVING


async def test_what_is_not_what_was_offered_is_thrown_away_and_everybody_told(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana, running.http() as http:
        file = await offered(ana)
        wrong = problem(await put(http, file, ana, bytes(len(CONTENT))))
        while (told := await ana.hear(wire.FileChanged)).file.state is wire.FileState.ARRIVING:
            pass
        other = await offered(ana, reference="r2")
        more = problem(await put(http, other, ana, CONTENT + b"x"))
        ranged = problem(await put(http, other, ana, b"x", **piece(0, b"x", size=7)))

    assert wrong.code == ErrorCode.BAD_FRAME
    assert told.file.state is wire.FileState.GONE
    assert (more.status, ranged.status) == (413, 416)
    assert not (tmp_path / "files" / "m1" / file.id).exists()


async def test_an_empty_file_is_a_file(tmp_path: Path) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana, running.http() as http:
        file = await offered(ana, size=0, sha256=hashlib.sha256(b"").hexdigest())
        sent = await put(http, file, ana, b"", **{"Content-Range": "bytes 0--1/0"})

    assert sent.json()["state"] == "ready"


async def test_nobody_sends_or_has_what_is_not_theirs(tmp_path: Path) -> None:
    async with (
        front(tmp_path) as running, running.joined("Ana") as ana, running.joined("Ben") as ben,
        running.joined("Eve") as eve, running.http() as http,
    ):  # fmt: skip
        file = await offered(ana, to=ben.you)
        statuses = [(await put(http, file, who, CONTENT)).status_code for who in (eve, ben)]
        await put(http, file, ana, CONTENT)
        got = [(await http.get(f"{FILES}/{file.id}", headers=key(who))).status_code for who in (ben, eve)]
        stranger = await http.get(f"{FILES}/{file.id}")
        forged = await http.get(f"{FILES}/{file.id}?link=x")
        listed = [len((await http.get(FILES, headers=key(who))).json()) for who in (ana, ben, eve)]

    assert statuses == [404, 404]
    assert got == [200, 404]
    assert (stranger.status_code, forged.status_code) == (401, 401)
    assert listed == [1, 1, 0]


async def test_a_withdrawn_file_is_deleted_and_guests_and_policy_share_nothing(tmp_path: Path) -> None:
    async with (
        front(tmp_path) as running, running.joined("Hana", HOST_TOKEN) as hana, running.joined("Ana") as ana,
        running.http() as http,
    ):  # fmt: skip
        file = await offered(ana)
        await put(http, file, ana, CONTENT)
        gone = await http.delete(f"{FILES}/{file.id}", headers=key(hana))
        after = await http.get(f"{FILES}/{file.id}", headers=key(ana))
        await hana.say(wire.SetPolicy(files=False))
        await ana.hear(wire.PolicyChanged)
        await ana.say(wire.OfferFile(name="x", size=1, sha256=SHA256))
        refused = await ana.hear(wire.Error)

    assert (gone.status_code, after.status_code, refused.code) == (204, 404, ErrorCode.NOT_ALLOWED)
    assert everything_in(tmp_path / "files") == []


NAMES = ["../../etc/passwd", "..\\..\\x", "/abs", "a\x00b", "CON", "..", "x" * 255, "文件.pdf", "a\r\nb"]
TRICKS = ["..%2f..", "%2e%2e", "a.part"]


@pytest.mark.parametrize("name", NAMES)
async def test_a_name_is_never_a_path_nor_a_header(tmp_path: Path, name: str) -> None:
    async with front(tmp_path) as running, running.joined("Ana") as ana, running.http() as http:
        body = {"name": name, "size": len(CONTENT), "sha256": SHA256}
        made = (await http.post(FILES, json=body, headers=key(ana))).json()
        sent = await http.put(f"{FILES}/{made['id']}", content=CONTENT, headers=key(ana))
        got = await http.get(f"{FILES}/{made['id']}", headers=key(ana))
        tricks = [(await http.get(f"{FILES}/{path}", headers=key(ana))).status_code for path in TRICKS]

    assert (sent.status_code, got.content) == (200, CONTENT)
    assert not set(made["name"]) & set("/\\\0\r\n:")
    assert made["name"].strip(".")
    assert everything_in(tmp_path / "files") == [f"m1/{made['id']}"]
    assert all(status in (404, 422) for status in tricks)


async def test_a_full_disk_says_so_and_leaves_the_meeting_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    async with front(tmp_path) as running, running.joined("Ana") as ana, running.http() as http:
        file = await offered(ana)
        monkeypatch.setattr("sfu.host.depot._sync", full)
        found = problem(await put(http, file, ana, CONTENT))
        monkeypatch.undo()
        sent = await put(http, file, ana, CONTENT)
        await ana.lives()

    assert (found.status, found.code, sent.status_code) == (507, ErrorCode.DISK_FULL, 200)


