"""`parley recording`: what was recorded here, films of it, and whether a bundle is what it says it is."""

from __future__ import annotations

import argparse
import contextlib
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import get_args

from models.registry import default_data_dir
from sfu.rtp.errors import ErrorCode, UserError
from sfu.store import meetings, recordings
from sfu.store.keeping import BUNDLE, FILM, MADE, RECORDINGS
from sfu.store.thread import NAME, open_database
from sfu.wire.http import FilmCaptions, FilmChoice, FilmLayout


def main(argv: Sequence[str] | None = None) -> int:
    """Returns the exit status; raises UserError with what is wrong."""
    given = _parser().parse_args(argv)
    folder: Path = given.data if given.data is not None else default_data_dir()
    match given.what:
        case "list":
            _list(folder)
        case "film":
            _film(folder, given.recording, given.to, FilmChoice(layout=given.layout, captions=given.captions))
        case "verify":
            _verify(given.file, given.key)
        case "key":
            from sfu.tasks.recording import bundle

            print(bundle.fingerprint(bundle.key_of(folder).public_key().public_bytes_raw()))
    return 0


def _list(folder: Path) -> None:
    with _opened(folder) as db:
        rows = [(row, meetings.get(db, row.meeting)) for row in recordings.listed(db)]
    for row, meeting in rows:
        made = folder / RECORDINGS / row.meeting / row.id / MADE
        where = str(made) if (made / BUNDLE).exists() else "not made yet"
        length = f"{(row.ended - row.began) / 60:.0f} min" if row.ended is not None else "running"
        print(f"{meeting.title}  {row.meeting}/{row.id}  {length}  {where}")
    if not rows:
        print(f"Nothing was recorded here. A recording has {FILM} and {BUNDLE} when it is made.")


def _film(folder: Path, recording: str, target: Path, choice: FilmChoice) -> None:
    from sfu.tasks.recording import facts
    from sfu.tasks.recording.work import make_film

    meeting, _, name = recording.partition("/")
    with _opened(folder) as db:
        found = facts.facts_of(db, meeting, name)
    if found.recording.ended is None:
        raise UserError(ErrorCode.TAKEN, "That recording goes on. Make its film when it is over.")
    if target.exists():
        raise UserError(ErrorCode.TAKEN, f"{target} is there already. Name another file with --to.")

    def told(part: float) -> None:
        print(f"\r{part:4.0%}", end="", file=sys.stderr, flush=True)

    tracks = folder / RECORDINGS / found.recording.meeting / name / facts.TRACKS
    try:
        make_film(target, found, tracks, choice, told)
    except OSError as error:
        target.unlink(missing_ok=True)
        print(file=sys.stderr)
        raise UserError(ErrorCode.DISK_FULL, f"{target} could not be written: {error.strerror}.") from error
    print(f"\r{target} is made.", file=sys.stderr)


@contextlib.contextmanager
def _opened(folder: Path) -> Iterator[sqlite3.Connection]:
    if not (folder / NAME).exists():
        raise UserError(ErrorCode.NOT_FOUND, f"There is nothing in {folder}. Name the host's folder with --data.")
    with contextlib.closing(open_database(folder / NAME)) as db:
        yield db


def _verify(file: Path, key: str) -> None:
    from sfu.tasks.recording import bundle

    manifest = bundle.verify(file, key)
    mark = bundle.fingerprint(bytes.fromhex(manifest["public_key"]))
    print(f"All {len(manifest['files'])} files of {file} are as they were signed.")
    print(f"Signed by the key {mark}." + ("" if key else
          "  Compare it with `parley recording key` on the computer that held the meeting."))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="parley recording", description="Recordings of meetings that were held here.")
    parser.add_argument("--data", type=Path, metavar="DIR", help="the host's folder (default: $PARLEY_DATA)")
    what = parser.add_subparsers(dest="what", required=True, metavar="COMMAND")
    what.add_parser("list", help="what was recorded, and where it lies")
    film = what.add_parser("film", help="make another film of a recording, in a file of its own")
    film.add_argument("recording", metavar="MEETING/RECORDING", help="as `list` shows it")
    film.add_argument("--layout", choices=get_args(FilmLayout), default="grid", help="default: everybody in a grid")
    film.add_argument("--captions", choices=get_args(FilmCaptions), default="separate",
                      help="none in the film, a track that players turn on, or drawn in; default: none")
    film.add_argument("--to", type=Path, default=Path(FILM), metavar="FILE", help=f"default: {FILM}")
    what.add_parser("key", help="the fingerprint of the key that signs recordings here")
    verify = what.add_parser("verify", help="check that nothing in a bundle was changed, added or left out")
    verify.add_argument("file", type=Path)
    verify.add_argument("--key", default="", metavar="FINGERPRINT", help="and that it was signed by this key")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
