cimport cython

from sfu.core.ciphers cimport Cipher
from sfu.core.memory cimport crypt, get32
from sfu.core.trays cimport Tray

cdef long long _SHARES, _SSRC, _RTCP_SSRC, _HEADER, _RTCP_HEADER, _PLACES, _FORGED, _REPLAYED, _REPLAY_FAIL, _REPLAY_OLD


cdef class LibSrtp(Cipher):
    cdef object _opening, _keys, _whole, _behind_index, _length
    cdef list _sealing, _deferring, _places
    cdef unsigned long long[::1] _seals
    cdef bint _late
    cdef size_t _open, _unprotect, _unprotect_rtcp, _protect, _protect_rtcp
    cdef unsigned char[::1] _received, _outgoing, _leaving
    cdef long long _received_size, _outgoing_size, _shortest, _shortest_rtcp, _tag

    @cython.locals(seal=cython.ulonglong)
    cpdef long long protect(self, long long at, long long size) except? -9
    @cython.locals(seal=cython.ulonglong)
    cpdef long long protect_rtcp(self, long long at, long long size) except? -9
    @cython.locals(seal=cython.ulonglong)
    cdef unsigned long long _seal(self, long long ssrc) except? 0


cdef long long _opened(long long code) except? -9
