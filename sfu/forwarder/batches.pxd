cimport cython

from sfu.core.memory cimport cut, put
from sfu.forwarder.calls cimport receive_many, send_many

cdef long long _WORDS, _PARTS, _CONTROL, _CONTROL_SIZE, _LENGTH, _CONTROL_WORDS, _NAME, _FULL, _NUMBER, _ROOM, _PLACES, _AT_ONCE
cdef long long _MESSAGE


cdef class Rows:
    cdef list _kept
    cdef dict _targets
    cdef public size_t at
    cdef long long _family, _outgoing_at, _outgoing_size
    cdef unsigned char[::1] _going_to
    cdef unsigned long long[::1] _messages, _parts, _controls

    @cython.locals(at=cython.longlong, size=cython.longlong, segment=cython.longlong, name=bytes)
    cpdef lay_out(self, long long index, tuple run)


cdef class Batches:
    cdef size_t _receiving, _sending
    cdef long long _fd, _family, _name_size, _arriving_at
    cdef list _places, _kept
    cdef dict _sources
    cdef Rows _rows
    cdef unsigned char[::1] _came_from
    cdef unsigned long long[::1] _arriving

    @cython.locals(count=cython.longlong, index=cython.longlong, size=cython.longlong, received=list, name=bytes)
    cpdef list receive(self)

    @cython.locals(
        begin=cython.longlong, end=cython.longlong, count=cython.longlong, index=cython.longlong, done=cython.longlong,
        sent=cython.longlong,
    )
    cpdef send(self, list runs, object refused)
