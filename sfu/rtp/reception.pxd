cimport cython

cdef long long _MAX_DROPOUT, _MAX_MISORDER, _MAX_JITTER_S, _HALF, _MASK, _NUMBER
cdef double _CIRCLE


cdef class Reception:
    cdef public long long ssrc, received
    cdef bint _begun
    cdef long long _highest, _restart, _clock_rate, _base, _expected_before, _received_before, _last_sr
    cdef double _jitter, _transit, _sr_at

    cpdef feed(self, long long sequence, long long timestamp, double arrival)

    @cython.locals(ahead=cython.longlong)
    cdef bint _take_sequence(self, long long sequence) except? -1

    cdef _begin(self, long long sequence)

    @cython.locals(transit=cython.double, change=cython.double)
    cdef _measure(self, long long timestamp, double arrival)
