cimport cython

from sfu.rtp.sequence cimport Unwrapper

cdef double _DRIFT, _LOST_S


cdef class Offset:
    cdef public object value
    cdef double _at

    @cython.locals(new=cython.double)
    cpdef hear(self, double foreign, double now)


cdef class MediaClock:
    cdef long long _rate
    cdef Unwrapper _unwrapper
    cdef Offset _offset
    cdef tuple _report

    cpdef hear(self, long long timestamp, double arrival)
    cpdef object ticks_between(self, long long timestamp, MediaClock other, long long earlier)
