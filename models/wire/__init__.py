"""Frames of the inference plane, to and from bytes.

Whoever speaks to the broker may be broken or hostile.  This is the one place where multipart frames become typed
messages: `decode` returns what `inference.proto` promises (known version, one body, its payload beside it, every
field within its limit), or raises `PeerFault`; nothing else escapes.  It does not know who may send what.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from google.protobuf.message import DecodeError

from models.wire.inference_pb2 import (
    Call,
    CaptionText,
    CheckEvidence,
    CheckVerdict,
    Chunk,
    Claim,
    CloseStream,
    Drain,
    FaceGuess,
    Failure,
    Header,
    Hello,
    OpenStream,
    Ping,
    Pong,
    Ready,
    Reply,
    Result,
    StreamHealth,
    Subscribe,
    Terminate,
    Translation,
    Tune,
    WorkerState,
)
from sfu.rtp.errors import ErrorCode, PeerFault

VERSION = 1
MAX_HEADER = 64 << 10
# A whole uncompressed picture or ten minutes of Opus; nobody sends more in one request.
MAX_PAYLOAD = 16 << 20
# One RTP packet's payload never exceeds a datagram.
MAX_CHUNK = 2 << 10
MAX_NAME = 64
MAX_HINTS = 64
MAX_CLAIMS = 256
MAX_COMMITTED = 4_000
MAX_TAIL = 1_000
MAX_PARAMS = 4 << 10
MAX_STEPS = 64
MAX_WITNESSES, MAX_PLOT = 8, 64

Body = (
    Hello | Ready | Ping | Pong | Drain | Terminate | OpenStream | Chunk | CloseStream | Result | Subscribe | Call
    | Reply | Failure | WorkerState | Tune
)

_FIELD_OF: dict[type[Any], str] = {
    Hello: "hello", Ready: "ready", Ping: "ping", Pong: "pong", Drain: "drain", Terminate: "terminate",
    OpenStream: "open_stream", Chunk: "chunk", CloseStream: "close_stream", Result: "result",
    Subscribe: "subscribe", Call: "call", Reply: "reply", Failure: "failure", WorkerState: "worker_state", Tune: "tune",
}


def encode(body: Body, payload: bytes = b"") -> list[bytes]:
    """`body` as multipart frames.  Kinds that carry a payload say so themselves (`has_payload`; Chunk always)."""
    header = Header(version=VERSION)
    getattr(header, _FIELD_OF[type(body)]).CopyFrom(body)
    frames = [header.SerializeToString()]
    if _carries_payload(body):
        frames.append(payload)
    return frames


def decode(frames: Sequence[bytes]) -> tuple[Body, bytes]:
    """The body and its payload (empty where the kind has none).  Raises PeerFault."""
    if not 1 <= len(frames) <= 2:
        raise PeerFault(ErrorCode.BAD_FRAME, f"a message has one or two frames, not {len(frames)}")
    if len(frames[0]) > MAX_HEADER:
        raise PeerFault(ErrorCode.TOO_LARGE, f"the header has {len(frames[0])} bytes, at most {MAX_HEADER} are read")
    body = _body(_header(frames[0]))
    _check(body)
    return body, _payload(body, frames)


def _header(frame: bytes) -> Header:
    try:
        header = Header.FromString(frame)
    except DecodeError:
        raise PeerFault(ErrorCode.BAD_FRAME, "the header is not a parley.inference.v1 message") from None
    if header.version != VERSION:
        raise PeerFault(
            ErrorCode.UNSUPPORTED, f"schema version {header.version} is unknown here; this is version {VERSION}"
        )
    return header


def _body(header: Header) -> Body:
    kind = header.WhichOneof("body")
    if kind is None:
        raise PeerFault(ErrorCode.UNKNOWN_MESSAGE, "the header names no kind of message that is known here")
    body: Body = getattr(header, kind)
    return body


def _carries_payload(body: Body) -> bool:
    return isinstance(body, Chunk) or (isinstance(body, Result | Call | Reply) and body.has_payload)


def _payload(body: Body, frames: Sequence[bytes]) -> bytes:
    expected = 2 if _carries_payload(body) else 1
    if len(frames) != expected:
        raise PeerFault(ErrorCode.BAD_FRAME, f"{type(body).__name__} comes in {expected} frames, not {len(frames)}")
    payload = frames[1] if expected == 2 else b""
    limit = MAX_CHUNK if isinstance(body, Chunk) else MAX_PAYLOAD
    if len(payload) > limit:
        raise PeerFault(ErrorCode.TOO_LARGE, f"the payload has {len(payload)} bytes, at most {limit} are read")
    return payload


def _check(body: Body) -> None:
    """The limits that the schema's comments promise."""
    match body:
        case Hello():
            _name("name", body.name)
            for field in (body.task, body.model, body.device, body.compute, body.machine):
                _at_most("a field of Hello", field, MAX_NAME)
        case OpenStream():
            _name("stream", body.stream)
            _name("task", body.task)
            _hints(body.hints)
            for field in (body.codec, body.language, body.usual_language, body.worker_model):
                _at_most("a field of OpenStream", field, MAX_NAME)
            _finite(body.resume_s)
        case Tune():
            _name("stream", body.stream)
            _at_most("language", body.language, MAX_NAME)
            _hints(body.hints)
            _check_evidence(body.evidence)
        case Chunk() | CloseStream():
            _name("stream", body.stream)
        case Subscribe():
            _at_most("stream", body.stream, MAX_NAME)
        case Ready():
            _at_most("weights", body.weights, MAX_NAME)
            if len(body.claims) > MAX_CLAIMS:
                raise PeerFault(ErrorCode.TOO_LARGE, f"at most {MAX_CLAIMS} claims")
            for claim in body.claims:
                _name("stream", claim.stream)
        case Result():
            _name("stream", body.stream)
            _check_result(body)
        case Call():
            _name("task", body.task)
            _at_most("model", body.model, MAX_NAME)
            _finite(body.deadline_s)
            if len(body.params) > MAX_PARAMS:
                raise PeerFault(ErrorCode.TOO_LARGE, f"params has more than {MAX_PARAMS} bytes")
        case _:
            pass


def _check_result(result: Result) -> None:
    match result.WhichOneof("body"):
        case "caption":
            _at_most("committed", result.caption.committed, MAX_COMMITTED)
            _at_most("tail", result.caption.tail, MAX_TAIL)
            _finite(result.caption.start_s, result.caption.end_s, result.caption.confidence)
        case "face":
            face = result.face
            _at_most("label", face.label, MAX_NAME)
            _at_most("unclear", face.unclear, MAX_NAME)
            _finite(face.x, face.y, face.width, face.height, face.confidence, face.captured_s)
        case "translation":
            _at_most("text", result.translation.text, MAX_COMMITTED)
        case "check":
            _check_verdict(result.check)
        case "health":
            _finite(result.health.behind_s)
            _at_most("model", result.health.model, MAX_NAME)
        case _:
            raise PeerFault(ErrorCode.UNKNOWN_MESSAGE, "a result without a body that is known here")


def _check_evidence(evidence: CheckEvidence) -> None:
    if max(len(evidence.acts), len(evidence.hues)) > MAX_STEPS:
        raise PeerFault(ErrorCode.TOO_LARGE, f"at most {MAX_STEPS} steps of a check")
    _finite(*(act.at_s for act in evidence.acts), *(hue.at_s for hue in evidence.hues))
    for field in (evidence.code, *(act.name for act in evidence.acts)):
        _at_most("a field of CheckEvidence", field, MAX_NAME)
    _at_most("heard", evidence.heard, MAX_COMMITTED)


def _check_verdict(check: CheckVerdict) -> None:
    if len(check.witnesses) > MAX_WITNESSES:
        raise PeerFault(ErrorCode.TOO_LARGE, f"at most {MAX_WITNESSES} witnesses")
    words = [check.verdict, check.reason, *(word for one in check.witnesses for word in (one.name, one.reason))]
    for word in words:
        _at_most("a field of CheckVerdict", word, MAX_NAME)
    for one in check.witnesses:
        if max(map(len, (one.seconds, one.values, one.others))) > MAX_PLOT:
            raise PeerFault(ErrorCode.TOO_LARGE, f"at most {MAX_PLOT} points of a plot")


def _name(what: str, value: str) -> None:
    if not value:
        raise PeerFault(ErrorCode.BAD_FRAME, f"{what} is empty")
    _at_most(what, value, MAX_NAME)


def _hints(hints: Sequence[str]) -> None:
    if len(hints) > MAX_HINTS or any(len(hint) > MAX_NAME for hint in hints):
        raise PeerFault(ErrorCode.TOO_LARGE, f"at most {MAX_HINTS} hints of {MAX_NAME} characters")


def _at_most(what: str, value: str, limit: int) -> None:
    if len(value) > limit:
        raise PeerFault(ErrorCode.TOO_LARGE, f"{what} has {len(value)} characters, at most {limit} are read")


def _finite(*values: float) -> None:
    if not all(math.isfinite(value) for value in values):
        raise PeerFault(ErrorCode.BAD_FRAME, "a number is not finite")


__all__ = [
    "MAX_CHUNK",
    "MAX_PAYLOAD",
    "MAX_PLOT",
    "VERSION",
    "Body",
    "Call",
    "CaptionText",
    "CheckEvidence",
    "CheckVerdict",
    "Chunk",
    "Claim",
    "CloseStream",
    "Drain",
    "FaceGuess",
    "Failure",
    "Hello",
    "OpenStream",
    "Ping",
    "Pong",
    "Ready",
    "Reply",
    "Result",
    "StreamHealth",
    "Subscribe",
    "Terminate",
    "Translation",
    "Tune",
    "WorkerState",
    "decode",
    "encode",
]
