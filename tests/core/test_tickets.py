from __future__ import annotations

import pytest

from sfu.core.tickets import Ticket, UsedTickets
from sfu.rtp.errors import ErrorCode, UserError
from sfu.wire.messages import Role


def ticket(number: int = 1, meeting: str = "m1", expires: float = 60.0) -> Ticket:
    return Ticket(f"t{number}", meeting, "Ana", Role.MEMBER, expires)


def test_a_ticket_is_good_once() -> None:
    used = UsedTickets()
    used.use(ticket(), "m1", now=1.0)

    with pytest.raises(UserError, match="already used") as refused:
        used.use(ticket(), "m1", now=2.0)

    assert refused.value.code == ErrorCode.BAD_TOKEN


@pytest.mark.parametrize(
    ("entry", "why"), [(ticket(meeting="m2"), "another meeting"), (ticket(expires=1.0), "too long")]
)
def test_a_foreign_or_late_ticket_says_why_and_what_to_do(entry: Ticket, why: str) -> None:
    with pytest.raises(UserError, match=f"{why}.*Open the meeting link again"):
        UsedTickets().use(entry, "m1", now=1.0)


def test_a_used_ticket_stays_used_until_it_would_have_expired() -> None:
    used = UsedTickets()
    used.use(ticket(1, expires=60.0), "m1", now=0.0)
    used.use(ticket(2, expires=200.0), "m1", now=59.9)

    with pytest.raises(UserError, match="already used"):
        used.use(ticket(1, expires=60.0), "m1", now=59.9)
    with pytest.raises(UserError, match="too long"):
        used.use(ticket(1, expires=60.0), "m1", now=61.0)
