"""`parley updates`: whether there is a newer Parley, asked of a place that the administrator of this network names.

Off unless somebody has named a place: no process of Parley ever asks by itself, and there is no place of ours.  The
place is a folder or a web address with two files: `parley-update.json`, and `parley-update.sig`, the Ed25519
signature (RFC 8032) of its bytes in base64.  What is not signed by the administrator's key is not read any further.
Nothing is fetched or installed from here: the answer is a sentence with version, file and SHA-256.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import json
import os
import re
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app import __version__
from sfu.rtp.errors import ErrorCode, UserError

MANIFEST, SIGNATURE = "parley-update.json", "parley-update.sig"
SETTINGS = "updates.toml"
LARGEST = 64 * 1024
TIMEOUT_S = 5.0
_VERSION = re.compile(r"\d{1,6}(?:\.\d{1,6}){0,3}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where to ask, and the public key (32 bytes) that vouches for the answer."""

    place: str
    key: bytes


@dataclass(frozen=True, slots=True)
class Update:
    """What the manifest offers.  `files`: name and SHA-256."""

    version: str
    notes: str
    files: tuple[tuple[str, str], ...]

    @property
    def newer(self) -> bool:
        return _numbers(self.version) > _numbers(__version__)

    def sentence(self, place: str) -> str:
        """For people."""
        if not self.newer:
            return f"This is Parley {__version__}; nothing newer is offered in {place}."
        files = "".join(f"\n  {name}  SHA-256 {digest}" for name, digest in self.files)
        return f"Parley {self.version} is in {place}; this is {__version__}. {self.notes}{files}".rstrip()


def main(argv: Sequence[str] | None = None) -> int:
    """0: asked, or written.  UserError with what stands in the way."""
    options = _parser().parse_args(argv)
    match options.what:
        case "check":
            if (named := configured()) is None:
                print(f"Off: nobody has named a place to ask. An administrator may, in {settings_file()}.")
                return 0
            print(ask(named).sentence(named.place))
        case "new-key":
            print(f"Made {options.file}; keep it secret. For {SETTINGS} everywhere:\nkey = \"{new_key(options.file)}\"")
        case "sign":
            sign(options.file, options.key)
            print(f"Signed: {options.file.with_name(SIGNATURE)}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="parley updates", description="Newer versions, on your own network.")
    commands = parser.add_subparsers(dest="what", required=True, metavar="COMMAND")
    commands.add_parser("check", help="ask the place that the administrator has named")
    new = commands.add_parser("new-key", help="for administrators: make a key for signing")
    new.add_argument("file", type=Path, metavar="FILE")
    signing = commands.add_parser("sign", help=f"for administrators: sign a {MANIFEST}")
    signing.add_argument("file", type=Path, metavar=MANIFEST)
    signing.add_argument("--key", type=Path, required=True, metavar="FILE", help="made by new-key")
    return parser


def settings_file() -> Path:
    """Where an administrator names the place for everybody on this computer."""
    if chosen := os.environ.get("PARLEY_SETTINGS"):
        return Path(chosen) / SETTINGS
    if sys.platform.startswith("linux"):
        return Path("/etc/parley") / SETTINGS
    from platformdirs import site_config_path

    return site_config_path("Parley", appauthor=False) / SETTINGS


def configured() -> Place | None:
    """The named place; None: off.  Raises UserError if the settings make no sense."""
    file = settings_file()
    try:
        given = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise UserError(ErrorCode.UNSUPPORTED, f"{file} cannot be read ({error}).") from error
    place, key = given.get("place"), given.get("key")
    try:
        raw = base64.b64decode(key, validate=True) if isinstance(key, str) else b""
    except binascii.Error:
        raw = b""
    if not isinstance(place, str) or not place or len(raw) != 32:
        raise UserError(ErrorCode.UNSUPPORTED, f'{file} must say place = "FOLDER or ADDRESS" and key = "…" (32 bytes).')
    return Place(place, raw)


def ask(named: Place) -> Update:
    """What is offered there.  Raises UserError: not to be reached, not signed by that key, not a manifest."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    manifest, signature = _read(named.place, MANIFEST), _read(named.place, SIGNATURE)
    try:
        Ed25519PublicKey.from_public_bytes(named.key).verify(base64.b64decode(signature, validate=True), manifest)
    except (InvalidSignature, ValueError):   # binascii.Error is a ValueError
        raise UserError(ErrorCode.NOT_ALLOWED, f"What is in {named.place} is not signed by the administrator's key. "
                                               "Do not install it, and tell the administrator.") from None
    return parse(manifest)


def parse(manifest: bytes) -> Update:
    """Of a manifest whose signature is right; UserError where it is not one all the same."""
    try:
        given = json.loads(manifest)
        version, notes = given["version"], given.get("notes", "")
        files = tuple((str(file["name"])[:200], str(file["sha256"])[:64]) for file in given.get("files", []))
        if not (isinstance(version, str) and _VERSION.fullmatch(version) and isinstance(notes, str)):
            raise ValueError("no version")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UserError(ErrorCode.UNSUPPORTED, f"{MANIFEST} is signed, but is no manifest ({error}).") from error
    return Update(version, notes[:500], files)


def new_key(file: Path) -> str:
    """Writes a private key for its owner alone; the public one in base64."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.generate()
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as secret:
        secret.write(base64.b64encode(key.private_bytes_raw()) + b"\n")
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def sign(manifest: Path, key: Path) -> None:
    """Writes the signature beside the manifest, which must be one."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    content = manifest.read_bytes()
    parse(content)
    try:
        secret = Ed25519PrivateKey.from_private_bytes(base64.b64decode(key.read_bytes(), validate=False))
    except ValueError as error:
        raise UserError(ErrorCode.UNSUPPORTED, f"{key} is no key that `parley updates new-key` made.") from error
    manifest.with_name(SIGNATURE).write_bytes(base64.b64encode(secret.sign(content)) + b"\n")


def _read(place: str, name: str) -> bytes:
    try:
        content = _fetched(f"{place.rstrip('/')}/{name}") if "://" in place else (Path(place) / name).read_bytes()
    except OSError as error:
        raise _unreachable(place, str(error.strerror or error)) from error
    if len(content) > LARGEST:
        raise _unreachable(place, f"{name} is too large")
    return content.strip() if name == SIGNATURE else content


def _fetched(address: str) -> bytes:
    import httpx

    try:
        with httpx.Client(timeout=TIMEOUT_S, trust_env=False) as client, client.stream("GET", address) as answer:
            answer.raise_for_status()
            content = b""
            for chunk in answer.iter_bytes():
                content += chunk
                if len(content) > LARGEST:
                    break
            return content
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise OSError(str(error) or type(error).__name__) from error


def _unreachable(place: str, why: str) -> UserError:
    return UserError(ErrorCode.HOST_UNREACHABLE, f"{place} could not be asked for a newer version ({why}).")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


if __name__ == "__main__":
    sys.exit(main())
