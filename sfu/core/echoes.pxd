cimport cython

from sfu.core.flow cimport Outbound

cdef long long _MASK, _TOLD_MISSING, _SIZE, _FIXED_SIZE
cdef double _TICKS


@cython.locals(
    symbols=bytearray, index=cython.longlong, at=cython.longlong, size=cython.longlong, chunk=cython.longlong,
    run=cython.longlong, width=cython.longlong, left=cython.longlong,
)
cdef tuple _symbols(bytes body, long long count)


@cython.locals(
    index=cython.longlong, symbol=cython.longlong, number=cython.longlong, entry=cython.longlong, size=cython.longlong,
    probe_first=cython.longlong, probe_count=cython.longlong, burst=cython.longlong, missing=cython.longlong,
    reported=cython.longlong, count=cython.longlong, left=cython.double, came=cython.double, now=cython.double,
)
cpdef _add_up(bytes body, long long at, long long base, bytearray symbols, long long clock, Outbound outbound)
