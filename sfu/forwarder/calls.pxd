# cython: language_level=3
# The C twins of calls.py.
from cpython.pythread cimport (
    NOWAIT_LOCK, PyThread_acquire_lock, PyThread_allocate_lock, PyThread_release_lock, PyThread_type_lock, WAIT_LOCK,
)
from libc.errno cimport errno
from libc.string cimport memset

ctypedef int (*Receive)(int, void *, unsigned int, int, void *) noexcept nogil
ctypedef int (*Send)(int, void *, unsigned int, int) noexcept nogil
ctypedef int (*Srtp)(void *, void *, int *) noexcept nogil
ctypedef int (*Clock)(int, long long *) noexcept nogil


cdef inline long long receive_many(size_t function, int fd, size_t messages, unsigned int count) noexcept:
    cdef int done = (<Receive> <void *> function)(fd, <void *> messages, count, 0x40, NULL)
    return done if done >= 0 else -errno


cdef inline long long send_many(size_t function, int fd, size_t messages, unsigned int count) noexcept nogil:
    cdef int done = (<Send> <void *> function)(fd, <void *> messages, count, 0x40)
    return done if done >= 0 else -errno


cdef inline int seal(size_t function, size_t keys, size_t at, int size) noexcept nogil:
    return (<Srtp> <void *> function)(<void *> keys, <void *> at, &size)


cdef inline void wipe(size_t at, size_t size) noexcept nogil:
    memset(<void *> at, 0, size)


cdef inline unsigned long long word(size_t at, long long index) noexcept nogil:
    return (<unsigned long long *> at)[index]


cdef inline size_t clock_function():
    import ctypes
    return ctypes.cast(ctypes.CDLL(None).clock_gettime, ctypes.c_void_p).value


cdef inline long long nanoseconds(size_t function) noexcept nogil:
    cdef long long at[2]  # struct timespec, of systems with 64 bits
    (<Clock> <void *> function)(1, at)
    return at[0] * 1_000_000_000 + at[1]


cdef inline size_t make_lock() noexcept:
    cdef PyThread_type_lock lock = PyThread_allocate_lock()
    PyThread_acquire_lock(lock, WAIT_LOCK)
    return <size_t> lock


cdef inline bint take(size_t lock, bint wait) noexcept nogil:
    return PyThread_acquire_lock(<PyThread_type_lock> lock, WAIT_LOCK if wait else NOWAIT_LOCK)


cdef inline void release(size_t lock) noexcept nogil:
    PyThread_release_lock(<PyThread_type_lock> lock)
