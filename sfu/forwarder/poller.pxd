cdef class Poller:
    cdef object _selector, _epoll
    cdef dict _sources

    cpdef list wait(self, double seconds)
