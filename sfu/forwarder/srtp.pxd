from sfu.core.ciphers cimport Cipher
from sfu.core.memory cimport crypt, get32
from sfu.core.trays cimport Tray

cdef long long _SHARES, _SSRC, _RTCP_SSRC, _HEADER, _RTCP_HEADER, _PLACES


cdef class LibSrtp(Cipher):
    cdef object _opening, _keys, _whole, _behind_index, _length
    cdef list _sealing, _seals, _deferring, _places
    cdef bint _late
    cdef size_t _open, _unprotect, _unprotect_rtcp, _protect, _protect_rtcp
    cdef unsigned char[::1] _received, _outgoing, _leaving
    cdef long long _received_size, _outgoing_size, _shortest, _shortest_rtcp, _tag

    cdef object _seal(self, long long ssrc)
