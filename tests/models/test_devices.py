from __future__ import annotations

import pytest

from models.runtime.clock import HostClock
from models.runtime.devices import chosen, compute_type
from sfu.rtp.errors import UserError


def test_a_gpu_is_used_where_there_is_one_and_the_processor_where_not() -> None:
    assert chosen("auto", found=0) == ["cpu"]
    assert chosen("auto", found=2, equipped=lambda: True) == ["cuda:0", "cuda:1"]


def test_devices_can_be_named_each_gets_one_worker() -> None:
    assert chosen("cpu, cuda:1", found=2, equipped=lambda: True) == ["cpu", "cuda:1"]
    assert chosen("cuda:0,cuda:0", found=1, equipped=lambda: True) == ["cuda:0"]


@pytest.mark.parametrize("wanted", ["cuda:1", "cuda", "gpu", "", "cuda:x"])
def test_a_device_that_is_not_there_is_a_sentence(wanted: str) -> None:
    with pytest.raises(UserError):
        chosen(wanted, found=1 if wanted == "cuda:1" else 0, equipped=lambda: True)


def test_the_format_fits_the_device() -> None:
    assert compute_type("cpu") == "int8"
    assert compute_type("cuda:0", {"float16", "int8", "float32"}) == "float16"
    assert compute_type("cuda:0", {"int8", "float32"}) == "int8"
    assert compute_type("cuda:0", {"float32"}) == "float32"


def test_a_worker_elsewhere_learns_the_hosts_time_from_the_quickest_ping() -> None:
    own = 50.0
    clock = HostClock(shared=False, own=lambda: own)
    for at, delay in ((50.0, 0.2), (51.0, 0.01), (52.0, 0.5)):
        own = at + delay
        clock.hear(1000.0 + at)

    assert clock() - own == pytest.approx(1000.0, abs=0.02)


def test_a_worker_beside_the_broker_has_the_same_clock_already() -> None:
    clock = HostClock(shared=True, own=lambda: 7.0)
    clock.hear(1234.0)

    assert clock() == 7.0
