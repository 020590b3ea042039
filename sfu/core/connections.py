"""Who has a connection for sound and picture, from their offer to its loss, and what they want to see over it.

Packets, ICE and handshakes are the forwarder's and the host's; here is what follows from them for a meeting.
"""

from __future__ import annotations

from dataclasses import replace

from sfu.core.effects import CloseMedia, Effect, Instruct, OpenMedia, Tell, TellAll
from sfu.core.negotiation import Agreed, HostSide, Identities, negotiate, restart
from sfu.core.person import Input, Person, State
from sfu.core.room import Room, changed
from sfu.core.takers import Takers
from sfu.link import messages as link
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire import messages as wire
from sfu.wire.messages import SourceKind

_PICTURES = (SourceKind.CAMERA, SourceKind.SCREEN)
# Tells clients, one by error or all by notice, that they have to offer again.
MEDIA_LOST = "media_lost"


class Connections:
    def __init__(self, room: Room, identities: Identities, takers: Takers) -> None:
        self._room = room
        self._identities = identities
        self._takers = takers
        self._forwarder_up = False

    # -- what people say -------------------------------------------------------------------------------------

    def offer(self, person: Person, offer: wire.Offer, host: HostSide) -> list[Effect]:
        """`host`: how clients reach us now.  Raises UserError or PeerFault."""
        if not self._forwarder_up:
            sentence = "Sound and picture are being started on the host's computer. Try again in a moment."
            raise UserError(ErrorCode.HOST_UNREACHABLE, sentence)
        if person.agreed is not None:
            return self._restart(person, person.agreed, offer, host)
        others = [other for other in self._room.people.values() if other.has_media and other is not person]
        everybody = bool(others) and all(other.decodes_h264 for other in others)
        agreed = negotiate(person.id, offer, replace(host, h264=everybody, both=_changes(person)), self._identities)
        person.handle(Input.OFFERED)
        person.agreed, person.sends_h264 = agreed, False
        if person.joined_with is None:
            person.joined_with = agreed.fingerprints
        return [
            OpenMedia(agreed.peer, agreed.fingerprints),
            Tell(person.id, agreed.answer),
            Instruct(link.SetSending(peer=person.id, sources=person.sending())),
            Instruct(self._set_views(person)),
            *self._takers.match(),
        ]

    def watch(self, person: Person, watch: wire.Watch) -> list[Effect]:
        person.views = watch.views
        return [Instruct(self._set_views(person))] if person.has_media else []

    def _restart(self, person: Person, before: Agreed, offer: wire.Offer, host: HostSide) -> list[Effect]:
        """Their network changed.  Keys, numbers and all they see go on; only the way there is looked for anew."""
        again = restart(before, offer, replace(host, h264=True, both=_changes(person)), self._identities)
        if again is None:
            person.handle(Input.OFFERED)  # refused: that is a second offer, not a restart of the first
            return []
        person.agreed = again
        order = link.RestartIce(peer=person.id, ufrag=again.peer.ufrag, pwd=again.peer.pwd)
        return [Instruct(order), Tell(person.id, again.answer)]

    def _set_views(self, person: Person) -> link.SetViews:
        """Only what is here and somebody else's; a source that left meanwhile is no fault of the client."""
        best = {view.source: view for view in reversed(person.views)}
        wanted = [view for view in person.views if best[view.source] is view and self._visible(view.source, person)]
        return link.SetViews(peer=person.id, views=[link.View(**view.model_dump()) for view in wanted])

    def _visible(self, source: str, viewer: Person) -> bool:
        owner, _, kind = source.partition("/")
        return owner in self._room.people and owner != viewer.id and kind in _PICTURES

    # -- what becomes of them --------------------------------------------------------------------------------

    def secured(self, keys: link.SetKeys) -> list[Effect]:
        """The peer's handshake succeeded and its certificate is the one it promised."""
        person = self._room.people.get(keys.peer)
        if person is None or person.state is not State.NEGOTIATED:
            return []
        person.handle(Input.SECURED)
        return [Instruct(keys), changed(person)]

    def lost(self, peer: str, sentence: str) -> list[Effect]:
        """This peer's packets stopped, or its handshake failed; it may offer again."""
        person = self._room.people.get(peer)
        if person is None or not person.has_media:
            return []
        lost = wire.Error(code=MEDIA_LOST, sentence=sentence)
        return [*self.drop(person), Tell(peer, lost)]

    def drop(self, person: Person) -> list[Effect]:
        """They may offer anew."""
        closed = [*self._takers.close(person, "network"), CloseMedia(person.id)]
        person.handle(Input.MEDIA_LOST)
        person.agreed = None
        return [*closed, changed(person)]

    # -- the forwarder ---------------------------------------------------------------------------------------

    def forwarder_ready(self) -> None:
        """From now on offers can be answered."""
        self._forwarder_up = True

    def forwarder_paused(self) -> list[Effect]:
        """It died and is started again at once, with everybody's keys: nobody has to do anything."""
        self._forwarder_up = False
        return [TellAll(wire.Speaking(participants=[]))]

    def forwarder_lost(self, sentence: str) -> list[Effect]:
        """It died again, perhaps of what it was given: everybody's media begins anew."""
        paused = self.forwarder_paused()
        dropped = [effect for person in self._room.people.values() if person.has_media for effect in self.drop(person)]
        return [*dropped, *paused, TellAll(wire.Notice(code=MEDIA_LOST, sentence=sentence))]


def _changes(person: Person) -> bool:
    """Whether their client changes the codec of its camera as it is told; a browser sends what stands first."""
    return person.client in (wire.ClientKind.DESKTOP, wire.ClientKind.HEADLESS)
