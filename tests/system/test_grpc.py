"""gRPC of a host as a user starts it, asked by the program that README.md shows."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

import grpc
import pytest

from sfu.rpc import parley_pb2 as pb
from sfu.rpc.parley_pb2_grpc import MeetingServiceStub
from tests.system.hosting import hosting
from tests.system.test_host import joined
from tests.system.waiting import PATIENCE

pytestmark = pytest.mark.system

ROOT = Path(__file__).parents[2]


def example() -> str:
    (found,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    return str(found)


async def test_the_program_of_the_readme_sees_a_meeting_until_it_ends(tmp_path: Path) -> None:
    async with hosting(tmp_path, ("--no-captions", "--grpc", "0")) as host:
        given = [host.ready["grpc"], host.ready["code"], host.ready["host_token"], str(tmp_path / "tls" / "host.pem")]
        program = await asyncio.create_subprocess_exec(
            sys.executable, "-u", "-c", example(), *given, cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        assert program.stdout is not None
        async with asyncio.timeout(PATIENCE):
            title = await program.stdout.readline()
            async with joined(host, "Ana"):
                came = await program.stdout.readline()
            host.process.terminate()
            status = await program.wait()

    assert (title, came, status) == (b"System test\n", b"Ana came\n", 0)


async def test_programs_are_answered_again_where_they_were_after_the_control_process_was_killed(tmp_path: Path) -> None:
    async with hosting(tmp_path, ("--no-captions", "--grpc", "0")) as host:
        asked = pb.MeetingRequest(meeting=host.ready["code"])
        metadata = (("authorization", f"Bearer {host.ready['host_token']}"),)
        await host.kill_control()
        trusted = grpc.ssl_channel_credentials((tmp_path / "tls" / "host.pem").read_bytes())
        async with grpc.aio.secure_channel(host.ready["grpc"], trusted) as channel:
            call = MeetingServiceStub(channel).Get(asked, metadata=metadata, wait_for_ready=True, timeout=PATIENCE)

            assert (await call).title == "System test"


async def test_a_taken_port_is_named_before_anybody_is_asked_in(tmp_path: Path) -> None:
    async with hosting(tmp_path / "a", ("--no-captions", "--grpc", "0")) as host:
        port = host.ready["grpc"].rpartition(":")[2]
        command = [sys.executable, "-m", "sfu.host", "--port", "0", "--bind", "127.0.0.1", "--no-captions", "--json"]
        second = await asyncio.create_subprocess_exec(
            *command, "--data", str(tmp_path / "b"), "--grpc", port, stdout=asyncio.subprocess.PIPE
        )
        async with asyncio.timeout(PATIENCE):
            said, _ = await second.communicate()

    assert second.returncode == 2
    assert b"busy_port" in said
    assert port.encode() in said
