"""One mail to one person by SMTP (RFC 5321): an invitation with its calendar file, or the minutes.

A mail cannot be taken back and must not come twice.  Up to the end of its text nothing has happened and everything may
be tried again; from then until the server's answer nobody knows, and if that answer never comes the task is in doubt
(RFC 5321, 4.2.5 and 6.1: who loses the connection there cannot tell).  Never without TLS outside this network.
"""

from __future__ import annotations

import contextlib
import smtplib
import sqlite3
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import formataddr, formatdate
from functools import partial

from sfu.core.analysis.reading import is_chinese
from sfu.core.analysis.writing import to_txt
from sfu.core.exports import one_line
from sfu.rtp.errors import ErrorCode, UserError
from sfu.store import analyses, meetings
from sfu.store.meetings import Row
from sfu.tasks.calendars import invitation
from sfu.tasks.context import Context, InDoubt, TryAgain
from sfu.tasks.nearby import address_of
from sfu.tasks.settings import Mail, settings
from sfu.wire.analysis import Analysis

KIND = "mail"
ATTEMPTS = 8
"""Over some two and a half hours."""
TIMEOUT_S = 60.0
_USUAL_PORTS = {"starttls": 587, "tls": 465, "none": 25}
# RFC 5321, 4.1.3: who has no name in the DNS says an address; nothing of this computer is told.
_OUR_NAME = "[127.0.0.1]"


def send(context: Context) -> None:
    """Raises UserError (somebody must mend it first), TryAgain, InDoubt, Stopped."""
    wanted = settings(context.folder).mail
    if wanted is None:
        raise UserError(ErrorCode.UNSUPPORTED, "No mail server is set up on the host's computer.")
    letter = written(context, wanted)
    with _connected(wanted) as server:
        context.progress(0.5)
        _deliver(server, letter, context)


# -- the letter ----------------------------------------------------------------------------------------------


def written(context: Context, wanted: Mail) -> EmailMessage:
    """Its Message-ID is that of the task: the same mail, however often it is tried."""
    meeting, to = context.require_meeting(), str(context.task.payload["to"])
    row, found, invited = context.store.read(partial(_about, meeting=meeting)).result()
    letter = EmailMessage(policy=SMTP if to.isascii() else SMTPUTF8)
    letter["From"] = formataddr(("Parley", wanted.sender))
    letter["To"] = to
    letter["Date"] = formatdate(context.task.made_at, usegmt=True)
    letter["Message-ID"] = f"<{context.task.id}@parley.invalid>"
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday message answers
    if context.task.payload["what"] == "minutes":
        _fill_minutes(letter, row, found)
    else:
        _fill_invitation(letter, row, str(context.task.payload["link"]), [to] if to in invited else [])
    return letter


def _about(db: sqlite3.Connection, meeting: str) -> tuple[Row, Analysis, list[str]]:
    return meetings.get(db, meeting), analyses.get(db, meeting), meetings.invited(db, meeting)


def _fill_invitation(letter: EmailMessage, row: Row, link: str, invited: list[str]) -> None:
    """Others who are invited are nobody's business."""
    title, chinese = one_line(row.title), is_chinese(row.title)
    letter["Subject"] = f"会议邀请：{title}" if chinese else f"Invitation: {title}"
    when = formatdate(row.starts_at, usegmt=True) if row.starts_at is not None else ""
    letter.set_content(_INVITATION_ZH.format(title, when, link) if chinese else _INVITATION.format(title, when, link))
    calendar = invitation(row, link, invited).encode()
    letter.add_attachment(calendar, "text", "calendar", filename="invitation.ics", params={"method": "PUBLISH"})


_INVITATION = (
    "You are invited to the meeting “{0}”.\n\n{1}\n\n"
    "Open this link in a browser on the same network, or in Parley:\n{2}\n\n"
    "A browser warns once about the host's certificate, which is its own; Parley compares it by the link.\n"
)
_INVITATION_ZH = (
    "邀请您参加会议“{0}”。\n\n{1}\n\n请在同一网络中用浏览器或 Parley 打开此链接：\n{2}\n\n"
    "浏览器会提示一次主持人的证书是自签的；Parley 会通过链接核对。\n"
)


def _fill_minutes(letter: EmailMessage, row: Row, found: Analysis) -> None:
    if found == Analysis():
        raise UserError(ErrorCode.NOT_FOUND, "There are no minutes of that meeting yet.")
    title = one_line(row.title)
    letter["Subject"] = f"会议纪要：{title}" if is_chinese(row.title) else f"Minutes: {title}"
    letter.set_content(to_txt({"meeting": {"title": title}, "began_at": _began(row)}, found))


def _began(row: Row) -> str:
    return formatdate(row.began_at, usegmt=True) if row.began_at is not None else ""


# -- the server ----------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _connected(wanted: Mail) -> Iterator[smtplib.SMTP]:
    """Encrypted and logged in.  What goes wrong until the text is on its way is a certain failure."""
    try:
        server = _open(wanted)
    except ssl.SSLError as error:
        raise UserError(ErrorCode.FOREIGN_CERTIFICATE, f"{wanted.host} cannot be trusted ({error.reason}).") from error
    except (OSError, smtplib.SMTPException) as error:
        raise TryAgain(f"The mail server {wanted.host} cannot be reached ({_why(error)}).") from error
    with contextlib.closing(server):
        try:
            if wanted.user:
                server.login(wanted.user, wanted.password)
        except smtplib.SMTPAuthenticationError as error:
            raise UserError(ErrorCode.BAD_LOGIN, f"{wanted.host} does not take that user and password.") from error
        except (OSError, smtplib.SMTPException) as error:
            raise TryAgain(f"The mail server {wanted.host} did not let us in ({_why(error)}).") from error
        yield server
        with contextlib.suppress(OSError, smtplib.SMTPException):
            server.quit()


def _open(wanted: Mail) -> smtplib.SMTP:
    port = wanted.port or _USUAL_PORTS[wanted.security]
    if wanted.security == "none":
        host = address_of(wanted.host, port, anywhere=False, purpose="mail server")
        return smtplib.SMTP(host, port, local_hostname=_OUR_NAME, timeout=TIMEOUT_S)
    trust = ssl.create_default_context(cafile=wanted.ca or None)
    if wanted.security == "tls":
        return smtplib.SMTP_SSL(wanted.host, port, local_hostname=_OUR_NAME, timeout=TIMEOUT_S, context=trust)
    server = smtplib.SMTP(wanted.host, port, local_hostname=_OUR_NAME, timeout=TIMEOUT_S)
    try:
        server.starttls(context=trust)
    except smtplib.SMTPNotSupportedError as error:
        server.close()
        sentence = f"{wanted.host} offers no encryption, and without it no mail is sent. Choose another port or TLS."
        raise UserError(ErrorCode.UNSUPPORTED, sentence) from error
    except BaseException:
        server.close()
        raise
    return server


def _deliver(server: smtplib.SMTP, letter: EmailMessage, context: Context) -> None:
    """Raises InDoubt when the connection is lost after the text has begun."""
    _envelope(server, letter)
    context.beyond_recall()
    try:
        code, said = server.data(letter.as_bytes())
    except smtplib.SMTPDataError as refused:  # before the text
        code, said = refused.smtp_code, _bytes(refused.smtp_error)
    except (OSError, smtplib.SMTPException) as error:
        sentence = "The connection to the mail server broke while the mail was on its way. It may have arrived."
        raise InDoubt(sentence) from error
    if code != 250:
        context.beyond_recall(False)
        raise _refusal(code, said, "the mail")


def _envelope(server: smtplib.SMTP, letter: EmailMessage) -> None:
    sender, to = str(letter["From"].addresses[0].addr_spec), str(letter["To"])
    try:
        server.ehlo_or_helo_if_needed()
        if not to.isascii() and not server.has_extn("smtputf8"):
            raise UserError(ErrorCode.UNSUPPORTED, f"The mail server cannot write to {to}.")
        answers = [
            (server.mail(sender, [] if to.isascii() else ["SMTPUTF8"]), "the sender"),
            (server.rcpt(to), "the recipient"),
        ]
    except (OSError, smtplib.SMTPException) as error:
        raise TryAgain(f"The mail server broke off ({_why(error)}).") from error
    for (code, said), what in answers:
        if code not in (250, 251):
            raise _refusal(code, said, what)


def _refusal(code: int, said: bytes, what: str) -> Exception:
    """RFC 5321, 4.2.1: 4yz passes, 5yz does not."""
    sentence = f"The mail server refused {what}: {one_line(said.decode('utf-8', 'replace'))[:200]} ({code})."
    return TryAgain(sentence) if 400 <= code < 500 else UserError(ErrorCode.NOT_ALLOWED, sentence)


def _bytes(said: bytes | str) -> bytes:
    return said if isinstance(said, bytes) else said.encode()


def _why(error: Exception) -> str:
    return one_line(str(error))[:200] or type(error).__name__
