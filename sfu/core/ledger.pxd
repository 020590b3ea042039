cimport cython


cdef class Record:
    cdef object _words
    cdef public long long at, ssrc


cdef class Receiving:
    cdef public Record record

    @cython.locals(index=cython.longlong, ahead=cython.longlong)
    cpdef heard(self, long long sequence)
