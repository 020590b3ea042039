"""What a forwarder that is started again has to be told: every order that still holds.

The forwarder forgets everything when it dies, keys included; the numbers that must not be used twice it has written
down (`ledger`).  The control process gives it the rest, in the order in which it was given first.  Handshake
datagrams are not kept: their senders repeat them.
"""

from __future__ import annotations

from sfu.link import messages as link


class StandingOrders:
    """Hears every order, and whom the forwarder lost; `told` is what to begin with."""

    def __init__(self) -> None:
        self._peers: dict[str, dict[str, link.Order]] = {}
        self._taps: dict[tuple[str, str], link.OpenTap] = {}

    def note(self, order: link.Order) -> None:
        match order:
            case link.AddPeer():
                self._peers.pop(order.peer, None)
                self._peers[order.peer] = {order.type: order}
            case link.RestartIce() | link.SetKeys() | link.SetViews() | link.SetSending():
                if order.peer in self._peers:
                    self._peers[order.peer][order.type] = order
            case link.RemovePeer():
                self._peers.pop(order.peer, None)
            case link.OpenTap():
                self._taps[order.source, order.stream] = order
            case link.CloseTap():
                self._taps.pop((order.source, order.stream), None)
            case link.Dtls() | link.Begin() | link.Stop():
                pass

    def told(self) -> list[link.Order]:
        peers = [order for orders in self._peers.values() for order in orders.values()]
        return [*peers, *self._taps.values(), link.Begin()]
