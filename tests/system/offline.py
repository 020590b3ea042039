"""A whole meeting, run by `test_offline` in namespaces without a way out; prints what came of it as one JSON object.

`python -m tests.system.offline NAMESPACE ADDRESS FOLDER`: a host in that namespace, two browsers in this one, speech,
captions, the end, and the export.
"""

from __future__ import annotations

import asyncio
import json
import sys
import wave
from pathlib import Path
from urllib.parse import urlsplit

import av

from tests.system.chromium import chromium
from tests.system.guests import click, enter, receives_picture_and_sound
from tests.system.hosting import hosting

SPEECH = Path("resources/media/en_jfk_inaugural.flac")
# A model, on a computer that is busy with other tests.
LOADING, SPEAKING = 90.0, 60.0
# Ben refused captions: that he did stands there first, as a remark.
SPOKEN = "#transcript-lines li:not(.gone) strong"


def speak_into(path: Path) -> None:
    """The speech as the WAV file that Chromium takes for a microphone."""
    resampler = av.AudioResampler("s16", "mono", 48_000)
    with av.open(str(SPEECH)) as source, wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(48_000)
        for frame in source.decode(audio=0):
            for resampled in resampler.resample(frame):
                out.writeframes(resampled.to_ndarray().tobytes())


async def meet(server: str, address: str, folder: Path) -> dict[str, object]:
    speech = folder / "speech.wav"
    await asyncio.to_thread(speak_into, speech)
    elsewhere = ["ip", "netns", "exec", server]
    names = f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {address}"
    speaker = chromium(folder / "ana", [f"--use-file-for-fake-audio-capture={speech}", names])
    async with hosting(folder / "data", ("--bind", address, "--language", "en"), elsewhere) as host:
        async with speaker as one, chromium(folder / "ben", [names]) as two:
            ben = await enter(two, host, "Ben")
            ana = await enter(one, host, "Ana", consent="yes")
            for page in (ana, ben):
                await receives_picture_and_sound(page)
            await ben.until("document.querySelectorAll('#caption-lines li').length > 0", LOADING)
            await click(ben, "show-pane")
            await ben.until(f"document.querySelector('{SPOKEN}') !== null", SPEAKING)
            captioned = await ben.evaluate(f"document.querySelector('{SPOKEN}').textContent")
            complaints, requests = one.complaints + two.complaints, one.requests + two.requests
        host.process.terminate()
        ended = await host.event("ended")
    export = Path(str(ended["transcript"]))
    kept = await asyncio.to_thread((export / "transcript.vtt").read_text, "utf-8")
    hosts = sorted({str(urlsplit(url).hostname) for url in requests if not url.startswith("about:")})
    return {"captioned": captioned, "complaints": complaints, "export": kept, "asked": hosts}


def main() -> int:
    server, address, folder = sys.argv[1:]
    print(json.dumps(asyncio.run(meet(server, address, Path(folder)))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
