"""What people on Linux download, from the finished folder (`make packages`).

    python -m installer.packages deb tar sbom     parley: a Debian package, a tarball, and what is in them
    python -m installer.packages --full deb       parley-full: weights inside
    python -m installer.packages --cuda deb sbom  parley-cuda, from dist/parley-cuda
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from installer import build, debian, linux_files, tarball
from installer.linux_files import Variant
from models.registry import default_models_dir
from sfu.rtp.errors import UserError

DEADLINE_S = 120


def bill_of_materials(variant: Variant, folder: Path, dist: Path, models_dir: Path) -> Path:
    """CycloneDX, as the finished program tells it of itself; for those who want to know before they install."""
    command = [str(folder / "parley"), "licenses", "--sbom"]
    asked = subprocess.run(command, capture_output=True, check=True, timeout=DEADLINE_S)
    bill = dist / f"{variant}-{linux_files.VERSION}.cdx.json"
    bill.write_bytes(asked.stdout)
    return bill


FORMS = {"deb": debian.make, "tar": tarball.make, "sbom": bill_of_materials}


def main(argv: Sequence[str] | None = None) -> int:
    """Makes them, one after the other; prints where each is and what it weighs."""
    parser = argparse.ArgumentParser(description="Make packages of the finished program.")
    parser.add_argument("forms", nargs="+", choices=FORMS, metavar="FORM", help="deb, tar, sbom")
    variant = parser.add_mutually_exclusive_group()
    variant.add_argument("--full", dest="variant", action="store_const", const=Variant.FULL, default=Variant.LEAN,
                         help="with weights inside")
    variant.add_argument("--cuda", dest="variant", action="store_const", const=Variant.CUDA,
                         help="of the program with NVIDIA's libraries")
    parser.add_argument("--models-dir", type=Path, default=default_models_dir(), help="where the weights are")
    parser.add_argument("--dist", type=Path, default=build.DIST, metavar="DIR", help="where to (default: %(default)s)")
    options = parser.parse_args(argv)
    folder = options.dist / options.variant.folder
    if not (folder / "parley").exists():
        parser.error(f"{folder} is not there yet: `make installer` makes it")
    try:
        for form in options.forms:
            package = FORMS[form](options.variant, folder, options.dist, options.models_dir)
            print(f"{package} ({package.stat().st_size / 1e6:.1f} MB)")
    except UserError as error:
        print(error.sentence, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
