# What is looked at in every wake-up; everything else lives in the object's dictionary (see sfu/forwarder/form.py).
cimport cython

from sfu.core.flow cimport Packet, Stream
from sfu.core.forward cimport Forwarder
from sfu.core.outbox cimport Outbox


cdef class MediaPlane:
    cdef dict __dict__
    cdef public Outbox outbox
    cdef public Forwarder forwarder
    cdef public list events
    cdef public object taps, peers, quality
    cdef object _reports, _speakers, _keyframes
    cdef dict _stalls
    cdef double _now, _due, _housekeeping_at
    cdef bint _stirred, _uncast

    cpdef take(self, list received, double now)
    cpdef poll(self, double now)
    cpdef bint flush(self, double now) except? -1
    cpdef sent(self, double began, double ended)
    cpdef object wake_at(self)

    @cython.locals(stream=Stream, packet=Packet, batch=list, first=Packet, last=Packet)
    cdef _settle(self, double now)
