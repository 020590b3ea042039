from sfu.core.flow cimport Outbound
from sfu.core.trays cimport Tray


cdef class Outbox(Tray):
    cdef public bytearray arena
    cdef public list trays
