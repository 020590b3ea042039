cimport cython

from sfu.core.media cimport MediaPlane
from sfu.forwarder.udp cimport Udp


cdef class Roads:
    cdef public dict udp
    cdef public object streams
    cdef object _outgoing
    cdef bint _portable
    cdef list _sockets
    cdef dict _connections

    @cython.locals(udp=Udp)
    cpdef receive(self, list ready, MediaPlane plane, double now)
    @cython.locals(udp=Udp)
    cpdef send(self, list runs)
