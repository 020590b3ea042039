cdef class Tray:
    cdef dict __dict__
    cdef public long long begin, used, end, count
    cdef public bint late
    cdef public list runs, ciphers
    cdef public unsigned long long[::1] unsealed
