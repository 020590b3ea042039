from sfu.core.trays cimport Tray


cdef class Cipher:
    cpdef long long unprotect(self, long long at, long long size) except? -9
    cpdef long long unprotect_rtcp(self, long long at, long long size) except? -9
    cpdef long long protect(self, long long at, long long size) except? -9
    cpdef long long defer(self, Tray tray, long long at, long long size) except? -9
    cpdef long long protect_rtcp(self, long long at, long long size) except? -9
