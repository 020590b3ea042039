from sfu.forwarder.batches cimport Batches


cdef class Udp:
    cdef object _socket, _outgoing
    cdef list _places
    cdef bytearray _arena
    cdef Batches _batches
    cdef public long long unsent

    cpdef list receive(self)
    cpdef send(self, list runs)
