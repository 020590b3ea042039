# cython: language_level=3, wraparound=False, boundscheck=False
# The C twins of memory.py: no lengths are checked here, the callers have.
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize
from libc.string cimport memcpy

ctypedef int (*Srtp)(void *, void *, int *) noexcept nogil


cdef inline void put(unsigned char[::1] arena, long long at, bytes data, long long size) noexcept:
    memcpy(&arena[at], PyBytes_AS_STRING(data), size)


cdef inline void put_packet(
    unsigned char[::1] arena, long long at, bytes header, long long header_size, long long second, long long sequence,
    long long timestamp, bytes payload, long long size
) noexcept:
    cdef unsigned char *to = &arena[at]
    memcpy(to, PyBytes_AS_STRING(header), header_size)
    memcpy(to + header_size, PyBytes_AS_STRING(payload), size)
    to[1] = <unsigned char> second
    to[2] = <unsigned char> (sequence >> 8)
    to[3] = <unsigned char> sequence
    to[4] = <unsigned char> (timestamp >> 24)
    to[5] = <unsigned char> (timestamp >> 16)
    to[6] = <unsigned char> (timestamp >> 8)
    to[7] = <unsigned char> timestamp


cdef inline long long get16(unsigned char[::1] arena, long long at) noexcept:
    return arena[at] << 8 | arena[at + 1]


cdef inline long long get32(unsigned char[::1] arena, long long at) noexcept:
    return get16(arena, at) << 16 | get16(arena, at + 2)


cdef inline bytes cut(unsigned char[::1] arena, long long at, long long end):
    return PyBytes_FromStringAndSize(<char *> &arena[at], end - at)


cdef inline long long crypt(
    size_t function, size_t keys, unsigned char[::1] arena, long long at, long long size, object length
) noexcept:
    cdef int left = <int> size
    cdef int code = (<Srtp> <void *> function)(<void *> keys, &arena[at], &left)
    return -code if code else left
