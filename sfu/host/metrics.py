"""The forwarder's last snapshot as Prometheus metrics, for whoever watches many hosts.

Labels are participants' ids and layers, never names or addresses.  Counters begin again at 0 when the forwarder is
started again, as Prometheus expects of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from sfu.link import messages as link

_LAYER = {
    "packets": "RTP packets received",
    "octets": "payload bytes received",
    "lost": "packets lost before they reached the host",
    "nacks_sent": "packets asked for again",
    "keyframe_requests": "key frames asked for",
}
_SLOT = {
    "packets": "RTP packets sent",
    "octets": "payload bytes sent",
    "nacked": "packets that the receiver asked for again",
    "resent": "packets sent again",
}


def exposition(snapshot: link.Snapshot) -> bytes:
    """The text format of Prometheus, version 0.0.4."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Snapshot(snapshot))
    return generate_latest(registry)


class _Snapshot(Collector):
    def __init__(self, snapshot: link.Snapshot) -> None:
        self._snapshot = snapshot

    def collect(self) -> Iterator[Metric]:
        told = self._snapshot
        yield CounterMetricFamily("parley_forwarder_cpu_seconds", "user and system time", value=told.cpu_s)
        yield GaugeMetricFamily("parley_forwarder_resident_bytes", "resident memory", value=told.rss_mb * (1 << 20))
        yield CounterMetricFamily("parley_forwarder_received_packets", "RTP packets received", value=told.received)
        yield CounterMetricFamily("parley_forwarder_forwarded_packets", "RTP packets sent", value=told.forwarded)
        yield CounterMetricFamily("parley_tap_dropped", "tapped packets not captioned", value=told.tap_dropped)
        yield from self._peers()
        yield from self._layers()
        yield from self._slots()

    def _peers(self) -> Iterator[Metric]:
        budget = GaugeMetricFamily("parley_peer_budget_bps", "what the path is believed to carry", labels=["peer"])
        trip = GaugeMetricFamily("parley_peer_round_trip_seconds", "there and back", labels=["peer"])
        loss = GaugeMetricFamily("parley_peer_loss_ratio", "packets last reported lost", labels=["peer"])
        malformed = CounterMetricFamily("parley_peer_malformed", "datagrams that were not right", labels=["peer"])
        for peer in self._snapshot.peers:
            budget.add_metric([peer.peer], peer.budget_bps)
            loss.add_metric([peer.peer], peer.loss)
            malformed.add_metric([peer.peer], peer.malformed)
            if peer.round_trip_ms is not None:
                trip.add_metric([peer.peer], peer.round_trip_ms / 1000)
        yield from (budget, trip, loss, malformed)

    def _layers(self) -> Iterator[Metric]:
        layers = [
            ([source.source, layer.rid], layer)
            for peer in self._snapshot.peers
            for source in peer.sources
            for layer in source.layers
        ]
        for field, help_ in _LAYER.items():
            counter = CounterMetricFamily(f"parley_layer_{field}", help_, labels=["source", "layer"])
            for labels, layer in layers:
                counter.add_metric(labels, getattr(layer, field))
            yield counter

    def _slots(self) -> Iterator[Metric]:
        slots = [(peer.peer, slot) for peer in self._snapshot.peers for slot in peer.slots]
        for field, help_ in _SLOT.items():
            counter = CounterMetricFamily(f"parley_slot_{field}", help_, labels=["peer", "slot"])
            for peer, slot in slots:
                counter.add_metric([peer, slot.mid], getattr(slot, field))
            yield counter
        shows = GaugeMetricFamily(
            "parley_slot_shows", "1: what the slot carries, and why", labels=["peer", "slot", "source", "layer", "why"]
        )
        for peer, slot in slots:
            shows.add_metric([peer, slot.mid, slot.source or "", slot.layer, slot.why], 1)
        yield shows
