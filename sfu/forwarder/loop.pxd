cimport cython

from sfu.core.media cimport MediaPlane
from sfu.forwarder.poller cimport Poller
from sfu.forwarder.roads cimport Roads


cdef class Loop:
    cdef MediaPlane _plane
    cdef Roads _roads
    cdef Poller _poller
    cdef object _listen_at, _link, _next_link, _sealers, _door, _tap, _tape
    cdef list _orphans
    cdef double _orphaned_at, _snapshot_at
    cdef bint _stopping, _link_full
    cdef long long _told

    cdef _listen(self)
    @cython.locals(at=cython.double)
    cdef double _patience(self) except? -1
    cdef _watch_link(self)
    @cython.locals(now=cython.double, began=cython.double, more=cython.bint)
    cdef _turn(self, list ready)
    cdef _tell(self, double now)
