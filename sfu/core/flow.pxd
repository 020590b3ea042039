# What the per-packet path touches, as C; everything else lives in the objects' dictionaries (see sfu/forwarder/form.py).
from sfu.core.ciphers cimport Cipher
from sfu.core.clocks cimport MediaClock
from sfu.rtp.nack cimport NackGenerator
from sfu.rtp.reception cimport Reception


cdef class Packet:
    cdef public long long sequence, timestamp, marker, size, level, picture_id, tl0, keyidx
    cdef public long long picture_id_at, tl0_at, keyidx_at
    cdef public double arrival
    cdef public bint keyframe, numbered, repaired, wide
    cdef public bytes payload, redundant


cdef class Stream:
    cdef dict __dict__
    cdef public Inbound publisher
    cdef public str source
    cdef public long long ssrc, rtx_ssrc, payload_type, rtx_payload_type, red_payload_type, silent, mask, highest, packets, octets, duplicates
    cdef public bint video, h264, repaired
    cdef public list recent, batch, slots
    cdef public object receiving
    cdef public double heard_at
    cdef public MediaClock clock
    cdef public Reception reception
    cdef public NackGenerator nacks


cdef class Slot:
    cdef dict __dict__
    cdef public Outbound outbound
    cdef public Stream stream, target
    cdef public bint video
    cdef public bytes header
    cdef public long long ssrc, rtx_ssrc, payload_type, first, sequence_offset, timestamp_offset
    cdef public long long picture_id_offset, tl0_offset, keyidx_offset, last_sequence, last_timestamp, limit, red_type
    cdef public long long send_time_at, transport_at, level_at, packets, octets
    cdef public double last_sent
    cdef public long long[::1] records
    cdef public list older, exact


cdef class Inbound:
    cdef dict __dict__
    cdef public Cipher cipher
    cdef public dict streams, rtx
    cdef public list arrivals
    cdef public frozenset sending
    cdef public long long mid_id, rid_id, repaired_id, audio_level_id, transport_id, received, malformed


cdef class Outbound:
    cdef dict __dict__
    cdef public Cipher cipher
    cdef public tuple address
    cdef public list pending
    cdef public long long lane, transport_sequence, packets, probe_first, probe_count
    cdef public double[::1] sent_at
    cdef public long long[::1] sent_size
