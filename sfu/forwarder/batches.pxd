cimport cython

from sfu.core.memory cimport cut, put
from sfu.forwarder.calls cimport receive_many, send_many

cdef long long _WORDS, _PARTS, _CONTROL, _CONTROL_SIZE, _LENGTH, _CONTROL_WORDS, _NAME, _FULL, _NUMBER, _ROOM, _PLACES, _AT_ONCE


cdef class Batches:
    cdef size_t _receiving, _sending
    cdef long long _fd, _family, _name_size, _arriving_at, _leaving_at, _outgoing_at, _outgoing_size
    cdef list _places, _kept
    cdef dict _sources, _targets
    cdef unsigned char[::1] _came_from, _going_to
    cdef unsigned long long[::1] _arriving, _leaving, _parts, _controls

    @cython.locals(count=cython.longlong, index=cython.longlong, size=cython.longlong, received=list, name=bytes)
    cpdef list receive(self)

    @cython.locals(
        begin=cython.longlong, end=cython.longlong, count=cython.longlong, index=cython.longlong, done=cython.longlong,
        sent=cython.longlong,
    )
    cpdef send(self, list runs, object refused)

    @cython.locals(at=cython.longlong, size=cython.longlong, segment=cython.longlong, name=bytes)
    cdef _lay_out(self, long long index, tuple run)
