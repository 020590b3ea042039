from sfu.core.ciphers cimport Cipher
from sfu.core.memory cimport crypt, get32

cdef long long _SHARES, _SSRC, _RTCP_SSRC, _HEADER, _RTCP_HEADER


cdef class LibSrtp(Cipher):
    cdef object _opening, _keys, _whole, _behind_index, _length
    cdef list _sealing, _seals
    cdef size_t _open, _unprotect, _unprotect_rtcp, _protect, _protect_rtcp
    cdef unsigned char[::1] _received, _outgoing, _leaving
    cdef long long _received_size, _outgoing_size, _shortest, _shortest_rtcp

    cdef object _seal(self, long long ssrc)
