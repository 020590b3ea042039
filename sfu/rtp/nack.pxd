from sfu.rtp.sequence cimport Unwrapper


cdef class NackGenerator:
    cdef public double round_trip
    cdef public bint wants_keyframe
    cdef Unwrapper _unwrapper
    cdef object _highest, _keyframe, _wake_at
    cdef dict _missing
    cdef int _refused

    cpdef bint feed(self, long long sequence, double now, bint keyframe=*) except? -1
    cpdef object wake_at(self)
