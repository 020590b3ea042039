# cython: language_level=3
# The C twins of calls.py.
from libc.errno cimport errno

ctypedef int (*Receive)(int, void *, unsigned int, int, void *) noexcept nogil
ctypedef int (*Send)(int, void *, unsigned int, int) noexcept nogil


cdef inline long long receive_many(size_t function, int fd, size_t messages, unsigned int count) noexcept:
    cdef int done = (<Receive> <void *> function)(fd, <void *> messages, count, 0x40, NULL)
    return done if done >= 0 else -errno


cdef inline long long send_many(size_t function, int fd, size_t messages, unsigned int count) noexcept:
    cdef int done = (<Send> <void *> function)(fd, <void *> messages, count, 0x40)
    return done if done >= 0 else -errno
