cimport cython

from sfu.core.outbox cimport Outbox
from sfu.core.trays cimport Tray
from sfu.forwarder.batches cimport Rows
from sfu.forwarder.calls cimport clock_function, make_lock, nanoseconds, release, seal, send_many, take, wipe, word

cdef long long _SIZE_BITS, _SIZE_MASK, _TRAYS, _ROWS, _MESSAGE


cdef class Sealer:
    cdef dict __dict__
    cdef Outbox _outbox
    cdef list _trays, _rows, _laid
    cdef object _away
    cdef long long _lane, _place, _width
    cdef bint _over
    cdef size_t _arena, _function, _sending, _clock
    cdef unsigned long long[::1] _unsealed, _messages, _ready, _done
    cdef long long[::1] _packets, _ended, _failed, _fds, _counts, _errors

    @cython.locals(place=cython.longlong, tray=Tray)
    cpdef hand_over(self, double began)

    @cython.locals(place=cython.longlong)
    cdef bint _take_back(self, bint wait) except? -1

    @cython.locals(way=cython.longlong, table=cython.longlong, row=cython.longlong, error=cython.longlong)
    cdef _finish(self, long long place)

    @cython.locals(
        begin=cython.longlong, way=cython.longlong, clear=cython.longlong, table=cython.longlong, rows=Rows, run=tuple,
    )
    cdef bint _lay_out(self, long long place, Tray tray) except? -1

    @cython.locals(place=cython.longlong)
    cdef void _serve(self) noexcept nogil

    @cython.locals(
        unsealed=cython.size_t, index=cython.longlong, where=cython.ulonglong, at=cython.size_t, size=cython.longlong,
        way=cython.longlong, table=cython.longlong, count=cython.longlong, done=cython.longlong, sent=cython.longlong,
    )
    cdef void _work(self, long long place) noexcept nogil


cdef class Sealers:
    cdef list _sealers

    cpdef list collect(self)
    @cython.locals(sealer=Sealer)
    cpdef hand_over(self, double began)
