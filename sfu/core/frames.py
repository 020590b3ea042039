"""Text frames.  One of a client, read, is a message or one PeerFault with a sentence; nothing else."""

from __future__ import annotations

from pydantic import ValidationError

from sfu.core.correspondence import Letter
from sfu.rtp.errors import ErrorCode, PeerFault
from sfu.wire.messages import CLIENT, MAX_FRAME, ClientMessage

_SHOWN = 40


def read(text: str) -> ClientMessage:
    """Raises PeerFault: TOO_LARGE, UNKNOWN_MESSAGE or BAD_FRAME."""
    if len(text) > MAX_FRAME or len(text.encode("utf-8", "surrogatepass")) > MAX_FRAME:
        raise PeerFault(
            ErrorCode.TOO_LARGE, f"That message is too large. Keep messages below {MAX_FRAME // 1024} KB."
        )
    try:
        return CLIENT.validate_json(text)
    except ValidationError as error:
        raise _explained(error) from None


def written(letter: Letter) -> str:
    """As HOST says it, numbered if it is."""
    body = letter.message.model_dump_json()
    return body if letter.number is None else f'{{"seq":{letter.number},{body[1:]}'


def _explained(error: ValidationError) -> PeerFault:
    first = error.errors(include_url=False, include_input=False)[0]
    if first["type"] == "union_tag_invalid":
        unknown = first["ctx"]["tag"][:_SHOWN]
        return PeerFault(
            ErrorCode.UNKNOWN_MESSAGE,
            f"This host does not know the message '{unknown}'. Update Parley on both computers to the same version.",
        )
    where = ".".join(str(part) for part in first["loc"])[: 2 * _SHOWN]
    about = f" ({where}: {first['msg'][:100]})" if where else ""
    return PeerFault(ErrorCode.BAD_FRAME, f"That was not a message of the session protocol{about}.")
