cdef class Unwrapper:
    cdef long long _half, _mask
    cdef object _last

    cpdef object unwrap(self, long long value)
