cimport cython

from sfu.rtp.trend cimport Trend


cdef class Estimate:
    cdef dict __dict__
    cdef public double target, queue, loss, went_down_at
    cdef Trend _trend
    cdef object _delivered, _bases, _updated
    cdef double _most, _limit, _held_until, _loss_at
    cdef long long _reported, _missing, _worst

    @cython.locals(size=cython.longlong, delays=list, sent_at=cython.double, came_at=cython.double)
    cpdef hear(self, object echoes, long long missing, long long reported, double now)
