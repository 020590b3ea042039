from __future__ import annotations

import pytest

from sfu.host.endpoints import parsed


@pytest.mark.parametrize(
    ("text", "listens", "named"),
    [
        ("7445", "127.0.0.1:7445", "localhost:7445"),
        ("0", "127.0.0.1:0", "localhost:9"),
        ("0.0.0.0:7445", "0.0.0.0:7445", "0.0.0.0:7445"),
        ("[::1]:7445", "[::1]:7445", "localhost:7445"),
        ("[fd00::1]:7445", "[fd00::1]:7445", "[fd00::1]:7445"),
    ],
)
def test_a_port_alone_is_on_this_computer(text: str, listens: str, named: str) -> None:
    found = parsed(text)

    assert found is not None
    assert (str(found), found.named(found.port or 9)) == (listens, named)


@pytest.mark.parametrize("text", ["", ":", "x", "-1", "65536", "²", "localhost:1", "1.2.3:4", "::", "1.2.3.4:"])
def test_what_is_no_place_to_listen_at_is_none(text: str) -> None:
    assert parsed(text) is None
