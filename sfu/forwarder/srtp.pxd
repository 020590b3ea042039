from sfu.core.ciphers cimport Cipher
from sfu.core.memory cimport crypt


cdef class LibSrtp(Cipher):
    cdef object _opening, _sealing, _keys, _whole, _behind_index, _length
    cdef size_t _open, _seal, _unprotect, _unprotect_rtcp, _protect, _protect_rtcp
    cdef unsigned char[::1] _received, _outgoing
    cdef long long _received_size, _outgoing_size, _shortest, _shortest_rtcp
