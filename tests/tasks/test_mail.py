"""Mail to a real SMTP server with real TLS: what is sent, what is refused, and what nobody can know."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from sfu.core.analysis.minutes import minutes
from sfu.rtp.errors import ErrorCode, UserError
from sfu.store import analyses, meetings, tasks
from sfu.store.meetings import Planned
from sfu.store.tasks import Wanted
from sfu.store.thread import Store
from sfu.tasks import mail
from sfu.tasks.context import Context, InDoubt, TryAgain
from sfu.tasks.settings import Mail, Settings, save, settings
from sfu.wire.analysis import Analysis
from tests.core.analysis.meetings import RELEASE
from tests.tasks.mail_servers import Answer, post_office

LINK = "https://192.168.1.5:7443/j/ABCDEFGH#fp=pin"
ANA = "ana@example.org"


def planned(store: Store, title: str = "Weekly review", invited: tuple[str, ...] = (ANA, "ben@example.org")) -> None:
    plan = Planned("m1", "ABCDEFGH", title, None, 1_800_000_000.0, 30, invited)
    store.write(lambda db: meetings.plan(db, plan, 1.0)).result()


def taken(store: Store, folder: Path, what: str = "invitation", to: str = ANA) -> Context:
    def write(db: Any) -> tasks.Row:
        payload = {"what": what, "to": to, "link": LINK}
        tasks.ask(db, Wanted("t1", mail.KIND, "t1", "m1", payload), 1_700_000_000.0)
        row = tasks.take(db, "t1", "me/1", 1_700_000_000.0)
        assert row is not None
        return row

    return Context(store.write(write).result(), folder, store)


def state(store: Store) -> tuple[bool, float]:
    row = store.read(lambda db: tasks.get(db, "t1")).result()
    return row.doubtful, row.progress


@pytest.fixture
def store(tmp_path: Path) -> Any:
    opened = Store(tmp_path)
    yield opened
    opened.close()


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_an_invitation_goes_out_encrypted_with_its_link_and_calendar(
    tmp_path: Path, store: Store, security: str
) -> None:
    planned(store)
    with post_office(tmp_path, security) as office:
        mail.send(taken(store, tmp_path))

    ((to, letter),) = office.letters
    calendar = next(part for part in letter.iter_attachments())
    assert (to, letter["To"], letter["From"]) == (ANA, ANA, "Parley <parley@example.org>")
    assert letter["Subject"] == "Invitation: Weekly review"
    assert LINK in letter.get_body().get_content()  # type: ignore[union-attr]
    assert (calendar.get_content_type(), calendar.get_filename()) == ("text/calendar", "invitation.ics")
    text = calendar.get_content()
    assert "DTSTART:20270115T080000Z" in text
    assert "mailto:ana@example.org" in text
    assert "ben@example.org" not in letter.as_string()
    assert (office.encrypted, office.logins) == ([True], ["parley"])


def test_minutes_go_out_as_text_in_the_language_of_the_meeting(tmp_path: Path, store: Store) -> None:
    planned(store, "发布讨论")
    found = Analysis(minutes=minutes(RELEASE.lines()))
    store.write(lambda db: analyses.keep(db, "m1", found, 1.0)).result()
    with post_office(tmp_path) as office:
        mail.send(taken(store, tmp_path, "minutes"))

    ((_, letter),) = office.letters
    assert letter["Subject"] == "会议纪要：发布讨论"
    assert "So we have decided" not in letter["Subject"]
    assert "- Okay, so we have decided to postpone the release by one week." in letter.get_content()


def test_a_title_can_add_no_header_and_no_recipient(tmp_path: Path, store: Store) -> None:
    planned(store, "Hi\r\nBcc: eve@example.org\r\n\r\nbody")
    with post_office(tmp_path) as office:
        mail.send(taken(store, tmp_path))

    ((to, letter),) = office.letters
    assert (to, letter["Bcc"]) == (ANA, None)
    assert letter["Subject"] == "Invitation: Hi Bcc: eve@example.org body"


def test_an_address_in_any_script_is_written_to_where_the_server_can(tmp_path: Path, store: Store) -> None:
    planned(store)
    with post_office(tmp_path) as office:
        mail.send(taken(store, tmp_path, to="小明@example.org"))

    assert office.letters[0][0] == "小明@example.org"


@pytest.mark.parametrize(("what", "kind"), [("450 4.2.0 busy", TryAgain), ("550 5.1.1 nobody", UserError)])
def test_a_recipient_that_is_refused_is_a_certain_failure(
    tmp_path: Path, store: Store, what: str, kind: type[Exception]
) -> None:
    planned(store)
    with post_office(tmp_path, recipient=lambda _: what) as office, pytest.raises(kind, match="recipient"):
        mail.send(taken(store, tmp_path))

    assert (office.letters, state(store)[0]) == ([], False)


@pytest.mark.parametrize(("what", "kind"), [("451 4.3.0 later", TryAgain), ("554 5.7.1 spam", UserError)])
def test_a_mail_that_is_refused_after_its_text_is_a_certain_failure_too(
    tmp_path: Path, store: Store, what: str, kind: type[Exception]
) -> None:
    planned(store)
    with post_office(tmp_path, answer=lambda _: what), pytest.raises(kind, match="the mail"):
        mail.send(taken(store, tmp_path))

    assert not state(store)[0]


@pytest.mark.parametrize(("answer", "arrived"), [(lambda _: "break", 1), (lambda _: "lose", 0)])
def test_a_connection_that_breaks_before_the_answer_leaves_the_mail_in_doubt(
    tmp_path: Path, store: Store, answer: Answer, arrived: int
) -> None:
    planned(store)
    with post_office(tmp_path, answer=answer) as office, pytest.raises(InDoubt):
        mail.send(taken(store, tmp_path))

    assert (len(office.letters), state(store)[0]) == (arrived, True)


def test_a_server_without_encryption_or_with_a_strangers_certificate_gets_nothing(
    tmp_path: Path, store: Store
) -> None:
    planned(store)
    context = taken(store, tmp_path)
    with post_office(tmp_path, "plain") as plain, pytest.raises(UserError) as unencrypted:
        mail.send(context)
    with post_office(tmp_path, "strange") as strange, pytest.raises(UserError) as untrusted:
        mail.send(context)

    assert (unencrypted.value.code, untrusted.value.code) == (ErrorCode.UNSUPPORTED, ErrorCode.FOREIGN_CERTIFICATE)
    assert plain.logins == strange.logins == []


def test_a_wrong_password_is_for_a_person_to_mend(tmp_path: Path, store: Store) -> None:
    planned(store)
    with post_office(tmp_path):
        known = settings(tmp_path).mail
        assert known is not None
        save(tmp_path, Settings(mail=known.model_copy(update={"password": "wrong"})))
        with pytest.raises(UserError) as refused:
            mail.send(taken(store, tmp_path))

    assert refused.value.code is ErrorCode.BAD_LOGIN


def test_a_server_that_is_not_there_is_tried_again(tmp_path: Path, store: Store) -> None:
    planned(store)
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    save(tmp_path, Settings(mail=Mail(host="127.0.0.1", port=port, sender="p@example.org")))

    with pytest.raises(TryAgain, match=r"127\.0\.0\.1"):
        mail.send(taken(store, tmp_path))


def test_without_a_server_or_minutes_it_says_so(tmp_path: Path, store: Store) -> None:
    planned(store)
    context = taken(store, tmp_path, "minutes")
    with pytest.raises(UserError, match="No mail server"):
        mail.send(context)
    with post_office(tmp_path), pytest.raises(UserError, match="no minutes"):
        mail.send(context)


def test_without_encryption_nothing_leaves_this_network(tmp_path: Path, store: Store) -> None:
    planned(store)
    save(tmp_path, Settings(mail=Mail(host="93.184.216.34", security="none", sender="p@example.org")))

    with pytest.raises(UserError) as refused:
        mail.send(taken(store, tmp_path))
    assert refused.value.code is ErrorCode.NOT_ALLOWED
