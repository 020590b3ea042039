cimport cython

cdef double _GROUP_S, _SMOOTHING, _GAIN, _MOST_STEP_MS, _FORGET_S
cdef long long _MOST_DELTAS


cdef class Trend:
    cdef dict __dict__
    cdef public bint grows
    cdef bint _has_group, _has_before
    cdef double _first_sent, _last_sent, _last_came, _sent_before, _came_before, _sum, _smoothed
    cdef object _points
    cdef long long _deltas

    @cython.locals(came=cython.double)
    cpdef hear(self, double sent_at, double came_at)

    cdef _compare(self, double left_apart, double came_apart, double came_at)

    @cython.locals(
        x=cython.double, y=cython.double, count=cython.double, sum_x=cython.double, sum_y=cython.double,
        mean_x=cython.double, mean_y=cython.double, above=cython.double, below=cython.double,
    )
    cdef double _fit(self) except? -1
