from __future__ import annotations

from pathlib import Path

import pytest

from installer import build, freezing
from models.runtime import cuda


def test_a_program_that_became_too_heavy_is_no_program() -> None:
    build.check_weight({"total": build.MOST_MB, "PySide6": 118.7})

    with pytest.raises(build.BuildFailed, match=r"weighs 601\.0 MB, and may weigh 600"):
        build.check_weight({"total": 601.0, "PySide6": 119.0})


def test_a_part_is_weighed_with_its_libraries_and_links_weigh_nothing(tmp_path: Path) -> None:
    inside = tmp_path / "_internal"
    for name, size in (("numpy/a.so", 2_000_000), ("numpy.libs/b.so", 3_000_000), ("libz.so.1", 1_000_000)):
        (inside / name).parent.mkdir(parents=True, exist_ok=True)
        (inside / name).write_bytes(bytes(size))
    (inside / "link.so").symlink_to("libz.so.1")

    assert build.weigh(tmp_path) == {"total": 6.0, "numpy": 5.0, "shared libraries": 1.0}


def test_the_cuda_variant_takes_what_captions_need_and_nothing_for_other_programs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("cublas/lib/libcublas.so.12", "cublas/lib/libcublasLt.so.12", "cublas/lib/libnvblas.so.12",
                 "cublas/include/cublas.h", "cuda_nvrtc/lib/libnvrtc.so.12", "cuda_nvrtc/lib/libnvrtc.alt.so.12",
                 "cuda_nvrtc/lib/libnvrtc-builtins.so.12.9"):
        file = tmp_path / "nvidia" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    origin = str(tmp_path / "ctranslate2" / "__init__.py")
    monkeypatch.setattr(freezing, "find_spec", lambda name: type("Spec", (), {"origin": origin}))

    taken = {str(place / file.name) for file, place in freezing.cuda_libraries()}

    assert taken == {"nvidia/cublas/lib/libcublas.so.12", "nvidia/cublas/lib/libcublasLt.so.12",
                     "nvidia/cuda_nvrtc/lib/libnvrtc.so.12", "nvidia/cuda_nvrtc/lib/libnvrtc-builtins.so.12.9"}
    (tmp_path / "nvidia" / "cublas" / "lib" / cuda.WANTED).unlink()
    with pytest.raises(FileNotFoundError, match=r"libcublas\.so\.12 missing"):
        freezing.cuda_libraries()
