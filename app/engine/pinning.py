"""Trusting one host by its key.

A host on a LAN has no certificate that a browser's list of authorities knows.  The invite carries the SHA-256 of the
host's public key instead: we look at the certificate over a bare TLS connection on which nothing is sent, compare,
and then trust exactly that leaf and nothing else.  This module decides whom to trust; it sends no request.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ssl

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from app.engine.invite import Invite
from app.engine.reach import why_unreachable
from sfu.rtp.errors import ErrorCode, UserError

TIMEOUT = 5.0


def public_key_pin(certificate_der: bytes) -> bytes:
    """SHA-256 of the SubjectPublicKeyInfo: it survives a re-issued certificate with the same key."""
    key = x509.load_der_x509_certificate(certificate_der).public_key()
    return hashlib.sha256(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).digest()


def trusting_only(certificate_der: bytes) -> ssl.SSLContext:
    """A client context that accepts this leaf alone.  Names are not compared: the key already is the identity."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    context.load_verify_locations(cadata=certificate_der)
    return context


async def pinned_context(invite: Invite) -> ssl.SSLContext:
    """Looks at the host and returns the context for talking to it.

    Raises UserError: HOST_UNREACHABLE, or FOREIGN_CERTIFICATE when somebody else answers at that address.
    """
    leaf, pin = await looked_at(invite.host, invite.port)
    if not hmac.compare_digest(pin, invite.fingerprint):
        raise UserError(
            ErrorCode.FOREIGN_CERTIFICATE,
            "The computer at this address is not the one that wrote the invitation, so nothing was sent to it. "
            "Ask the host for a new link.",
        )
    return trusting_only(leaf)


async def looked_at(host: str, port: int) -> tuple[bytes, bytes]:
    """The certificate that answers there (DER; empty if there is none) and the pin of its key; nothing is sent.

    Raises UserError(HOST_UNREACHABLE) with the likeliest reason.
    """
    blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    blind.check_hostname = False
    blind.verify_mode = ssl.CERT_NONE
    try:
        async with asyncio.timeout(TIMEOUT):
            _, writer = await asyncio.open_connection(host, port, ssl=blind)
    except (OSError, TimeoutError) as error:
        raise await why_unreachable(host, port, error) from None
    try:
        leaf: bytes = writer.get_extra_info("ssl_object").getpeercert(binary_form=True) or b""
    finally:
        writer.transport.abort()
    try:
        return leaf, public_key_pin(leaf)
    except ValueError:
        return leaf, b""


def unreachable(invite: Invite) -> UserError:
    return UserError(
        ErrorCode.HOST_UNREACHABLE,
        f"Nobody answers at {invite.origin}. Check that the meeting is still running and that this computer is "
        "on the same network as the host.",
    )
