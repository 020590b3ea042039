"""A real mail server on loopback (aiosmtpd) that keeps what it is given, or misbehaves where it is told to."""

from __future__ import annotations

import asyncio
import email.policy
import ipaddress
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult

from sfu.host.certificates import Certificates
from sfu.tasks.settings import Mail, Settings, save

USER, PASSWORD = "parley", "sesame"
Answer = Callable[[str], str]


@dataclass
class PostOffice:
    """`letters`: what was taken, as (recipient, message)."""

    port: int = 0
    letters: list[tuple[str, EmailMessage]] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    answer: Answer = lambda _: "250 OK"
    """To a mail's recipient: what the server says at the end of the text; `break` breaks the connection."""
    recipient: Answer = lambda _: "250 OK"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        said = self.recipient(address)
        if said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        said = self.answer(envelope.rcpt_tos[0])
        if said == "lose":
            server.transport.abort()
            return "250 OK"
        if said.startswith("250") or said == "break":
            message = email.message_from_bytes(envelope.content, EmailMessage, policy=email.policy.default)
            self.letters.append((envelope.rcpt_tos[0], message))
            self.encrypted.append(session.ssl is not None or server.transport.get_extra_info("ssl_object") is not None)
        if said == "break":
            server.transport.abort()
        return said

    def log_in(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        self.logins.append(data.login.decode())
        right = (data.login.decode(), data.password.decode()) == (USER, PASSWORD)
        return AuthResult(success=right, handled=False)


@contextmanager
def post_office(folder: Path, security: str = "starttls", **answers: Answer) -> Iterator[PostOffice]:
    """Set up in `folder`'s settings.  `security` as there, or `plain`: asked for STARTTLS it has none; `strange`: its
    authority is not known.
    """
    identity = Certificates(folder / "mail-tls").issue([ipaddress.ip_address("127.0.0.1")], [])
    office = PostOffice(**answers)
    options: dict[str, Any] = {"authenticator": office.log_in, "auth_require_tls": False, "enable_SMTPUTF8": True}
    if security in ("starttls", "strange"):
        options["tls_context"] = identity.tls()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="post office", daemon=True)
    thread.start()
    over_tls = identity.tls() if security == "tls" else None
    opened = loop.create_server(lambda: SMTP(office, loop=loop, **options), "127.0.0.1", 0, ssl=over_tls)
    server = asyncio.run_coroutine_threadsafe(opened, loop).result()
    office.port = server.sockets[0].getsockname()[1]
    save(folder, Settings(mail=Mail.model_validate({
        "host": "127.0.0.1", "port": office.port, "security": "tls" if security == "tls" else "starttls",
        "user": USER, "password": PASSWORD, "sender": "parley@example.org",
        "ca": "" if security == "strange" else str(folder / "mail-tls" / "authority.pem"),
    })))  # fmt: skip
    try:
        yield office
    finally:
        asyncio.run_coroutine_threadsafe(_close(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _close(server: asyncio.Server) -> None:
    server.close()
    mine = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in mine:
        task.cancel()
    await asyncio.gather(*mine, return_exceptions=True)
    await asyncio.sleep(0)
