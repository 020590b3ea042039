cimport cython

from sfu.core.flow cimport Inbound, Outbound, Packet, Slot, Stream
from sfu.core.memory cimport cut, get16, get32, put_packet
from sfu.core.outbox cimport Outbox
from sfu.core.rewriting cimport close_hole, describe_vp8, place_again, rewrite_vp8
from sfu.core.trays cimport Tray

cdef long long _HALF, _SLOT_MASK, _EXACT_MASK, _SENT_MASK, _FAR, _RECORDED, _HEADER, _ROOM, _WHOLE, _MAX_RUN, _MAX_RUN_BYTES
cdef long long _MASK, _FORGED, _ARRIVALS, _LARGEST


cdef class Forwarder:
    cdef dict __dict__
    cdef public bytearray received_arena
    cdef public list dirty
    cdef public long long received, forwarded, dropped
    cdef unsigned char[::1] _incoming, _outgoing
    cdef Outbox _outbox
    cdef object _resolve
    cdef dict _members
    cdef list _leaving
    cdef long long _next, _room, _level, _transport
    cdef bytes _mid, _rid

    @cython.locals(
        at=cython.longlong, size=cython.longlong, inbound=Inbound, datagram=tuple, others=list,
    )
    cpdef list take(self, list received, double now)

    @cython.locals(
        first=cython.longlong, second=cython.longlong, sequence=cython.longlong, timestamp=cython.longlong,
        ssrc=cython.longlong, end=cython.longlong, head=cython.longlong, padding=cython.longlong,
    )
    cpdef ingest(self, Inbound inbound, long long at, long long size, double now)

    @cython.locals(payload_type=cython.longlong, stream=Stream, packet=Packet)
    cdef _place(self, Inbound inbound, long long ssrc, long long second, long long sequence, long long timestamp,
                bytes payload, double now)

    @cython.locals(sequence=cython.longlong, behind=cython.longlong, index=cython.longlong, before=Packet)
    cdef _remember(self, Stream stream, Packet packet)

    @cython.locals(
        profile=cython.longlong, stop=cython.longlong, wide=cython.bint, name=cython.longlong, size=cython.longlong,
    )
    cdef long long _extensions(self, Inbound inbound, long long at, long long end) except? -1

    @cython.locals(outbound=Outbound, stream=Stream, tray=Tray)
    cpdef bint emit(self, double now) except? -1

    @cython.locals(outbound=Outbound, stream=Stream, slot=Slot)
    cdef _gather(self)

    @cython.locals(
        late=cython.bint, stop=cython.longlong, transport=cython.longlong, send_time=cython.longlong, at=cython.longlong, start=cython.longlong,
        count=cython.longlong, segment=cython.longlong, last=cython.longlong, slot=Slot, stream=Stream, packet=Packet,
        header=bytes, payload_type=cython.longlong, header_size=cython.longlong, offset=cython.longlong,
        sequence=cython.longlong, timestamp=cython.longlong, body=cython.longlong, record=cython.longlong,
        size=cython.longlong, full=cython.bint, payload=bytes, length=cython.longlong, second=cython.longlong,
        time_high=cython.longlong, time_middle=cython.longlong, time_low=cython.longlong,
        transport_at=cython.longlong, time_at=cython.longlong, level_at=cython.longlong,
    )
    cdef _write(self, Outbound outbound, Tray tray, double now)
