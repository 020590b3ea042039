from __future__ import annotations

from pathlib import Path

import pytest

from app import graphics
from app.graphics import Card, judged
from models.runtime.cuda import Lack

CARD = ("NVIDIA RTX A2000",)


@pytest.mark.parametrize(("card", "said", "remedy"), [
    (Card(0, (), Lack.DRIVER, 0, brought=False), "none; captions use the CPU", ""),
    (Card(0, (), Lack.DRIVER, 0, brought=True), "CUDA libraries are here, for nothing", ""),
    (Card(1, (), Lack.DRIVER, 0, brought=True), "driver (libcuda.so.1) is missing", "Install the driver"),
    (Card(1, CARD, Lack.LIBRARIES, 0, brought=False), "libcublas.so.12 is missing", "parley-cuda"),
    (Card(1, CARD, Lack.NOTHING, 0, brought=True), "too old for CUDA 12", "525"),
    (Card(1, CARD, Lack.NOTHING, 1, brought=True), "1 for captions (NVIDIA RTX A2000)", ""),
    (Card(0, CARD, Lack.NOTHING, 1, brought=True), "1 for captions", ""),   # a virtual machine may hide the bus
])
def test_of_card_driver_and_libraries_the_one_that_is_missing_is_named(card: Card, said: str, remedy: str) -> None:
    detail, advice = judged(card)

    assert said in detail
    assert remedy in advice
    assert bool(remedy) == bool(advice)


def test_cards_are_counted_on_the_bus_even_where_no_driver_is(tmp_path: Path) -> None:
    for number, (vendor, kind) in enumerate([("0x10de", "0x030000"), ("0x10de", "0x040300"), ("0x8086", "0x030000")]):
        device = tmp_path / f"0000:0{number}:00.0"
        device.mkdir()
        (device / "vendor").write_text(f"{vendor}\n", "ascii")
        (device / "class").write_text(f"{kind}\n", "ascii")
    (tmp_path / "0000:09:00.0").mkdir()

    assert graphics._on_bus(tmp_path) == 1
    assert graphics._on_bus(tmp_path / "no such folder") == 0
