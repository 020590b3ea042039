from sfu.core.flow cimport Outbound


cdef class Outbox:
    cdef dict __dict__
    cdef public bytearray arena
    cdef public long long used
    cdef public list runs
