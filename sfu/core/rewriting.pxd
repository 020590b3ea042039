cimport cython

from sfu.core.flow cimport Packet, Slot, Stream

cdef long long _RECORD_MASK, _HALF, _SOURCE, _PICTURE, _TL0, _KEY


@cython.locals(record=cython.longlong)
cpdef long long record_at(Slot slot, long long sequence) except? -1

@cython.locals(first=cython.longlong, offset=cython.longlong)
cpdef long long place_again(Slot slot, long long sequence) except? -2

cpdef close_hole(Slot slot, long long sequence)

@cython.locals(
    payload=bytes, size=cython.Py_ssize_t, head=cython.longlong, flags=cython.longlong, at=cython.Py_ssize_t,
    picture_at=cython.longlong, tl0_at=cython.longlong, key_at=cython.longlong,
)
cpdef describe_vp8(Packet packet)

@cython.locals(picture=cython.longlong, tl0=cython.longlong, key=cython.longlong)
cpdef long long rewrite_vp8(unsigned char[::1] arena, long long body, Packet packet, Slot slot) except? -1

@cython.locals(at=cython.longlong)
cpdef write_vp8(unsigned char[::1] arena, long long body, Packet packet, long long picture, long long tl0, long long key)
