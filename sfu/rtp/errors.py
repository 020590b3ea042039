"""Errors, sorted by who must act.

`UserError`: say it, stay connected.  `PeerFault`: drop that peer (or that datagram), everybody else plays on.
Anything else is our own bug: let it rise.  Each carries a code for programs and a sentence for people that
says what happened and what to do.  Raised at the fact, caught once at the edge: one datagram, one frame, one request.
"""

from __future__ import annotations

from enum import StrEnum


class ErrorCode(StrEnum):
    """What went wrong, for programs.  The same strings travel in `sfu.wire` errors."""

    BAD_FRAME = "bad_frame"
    BAD_LINK = "bad_link"
    BAD_LOGIN = "bad_login"
    BAD_MEDIA = "bad_media"
    BAD_PASSCODE = "bad_passcode"
    BAD_SDP = "bad_sdp"
    BAD_SEQUENCE = "bad_sequence"
    BAD_TOKEN = "bad_token"
    BUSY = "busy"
    BUSY_PORT = "busy_port"
    DISK_FULL = "disk_full"
    FOREIGN_CERTIFICATE = "foreign_certificate"
    GONE = "gone"
    HOST_UNREACHABLE = "host_unreachable"
    MALFORMED_PACKET = "malformed_packet"
    MEETING_FULL = "meeting_full"
    MEETING_LOCKED = "meeting_locked"
    MISSING_MODEL = "missing_model"
    NOT_FOUND = "not_found"
    NO_DEVICE = "no_device"
    NO_MEETING = "no_meeting"
    NOT_ADMITTED = "not_admitted"
    NOT_ALLOWED = "not_allowed"
    REMOVED = "removed"
    TAKEN = "taken"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    UNKNOWN_MESSAGE = "unknown_message"
    UNSUPPORTED = "unsupported"
    WORKER_DIED = "worker_died"


class ParleyError(Exception):
    """An error that somebody can act on."""

    def __init__(self, code: ErrorCode, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


class UserError(ParleyError):
    """The person at the keyboard can mend this."""


class PeerFault(ParleyError):
    """The other side sent what it may not send."""


def malformed(sentence: str) -> PeerFault:
    """The fault of one datagram that cannot be what it claims to be."""
    return PeerFault(ErrorCode.MALFORMED_PACKET, sentence)
