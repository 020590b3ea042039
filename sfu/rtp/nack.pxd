cimport cython

from sfu.rtp.sequence cimport Unwrapper

cdef long long _AGE


cdef class NackGenerator:
    cdef public double round_trip
    cdef public bint wants_keyframe
    cdef Unwrapper _unwrapper
    cdef bint _begun
    cdef long long _highest
    cdef object _keyframe, _wake_at
    cdef dict _missing
    cdef int _refused

    @cython.locals(number=cython.longlong, highest=cython.longlong, begun=cython.bint)
    cpdef bint feed(self, long long sequence, double now, bint keyframe=*) except? -1
    cpdef object wake_at(self)
