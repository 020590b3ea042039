cdef long long _ARENA


cdef class Tray:
    cdef dict __dict__
    cdef public long long begin, used, count
    cdef public bint late
    cdef public list runs, ciphers
    cdef public unsigned long long[::1] unsealed

    cpdef bint takes(self, long long size) except? -1
