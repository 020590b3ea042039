"""What people are told when sound does not work.  PortAudio itself is not asked: the machine may have none."""

from __future__ import annotations

import builtins
from typing import Any

import pytest

from app.engine.sound_devices import BAD_SAMPLE_RATE, DEVICE_UNAVAILABLE, INVALID_DEVICE, portaudio, unplugged, why_not
from sfu.rtp.errors import ErrorCode, UserError


@pytest.mark.parametrize(
    ("error", "about"),
    [
        (OSError("Error querying device -1"), "No microphone was found"),
        (OSError("Error opening stream", INVALID_DEVICE), "No microphone was found"),
        (OSError("Error opening stream", DEVICE_UNAVAILABLE), "in use by another program"),
        (OSError("Error opening stream", BAD_SAMPLE_RATE), "cannot run at 48 kHz"),
        (OSError("Error opening stream", -9999), "allows this program to use it"),
    ],
)
def test_each_reason_says_what_to_do(error: Exception, about: str) -> None:
    reason = why_not(error, "microphone")

    assert reason.code is ErrorCode.NO_DEVICE
    assert about in reason.sentence


def test_an_unplugged_device_is_named() -> None:
    assert "speaker" in unplugged("speaker").sentence


def test_a_system_without_portaudio_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    ordinary = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "sounddevice":
            raise OSError("PortAudio library not found")
        return ordinary(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)

    with pytest.raises(UserError, match="PortAudio"):
        portaudio()
