cimport cython


cdef class Unwrapper:
    cdef long long _half, _mask, _last
    cdef bint _begun

    @cython.locals(unwrapped=cython.longlong)
    cpdef long long unwrap(self, long long value) except? -1
