"""`parley licenses`: whose work is in this program, under which licence, and as a bill of materials (CycloneDX).

Read from what is installed: the metadata that every Python package brings, and the catalogue of models.  Libraries
inside packages (FFmpeg, Qt, OpenSSL and the like) are in NOTICE, because packages say nothing about them.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import sys
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from app import __version__
from models.catalogue import Model, shipped_catalogue

OURS = "parley"
FOR_EXTRAS = ("nvidia-cublas-cu12",)
"""Here only where an extra brought them; what they ask for follows."""
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_LICENCE_CLASSIFIER = "License :: OSI Approved :: "
_LONGEST = 60
"""Some packages put the whole text where the name of the licence belongs."""


@dataclass(frozen=True, slots=True)
class Part:
    """One installed package.  `texts`: its licence files, name and content."""

    name: str
    version: str
    licence: str
    texts: tuple[tuple[str, str], ...]


def main(argv: Sequence[str] | None = None) -> int:
    """Prints a list, all texts, or a bill of materials."""
    parser = argparse.ArgumentParser(prog="parley licenses", description="Whose work is in this program.")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--texts", action="store_true", help="every licence in full")
    form.add_argument("--sbom", action="store_true", help="a bill of materials, CycloneDX 1.6 as JSON")
    options = parser.parse_args(argv)
    parts = installed()
    if options.sbom:
        print(json.dumps(bill(parts), indent=1))
    elif options.texts:
        for part in parts:
            head = f"== {part.name} {part.version}: {part.licence}"
            print("\n\n".join([head, *(text for _, text in part.texts)]), "\n")
    else:
        print("\n".join(f"{part.name:28} {part.version:14} {part.licence}" for part in parts))
        print("\nWeights that can be fetched, or came with Parley:")
        print("\n".join(f"{model.id:28} {model.licence}" for model in shipped_catalogue()))
        print("\nLibraries inside these packages, recordings and icons: see NOTICE in the settings, *About Parley*.")
    return 0


def installed() -> list[Part]:
    """Parley's packages and theirs, by name; those for other systems are not here and not listed."""
    found: dict[str, metadata.Distribution] = {}
    ahead = [OURS, *FOR_EXTRAS]
    while ahead:
        name = ahead.pop()
        if _plain(name) in found:
            continue
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue
        found[_plain(name)] = distribution
        ahead += wanted_by(distribution)
    return [_part(found[name]) for name in sorted(found)]


def wanted_by(distribution: metadata.Distribution) -> list[str]:
    """Names of what it requires in any case, without what its extras require."""
    names = (_NAME.match(line) for line in distribution.requires or () if "extra ==" not in line)
    return [name[0] for name in names if name]


def bill(parts: Sequence[Part]) -> dict[str, Any]:
    """CycloneDX 1.6: packages as libraries, weights as models with the digests of the catalogue."""
    python = {"type": "platform", "name": "CPython", "version": platform.python_version(),
              "licenses": [{"license": {"id": "PSF-2.0"}}]}
    ours = {"type": "application", "name": OURS, "version": __version__,
            "licenses": [{"license": {"id": "Apache-2.0"}}]}
    packages = [_component(part) for part in parts if part.name != OURS]
    weights = [_weights(model) for model in shipped_catalogue()]
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": f"urn:uuid:{uuid.uuid4()}", "version": 1,
            "metadata": {"component": ours}, "components": [python, *packages, *weights]}


def _component(part: Part) -> dict[str, Any]:
    return {"type": "library", "name": part.name, "version": part.version,
            "purl": f"pkg:pypi/{_plain(part.name)}@{part.version}",
            "licenses": [{"license": {"name": part.licence}}]}


def _weights(model: Model) -> dict[str, Any]:
    files = [{"type": "file", "name": file.name, "hashes": [{"alg": "SHA-256", "content": file.sha256}]}
             for file in model.files]
    return {"type": "machine-learning-model", "name": model.id, "licenses": [{"license": {"name": model.licence}}],
            "externalReferences": [{"type": "distribution", "url": model.upstream}], "components": files}


def _part(distribution: metadata.Distribution) -> Part:
    about = distribution.metadata
    return Part(about["Name"], distribution.version, licence_of(distribution), tuple(_texts(distribution)))


def licence_of(distribution: metadata.Distribution) -> str:
    """The expression it states (PEP 639), else its classifiers, else what it writes in the old field."""
    about = distribution.metadata
    if expression := about.get_all("License-Expression"):
        return str(expression[0])
    classified = [line.removeprefix(_LICENCE_CLASSIFIER) for line in about.get_all("Classifier") or ()
                  if line.startswith(_LICENCE_CLASSIFIER)]
    stated = "".join(about.get_all("License") or ()).strip()
    if classified and (not stated or len(stated) > _LONGEST):
        return ", ".join(classified)
    return stated.splitlines()[0][:_LONGEST] if stated else "see its text"


def _texts(distribution: metadata.Distribution) -> Iterator[tuple[str, str]]:
    for name in distribution.metadata.get_all("License-File") or ():
        for place in (f"licenses/{name}", name):   # PEP 639, and before it
            if text := distribution.read_text(place):
                yield Path(name).name, text
                break


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main())
