"""PortAudio, opened politely: why a microphone or a speaker cannot be used, in words that help.

sounddevice loads a system library when it is imported and reports everything as one kind of error; both are turned
into sentences here, once, for `microphone` and `speaker`.
"""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

from app.engine.resampling import BLOCKS_A_SECOND
from app.engine.sources import RATE, SoundDevices
from app.session.devices import Device
from sfu.rtp.errors import ErrorCode, UserError

# PaErrorCode of portaudio.h
INVALID_DEVICE = -9996
DEVICE_UNAVAILABLE = -9985
BAD_SAMPLE_RATE = -9997
PLAYED = "monitor of", "stereo mix", "what u hear", "loopback", "blackhole"


def portaudio() -> ModuleType:
    """The sounddevice module; raises UserError(NO_DEVICE) where the system has no PortAudio."""
    try:
        import sounddevice  # loads the system library: not before somebody wants sound
    except OSError:
        raise UserError(
            ErrorCode.NO_DEVICE, "Sound needs the PortAudio library. Install it (on Debian: libportaudio2) and retry."
        ) from None
    module: ModuleType = sounddevice
    return module


def opened(make: Callable[[int], Any], device: str | None, kind: str) -> tuple[Any, int]:
    """The stream that `make` opens at so many samples a second, and how many: ours, or the device's own.

    `kind` is "input" or "output".  Raises PortAudioError.
    """
    sound = portaudio()
    try:
        return make(RATE), RATE
    except sound.PortAudioError as error:
        if BAD_SAMPLE_RATE not in error.args:
            raise
        own = round(sound.query_devices(device, kind)["default_samplerate"])
        if own == RATE or own % BLOCKS_A_SECOND:
            raise
        return make(own), own


def plugged_in() -> SoundDevices:
    """Microphones and loudspeakers, each once.  Nothing may be open: PortAudio counts devices only when it starts.

    An empty list where the system has no PortAudio: opening says why.
    """
    try:
        sound = portaudio()
        sound._terminate()
        sound._initialize()
        devices, apis = sound.query_devices(), sound.query_hostapis()
    except (UserError, sound_error()):
        return (), ()
    inputs, outputs = sound.default.device
    return _listed(devices, apis, "max_input_channels", inputs), _listed(devices, apis, "max_output_channels", outputs)


def system_sound() -> str | None:
    """The id of the input on which the system gives what it plays; None where it has none.

    PulseAudio and PipeWire call it a monitor, Windows' drivers a stereo mix; macOS needs a virtual device.
    """
    try:
        devices, apis = portaudio().query_devices(), portaudio().query_hostapis()
    except (UserError, sound_error()):
        return None
    for device in devices:
        if device["max_input_channels"] > 0 and any(word in device["name"].lower() for word in PLAYED):
            return f"{device['name']}, {apis[device['hostapi']]['name']}"
    return None


def _listed(devices: Any, apis: Any, channels: str, default: int) -> tuple[Device, ...]:
    """Those of the default device's host API: each API lists every device again under its own name."""
    usable = [(number, device) for number, device in enumerate(devices) if device[channels] > 0]
    api = next((device["hostapi"] for number, device in usable if number == default), None)
    if api is None and usable:
        api = usable[0][1]["hostapi"]
    return tuple([
        Device(f"{device['name']}, {apis[device['hostapi']]['name']}", device["name"], number == default)
        for number, device in usable if device["hostapi"] == api
    ])  # fmt: skip


def sound_error() -> type[Exception]:
    """sounddevice.PortAudioError, or what is never raised where there is no PortAudio."""
    try:
        error: type[Exception] = portaudio().PortAudioError
    except UserError:
        return UserError
    return error


def why_not(error: Any, thing: str) -> UserError:
    """The sentence for a sounddevice.PortAudioError; `thing` is "microphone" or "speaker"."""
    code = error.args[1] if len(error.args) > 1 else 0
    if code == INVALID_DEVICE or "querying device" in str(error):
        sentence = f"No {thing} was found. Plug one in, or choose another in the settings."
    elif code == DEVICE_UNAVAILABLE:
        sentence = f"The {thing} is in use by another program. Close that program and switch the {thing} on again."
    elif code == BAD_SAMPLE_RATE:
        sentence = f"The {thing} cannot run at 48 kHz. Choose another one in the settings."
    else:
        sentence = (
            f"The {thing} could not be opened. Check that the system allows this program to use it, "
            "then switch it on again."
        )
    return UserError(ErrorCode.NO_DEVICE, sentence)


def unplugged(thing: str) -> UserError:
    return UserError(ErrorCode.NO_DEVICE, f"The {thing} was unplugged. Plug it in and switch it on again.")
