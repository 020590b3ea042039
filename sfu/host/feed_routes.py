"""WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep): the HTTP of feeds and players.

    POST   /whip/CODE?name=NAME    an offer, answered with 201, the session's URL and its entity tag
    PATCH  /whip/CODE/SESSION      trickled candidates: taken and not needed, for we are ICE-lite and learn addresses
    DELETE /whip/CODE/SESSION      the end

and the same under /whep.  The answer carries all our candidates, for there are senders that neither gather nor trickle
any.  Everything needs the feed token, except to be told which methods there are.
"""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, Request, Response
from pydantic import ValidationError

from sfu.host.feeds import Feed, Feeds, Way
from sfu.host.problems import Refusal
from sfu.host.requests import bearer, body_of
from sfu.rtp.errors import ErrorCode, PeerFault
from sfu.wire.messages import MAX_SDP

SDP, FRAGMENT = "application/sdp", "application/trickle-ice-sdpfrag"
MAX_FRAGMENT = 16_384
_NAMES = {Way.IN: "Camera", Way.OUT: "Player"}
_OFFER_METHODS, _SESSION_METHODS = "OPTIONS, POST", "OPTIONS, PATCH, DELETE"
_EVERY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def feed_router(feeds: Feeds) -> APIRouter:
    router = APIRouter()
    for way in Way:
        _add_routes(router, way, feeds)
    return router


def _add_routes(router: APIRouter, way: Way, feeds: Feeds) -> None:
    @router.api_route(f"/{way}/{{code}}", methods=_EVERY_METHOD, include_in_schema=False)
    async def offers(code: str, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Allow": _OFFER_METHODS, "Accept-Post": SDP})
        if request.method != "POST":
            return _not_allowed(_OFFER_METHODS)
        feeds.check(code, bearer(request))
        sdp = await _text(request, SDP, MAX_SDP)
        feed = await _opened(feeds, way, request.query_params.get("name", _NAMES[way]), sdp)
        headers = {"Location": f"/{way}/{code}/{feed.id}", "ETag": f'"{feed.tag}"', "Accept-Patch": FRAGMENT}
        return Response(feed.answer, HTTPStatus.CREATED, headers, SDP)

    @router.api_route(f"/{way}/{{code}}/{{session}}", methods=_EVERY_METHOD, include_in_schema=False)
    async def session(code: str, session: str, request: Request) -> Response:
        if request.method == "OPTIONS":
            headers = {"Allow": _SESSION_METHODS, "Accept-Patch": FRAGMENT}
            return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)
        if request.method not in ("PATCH", "DELETE"):
            return _not_allowed(_SESSION_METHODS)
        feeds.check(code, bearer(request))
        feed = feeds.get(way, session)
        if request.method == "DELETE":
            feeds.close(feed)
            return Response()
        await _trickled(feed, request)
        return Response(status_code=HTTPStatus.NO_CONTENT)


async def _opened(feeds: Feeds, way: Way, name: str, sdp: str) -> Feed:
    try:
        return await feeds.open(way, name, sdp)
    except (PeerFault, ValidationError) as fault:
        sentence = fault.sentence if isinstance(fault, PeerFault) else "This is not an SDP offer."
        raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, ErrorCode.BAD_SDP, sentence) from None


async def _trickled(feed: Feed, request: Request) -> None:
    """RFC 9725, 4.3.2.  `If-Match: *` asks for an ICE restart (4.3.3): start again is what a LAN feed does faster."""
    fragment = await _text(request, FRAGMENT, MAX_FRAGMENT)
    wanted = request.headers.get("if-match")
    if wanted is None:
        sentence = "Say with If-Match which session you mean."
        raise Refusal(HTTPStatus.PRECONDITION_REQUIRED, ErrorCode.BAD_SEQUENCE, sentence)
    if wanted == "*":
        raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, ErrorCode.UNSUPPORTED,
                          "This host does not restart ICE of a feed. Delete the session and offer again.")
    if wanted.removeprefix("W/") != f'"{feed.tag}"':
        raise Refusal(HTTPStatus.PRECONDITION_FAILED, ErrorCode.BAD_SEQUENCE, "That ICE session is over. Offer again.")
    if fragment.strip() and "a=" not in fragment:
        raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, ErrorCode.BAD_SDP, "That was not a fragment of an SDP.")


async def _text(request: Request, kind: str, most: int) -> str:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != kind:
        raise Refusal(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, ErrorCode.UNSUPPORTED, f"Send {kind}.")
    try:
        return (await body_of(request, most, f"That is too large for {kind}.")).decode()
    except UnicodeDecodeError:
        raise Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, ErrorCode.BAD_SDP, "That is not text.") from None


def _not_allowed(methods: str) -> Response:
    return Response(status_code=HTTPStatus.METHOD_NOT_ALLOWED, headers={"Allow": methods})
