"""A recording as one file that proves what is in it: all of it, a list with hashes, and a signature over the list.

The list (`manifest.json`) names every other file with its SHA-256; `manifest.sig` is an Ed25519 signature (RFC 8032) of
its bytes by this installation's key, whose public half is in the list.  Whoever knows the key's fingerprint knows that
nothing was changed, added or left out; without it only that the parts belong together.  Corrections of the transcript
are in it one by one, and must lead to how it reads.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sfu.rtp.errors import ErrorCode, UserError
from sfu.tasks.recording.papers import EDITS, TRANSCRIPT, flaw

KEY = "recording.key"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
_FORM = 1
_READ = 1 << 20
_KEY_BYTES, _SIGNATURE_BYTES = 32, 64
_MOST_MANIFEST = 8 << 20


def key_of(folder: Path) -> Ed25519PrivateKey:
    """This installation's, made when it is first needed; readable by its owner alone."""
    path = folder / KEY
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return Ed25519PrivateKey.from_private_bytes(path.read_bytes())
    key = Ed25519PrivateKey.generate()
    with os.fdopen(descriptor, "wb") as file:
        file.write(key.private_bytes_raw())
    return key


def fingerprint(public: bytes) -> str:
    """SHA-256 of the public key, as people compare it."""
    return hashlib.sha256(public).hexdigest()


def write(
    target: Path, files: Mapping[str, Path | bytes], about: Mapping[str, Any], key: Ed25519PrivateKey,
    check: Callable[[], None],
) -> None:  # fmt: skip
    """`files`: by their name in the bundle; `check` is called now and then, and may raise."""
    public = key.public_key().public_bytes_raw()
    hashes: dict[str, str] = {}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as bundle:
        for name, content in files.items():
            check()
            if isinstance(content, bytes):
                bundle.writestr(name, content)
                hashes[name] = hashlib.sha256(content).hexdigest()
            else:
                bundle.write(content, name)
                hashes[name] = _hash_of_file(content)
        manifest = {**about, "form": _FORM, "public_key": public.hex(), "files": hashes}
        body = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
        bundle.writestr(MANIFEST, body)
        bundle.writestr(SIGNATURE, key.sign(body))


def verify(path: Path, expected: str = "") -> dict[str, Any]:
    """The manifest of a bundle in which everything is as it was signed.  Raises UserError that says what is not.

    `expected`: fingerprint of the key by which it must be signed.
    """
    try:
        with zipfile.ZipFile(path) as bundle:
            return _verified(bundle, expected.lower().replace(":", "").strip())
    except FileNotFoundError:
        raise UserError(ErrorCode.NOT_FOUND, f"There is no file {path}.") from None
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, NotImplementedError, RuntimeError):
        raise _broken(f"{path} is not a whole bundle of a recording.") from None


def _verified(bundle: zipfile.ZipFile, expected: str) -> dict[str, Any]:
    if bundle.getinfo(MANIFEST).file_size > _MOST_MANIFEST:
        raise _broken("Its list of contents is too long.")
    body, signature = bundle.read(MANIFEST), bundle.read(SIGNATURE)
    manifest: dict[str, Any] = json.loads(body)
    public = bytes.fromhex(manifest["public_key"])
    if len(public) != _KEY_BYTES or len(signature) != _SIGNATURE_BYTES or manifest["form"] != _FORM:
        raise _broken("It was made by another kind of program, or a newer Parley.")
    if expected and fingerprint(public) != expected:
        raise _broken("It was signed by another key than the one you named.")
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, body)
    except InvalidSignature:
        raise _broken("Its list of contents was changed after it was signed.") from None
    names = bundle.namelist()
    stray = set(names) - set(manifest["files"]) - {MANIFEST, SIGNATURE}
    if stray or len(names) != len(set(names)):
        raise _broken(f"Files were added to it: {', '.join(sorted(stray)) or 'one twice'}.")
    for name, promised in manifest["files"].items():
        if name not in names:
            raise _broken(f"A file is missing: {name}.")
        if _hash_in(bundle, name) != promised:
            raise _broken(f"A file was changed: {name}.")
    lines, edits = json.loads(bundle.read(TRANSCRIPT))["lines"], json.loads(bundle.read(EDITS))
    segment = flaw(lines, edits)
    if segment is not None:
        raise _broken(f"The transcript does not read as its corrections say, in line {segment}.")
    return manifest


def _hash_in(bundle: zipfile.ZipFile, name: str) -> str:
    digest = hashlib.sha256()
    with bundle.open(name) as file:
        while piece := file.read(_READ):
            digest.update(piece)
    return digest.hexdigest()


def _hash_of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _broken(sentence: str) -> UserError:
    return UserError(ErrorCode.BAD_MEDIA, sentence)
