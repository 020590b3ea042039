"""What Prometheus reads of a meeting."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from sfu.core.statistics import ProcessUsage, snapshot
from sfu.host.metrics import exposition
from tests.core.stage import Stage


def test_every_participant_layer_and_slot_is_there_with_the_reason_for_its_layer() -> None:
    stage = Stage()
    ana, _ = stage.client("ana").join(), stage.client("ben").join(watching=["ana"])
    ana.frame(key=True)

    text = exposition(snapshot(stage.plane, ProcessUsage(1.5, 1.0, 50.0), stage.now)).decode()
    samples = {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }

    assert samples["parley_forwarder_cpu_seconds_total",] == 1.5
    assert samples["parley_layer_packets_total", "", "ana/camera"] == 1
    assert samples["parley_slot_packets_total", "ben", "v0"] == 1
    assert samples["parley_slot_shows", "", "ana/camera", "asked", "ben", "v0"] == 1
    assert samples["parley_peer_budget_bps", "ben"] > 0
