"""The trust page: how to make a phone or a browser stop warning about this host, for those who want to.

Nobody needs it to join.  It is served in plain HTTP as well, on the meeting's own port, because a browser that does not
trust us yet is whom it is for; whoever installs the authority is told to compare its fingerprint with the host's
screen first.  Only this page and its two files are ever sent in the clear: everything else is pointed to HTTPS.
"""

from __future__ import annotations

import html
import plistlib
import uuid
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from string import Template

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from sfu.host.problems import not_here

PAGES = Path(__file__).parents[2] / "resources" / "trust"
WEB = PAGES.parent / "web"
PATH = "/trust"


@dataclass(frozen=True, slots=True)
class Authority:
    """What a device needs to trust this installation; `der` is the certificate, `pin` names the host's key."""

    der: bytes
    fingerprint: str
    """SHA-256 of `der` as `AA:BB:…`, the form in which systems show it."""
    pin: str
    title: str

    def profile(self) -> bytes:
        """An Apple configuration profile with the certificate as its only payload."""
        payload = {
            "PayloadType": "com.apple.security.root",
            "PayloadVersion": 1,
            "PayloadIdentifier": f"parley.authority.{self.pin}",
            "PayloadUUID": _uuid(self.pin, "certificate"),
            "PayloadDisplayName": self.title,
            "PayloadContent": self.der,
        }
        return plistlib.dumps({
            "PayloadType": "Configuration",
            "PayloadVersion": 1,
            "PayloadIdentifier": f"parley.profile.{self.pin}",
            "PayloadUUID": _uuid(self.pin, "profile"),
            "PayloadDisplayName": self.title,
            "PayloadDescription": "Trusts this Parley host, for addresses of local networks only.",
            "PayloadContent": [payload],
        })


def routes(authority: Authority) -> list[Route]:
    """The page and its files, wherever they are served."""

    async def page(request: Request) -> Response:
        language = "zh" if _prefers_chinese(request.headers.get("accept-language", "")) else "en"
        text = Template((PAGES / f"{language}.html").read_text(encoding="utf-8"))
        # No fingerprint: whoever could change the certificate on its way could change that too.
        facts = {"title": authority.title, "home": f"https://{request.headers['host']}/"}
        shown = text.substitute({name: html.escape(fact) for name, fact in facts.items()})
        return HTMLResponse(shown, headers={"Vary": "Accept-Language"})

    async def certificate(_request: Request) -> Response:
        return _file(authority.der, "application/x-x509-ca-cert", "parley.crt")

    async def profile(_request: Request) -> Response:
        return _file(authority.profile(), "application/x-apple-aspen-config", "parley.mobileconfig")

    async def icon(_request: Request) -> Response:
        return Response((WEB / "icon.svg").read_bytes(), media_type="image/svg+xml")

    async def style(_request: Request) -> Response:
        return Response((PAGES / "trust.css").read_bytes(), media_type="text/css")

    return [
        Route(PATH, page),
        Route(f"{PATH}/trust.css", style),
        Route(f"{PATH}/icon.svg", icon),
        Route(f"{PATH}/parley.crt", certificate),
        Route(f"{PATH}/parley.mobileconfig", profile),
    ]


def plain_site(authority: Authority) -> Starlette:
    """What is answered without TLS: the trust page; the page itself and links are sent on to HTTPS."""

    async def onwards(request: Request) -> Response:
        # The fragment, which holds the host's fingerprint, stays with the browser (RFC 9110, 10.2.2).
        url = request.url.replace(scheme="https")
        return RedirectResponse(str(url), HTTPStatus.PERMANENT_REDIRECT)

    moved = [Route("/", onwards), Route("/j/{code}", onwards)]
    return Starlette(routes=[*routes(authority), *moved], exception_handlers={HTTPException: not_here})


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _uuid(pin: str, what: str) -> str:
    """The same for the same key: a profile installed twice replaces itself."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"parley:{pin}:{what}")).upper()


def _prefers_chinese(accepted: str) -> bool:
    """Whether the first language of an Accept-Language header is Chinese."""
    return accepted.strip().lower().startswith("zh")
