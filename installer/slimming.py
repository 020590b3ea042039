"""Makes the frozen program smaller without taking anything from it that runs.  Linux only, where we build and measure.

Nobody needs debug information, the same FFmpeg twice, libraries that only left-out files asked for, or libraries that
are linked but never called.  The last are replaced by small ones of the same name whose functions say so and end the
program, so that a mistake of ours would be loud.  What speaks to the desktop and to sound is left to the system, which
has the plugins, drivers and daemons that belong to it; the package depends on it (`debian.py`).
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

NEVER_CALLED = {
    "libx265": "an H.265 encoder that PyAV's FFmpeg is linked with; nothing of ours encodes H.265",
    "libSvtAv1Enc": "as above, AV1; FFmpeg has another",
    "libaom": "as above, AV1 for AVIF pictures in OpenCV",
    "libopenblasp": "OpenCV's linear algebra (39 MB, and a Fortran runtime): it asks for that only with matrices of 25 "
                    "rows and more, and ours does not ask OpenCV for any; NumPy has another",
}
ONLY_ASKED = ("libx265",)
"""FFmpeg asks it for its pixel formats when it starts: the answer is that it has none."""
ICU_DATA = "libicudata"
"""Qt asks ICU for nothing but sorting by language, which nothing of ours wants: Qt has its own tables for the rest."""

LEFT_TO_SYSTEM = (
    "libX", "libasound.", "libdbus-", "libdrm.", "libfontconfig.", "libfreetype.", "libgcc_s.", "libgio-", "libglib-",
    "libgmodule-", "libgobject-", "libgthread-", "libjack", "libportaudio.", "libpulse", "libstdc++.", "libsystemd.",
    "libudev.", "libwayland-", "libxcb", "libxkb",
)
_PYTHON = "libpython"   # the executable loads it by its name
_SHARED_LIBRARY = re.compile(r"^(lib[A-Za-z0-9_+.]*?)(?:-[0-9a-f]{8})?\.so\.(\d+)")
_NEEDED = re.compile(r"\(NEEDED\).*\[(.+)\]")


def slim(inside: Path) -> None:
    """`inside`: the folder of libraries.  Raises CalledProcessError if a tool of binutils or the compiler fails."""
    for file in inside.glob("*.so*"):
        if file.name.startswith(LEFT_TO_SYSTEM):
            file.unlink()
    for kept in ("av.libs", "numpy.libs"):
        share(inside / kept, inside / "opencv_python_headless.libs")
    drop_orphans(inside)
    libraries = _libraries(inside)
    for file in libraries:
        if any(file.name.startswith(name) for name in NEVER_CALLED):
            _compile(file, _stand_in(file, _called(file, libraries)))
        elif file.name.startswith(ICU_DATA):
            _compile(file, _EMPTY_ICU.format(version=file.name.rpartition(".")[2]))
    drop_orphans(inside)
    strip(_libraries(inside))


def share(kept: Path, other: Path) -> None:
    """Libraries of `other` that `kept` has in the same major version become links to those."""
    if not (kept.is_dir() and other.is_dir()):
        return
    have = {_identity(file.name): file for file in kept.iterdir() if _identity(file.name)}
    for file in list(other.iterdir()):
        if (same := have.get(_identity(file.name))) is not None:
            file.unlink()
            file.symlink_to(os.path.relpath(same, other))


def drop_orphans(inside: Path) -> None:
    """Removes shared libraries that neither a program, an extension module nor a plugin needs, and links to them."""
    libraries = _libraries(inside)
    needed = _needed([*libraries, inside.parent / "parley"])
    here = {file.name: file for file in libraries}
    here |= {link.name: file for link in inside.rglob("*.so*")
             if link.is_symlink() and (file := link.parent / os.readlink(link)).exists()}
    ahead = [file for file in needed if not _may_go(file, inside)]
    reached = set()
    while ahead:
        file = Path(os.path.normpath(ahead.pop()))
        if file not in reached:
            reached.add(file)
            ahead += [here[name] for name in needed.get(file, ()) if name in here]
    for file in set(libraries) - reached:
        file.unlink()
    for link in inside.rglob("*"):
        if link.is_symlink() and not link.exists():
            link.unlink()


def wanted_elsewhere(inside: Path) -> set[str]:
    """Names of libraries that the program needs and does not bring."""
    here = {file.name for file in inside.rglob("*.so*")}
    needed = _needed([*_libraries(inside), inside.parent / "parley"])
    return {name for names in needed.values() for name in names} - here


def strip(libraries: Iterable[Path]) -> None:
    """Takes names and debug information out of what has them; some extension modules are fifty times larger for it.

    Some libraries have been rewritten by whoever made the wheel so that strip misplaces them (OpenBLAS): they stay.
    """
    for file, lines in _readelf("--section-headers", libraries).items():
        if any(".symtab" in line for line in lines):
            lighter = file.with_name(f"{file.name}.lighter")
            subprocess.run(["strip", "--strip-unneeded", "-o", str(lighter), str(file)], check=True)
            if _loads(lighter):
                lighter.replace(file)
            else:
                lighter.unlink()


def _loads(library: Path) -> bool:
    """Whether the dynamic linker can map it: addresses and places in the file agree up to the alignment."""
    [lines] = [found for file, found in _readelf("--segments", [library]).items() if file == library]
    segments = [line.split() for line in lines if line.split()[:1] == ["LOAD"]]
    return all((int(words[2], 16) - int(words[1], 16)) % int(words[-1], 16) == 0 for words in segments)


def _identity(name: str) -> tuple[str, str] | None:
    """`libavcodec-5e6b81c2.so.62.28.102` is libavcodec, 62, whichever wheel it came with."""
    found = _SHARED_LIBRARY.match(name)
    return (found[1], found[2]) if found else None


def _may_go(file: Path, inside: Path) -> bool:
    """Only what lies where shared libraries lie; extension modules and plugins are loaded by their path."""
    shared = file.parent == inside or file.parent.name.endswith(".libs") or file.parent.parts[-2:] == ("Qt", "lib")
    library = ".so." in file.name or (file.parent == inside and file.name.startswith("lib"))
    return shared and library and not file.name.startswith(_PYTHON)


def _libraries(inside: Path) -> list[Path]:
    return sorted(file for file in inside.rglob("*.so*") if file.is_file() and not file.is_symlink())


def _needed(files: Sequence[Path]) -> dict[Path, list[str]]:
    listing = _readelf("--dynamic", files)
    return {file: [found[1] for line in lines if (found := _NEEDED.search(line))] for file, lines in listing.items()}


def _readelf(question: str, files: Iterable[Path]) -> dict[Path, list[str]]:
    command = ["readelf", "--wide", question, os.devnull, *map(str, files)]   # two files: then it names each
    said = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"})
    answers: dict[Path, list[str]] = {}
    lines: list[str] = []
    for line in said.stdout.splitlines():
        if line.startswith("File: "):
            lines = answers.setdefault(Path(line.removeprefix("File: ")), [])
        lines.append(line)
    return answers


def _called(library: Path, others: Sequence[Path]) -> list[str]:
    """The symbols of `library` that others are linked with."""
    offered = _symbols("--defined-only", library)
    users = [file for file, names in _needed(others).items() if library.name in names]
    return sorted(offered & {symbol for user in users for symbol in _symbols("--undefined-only", user)})


def _symbols(which: str, file: Path) -> set[str]:
    said = subprocess.run(["nm", "--dynamic", which, str(file)], capture_output=True, text=True, check=True)
    return {line.split()[-1].partition("@")[0] for line in said.stdout.splitlines()}


def _stand_in(library: Path, symbols: Sequence[str]) -> str:
    if library.name.startswith(ONLY_ASKED):
        return "\n".join(f"void *{symbol}(void) {{ return 0; }}" for symbol in symbols)
    sentence = f"Parley is installed without {library.name}, and something called it."
    functions = "\n".join(f"void {symbol}(void) {{ left_out(); }}" for symbol in symbols)
    return f"""
#include <stdio.h>
#include <stdlib.h>
static void left_out(void) {{ fputs("{sentence}\\n", stderr); abort(); }}
{functions}
"""


# ICU's own form for "no data here" (common data header of udata.h, format ToCP 1.0, an empty table of contents).
_EMPTY_ICU = """
#include <stdint.h>
__attribute__((aligned(16))) const struct {{
    uint16_t header, magic; uint16_t size, reserved; uint8_t big_endian, charset, char_size, unused;
    uint8_t format[4], format_version[4], data_version[4]; char padding[8]; uint32_t count, rest; int32_t names[4];
}} icudt{version}_dat = {{32, 0x27da, 20, 0, 0, 0, 2, 0, "ToCP", {{1, 0, 0, 0}}, {{0}}, {{0}}, 0, 0, {{0}}}};
"""


def _compile(library: Path, source: str) -> None:
    """Puts a library of the same name and SONAME in its place."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "library.c")
        file.write_text(source, "utf-8")
        library.unlink()
        subprocess.run(["cc", "-shared", "-fPIC", "-O2", f"-Wl,-soname,{library.name}", "-o", str(library), str(file)],
                       check=True)
